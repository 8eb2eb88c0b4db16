"""What the loader keeps of its data stays small: the ledger writes to disk, and Turtle is cut where statements end."""

from __future__ import annotations

import io

import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.emulator.neptune import turtle_text
from conformance.emulator.neptune.element import FeedError
from conformance.emulator.neptune.ledger import Ledger
from specs import SourceFile
from strategies import source_data

KEYS = st.one_of(st.integers(-(2**63), 2**63 - 1), st.integers(-20, 20))
some = settings(max_examples=50, deadline=None, database=None, derandomize=True)


class SmallLedger(Ledger):
    LIMIT = 5


@some
@given(steps=st.lists(st.tuples(KEYS, st.one_of(st.none(), KEYS)), max_size=60))
def test_a_ledger_is_a_dictionary_whatever_is_on_disk(steps):
    ledger, model = SmallLedger(), {}
    for key, value in steps:
        if value is not None:
            ledger.put(key, value)
            model[key] = value
        assert ledger.get(key) == model.get(key)
        assert len(ledger.recent) < SmallLedger.LIMIT
    assert {key: ledger.get(key) for key in model} == model
    ledger.close()


@pytest.mark.parametrize("piece", [1, 7, 64, 100_000])
@pytest.mark.parametrize("seed", range(3))
def test_turtle_in_pieces_is_the_same_turtle(monkeypatch, piece, seed):
    monkeypatch.setattr(turtle_text, "PIECE", piece)
    text = source_data(SourceFile(key="x", form="turtle", rows=60), own="me", seed=seed).content
    pieces = list(turtle_text.whole_statements(io.BytesIO(text)))
    assert "".join(pieces).rstrip() == text.decode().rstrip()
    assert len(pieces) > 1 or piece > len(text)
    prefixes = "".join(line + "\n" for line in text.decode().splitlines() if line.startswith("@prefix"))
    whole, parts = rdflib.Graph(), rdflib.Graph()
    whole.parse(data=text, format="turtle")
    for each in pieces:
        parts.parse(data=prefixes + each, format="turtle")
    assert set(whole) == set(parts)


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("<a> <b> 1.5 .\n<a> <b> 2. <a> <b> 3 .\n", ["<a> <b> 1.5 .\n<a> <b> 2. <a> <b> 3 .", "\n"]),
        ("x:a.b x:c 'no. end' .\n", ["x:a.b x:c 'no. end' .", "\n"]),
        ('<a.b> <c> """one. "" two.\n""" . # end. here\n', ['<a.b> <c> """one. "" two.\n""" .', " # end. here\n"]),
        ('<a> <b> "\\". c" .<d> <e> "" .\n', ['<a> <b> "\\". c" .<d> <e> "" .', "\n"]),
        ("<a> <b> 'never . ended\n", ["<a> <b> 'never . ended\n"]),
        ("# a comment. that is all", ["# a comment. that is all"]),
    ],
)
def test_a_stop_ends_a_statement_only_where_it_stands_alone(text, ends):
    found = list(turtle_text.whole_statements(io.BytesIO(text.encode())))
    assert [each for each in found if each.strip()] == [each for each in ends if each.strip()]


def test_a_statement_beyond_all_measure_is_refused(monkeypatch):
    monkeypatch.setattr(turtle_text, "MAX_STATEMENT", 1_000)
    monkeypatch.setattr(turtle_text, "PIECE", 100)
    with pytest.raises(FeedError, match="longer than 1000"):
        list(turtle_text.whole_statements(io.BytesIO(b"<a> <b> " + b"<c>, " * 10_000)))

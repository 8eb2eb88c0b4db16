"""The counters of the emulator are those of a second count, which is made from the data by other means."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
from collections import Counter

import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from specs import SourceFile
from strategies import source_data
from strategies.source_files import source_files
from tests.emulator.load_bench import Bench, counts

some = settings(max_examples=80, deadline=None, database=None, derandomize=True)
PARTS = [("csv", "vertices"), ("csv", "edges"), ("opencypher", "vertices"), ("opencypher", "edges")]
PARSED = {"ntriples": "nt", "nquads": "nquads", "turtle": "turtle", "rdfxml": "xml"}
PLANTED = ("parsing", "mismatches", "inserts")


def opened(file: SourceFile, content: bytes) -> bytes:
    unpack = {"gzip": gzip.decompress, "bzip2": bz2.decompress, None: bytes}[file.compression]
    return unpack(content).removeprefix(b"\xef\xbb\xbf")


def facts_of(table: bytes) -> Counter[tuple[str, ...]]:
    """What the sound rows of a table say, fact by fact; a row is sound if it has all its cells, and numbers in ``age``."""
    header, *rows = csv.reader(io.StringIO(table.decode(), newline=""))
    facts: Counter[tuple[str, ...]] = Counter()
    edges: dict[str, list[str]] = {}
    for row in rows:
        cells = dict(zip(header, row, strict=False))
        if len(row) != len(header) or any("no number" in cell for cell in row):
            continue
        own = cells.get("~id") or cells[":ID"]
        ends = [cells[name] for name in ("~from", "~to", ":START_ID", ":END_ID") if name in cells]
        label = cells.get("~label") or cells.get(":LABEL") or cells[":TYPE"]
        if ends and (any("nobody" in end for end in ends) or edges.setdefault(own, [*ends, label]) != [*ends, label]):
            continue
        facts.update([("edge", own)] if ends else [("label", own, each) for each in label.split(";")])
        for name, cell in cells.items():
            if name[0] not in "~:":
                facts.update((name, own, value) for value in (cell.split(";") if "[]" in name else [cell]) if value)
    return facts


def planted(file: SourceFile) -> tuple[int, ...]:
    wanted = file.flaws
    return wanted.get("parsing", 0), wanted.get("mismatches", 0), wanted.get("missing", 0) + wanted.get("reused", 0)


@pytest.mark.parametrize(("form", "part"), PARTS)
@some
@given(data=st.data())
def test_tables_are_counted_as_python_reads_them(form, part, data):
    file, seed = data.draw(source_files(form=form, part=part)), data.draw(st.integers(0, 2**32))
    made = source_data(file, own="me", seed=seed)
    bench = Bench()
    if part == "edges":
        everybody = source_data(SourceFile(key="x", form=form, rows=12), own="me", seed=seed)
        assert bench.load({"x": everybody.content}, form).status == "LOAD_COMPLETED"
    load = bench.load({file.key: made.content}, form)
    facts = facts_of(opened(file, made.content))
    assert counts(load) == (facts.total(), facts.total() - len(facts), *planted(file))
    assert counts(load)[:2] == (made.counts["records"], made.counts["duplicates"])
    assert len(load.error_logs()) == made.counts["errors"]
    again = bench.load({file.key: made.content}, form)
    assert counts(again)[:2] == (facts.total(), facts.total())


@pytest.mark.parametrize("form", ["ntriples", "nquads"])
@some
@given(data=st.data())
def test_lines_of_statements_are_counted_as_rdflib_reads_them(form, data):
    file, seed = data.draw(source_files(form=form)), data.draw(st.integers(0, 2**32))
    made = source_data(file, own="me", seed=seed)
    load = Bench().load({file.key: made.content}, form)
    statements, lines = rdflib.Graph(), 0
    for line in opened(file, made.content).split(b"\n"):
        if line.strip() and b" broken " not in line and b"no number" not in line:
            statements.parse(data=line, format="nt")
            lines += 1
    assert counts(load) == (lines, lines - len(statements), *planted(file))


@pytest.mark.parametrize("form", ["turtle", "rdfxml"])
@some
@given(data=st.data())
def test_documents_are_counted_as_rdflib_reads_them(form, data):
    file, seed = data.draw(source_files(form=form)), data.draw(st.integers(0, 2**32))
    made = source_data(file, own="me", seed=seed)
    load = Bench().load({file.key: made.content}, form)
    statements = rdflib.Graph()
    statements.parse(data=opened(file, made.content).split(b"\n<this is neither")[0], format=PARSED[form])
    if file.flaws:
        assert load.status == "LOAD_FAILED"
        assert counts(load)[2:] == (1, 0, 0)
        assert load.tally.total_records <= len(statements)
    else:
        assert counts(load) == (len(statements), 0, 0, 0, 0)


@pytest.mark.parametrize("form", list(PARSED))
@some
@given(data=st.data())
def test_all_formats_bring_the_same_graph(form, data):
    """What one format has loaded is nothing new from another."""
    file, seed = data.draw(source_files(form=form, flawed=False)), data.draw(st.integers(0, 2**32))
    bench = Bench()
    load = bench.load({file.key: source_data(file, own="me", seed=seed).content}, form)
    other = data.draw(st.sampled_from(sorted(PARSED)))
    same = SourceFile(key="y", form=other, rows=file.rows, first=file.first)
    again = bench.load({"y": source_data(same, own="me", seed=seed).content}, other)
    assert (
        again.tally.total_duplicates
        == again.tally.total_records
        == load.tally.total_records - load.tally.total_duplicates
    )

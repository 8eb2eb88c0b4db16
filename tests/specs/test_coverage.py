"""Whether every sentence of a document is accounted for; the documents here are made up."""

from __future__ import annotations

import dataclasses
import hashlib

import pytest

from specs import Document, Source, accounts, load, sentences
from specs.coverage import cover, coverage

TEXT = "Jobs wait.\nJobs run.\nJobs end."
WAIT, RUN, END = (each.key for each in sentences(TEXT))


def spec_resting_on(*keys: str, document: str = "900"):
    """Make a specification with one clause, which rests on these sentences."""
    neptune = load("neptune")
    operation = neptune.operations["ListLoaderJobs"]
    clause = dataclasses.replace(operation.clauses[0], source=Source(document=document, sentences=keys))
    operations = {operation.name: dataclasses.replace(operation, clauses=(clause,))}
    return dataclasses.replace(neptune, operations=operations, documents=(document_of(),))


def document_of(text: str = TEXT, **exclusions: str) -> Document:
    keys = {"wait": WAIT, "run": RUN, "end": END}
    return Document(
        id="900",
        title="Jobs",
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        exclusions={keys.get(word, word): reason for word, reason in exclusions.items()},
    )


def test_a_document_with_a_clause_or_a_reason_for_each_sentence_is_covered():
    found = cover(spec_resting_on(WAIT, RUN), document_of(end="states nothing"), TEXT.encode())
    assert (found.missing, found.stale, found.changed) == ((), (), False)
    assert [bool(row.clauses) for row in found.rows] == [True, True, False]
    assert found.rows[2].exclusion == "states nothing"


def test_a_sentence_without_clause_and_reason_is_missing():
    found = cover(spec_resting_on(WAIT), document_of(end="states nothing"), TEXT.encode())
    assert [row.sentence.text for row in found.missing] == ["Jobs run."]


def test_a_row_names_the_clauses_that_rest_on_its_sentence():
    spec = spec_resting_on(WAIT)
    assert cover(spec, document_of(), TEXT.encode()).rows[0].clauses == (spec.clauses[0].id,)


def test_a_key_of_a_clause_that_the_document_does_not_hold_is_stale():
    found = cover(spec_resting_on(WAIT, "0123456789abcdef"), document_of(), TEXT.encode())
    assert found.stale == ("0123456789abcdef",)


def test_an_excluded_key_that_the_document_does_not_hold_is_stale():
    found = cover(spec_resting_on(WAIT), document_of(fedcba9876543210="gone"), TEXT.encode())
    assert found.stale == ("fedcba9876543210",)


def test_a_changed_document_is_told_even_if_every_sentence_is_there():
    found = cover(spec_resting_on(WAIT, RUN, END), document_of(), f"{TEXT}\n".encode())
    assert (found.changed, found.missing, found.stale) == (True, (), ())


def test_a_reworded_sentence_is_missing_and_leaves_its_key_stale():
    found = cover(spec_resting_on(WAIT, RUN, END), document_of(), TEXT.replace("run", "may run").encode())
    assert [row.sentence.text for row in found.missing] == ["Jobs may run."]
    assert (found.stale, found.changed) == ((RUN,), True)


def test_a_clause_of_another_document_covers_nothing_here():
    found = cover(spec_resting_on(WAIT, RUN, END, document="901"), document_of(), TEXT.encode())
    assert len(found.missing) == 3
    assert found.stale == ()


def test_documents_are_found_in_a_folder_by_their_id(tmp_path):
    (tmp_path / "900_anything.txt").write_text(TEXT, "utf-8")
    (found,) = coverage(spec_resting_on(WAIT, RUN, END), tmp_path)
    assert (found.document.id, found.missing) == ("900", ())


def test_a_folder_without_the_document_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no file 900\*\.txt in .*; name the folder"):
        list(coverage(spec_resting_on(WAIT), tmp_path))


def test_what_is_accounted_for_is_told_without_the_document():
    spec = dataclasses.replace(spec_resting_on(WAIT), documents=(document_of(end="states nothing"),))
    assert [(each.document, each.key, each.clauses, each.exclusion) for each in accounts(spec)] == [
        ("900", WAIT, (spec.clauses[0].id,), None),
        ("900", END, (), "states nothing"),
    ]

"""Sentences of documents and the keys they are addressed by."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from specs import sentences

TEXTS = st.lists(
    st.one_of(
        st.sampled_from(["Type: String", "Jobs end.", "- * -", "", "One. Two! Three? (Four.) [Five]"]), st.text()
    ),
    max_size=12,
).map("\n".join)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Jobs wait. Jobs run.", ["Jobs wait.", "Jobs run."]),
        ("Do jobs wait? Yes! They do.", ["Do jobs wait?", "Yes!", "They do."]),
        ("Limit\nThe largest page", ["Limit", "The largest page"]),
        ('A page. (Of jobs.) [See] "Lists"', ["A page.", '(Of jobs.) [See] "Lists"']),
        ("See e.g. version 1.2 of it.", ["See e.g. version 1.2 of it."]),
        ("  many \t blanks  here ", ["many blanks here"]),
        ("---\n***\n| |\nword", ["word"]),
        ("", []),
    ],
    ids=["ends", "marks", "lines", "brackets", "abbreviations", "blanks", "punctuation", "empty"],
)
def test_a_text_is_split_into_sentences(text, expected):
    assert [each.text for each in sentences(text)] == expected


def test_a_key_is_the_hash_of_the_folded_text():
    (found,) = sentences("  Jobs   wait. ")
    assert found.key == hashlib.sha256(b"Jobs wait.").hexdigest()[:16] == "0a695cabbfa7cf5f"


def test_a_sentence_knows_its_line():
    assert [(each.text, each.line) for each in sentences("One. Two.\n\nThree.")] == [
        ("One.", 1),
        ("Two.", 1),
        ("Three.", 3),
    ]


def test_repeated_sentences_are_numbered_from_one():
    first, other, second = sentences("Type: String\nType: Number\nType:  String")
    digest = hashlib.sha256(b"Type: String").hexdigest()[:16]
    assert (first.key, second.key) == (f"{digest}#1", f"{digest}#2")
    assert "#" not in other.key


def test_a_new_sentence_elsewhere_leaves_the_keys_of_the_others():
    before = {each.key for each in sentences("Jobs wait.\nJobs run.")}
    after = {each.key for each in sentences("Jobs wait.\nJobs end early.\nJobs run.")}
    assert before < after


@given(TEXTS)
def test_keys_are_unique_and_well_formed(text):
    keys = [each.key for each in sentences(text)]
    assert len(set(keys)) == len(keys)
    assert all(len(key.partition("#")[0]) == 16 for key in keys)


@given(TEXTS)
def test_lines_never_go_back(text):
    lines = [each.line for each in sentences(text)]
    assert lines == sorted(lines)


@given(TEXTS)
def test_splitting_the_sentences_again_changes_nothing(text):
    once = [each.text for each in sentences(text)]
    assert [each.text for each in sentences("\n".join(once))] == once

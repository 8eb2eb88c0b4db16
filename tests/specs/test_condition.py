"""Conditions as specifications write them."""

from __future__ import annotations

import pytest

from specs.condition import condition

VALUES = {"one.records": 7, "two.records": 3, "one.log": ["a", "b"], "two.log": ["a"], "one.status": "DONE"}


@pytest.mark.parametrize(
    ("subject", "said", "holds"),
    [
        ("one.records", 7, True),
        ("one.records", "= 7", True),
        ("one.records", "= two.records * 2 + 1", True),
        ("one.records", "= 10 - two.records", True),
        ("one.records", "> two.records", True),
        ("one.records", "<= two.records", False),
        ("one.records", ">= 7", True),
        ("one.records", "!= 7", False),
        ("one.records", "< unknown.records", None),
        ("unknown.records", 1, None),
        ("one.log", "= one.log", True),
        ("one.log", "= two.log", False),
        ("one.log", "= 2", None),
        ("one.status", "DONE", True),
        ("one.status", ["FAILED", "DONE"], True),
        ("one.status", "FAILED", False),
    ],
)
def test_a_condition_holds_or_not_or_cannot_be_told(subject, said, holds):
    assert condition(subject, said).holds(VALUES.get) is holds


def test_a_condition_names_every_value_that_takes_part():
    assert list(condition("a.b", ">= c.d * 2 - 4 + e.f").names) == ["a.b", "c.d", "e.f"]


@pytest.mark.parametrize("said", [">= two", "= one", "= 3 x", ">= one.records 4", "= one.records * two.records"])
def test_what_is_no_condition_is_told(said):
    with pytest.raises(ValueError, match="expected a number or"):
        condition("a.b", said)

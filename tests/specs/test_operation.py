"""Paths of operations, and what they say."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

import specs
from specs import build, place_values


@given(identifier=st.text(min_size=1), other=st.text(min_size=1))
def test_what_was_put_into_a_path_is_read_from_it(identifier: str, other: str) -> None:
    operation = specs.load("ncloud", edition="2026").operations["getJobExecution"]
    said = {"jobId": identifier, "executionId": other}
    if all(each.isprintable() and each.isascii() for each in said.values()):
        assert place_values(operation, build(operation, said).path) == said


def test_another_path_says_nothing() -> None:
    operation = specs.load("ncloud").operations["getJob"]
    assert place_values(operation, "/api/v1/jobs") == {}
    assert place_values(operation, "/api/v1/jobs/J1/more") == {}

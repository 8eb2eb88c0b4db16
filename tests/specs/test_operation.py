"""Paths of operations, and what they say."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

import specs
from specs import build, place_values

PRINTABLE = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1)
EXECUTION = specs.load("ncloud", edition="2026").operations["getJobExecution"]


@given(job=PRINTABLE, execution=PRINTABLE)
@settings(deadline=None)
def test_what_was_put_into_a_path_is_read_from_it(job: str, execution: str) -> None:
    said = {"jobId": job, "executionId": execution}
    assert place_values(EXECUTION, build(EXECUTION, said).path) == said


def test_another_path_says_nothing() -> None:
    assert place_values(EXECUTION, "/api/v1/jobs/J1/executions") == {}
    assert place_values(EXECUTION, "/api/v1/jobs/J1/executions/E1/more") == {}

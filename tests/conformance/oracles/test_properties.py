"""What holds for every history: order of clauses, unrelated calls, interruptions, and answers that say *not now*."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conformance import Verdict, judge
from tests.conformance.corruption.answers import refusal
from tests.conformance.corruption.draft import Draft, again
from tests.conformance.corruption.recording import Recording

if TYPE_CHECKING:
    from collections.abc import Callable

APIS = ("omics", "ncloud")
_BAD = {Verdict.FAIL, Verdict.WARN, Verdict.ERROR}
few = settings(
    max_examples=5,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.mark.parametrize("api", APIS)
@few
@given(data=st.data())
def test_judging_is_deterministic_and_does_not_depend_on_the_order_of_clauses(
    api: str, recording: Callable[[str], Recording], data: st.DataObject
) -> None:
    known = recording(api)
    clauses = data.draw(st.permutations(known.spec.clauses))
    assert {each.clause.id: each for each in judge(clauses, known.view(known.calls))} == known.findings


@pytest.mark.parametrize("api", APIS)
@few
@given(data=st.data())
def test_without_the_calls_of_an_unrelated_operation_nothing_breaks(
    api: str, recording: Callable[[str], Recording], data: st.DataObject
) -> None:
    known = recording(api)
    gone = data.draw(st.sampled_from(sorted(known.spec.operations)))
    kept = Draft(known.base).without(*known.base.by_operation[gone]).calls
    clauses = [clause for clause in known.spec.clauses if gone not in known.reach(clause)]
    for finding in judge(clauses, known.view(kept)):
        assert finding.verdict is known.findings[finding.clause.id].verdict, finding.clause.id


@pytest.mark.parametrize("api", APIS)
@few
@given(data=st.data())
def test_a_run_that_was_cut_short_breaks_nothing(
    api: str, recording: Callable[[str], Recording], data: st.DataObject
) -> None:
    known = recording(api)
    length = data.draw(st.integers(0, len(known.calls)))
    bad = [each for each in judge(known.spec.clauses, known.view(known.calls[:length])) if each.verdict in _BAD]
    assert [(each.clause.id, each.reason) for each in bad] == []


@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize("status", [429, 500])
@few
@given(data=st.data())
def test_requests_that_are_put_off_or_fail_once_break_nothing(
    api: str, status: int, recording: Callable[[str], Recording], data: st.DataObject
) -> None:
    known = recording(api)
    throttled = next(iter(known.spec.errors.throttled_names), "430")
    said = refusal(known.spec, throttled if status == 429 else "InternalServerException", status)
    draft = Draft(known.base)
    for place in data.draw(st.sets(st.integers(0, len(known.calls) - 1), min_size=1, max_size=12)):
        call = known.calls[place]
        if status == 429 or call.response is not None:
            draft.places[call.id] = [again(call, said), call]
    bad = [each for each in judge(known.spec.clauses, known.view(draft.calls)) if each.verdict in _BAD]
    assert [(each.clause.id, each.reason) for each in bad] == []

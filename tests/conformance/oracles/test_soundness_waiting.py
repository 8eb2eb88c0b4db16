"""Jobs that wait for others, and jobs with children: what breaks their clauses, and what must not be held against a target."""

from __future__ import annotations

from typing import Any

import pytest

from conformance import Call, Verdict
from tests.conformance.oracles.script import Script, script

SUBMIT, READ, LIST, STOP = "SubmitJob", "DescribeJobs", "ListJobs", "TerminateJob"
WAITS, FAILURE = f"{SUBMIT}/dependsOn/waits", f"{SUBMIT}/dependsOn/failure"
SIZE, CHILDREN = f"{READ}/job/array-size", f"{LIST}/arrayJobId/children"
FIRST, SECOND, PARENT = "job-1", "job-2", "job-3"


def submit(found: Script, identifier: str, *, role: str = "create", **arguments: Any) -> Call:
    return found.call(SUBMIT, found.told(SUBMIT, jobId=identifier), role, arguments=arguments)


def see(found: Script, identifier: str, status: str, *, moment: float | None = None, **members: Any) -> Call:
    plain = {"jobId": identifier, "jobName": "n", "jobQueue": "q", "jobDefinition": "d", "status": status, **members}
    return found.call(READ, found.told(READ, jobs=[plain]), "poll", moment=moment, arguments={"jobs": [identifier]})


def pair(*, first: dict[str, Any] | None = None, role: str = "create", **second: Any) -> Script:
    found = script("batch")
    submit(found, FIRST, **(first or {}))
    submit(found, SECOND, role=role, **{"dependsOn": [{"jobId": FIRST}], **second})
    return found


@pytest.mark.parametrize("status", ["STARTING", "RUNNING", "SUCCEEDED"])
@pytest.mark.parametrize("still", ["SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING"])
def test_what_was_started_and_what_it_waits_for_is_active_later(status: str, still: str) -> None:
    found = pair()
    see(found, SECOND, status)
    see(found, FIRST, still)
    judged = found.judged(WAITS)
    assert judged.verdict is Verdict.FAIL
    assert judged.evidence == (3, 4)


def test_what_is_seen_waiting_keeps_to_it() -> None:
    found = pair()
    see(found, SECOND, "PENDING")
    see(found, FIRST, "RUNNING")
    see(found, FIRST, "SUCCEEDED")
    see(found, SECOND, "RUNNING")
    see(found, SECOND, "SUCCEEDED")
    assert found.judged(WAITS).verdict is Verdict.PASS
    assert found.judged(FAILURE).verdict is Verdict.VACUOUS


def test_what_was_active_before_or_meanwhile_proves_nothing() -> None:
    found = pair()
    see(found, FIRST, "RUNNING")
    see(found, SECOND, "RUNNING", moment=10.0)
    see(found, FIRST, "RUNNING", moment=10.2)
    see(found, FIRST, "SUCCEEDED", moment=11.0)
    assert found.judged(WAITS).verdict is Verdict.VACUOUS


def test_what_was_seen_at_its_end_before_is_not_held_against_what_waited() -> None:
    found = pair()
    see(found, FIRST, "SUCCEEDED")
    see(found, SECOND, "RUNNING")
    see(found, FIRST, "RUNNING")
    assert found.judged(WAITS).verdict is Verdict.VACUOUS


@pytest.mark.parametrize(
    "arguments",
    [
        {"dependsOn": [{"jobId": FIRST, "type": "N_TO_N"}], "arrayProperties": {"size": 2}},
        {"dependsOn": [{"jobId": FIRST, "type": "SEQUENTIAL"}]},
        {"arrayProperties": {"size": 2}},
        {"first": {"arrayProperties": {"size": 2}}},
        {"dependsOn": [{"jobId": "somebody-else"}]},
        {"dependsOn": []},
        {"role": "outside"},
    ],
    ids=str,
)
def test_only_plain_jobs_of_ours_are_judged(arguments: dict[str, Any]) -> None:
    found = pair(**arguments)
    see(found, SECOND, "RUNNING")
    see(found, FIRST, "RUNNING")
    see(found, FIRST, "FAILED")
    assert found.judged(WAITS).verdict is Verdict.VACUOUS
    assert found.judged(FAILURE).verdict is Verdict.VACUOUS


def test_an_id_that_was_given_twice_tells_nothing_of_either() -> None:
    found = pair()
    submit(found, FIRST)
    see(found, SECOND, "RUNNING")
    see(found, FIRST, "RUNNING")
    assert found.judged(WAITS).verdict is Verdict.VACUOUS


@pytest.mark.parametrize("status", ["STARTING", "RUNNING", "SUCCEEDED"])
def test_what_waits_for_a_failed_job_is_not_started(status: str) -> None:
    found = pair()
    see(found, FIRST, "FAILED")
    see(found, SECOND, status)
    judged = found.judged(FAILURE)
    assert judged.verdict is Verdict.FAIL
    assert judged.evidence == (3, 4)


def test_what_waits_for_a_failed_job_fails() -> None:
    found = pair()
    see(found, FIRST, "FAILED")
    see(found, SECOND, "PENDING")
    assert found.judged(FAILURE).verdict is Verdict.INCONCLUSIVE
    see(found, SECOND, "FAILED")
    assert found.judged(FAILURE).verdict is Verdict.PASS


def test_one_failed_job_among_several_is_enough() -> None:
    found = script("batch")
    submit(found, FIRST)
    submit(found, PARENT)
    submit(found, SECOND, dependsOn=[{"jobId": PARENT}, {"jobId": FIRST}])
    see(found, PARENT, "SUCCEEDED")
    see(found, FIRST, "FAILED")
    see(found, SECOND, "SUCCEEDED")
    assert found.judged(FAILURE).verdict is Verdict.FAIL


def test_what_we_ended_ourselves_shows_nothing() -> None:
    found = pair()
    see(found, FIRST, "FAILED")
    found.call(STOP, found.told(STOP), "cleanup", arguments={"jobId": SECOND, "reason": "r"})
    see(found, SECOND, "FAILED")
    assert found.judged(FAILURE).verdict is Verdict.INCONCLUSIVE


def array(size: int = 3, role: str = "create") -> Script:
    found = script("batch")
    submit(found, PARENT, role=role, arrayProperties={"size": size})
    return found


def children(found: Script, *items: tuple[str, int | None], **arguments: Any) -> Call:
    shown = [
        {"jobId": i, "jobName": "n", **({} if index is None else {"arrayProperties": {"index": index}})}
        for i, index in items
    ]
    asked = {"jobQueue": None, "arrayJobId": PARENT, **arguments}
    return found.call(LIST, found.told(LIST, jobSummaryList=shown, nextToken=None), "children", arguments=asked)


@pytest.mark.parametrize(
    ("shown", "verdict"),
    [
        ({"arrayProperties": {"size": 3}}, Verdict.PASS),
        ({"arrayProperties": {"size": 2}}, Verdict.FAIL),
        ({"arrayProperties": {"size": "3"}}, Verdict.FAIL),
        ({"arrayProperties": {}}, Verdict.INCONCLUSIVE),
        ({}, Verdict.INCONCLUSIVE),
    ],
    ids=str,
)
def test_a_job_shows_as_many_children_as_were_asked_for(shown: dict[str, Any], verdict: Verdict) -> None:
    found = array()
    see(found, PARENT, "PENDING", **shown)
    assert found.judged(SIZE).verdict is verdict


def test_a_size_that_is_not_to_be_asked_for_is_not_judged() -> None:
    found = array(1, role="outside")
    see(found, PARENT, "PENDING", arrayProperties={"size": 2})
    children(found, (f"{PARENT}:1", 1))
    assert found.judged(SIZE).verdict is Verdict.VACUOUS
    assert found.judged(CHILDREN).verdict is Verdict.VACUOUS


@pytest.mark.parametrize(
    ("items", "verdict"),
    [
        ([(f"{PARENT}:0", 0), (f"{PARENT}:1", 1), (f"{PARENT}:2", 2)], Verdict.PASS),
        ([(f"{PARENT}:2", None), (f"{PARENT}:0", None)], Verdict.PASS),
        ([], Verdict.VACUOUS),
        ([(f"{PARENT}:3", 3)], Verdict.FAIL),
        ([(f"{PARENT}:-1", -1)], Verdict.FAIL),
        ([(f"{PARENT}:0", 1)], Verdict.FAIL),
        ([(f"{PARENT}:0", 0), (f"{PARENT}:0", 0)], Verdict.FAIL),
        ([(PARENT, None)], Verdict.FAIL),
        ([(FIRST, None)], Verdict.FAIL),
        ([(f"{FIRST}:0", 0)], Verdict.FAIL),
    ],
    ids=str,
)
def test_children_have_the_id_of_their_parent_and_a_number(
    items: list[tuple[str, int | None]], verdict: Verdict
) -> None:
    found = array()
    children(found, *items)
    assert found.judged(CHILDREN).verdict is verdict


def test_pages_and_lists_by_status_show_some_of_the_children() -> None:
    found = array()
    children(found, (f"{PARENT}:1", 1), jobStatus="RUNNING")
    children(found, (f"{PARENT}:1", 1), jobStatus="SUCCEEDED")
    assert found.judged(CHILDREN).verdict is Verdict.PASS


def test_a_list_that_asks_for_a_queue_as_well_is_not_one_of_children() -> None:
    found = array()
    children(found, (FIRST, None), jobQueue="q")
    assert found.judged(CHILDREN).verdict is Verdict.VACUOUS


def test_children_of_a_job_that_was_asked_for_without_any_are_not_judged() -> None:
    found = script("batch")
    submit(found, PARENT)
    children(found, (FIRST, None))
    see(found, PARENT, "PENDING", arrayProperties={"size": 2})
    assert found.judged(SIZE).verdict is Verdict.VACUOUS
    assert found.judged(CHILDREN).verdict is Verdict.VACUOUS

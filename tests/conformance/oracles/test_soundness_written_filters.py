"""Kinds that came with AWS Batch, each seen to accept and to reject: filters in any form, reads of several ids, equal requests."""

from __future__ import annotations

from typing import Any

import pytest

from conformance import Call, Verdict, View
from specs import MISSING, Response, load
from strategies import equivalences, probes
from tests.conformance.oracles.script import Script, script

LIST, SUBMIT, READ = "ListJobs", "SubmitJob", "DescribeJobs"
ARN = "arn:aws:batch:us-east-1:123456789012:job-definition/"
PLAIN = {"jobName": "n", "jobQueue": "q", "jobDefinition": "d", "status": "RUNNABLE", "startedAt": 0}
FILTERS = {each.parameter: each for each in load("batch").operations[LIST].listing.filters}


def job(identifier: str, **members: Any) -> dict[str, Any]:
    return {
        "jobId": identifier,
        "jobName": f"name-{identifier}",
        "createdAt": 1_000_000,
        "status": "SUCCEEDED",
        **members,
    }


def listed(found: Script, *jobs: dict[str, Any], role: str = "filter", case: str = "", **arguments: Any) -> Call:
    told = found.told(LIST, jobSummaryList=list(jobs), nextToken=None)
    return found.call(LIST, told, role, group=1, case=case or str(arguments), arguments=arguments)


def by(name: str, value: str) -> dict[str, Any]:
    return {"filters": [{"name": name, "values": [value]}]}


def test_a_filter_reads_back_what_it_writes() -> None:
    for each in FILTERS.values():
        assert each.asked(each.arguments("x")) == "x"
        assert each.asked({}) is MISSING
    assert FILTERS["filters.JOB_NAME"].asked(by("JOB_DEFINITION", "x")) is MISSING
    assert (
        FILTERS["filters.JOB_NAME"].asked(
            {"filters": [*by("JOB_NAME", "x")["filters"], *by("JOB_NAME", "y")["filters"]]}
        )
        is MISSING
    )
    assert FILTERS["jobStatus"].asked({"jobStatus": "FAILED", **by("JOB_NAME", "x")}) is MISSING


@pytest.mark.parametrize(
    ("name", "value", "shown", "verdict"),
    [
        ("JOB_NAME", "NAME-A", {"jobName": "name-a"}, Verdict.PASS),
        ("JOB_NAME", "name-*", {"jobName": "Name-a"}, Verdict.PASS),
        ("JOB_NAME", "name-b", {"jobName": "name-a"}, Verdict.FAIL),
        ("JOB_NAME", "other*", {"jobName": "name-a"}, Verdict.FAIL),
        ("JOB_DEFINITION", "d", {"jobDefinition": f"{ARN}d:3"}, Verdict.PASS),
        ("JOB_DEFINITION", "d*", {"jobDefinition": f"{ARN}def:3"}, Verdict.PASS),
        ("JOB_DEFINITION", f"{ARN}d:3", {"jobDefinition": f"{ARN}d:3"}, Verdict.PASS),
        ("JOB_DEFINITION", f"{ARN}d:2", {"jobDefinition": f"{ARN}d:3"}, Verdict.FAIL),
        ("JOB_DEFINITION", "e", {"jobDefinition": f"{ARN}d:3"}, Verdict.FAIL),
        ("JOB_DEFINITION", "d:3", {"jobDefinition": f"{ARN}d:3"}, Verdict.VACUOUS),
        ("JOB_DEFINITION", "d", {"jobDefinition": "d"}, Verdict.VACUOUS),
    ],
)
def test_texts_and_arns_match_as_the_words_say(name: str, value: str, shown: dict[str, Any], verdict: Verdict) -> None:
    found = script("batch")
    listed(found, job("a", **shown), **by(name, value))
    assert found.judged(f"{LIST}/filters.{name}/filter-sound").verdict in {
        verdict,
        *([Verdict.PASS] if value == shown.get("jobDefinition") else []),
    }


def test_a_time_may_be_meant_either_way_but_one_way_throughout() -> None:
    found = script("batch")
    listed(found, job("a"), **by("BEFORE_CREATED_AT", "1000"))
    assert found.judged(f"{LIST}/filters.BEFORE_CREATED_AT/filter-sound").reading == "after"
    listed(found, job("a"), **by("BEFORE_CREATED_AT", "2000000"))
    broken = found.judged(f"{LIST}/filters.BEFORE_CREATED_AT/filter-sound")
    assert (broken.verdict, len(broken.evidence)) == (Verdict.FAIL, 2)


def test_the_whole_list_proves_nothing_of_the_filter_it_is_asked_with() -> None:
    found = script("batch")
    listed(found, job("a"), role="whole", **by("JOB_NAME", "*"))
    assert found.judged(f"{LIST}/filters.JOB_NAME/filter-sound").verdict is Verdict.VACUOUS


def test_a_status_beside_a_filter_is_not_looked_at() -> None:
    found = script("batch")
    listed(found, job("a"), jobStatus="FAILED", **by("JOB_NAME", "name-a"))
    assert found.judged(f"{LIST}/jobStatus/filter-sound").verdict is Verdict.VACUOUS
    listed(found, job("a"), jobStatus="FAILED")
    assert found.judged(f"{LIST}/jobStatus/filter-sound").verdict is Verdict.FAIL


def described(found: Script, identifier: str, *jobs: dict[str, Any]) -> Call:
    told = found.told(READ, jobs=[{**PLAIN, **each} for each in jobs])
    return found.call(READ, told, "poll", arguments={"jobs": [identifier]})


def test_a_read_that_leaves_a_job_out_is_one_that_does_not_find_it() -> None:
    found = script("batch")
    for each in ("a", "b"):
        found.call(SUBMIT, found.told(SUBMIT, jobId=each), "create")
    described(found, "b", {"jobId": "b"})
    for _ in range(3):
        described(found, "a")
    assert View(found.spec, found.calls).unknown(found.calls[-1])
    assert found.judged(f"{READ}/job/readable").verdict is Verdict.FAIL


def test_a_job_that_is_not_there_yet_is_no_failure() -> None:
    found = script("batch")
    found.call(SUBMIT, found.told(SUBMIT, jobId="a"), "create")
    described(found, "a")
    described(found, "a", {"jobId": "a"})
    assert found.judged(f"{READ}/job/readable").verdict is Verdict.PASS


@pytest.mark.parametrize(("status", "verdict"), [(200, Verdict.FAIL), (400, Verdict.PASS)])
def test_what_must_be_refused_must_be_refused(status: int, verdict: Verdict) -> None:
    found = script("batch")
    clause = f"batch.{SUBMIT}/job/disabled-queue"
    found.call(SUBMIT, found.told(SUBMIT, jobId="a"), "control", group=1)
    answer = found.told(SUBMIT, jobId="b") if status == 200 else found.refused("ClientException")
    found.call(SUBMIT, answer, "attempt", group=1, clause=clause)
    found.call(SUBMIT, found.told(SUBMIT, jobId="c"), "control", group=1)
    assert found.judged(f"{SUBMIT}/job/disabled-queue").verdict is verdict


def test_a_name_that_a_request_gives_may_be_given_again() -> None:
    found = script("batch")
    for number in (1, 2):
        arguments = {"jobQueueName": "name", "priority": number}
        found.call("CreateJobQueue", found.told("CreateJobQueue", jobQueueName="name"), "create", arguments=arguments)
    found.call(
        "CreateJobQueue",
        found.told("CreateJobQueue", jobQueueName="other"),
        "create",
        arguments={"jobQueueName": "other"},
    )
    assert found.judged("CreateJobQueue/queue/unique-id").verdict is Verdict.PASS


def test_an_answer_about_named_things_is_no_list() -> None:
    found = script("batch")
    told: Response = found.told("DescribeJobQueues", jobQueues=[], nextToken=None)
    named = found.call("DescribeJobQueues", told, "inside", arguments={"jobQueues": ["a"]})
    whole = found.call("DescribeJobQueues", told, "whole")
    view = View(found.spec, found.calls)
    assert (view.items(named), view.items(whole)) == (None, [])


def test_null_is_nothing_where_a_member_may_be_left_out() -> None:
    found = script("batch")
    listed(found, job("a", statusReason=None))
    assert found.judged(f"{LIST}/response.jobSummaryList[].statusReason/member").verdict is Verdict.VACUOUS
    listed(found, job("a", jobName=None))
    assert found.judged(f"{LIST}/response.jobSummaryList[].jobName/member").verdict is Verdict.FAIL


def test_copies_of_an_item_name_different_things() -> None:
    operation = load("batch").operations[SUBMIT]
    probe = next(
        p for p in probes(operation, "batch") if p.clause.endswith("dependsOn/max-items") and p.role == "outside"
    )
    assert len({each["jobId"] for each in probe.arguments["dependsOn"]}) == 21


def test_equal_requests_and_choices_of_one_are_planned() -> None:
    operation = load("batch").operations[LIST]
    assert {each.case for each in equivalences(operation, "batch")} == {"arn", "status-ignored", "default"}
    chosen = [(p.role, p.case) for p in probes(operation, "batch") if p.clause.endswith("request/exactly-one-of")]
    assert ("outside", "none of them") in chosen
    assert ("outside", "jobQueue and arrayJobId") in chosen
    assert ("inside", "arrayJobId alone") in chosen


@pytest.mark.parametrize(("second", "verdict"), [((), Verdict.FAIL), (("a",), Verdict.PASS)])
def test_a_status_left_out_means_running(second: tuple[str, ...], verdict: Verdict) -> None:
    found = script("batch")
    for role, shown in (("first", ("a",)), ("second", second)) * 2:
        told = found.told(LIST, jobSummaryList=[job(each) for each in shown], nextToken=None)
        found.call(LIST, told, role, group=1, case="default", clause=f"batch.{LIST}/jobStatus/default")
    assert found.judged(f"{LIST}/jobStatus/default").verdict is verdict


def test_either_reading_of_a_time_is_accepted_throughout() -> None:
    for name in ("BEFORE_CREATED_AT", "AFTER_CREATED_AT"):
        for shown_at in ("1000", "2000000"):
            found = script("batch")
            listed(found, job("a"), **by(name, shown_at))
            listed(found, **by(name, "1000" if shown_at == "2000000" else "2000000"))
            assert found.judged(f"{LIST}/filters.{name}/filter-sound").verdict is Verdict.PASS

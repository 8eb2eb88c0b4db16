"""What must not be held against a target that acts on instances: what moved meanwhile, what lags, and what is left open."""

from __future__ import annotations

from typing import Any

import pytest

from conformance import Verdict
from tests.conformance.oracles.script import Script, script

JOB = "11111111-1111-4111-8111-111111111111"
STATUS, PRIORITY, READ, LIST, MAKE = "UpdateJobStatus", "UpdateJobPriority", "DescribeJob", "ListJobs", "CreateJob"
NOT_BROKEN = {Verdict.PASS, Verdict.INCONCLUSIVE, Verdict.VACUOUS}


def _read(found: Script, status: str, **places: Any) -> None:
    shown = found.told(READ, Job__JobId=JOB, Job__Status=status, **places)
    found.call(READ, shown, "read", arguments={"id": JOB})


def _ask(found: Script, wanted: str, *, refused: str | None = None) -> None:
    answer = found.told(STATUS) if refused is None else found.refused(refused)
    found.call(STATUS, answer, "act", arguments={"id": JOB, "requestedJobStatus": wanted})


def _prioritise(found: Script, priority: int) -> None:
    answer = found.told(PRIORITY, JobId=JOB, Priority=priority)
    found.call(PRIORITY, answer, "act", arguments={"id": JOB, "priority": priority})


def test_what_has_moved_on_may_refuse() -> None:
    found = script("s3control")
    _read(found, "Active")
    _ask(found, "Cancelled", refused="JobStatusException")
    _read(found, "Complete")
    assert found.judged(f"{STATUS}/job.cancel/accepted").verdict is Verdict.INCONCLUSIVE


def test_what_has_not_moved_may_not() -> None:
    found = script("s3control")
    _read(found, "Suspended")
    _ask(found, "Cancelled", refused="JobStatusException")
    _read(found, "Suspended")
    judged = found.judged(f"{STATUS}/job.cancel/accepted")
    assert judged.verdict is Verdict.FAIL
    assert judged.evidence == (1, 2, 3)


def test_a_confirmation_before_its_time_may_be_taken_or_not() -> None:
    found = script("s3control")
    for refused in (None, "JobStatusException"):
        _read(found, "Preparing")
        _ask(found, "Ready", refused=refused)
    assert found.judged(f"{STATUS}/job.confirm/refused").verdict is Verdict.VACUOUS
    assert found.judged(f"{STATUS}/job.confirm/refusal").verdict is Verdict.PASS


def test_a_cancel_that_comes_too_late_is_not_missed() -> None:
    found = script("s3control")
    _read(found, "Active")
    _ask(found, "Cancelled")
    for _ in range(9):
        _read(found, "Active")
    _read(found, "Complete")
    assert found.judged(f"{STATUS}/job.cancel/effect").verdict is Verdict.INCONCLUSIVE


def test_an_effect_that_is_not_seen_yet_proves_nothing() -> None:
    found = script("s3control")
    _read(found, "Suspended")
    _ask(found, "Cancelled")
    for _ in range(9):
        _read(found, "Suspended")
    judged = found.judged(f"{STATUS}/job.cancel/effect")
    assert judged.verdict is Verdict.INCONCLUSIVE
    assert "still Suspended" in judged.reason


def test_what_rests_does_not_come_to_another_end_by_itself() -> None:
    found = script("s3control")
    _read(found, "Suspended")
    _ask(found, "Cancelled")
    _read(found, "Complete")
    assert found.judged(f"{STATUS}/job.cancel/effect").verdict is Verdict.FAIL


def test_what_two_requests_of_ours_did_is_no_proof_against_the_first() -> None:
    found = script("s3control")
    _read(found, "Suspended")
    _ask(found, "Ready")
    _ask(found, "Cancelled")
    _read(found, "Cancelled")
    assert found.judged(f"{STATUS}/job.confirm/effect").verdict in NOT_BROKEN


def test_a_read_may_lag_behind_what_was_set() -> None:
    found = script("s3control")
    _read(found, "Suspended", Job__Priority=10)
    _prioritise(found, 7)
    _read(found, "Suspended", Job__Priority=10)
    assert found.judged(f"{PRIORITY}/job.prioritise/shown").verdict is Verdict.INCONCLUSIVE
    _read(found, "Suspended", Job__Priority=7)
    assert found.judged(f"{PRIORITY}/job.prioritise/shown").verdict is Verdict.PASS
    _read(found, "Suspended", Job__Priority=10)
    assert found.judged(f"{PRIORITY}/job.prioritise/shown").verdict is Verdict.FAIL


def test_a_list_may_differ_where_something_was_set_between() -> None:
    found = script("s3control")
    _read(found, "Suspended", Job__Priority=7)
    _prioritise(found, 9)
    found.call(LIST, found.told(LIST, Jobs=[{"JobId": JOB, "Priority": 9, "Status": "Suspended"}]), "whole")
    _prioritise(found, 7)
    _read(found, "Suspended", Job__Priority=7)
    assert found.judged(f"{LIST}/job/list-fields").verdict in NOT_BROKEN


def test_a_list_may_not_where_nothing_was() -> None:
    found = script("s3control")
    _read(found, "Suspended", Job__Priority=7)
    found.call(LIST, found.told(LIST, Jobs=[{"JobId": JOB, "Priority": 9, "Status": "Suspended"}]), "whole")
    _read(found, "Suspended", Job__Priority=7)
    assert found.judged(f"{LIST}/job/list-fields").verdict is Verdict.FAIL


def test_a_load_that_is_run_anew_counts_anew() -> None:
    found = script("neptune")
    for run, records in ((1, 9), (2, 0), (2, 5)):
        places = {"payload__overallStatus__runNumber": run, "payload__overallStatus__totalRecords": records}
        shown = found.told("GetLoaderJobStatus", payload__overallStatus__status="LOAD_IN_PROGRESS", **places)
        found.call("GetLoaderJobStatus", shown, "read", arguments={"loadId": "a-load"})
    assert found.judged("GetLoaderJobStatus/loadJob/counters-rise").verdict is Verdict.PASS


def test_a_null_is_no_end() -> None:
    found = script("ncloud")
    shown = found.told("getJobExecution", jobExecutionId="e", status="RUNNING", endDate=None)
    found.call("getJobExecution", shown, "read", arguments={"executionId": "e"})
    assert found.judged("getJobExecution/response.endDate/not-before").verdict is Verdict.PASS


@pytest.mark.parametrize("name", ["ServiceQuotaExceededException", "ValidationException"])
def test_a_second_import_may_be_refused(name: str) -> None:
    found = script("omics")
    start, read = "StartReferenceImportJob", "GetReferenceImportJob"
    found.call(start, found.told(start, id="0000000001"), "start")
    running = found.told(read, id="0000000001", status="IN_PROGRESS")
    found.call(read, running, "read", arguments={"id": "0000000001"})
    found.call(start, found.refused(name, 402 if name.startswith("Service") else 400), "start")
    found.call(read, running, "read", arguments={"id": "0000000001"})
    judged = found.judged(f"{start}/importJob/one-at-a-time")
    assert judged.verdict in NOT_BROKEN


@pytest.mark.parametrize(("again", "verdict"), [(True, Verdict.VACUOUS), (False, Verdict.FAIL)])
def test_what_is_found_again_was_not_deleted_yet(verdict: Verdict, *, again: bool) -> None:
    found = script("ncloud")
    named = {"jobId": "abc"}
    found.call("deleteJob", found.told("deleteJob"), "act", arguments=named)
    found.call("getJob", found.refused("not-found", 404), "read", arguments=named)
    found.call("createJobExecution", found.told("createJobExecution"), "touch", arguments=named)
    if again:
        found.call("getJob", found.told("getJob", jobId="abc"), "read", arguments=named)
    assert found.judged("createJobExecution/job/deleted").verdict is verdict


@pytest.mark.parametrize("outcome", ["same", "new"])
def test_both_readings_of_a_token_are_told(outcome: str) -> None:
    found = script("omics")
    start, arguments = "StartReferenceImportJob", {"clientToken": "t"}
    found.call(start, found.told(start, id="0000000001"), "start", arguments=arguments)
    given = "0000000001" if outcome == "same" else "0000000002"
    found.call(start, found.told(start, id=given), "start", arguments=arguments)
    judged = found.judged(f"{start}/clientToken/repeated")
    assert judged.verdict is Verdict.PASS
    assert judged.reading == {"same": "the same id is given", "new": "another one is made"}[outcome]


def test_what_was_confirmed_may_not_be_cancelled_by_itself() -> None:
    found = script("s3control")
    _read(found, "Suspended")
    _ask(found, "Ready")
    _read(found, "Cancelled")
    assert found.judged(f"{STATUS}/job.confirm/effect").verdict is Verdict.FAIL


@pytest.mark.parametrize(("began", "broken"), [(1.2, False), (2.0, True)])
def test_a_look_that_began_before_another_was_answered_shows_no_return(began: float, broken: bool) -> None:  # noqa: FBT001 - a row
    found = script("s3control")
    for moment, status in ((1.0, "Suspended"), (began, "Preparing"), (3.0, "Suspended")):
        shown = found.told(READ, Job__JobId=JOB, Job__Status=status)
        found.call(READ, shown, "read", arguments={"id": JOB}, moment=moment)
    assert (found.judged(f"{READ}/job/held-once").verdict is Verdict.FAIL) is broken


@pytest.mark.parametrize(("asked", "broken"), [(1.1, False), (1.6, True)])
def test_a_look_answered_while_a_confirmation_is_under_way_may_show_what_it_does(asked: float, broken: bool) -> None:  # noqa: FBT001 - a row
    found = script("s3control")
    found.call(MAKE, found.told(MAKE, JobId=JOB), "create", arguments={"ConfirmationRequired": True}, moment=0.0)
    shown = found.told(READ, Job__JobId=JOB, Job__Status="Active")
    found.call(READ, shown, "read", arguments={"id": JOB}, moment=1.0)
    found.call(STATUS, found.told(STATUS), "act", arguments={"id": JOB, "requestedJobStatus": "Ready"}, moment=asked)
    assert (found.judged(f"{MAKE}/ConfirmationRequired/holds").verdict is Verdict.FAIL) is broken


def test_a_cancel_under_way_when_the_job_was_looked_at_may_be_what_ended_it() -> None:
    found = script("s3control")
    cancel = {"id": JOB, "requestedJobStatus": "Cancelled"}
    found.call(STATUS, found.told(STATUS), "act", arguments=cancel, moment=0.9)
    for moment, status in ((0.8, "Suspended"), (3.0, "Cancelled")):
        shown = found.told(READ, Job__JobId=JOB, Job__Status=status)
        found.call(READ, shown, "read", arguments={"id": JOB}, moment=moment)
        if moment < 1:
            confirm = {"id": JOB, "requestedJobStatus": "Ready"}
            found.call(STATUS, found.told(STATUS), "act", arguments=confirm, moment=1.35)
    assert found.judged(f"{STATUS}/job.confirm/effect").verdict in NOT_BROKEN

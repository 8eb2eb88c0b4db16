"""What must not be held against jobs: what is not seen, what overlaps, and what others do; and what is said of us."""

from __future__ import annotations

from dataclasses import replace

import pytest

import specs
from conformance import Verdict, View, judge, judge_clause
from tests.conformance.oracles.script import Script, script

#: Looks at a job that runs on after its cancel was taken, until that is no accident.
OFTEN = 3

START = "StartReferenceImportJob"
READ = "GetReferenceImportJob"
LIST = "ListReferenceImportJobs"
JOB = "0000000001"


def _created(identifier: str = JOB) -> Script:
    found = script("omics")
    found.call(START, found.told(START, id=identifier), "create")
    return found


def _read(found: Script, status: str, *, moment: float | None = None) -> None:
    found.call(READ, found.told(READ, id=JOB, status=status), arguments={"id": JOB}, moment=moment)


def test_states_that_were_never_seen_are_not_missed() -> None:
    found = _created()
    _read(found, "SUBMITTED")
    _read(found, "COMPLETED")
    assert found.judged(f"{READ}/importJob/status-forward").verdict is Verdict.PASS


def test_reads_that_overlap_have_no_order() -> None:
    found = _created()
    _read(found, "COMPLETED", moment=10.0)
    _read(found, "IN_PROGRESS", moment=10.2)
    for place in ("status-forward", "terminal"):
        assert found.judged(f"{READ}/importJob/{place}").verdict in {Verdict.PASS, Verdict.VACUOUS}


def test_reads_one_after_the_other_have_one() -> None:
    found = _created()
    _read(found, "COMPLETED")
    _read(found, "IN_PROGRESS")
    for place in ("status-forward", "terminal"):
        judged = found.judged(f"{READ}/importJob/{place}")
        assert judged.verdict in {Verdict.FAIL, Verdict.WARN}
        assert judged.evidence == (2, 3)


@pytest.mark.parametrize(("run", "verdict"), [(2, Verdict.PASS), (1, Verdict.FAIL)])
def test_a_load_that_is_taken_up_again_may_keep_its_id(run: int, verdict: Verdict) -> None:
    found, operation = script("neptune"), "GetLoaderJobStatus"
    for status, number in (
        ("LOAD_COMPLETED", 1),
        ("LOAD_IN_PROGRESS", run),
        ("LOAD_COMPLETED", run),
        ("LOAD_COMPLETED", run),
    ):
        shown = {"payload__overallStatus__status": status, "payload__overallStatus__runNumber": number}
        found.call(operation, found.told(operation, **shown), arguments={"loadId": JOB})
    assert found.judged(f"{operation}/loadJob/status-forward").verdict is verdict
    assert found.judged(f"{operation}/loadJob/terminal").verdict is verdict


def test_a_job_may_be_found_a_little_later() -> None:
    found = _created()
    for _ in range(5):
        found.call(READ, found.refused("ResourceNotFoundException", 404), arguments={"id": JOB})
    assert found.judged(f"{READ}/importJob/readable").verdict is Verdict.INCONCLUSIVE
    _read(found, "SUBMITTED")
    assert found.judged(f"{READ}/importJob/readable").verdict is Verdict.PASS


def test_a_job_must_be_found_once_a_younger_one_was() -> None:
    found = _created()
    for _ in range(5):
        found.call(READ, found.refused("ResourceNotFoundException", 404), arguments={"id": JOB})
    found.call(START, found.told(START, id="0000000002"), "create")
    younger = {"id": "0000000002"}
    found.call(READ, found.told(READ, id="0000000002", status="SUBMITTED"), arguments=younger)
    for _ in range(3):
        assert found.judged(f"{READ}/importJob/readable").verdict is not Verdict.FAIL
        found.call(READ, found.refused("ResourceNotFoundException", 404), arguments={"id": JOB})
    assert found.judged(f"{READ}/importJob/readable").verdict is Verdict.FAIL


def test_a_job_not_found_at_once_proves_nothing() -> None:
    found = _created()
    found.call(READ, found.refused("ResourceNotFoundException", 404), arguments={"id": JOB})
    assert found.judged(f"{READ}/importJob/readable").verdict is Verdict.INCONCLUSIVE


def test_the_same_bytes_may_lead_to_the_same_job() -> None:
    found = _created()
    found.call(START, found.told(START, id=JOB), "create")
    assert found.judged(f"{START}/importJob/unique-id").verdict is Verdict.INCONCLUSIVE
    found.call(START, found.told(START, id="0000000002"), "create")
    assert found.judged(f"{START}/importJob/unique-id").verdict is Verdict.PASS
    found.call(START, found.told(START, id="0000000002"), "create", arguments={"roleArn": "another"})
    assert found.judged(f"{START}/importJob/unique-id").verdict is Verdict.FAIL


def test_a_list_may_lag_behind_a_read() -> None:
    found = _created()
    _read(found, "COMPLETED")
    lagging = [{"id": JOB, "status": "IN_PROGRESS"}]
    found.call(LIST, found.told(LIST, importJobs=lagging))
    place = f"{LIST}/importJob/list-agrees"
    assert found.judged(place).verdict is Verdict.VACUOUS
    _read(found, "COMPLETED")
    assert found.judged(place).verdict in {Verdict.FAIL, Verdict.WARN}


def test_a_job_that_moves_by_itself_is_no_effect_of_refusals() -> None:
    place = "UpdateJobPriority/refusal/no-effect"
    found = script("s3control")
    for role, status in (("before", "Preparing"), ("outside", ""), ("after", "Suspended")):
        if role == "outside":
            found.call("UpdateJobPriority", found.refused("InvalidRequestException"), role, group=1)
            continue
        told = found.told("DescribeJob", Job__Status=status, Job__JobId="one")
        found.call("DescribeJob", told, role, group=1, arguments={"id": "one"})
    assert found.judged(place).verdict in {Verdict.INCONCLUSIVE, Verdict.PASS}


def _program(
    found: Script, operation: str, response: specs.Response, role: str, case: str, **arguments: object
) -> None:
    call = found.call(operation, response, role, case=case, group=1, arguments=arguments)
    found.calls[-1] = replace(call, intent=replace(call.intent, scenario="program fill"))


def _start(found: Script, name: str) -> None:
    _program(found, "StartLoaderJob", found.told("StartLoaderJob", payload__loadId=f"id-{name}"), "start", name)


def _turned_away(found: Script, name: str) -> None:
    _program(found, "StartLoaderJob", found.refused("BadRequestException"), "start", name)


def _look(found: Script, name: str, status: str) -> None:
    told = found.told("GetLoaderJobStatus", payload__overallStatus__status=status)
    _program(found, "GetLoaderJobStatus", told, "read", name, loadId=f"id-{name}")


def _queued(count: int) -> Script:
    """A long job that is seen running, and jobs behind it."""
    found = script("neptune")
    _start(found, "long")
    _look(found, "long", "LOAD_IN_PROGRESS")
    for number in range(count):
        _start(found, f"q{number}")
    return found


def _judged_in_the_end(found: Script, count: int, place: str, *, exclusive: bool = True) -> Verdict:
    """The verdict once the long job was seen running still, and all behind it waiting."""
    _look(found, "long", "LOAD_IN_PROGRESS")
    for number in range(count):
        if number != 32:
            _look(found, f"q{number}", "LOAD_IN_QUEUE")
    return found.judged(f"StartLoaderJob/queue/{place}", exclusive=exclusive).verdict


@pytest.mark.parametrize(
    ("queued", "exclusive", "fails"), [(5, True, True), (5, False, False), (63, True, False), (64, True, False)]
)
def test_a_refusal_to_queue_is_a_failure_only_with_room_by_every_reading_and_nobody_else(
    queued: int, *, exclusive: bool, fails: bool
) -> None:
    found = _queued(queued)
    _turned_away(found, "over")
    assert (_judged_in_the_end(found, queued, "capacity-usable", exclusive=exclusive) is Verdict.FAIL) is fails


@pytest.mark.parametrize("seen", [True, False])
def test_a_place_is_proven_given_back_only_once_the_job_that_had_it_is_seen_over(*, seen: bool) -> None:
    found = _queued(64)
    _turned_away(found, "over")
    _program(found, "CancelLoaderJob", found.told("CancelLoaderJob"), "cancel", "q32", loadId="id-q32")
    if seen:
        _look(found, "q32", "LOAD_CANCELLED_BY_USER")
    _turned_away(found, "again")
    _look(found, "q32", "LOAD_CANCELLED_BY_USER")
    assert (_judged_in_the_end(found, 64, "returned-by-cancel") is Verdict.FAIL) is seen


@pytest.mark.parametrize("api", specs.apis())
def test_a_clause_that_nothing_exercised_is_vacuous(api: str) -> None:
    spec = specs.load(api)
    for finding in judge(spec.clauses, View(spec, [], exclusive=True)):
        due = Verdict.VACUOUS if finding.clause.not_tested is None else Verdict.NOT_APPLICABLE
        assert finding.verdict is due, finding.clause.id


def test_a_clause_whose_operation_could_not_be_driven_is_untestable() -> None:
    found = script("omics")
    finding = judge_clause(found.clause(f"{READ}/importJob/terminal"), View(found.spec, []), notes=["no source data"])
    assert (finding.verdict, finding.reason) == (Verdict.UNTESTABLE, "no source data")


def test_an_oracle_that_breaks_is_our_fault_and_says_so() -> None:
    found = script("omics")
    found.call(LIST, found.told(LIST))
    clause = found.clause(f"{LIST}/response.importJobs/member")
    finding = judge_clause(replace(clause, data={}), View(found.spec, found.calls))
    assert finding.verdict is Verdict.ERROR
    assert "the suite itself failed" in finding.reason
    assert finding.evidence == ()


@pytest.mark.parametrize(
    ("again", "verdict"),
    [
        ({}, Verdict.INCONCLUSIVE),
        ({"mode": "RESUME"}, Verdict.INCONCLUSIVE),
        ({"mode": "NEW"}, Verdict.FAIL),
        ({"source": "s3://bucket/other.csv"}, Verdict.FAIL),
    ],
)
def test_a_load_that_may_be_taken_up_again_may_keep_its_id(again: dict[str, str], verdict: Verdict) -> None:
    found = script("neptune")
    source = {"source": "s3://bucket/data.csv"}
    for arguments in (source, {**source, "queueRequest": True, **again}):
        found.call("StartLoaderJob", found.told("StartLoaderJob", payload__loadId=JOB), "create", arguments=arguments)
    assert found.judged("StartLoaderJob/loadJob/unique-id").verdict is verdict


@pytest.mark.parametrize(("run", "verdict"), [(1, Verdict.WARN), (2, Verdict.INCONCLUSIVE)])
def test_a_cancel_ends_the_run_it_was_sent_for_and_no_later_one(run: int, verdict: Verdict) -> None:
    found = script("neptune")
    about = {"loadId": JOB}

    def read(status: str, number: int) -> None:
        places = {"payload__overallStatus__status": status, "payload__overallStatus__runNumber": number}
        found.call("GetLoaderJobStatus", found.told("GetLoaderJobStatus", **places), "read", arguments=about)

    found.call("StartLoaderJob", found.told("StartLoaderJob", payload__loadId=JOB), "create")
    read("LOAD_IN_PROGRESS", 1)
    found.call("CancelLoaderJob", found.told("CancelLoaderJob"), "act", arguments=about)
    for _ in range(OFTEN):
        read("LOAD_IN_PROGRESS", run)
    read("LOAD_COMPLETED", run)
    assert found.judged("CancelLoaderJob/loadJob.cancel/effect").verdict is verdict


@pytest.mark.parametrize("role", ["act", "raw"])
@pytest.mark.parametrize(
    ("deleted", "verdict"), [(None, Verdict.FAIL), ("JOB", Verdict.VACUOUS), ("OTHER", Verdict.FAIL)]
)
def test_what_belonged_to_something_that_was_deleted_may_be_unknown(
    deleted: str | None, verdict: Verdict, role: str
) -> None:
    found = Script(specs.load("ncloud", edition="2026"))
    belongs = {"jobId": "JOB", "executionId": "EXECUTION"}
    found.call("createJobExecution", found.told("createJobExecution", jobExecutionId="EXECUTION"), arguments=belongs)
    ended = found.told("getJobExecution", jobExecutionId="EXECUTION", status="COMPLETED")
    found.call("getJobExecution", ended, arguments=belongs)
    if deleted is not None:
        found.call("deleteJob", found.told("deleteJob"), role, arguments={"jobId": deleted})
    found.call("cancelJobExecution", found.refused("not-found", 404), arguments=belongs)
    assert found.judged("cancelJobExecution/execution.cancel/refusal").verdict is verdict


@pytest.mark.parametrize("role", ["act", "raw"])
def test_what_was_never_seen_of_something_deleted_need_not_be_readable(role: str) -> None:
    found = Script(specs.load("ncloud", edition="2026"))
    belongs = {"jobId": "JOB", "executionId": "EXECUTION"}
    younger = {"jobId": "JOB", "executionId": "YOUNGER"}
    found.call("createJobExecution", found.told("createJobExecution", jobExecutionId="EXECUTION"), arguments=belongs)
    found.call("createJobExecution", found.told("createJobExecution", jobExecutionId="YOUNGER"), arguments=belongs)
    found.call("getJobExecution", found.told("getJobExecution", jobExecutionId="YOUNGER"), arguments=younger)
    for deletes in (False, True):
        if deletes:
            found.call("deleteJob", found.told("deleteJob"), role, arguments={"jobId": "JOB"})
        for _ in range(3):
            found.call("getJobExecution", found.refused("not-found", 404), arguments=belongs)
        accused = found.judged("getJobExecution/execution/readable").verdict is Verdict.FAIL
        assert accused is not deletes
        del found.calls[3:]


def test_what_was_deleted_may_be_readable_and_yet_unknown() -> None:
    found = script("ncloud")
    found.call("createJob", found.told("createJob", jobId="JOB"))
    found.call("deleteJob", found.told("deleteJob"), arguments={"jobId": "JOB"})
    found.call("getJob", found.told("getJob", jobId="JOB", status="DELETED"), arguments={"jobId": "JOB"})
    found.call("createJobExecution", found.refused("not-found", 404), arguments={"jobId": "JOB"})
    assert found.judged("createJobExecution/job.execute/refusal").verdict is Verdict.VACUOUS

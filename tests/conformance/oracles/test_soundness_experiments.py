"""What must not be held against a target that is given data, by hand-written histories, and what must."""

from __future__ import annotations

from typing import Any

import pytest

from conformance import Verdict
from specs import Response, load
from strategies import counts
from tests.conformance.oracles.script import Script, script

START, READ = "StartLoaderJob", "GetLoaderJobStatus"
AGAIN = f"{START}/mode/new-loads-again"
RESUMED = f"{START}/mode/resume-after-success"
OTHER_REGION = f"{START}/source/other-region"
WHOLE = counts(load("neptune").laboratory.experiments["mode/new-loads-again"].files["whole"])


def begun(found: Script, place: str, name: str, *, response: Response | None = None, group: int = 1) -> None:
    """A start of a job, which is accepted under its name as its id."""
    said = found.told(START, payload__loadId=name) if response is None else response
    found.call(START, said, "start", clause=f"neptune.{place}", case=name, group=group)


def ended(found: Script, place: str, name: str, status: str = "LOAD_COMPLETED", **numbers: int) -> None:
    """The outcome of a job."""
    told: dict[str, Any] = {"totalRecords": 60, "totalDuplicates": 0, "parsingErrors": 0, "insertErrors": 0}
    told |= {"datatypeMismatchErrors": 0, "runNumber": 1, **numbers}
    members = {f"payload__overallStatus__{key}": value for key, value in told.items() if value is not None}
    response = found.told(READ, payload__overallStatus={}, **members, payload__overallStatus__status=status)
    found.call(READ, response, "outcome", clause=f"neptune.{place}", case=name, group=1, arguments={"loadId": name})


def control(found: Script) -> None:
    found.call(START, found.told(START, payload__loadId=f"c{len(found.calls)}"), "control", group=1)


def carried_out(place: str, first: dict[str, Any], again: dict[str, Any]) -> Script:
    found = script("neptune")
    for name, told in (("first", first), ("again", again)):
        begun(found, place, name)
        ended(found, place, name, **told)
    return found


def test_what_was_loaded_is_a_duplicate_the_second_time():
    assert carried_out(AGAIN, {}, {"totalDuplicates": 60}).judged(AGAIN).verdict is Verdict.PASS


def test_what_is_new_the_second_time_was_not_loaded_the_first():
    found = carried_out(AGAIN, {}, {"totalDuplicates": 59}).judged(AGAIN)
    assert found.verdict is Verdict.FAIL
    assert "again.duplicates = again.records (again.records = 60)" in found.expected
    assert found.actual == "again.duplicates = 59"
    assert len(found.evidence) == 1


@pytest.mark.parametrize("records", [WHOLE["rows"] + 1, WHOLE["records"], 1_000])
def test_how_much_a_row_is_worth_is_not_prescribed(records):
    told = {"totalRecords": records, "totalDuplicates": records}
    assert carried_out(AGAIN, {"totalRecords": records}, told).judged(AGAIN).verdict is Verdict.PASS


@pytest.mark.parametrize(
    "status", ["LOAD_CANCELLED_BY_USER", "LOAD_UNEXPECTED_ERROR", "LOAD_DATA_DEADLOCK", "LOAD_S3_READ_ERROR"]
)
def test_an_end_that_is_not_about_the_data_proves_nothing(status):
    found = carried_out(AGAIN, {}, {"status": status, "totalRecords": 3}).judged(AGAIN)
    assert found.verdict is Verdict.INCONCLUSIVE
    assert status in found.reason


def test_a_job_that_is_not_over_proves_nothing():
    found = carried_out(AGAIN, {}, {"status": "LOAD_IN_PROGRESS", "totalRecords": 3}).judged(AGAIN)
    assert found.verdict is Verdict.INCONCLUSIVE


def test_a_counter_that_is_not_shown_proves_nothing():
    found = carried_out(AGAIN, {}, {"totalDuplicates": None}).judged(AGAIN)
    assert found.verdict is Verdict.INCONCLUSIVE
    assert "does not show it" in found.reason


def test_a_target_may_count_on_or_from_nothing_when_it_resumes():
    from_nothing = carried_out(RESUMED, {}, {"totalRecords": 0, "runNumber": 2}).judged(RESUMED)
    counting_on = carried_out(RESUMED, {}, {"runNumber": 2}).judged(RESUMED)
    assert (from_nothing.verdict, from_nothing.reading) == (Verdict.PASS, "it counts from nothing")
    assert (counting_on.verdict, counting_on.reading) == (Verdict.PASS, "it counts on")


def test_what_no_reading_allows_names_all_of_them():
    found = carried_out(RESUMED, {}, {"totalDuplicates": 60}).judged(RESUMED)
    assert found.verdict is Verdict.FAIL
    assert "it counts from nothing" in found.expected
    assert "it counts on" in found.expected


def test_an_experiment_whose_case_did_not_come_up_proves_nothing():
    found = carried_out(RESUMED, {"status": "LOAD_FAILED"}, {"totalDuplicates": 60}).judged(RESUMED)
    assert found.verdict is Verdict.INCONCLUSIVE
    assert "first.status succeeded" in found.reason


@pytest.mark.parametrize("between", [True, False])
def test_a_refusal_counts_between_requests_that_are_accepted(between):
    found = script("neptune")
    begun(found, AGAIN, "first")
    ended(found, AGAIN, "first")
    for _ in range(2):
        if between:
            control(found)
        begun(found, AGAIN, "again", response=found.refused("BadRequestException", 400))
    if between:
        control(found)
    assert found.judged(AGAIN).verdict is (Verdict.FAIL if between else Verdict.INCONCLUSIVE)


@pytest.mark.parametrize(
    ("status", "verdict", "reading"),
    [
        (None, Verdict.PASS, "it is refused at once"),
        ("LOAD_FAILED_INVALID_REQUEST", Verdict.PASS, "its job fails"),
        ("LOAD_COMPLETED", Verdict.FAIL, None),
    ],
)
def test_what_must_come_to_nothing_may_do_so_now_or_later(status, verdict, reading):
    found = script("neptune")
    control(found)
    begun(found, OTHER_REGION, "first", response=found.refused("S3Exception", 400) if status is None else None)
    if status is not None:
        ended(found, OTHER_REGION, "first", status=status)
    control(found)
    judged = found.judged(OTHER_REGION)
    assert (judged.verdict, judged.reading) == (verdict, reading)


def test_a_request_that_is_put_off_or_not_answered_proves_nothing():
    for response in (script("neptune").throttled, script("neptune").failed, None):
        found = script("neptune")
        begun(found, AGAIN, "first")
        ended(found, AGAIN, "first")
        found.call(START, response, "start", clause=f"neptune.{AGAIN}", case="again", group=1)
        assert found.judged(AGAIN).verdict is Verdict.INCONCLUSIVE


def test_pages_are_compared_entry_by_entry_in_whatever_order():
    place = f"{READ}/errorsPerPage/pages-complete"
    entries = [{"errorCode": "PARSING_ERROR", "recordNum": number} for number in range(13)]

    def read(found: Script, case: str, shown: list[dict[str, Any]]) -> None:
        response = found.told(
            READ, payload__errors={"errorLogs": shown}, payload__overallStatus__status="LOAD_COMPLETED"
        )
        found.call(READ, response, "look", clause=f"neptune.{place}", case=case, group=1, arguments={"loadId": "first"})

    for pages, verdict in (
        ([entries[9:], entries[:4], entries[4:9]], Verdict.PASS),
        ([entries[:4], entries[3:9], entries[9:]], Verdict.FAIL),
        ([entries[:4], entries[5:9], entries[9:]], Verdict.FAIL),
    ):
        found = script("neptune")
        begun(found, place, "first")
        ended(found, place, "first")
        read(found, "whole", entries)
        for page in pages:
            read(found, "pages", page)
        assert found.judged(place).verdict is verdict

"""What jobs of the emulated S3 Control do over time, and how they are listed; the clock is moved by hand."""

from __future__ import annotations

import threading
from itertools import chain

import pytest
from werkzeug.test import EnvironBuilder

from conformance.emulator.s3control.job import Status
from tests.emulator.manual_clock import ManualClock
from tests.emulator.s3control_client import ACCOUNT, S3ControlClient, create_body

DAY = 86_400
OTHER = "210987654321"
CONFIRM = "<ConfirmationRequired>true</ConfirmationRequired>"
JOB_STATUS_ERROR = (400, "JobStatusException")


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
def client(clock):
    return S3ControlClient(clock=clock, job_seconds=100)


def seen_statuses(client, clock, job_id, seconds=200):
    seen = []
    for _ in range(seconds):
        status = client.status(job_id)
        if not seen or seen[-1] != status:
            seen.append(status)
        clock.advance(1)
    return seen


def walk(client, query, size):
    pages, token = [], None
    while True:
        extra = "" if token is None else f"&nextToken={token}"
        answer = client.list(f"?maxResults={size}{query}{extra}")
        pages.append(answer.texts("Jobs/JobListDescriptor/JobId"))
        token = answer.text("NextToken")
        if token is None:
            return pages


def test_a_job_goes_its_way_to_complete(client, clock):
    job_id = client.create()
    assert seen_statuses(client, clock, job_id) == ["New", "Preparing", "Ready", "Active", "Completing", "Complete"]


def test_a_job_that_needs_confirmation_waits_for_it(client, clock):
    job_id = client.create(ConfirmationRequired=CONFIRM)
    assert seen_statuses(client, clock, job_id) == ["New", "Preparing", "Suspended"]
    job = client.describe(job_id)
    assert job.text("Job/SuspendedDate")
    assert job.text("Job/SuspendedCause")
    assert job.text("Job/TerminationDate") is None
    assert client.ask(job_id, "Ready").text("Status") == "Ready"
    assert client.ask(job_id, "Ready").error == JOB_STATUS_ERROR
    assert seen_statuses(client, clock, job_id) == ["Ready", "Active", "Completing", "Complete"]


def test_a_job_that_nobody_confirms_fails_after_thirty_days(client, clock):
    job_id = client.create(ConfirmationRequired=CONFIRM)
    clock.advance(30 * DAY - 1)
    assert client.status(job_id) == "Suspended"
    clock.advance(100)
    assert client.status(job_id) == "Failed"
    assert client.describe(job_id).text("Job/FailureReasons/JobFailure/FailureCode") == "SuspensionExpired"


@pytest.mark.parametrize("seconds", [0, 10, 25, 50, 95])
def test_a_job_that_has_not_ended_can_be_cancelled(client, clock, seconds):
    job_id = client.create()
    clock.advance(seconds)
    answer = client.ask(job_id, "Cancelled", "&statusUpdateReason=why")
    assert (answer.text("Status"), answer.text("StatusUpdateReason")) == ("Cancelling", "why")
    assert client.ask(job_id, "Cancelled").text("Status") == "Cancelling"
    assert seen_statuses(client, clock, job_id) == ["Cancelling", "Cancelled"]
    assert client.describe(job_id).text("Job/StatusUpdateReason") == "why"


def test_an_ended_job_changes_no_more(client, clock):
    complete, cancelled = client.create(), client.create()
    client.ask(cancelled, "Cancelled")
    clock.advance(101)
    for job_id in (complete, cancelled):
        assert client.ask(job_id, "Cancelled").error == JOB_STATUS_ERROR
        assert client.ask(job_id, "Ready").error == JOB_STATUS_ERROR


@pytest.mark.parametrize("seconds", [0, 10, 25, 50, 95])
def test_only_a_suspended_job_can_be_confirmed(client, clock, seconds):
    job_id = client.create()
    clock.advance(seconds)
    assert client.ask(job_id, "Ready").error == JOB_STATUS_ERROR


def test_progress_never_goes_back_and_ends_complete(client, clock):
    job_id = client.create()
    before: tuple[int, ...] = (0, 0, 0)
    for _ in range(110):
        summary = "Job/ProgressSummary"
        job = client.describe(job_id)
        names = ("TotalNumberOfTasks", "NumberOfTasksSucceeded", "Timers/ElapsedTimeInActiveSeconds")
        progress = tuple(int(job.text(f"{summary}/{name}")) for name in names)
        assert all(new >= old for new, old in zip(progress, before, strict=True))
        assert progress[1] <= progress[0]
        before = progress
        clock.advance(1)
    assert before == (10, 10, 60)


def test_only_ended_jobs_have_a_termination_date(client, clock):
    job_id = client.create()
    clock.advance(99)
    assert client.describe(job_id).text("Job/TerminationDate") is None
    clock.advance(2)
    ended = client.describe(job_id).text("Job/TerminationDate")
    clock.advance(50)
    assert client.describe(job_id).text("Job/TerminationDate") == ended is not None


def test_an_ended_job_is_forgotten_after_ninety_days(client, clock):
    old, waiting = client.create(), client.create(ConfirmationRequired=CONFIRM)
    client.ask(old, "Cancelled")
    clock.advance(10)
    clock.advance(29 * DAY)
    client.ask(waiting, "Ready")
    clock.advance(61 * DAY - 10)
    assert client.ids() == [waiting, old]
    clock.advance(10)
    assert client.ids() == [waiting]
    assert client.describe(old).error == (400, "NotFoundException")
    clock.advance(29 * DAY + 200)
    assert client.ids() == []


def test_the_list_shows_the_newest_first_and_what_describe_shows(client, clock):
    ids = [client.create(Description="<Description>a job</Description>") for _ in range(3)]
    clock.advance(101)
    answer = client.list()
    assert answer.texts("Jobs/JobListDescriptor/JobId") == ids[::-1]
    item = answer.root.find("Jobs/JobListDescriptor")
    job = client.describe(ids[-1])
    assert item.findtext("Operation") == "S3DeleteObjectTagging"
    names = [child.tag for child in item if child.tag not in {"Operation", "ProgressSummary"}]
    assert names == ["CreationTime", "Description", "JobId", "Priority", "Status", "TerminationDate"]
    for name in names:
        assert item.findtext(name) == job.text(f"Job/{name}")


def test_the_filter_keeps_exactly_the_jobs_of_its_statuses(client, clock):
    done = client.create()
    clock.advance(101)
    suspended = client.create(ConfirmationRequired=CONFIRM)
    clock.advance(20)
    new = client.create()
    assert client.ids("?jobStatuses=Complete") == [done]
    assert client.ids("?jobStatuses=Suspended&jobStatuses=New&jobStatuses=New") == [new, suspended]
    assert client.ids("?jobStatuses=Paused") == []
    assert client.ids("?" + "&".join(f"jobStatuses={status}" for status in Status)) == client.ids()


@pytest.mark.parametrize(("size", "sizes"), [(1, [1] * 5), (2, [2, 2, 1]), (4, [4, 1]), (5, [5]), (1000, [5])])
def test_pages_share_the_list_out(client, size, sizes):
    ids = [client.create() for _ in range(5)]
    pages = walk(client, "", size)
    assert [len(page) for page in pages] == sizes
    assert list(chain(*pages)) == ids[::-1]


def test_a_page_of_none_leads_on_without_losing_anything(client):
    assert client.list("?maxResults=0").text("NextToken") is None
    ids = [client.create() for _ in range(3)]
    token = client.list("?maxResults=0").text("NextToken")
    token = client.list(f"?maxResults=0&nextToken={token}").text("NextToken")
    assert client.ids(f"?nextToken={token}") == ids[::-1]


def test_jobs_made_during_a_walk_neither_hide_nor_repeat_others(client):
    ids = [client.create() for _ in range(4)]
    first = client.list("?maxResults=2")
    client.create()
    token = first.text("NextToken")
    assert client.ids(f"?maxResults=2&nextToken={token}") == ids[1::-1]


def test_a_token_belongs_to_one_account_and_filter(client):
    for account in (ACCOUNT, OTHER):
        for _ in range(2):
            client.create(account=account)
    token = client.list("?maxResults=1").text("NextToken")
    wrong = (400, "InvalidNextTokenException")
    assert client.list(f"?nextToken={token}", account=OTHER).error == wrong
    assert client.list(f"?nextToken={token}&jobStatuses=New").error == wrong
    assert client.list(f"?nextToken={token[:-1]}").error == wrong
    assert client.list(f"?maxResults=5&nextToken={token}").status == 200


def test_a_token_ignores_how_its_filter_was_written(client):
    ids = [client.create() for _ in range(2)]
    token = client.list("?maxResults=1&jobStatuses=New&jobStatuses=Ready").text("NextToken")
    assert client.ids(f"?nextToken={token}&jobStatuses=Ready&jobStatuses=New&jobStatuses=New") == ids[:1]


def test_each_account_sees_its_own_jobs(client):
    mine, other = client.create(), client.create(account=OTHER)
    assert client.ids() == [mine]
    assert client.ids(account=OTHER) == [other]
    assert client.describe(other).error == (400, "NotFoundException")
    assert client.ask(other, "Cancelled").error == (400, "NotFoundException")


def test_a_repeated_request_makes_no_second_job(client):
    body = create_body()
    first, second = (client.send("POST", "/v20180820/jobs", body=body).text("JobId") for _ in range(2))
    assert first == second
    assert client.ids() == [first]
    assert client.send("POST", "/v20180820/jobs", body=body, account=OTHER).text("JobId") != first
    changed = body.replace("<Priority>10</Priority>", "<Priority>11</Priority>")
    assert client.send("POST", "/v20180820/jobs", body=changed).error == (400, "IdempotencyException")


def test_racing_repetitions_make_one_job(client):
    body = create_body()
    threads = [threading.Thread(target=client.service.handle, args=(_request(body),)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(client.ids()) == 1


def _request(body):
    headers = {"x-amz-account-id": ACCOUNT}
    return EnvironBuilder("/v20180820/jobs", method="POST", data=body, headers=list(headers.items())).get_request()


def test_a_priority_can_be_changed(client):
    job_id = client.create()
    answer = client.send("POST", f"/v20180820/jobs/{job_id}/priority?priority=0")
    assert (answer.text("JobId"), answer.text("Priority")) == (job_id, "0")
    assert client.describe(job_id).text("Job/Priority") == "0"


def test_tags_can_be_read_replaced_and_deleted(client):
    job_id = client.create(Tags="<Tags><S3Tag><Key>a</Key><Value>1</Value></S3Tag></Tags>")
    path = f"/v20180820/jobs/{job_id}/tagging"
    assert client.send("GET", path).texts("Tags/S3Tag/Key") == ["a"]
    body = "<PutJobTaggingRequest><Tags><member><Key>b</Key><Value/></member></Tags></PutJobTaggingRequest>"
    assert client.send("PUT", path, body=body).status == 200
    assert client.send("GET", path).texts("Tags/S3Tag/Key") == ["b"]
    assert client.send("DELETE", path).status == 200
    assert client.send("GET", path).texts("Tags/S3Tag/Key") == []


def test_signed_requests_are_for_the_own_account_only():
    client = S3ControlClient(auth=True)
    setattr(client.service, "check_signature", lambda _request: None)  # noqa: B010 - a method of its class
    assert client.list().status == 200
    assert client.list(account=OTHER).error == (403, "AccessDenied")
    assert client.list(account="1").error == (400, "InvalidRequestException")


def test_unsigned_requests_are_refused_when_signatures_are_on():
    assert S3ControlClient(auth=True).list().error == (403, "AccessDenied")

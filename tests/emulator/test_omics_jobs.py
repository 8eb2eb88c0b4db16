"""What stores and imports of the emulated HealthOmics do over time, and how they are listed."""

from __future__ import annotations

import re
from itertools import chain

import pytest

from tests.emulator.manual_clock import ManualClock
from tests.emulator.omics_client import ROLE, SOURCE, OmicsClient

CONFLICT = (409, "ConflictException")
INVALID = (400, "ValidationException")
UNKNOWN = (404, "ResourceNotFoundException")


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
def client(clock):
    return OmicsClient(clock=clock, job_seconds=100)


@pytest.fixture
def store(client):
    return client.create()


def statuses(client, store, *jobs):
    return [client.job(store, job)["status"] for job in jobs]


def test_a_store_shows_what_it_was_made_with(client):
    config = {"type": "KMS"}
    created = client.good("POST", "/referencestore", {"name": "n", "description": "d", "sseConfig": config})
    assert re.fullmatch("[0-9]{10}", created["id"])
    assert created["arn"] == f"arn:aws:omics:us-east-1:123456789012:referenceStore/{created['id']}"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", created["creationTime"])
    assert (created["name"], created["description"], created["sseConfig"]) == ("n", "d", config)
    assert client.good("GET", f"/referencestore/{created['id']}") == created
    assert client.good("POST", "/referencestores") == {"referenceStores": [created]}


def test_the_number_of_stores_is_limited():
    client = OmicsClient(max_stores=2)
    first, _ = client.create(), client.create()
    body = {"name": "third"}
    assert client.error("POST", "/referencestore", body) == (402, "ServiceQuotaExceededException")
    client.good("DELETE", f"/referencestore/{first}")
    assert client.create(**body)


def test_an_import_goes_its_way_to_completed(client, clock, store):
    job = client.start(store)
    submitted = client.job(store, job)
    assert submitted["status"] == "SUBMITTED"
    assert submitted["sources"] == [{**SOURCE, "status": "NOT_STARTED"}]
    clock.advance(50)
    running = client.job(store, job)
    assert (running["status"], running["sources"][0]["status"]) == ("IN_PROGRESS", "IN_PROGRESS")
    assert "completionTime" not in running
    clock.advance(51)
    done = client.job(store, job)
    assert (done["status"], done["sources"][0]["status"]) == ("COMPLETED", "FINISHED")
    assert done["completionTime"] > done["creationTime"]
    clock.advance(1000)
    assert client.job(store, job) == done


def test_imports_go_into_a_store_one_at_a_time(client, clock, store):
    jobs = [client.start(store) for _ in range(3)]
    elsewhere = client.create()
    other = client.start(elsewhere)
    clock.advance(11)
    assert statuses(client, store, *jobs) == ["IN_PROGRESS", "SUBMITTED", "SUBMITTED"]
    assert statuses(client, elsewhere, other) == ["IN_PROGRESS"]
    clock.advance(90)
    assert statuses(client, store, *jobs) == ["COMPLETED", "IN_PROGRESS", "SUBMITTED"]
    clock.advance(180)
    assert statuses(client, store, *jobs) == ["COMPLETED"] * 3


def test_the_list_shows_the_newest_first_without_sources(client, clock, store):
    jobs = [client.start(store) for _ in range(2)]
    clock.advance(101)
    items = client.list(store)["importJobs"]
    assert [item["id"] for item in items] == jobs[::-1]
    assert set(items[0]) == {"id", "referenceStoreId", "roleArn", "status", "creationTime"}
    assert set(items[1]) == {*items[0], "completionTime"}
    assert {item["referenceStoreId"] for item in items} == {store}
    assert client.ids(client.create()) == []


def test_the_filter_is_about_the_status(client, clock, store):
    jobs = [client.start(store) for _ in range(3)]
    clock.advance(101)
    assert client.ids(store, status="COMPLETED") == jobs[:1]
    assert client.ids(store, status="IN_PROGRESS") == jobs[1:2]
    assert client.ids(store, status="SUBMITTED") == jobs[2:]
    assert client.ids(store, status="CANCELLED") == []


def test_the_bounds_of_the_period_are_outside_of_it(client, clock, store):
    jobs = []
    for _ in range(3):
        jobs.append(client.start(store))
        clock.advance(1)
    times = [client.job(store, job)["creationTime"] for job in jobs]
    assert client.ids(store, createdAfter=times[0], createdBefore=times[2]) == [jobs[1]]
    assert client.ids(store, createdAfter=times[0]) == jobs[:0:-1]
    assert client.ids(store, createdBefore=times[0]) == []
    assert client.ids(store, createdAfter=times[2], createdBefore=times[0]) == []


@pytest.mark.parametrize(("size", "sizes"), [(1, [1] * 5), (2, [2, 2, 1]), (5, [5]), (100, [5])])
def test_pages_share_the_list_out(client, store, size, sizes):
    jobs = [client.start(store) for _ in range(5)]
    page = client.list(store, f"?maxResults={size}")
    pages = [page["importJobs"]]
    while "nextToken" in page:
        page = client.list(store, f"?maxResults={size}&nextToken={page['nextToken']}")
        pages.append(page["importJobs"])
    assert [len(page) for page in pages] == sizes
    assert [item["id"] for item in chain(*pages)] == jobs[::-1]


def test_a_page_holds_a_hundred_if_nobody_says_otherwise(client, store):
    jobs = [client.start(store) for _ in range(101)]
    page = client.list(store)
    assert len(page["importJobs"]) == 100
    assert client.ids(store, f"?nextToken={page['nextToken']}") == jobs[:1]


def test_a_token_belongs_to_one_list_and_filter(client, store):
    elsewhere = client.create()
    for _ in range(2):
        client.start(store)
        client.start(elsewhere)
    token = client.list(store, "?maxResults=1")["nextToken"]
    path = "/referencestore/{}/importjobs?nextToken={}"
    assert client.error("POST", path.format(elsewhere, token), {}) == INVALID
    assert client.error("POST", path.format(store, token), {"filter": {"status": "SUBMITTED"}}) == INVALID
    assert client.error("POST", path.format(store, token[:-1]), {}) == INVALID
    assert client.error("POST", f"/referencestores?nextToken={token}", {}) == INVALID
    assert len(client.ids(store, f"?nextToken={token}&maxResults=7")) == 1


def test_a_repeated_start_starts_nothing(client, store):
    job = client.start(store, clientToken="once")
    assert client.start(store, clientToken="once") == job
    assert client.ids(store) == [job]
    body = {"roleArn": ROLE + "2", "sources": [SOURCE], "clientToken": "once"}
    assert client.error("POST", f"/referencestore/{store}/importjob", body) == INVALID
    assert client.start(client.create(), clientToken="once") != job


def test_a_repeated_create_makes_no_second_store(client):
    store = client.create(clientToken="once")
    assert client.create(clientToken="once") == store
    assert client.error("POST", "/referencestore", {"name": "other", "clientToken": "once"}) == INVALID
    client.good("DELETE", f"/referencestore/{store}")
    assert client.create(clientToken="once") != store


def test_a_job_is_not_found_in_another_store(client, store):
    job = client.start(store)
    assert client.error("GET", f"/referencestore/{client.create()}/importjob/{job}") == UNKNOWN


def test_a_store_can_be_deleted_once_it_is_empty(client, clock, store):
    job = client.start(store)
    path = f"/referencestore/{store}"
    assert client.error("DELETE", path) == CONFLICT
    clock.advance(101)
    assert client.error("DELETE", path) == CONFLICT
    reference = client.job(store, job)["sources"][0]["referenceId"]
    response = client.raw("DELETE", f"{path}/reference/{reference}")
    assert (response.status_code, response.get_data()) == (200, b"")
    assert client.error("DELETE", f"{path}/reference/{reference}") == UNKNOWN
    assert client.good("DELETE", path) == {}
    assert client.error("DELETE", path) == UNKNOWN
    assert client.error("POST", f"{path}/importjobs", {}) == UNKNOWN


def test_an_import_brings_references(client, clock, store):
    sources = [{**SOURCE, "name": f"genome{n}"} for n in range(3)]
    job = client.start(store, sources=sources)
    path = f"/referencestore/{store}"
    assert client.good("POST", f"{path}/references") == {"references": []}
    clock.advance(101)
    ids = [source["referenceId"] for source in client.job(store, job)["sources"]]
    references = client.good("POST", f"{path}/references")["references"]
    assert [reference["id"] for reference in references] == ids[::-1]
    named = client.good("POST", f"{path}/references", {"filter": {"name": "genome1"}})["references"]
    assert [reference["id"] for reference in named] == [ids[1]]
    metadata = client.good("GET", f"{path}/reference/{ids[0]}/metadata")
    assert metadata == {**references[-1], "creationType": "IMPORT", "creationJobId": job}
    assert re.fullmatch("[0-9a-f]{32}", metadata["md5"])


def test_stores_are_listed_by_name_and_period(client, clock):
    stores = []
    for name in ("a", "b", "a"):
        stores.append(client.good("POST", "/referencestore", {"name": name}))
        clock.advance(1)
    times = {"createdAfter": stores[0]["creationTime"]}
    for conditions, expected in [({"name": "a"}, [2, 0]), (times, [2, 1]), ({**times, "name": "a"}, [2])]:
        listed = client.good("POST", "/referencestores", {"filter": conditions})["referenceStores"]
        assert listed == [stores[index] for index in expected]

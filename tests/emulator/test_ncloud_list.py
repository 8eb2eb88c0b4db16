"""Lists of the emulated Data Flow: filters, pages, order and count."""

from __future__ import annotations

import pytest

from tests.emulator.ncloud_client import EDITIONS, JOBS, Dataflow


@pytest.fixture(params=EDITIONS)
def dataflow(request) -> Dataflow:
    return Dataflow(request.param)


@pytest.fixture
def five(dataflow) -> Dataflow:
    for number in range(5):
        dataflow.create(name=f"job{number}")
    return dataflow


def test_defaults_are_page_0_and_limit_1000(dataflow):
    assert dataflow.good("GET", JOBS) == {"list": [], "count": 0, "page": 0, "limit": 1000}


def test_the_newest_job_comes_first(five):
    assert five.names() == ["job4", "job3", "job2", "job1", "job0"]


def test_pages_are_disjoint_and_cover_the_list(five):
    pages = [five.good("GET", f"{JOBS}?page={page}&limit=2") for page in range(4)]
    assert [[job["name"] for job in page["list"]] for page in pages] == [
        ["job4", "job3"],
        ["job2", "job1"],
        ["job0"],
        [],
    ]
    assert [(page["page"], page["limit"]) for page in pages] == [(0, 2), (1, 2), (2, 2), (3, 2)]


def test_count_is_the_total_in_2023_and_the_number_returned_later(five):
    counts = [five.good("GET", f"{JOBS}?page={page}&limit=2")["count"] for page in range(4)]
    assert counts == ([5, 5, 5, 5] if five.edition == "2023" else [2, 2, 1, 0])


def test_a_limit_of_0_is_an_empty_page_until_2026_forbids_it(five):
    status, body = five.send("GET", f"{JOBS}?limit=0")
    if five.edition == "2026":
        assert (status, body["error"]["errorCode"]) == (400, "bad-parameter")
    else:
        assert (status, body["list"], body["limit"]) == (200, [], 0)


def test_lists_of_executions_take_a_limit_of_0_in_every_edition(dataflow):
    job_id = dataflow.create()
    dataflow.execute(job_id)
    assert dataflow.good("GET", f"{JOBS}/{job_id}/executions?limit=0")["list"] == []


@pytest.mark.parametrize("value", ["-1", "x", "", "1.0", "1e3", "0x1", "%201", "٣", "1%00", "%EF%BF%BD", "9" * 5000])
@pytest.mark.parametrize("name", ["page", "limit"])
def test_odd_numbers_are_refused(dataflow, name, value):
    assert dataflow.refused("GET", f"{JOBS}?{name}={value}") == (400, "bad-parameter")
    job_id = dataflow.create()
    assert dataflow.refused("GET", f"{JOBS}/{job_id}/executions?{name}={value}") == (400, "bad-parameter")


@pytest.mark.parametrize("value", [2**31 - 1, 2**31, 2**64, 10**900])
def test_large_numbers_are_fine(five, value):
    body = five.good("GET", f"{JOBS}?limit={value}")
    assert (len(body["list"]), body["limit"]) == (5, value)
    body = five.good("GET", f"{JOBS}?page={value}&limit={value}")
    assert (body["list"], body["page"]) == ([], value)


@pytest.mark.parametrize(
    ("name", "expected"), [("job3", ["job3"]), ("ob", 5), ("4", ["job4"]), ("JOB", []), ("", 5), ("nothing", [])]
)
def test_the_name_filter_finds_a_part_in_its_case(five, name, expected):
    found = five.names(f"?name={name}")
    assert (len(found) if isinstance(expected, int) else found) == expected


@pytest.mark.parametrize("name", ["%00", "%F0%9F%98%80", "a" * 3000, "%ED%9E%A3", "%5B%28"])
def test_odd_names_find_nothing(five, name):
    assert five.names(f"?name={name}") == []


def test_filters_apply_before_pages(five):
    five.create(name="other")
    assert five.names("?name=job&limit=2") == ["job4", "job3"]
    total = five.good("GET", f"{JOBS}?name=job&limit=2")["count"]
    assert total == (5 if five.edition == "2023" else 2)


@pytest.mark.parametrize("edition", ["2023", "2025"])
def test_the_status_filter_selects(edition):
    dataflow = Dataflow(edition)
    running, _ = dataflow.create(name="running"), dataflow.create(name="resting")
    dataflow.create(name="draft", nodes=[])
    dataflow.execute(running)
    assert dataflow.names("?status=RUNNING") == ["running"]
    assert dataflow.names("?status=RUNNABLE") == ["resting"]
    assert dataflow.names("?status=DRAFT") == ["draft"]
    for status in ("DELETED", "UNKNOWN", "STOPPED", "EDITING"):
        assert dataflow.names(f"?status={status}") == []
    dataflow.clock.moment = 10
    assert dataflow.names("?status=RUNNABLE") == ["resting", "running"]


@pytest.mark.parametrize("status", ["", "running", "READY", "RUNNING,DRAFT", "%00"])
def test_an_unknown_status_is_refused_until_2026_ignores_it(five, status):
    if five.edition == "2026":
        assert len(five.names(f"?status={status}")) == 5
    else:
        assert five.refused("GET", f"{JOBS}?status={status}") == (400, "bad-parameter")


def test_unknown_parameters_are_ignored_and_the_first_of_several_counts(five):
    assert five.names("?searchText=x&limit=1&limit=zero&size=3") == ["job4"]

"""What must not be held against a list: other clients, lists that move, and jobs that move by themselves."""

from __future__ import annotations

from typing import Any

import pytest

from conformance import Verdict
from specs import Response
from tests.conformance.oracles.script import Script, script

LIST = "ListReferenceImportJobs"
START = "StartReferenceImportJob"
READ = "GetReferenceImportJob"


def item(number: int, status: str = "COMPLETED", store: str = "${store}") -> dict[str, Any]:
    return {
        "id": f"{number:010d}", "referenceStoreId": store, "roleArn": "arn:aws:iam::123456789012:role/conformance",
        "status": status, "creationTime": f"2026-01-02T03:04:{number % 60:02d}Z",
    }  # fmt: skip


def page(found: Script, *items: dict[str, Any], token: str | None = None) -> Response:
    response = found.told(LIST, importJobs=list(items), **({"nextToken": token} if token else {}))
    return response if token else found.told(LIST, importJobs=list(items), nextToken=None)


def window(found: Script, before: list[Any], after: list[Any], *walk: tuple[list[Any], str | None]) -> None:
    """The whole, one walk by pages, the whole again."""
    found.call(LIST, page(found, *before), "whole", group=1)
    token = None
    for items, following in walk:
        asked = {"maxResults": 1, **({"nextToken": token} if token else {})}
        found.call(LIST, page(found, *items, token=following), "walk", group=1, case="maxResults=1", arguments=asked)
        token = following
    found.call(LIST, page(found, *after), "whole", group=1)


@pytest.mark.parametrize("place", ["nextToken/walk", "nextToken/last-page"])
def test_pages_of_a_list_that_moves_prove_nothing(place: str) -> None:
    found = script("omics")
    window(found, [item(1), item(2)], [item(1), item(2), item(3)], ([item(1)], "t"), ([item(3)], None))
    assert found.judged(f"{LIST}/{place}").verdict is Verdict.INCONCLUSIVE


@pytest.mark.parametrize("place", ["nextToken/walk", "nextToken/last-page"])
def test_the_same_pages_of_a_list_that_stands_still_are_a_failure(place: str) -> None:
    found = script("omics")
    window(found, [item(1), item(2)], [item(1), item(2)], ([item(1)], None))
    assert found.judged(f"{LIST}/{place}").verdict in {Verdict.FAIL, Verdict.WARN}


def test_a_page_that_was_put_off_does_not_break_a_walk() -> None:
    found = script("omics")
    window(found, [item(1), item(2)], [item(1), item(2)], ([item(1)], "t"), ([item(2)], None))
    found.calls.insert(2, found.call(LIST, found.throttled, "walk", group=1, case="maxResults=1"))
    found.calls.pop()
    assert found.judged(f"{LIST}/nextToken/walk").verdict is not Verdict.FAIL


def test_a_filtered_list_that_lacks_an_item_of_a_moving_list_proves_nothing() -> None:
    found = script("omics")
    found.call(LIST, page(found, item(1, "SUBMITTED")), "whole", group=1)
    found.call(
        LIST,
        page(found),
        "filter",
        group=1,
        case="filter.status=SUBMITTED",
        arguments={"filter": {"status": "SUBMITTED"}},
    )
    found.call(LIST, page(found, item(1, "COMPLETED")), "whole", group=1)
    assert found.judged(f"{LIST}/filter.status/filter-complete").verdict is Verdict.INCONCLUSIVE


def test_jobs_of_others_may_stand_in_any_list() -> None:
    found = script("omics")
    found.call(START, found.told(START, id="0000000001"), "create")
    found.call(READ, found.told(READ, id="0000000001", status="SUBMITTED"), arguments={"id": "0000000001"})
    window(found, [item(1), item(77)], [item(1), item(77)], ([item(1)], "t"), ([item(77)], None))
    found.call(READ, found.told(READ, id="0000000001", status="SUBMITTED"), arguments={"id": "0000000001"})
    for place in ("items/listed", "items/unique", "nextToken/walk", "referenceStoreId/scope"):
        assert found.judged(f"{LIST}/{place}", exclusive=False).verdict in {Verdict.PASS, Verdict.VACUOUS}


def test_a_job_that_ended_meanwhile_may_be_gone_from_the_list() -> None:
    found = script("omics")
    found.call(START, found.told(START, id="0000000001"), "create")
    found.call(READ, found.told(READ, id="0000000001", status="SUBMITTED"), arguments={"id": "0000000001"})
    window(found, [], [])
    found.call(READ, found.told(READ, id="0000000001", status="COMPLETED"), arguments={"id": "0000000001"})
    assert found.judged(f"{LIST}/items/listed").verdict is Verdict.VACUOUS


@pytest.mark.parametrize("exclusive", [True, False])
def test_what_others_own_may_have_changed_between_two_looks_at_the_whole(*, exclusive: bool) -> None:
    found = script("omics")
    found.call(LIST, page(found, item(1)), "whole", group=1)
    found.call(
        LIST,
        page(found),
        "filter",
        group=1,
        case="filter.status=COMPLETED",
        arguments={"filter": {"status": "COMPLETED"}},
    )
    found.call(LIST, page(found, item(1)), "whole", group=1)
    judged = found.judged(f"{LIST}/filter.status/filter-complete", exclusive=exclusive)
    assert (judged.verdict is Verdict.FAIL) is exclusive


def test_an_item_that_hides_what_it_is_filtered_by_proves_nothing() -> None:
    found = script("omics")
    bare = {key: value for key, value in item(1).items() if key != "status"}
    found.call(LIST, page(found, bare), "filter", group=1, arguments={"filter": {"status": "FAILED"}})
    assert found.judged(f"{LIST}/filter.status/filter-sound").verdict is Verdict.VACUOUS


@pytest.mark.parametrize(("number", "verdict"), [(1, Verdict.VACUOUS), (2, Verdict.VACUOUS)])
def test_an_item_on_the_bound_of_a_time_filter_is_in_or_out(number: int, verdict: Verdict) -> None:
    found = script("omics")
    for name in ("createdAfter", "createdBefore"):
        asked = {"filter": {name: item(number)["creationTime"]}}
        found.call(LIST, page(found, item(number)), "filter", group=1, arguments=asked)
        assert found.judged(f"{LIST}/filter.{name}/filter-sound").verdict is verdict


def _refused_between(found: Script, before: list[Any], after: list[Any], *, ours: bool = False) -> None:
    found.call(LIST, page(found, *before), "before", group=1)
    found.call(START, found.refused(), "outside", group=1)
    if ours:
        found.call(START, found.told(START, id="0000000009"), "control", group=1)
    found.call(LIST, page(found, *after), "after", group=1)


def test_a_new_item_is_nobodys_fault_where_others_use_the_target() -> None:
    found = script("omics")
    _refused_between(found, [item(1)], [item(1), item(9)])
    place = f"{START}/refusal/no-effect"
    assert found.judged(place, exclusive=False).verdict is Verdict.INCONCLUSIVE
    assert found.judged(place, exclusive=True).verdict is Verdict.FAIL


def test_a_new_item_of_an_accepted_request_is_due() -> None:
    found = script("omics")
    _refused_between(found, [item(1)], [item(1), item(9)], ours=True)
    assert found.judged(f"{START}/refusal/no-effect").verdict is Verdict.PASS


def test_an_item_that_is_gone_after_refusals_is_no_effect_of_theirs() -> None:
    found = script("omics")
    _refused_between(found, [item(1), item(2)], [item(1)])
    assert found.judged(f"{START}/refusal/no-effect").verdict is Verdict.PASS


def test_a_count_may_mean_the_page_or_the_whole_but_one_of_them() -> None:
    for counts, verdict in (((3, 3, 3), Verdict.PASS), ((3, 1, 3), Verdict.PASS), ((3, 2, 3), Verdict.FAIL)):
        found = script("ncloud")
        items = [{"jobExecutionId": str(number)} for number in range(3)]
        shown = (items, items[:1], items)
        for role, count, part in zip(("whole", "walk", "whole"), counts, shown, strict=True):
            found.call("getJobExecutions", found.told("getJobExecutions", count=count, list=part), role, group=1)
        assert found.judged("getJobExecutions/count/meaning").verdict is verdict


def test_a_count_proves_nothing_where_no_page_is_shorter_than_the_whole() -> None:
    found = script("ncloud")
    for _ in range(2):
        found.call(
            "getJobExecutions",
            found.told("getJobExecutions", count=1, list=[{"jobExecutionId": "1"}]),
            "whole",
            group=1,
        )
    assert found.judged("getJobExecutions/count/meaning").verdict is Verdict.INCONCLUSIVE


def test_equal_requests_whose_answers_differ_by_themselves_prove_nothing() -> None:
    place = "ListLoaderJobs/includeQueuedLoads/default"
    found = script("neptune")
    for role, ids in (("first", ["a"]), ("second", ["b"]), ("first", ["c"])):
        told = found.told("ListLoaderJobs", payload__loadIds=ids)
        found.call("ListLoaderJobs", told, role, clause=found.clause(place).id, group=1)
    assert found.judged(place).verdict is Verdict.INCONCLUSIVE

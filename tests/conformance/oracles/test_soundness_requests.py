"""What must not be held against an implementation: acceptance, refusals, names, and the service's own failures."""

from __future__ import annotations

from typing import Any

import pytest

from conformance import Verdict
from tests.conformance.oracles.script import Script, script, undecided

LIST = "ListReferenceImportJobs"
LIMIT = f"{LIST}/maxResults/maximum"
START = "StartLoaderJob"


def _probe(found: Script, *answers: str, place: str = LIMIT, role: str = "outside") -> None:
    """Controls and probes of one group, written as ``control:ok``, ``probe:refused``, and so on."""
    operation = place.partition("/")[0]
    for each in answers:
        who, _, how = each.partition(":")
        response = {
            "ok": lambda: found.told(operation),
            "refused": found.refused,
            "throttled": lambda: found.throttled,
            "failed": lambda: found.failed,
            "lost": lambda: None,
        }[how]()
        probed: dict[str, Any] = (
            {"clause": found.clause(place).id, "case": "one"} if who == "probe" else {"case": "base"}
        )
        found.call(
            operation,
            response,
            role if who == "probe" else "control",
            group=1,
            trouble=None if response else "timeout",
            **probed,
        )


@pytest.mark.parametrize(
    "answers",
    [
        ("probe:refused",),
        ("control:ok", "probe:refused"),
        ("probe:refused", "control:ok"),
        ("control:refused", "probe:refused", "control:ok"),
        ("control:ok", "probe:refused", "control:refused"),
        ("control:ok", "probe:throttled", "control:ok"),
        ("control:ok", "probe:failed", "control:ok"),
        ("control:ok", "probe:lost", "control:ok"),
    ],
    ids=" ".join,
)
def test_a_refusal_proves_nothing_without_accepted_controls_around_it(answers: tuple[str, ...]) -> None:
    found = script("omics")
    _probe(found, *answers)
    assert found.judged(LIMIT).verdict is Verdict.INCONCLUSIVE


def test_a_control_that_was_put_off_is_passed_over() -> None:
    found = script("omics")
    _probe(found, "control:ok", "probe:refused", "control:throttled", "control:ok")
    assert found.judged(LIMIT).verdict is Verdict.PASS


@pytest.mark.parametrize(
    "answers",
    [
        ("probe:refused",),
        ("probe:refused", "control:ok"),
        ("probe:refused", "control:ok", "probe:refused"),
        ("probe:refused", "control:ok", "probe:refused", "control:refused"),
        ("probe:refused", "control:refused", "probe:refused", "control:ok"),
        ("probe:throttled", "control:ok", "probe:throttled", "control:ok"),
        ("probe:refused", "control:ok", "probe:failed", "control:ok"),
    ],
    ids=" ".join,
)
def test_a_valid_request_refused_once_or_in_a_bad_state_proves_nothing(answers: tuple[str, ...]) -> None:
    found = script("omics")
    _probe(found, *answers, role="inside")
    assert found.judged(LIMIT).verdict is Verdict.INCONCLUSIVE


def test_a_valid_request_that_is_accepted_in_the_end_is_accepted() -> None:
    found = script("omics")
    _probe(found, "probe:throttled", "probe:refused", "control:ok", "probe:ok", role="inside")
    assert found.judged(LIMIT).verdict is Verdict.PASS


def test_a_valid_request_refused_twice_between_accepted_controls_is_a_failure() -> None:
    found = script("omics")
    _probe(found, "probe:refused", "control:ok", "probe:refused", "control:ok", role="inside")
    judged = found.judged(LIMIT)
    assert judged.verdict is Verdict.FAIL
    assert set(judged.evidence) == {2, 3}


def test_a_made_up_id_may_be_refused_as_not_found() -> None:
    place = f"{LIST}/referenceStoreId/min-length"
    found = script("omics")
    for _ in range(2):
        found.call(
            LIST, found.refused("ResourceNotFoundException", 404), "inside", clause=found.clause(place).id, group=1
        )
        found.call(LIST, found.told(LIST), "control", group=1)
    assert found.judged(place).verdict is Verdict.PASS


def test_where_the_documents_are_silent_on_refusal_both_answers_are_right() -> None:
    found = undecided(script("omics"), LIST, "range")
    _probe(found, "control:ok", "probe:ok", "control:ok")
    assert found.judged(LIMIT).verdict is Verdict.PASS
    _probe(found, "control:ok", "probe:refused", "control:ok")
    assert found.judged(LIMIT).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        ("LOAD_FAILED_INVALID_REQUEST", Verdict.PASS),
        ("LOAD_IN_QUEUE", Verdict.INCONCLUSIVE),
        ("LOAD_COMPLETED", Verdict.FAIL),
        (None, Verdict.INCONCLUSIVE),
    ],
)
def test_a_job_may_say_later_that_its_request_was_wrong(status: str | None, verdict: Verdict) -> None:
    place = f"{START}/mode/allowed-values"
    found = script("neptune")
    found.call(START, found.told(START, payload__loadId="one"), "outside", clause=found.clause(place).id, group=1)
    if status is not None:
        read = found.told("GetLoaderJobStatus", payload__overallStatus__status=status)
        found.call("GetLoaderJobStatus", read, "late", arguments={"loadId": "one"})
    assert found.judged(place).verdict is verdict


def test_a_refusal_without_a_name_is_not_one_of_the_wrong_name() -> None:
    found = script("omics")
    _probe(found, "control:ok", "probe:refused", "control:ok")
    nameless = Script(found.spec)
    for call in found.calls:
        refused = call.intent.role == "outside"
        response = found.refused() if not refused else type(found.throttled)(status=400, body=b'{"message": "no"}')
        answer = response if refused else call.response
        nameless.call(LIST, answer, call.intent.role, clause=call.intent.clause, case=call.intent.case, group=1)
    assert nameless.judged(f"{LIST}/refusal/range").verdict is Verdict.INCONCLUSIVE


@pytest.mark.parametrize("role", ["odd", "raw"])
def test_odd_requests_are_judged_for_robustness_only(role: str) -> None:
    found = script("omics")
    found.call(LIST, found.refused("WhateverException", 418), role)
    for place in ("refusal/names", "refusal/envelope", "response/status"):
        assert found.judged(f"{LIST}/{place}").verdict is Verdict.VACUOUS
    assert found.judged(f"{LIST}/input/answered").verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("answers", "verdict"),
    [
        (("failed",), Verdict.INCONCLUSIVE),
        (("failed", "ok"), Verdict.PASS),
        (("failed", "throttled"), Verdict.INCONCLUSIVE),
        (("failed", "failed"), Verdict.FAIL),
        (("failed", "failed", "refused"), Verdict.PASS),
    ],
)
def test_a_server_error_counts_only_if_the_same_bytes_bring_it_each_time(
    answers: tuple[str, ...], verdict: Verdict
) -> None:
    found = script("omics")
    for each in answers:
        found.call(
            LIST, found.told(LIST) if each == "ok" else found.refused() if each == "refused" else getattr(found, each)
        )
    assert found.judged(f"{LIST}/input/no-server-error").verdict is verdict


@pytest.mark.parametrize(
    ("troubles", "verdict"),
    [
        (("dropped",), Verdict.VACUOUS),
        (("timeout", "timeout"), Verdict.INCONCLUSIVE),
        (("dropped", None), Verdict.PASS),
        (("dropped", "garbage"), Verdict.FAIL),
        (("refused", "refused"), Verdict.VACUOUS),
    ],
)
def test_no_answer_counts_only_if_the_connection_ends_each_time(
    troubles: tuple[str | None, ...], verdict: Verdict
) -> None:
    found = script("omics")
    for trouble in troubles:
        found.call(LIST, None if trouble else found.told(LIST), trouble=trouble)
    assert found.judged(f"{LIST}/input/answered").verdict is verdict


def test_a_body_may_be_empty_where_the_documents_show_none() -> None:
    found = script("neptune")
    empty = type(found.throttled)(status=200)
    found.call("CancelLoaderJob", empty)
    assert found.judged("CancelLoaderJob/response/body").verdict is Verdict.PASS
    assert found.judged("CancelLoaderJob/response/media-type").verdict is Verdict.NOT_APPLICABLE
    found.call("GetLoaderJobStatus", empty)
    assert found.judged("GetLoaderJobStatus/response/body").verdict is Verdict.FAIL


def test_signatures_are_not_judged_where_none_are_asked_for() -> None:
    from conformance import View, judge_clause  # noqa: PLC0415 - the one test that builds its own view

    found = script("omics")
    clause = found.clause(f"{LIST}/auth/unsigned")
    found.call(LIST, found.told(LIST), "auth", clause=clause.id, group=1)
    assert judge_clause(clause, View(found.spec, found.calls, signed=False)).verdict is Verdict.NOT_APPLICABLE
    assert found.judged(f"{LIST}/auth/unsigned").verdict is Verdict.FAIL


def test_a_refusal_for_another_reason_is_not_one_of_the_signature() -> None:
    found = script("omics")
    clause = found.clause(f"{LIST}/auth/unsigned")
    found.call(LIST, found.refused("AccessDeniedException", 403), "control", group=1)
    found.call(LIST, found.refused("AccessDeniedException", 403), "auth", clause=clause.id, group=1)
    assert found.judged(f"{LIST}/auth/unsigned").verdict is Verdict.INCONCLUSIVE

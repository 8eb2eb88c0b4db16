"""Histories written by hand: what racing clients may and may not be told, calls without an answer, and caps."""

from __future__ import annotations

from collections.abc import Hashable

import pytest

from conformance.evidence.job_queue import Cancel, JobQueue, Look, Start
from conformance.evidence.judgement import Answer, Caps
from conformance.evidence.linearizability import linearized
from conformance.evidence.model import FOREVER, Event
from conformance.evidence.proof import explained, refuted
from conformance.evidence.state_set import tracked
from conformance.evidence.token_register import Claim, TokenRegister

ALONE = JobQueue(alone=True)
FULL = JobQueue(alone=True, capacity=3, crowd=2, stay=2)
HONOURED = TokenRegister(honoured=True, refuses=True)
MEANINGLESS = TokenRegister(honoured=False, refuses=False)
Row = tuple[float, float, Hashable, Hashable | None]


def calls(*rows: Row) -> list[Event]:
    return [
        Event(id=place, began=began, ended=ended, asked=asked, answered=told)
        for place, (began, ended, asked, told) in enumerate(rows, start=1)
    ]


def start(job: str, *, queued: bool = False) -> Start:
    return Start(job=job, queued=queued)


TWO_AT_ONCE: list[Row] = [(0, 2, start("a"), "accepted"), (1, 3, start("b"), "accepted")]
POSSIBLE: dict[str, tuple[JobQueue | TokenRegister, list[Row]]] = {
    "one of two is let in": (ALONE, [(0, 2, start("a"), "accepted"), (1, 3, start("b"), "busy")]),
    "the other one is let in": (ALONE, [(0, 2, start("a"), "busy"), (1, 3, start("b"), "accepted")]),
    "the first may have ended": (ALONE, [*TWO_AT_ONCE, (4, 5, Look(job="b"), "running")]),
    "the second is found invalid later": (
        ALONE,
        [*TWO_AT_ONCE, (4, 5, Look(job="a"), "running"), (6, 7, Look(job="b"), "failed")],
    ),
    "one that was never answered may be why": (
        ALONE,
        [(0, FOREVER, start("a"), None), (1, 2, start("b"), "busy"), (3, 4, start("c"), "busy")],
    ),
    "one that was never answered may not have happened": (
        ALONE,
        [(0, FOREVER, start("a"), None), (1, 2, start("b"), "accepted"), (3, 4, Look(job="b"), "running")],
    ),
    "one that was never answered may happen much later": (
        ALONE,
        [(0, FOREVER, start("a"), None), (1, 2, start("b"), "accepted"), (3, 4, Look(job="b"), "succeeded"),
         (5, 6, start("c"), "busy")],
    ),
    "others may be why": (JobQueue(), [(0, 1, start("a"), "busy"), (0, 1, start("b"), "busy")]),
    "the last place is taken once": (
        FULL,
        [(0, 2, start("a", queued=True), "accepted"), (1, 3, start("b", queued=True), "full"), (4, 5, Look(job="a"), "waiting")],
    ),
    "a cancel that comes before the start of its job": (
        ALONE,
        [(0, 1, start("s", queued=True), "accepted"), (2, 4, Cancel(job="s"), "accepted"), (3, 5, Cancel(job="s"), "refused"),
         (6, 7, Look(job="s"), "cancelled")],
    ),
    "one token, one thing": (HONOURED, [(0, 2, Claim(token="t"), "x"), (1, 3, Claim(token="t"), "x"), (4, 5, Claim(token="t"), "refused")]),
    "a token that means nothing": (MEANINGLESS, [(0, 2, Claim(token="t"), "x"), (1, 3, Claim(token="t"), "y")]),
    "a creation that was never answered has used the token": (HONOURED, [(0, FOREVER, Claim(token="t"), None), (1, 2, Claim(token="t"), "refused")]),
}  # fmt: skip
IMPOSSIBLE: dict[str, tuple[JobQueue | TokenRegister, list[Row], int]] = {
    "both are let in and stay": (
        ALONE,
        [*TWO_AT_ONCE, (4, 5, Look(job="a"), "running"), (6, 7, Look(job="b"), "waiting")],
        3,
    ),
    "all are refused though nothing is active": (ALONE, [(0, 2, start("a"), "busy"), (1, 3, start("b"), "busy")], 2),
    "refused before the other was sent": (ALONE, [(0, 1, start("a"), "busy"), (2, 3, start("b"), "accepted")], 1),
    "two take the last place": (
        FULL,
        [(0, 2, start("a", queued=True), "accepted"), (1, 3, start("b", queued=True), "accepted"),
         (4, 5, Look(job="a"), "waiting"), (6, 7, Look(job="b"), "waiting")],
        3,
    ),
    "turned away though there is a place": (FULL, [(0, 1, start("a", queued=True), "full")], 1),
    "the order of those that do not overlap is turned": (
        ALONE,
        [(0, 1, start("a", queued=True), "accepted"), (2, 4, start("b", queued=True), "accepted"),
         (3, 5, start("c", queued=True), "accepted"), (6, 7, Look(job="c"), "running"), (8, 9, Look(job="a"), "waiting")],
        3,
    ),
    "cancelled, and completed": (
        ALONE,
        [(0, 1, start("s", queued=True), "accepted"), (2, 4, Cancel(job="s"), "accepted"), (3, 5, Look(job="s"), "cancelled"),
         (6, 7, Look(job="s"), "succeeded")],
        2,
    ),
    "both cancels are refused, and it waits": (
        ALONE,
        [(0, 1, start("s", queued=True), "accepted"), (2, 4, Cancel(job="s"), "refused"), (3, 5, Cancel(job="s"), "refused"),
         (6, 7, Look(job="s"), "waiting")],
        3,
    ),
    "one token, two things": (HONOURED, [(0, 2, Claim(token="t"), "x"), (1, 3, Claim(token="t"), "y")], 2),
    "one id for two": (MEANINGLESS, [(0, 2, Claim(token="t"), "x"), (1, 3, Claim(token="t"), "x")], 2),
    "never answered, and still no reason to refuse twice": (
        ALONE,
        [(0, 1, start("a"), "busy"), (2, FOREVER, start("b"), None)],
        1,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", POSSIBLE)
def test_what_has_an_explanation_is_possible(name: str) -> None:
    model, rows = POSSIBLE[name]
    for judged in (explained(model, calls(*rows)), tracked(model, calls(*rows), Caps())):
        assert judged.answer is Answer.POSSIBLE
    assert refuted(model, calls(*rows)) is None


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_what_has_none_is_impossible_and_its_core_is_small(name: str) -> None:
    model, rows, size = IMPOSSIBLE[name]
    for judged in (explained(model, calls(*rows)), tracked(model, calls(*rows), Caps())):
        assert judged.answer is Answer.IMPOSSIBLE
    found = refuted(model, calls(*rows))
    assert found is not None
    assert len(found.core) == size


def test_calls_that_touch_may_have_come_in_either_order() -> None:
    rows: list[Row] = [(0, 1, start("a"), "busy"), (1, 2, start("b"), "accepted")]
    assert explained(ALONE, calls(*rows)).answer is Answer.POSSIBLE


@pytest.mark.parametrize("caps", [Caps(steps=5), Caps(clients=2), Caps(calls=3)], ids=["steps", "clients", "calls"])
def test_a_search_that_grows_too_large_is_undecided_with_a_reason(caps: Caps) -> None:
    events = calls(*[(0, 9, start(job, queued=True), "accepted") for job in "abcdef"], (10, 11, start("z"), "accepted"))
    judged = linearized(ALONE, events, caps)
    assert judged.answer is Answer.UNDECIDED
    assert judged.reason


def test_a_set_of_states_that_grows_too_large_is_undecided_with_a_reason() -> None:
    events = calls(
        *[(place, FOREVER, start(job, queued=True), None) for place, job in enumerate("abcdefgh")],
        (20, 21, start("z"), "busy"),
    )
    judged = tracked(ALONE, events, Caps(states=50))
    assert judged.answer is Answer.UNDECIDED
    assert "50" in judged.reason


def test_the_same_calls_always_get_the_same_answer_with_the_same_effort() -> None:
    events = calls(*POSSIBLE["the first may have ended"][1])
    assert len({explained(ALONE, events) for _ in range(5)}) == 1

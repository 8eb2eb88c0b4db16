"""What the evidence checker says, case by case: the rule that is broken, and the observations that prove it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from conformance.evidence import (
    Accepted,
    Checker,
    Contradiction,
    Discipline,
    Listed,
    Observation,
    Opened,
    Refused,
    Rule,
    Seen,
    contradictions,
    steadied,
)


@dataclass(kw_only=True)
class Story:
    """Observations, each a second long and right behind the one before, unless told."""

    told: list[Observation] = field(default_factory=list)
    clock: float = 0.0

    def _window(self, span: tuple[float, float] | None) -> dict[str, Any]:
        began, ended = span or (self.clock, self.clock + 1)
        self.clock = max(self.clock, ended)
        return {"began": began, "ended": ended}

    def accepted(self, job: str, *after: str, span: tuple[float, float] | None = None, **more: Any) -> Story:
        self.told.append(Accepted(job=job, after=after, **more, **self._window(span)))
        return self

    def seen(self, job: str, phase: Any, span: tuple[float, float] | None = None) -> Story:
        self.told.append(Seen(job=job, phase=phase, **self._window(span)))
        return self

    def refused(self, reason: Any) -> Story:
        self.told.append(Refused(reason=reason, **self._window(None)))
        return self

    def listed(self, *waiting: str) -> Story:
        self.told.append(Listed(waiting=frozenset(waiting), **self._window(None)))
        return self

    def opened(self, job: str) -> Story:
        self.told.append(Opened(job=job, began=self.clock))
        return self


def two() -> Story:
    return Story().accepted("a").accepted("b")


ONE = Discipline()
PLACES = Discipline(capacity=2)
LATE = Discipline(capacity=2, failure_starts=False, unmet_in_turn=False)

BROKEN: dict[str, tuple[Discipline, Story, Rule, tuple[str, ...]]] = {
    "overtaken": (ONE, two().seen("b", "running").seen("a", "waiting"), Rule.ORDER, ("running", "waiting")),
    "overtaken by one that is over": (ONE, two().seen("b", "failed").seen("a", "waiting"), Rule.ORDER, ("failed", "waiting")),
    "overtaken, in a list": (ONE, two().seen("b", "running").listed("a", "b"), Rule.ORDER, ("running", "listed")),
    "a list with a hole": (ONE, two().accepted("c").listed("a", "c"), Rule.ORDER, ("listed",)),
    "both run, or out of order": (
        ONE, two().seen("b", "running").seen("a", "running"), Rule.ORDER_OR_SLOTS, ("running", "running"),
    ),
    "one between two looks": (
        ONE, two().seen("a", "running").seen("b", "running").seen("a", "running"), Rule.SLOTS, ("running",) * 3,
    ),
    "three in two slots": (
        Discipline(slots=2), two().accepted("c").seen("a", "running").seen("b", "running").seen("c", "running")
        .seen("a", "running").seen("b", "running"), Rule.ORDER_OR_SLOTS, ("running",) * 3,
    ),
    "one more than may wait": (
        PLACES, two().accepted("c").accepted("d").seen("a", "running"), Rule.CAPACITY, ("accepted", "running"),
    ),
    "refused with a place left": (PLACES, Story().accepted("a").refused("full"), Rule.ROOM, ("refused as full",)),
    "refused when the first had started": (
        PLACES, two().seen("a", "running").refused("full"), Rule.ROOM, ("running", "refused as full"),
    ),
    "let in": (ONE, Story().accepted("a").accepted("b", queued=False).seen("a", "running"), Rule.BUSY, ("accepted unqueued", "running")),
    "let in beside one that ran": (
        Discipline(busy="running"), Story().accepted("a").seen("a", "running").accepted("b", queued=False).seen("a", "running"),
        Rule.BUSY, ("running", "accepted unqueued", "running"),
    ),
    "nobody there": (ONE, Story().accepted("a").seen("a", "succeeded").refused("busy"), Rule.IDLE, ("refused as busy",)),
    "back again": (ONE, Story().accepted("a").seen("a", "running").seen("a", "waiting"), Rule.LIFECYCLE, ("running", "waiting")),
    "impatient": (ONE, Story().accepted("a").accepted("b", "a").seen("b", "running").seen("a", "active"), Rule.DEPENDENCY_ORDER, ("running", "active")),
    "impatient at one remove": (
        ONE, Story().accepted("a").accepted("b", "a").accepted("c", "b").seen("c", "running").seen("a", "active"),
        Rule.DEPENDENCY_ORDER, ("running", "active"),
    ),
    "heedless": (ONE, Story().accepted("a").accepted("b", "a").seen("a", "failed").seen("b", "running"), Rule.DEPENDENCY_SUCCESS, ("failed", "running")),
    "heedless at one remove": (
        ONE, Story().accepted("a").accepted("b", "a").accepted("c", "b").seen("c", "running").seen("a", "failed"),
        Rule.DEPENDENCY_SUCCESS, ("running", "failed"),
    ),
    "nobody to depend on": (ONE, Story().accepted("a", unknown=True).seen("a", "running"), Rule.DEPENDENCY_UNKNOWN, ("accepted", "running")),
    "wronged": (ONE, Story().accepted("a").accepted("b", "a").seen("a", "succeeded").seen("b", "unmet"), Rule.NO_REASON, ("succeeded", "unmet")),
    "wronged, as a third job shows": (
        ONE, Story().accepted("a").accepted("b", "a").accepted("c", "a").seen("b", "unmet").seen("c", "running"),
        Rule.NO_REASON, ("unmet", "running"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_contradiction_names_its_rule_and_shows_its_core(name: str) -> None:
    discipline, story, rule, kinds = BROKEN[name]
    found = [each for each in contradictions(discipline, story.told) if each.rule is rule]
    assert found
    assert found[0].kinds == kinds
    assert contradictions(discipline, story.told[:-1]) == []


KEPT: dict[str, tuple[Discipline, Story]] = {
    "looks overlap": (ONE, two().seen("b", "running", (5, 8)).seen("a", "waiting", (6, 9))),
    "full, but for a request without an answer": (PLACES, Story().accepted("a").opened("x").refused("full")),
    "the slots are taken by others": (Discipline(capacity=2, exclusive=False), two().seen("a", "running").refused("full")),
    "two run in two slots": (Discipline(slots=2), two().seen("a", "running").seen("b", "running").seen("a", "running")),
    "let in when the other may have waited": (
        Discipline(busy="running"), Story().accepted("a").accepted("b", queued=False).seen("a", "running"),
    ),
    "fell while it waited": (LATE, two().seen("b", "failed").seen("a", "waiting")),
    "one may have fallen unseen": (LATE, two().accepted("c").accepted("d").seen("a", "running")),
    "somebody else's": (ONE, Story().accepted("a").seen("z", "running").seen("a", "waiting")),
    "starts overlap": (
        ONE, Story().accepted("a", span=(0, 5)).accepted("b", span=(1, 6)).seen("b", "running").seen("a", "waiting"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", KEPT)
def test_what_a_correct_queue_may_show_is_no_contradiction(name: str) -> None:
    discipline, story = KEPT[name]
    assert contradictions(discipline, steadied(story.told) if discipline is LATE else story.told) == []


def test_judging_goes_on_behind_a_contradiction() -> None:
    found = contradictions(ONE, two().seen("b", "running").seen("a", "waiting").seen("a", "waiting").told)
    assert [each.rule for each in found] == [Rule.ORDER, Rule.ORDER]


def test_observations_come_in_order_of_completion() -> None:
    checker = Checker(ONE)
    checker.observe(Refused(reason="busy", began=0, ended=9))
    with pytest.raises(ValueError, match="order of completion"):
        checker.observe(Refused(reason="busy", began=1, ended=2))


def test_contradictions_are_values() -> None:
    [one] = contradictions(ONE, Story().refused("busy").told)
    assert one == Contradiction(rule=Rule.IDLE, core=one.core)

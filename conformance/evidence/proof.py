"""Checks calls against a model by the tier that fits, and names the few calls that prove it impossible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from conformance.evidence.judgement import Answer, Caps, Judgement
from conformance.evidence.linearizability import linearized
from conformance.evidence.model import Event, Model, overlapping, parts
from conformance.evidence.state_set import tracked

CAPS = Caps()
_LEAST, _MORE = 2_000, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Refutation:
    """An independent part of a history that no behaviour explains; ``core`` are the calls whose answers prove it."""

    events: tuple[Event, ...]
    core: tuple[int, ...]


def explained(model: Model[Any], events: Sequence[Event], caps: Caps = CAPS) -> Judgement:
    """Whether a model explains calls; each independent part on its own, by the state set or, where calls overlap, by order."""
    found = [_checked(model, part, caps) for part in parts(model, events)]
    effort = sum(each.effort for each in found)
    for wanted in (Answer.IMPOSSIBLE, Answer.UNDECIDED):
        for each in found:
            if each.answer is wanted:
                return Judgement(answer=wanted, reason=each.reason, effort=effort, last=each.last)
    return Judgement(answer=Answer.POSSIBLE, effort=effort)


def _checked(model: Model[Any], events: Sequence[Event], caps: Caps) -> Judgement:
    return linearized(model, events, caps) if overlapping(events) else tracked(model, events, caps)


def refuted(model: Model[Any], events: Sequence[Event], caps: Caps = CAPS) -> Refutation | None:
    """A part of the calls that no behaviour explains, and its core; None where none was found.

    Answers are forgotten one by one as long as the rest stays impossible. That a call was sent is never forgotten, since
    it may have had its effect: so the core proves the whole history impossible, and not only a shorter one.
    """
    for part in parts(model, events):
        found = _checked(model, part, caps)
        if found.impossible:
            # A history with fewer answers takes longer to rule out; one that takes much longer keeps its answers.
            steps = min(caps.steps, max(_LEAST, _MORE * found.effort))
            return Refutation(events=tuple(part), core=_core(model, part, replace(caps, steps=steps)))
    return None


def _core(model: Model[Any], events: Sequence[Event], caps: Caps) -> tuple[int, ...]:
    """The calls whose answers are needed: those that only show something are forgotten first, the latest before the older."""
    kept = list(events)
    size = max(1, len(kept) // 2)
    while True:
        places = sorted(
            (place for place, event in enumerate(kept) if event.answered is not None),
            key=lambda place: (model.changes(kept[place]), -place),
        )
        for start in range(0, len(places), size):
            chosen = set(places[start : start + size])
            tried = [event.forgotten() if place in chosen else event for place, event in enumerate(kept)]
            if _checked(model, _telling(model, tried), caps).impossible:
                kept = tried
        if size == 1:
            return tuple(event.id for event in kept if event.answered is not None)
        size //= 2


def _telling(model: Model[Any], events: Sequence[Event]) -> list[Event]:
    """The calls without those of which nothing is known, and which have no effect."""
    return [event for event in events if event.answered is not None or model.changes(event)]

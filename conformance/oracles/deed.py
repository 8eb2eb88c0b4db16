"""Deeds: requests of an action, and what was seen of the instance before and after each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from conformance.answer import Answer
from conformance.history import Call
from conformance.oracles.counters import same_run
from conformance.oracles.performance import over
from conformance.view import ODD, Sighting, View
from specs import Action, Clause, Resource, point

#: Roles of calls that are wrong on purpose, or not signed as they should be.
WRONG = frozenset({*ODD, "outside", "auth"})


@dataclass(frozen=True, kw_only=True)
class Deed:
    """One request of an action.

    ``before`` is the last sighting that was over when the request was sent, ``later`` are those begun after its answer.
    ``touched`` are the ids of all our calls that may have changed the instance.
    """

    action: Action
    resource: Resource
    identifier: str
    call: Call
    answer: Answer
    before: Sighting | None
    later: tuple[Sighting, ...]
    touched: tuple[Call, ...]
    """The other requests of ours that may have changed the instance, whenever they were sent."""

    def state(self, sighting: Sighting | None) -> str | None:
        """What decides about the action, as a sighting shows it."""
        if sighting is None or self.action.state is None:
            return None if sighting is None else sighting.status
        found = point(sighting.tree, self.action.state)
        return found if isinstance(found, str) else None

    @property
    def alone(self) -> bool:
        """Whether no other request of ours touched the instance from ``before`` on until this one was answered."""
        since = self.before.started if self.before is not None else 0.0
        return not self._touched(since, over(self.call))

    def touched_until(self, call: Call) -> bool:
        """Whether another request of ours touched the instance from this one on until a later call was answered."""
        return self._touched(self.call.started, over(call))

    def _touched(self, since: float, until: float) -> bool:
        return any(each.started < until and over(each) > since for each in self.touched)

    @cached_property
    def found(self) -> str | None:
        """The state before."""
        return self.state(self.before)

    @cached_property
    def left(self) -> str | None:
        """The state after."""
        return self.state(self.later[0]) if self.later else None


def action_of(clause: Clause, view: View) -> tuple[Resource, Action]:
    """The resource and the action a clause is about."""
    resource = view.spec.resources[clause.data["resource"]]
    return resource, resource.actions[clause.data["action"]]


def deeds(clause: Clause, view: View) -> list[Deed]:
    """Every well-formed and answered request of the action a clause is about, in order."""
    resource, action = action_of(clause, view)
    touched = _touched(view, resource)
    found = []
    for call in view.by_operation[action.use.operation]:
        identifier = action.use.named(call.intent.arguments)
        if (
            not isinstance(identifier, str)
            or call.response is None
            or call.ended is None
            or call.intent.role in WRONG
            or not action.matches(call.operation, call.intent.arguments)
        ):
            continue
        sightings = view.sightings(resource).get(identifier, [])
        before = next((s for s in reversed(sightings) if s.ended <= call.started and s.call.id < call.id), None)
        later = tuple(
            s for s in sightings
            if s.started >= call.ended and s.call.id > call.id
            # What was taken up again under its id was done to by nobody yet.
            and (before is None or same_run(resource.counters, before, s))
        )  # fmt: skip
        found.append(
            Deed(
                action=action, resource=resource, identifier=identifier, call=call, answer=view.answer(call), before=before,
                later=later, touched=tuple(each for each in touched.get(identifier, ()) if each.id != call.id),
            )
        )  # fmt: skip
    return found


def _touched(view: View, resource: Resource) -> dict[str, list[Call]]:
    """By instance, the calls of ours that may have changed it."""
    found: dict[str, list[Call]] = {}
    uses = [*(action.use for action in resource.actions.values()), resource.cancel, resource.delete]
    for use in {(use.operation, use.parameter): use for use in uses if use is not None}.values():
        for call in view.by_operation[use.operation]:
            identifier = use.named(call.intent.arguments)
            if isinstance(identifier, str):
                found.setdefault(identifier, []).append(call)
    return found

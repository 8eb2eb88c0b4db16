"""A program's calls read back: its jobs, what was asked for each, and what each look at it showed."""

from __future__ import annotations

import weakref
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from conformance.answer import Answer, Kind
from conformance.history import Call
from conformance.view import View
from specs import MISSING, TERMINAL, Resource, point

_PROGRAM = "program "
ACTIVE = ("waiting", "running")
_NEVER = float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One read of a job: the call, the status shown, and the phase it belongs to."""

    call: Call
    status: str
    phase: str

    @property
    def began(self) -> float:
        """When the read was sent; the status shown was true at some time from then on."""
        return self.call.started

    @property
    def ended(self) -> float:
        """When the answer was there; the status shown was true at some time up to then."""
        return over(self.call)


def over(call: Call) -> float:
    """When a call was answered; for one that was not, a time that nothing comes after."""
    return call.ended if call.ended is not None else float("inf")


@dataclass(slots=True, kw_only=True, eq=False)
class Part:
    """One job of a program. ``identifier`` is None where its request was not accepted.

    ``repeatable`` says that the same request, but for its place in the queue and what it waits for, was accepted some
    other time: a refusal of it has its reason in the queue.
    """

    name: str
    start: Call
    answer: Answer
    identifier: str | None
    after: tuple[str, ...]
    admission: Any
    asked: bool
    repeatable: bool = False
    looks: list[Look] = field(default_factory=list)
    cancels: list[Call] = field(default_factory=list)

    @property
    def accepted(self) -> bool:
        """Whether the job was accepted."""
        return self.identifier is not None

    @property
    def final(self) -> Look | None:
        """The last look, if it shows the end of the job."""
        return self.looks[-1] if self.looks and self.looks[-1].phase in TERMINAL else None

    @property
    def untouched(self) -> float:
        """Until when nobody had asked for the job to be cancelled."""
        return min((call.started for call in self.cancels), default=float("inf"))

    def first(self, *phases: str) -> Look | None:
        """The first look that shows one of these phases."""
        return next((look for look in self.looks if look.phase in phases), None)

    def last(self, *phases: str) -> Look | None:
        """The last look that shows one of these phases."""
        return next((look for look in reversed(self.looks) if look.phase in phases), None)

    def undisturbed(self, *phases: str) -> list[Look]:
        """The looks that show one of these phases, before anybody asked for a cancel: its effect may lag behind."""
        return [look for look in self.looks if look.phase in phases and look.ended <= self.untouched]

    def over_before(self, call: Call) -> bool:
        """Whether the job was seen at its end before a call was sent."""
        return any(look.phase in TERMINAL and look.ended <= call.started for look in self.looks)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, weakref_slot=True)
class Performance:
    """One program carried out: its name, its jobs in the order they were asked for, and whether we were alone.

    ``ghosts`` are requests for jobs that were never answered, or not in a way that tells whether there is a job now.
    """

    program: str
    resource: Resource
    parts: Mapping[str, Part]
    alone: bool
    ghosts: tuple[Call, ...] = ()

    @property
    def accepted(self) -> list[Part]:
        """The jobs that were accepted, in order."""
        return [part for part in self.parts.values() if part.accepted]

    def dependencies(self, part: Part) -> list[Part]:
        """The jobs of this program that a job depends on."""
        by_id = {each.identifier: each for each in self.accepted}
        return [by_id[identifier] for identifier in dict.fromkeys(part.after) if identifier in by_id]

    def known(self, part: Part) -> bool:
        """Whether all that a job depends on are jobs of this program."""
        return len(self.dependencies(part)) == len(set(part.after))

    def active_at_most(self, call: Call) -> int:
        """How many jobs of ours may have been active when a call was made."""
        ours = [
            each
            for each in self.accepted
            if each.start is not call and each.start.started < over(call) and not each.over_before(call)
        ]
        return len(ours) + sum(ghost is not call and ghost.started < over(call) for ghost in self.ghosts)


def full_at(performance: Performance, part: Part) -> bool:
    """Whether a request to be queued was turned away in the way of a full queue, or put off."""
    queue = performance.resource.queue
    if queue is None or not part.asked or part.after:
        return False
    answer = part.answer
    return answer.kind is Kind.THROTTLED or (answer.refused and part.repeatable and queue.full.allows_name(answer.name))


_READ: weakref.WeakKeyDictionary[View, dict[str, list[Performance]]] = weakref.WeakKeyDictionary()


def performances(view: View, resource: Resource, *, kind: str = _PROGRAM) -> list[Performance]:
    """Every program that was carried out on a resource, in order; ``kind`` is what the names of its scenarios begin with."""
    known = _READ.setdefault(view, {})
    key = kind + resource.name
    if key not in known:
        known[key] = list(_performances(view, resource, kind))
    return known[key]


def _performances(view: View, resource: Resource, kind: str) -> Iterator[Performance]:
    accepted = {_essence(resource, call) for _, call in view.creations[resource.name]}
    creations = view.by_operation[resource.create.operation]
    groups = dict.fromkeys(call.intent.group for call in creations if call.intent.scenario.startswith(kind))
    ends = _ends(view, resource)
    for group in groups:
        calls = view.by_group[group]
        starts = [call for call in calls if call.intent.role == "start"]
        parts = {call.intent.case: _part(view, resource, call) for call in starts}
        for part in parts.values():
            part.repeatable = _essence(resource, part.start) in accepted
        for call in calls:
            known = parts.get(call.intent.case)
            if known is not None and call.intent.role == "read":
                _looked(view, resource, known, call)
            elif known is not None and call.intent.role == "cancel":
                known.cancels.append(call)
        chosen = {part.start.id for part in parts.values() if part.accepted}
        yield Performance(
            program=calls[0].intent.scenario.removeprefix(kind), resource=resource, parts=parts,
            alone=view.exclusive and _nothing_left(view, resource, ends, calls[0]),
            ghosts=tuple(call for call in starts if call.id not in chosen and _may_have_happened(view, call)),
        )  # fmt: skip


def _part(view: View, resource: Resource, call: Call) -> Part:
    identifier = point(view.tree(call), resource.id)
    queue = resource.queue
    after = call.intent.arguments.get(resource.dependencies.parameter, ()) if resource.dependencies else ()
    admission = call.intent.arguments.get(queue.parameter, MISSING) if queue else MISSING
    return Part(
        name=call.intent.case, start=call, answer=view.answer(call), after=tuple(after),
        identifier=identifier if isinstance(identifier, str) and identifier else None, admission=admission,
        asked=queue is not None and admission is not MISSING and admission in {queue.admit, queue.admit_text},
    )  # fmt: skip


def _essence(resource: Resource, call: Call) -> str:
    """What a request asks for, but for the queue and the dependencies."""
    left_out = {
        resource.queue.parameter if resource.queue else "",
        resource.dependencies.parameter if resource.dependencies else "",
    }
    return repr(sorted((name, repr(value)) for name, value in call.intent.arguments.items() if name not in left_out))


def _may_have_happened(view: View, call: Call) -> bool:
    """Whether a request that gave us no job may have made one all the same; a plain refusal has not."""
    return view.answer(call).kind not in {Kind.REFUSAL, Kind.THROTTLED} and call.trouble not in {
        "refused",
        "unsendable",
    }


def _looked(view: View, resource: Resource, part: Part, call: Call) -> None:
    """Take note of what a read shows; a status that may belong to a running job or to one that is over says neither."""
    status = point(view.tree(call), resource.status or "")
    phase = resource.phase(status) if isinstance(status, str) else None
    if phase is None or (phase == "running" and status not in _surely_running(resource)):
        return
    part.looks.append(Look(call=call, status=str(status), phase=phase))


def _surely_running(resource: Resource) -> tuple[str, ...]:
    """The statuses that only a running job has: those of the scene that keeps the slot."""
    scene = resource.scenes.get(resource.queue.hold) if resource.queue else None
    return scene.statuses if scene is not None and scene.statuses else tuple(resource.phases.get("running", ()))


def _nothing_left(view: View, resource: Resource, ends: Mapping[str, float], first: Call) -> bool:
    """Whether every job of ours that was or may have been created before was seen at its end before the program began."""
    created = view.created(resource.name)
    if any(call.id < first.id and ends.get(each, _NEVER) > first.started for each, call in created.items()):
        return False
    made = {call.id for _, call in view.creations[resource.name]}
    return not any(
        call.id < first.id and call.id not in made and _may_have_happened(view, call)
        for call in view.by_operation[resource.create.operation]
    )


def _ends(view: View, resource: Resource) -> dict[str, float]:
    """By id: by when a job was seen at its end for the first time."""
    found: dict[str, float] = {}
    for identifier, seen in view.sightings(resource).items():
        end = min((each.ended for each in seen if resource.is_terminal(each.status)), default=None)
        if end is not None:
            found[identifier] = end
    return found

"""A program's calls read back: its jobs, what was asked for each, and what each look at it showed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from conformance.answer import Answer
from conformance.history import Call
from conformance.view import View
from specs import MISSING, Resource, point

_PROGRAM = "program "


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
        return self.call.ended if self.call.ended is not None else self.call.started


@dataclass(slots=True, kw_only=True)
class Part:
    """One job of a program. ``identifier`` is None where its request was not accepted."""

    name: str
    start: Call
    answer: Answer
    identifier: str | None
    after: tuple[str, ...]
    admission: Any
    looks: list[Look] = field(default_factory=list)
    cancels: list[Call] = field(default_factory=list)

    @property
    def accepted(self) -> bool:
        """Whether the job was accepted."""
        return self.identifier is not None

    @property
    def final(self) -> Look | None:
        """The last look, if it shows the end of the job."""
        return self.looks[-1] if self.looks and self.looks[-1].phase not in {"waiting", "running"} else None

    def first(self, *phases: str) -> Look | None:
        """The first look that shows one of these phases."""
        return next((look for look in self.looks if look.phase in phases), None)

    def last(self, *phases: str) -> Look | None:
        """The last look that shows one of these phases."""
        return next((look for look in reversed(self.looks) if look.phase in phases), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Performance:
    """One program carried out: its name, its jobs in the order they were asked for, and whether we were alone."""

    program: str
    resource: Resource
    parts: dict[str, Part]
    alone: bool

    @property
    def accepted(self) -> list[Part]:
        """The jobs that were accepted, in order."""
        return [part for part in self.parts.values() if part.accepted]

    def dependencies(self, part: Part) -> list[Part]:
        """The jobs of this program that a job depends on."""
        by_id = {each.identifier: each for each in self.accepted}
        return [by_id[identifier] for identifier in part.after if identifier in by_id]


_READ: WeakKeyDictionary[View, dict[str, tuple[Performance, ...]]] = WeakKeyDictionary()


def performances(view: View, resource: Resource) -> tuple[Performance, ...]:
    """Every program that was carried out on a resource, in order; read once, since many clauses ask for them."""
    known = _READ.setdefault(view, {})
    if resource.name not in known:
        known[resource.name] = tuple(_performances(view, resource))
    return known[resource.name]


def _performances(view: View, resource: Resource) -> Iterator[Performance]:
    groups = dict.fromkeys(call.intent.group for call in view.by_operation[resource.create.operation] if call.intent.scenario.startswith(_PROGRAM))
    for group in groups:
        calls = view.by_group[group]
        parts = {call.intent.case: _part(view, resource, call) for call in calls if call.intent.role == "start"}
        for call in calls:
            part = parts.get(call.intent.case)
            if part is None:
                continue
            if call.intent.role == "read":
                _looked(view, resource, part, call)
            elif call.intent.role == "cancel":
                part.cancels.append(call)
        yield Performance(
            program=calls[0].intent.scenario.removeprefix(_PROGRAM), resource=resource, parts=parts,
            alone=view.exclusive and _nothing_left(view, resource, calls[0]),
        )  # fmt: skip


def _part(view: View, resource: Resource, call: Call) -> Part:
    identifier = point(view.tree(call), resource.id)
    after = call.intent.arguments.get(resource.dependencies.parameter, ()) if resource.dependencies else ()
    return Part(
        name=call.intent.case, start=call, answer=view.answer(call), after=tuple(after),
        identifier=identifier if isinstance(identifier, str) and identifier else None,
        admission=call.intent.arguments.get(resource.queue.parameter, MISSING) if resource.queue else MISSING,
    )  # fmt: skip


def _looked(view: View, resource: Resource, part: Part, call: Call) -> None:
    status = point(view.tree(call), resource.status or "")
    phase = resource.phase(status) if isinstance(status, str) else None
    if phase is not None:
        part.looks.append(Look(call=call, status=str(status), phase=phase))


def _nothing_left(view: View, resource: Resource, first: Call) -> bool:
    """Whether every job of ours created before was seen at its end before the program began."""
    ours = {identifier for identifier, call in view.created(resource.name).items() if call.id < first.id}
    ended = {
        identifier for identifier, seen in view.sightings(resource).items()
        if any(resource.is_terminal(s.status) and s.ended <= first.started for s in seen)
    }  # fmt: skip
    return ours <= ended

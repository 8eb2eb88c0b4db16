"""Jobs of actions and experiments, read back from their calls alone: what was asked for, shown, and asked of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from conformance import Call, View
from reports.timeline import UNKNOWN, UNREAD, Act, Cancel, Job, Look
from specs import Resource, Spec, point

_READS = frozenset({"read", "outcome", "look"})
_ACTS = frozenset({"act", "confirm", "touch"})
_NAME, _ID, _STATUS, _ANSWER = 60, 120, 120, 300
_MOST = 40


def scene_name(call: Call) -> str:
    """What a scene is called: an experiment by the clause it is about, others as they call themselves."""
    kind, _, name = call.intent.scenario.partition(" ")
    return call.intent.clause.partition(".")[2] if kind == "experiment" and call.intent.clause else name


def scene_jobs(view: View, calls: Sequence[Call]) -> list[Job]:
    """The jobs, or whatever else was created, in the order in which they were asked for."""
    starts = {call.intent.case: call for call in calls if call.intent.role == "start"}
    return [_job(view, name, start, starts, calls) for name, start in starts.items()]


def acts_of(view: View, name: str, names: Collection[str], calls: Sequence[Call]) -> tuple[Act, ...]:
    """The requests about a job that are neither for it nor for its end: of a case that is its name, and maybe more words."""
    found = []
    for call in calls:
        if call.intent.role in _ACTS and owner(call.intent.case, names) == name:
            deed = " ".join([call.operation, call.intent.case.removeprefix(name).strip()]).strip()
            answer = view.answer(call).described() if call.response is not None else "nothing"
            found.append(Act(at=call.started, call=call.id, name=deed[:_NAME], answer=answer[:_ANSWER]))
    return tuple(found[:_MOST])


def owner(case: str, names: Collection[str]) -> str | None:
    """The longest of the names that a case begins with."""
    return max((name for name in names if case == name or case.startswith(f"{name} ")), key=len, default=None)


def _job(view: View, name: str, start: Call, names: Collection[str], calls: Sequence[Call]) -> Job:
    resource = _created(view.spec, start)
    identifier = point(view.tree(start), resource.id) if resource is not None else None
    accepted = isinstance(identifier, str) and bool(identifier)
    refused = None
    if not accepted and start.response is not None:
        answer = view.answer(start)
        refused = f"{answer.described()} {answer.message or ''}".strip()[:_ANSWER]
    own = [call for call in calls if owner(call.intent.case, names) == name]
    return Job(
        name=name[:_NAME], id=str(identifier)[:_ID] if accepted else None, call=start.id, asked=start.started,
        accepted=start.ended if accepted else None, refused=refused, looks=tuple(_looks(view, resource, own)),
        cancels=tuple(Cancel(at=call.started, call=call.id) for call in own if call.intent.role == "cancel"),
        acts=acts_of(view, name, names, calls),
    )  # fmt: skip


def _created(spec: Spec, start: Call) -> Resource | None:
    return next((each for each in spec.resources.values() if each.create.operation == start.operation), None)


def _looks(view: View, resource: Resource | None, calls: Sequence[Call]) -> Iterator[Look]:
    for call in calls:
        if call.intent.role in _READS:
            status, phase = _shown(view, resource, call)
            ended = call.started if call.ended is None else call.ended
            yield Look(began=call.started, ended=ended, status=status[:_STATUS], phase=phase, call=call.id)


def _shown(view: View, resource: Resource | None, call: Call) -> tuple[str, str]:
    status = point(view.tree(call), resource.status or "") if resource is not None else None
    if not isinstance(status, str) or resource is None:
        return view.answer(call).described(), UNREAD
    return status, resource.phase(status) or UNKNOWN

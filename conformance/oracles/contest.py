"""Races read back from a history: which calls belong together, what they were about, and whether they overlapped."""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from conformance.answer import Kind
from conformance.evidence.model import FOREVER
from conformance.history import Call
from conformance.view import View
from specs import MISSING, Resource, point
from strategies import races_for

_RACE = "race "
_NEVER_SENT = frozenset({"refused", "unsendable"})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Contest:
    """One race that was run.

    Attributes:
        race: its name.
        calls: its calls, in the order in which they were sent.
        names: by call, the job that a request for one is about; a second request under one name is another job.
        ids: by job, the id it was given.
        alone: whether nothing of ours was left from before, and nobody else uses the target.
    """

    race: str
    calls: tuple[Call, ...]
    names: Mapping[int, str]
    ids: Mapping[str, str]
    alone: bool

    def starts(self, *prefixes: str) -> list[Call]:
        """The requests for jobs whose names begin so; all of them for none."""
        return [
            call for call in self.calls
            if call.intent.role == "start" and (not prefixes or call.intent.case.startswith(prefixes))
        ]  # fmt: skip

    def accepted(self, *prefixes: str) -> list[str]:
        """The jobs whose names begin so, and that were accepted."""
        return [name for name in self.ids if not prefixes or name.startswith(prefixes)]

    def job(self, call: Call) -> str:
        """The job a call is about."""
        return self.names.get(call.id, call.intent.case)


_READ: weakref.WeakKeyDictionary[View, dict[str, list[Contest]]] = weakref.WeakKeyDictionary()


def contests(view: View, resource: Resource) -> list[Contest]:
    """Every race that was run over a resource, in order."""
    known = _READ.setdefault(view, {})
    if resource.name not in known:
        known[resource.name] = list(_contests(view, resource))
    return known[resource.name]


def _contests(view: View, resource: Resource) -> Iterator[Contest]:
    known = {race.name for race in races_for(resource)}
    begun = view.by_operation[resource.create.operation]
    groups = dict.fromkeys(call.intent.group for call in begun if call.intent.scenario.startswith(_RACE))
    for group in groups:
        calls = [call for call in view.by_group[group] if call.intent.scenario.startswith(_RACE)]
        calls.sort(key=lambda call: (call.started, call.id))
        name = calls[0].intent.scenario.removeprefix(_RACE)
        if name not in known:
            continue
        names, ids = _jobs(view, resource, calls)
        yield Contest(
            race=name,
            calls=tuple(calls),
            names=names,
            ids=ids,
            alone=view.exclusive and _nothing_left(view, resource, calls),
        )


def _jobs(view: View, resource: Resource, calls: Iterable[Call]) -> tuple[dict[int, str], dict[str, str]]:
    names: dict[int, str] = {}
    ids: dict[str, str] = {}
    for call in calls:
        if call.intent.role != "start":
            continue
        identifier = point(view.tree(call), resource.id)
        case = call.intent.case
        if isinstance(identifier, str) and identifier and case not in ids:
            names[call.id], ids[case] = case, identifier
        else:
            names[call.id] = f"{case} of call {call.id}"
    return names, ids


def _nothing_left(view: View, resource: Resource, calls: Iterable[Call]) -> bool:
    """Whether every job of ours that was, or may have been, asked for before was seen at its end when the race began."""
    first = min(calls, key=lambda call: call.started)
    seen = view.sightings(resource)
    for call in view.by_operation[resource.create.operation]:
        if call.started >= first.started or call.intent.group == first.intent.group:
            continue
        identifier = point(view.tree(call), resource.id)
        if isinstance(identifier, str) and identifier:
            if not any(resource.is_terminal(s.status) and s.ended <= first.started for s in seen.get(identifier, ())):
                return False
        elif may_have_happened(view, call):
            return False
    return True


def undisturbed(view: View, resource: Resource, contest: Contest, *names: str) -> bool:
    """Whether nobody else, and nothing of ours from before, acts on what the creations of a race name."""
    mine = {str(call.intent.arguments.get(name)) for call in contest.starts() for name in names}
    seen = view.sightings(resource)
    for call in view.by_operation[resource.create.operation]:
        if call.started >= contest.calls[0].started or not mine & {str(call.intent.arguments.get(n)) for n in names}:
            continue
        ended = seen.get(str(point(view.tree(call), resource.id)), ())
        if may_have_happened(view, call) and not any(
            resource.is_terminal(each.status) and each.ended <= contest.calls[0].started for each in ended
        ):
            return False
    return view.exclusive


def may_have_happened(view: View, call: Call) -> bool:
    """Whether a request that was not plainly accepted may have had its effect; a refusal has none."""
    return view.answer(call).kind not in {Kind.REFUSAL, Kind.THROTTLED} and call.trouble not in _NEVER_SENT


def window(call: Call) -> tuple[float, float]:
    """When a call was sent and when it was answered, as a recorded history tells it."""
    return round(call.started, 6), FOREVER if call.ended is None else round(call.ended, 6)


def overlap(calls: Iterable[Call]) -> bool:
    """Whether two calls of different clients were under way at once."""
    ordered = sorted(calls, key=lambda call: call.started)
    return any(
        later.process != earlier.process and window(later)[0] <= window(earlier)[1]
        for place, earlier in enumerate(ordered) for later in ordered[place + 1 :]
    )  # fmt: skip


def essence(resource: Resource, call: Call) -> str:
    """What a request asks for, but for the queue: where it was accepted once, a refusal has its reason in the queue."""
    left_out = resource.queue.parameter if resource.queue else ""
    return repr(sorted((name, repr(value)) for name, value in call.intent.arguments.items() if name != left_out))


def accepted_essences(view: View, resource: Resource) -> frozenset[str]:
    """What was asked for by the requests that were accepted."""
    return frozenset(
        essence(resource, call) for call in view.by_operation[resource.create.operation]
        if point(view.tree(call), resource.id) is not MISSING
    )  # fmt: skip

"""Promises at the creation: what a token that comes again brings, jobs one at a time, and jobs that wait to be let go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from conformance.history import Call
from conformance.oracles.deed import WRONG
from conformance.oracles.registry import Tally, oracle
from conformance.view import Sighting, View
from specs import MISSING, Clause, Refusal, Resource, point

_TOLD = {"same": "the same id is given", "new": "another one is made", "refused": "it is refused"}
_ALONE = {"refused": "a second job is refused", "waits": "a second job waits", "together": "jobs run together"}


def _of(clause: Clause, view: View) -> Resource:
    return view.spec.resources[clause.data["resource"]]


def _sent(clause: Clause, view: View) -> list[Call]:
    """The requests to create that keep to every constraint, and were answered."""
    return [
        call
        for call in view.by_operation[clause.operation]
        if call.intent.role not in WRONG and call.response is not None and call.request.method != "OPTIONS"
    ]


@oracle("token-same")
def token_same(clause: Clause, view: View, tally: Tally) -> None:
    """The same token with the same request gives one of the documented outcomes."""
    _repeated(clause, view, tally, other=False)


@oracle("token-other")
def token_other(clause: Clause, view: View, tally: Tally) -> None:
    """The same token with another request gives one of the documented outcomes."""
    _repeated(clause, view, tally, other=True)


def _repeated(clause: Clause, view: View, tally: Tally, *, other: bool) -> None:
    resource = _of(clause, view)
    promise = resource.idempotency
    assert promise is not None  # noqa: S101 - derived only then
    permitted = promise.other if other else promise.same
    for first, again in pairs(clause, view, promise.parameter):
        if (first.request.body != again.request.body) is not other:
            continue
        answer = view.answer(again)
        given = [point(view.tree(call), resource.id) for call in (first, again)]
        if answer.success:
            outcome = "same" if given[0] == given[1] else "new"
        elif answer.refused:
            outcome = "refused"
        else:
            continue
        if outcome == "refused" and outcome in permitted and not _allows(view, promise.refusal, again):
            tally.breach(first, again, expected=_named(promise.refusal), actual=answer.described())
        elif outcome not in permitted:
            told = " or ".join(_TOLD[each] for each in permitted)
            tally.breach(first, again, expected=f"that {told}", actual=f"{_TOLD[outcome]}: {answer.described()}")
        else:
            tally.hit(outcome)
            if len(permitted) > 1:
                tally.reading = _TOLD[outcome]


def pairs(clause: Clause, view: View, parameter: str) -> Iterator[tuple[Call, Call]]:
    """The first accepted request with a token, and each later one in the same place with the same token."""
    first: dict[tuple[str, str], Call] = {}
    for call in _sent(clause, view):
        token = call.intent.arguments.get(parameter)
        if not isinstance(token, str):
            continue
        key = call.request.target, token
        if key in first:
            yield first[key], call
        elif view.answer(call).success:
            first[key] = call


def _allows(view: View, allowed: Refusal, call: Call) -> bool:
    answer = view.answer(call)
    return allowed.allows(answer.name, answer.status, suffix=view.spec.errors.suffix)


def _named(allowed: Refusal) -> str:
    return f"{' or '.join(allowed.names) or 'a refusal'} with HTTP {' or '.join(map(str, allowed.statuses))}"


@oracle("one-at-a-time")
def one_at_a_time(clause: Clause, view: View, tally: Tally) -> None:
    """What a second job of the same parent meets while another runs: each documented reading is counted, no other permitted."""
    resource = _of(clause, view)
    promise = resource.alone
    assert promise is not None  # noqa: S101 - derived only then
    seen: set[str] = set()
    by_parent: dict[str, list[str]] = defaultdict(list)
    for identifier, made in view.created(resource.name).items():
        by_parent[str(made.intent.arguments.get(promise.parent))].append(identifier)
    sightings = view.sightings(resource)
    for call in _sent(clause, view):
        running = _running(resource, sightings, by_parent[str(call.intent.arguments.get(promise.parent))], call)
        if running is None or not view.answer(call).refused:
            continue
        if "refused" in promise.readings and _allows(view, promise.refusal, call):
            seen.add("refused")
            tally.hit("refused")
        elif call.intent.role in {"start", "create"}:
            tally.breach(running.call, call, expected=_named(promise.refusal), actual=view.answer(call).described())
    for identifiers in by_parent.values():
        for reading, calls in company(resource, sightings, identifiers):
            if reading in promise.readings:
                seen.add(reading)
                tally.hit(reading)
            else:
                tally.breach(*calls, expected=" or ".join(_ALONE[r] for r in promise.readings), actual=_ALONE[reading])
    tally.reading = "; ".join(_ALONE[each] for each in promise.readings if each in seen) or None
    if not seen and len(view.created(resource.name)) > 1:
        tally.undecided("no job was seen running before and after another was started: jobs may end too quickly")


def _running(
    resource: Resource, sightings: dict[str, list[Sighting]], identifiers: list[str], call: Call
) -> Sighting | None:
    """A sighting of a job that ran before a call was sent and still after it was answered."""
    for identifier in identifiers:
        shown = [s for s in sightings.get(identifier, ()) if resource.phase(s.status) == "running"]
        before = [s for s in shown if s.ended <= call.started]
        if before and any(s.started >= (call.ended or call.started) for s in shown):
            return before[-1]
    return None


def company(
    resource: Resource, sightings: dict[str, list[Sighting]], identifiers: list[str]
) -> Iterator[tuple[str, tuple[Call, ...]]]:
    """Readings proven by three sightings: of one job running, of another one, and of the first still running."""
    spans = {}
    for identifier in identifiers:
        shown = [s for s in sightings.get(identifier, ()) if resource.phase(s.status) == "running"]
        if len(shown) > 1:
            spans[identifier] = (shown[0], shown[-1])
    for identifier, (first, last) in spans.items():
        for other in identifiers:
            for sighting in sightings.get(other, ()) if other != identifier else ():
                phase = resource.phase(sighting.status)
                if (
                    first.ended <= sighting.started
                    and sighting.ended <= last.started
                    and phase in {"waiting", "running"}
                ):
                    reading = "waits" if phase == "waiting" else "together"
                    yield reading, (first.call, sighting.call, last.call)


@oracle("hold")
def hold(clause: Clause, view: View, tally: Tally) -> None:
    """A job that is to wait shows nothing beyond its waiting before the first request that may let it go."""
    resource = _of(clause, view)
    promise = resource.hold
    assert promise is not None  # noqa: S101 - derived only then
    for identifier, made in made_with(view, resource, promise.parameter, promise.value):
        freed = first_release(view, resource, identifier)
        for sighting in view.sightings(resource).get(identifier, ()):
            if freed is not None and sighting.ended > freed:
                continue
            if sighting.status in promise.beyond:
                tally.breach(
                    made,
                    sighting.call,
                    expected=f"no more than {promise.status} before it is let go",
                    actual=str(sighting.status),
                )
            elif sighting.status == promise.status:
                tally.hit()


@oracle("hold-free")
def hold_free(clause: Clause, view: View, tally: Tally) -> None:
    """A job that is not to wait is never seen waiting, and is seen beyond it."""
    resource = _of(clause, view)
    promise = resource.hold
    assert promise is not None  # noqa: S101 - derived only then
    for identifier, made in made_with(view, resource, promise.parameter, promise.free):
        for sighting in view.sightings(resource).get(identifier, ()):
            if sighting.status == promise.status:
                tally.breach(
                    made, sighting.call, expected=f"a job that is never {promise.status}", actual=promise.status
                )
            elif sighting.status in promise.beyond:
                tally.hit(str(sighting.status))


@oracle("held-once")
def held_once(clause: Clause, view: View, tally: Tally) -> None:
    """Once a job was seen beyond its waiting, no later read shows it waiting."""
    resource = _of(clause, view)
    promise = resource.hold
    assert promise is not None  # noqa: S101 - derived only then
    for sightings in view.sightings(resource).values():
        held = next((s for s in sightings if s.status == promise.status), None)
        gone: Sighting | None = None
        for sighting in sightings:
            if held is None or sighting.started < held.ended or resource.phase(sighting.status) is None:
                continue
            if gone is None:
                gone = sighting if sighting.status != promise.status else None
            elif sighting.started < gone.ended:
                continue
            elif sighting.status == promise.status:
                tally.breach(
                    gone.call,
                    sighting.call,
                    expected=f"{promise.status} not again after {gone.status}",
                    actual=promise.status,
                )
            else:
                tally.hit()


def made_with(view: View, resource: Resource, parameter: str, value: Any) -> Iterator[tuple[str, Call]]:
    """The jobs whose first creation said this of a parameter, and was not answered to a token sent before."""
    for identifier, made in view.created(resource.name).items():
        if made.intent.arguments.get(parameter, MISSING) == value and made.intent.role not in WRONG:
            yield identifier, made


def first_release(view: View, resource: Resource, identifier: str) -> float | None:
    """When the first request of ours was sent that may let a job go, whatever it was answered."""
    assert resource.hold is not None  # noqa: S101 - narrowed by the callers
    freeing = [resource.actions[name] for name in resource.hold.released]
    moments = [
        call.started
        for action in freeing
        for call in view.by_operation[action.use.operation]
        if action.use.named(call.intent.arguments) == identifier
        and action.matches(call.operation, call.intent.arguments)
    ]
    return min(moments, default=None)

"""Whether lists agree with single reads and with each other, and whether what was deleted is gone for all operations."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from conformance.history import Call
from conformance.oracles.deed import WRONG
from conformance.oracles.registry import Tally, oracle
from conformance.view import Sighting, View
from specs import MISSING, Clause, Operation, Resource, Use, point


def _of(clause: Clause, view: View) -> tuple[Resource, Operation]:
    return view.spec.resources[clause.data["resource"]], view.spec.operations[clause.operation]


@oracle("list-fields")
def list_fields(clause: Clause, view: View, tally: Tally) -> None:
    """What a read shows before and after a list, with nothing of ours between, is what the list shows.

    Of a job that still moves only what identifies it is compared, since it may have moved there and back.
    """
    resource, operation = _of(clause, view)
    listing = operation.listing
    assert listing is not None  # noqa: S101 - derived only for lists
    sightings, touched = view.sightings(resource), _changes(view)
    for call in view.plain(clause.operation):
        for item in view.items(call) or ():
            identifier = str(point(item, listing.item_id))
            near = around(sightings.get(identifier, ()), call)
            if near is None or any(near[0].call.id < each < near[1].call.id for each in touched.get(identifier, ())):
                continue
            rests = not resource.is_job or {s.status for s in near} <= resource.resting
            for place, read in listing.agrees.items():
                if rests or read in resource.immutable:
                    _compare(tally, call, near, shown=point(item, place), read=read)


def around(sightings: Sequence[Sighting], call: Call) -> tuple[Sighting, Sighting] | None:
    """The nearest sightings that were over before a call began, and begun after it was over."""
    before = [s for s in sightings if s.ended <= call.started and s.call.id < call.id]
    after = next((s for s in sightings if s.started >= (call.ended or call.started) and s.call.id > call.id), None)
    return (before[-1], after) if before and after is not None and before[-1].status == after.status else None


def _compare(tally: Tally, call: Call, near: tuple[Sighting, Sighting], *, shown: object, read: str) -> None:
    first, second = (point(sighting.tree, read) for sighting in near)
    if first is MISSING or first != second or shown is MISSING:
        return
    if shown == first:
        tally.hit(read.rpartition("/")[2])
    else:
        calls = (near[0].call, call, near[1].call)
        tally.breach(*calls, expected=f"{read} {first} in the list too"[:200], actual=str(shown)[:200])


def _changes(view: View) -> dict[str, list[int]]:
    """By id, the calls of ours that name it and may change what it names."""
    found: dict[str, list[int]] = {}
    for operation in view.spec.operations.values():
        for call in view.by_operation[operation.name] if operation.effect != "read" else ():
            for value in call.intent.arguments.values():
                if isinstance(value, str):
                    found.setdefault(value, []).append(call.id)
    return found


@oracle("order-stable")
def order_stable(clause: Clause, view: View, tally: Tally) -> None:
    """Two whole lists, asked for alike with only reads of ours between, show what rests of ours in the same order."""
    resource, operation = _of(clause, view)
    listing = operation.listing
    assert listing is not None  # noqa: S101 - derived only for lists
    still = _still(view, resource)
    quiet = {o.name for o in view.spec.operations.values() if o.effect == "read"}
    changes = [call.id for call in view.calls if call.operation not in quiet]
    groups = {call.intent.group for call in view.by_operation[operation.name] if call.intent.group}
    walks = [walk for group in sorted(groups) for role in _WHOLE for walk in view.walks(group, role)]
    for first, second in itertools.pairwise(sorted(walks, key=lambda walk: walk[0].id)):
        if first[0].request.target != second[0].request.target or first[0].request.body != second[0].request.body:
            continue
        if any(first[0].id < each < second[-1].id for each in changes):
            continue
        one, other = (
            [i for call in walk for i in view.ids(call) or () if i in still and still[i] < first[0].id]
            for walk in (first, second)
        )
        if len(one) < 2 or sorted(one) != sorted(other):
            continue
        if one == other:
            tally.hit()
        else:
            place = next(n for n, (a, b) in enumerate(zip(one, other, strict=True)) if a != b)
            tally.breach(
                _holding(view, first, one[place]), _holding(view, second, one[place]),
                expected=f"{one[place]} before {other[place]}, as just now", actual=f"{other[place]} before it",
            )  # fmt: skip


_WHOLE = ("whole", "rest-list", "before", "after", "held")


def _holding(view: View, walk: list[Call], identifier: str) -> Call:
    return next(call for call in walk if identifier in (view.ids(call) or ()))


def _still(view: View, resource: Resource) -> dict[str, int]:
    """Instances of ours that move no more, and the call from which that is known."""
    if not resource.is_job:
        return {identifier: call.id for identifier, call in view.created(resource.name).items()}
    found: dict[str, int] = {}
    ours = view.created(resource.name)
    for identifier, sightings in view.sightings(resource).items():
        ended = next((s for s in sightings if s.status in resource.resting), None)
        if ended is not None and identifier in ours:
            found[identifier] = ended.call.id
    return found


@oracle("deleted")
def deleted(clause: Clause, view: View, tally: Tally) -> None:
    """What an accepted delete has made unfindable is refused as unknown, unless a later read finds it again."""
    resource, operation = _of(clause, view)
    assert resource.delete is not None and resource.read is not None  # noqa: S101, PT018 - stated together
    allowed = operation.refusals.get(f"unknown-{resource.name}")
    use = next(use for use in resource.deleted if use.operation == operation.name)
    for call in view.by_operation[operation.name]:
        identifier = use.named(call.intent.arguments)
        if not isinstance(identifier, str) or call.intent.role in WRONG or call.response is None:
            continue
        lost = gone(view, resource, identifier, call)
        if lost is None or any(not s.call.precedes(call) for s in view.sightings(resource).get(identifier, ())):
            continue
        answer = view.answer(call)
        if answer.success:
            tally.breach(*lost, call, expected="a refusal of what was deleted", actual=answer.described())
        elif answer.refused and (
            allowed is None or allowed.allows(answer.name, answer.status, suffix=view.spec.errors.suffix)
        ):
            tally.hit()
        elif answer.refused:
            expected = (
                f"{' or '.join(allowed.names) or 'a refusal'} with HTTP {' or '.join(map(str, allowed.statuses))}"
                if allowed
                else ""
            )
            tally.breach(*lost, call, expected=expected, actual=answer.described())


def gone(view: View, resource: Resource, identifier: str, call: Call) -> tuple[Call, Call] | None:
    """The accepted delete of an instance and the last read after it, which does not find it, both before a call."""
    assert resource.delete is not None and resource.read is not None  # noqa: S101, PT018 - narrowed by the caller

    def about(use: Use) -> list[Call]:
        calls = view.by_operation[use.operation]
        return [c for c in calls if use.named(c.intent.arguments) == identifier and c.precedes(call)]

    removed = [c for c in about(resource.delete) if view.answer(c).success]
    reads = [c for c in about(resource.read) if removed and removed[-1].precedes(c)]
    if not reads or not view.answer(reads[-1]).refused or reads[-1].intent.role in WRONG:
        return None
    answer = view.answer(reads[-1])
    missing = answer.name in view.spec.errors.missing_names or answer.status in {400, 404, 410}
    return (removed[-1], reads[-1]) if missing else None

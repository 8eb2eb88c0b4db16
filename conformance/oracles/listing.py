"""Lists by content: scope, retention, order, what is listed and what is hidden."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator

from conformance.history import Call
from conformance.moment import moment
from conformance.oracles.paging import key, limit_of, listing_of, still
from conformance.oracles.registry import Tally, oracle
from conformance.view import Sighting, View, among
from specs import MISSING, Clause, Listing, Resource, point

_DAY = 86_400.0


@oracle("scope")
def scope(clause: Clause, view: View, tally: Tally) -> None:
    """What is asked for of another scope holds nothing of ours, nor anything that names another scope."""
    listing = listing_of(clause, view)
    assert listing.scope is not None  # noqa: S101 - derived only then
    ours = view.created(listing.resource)
    for call in among(view.by_operation[clause.operation], "stranger"):
        answer = view.answer(call)
        mine = call.intent.arguments.get(listing.scope.parameter)
        if answer.refused:
            tally.hit("refused")
            continue
        for item in view.items(call) or ():
            identifier = key(listing, item)
            made = ours.get(identifier)
            if made is not None and made.intent.arguments.get(listing.scope.parameter) != mine:
                tally.breach(
                    made,
                    call,
                    expected=f"nothing of another {listing.scope.parameter}",
                    actual=f"{identifier}, made under {made.intent.arguments.get(listing.scope.parameter)}",
                )
        if view.items(call) is not None and ours:
            tally.hit("listed")
    _repeats(clause, view, tally, listing)


def _repeats(clause: Clause, view: View, tally: Tally, listing: Listing) -> None:
    if listing.scope is None or listing.scope.pointer is None:
        return
    for call in view.plain(clause.operation):
        for item in view.items(call) or ():
            shown = point(item, listing.scope.pointer)
            if shown is not MISSING and shown != call.intent.arguments.get(listing.scope.parameter, shown):
                tally.breach(
                    call,
                    expected=f"items of {call.intent.arguments.get(listing.scope.parameter)}",
                    actual=f"an item of {shown}"[:100],
                )


@oracle("retention")
def retention(clause: Clause, view: View, tally: Tally) -> None:
    """No item ended longer ago than the documents keep it; a day's grace for clocks that differ."""
    listing = listing_of(clause, view)
    assert listing.retention is not None  # noqa: S101 - derived only then
    for call in view.plain(clause.operation):
        now = moment_of_answer(call)
        for item in view.items(call) or ():
            ended = moment(point(item, listing.retention.pointer))
            if ended is None or now is None:
                continue
            if now - ended > (listing.retention.days + 1) * _DAY:
                tally.breach(
                    call,
                    expected=f"no item that ended more than {listing.retention.days} days ago",
                    actual=f"{key(listing, item)} ended {point(item, listing.retention.pointer)}",
                )
            else:
                tally.hit()


def moment_of_answer(call: Call) -> float | None:
    """When an answer was given, by its own Date header; None where it has none."""
    import email.utils  # noqa: PLC0415

    said = call.response.headers.get("date") if call.response is not None else None
    if not said:
        return time.time()
    try:
        return email.utils.parsedate_to_datetime(said).timestamp()
    except ValueError:
        return None


@oracle("listed")
def listed(clause: Clause, view: View, tally: Tally) -> None:
    """A job of ours seen not ended both before and after a whole list is in it, unless the list was cut by its limit."""
    listing = listing_of(clause, view)
    resource = view.spec.resources[listing.resource]
    if not resource.is_job:
        _instances_listed(clause, view, tally, listing)
        return
    for walk in _whole_walks(clause, view, listing):
        shown = {identifier for call in walk for identifier in view.ids(call) or ()}
        first = listing.order.phases if listing.order is not None else ()
        for identifier, before, after in standing(view, resource, walk):
            if _cut(view, listing, walk) and not {resource.phase(before.status), resource.phase(after.status)} <= set(
                first
            ):
                continue  # those that come first in the documented order stand in a list that is cut, too
            if identifier not in view.created(resource.name) or not _same_scope(
                listing, view, resource, identifier, walk[0]
            ):
                continue
            if identifier in shown:
                tally.hit()
            elif not resource.is_terminal(after.status):
                tally.breach(
                    before.call,
                    walk[-1],
                    after.call,
                    expected=f"{identifier} in the list, since it is {after.status}",
                    actual="it is not there",
                )


def _same_scope(listing: Listing, view: View, resource: Resource, identifier: str, call: Call) -> bool:
    if listing.scope is None:
        return True
    made = view.created(resource.name)[identifier]
    name = listing.scope.parameter
    return bool(made.intent.arguments.get(name) == call.intent.arguments.get(name))


def _instances_listed(clause: Clause, view: View, tally: Tally, listing: Listing) -> None:
    resource = view.spec.resources[listing.resource]
    deletions = view.by_operation[resource.delete.operation] if resource.delete else []
    for group, items, calls in still(clause, view):
        del group
        shown = {key(listing, item) for item in items}
        # What was deleted after the window, as in the final clean-up, was there all through it.
        removed = {str(v) for call in deletions if not calls[-1].precedes(call) for v in call.intent.arguments.values()}
        for identifier, made in view.created(resource.name).items():
            if identifier in removed or not made.precedes(calls[0]):
                continue
            if identifier in shown:
                tally.hit()
            else:
                tally.breach(made, calls[-1], expected=f"{identifier} in the list", actual="it is not there")


def _whole_walks(clause: Clause, view: View, listing: Listing) -> Iterator[list[Call]]:
    for role in ("whole", "held", "rest-list"):
        for group in sorted({c.intent.group for c in view.by_operation[clause.operation] if c.intent.role == role}):
            for walk in view.walks(group, role):
                hidden = listing.hide is not None and listing.hide.parameter in walk[0].intent.arguments
                more = listing.token is not None and isinstance(point(view.tree(walk[-1]), listing.token.pointer), str)
                if not hidden and not more and all(view.items(call) is not None for call in walk):
                    yield walk


def _cut(view: View, listing: Listing, walk: list[Call]) -> bool:
    """Whether a list without pages was cut at its limit."""
    maximum = listing.limit.maximum if listing.limit else None
    return (
        listing.token is None
        and listing.page is None
        and maximum is not None
        and len(view.items(walk[0]) or ()) >= maximum
    )


def standing(view: View, resource: Resource, walk: list[Call]) -> Iterator[tuple[str, Sighting, Sighting]]:
    """Jobs read both before and after a walk: id, the last read before, the first read after."""
    began, over = walk[0].started, walk[-1].ended or walk[-1].started
    for identifier, sightings in view.sightings(resource).items():
        before = [s for s in sightings if s.ended <= began and s.status is not None]
        after = [s for s in sightings if s.started >= over and s.status is not None]
        if before and after:
            yield identifier, before[-1], after[0]


@oracle("hide")
def hide(clause: Clause, view: View, tally: Tally) -> None:
    """Jobs waiting before and after a hiding list are not in it; jobs known started before it are, if they are in the full one."""
    listing = listing_of(clause, view)
    assert listing.hide is not None  # noqa: S101 - derived only then
    resource = view.spec.resources[listing.resource]
    tally.needed |= {"hidden", "kept"}
    for group in sorted({c.intent.group for c in view.by_operation[clause.operation] if c.intent.role == "held"}):
        calls = among(view.by_group[group], "held")
        full = [call for call in calls if call.intent.case == "all"]
        for call in (call for call in calls if call.intent.case == "hidden" and view.ids(call) is not None):
            shown = set(view.ids(call) or ())
            always = [set(view.ids(each) or ()) for each in full]
            for identifier, before, after in standing(view, resource, [call]):
                if (
                    resource.phase(before.status) in listing.hide.phases
                    and resource.phase(after.status) in listing.hide.phases
                ):
                    if identifier in shown:
                        tally.breach(
                            before.call,
                            call,
                            after.call,
                            expected=f"{identifier} to be left out, since it is {before.status}",
                            actual="it is in the list",
                        )
                    else:
                        tally.hit("hidden")
                elif (
                    resource.phase(before.status) not in {*listing.hide.phases, None}
                    and always
                    and all(identifier in each for each in always)
                ):
                    if identifier in shown:
                        tally.hit("kept")
                    else:
                        tally.breach(
                            before.call,
                            call,
                            expected=f"{identifier} in the list, since it is {before.status}",
                            actual="it is left out",
                        )
    if not tally.hits and not tally.broken:
        tally.needed.clear()
        if among(view.by_operation[clause.operation], "held"):
            tally.undecided("no job could be kept waiting while the list was asked for")


@oracle("order")
def order(clause: Clause, view: View, tally: Tally) -> None:
    """Jobs of ours that wait before and after a list stand in it newest first, before those known to wait no more."""
    listing = listing_of(clause, view)
    assert listing.order is not None  # noqa: S101 - derived only then
    resource = view.spec.resources[listing.resource]
    created = dict(view.created(resource.name).items())
    for call in among(view.by_operation[clause.operation], "held"):
        ids = view.ids(call)
        if ids is None or call.intent.case == "hidden":
            continue
        place = {identifier: index for index, identifier in enumerate(ids)}
        cut = (limit_of(listing, call) or len(ids) + 1) <= len(ids)
        seen = [(i, b, a) for i, b, a in standing(view, resource, [call]) if (i in place or cut) and i in created]
        waiting = [
            i
            for i, b, a in seen
            if resource.phase(b.status) in listing.order.phases and resource.phase(a.status) in listing.order.phases
        ]
        others = [i for i, b, _ in seen if i in place and resource.phase(b.status) not in {*listing.order.phases, None}]
        waiting.sort(key=lambda each: created[each].id)
        # One that the limit has cut off stands behind all that are listed; of two such ones the order is not known.
        place.update(dict.fromkeys((i for i in waiting if i not in place), len(ids)))
        for older, newer in itertools.pairwise(waiting):
            if place[newer] == place[older] or not created[older].precedes(created[newer]):
                continue
            if place[newer] > place[older]:
                tally.breach(
                    created[older],
                    created[newer],
                    call,
                    expected="the newer of two waiting jobs first",
                    actual=f"{older} stands before {newer}",
                )
            else:
                tally.hit("newest first")
        for first, second in ((w, o) for w in waiting for o in others):
            if place[first] > place[second]:
                tally.breach(
                    call,
                    expected="waiting jobs before all others",
                    actual=f"{second} stands before {first}, which waits",
                )
            else:
                tally.hit("waiting first")
    if not tally.hits and not tally.broken and among(view.by_operation[clause.operation], "held"):
        tally.undecided("no two jobs could be kept waiting while the list was asked for")

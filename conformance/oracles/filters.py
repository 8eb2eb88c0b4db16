"""Lists by content: filters, each by itself and together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.history import Call
from conformance.moment import moment
from conformance.oracles.paging import key, listing_of, still
from conformance.oracles.registry import Tally, oracle
from conformance.view import View, among
from specs import MISSING, Clause, Filter, point


def asked(each: Filter, arguments: Mapping[str, Any]) -> Any:
    """The value a call filters by, MISSING where it does not use the filter."""
    value: Any = arguments
    for part in each.parameter.split("."):
        if not isinstance(value, Mapping) or part not in value:
            return MISSING
        value = value[part]
    return value


def matches(each: Filter, item: Any, wanted: Any) -> bool | None:
    """Whether an item matches; None where no document decides it, or the item does not show the value."""
    shown = point(item, each.pointer)
    if shown is MISSING or shown is None:
        return None
    if each.match == "equals":
        return bool(shown == wanted)
    if each.match == "any-of":
        return shown in (wanted if isinstance(wanted, list) else [wanted])
    if each.match == "contains":
        return True if shown == wanted else None if str(wanted).lower() in str(shown).lower() else False
    one, other = moment(shown), moment(wanted)
    if one is None or other is None or abs(one - other) < 0.0015:
        return None
    return one > other if each.match == "after" else one < other


def filtered(clause: Clause, view: View, group: int | None = None) -> Iterator[tuple[Call, list[tuple[Filter, Any]]]]:
    """Calls of the clause's list that use filters, with the filters used."""
    listing = listing_of(clause, view)
    for call in view.plain(clause.operation):
        used = [
            (each, value) for each in listing.filters if (value := asked(each, call.intent.arguments)) is not MISSING
        ]
        if used and (group is None or call.intent.group == group) and call.intent.role not in {"outside", "auth"}:
            yield call, used


@oracle("filter-sound")
def filter_sound(clause: Clause, view: View, tally: Tally) -> None:
    """No item in a filtered answer is outside the filter, whosever it is."""
    listing = listing_of(clause, view)
    for call, used in filtered(clause, view):
        for each, wanted in used:
            if each.parameter != clause.data["parameter"]:
                continue
            for item in view.items(call) or ():
                fits = matches(each, item, wanted)
                if fits is False:
                    tally.breach(
                        call,
                        expected=f"only items with {each.parameter} = {wanted}"[:200],
                        actual=f"{key(listing, item)} with {point(item, each.pointer)}"[:200],
                    )
                elif fits:
                    tally.hit(str(wanted)[:60])


@oracle("filter-complete")
def filter_complete(clause: Clause, view: View, tally: Tally) -> None:
    """In a list that stands still, every item that matches is in the filtered list."""
    for group, items, calls in still(clause, view):
        for walk in filter_walks(view, group):
            used = [(each, asked(each, walk[0].intent.arguments)) for each in listing_of(clause, view).filters]
            used = [(each, value) for each, value in used if value is not MISSING]
            if len(used) == 1 and used[0][0].parameter == clause.data["parameter"]:
                _whole(clause, view, tally, items=items, calls=calls, walk=walk, used=used)
    _moving(clause, view, tally)


@oracle("filter-combined")
def filter_combined(clause: Clause, view: View, tally: Tally) -> None:
    """With several filters, exactly the items that match all of them are listed."""
    for group, items, calls in still(clause, view):
        for walk in filter_walks(view, group):
            used = [(each, asked(each, walk[0].intent.arguments)) for each in listing_of(clause, view).filters]
            used = [(each, value) for each, value in used if value is not MISSING]
            if len(used) > 1:
                _whole(clause, view, tally, items=items, calls=calls, walk=walk, used=used)
                for call in walk:
                    for item in view.items(call) or ():
                        if any(matches(each, item, value) is False for each, value in used):
                            tally.breach(
                                call,
                                expected=f"only items that match {call.intent.case}",
                                actual=key(listing_of(clause, view), item),
                            )
    _moving(clause, view, tally)


def filter_walks(view: View, group: int) -> list[list[Call]]:
    """The filtered walks of a window that were accepted to their end."""
    return [walk for walk in view.walks(group, "filter") if all(view.items(call) is not None for call in walk)]


def _whole(
    clause: Clause,
    view: View,
    tally: Tally,
    *,
    items: list[Any],
    calls: list[Call],
    walk: list[Call],
    used: list[tuple[Filter, Any]],
) -> None:
    listing = listing_of(clause, view)
    if listing.token is not None and isinstance(point(view.tree(walk[-1]), listing.token.pointer), str):
        tally.undecided(f"{walk[0].intent.case}: the walk did not come to its end")
        return
    shown = {key(listing, item) for call in walk for item in view.items(call) or ()}
    # What belongs to others may have been changed by them, and changed back, between the two looks at the whole list.
    ours = None if view.exclusive else view.created(listing.resource)
    due = [
        item for item in items
        if (ours is None or key(listing, item) in ours) and all(matches(each, item, value) is True for each, value in used)
    ]  # fmt: skip
    lost = [item for item in due if key(listing, item) not in shown]
    if lost:
        tally.breach(
            calls[0],
            walk[-1],
            expected=f"all {len(due)} items that match {walk[0].intent.case}",
            actual=f"{key(listing, lost[0])} is not listed",
        )
    elif due:
        tally.hit(walk[0].intent.case[:60])


def _moving(clause: Clause, view: View, tally: Tally) -> None:
    if (
        not tally.hits
        and not tally.broken
        and not still(clause, view)
        and among(view.by_operation[clause.operation], "whole")
    ):
        tally.undecided("the list changed while it was looked at, each time it was tried")

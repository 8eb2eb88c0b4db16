"""Lists by content: filters, each by itself and together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from conformance.history import Call
from conformance.moment import moment
from conformance.oracles.paging import key, listing_of, still
from conformance.oracles.registry import Tally, oracle
from conformance.view import View, among
from specs import MISSING, Clause, Filter, point


def matches(each: Filter, item: Any, wanted: Any, reading: str = "") -> bool | None:
    """Whether an item matches, by a reading or the first one; None where nothing decides it, or the item does not show the value."""
    match = reading or each.match
    shown = point(item, each.pointer)
    if shown is MISSING or shown is None:
        return None
    if match == "equals":
        return bool(shown == wanted)
    if match == "any-of":
        return shown in (wanted if isinstance(wanted, list) else [wanted])
    if match == "contains":
        return True if shown == wanted else None if str(wanted).lower() in str(shown).lower() else False
    if match == "arn":
        return _of_arn(str(shown), str(wanted))
    if match == "glob":
        return _globbed(str(shown).lower(), str(wanted).lower())
    one, other = moment(shown), moment(wanted) if each.unit == "iso" else _milliseconds(wanted)
    if one is None or other is None or abs(one - other) < 0.0015:
        return None
    return one > other if match == "after" else one < other


def _of_arn(shown: str, wanted: str) -> bool | None:
    """Whether an ARN is the one asked for, or ends in the name asked for and a revision; None where that is not told."""
    if shown == wanted:
        return True
    if wanted.startswith("arn:"):
        return False
    if not shown.startswith("arn:") or ":" in wanted:
        return None
    return _globbed(shown.rpartition("/")[2].partition(":")[0], wanted)


def _globbed(shown: str, wanted: str) -> bool:
    return shown.startswith(wanted[:-1]) if wanted.endswith("*") else shown == wanted


def _milliseconds(text: Any) -> float | None:
    return float(text) if str(text).isascii() and str(text).isdigit() else None


def filtered(clause: Clause, view: View, group: int | None = None) -> Iterator[tuple[Call, list[tuple[Filter, Any]]]]:
    """Calls of the clause's list that use filters, with the filters used."""
    listing = listing_of(clause, view)
    for call in view.plain(clause.operation):
        used = [
            (each, value) for each in listing.filters if (value := each.asked(call.intent.arguments)) is not MISSING
        ]
        if used and (group is None or call.intent.group == group) and call.intent.role not in {"outside", "auth"}:
            yield call, used


@oracle("filter-sound")
def filter_sound(clause: Clause, view: View, tally: Tally) -> None:
    """No item in a filtered answer is outside the filter, whosever it is."""
    listing = listing_of(clause, view)
    chosen = next(each for each in listing.filters if each.parameter == clause.data["parameter"])
    strays: dict[str, tuple[Call, Any, Any]] = {}
    for call, used in filtered(clause, view):
        for wanted in (value for each, value in used if each is chosen):
            told = wanted != chosen.asked(listing.whole)
            for item in view.items(call) or ():
                for reading in chosen.readings:
                    fits = matches(chosen, item, wanted, reading)
                    if fits is False:
                        strays.setdefault(reading, (call, item, wanted))
                    elif fits and told:
                        tally.hit(str(wanted)[:60])
    if all(reading in strays for reading in chosen.readings):
        call, item, wanted = next(iter(strays.values()))
        tally.breach(
            *{call.id: call for call, _, _ in strays.values()}.values(),
            expected=f"only items with {chosen.parameter} = {wanted}"[:200],
            actual=f"{key(listing, item)} with {point(item, chosen.pointer)}"[:200],
        )
    elif strays:
        tally.reading = next(reading for reading in chosen.readings if reading not in strays)


@oracle("filter-complete")
def filter_complete(clause: Clause, view: View, tally: Tally) -> None:
    """In a list that stands still, every item that matches is in the filtered list."""
    for group, items, calls in still(clause, view):
        for walk in filter_walks(view, group):
            used = [(each, each.asked(walk[0].intent.arguments)) for each in listing_of(clause, view).filters]
            used = [(each, value) for each, value in used if value is not MISSING]
            if len(used) == 1 and used[0][0].parameter == clause.data["parameter"]:
                _whole(clause, view, tally, items=items, calls=calls, walk=walk, used=used)
    _moving(clause, view, tally)


@oracle("filter-combined")
def filter_combined(clause: Clause, view: View, tally: Tally) -> None:
    """With several filters, exactly the items that match all of them are listed."""
    for group, items, calls in still(clause, view):
        for walk in filter_walks(view, group):
            used = [(each, each.asked(walk[0].intent.arguments)) for each in listing_of(clause, view).filters]
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

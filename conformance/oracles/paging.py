"""Lists by the page: limits, walks, tokens, counts, echoes."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import Any

from conformance.history import Call
from conformance.oracles.registry import Tally, oracle
from conformance.view import View, among
from specs import MISSING, Clause, Listing, point


def listing_of(clause: Clause, view: View) -> Listing:
    """The list contract of a clause's operation."""
    listing = view.spec.operations[clause.operation].listing
    assert listing is not None  # noqa: S101 - derived only for lists
    return listing


def limit_of(listing: Listing, call: Call) -> int | None:
    """The limit in force for a call: the one it asks for, else the default; None where neither is known."""
    if listing.limit is None:
        return None
    asked = [value for name, value in call.request.query if name == listing.limit.parameter]
    if len(asked) > 1:
        return None
    text = asked[0] if asked else call.intent.arguments.get(listing.limit.parameter)
    if text is None:
        return listing.limit.default or listing.limit.maximum
    return int(text) if isinstance(text, int) or str(text).isdigit() else None


def windows(clause: Clause, view: View) -> list[tuple[int, list[Any], list[Any], list[Call], list[Call]]]:
    """Groups between two whole walks: number, items before, items after, and the calls of both walks."""
    found = []
    for group in sorted(
        {call.intent.group for call in view.by_operation[clause.operation] if call.intent.role == "whole"}
    ):
        walks = view.walks(group, "whole")
        if len(walks) < 2:
            continue
        before, after = walks[0], walks[-1]
        found.append((group, _all(view, before), _all(view, after), before, after))
    return found


def _all(view: View, calls: list[Call]) -> list[Any]:
    return [item for call in calls for item in view.items(call) or ()]


def still(clause: Clause, view: View) -> list[tuple[int, list[Any], list[Call]]]:
    """Windows in which the list stood still, and whose walks came to their end."""
    return [
        (group, before, calls)
        for group, before, after, calls, last in windows(clause, view)
        if before == after and _ended(view, clause, calls) and _ended(view, clause, last)
    ]


def _ended(view: View, clause: Clause, calls: list[Call]) -> bool:
    listing = listing_of(clause, view)
    if any(view.items(call) is None for call in calls):
        return False
    return listing.token is None or not _token(view, listing, calls[-1])


def _token(view: View, listing: Listing, call: Call) -> str | None:
    if listing.token is None:
        return None
    token = point(view.tree(call), listing.token.pointer)
    return token if isinstance(token, str) and token else None


def key(listing: Listing, item: Any) -> str:
    """The id of an item."""
    return str(point(item, listing.item_id))


@oracle("unique-items")
def unique_items(clause: Clause, view: View, tally: Tally) -> None:
    """No id stands twice in one answer."""
    for call in view.by_operation[clause.operation]:
        ids = view.ids(call)
        if not ids or call.intent.role == "outside":
            continue
        twice = [identifier for identifier, count in Counter(ids).items() if count > 1]
        if twice:
            tally.breach(call, expected="every item once", actual=f"{twice[0]} stands {Counter(ids)[twice[0]]} times")
        elif len(ids) > 1:
            tally.hit()


@oracle("page-bound")
def page_bound(clause: Clause, view: View, tally: Tally) -> None:
    """A page holds at most as many items as the limit in force; 0 is not judged, its meaning is not documented."""
    listing = listing_of(clause, view)
    for call in view.plain(clause.operation):
        items, limit = view.items(call), limit_of(listing, call)
        if items is None or not limit:
            continue
        if len(items) > limit:
            tally.breach(call, expected=f"at most {limit} items", actual=f"{len(items)} items")
        elif len(items) == limit:
            tally.hit("full page")
        else:
            tally.hits["page"] += 1
    if tally.hits:
        tally.needed.add("full page")


@oracle("page-fill")
def page_fill(clause: Clause, view: View, tally: Tally) -> None:
    """With at least as many items as asked for, in a list that stands still, the page is full."""
    listing = listing_of(clause, view)
    for group, items, calls in still(clause, view):
        for call in [*among(view.by_group[group], "page"), *(walk[0] for walk in view.walks(group, "walk"))]:
            shown, limit = view.items(call), limit_of(listing, call)
            if shown is None or not limit or limit > len(items):
                continue
            if len(shown) < limit:
                tally.breach(
                    calls[0],
                    call,
                    expected=f"{limit} items, since there are {len(items)}",
                    actual=f"{len(shown)} items",
                )
            else:
                tally.hit()


@oracle("page-walk")
def page_walk(clause: Clause, view: View, tally: Tally) -> None:
    """In a list that stands still, the pages together are the whole, each item once."""
    listing = listing_of(clause, view)
    for group, items, calls in still(clause, view):
        whole = {key(listing, item) for item in items}
        for walk in view.walks(group, "walk"):
            seen = [key(listing, item) for item in _all(view, walk)]
            if any(view.items(call) is None for call in walk) or (
                listing.token is not None and _token(view, listing, walk[-1])
            ):
                tally.undecided(f"{walk[0].intent.case}: the walk did not come to its end")
                continue
            _compare(tally, whole, seen, walk, calls)
    _moving(clause, view, tally)


def _compare(tally: Tally, whole: set[str], seen: list[str], walk: list[Call], calls: list[Call]) -> None:
    twice = [identifier for identifier, count in Counter(seen).items() if count > 1]
    lost, extra = sorted(whole - set(seen)), sorted(set(seen) - whole)
    case = walk[0].intent.case
    if twice:
        holders = walk[:3]
        tally.breach(
            *holders,
            expected="every item on one page only",
            actual=f"{twice[0]} came {Counter(seen)[twice[0]]} times with {case}",
        )
    elif lost or extra:
        what = f"{lost[0]} never came" if lost else f"{extra[0]} came though it is not in the whole"
        tally.breach(
            calls[0], walk[-1], expected=f"the same {len(whole)} items as in one page", actual=f"{what} with {case}"
        )
    elif len(walk) > 1:
        tally.hit(case)


def _moving(clause: Clause, view: View, tally: Tally) -> None:
    if not tally.hits and not tally.broken and windows(clause, view):
        tally.undecided("the list changed while it was walked through, each time it was tried")


@oracle("last-page")
def last_page(clause: Clause, view: View, tally: Tally) -> None:
    """A page that is not the last has a token, and the last has none: an endless walk, or one that ends early, is proof."""
    listing = listing_of(clause, view)
    _endless(clause, view, tally, listing)
    for group, items, calls in still(clause, view):
        whole = {key(listing, item) for item in items}
        for walk in view.walks(group, "walk"):
            if any(view.items(call) is None for call in walk):
                continue
            seen = {key(listing, item) for item in _all(view, walk)}
            if _token(view, listing, walk[-1]):
                if seen >= whole and not view.items(walk[-1]) and len(walk) > len(whole) + 1:
                    tally.breach(
                        walk[-1],
                        expected="no token once everything was listed",
                        actual="another token, after an empty page",
                    )
                continue
            if seen >= whole:
                tally.hit("ended")
            else:
                tally.breach(
                    calls[0],
                    walk[-1],
                    expected=f"a token, since {len(whole - seen)} items are still to come",
                    actual="no token",
                )
            if len(walk) > 1 and not (view.items(walk[-1]) or []):
                tally.breach(
                    walk[-2],
                    walk[-1],
                    expected="no token on the page that held the last item",
                    actual="a token, and an empty page behind it",
                )
    _moving(clause, view, tally)


def _endless(clause: Clause, view: View, tally: Tally, listing: Listing) -> None:
    """An empty page whose token leads to itself, twice in a row: the walk would never end."""
    assert listing.token is not None  # noqa: S101 - derived only then
    for group in sorted(
        {c.intent.group for c in view.by_operation[clause.operation] if c.intent.role in {"whole", "walk"}}
    ):
        for walk in (*view.walks(group, "whole"), *view.walks(group, "walk")):
            for first, second in itertools.pairwise(walk):
                token = first.intent.arguments.get(listing.token.parameter)
                leads = [_token(view, listing, call) for call in (first, second)]
                if token is not None and leads == [token, token] and view.items(first) == [] == view.items(second):
                    tally.breach(
                        first,
                        second,
                        expected="the walk to come to a page without token",
                        actual="an empty page, whose token leads to the same page again",
                    )


@oracle("count")
def count(clause: Clause, view: View, tally: Tally) -> None:
    """The count means one thing throughout: the items in the answer, or all of them."""
    listing = listing_of(clause, view)
    assert listing.count is not None  # noqa: S101 - derived only then
    breaches: dict[str, tuple[Call, ...]] = {}
    telling = 0
    for group, items, calls in still(clause, view):
        for call in [*calls, *among(view.by_group[group], "walk")]:
            shown, value = view.items(call), point(view.tree(call), listing.count.pointer)
            if shown is None or value is MISSING:
                continue
            telling += len(shown) != len(items)
            for reading, due in (("returned", len(shown)), ("total", len(items))):
                if value != due:
                    breaches.setdefault(reading, (call,))
            tally.hit("answers")
    surviving = [reading for reading in listing.count.readings if reading not in breaches]
    if tally.hits and not surviving:
        involved = list({call.id: call for reading in listing.count.readings for call in breaches[reading]}.values())
        tally.breach(
            *involved,
            expected=f"a count of {' or '.join(listing.count.readings)}",
            actual="; ".join(
                str(point(view.tree(c), listing.count.pointer)) + f" with {len(view.items(c) or [])} items"
                for c in involved
            ),
        )
    elif len(surviving) == 1 and len(listing.count.readings) > 1:
        tally.reading = surviving[0]
    if tally.hits and not telling and not tally.broken:
        tally.hits.clear()
        tally.undecided("no page was shorter than the whole, so that nothing tells one meaning from the other")


@oracle("echo")
def echo(clause: Clause, view: View, tally: Tally) -> None:
    """The answer repeats a parameter: the value asked for, or the default."""
    listing, name = listing_of(clause, view), clause.data["parameter"]
    operation = view.spec.operations[clause.operation]
    default = operation.parameter(name).schema.get("default")
    for call in view.plain(clause.operation):
        if view.items(call) is None or [n for n, _ in call.request.query].count(name) > 1:
            continue
        due = call.intent.arguments.get(name, default)
        shown = point(view.tree(call), (listing.echo or {})[name])
        if shown is MISSING or due is None:
            continue
        if shown == due:
            tally.hit("asked for" if name in call.intent.arguments else "default")
        else:
            tally.breach(call, expected=f"{name} = {due}", actual=f"{name} = {shown}"[:100])

"""Breaks pages: their size, their sequence, their counts, and what they repeat of the request."""

from __future__ import annotations

from typing import Any

from conformance.history import Call
from conformance.oracles.paging import limit_of, listing_of, still
from conformance.view import View, among
from specs import MISSING, Clause, point
from tests.conformance.corruption.body import cut, put, retold, with_items
from tests.conformance.corruption.draft import Draft, again
from tests.conformance.corruption.effects import fresh
from tests.conformance.corruption.registry import corruption
from tests.conformance.corruption.values import another


@corruption("an item stands twice", "unique-items")
def twice(clause: Clause, view: View) -> Draft | None:
    for call in view.by_operation[clause.operation]:
        if view.ids(call):
            return Draft(view).answer(call, with_items(view, call, lambda items: [*items, items[0]]))
    return None


@corruption("a page holds one item too many", "page-bound")
def overfull(clause: Clause, view: View) -> Draft | None:
    listing = listing_of(clause, view)
    for call in view.plain(clause.operation):
        items, limit = view.items(call), limit_of(listing, call)
        if items is None or not limit or limit > 100:
            continue
        more = [fresh(view, call, f"99999{number:05d}") for number in range(limit + 1 - len(items))]
        return Draft(view).answer(call, with_items(view, call, lambda shown, more=more: [*shown, *more]))
    return None


@corruption("a page holds less than it could", "page-fill")
def underfull(clause: Clause, view: View) -> Draft | None:
    listing = listing_of(clause, view)
    for group, items, _ in still(clause, view):
        for call in [*among(view.by_group[group], "page"), *(walk[0] for walk in view.walks(group, "walk"))]:
            limit = limit_of(listing, call)
            if limit and limit <= len(items) and len(view.items(call) or ()) == limit:
                return Draft(view).answer(call, with_items(view, call, lambda shown: shown[1:]))
    return None


def _walks(clause: Clause, view: View, pages: int = 2) -> list[list[Call]]:
    """Whole walks in lists that stood still, of so many pages that hold items."""
    found = [walk for group, _, _ in still(clause, view) for walk in view.walks(group, "walk")]
    return [walk for walk in found if len(walk) >= pages and all(view.items(call) for call in walk[:pages])]


@corruption("a page lacks an item", "page-walk")
def lost(clause: Clause, view: View) -> Draft | None:
    for walk in _walks(clause, view):
        return Draft(view).answer(walk[1], with_items(view, walk[1], lambda items: items[1:]))
    return None


@corruption("an item comes on two pages", "page-walk")
def repeated(clause: Clause, view: View) -> Draft | None:
    for walk in _walks(clause, view):
        first = (view.items(walk[0]) or [])[0]
        return Draft(view).answer(walk[1], with_items(view, walk[1], lambda items, first=first: [first, *items]))
    return None


@corruption("an item comes that is not in the whole", "page-walk")
def added(clause: Clause, view: View) -> Draft | None:
    for walk in _walks(clause, view):
        extra = fresh(view, walk[1])
        return Draft(view).answer(walk[1], with_items(view, walk[1], lambda items, extra=extra: [*items, extra]))
    return None


@corruption("a page before the last has no token", "last-page")
def ended_early(clause: Clause, view: View) -> Draft | None:
    token = listing_of(clause, view).token
    for walk in _walks(clause, view):
        if token is not None:
            changed = retold(view, walk[0], lambda tree: cut(tree, token.pointer))
            return Draft(view).answer(walk[0], changed).without(*walk[1:])
    return None


def _empty_page(view: View, call: Call, pointer: str, token: str | None) -> Call:
    """A page behind a page, without items."""
    listing = view.spec.operations[call.operation].listing
    assert listing is not None
    assert listing.token is not None

    def emptied(tree: Any) -> Any:
        put(tree, listing.items, [])
        return cut(tree, pointer) if token is None else put(tree, pointer, token)

    arguments = {**call.intent.arguments, listing.token.parameter: "more"}
    return again(call, retold(view, call, emptied), arguments=arguments)


def _ended_walks(clause: Clause, view: View, pages: int) -> list[list[Call]]:
    return [walk for walk in _walks(clause, view, pages) if view.items(walk[-1])]


@corruption("the page with the last item has a token", "last-page")
def empty_page_behind(clause: Clause, view: View) -> Draft | None:
    token = listing_of(clause, view).token
    for walk in _ended_walks(clause, view, 1):
        if token is not None:
            changed = retold(view, walk[-1], lambda tree: put(tree, token.pointer, "more"))
            return (
                Draft(view).answer(walk[-1], changed).after(walk[-1], _empty_page(view, walk[-1], token.pointer, None))
            )
    return None


@corruption("the pages never end", "last-page")
def endless(clause: Clause, view: View) -> Draft | None:
    token = listing_of(clause, view).token
    for group, items, _ in still(clause, view):
        for walk in view.walks(group, "walk"):
            if token is None or not view.items(walk[-1]):
                continue
            changed = retold(view, walk[-1], lambda tree: put(tree, token.pointer, "more"))
            more = _empty_page(view, walk[-1], token.pointer, "more")
            return Draft(view).answer(walk[-1], changed).after(walk[-1], *[more] * (len(items) + 2))
    return None


@corruption("the count is of something else", "count")
def miscounted(clause: Clause, view: View) -> Draft | None:
    listing = listing_of(clause, view)
    for _, items, calls in still(clause, view):
        for call in calls:
            if listing.count and items and point(view.tree(call), listing.count.pointer) is not MISSING:
                pointer, number = listing.count.pointer, len(items) + 7
                return Draft(view).answer(call, retold(view, call, lambda tree, p=pointer, n=number: put(tree, p, n)))
    return None


@corruption("the count means now this, now that", "count")
def two_meanings(clause: Clause, view: View) -> Draft | None:
    listing = listing_of(clause, view)
    for group, items, _ in still(clause, view):
        short = [call for call in among(view.by_group[group], "walk") if len(view.items(call) or items) != len(items)]
        if listing.count is None or len(short) < 2:
            continue
        draft = Draft(view)
        for call, value in zip(short, (len(items), len(view.items(short[1]) or [])), strict=False):
            draft.answer(call, retold(view, call, lambda tree, value=value: put(tree, listing.count.pointer, value)))
        return draft
    return None


@corruption("another value is repeated", "echo")
def misquoted(clause: Clause, view: View) -> Draft | None:
    place = (listing_of(clause, view).echo or {})[clause.data["parameter"]]
    for call in view.plain(clause.operation):
        names = [name for name, _ in call.request.query]
        shown = point(view.tree(call), place)
        if shown is not MISSING and names.count(clause.data["parameter"]) <= 1:
            return Draft(view).answer(
                call, retold(view, call, lambda tree: put(tree, place, another(point(tree, place))))
            )
    return None

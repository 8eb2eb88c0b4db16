"""What a job counts, the parts it consists of, and what it shows in which status."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from conformance.oracles.registry import Tally, oracle
from conformance.view import Sighting, View
from specs import MISSING, Clause, Counters, Items, Resource, point


def _of(clause: Clause, view: View) -> Resource:
    return view.spec.resources[clause.data["resource"]]


def _counters(clause: Clause, view: View) -> tuple[Counters, Iterator[list[Sighting]]]:
    resource = _of(clause, view)
    assert resource.counters is not None  # noqa: S101 - derived only then
    return resource.counters, iter(view.sightings(resource).values())


def _number(sighting: Sighting, pointer: str) -> float | None:
    found = point(sighting.tree, pointer)
    return found if isinstance(found, int | float) and not isinstance(found, bool) else None


@oracle("counters-rise")
def counters_rise(clause: Clause, view: View, tally: Tally) -> None:
    """A later read never shows less, within the same run; the number of the run itself never falls."""
    counters, jobs = _counters(clause, view)
    for sightings in jobs:
        for pointer in (*counters.rise, *([counters.run] if counters.run else ())):
            shown = [s for s in sightings if _number(s, pointer) is not None]
            for first, second in itertools.pairwise(shown):
                if first.ended > second.started or (pointer != counters.run and not same_run(counters, first, second)):
                    continue
                one, other = _number(first, pointer), _number(second, pointer)
                if one is not None and other is not None and other < one:
                    tally.breach(first.call, second.call, expected=f"{pointer} of at least {one}", actual=str(other))
                else:
                    tally.hit(pointer.rpartition("/")[2])


def same_run(counters: Counters | None, first: Sighting, second: Sighting) -> bool:
    """Whether two looks at a job show the same run of it; a job that is taken up again begins another."""
    if counters is None:
        return True
    return counters.run is None or point(first.tree, counters.run) == point(second.tree, counters.run)


@oracle("counters-total")
def counters_total(clause: Clause, view: View, tally: Tally) -> None:
    """In every read the parts add up to no more than there is in all."""
    counters, jobs = _counters(clause, view)
    for sighting in itertools.chain.from_iterable(jobs):
        total, parts = _summed(counters, sighting)
        if total is None or parts is None:
            continue
        if parts > total:
            tally.breach(sighting.call, expected=f"no more than {total} in all", actual=str(parts))
        else:
            tally.hit()


@oracle("counters-whole")
def counters_whole(clause: Clause, view: View, tally: Tally) -> None:
    """A job that has come to its good end has counted all there was."""
    counters, jobs = _counters(clause, view)
    for sighting in itertools.chain.from_iterable(jobs):
        total, parts = _summed(counters, sighting)
        if total is None or parts is None or sighting.status not in counters.whole:
            continue
        if parts != total:
            tally.breach(sighting.call, expected=f"{total} in all", actual=str(parts))
        else:
            tally.hit()


def _summed(counters: Counters, sighting: Sighting) -> tuple[float | None, float | None]:
    total = _number(sighting, counters.total or "")
    parts = [_number(sighting, pointer) for pointer in counters.parts]
    known = [part for part in parts if part is not None]
    return total, sum(known) if len(known) == len(parts) else None


@oracle("counters-rest")
def counters_rest(clause: Clause, view: View, tally: Tally) -> None:
    """What a job shows once it has ended is what it shows later, within the same run."""
    counters, jobs = _counters(clause, view)
    resource = _of(clause, view)
    for sightings in jobs:
        ended = [s for s in sightings if resource.is_terminal(s.status)]
        for first, second in itertools.pairwise(ended):
            if first.ended > second.started or first.status != second.status or not same_run(counters, first, second):
                continue
            for pointer in counters.rest:
                one, other = point(first.tree, pointer), point(second.tree, pointer)
                if one is MISSING or other is MISSING:
                    continue
                if _settled(one) != _settled(other):
                    tally.breach(
                        first.call, second.call, expected=f"{pointer} to stay {one}"[:200], actual=str(other)[:200]
                    )
                else:
                    tally.hit(pointer.rpartition("/")[2])


def _settled(value: Any) -> Any:
    """A value without the order of a list, which says nothing here."""
    return sorted(map(str, value)) if isinstance(value, list) else value


# -- items


def _items(clause: Clause, view: View) -> tuple[Items, list[list[Sighting]]]:
    resource = _of(clause, view)
    assert resource.items is not None  # noqa: S101 - derived only then
    return resource.items, list(view.sightings(resource).values())


def _statuses(items: Items, sighting: Sighting) -> dict[str, str]:
    """By key, the status of every item that has both; an ambiguous key is left out."""
    found: dict[str, str] = {}
    twice: set[str] = set()
    listed = point(sighting.tree, items.pointer)
    for item in listed if isinstance(listed, list) else ():
        key, status = point(item, items.key), point(item, items.status)
        if isinstance(key, str) and isinstance(status, str):
            twice |= {key} & found.keys()
            found[key] = status
    return {key: status for key, status in found.items() if key not in twice}


@oracle("items-final")
def items_final(clause: Clause, view: View, tally: Tally) -> None:
    """An item seen in a final status shows the same one later."""
    items, jobs = _items(clause, view)
    for sightings in jobs:
        final: dict[str, Sighting] = {}
        for sighting in sightings:
            for key, status in _statuses(items, sighting).items():
                known = final.get(key)
                if known is None:
                    if status in items.final:
                        final[key] = sighting
                elif known.ended <= sighting.started:
                    before = _statuses(items, known)[key]
                    if status != before:
                        tally.breach(
                            known.call, sighting.call, expected=f"{key} to stay {before}"[:200], actual=status[:100]
                        )
                    else:
                        tally.hit(status)


@oracle("items-agree")
def items_agree(clause: Clause, view: View, tally: Tally) -> None:
    """The items of an ended job have the statuses that its end says they have."""
    items, jobs = _items(clause, view)
    for sighting in itertools.chain.from_iterable(jobs):
        every, some = items.every.get(sighting.status or ""), items.some.get(sighting.status or "")
        if every is None and some is None:
            continue
        listed = point(sighting.tree, items.pointer)
        shown = [point(item, items.status) for item in listed] if isinstance(listed, list) else []
        if every is not None and any(status not in every for status in shown):
            expected = f"every item {' or '.join(every)} when the job is {sighting.status}"
            tally.breach(sighting.call, expected=expected, actual=", ".join(map(str, shown))[:200])
        elif some is not None and not set(some) <= set(shown):
            expected = f"at least one item each {' and '.join(some)} when the job is {sighting.status}"
            tally.breach(sighting.call, expected=expected, actual=", ".join(map(str, shown))[:200])
        else:
            tally.hit(str(sighting.status))


# -- members by status


@oracle("not-before")
def not_before(clause: Clause, view: View, tally: Tally) -> None:
    """A member is not shown in a status it has no place in; a null says that there is none."""
    for sighting in _in_status(clause, view):
        value = point(sighting.tree, clause.data["pointer"])
        if value in (MISSING, None, ""):
            tally.hit(str(sighting.status))
        else:
            tally.breach(
                sighting.call, expected=f"no {clause.data['pointer']} while {sighting.status}", actual=str(value)[:100]
            )


@oracle("shown-when")
def shown_when(clause: Clause, view: View, tally: Tally) -> None:
    """A member is shown in every status it belongs to."""
    for sighting in _in_status(clause, view):
        if point(sighting.tree, clause.data["pointer"]) in (MISSING, None, ""):
            tally.breach(sighting.call, expected=f"{clause.data['pointer']} while {sighting.status}", actual="none")
        else:
            tally.hit(str(sighting.status))


def _in_status(clause: Clause, view: View) -> Iterator[Sighting]:
    for sightings in view.sightings(_of(clause, view)).values():
        yield from (s for s in sightings if s.status in clause.data["statuses"])

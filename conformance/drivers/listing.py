"""Lists in every documented way, between two walks through the whole that show whether the list stood still."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from conformance.drivers.context import Context
from conformance.drivers.ranges import compare, control, settle, walk
from conformance.errors import StageError
from conformance.history import Call, Intent
from conformance.instance import Instance
from conformance.moment import moment, spelled
from specs import Filter, Operation, Resource, point
from strategies import equivalences

SCENARIO = "listing"


def run(context: Context, operation: Operation) -> None:
    """Exercise the list contract of an operation."""
    listing = operation.listing
    if listing is None or not context.wants(operation, *_KINDS):
        return
    scoped = populate(context, operation)
    if context.spec.resources[listing.resource].status is not None:
        settle(context, scoped)
    compare_all(context, operation)
    for _ in range(3):
        if window(context, operation, scoped):
            break
    once_more(context, operation, scoped)
    garbage(context, operation, scoped)


def once_more(context: Context, operation: Operation, scoped: Mapping[str, Any]) -> None:
    """The whole right after the last look at it: an order that turns with every list shows in no other two."""
    if any(each.kind == "order-stable" and each.id in context.selected for each in operation.clauses):
        walk(
            context, operation, group=context.session.group(), role="rest-list", scenario=SCENARIO, arguments=scoped,
            most=40, whole=True,
        )  # fmt: skip


def compare_all(context: Context, operation: Operation) -> None:
    """Defaults and encodings once more, now that the list holds something that they can make a difference to."""
    for pair in equivalences(operation, context.spec.api):
        if pair.clause in context.selected:
            compare(context, operation, pair)


_KINDS = (
    "unique-items", "listed", "page-bound", "page-fill", "page-walk", "last-page", "garbage-token", "count", "echo",
    "filter-sound", "filter-complete", "filter-combined", "hide", "scope", "order", "retention", "list-agrees", "list-fields", "order-stable", "equivalence",
)  # fmt: skip


def populate(context: Context, operation: Operation) -> dict[str, Any]:
    """Make enough instances, in every scene that lasts; returns the arguments of the scope they are in."""
    listing = operation.listing
    assert listing is not None  # noqa: S101 - checked by the caller
    resource = context.spec.resources[listing.resource]
    wanted = context.profile.population
    if (
        listing.limit is not None
        and listing.limit.default is not None
        and listing.limit.default <= 100
        and context.profile.name != "smoke"
    ):
        wanted = max(wanted, listing.limit.default + 2)
    lasting = [
        name
        for name, scene in resource.scenes.items()
        if scene.holds or resource.is_terminal((scene.statuses or ("",))[0])
    ]
    have = sum(1 for each in context.stage.instances if each.resource is resource)
    scenes: Iterator[str | None] = itertools.chain(lasting, lasting, itertools.repeat(None))
    first: Instance | None = None
    for number, scene in enumerate(scenes):
        if number >= 2 * len(lasting) and have + number >= wanted:
            break
        try:
            made = context.stage.make(resource, scene=scene, scenario=SCENARIO)
        except StageError as error:
            context.note(operation.name, str(error))
            if scene is None:
                break
            continue
        first = first or made
        if scene is None:
            context.stage.release(made)
    return scope_of(operation, first)


def scope_of(operation: Operation, made: Instance | None) -> dict[str, Any]:
    """The required arguments of a list that the creation of an instance shares with it."""
    if made is None:
        return {}
    names = {parameter.name for parameter in operation.parameters if parameter.required}
    if operation.listing is not None and operation.listing.scope is not None:
        names.add(operation.listing.scope.parameter)
    return {name: value for name, value in made.arguments.items() if name in names}


def window(context: Context, operation: Operation, scoped: Mapping[str, Any]) -> bool:
    """One window: the whole, everything else, the whole again; whether the whole was the same at both ends."""
    group = context.session.group()

    def listed(role: str, case: str = "", most: int = 40, **arguments: Any) -> list[Call]:
        return walk(
            context,
            operation,
            group=group,
            role=role,
            scenario=SCENARIO,
            case=case,
            arguments={**scoped, **arguments},
            most=most,
            whole=role != "filter",
        )

    before = listed("whole")
    items = [item for call in before for item in context.stage.items(operation, call)]
    pages(context, operation, len(items), listed)
    filters(operation, items, listed)
    scope(context, operation, group, scoped)
    after = listed("whole")
    again = [item for call in after for item in context.stage.items(operation, call)]
    return items == again


def pages(context: Context, operation: Operation, count: int, listed: Any) -> None:
    """Pages of several sizes: walks where there are pages, single answers where there are none."""
    listing = operation.listing
    if listing is None or listing.limit is None:
        return
    name, maximum = listing.limit.parameter, listing.limit.maximum
    bare: dict[str, Any] = {name: listing.limit.default} if listing.limit.default is not None else {}
    walked = listing.token is not None or listing.page is not None
    sizes = (
        {max(1, count // 3), max(1, (count + 1) // 2), max(1, count - 1), max(1, count), count + 1}
        if walked
        else {1, 2, 3, max(1, count // 2), count, count + 1}
    )
    if count <= 12:
        sizes |= {1, 2}
    for size in sorted(size for size in sizes if size >= 1 and (maximum is None or size <= maximum)):
        listed("walk" if walked else "page", case=f"{name}={size}", **{name: size})
    intent = Intent(scenario=SCENARIO, role="default-page", case=f"no {name}")
    arguments = {k: v for k, v in context.stage.resolve(operation.base).items() if k not in bare}
    context.session.call(operation, arguments, intent)


def filters(operation: Operation, items: Sequence[Any], listed: Any) -> None:
    """Every value of every filter, then pairs of values of two filters."""
    listing = operation.listing
    if listing is None:
        return
    choices: dict[str, list[Any]] = {}
    for each in listing.filters:
        choices[each.parameter] = list(values_for(operation, each, items))
        for value in choices[each.parameter]:
            listed("filter", case=f"{each.parameter}={value}", most=10, **each.arguments(value))
        if each.match == "any-of" and len(choices[each.parameter]) > 1:
            several = present(each, items)[:3] or choices[each.parameter][:2]
            merged = [value for chosen in several for value in (chosen if isinstance(chosen, list) else [chosen])]
            listed("filter", case=f"{each.parameter}={merged}", most=10, **each.arguments(merged))
    if not listing.combined:
        return
    for first, second in itertools.combinations(listing.filters, 2):
        pairs = itertools.product(
            (present(first, items) or choices[first.parameter])[:3],
            (present(second, items) or choices[second.parameter])[:3],
        )
        for one, other in pairs:
            listed(
                "filter",
                case=f"{first.parameter}={one}, {second.parameter}={other}",
                most=10,
                **joined(first.arguments(one), second.arguments(other)),
            )


def joined(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    """Two filter arguments in one request."""
    result = dict(first)
    for name, value in second.items():
        result[name] = (
            {**result[name], **value} if isinstance(result.get(name), dict) and isinstance(value, dict) else value
        )
    return result


def values_for(operation: Operation, each: Filter, items: Sequence[Any]) -> Iterator[Any]:
    """The values to filter by: all documented ones of a closed set, else such as the items show."""
    if each.match in {"after", "before"}:
        yield from between([point(item, each.pointer) for item in items], unit=each.unit)
    elif each.match == "glob":
        yield from globs(present(each, items))
    elif each.values:
        yield from each.values
    elif each.argument is not None:
        yield from present(each, items)[:3]
    else:
        schema = _schema(operation, each.parameter)
        closed = schema.get("enum") or schema.get("items", {}).get("enum")
        yield from closed or present(each, items)[:3]


def _schema(operation: Operation, name: str) -> Mapping[str, Any]:
    return operation.field(name).schema


def present(each: Filter, items: Sequence[Any]) -> list[Any]:
    """Values of the filtered member that items really have, each once."""
    if each.match in {"after", "before"}:
        return list(between([point(item, each.pointer) for item in items], unit=each.unit))
    found = [point(item, each.pointer) for item in items]
    return list(dict.fromkeys(value for value in found if isinstance(value, str)))


def globs(values: Sequence[str]) -> Iterator[str]:
    """Patterns for texts: two of them as they are, one in capitals, one that others begin with, and one that none does."""
    yield from values[:2]
    if values:
        yield from dict.fromkeys((values[0].upper(), f"{values[0][:-1]}*", f"{values[0]}-and-more*"))


def between(times: Sequence[Any], *, unit: str = "iso") -> Iterator[str]:
    """Times strictly between those of items: in the widest gap, and beyond both ends."""
    written = spelled if unit == "iso" else (lambda moment: str(int(moment)))
    if unit == "milliseconds" and times:
        yield from ("1000", "4102444800000")  # long before any job, and long after
    known = sorted({found for value in times if (found := moment(value)) is not None})
    if not known:
        return
    gaps = sorted(((after - before, before) for before, after in itertools.pairwise(known)), reverse=True)
    for width, before in gaps[:2]:
        if width > 0.002:
            yield written(before + width / 2)
    yield written(known[0] - 3600)
    yield written(known[-1] + 3600)


def scope(context: Context, operation: Operation, group: int, scoped: Mapping[str, Any]) -> None:
    """Ask for what belongs to somebody else."""
    listing = operation.listing
    if listing is None or listing.scope is None:
        return
    try:
        stranger = context.stage.resolve(listing.scope.stranger)
    except StageError as error:
        context.note(operation.name, str(error))
        return
    walk(
        context, operation, group=group, role="stranger", scenario=SCENARIO, most=3,
        arguments={**scoped, listing.scope.parameter: stranger},
    )  # fmt: skip


def garbage(context: Context, operation: Operation, scoped: Mapping[str, Any]) -> None:
    """Tokens that were never issued, between controls."""
    listing = operation.listing
    if listing is None or listing.token is None or not listing.token.garbage:
        return
    group = context.session.group()
    control(context, operation, group, scenario=SCENARIO)
    identifier = f"{context.spec.api}.{operation.name}/{listing.token.parameter}/garbage"
    for token in listing.token.garbage:
        arguments = {**context.stage.resolve(operation.base), **scoped, listing.token.parameter: token}
        context.session.call(
            operation,
            arguments,
            Intent(scenario=SCENARIO, role="outside", clause=identifier, case=token[:40], group=group),
        )
    control(context, operation, group, scenario=SCENARIO)


def hold(context: Context, operation: Operation) -> None:
    """Keep jobs waiting behind a long one, and list with and without them; best while the list is short."""
    listing = operation.listing
    if listing is None or (listing.hide is None and listing.order is None) or not context.wants(operation, *_KINDS):
        return
    resource = context.spec.resources[listing.resource]
    while not _held(context, operation, resource):
        if not context.stage.longer():
            break


def _held(context: Context, operation: Operation, resource: Resource) -> bool:
    """List with jobs waiting behind a long one; whether it was still running at the end, or nothing could be made."""
    listing = operation.listing
    assert listing is not None  # noqa: S101 - checked by the caller
    try:
        made = [context.stage.make(resource, scene="running", scenario=SCENARIO)]
        made += [context.stage.make(resource, scenario=SCENARIO) for _ in range(3)]
    except StageError as error:
        context.note(operation.name, str(error))
        return True
    group = context.session.group()
    for role in ("held-before", "held-after"):
        for each in made:
            context.stage.read(each, role=role, scenario=SCENARIO, group=group)
        if role == "held-before":
            walk(context, operation, group=group, role="held", scenario=SCENARIO, case="all")
            if listing.hide is not None:
                hidden = {listing.hide.parameter: listing.hide.value}
                walk(
                    context, operation, group=group, role="held", scenario=SCENARIO, case="hidden", arguments=hidden,
                )  # fmt: skip
            walk(context, operation, group=group, role="held", scenario=SCENARIO, case="all")
            compare_all(context, operation)
    held = not resource.is_terminal(made[0].status)
    for each in reversed(made):
        context.stage.release(each)
    return held

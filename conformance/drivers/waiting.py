"""Starts jobs that wait for others, and jobs with children, and looks at all of them until they have ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from conformance.drivers.context import Context
from conformance.errors import SourceStoreError, StageError
from conformance.history import Intent
from conformance.instance import Instance
from specs import Arrays, Resource, Waits
from strategies import based

SCENARIO = "waiting"


def run(context: Context, resource: Resource) -> None:
    """Every pair of jobs that is described, and one job with children, as far as their clauses are selected."""
    operations = [context.spec.operations[name] for name in (resource.create.operation, resource.list) if name]
    if resource.read is not None:
        operations.append(context.spec.operations[resource.read.operation])
    try:
        if resource.waits is not None and any(context.wants(each, "waits", "waits-failure") for each in operations):
            for name, arguments in resource.waits.first.items():
                _pair(context, resource, resource.waits, name, arguments)
        if resource.arrays is not None and any(
            context.wants(each, "array-size", "array-children") for each in operations
        ):
            _children(context, resource, resource.arrays)
    except (StageError, SourceStoreError) as error:
        context.note(resource.create.operation, str(error))


def _started(
    context: Context, resource: Resource, arguments: Mapping[str, Any], *, role: str, case: str, group: int
) -> Instance | None:
    operation = context.spec.operations[resource.create.operation]
    asked = context.stage.resolve({**based(operation), **resource.create.arguments, **arguments})
    intent = Intent(scenario=SCENARIO, role=role, case=case, group=group)
    return context.stage.registered(context.session.call(operation, asked, intent))


def _pair(context: Context, resource: Resource, waits: Waits, case: str, arguments: Mapping[str, Any]) -> None:
    """A job, and one that waits for it: the one that waits is read first each time, since only that order proves something."""
    group = context.session.group()
    first = _started(context, resource, arguments, role="first", case=case, group=group)
    if first is None:
        return
    needs = {waits.parameter: [{waits.member: first.id}]}
    second = _started(context, resource, needs, role="second", case=case, group=group)
    both = [each for each in (second, first) if each is not None]

    def over() -> bool:
        for each in both:
            context.stage.read(each, role="read", scenario=SCENARIO, group=group, case=case)
        return all(resource.is_terminal(each.status) for each in both)

    if second is not None:
        _until(context, resource, case, over)
    for each in both:
        context.stage.release(each)


def _children(context: Context, resource: Resource, arrays: Arrays) -> None:
    """A job with children: it is read, and its children are listed, while it goes on and at its end."""
    listing = context.spec.operations[resource.list or ""]
    scope = listing.listing.scope if listing.listing is not None else None
    group = context.session.group()
    parent = _started(context, resource, arrays.sizes, role="parent", case="children", group=group)
    if parent is None:
        return
    plain = {name: value for name, value in based(listing).items() if scope is None or name != scope.parameter}
    intent = Intent(scenario=SCENARIO, role="children", case="children", group=group)

    def look(extra: Mapping[str, Any]) -> None:
        asked = context.stage.resolve({**plain, **extra})
        context.session.call(listing, {**asked, arrays.parent: parent.id}, intent)

    def over() -> bool:
        context.stage.read(parent, role="read", scenario=SCENARIO, group=group, case="children")
        look(arrays.looks[0])
        return resource.is_terminal(parent.status)

    _until(context, resource, "children", over)
    for extra in arrays.looks[1:]:
        look(extra)
    context.stage.release(parent)


def _until(context: Context, resource: Resource, case: str, over: Callable[[], bool]) -> None:
    context.session.pace.until(
        (SCENARIO, resource.name, case), over, seconds=context.session.target.timeouts.job_end_max
    )

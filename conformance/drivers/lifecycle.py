"""Follows single jobs from their creation to their end, and a little beyond."""

from __future__ import annotations

from conformance.answer import tree_of
from conformance.drivers.context import Context
from conformance.drivers.listing import scope_of
from conformance.drivers.ranges import walk
from conformance.errors import SourceStoreError, StageError
from conformance.history import Intent
from conformance.instance import Instance
from specs import Resource, point

SCENARIO = "lifecycle"
_KINDS = (
    "unique-id", "readable", "status-known", "status-forward", "terminal", "immutable", "end-time", "list-agrees", "listed",
    "member", "counters-rise", "counters-total", "counters-whole", "counters-rest", "items-final", "items-agree", "not-before", "shown-when",
    "hold", "hold-free", "held-once", "list-fields", "order-stable",
)  # fmt: skip


def run(context: Context, resource: Resource) -> None:
    """Bring a job into each of its scenes, reading all the way, twice after the end, and in the list."""
    touched = {resource.create.operation, resource.read.operation if resource.read else "", resource.list or ""}
    if context.profile.name == "smoke" or not any(
        context.wants(context.spec.operations[name], *_KINDS) for name in touched if name
    ):
        return
    for scene in resource.scenes:
        try:
            made = context.stage.make(resource, scene=scene, scenario=SCENARIO)
        except (StageError, SourceStoreError) as error:
            context.note(resource.create.operation, str(error))
            continue
        if not resource.scenes[scene].holds:
            if resource.phase(made.status) in {"waiting", "running"}:
                after(context, made)
            context.stage.release(made) if resource.phase(made.status) == "running" else None
            context.stage.wait(made, scenario=SCENARIO)
        after(context, made)


def after(context: Context, made: Instance) -> None:
    """Look at a job: a read, the list, and a read again; every optional part of a read is asked for."""
    if made.resource.read is None:
        return
    group = context.session.group()
    context.stage.read(made, role="rest", scenario=SCENARIO, group=group)
    details(context, made)
    listing = context.spec.operations.get(made.resource.list or "")
    if listing is not None and listing.listing is not None:
        inherited = scope_of(listing, made)
        for call in walk(
            context, listing, group=group, role="rest-list", scenario=SCENARIO, arguments=inherited, most=3
        ):
            items = point(tree_of(listing, call.response), listing.listing.items)
            if isinstance(items, list) and any(point(item, listing.listing.item_id) == made.id for item in items):
                break
    context.stage.read(made, role="rest", scenario=SCENARIO, group=group)


def details(context: Context, made: Instance) -> None:
    """Read once more with every boolean option of the read switched on, so that optional members show."""
    assert made.resource.read is not None  # noqa: S101 - narrowed by the caller
    operation = context.spec.operations[made.resource.read.operation]
    options = {
        p.name: True for p in operation.parameters if p.schema.get("type") == "boolean" and p.location == "query"
    }
    if options:
        arguments = {**context.stage.arguments(made, made.resource.read), **options}
        context.session.call(operation, arguments, Intent(scenario=SCENARIO, role="details"))

"""Derives the clauses about single instances: their statuses, what can be done to them, and what is promised of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from specs.action import Action
from specs.clause import Basis, Clause, Family, Level, Source
from specs.operation import Operation
from specs.resource import Resource

Row = Callable[..., Clause]
_OUTCOMES = {"same": "gives the same id", "new": "makes another one", "refused": "is refused"}
_COMPANY = {
    "refused": "a second one is refused",
    "waits": "a second one waits",
    "together": "both run, as only what one job holds is meant",
}


def lifecycle_clauses(operation: Operation, api: str, resources: Mapping[str, Resource]) -> Iterator[Clause]:
    """The clauses about the life of what an operation creates, reads, lists or acts on."""
    for resource in resources.values():
        row = _row(operation, api, resource)
        if operation.name == resource.create.operation:
            yield from _creation(resource, row)
        if resource.is_job and resource.read is not None and operation.name == resource.read.operation:
            yield from _reads(resource, row)
        yield from _lists(operation, resource, row)
        for action in resource.actions.values():
            if action.use.operation == operation.name:
                yield from _action(resource, action, row)
        if any(use.operation == operation.name for use in resource.deleted):
            yield row(
                f"{resource.name}/deleted",
                "deleted",
                "What was deleted, and is not found any more, is refused here too.",
            )


def _row(operation: Operation, api: str, resource: Resource) -> Row:
    def row(
        place: str,
        kind: str,
        statement: str,
        *,
        source: Source | None = None,
        level: Level = Level.MUST,
        **data: Any,
    ) -> Clause:
        return Clause(
            id=f"{api}.{operation.name}/{place}", operation=operation.name, family=Family.LIFECYCLE, kind=kind, level=level,
            basis=Basis.INFERRED, statement=statement, source=_chosen(source, operation),
            data={"resource": resource.name, **data},
        )  # fmt: skip

    return row


def _chosen(source: Source | None, operation: Operation) -> Source:
    return operation.response.source if source is None or source.document == "inferred" else source


def _creation(resource: Resource, row: Row) -> Iterator[Clause]:
    yield row(
        f"{resource.name}/unique-id", "unique-id", "Every creation that is accepted gives an id never given before."
    )
    if (token := resource.idempotency) is not None:
        for kind, outcomes, words in (
            ("token-same", token.same, "the same request"),
            ("token-other", token.other, "another request"),
        ):
            said = " or ".join(_OUTCOMES[each] for each in outcomes)
            yield row(
                f"{token.parameter}/{'repeated' if kind == 'token-same' else 'reused'}", kind,
                f"A `{token.parameter}` sent again with {words} {said}.", source=token.source,
            )  # fmt: skip
    if (waits := resource.waits) is not None:
        yield row(
            f"{waits.parameter}/waits", "waits",
            "A job that waits for another is not started before that one has ended.", source=waits.source,
        )  # fmt: skip
        yield row(
            f"{waits.parameter}/failure", "waits-failure",
            "A job that waits for one that fails is not started, and fails too.", source=waits.source,
        )  # fmt: skip
    if resource.alone is not None:
        said = ", or ".join(_COMPANY[each] for each in resource.alone.readings)
        yield row(
            f"{resource.name}/one-at-a-time", "one-at-a-time",
            f"Jobs of one `{resource.alone.parent}` go one at a time, which may mean that {said}.", source=resource.alone.source,
        )  # fmt: skip
    if (hold := resource.hold) is not None:
        value, free = (str(each).lower() if isinstance(each, bool) else each for each in (hold.value, hold.free))
        yield row(
            f"{hold.parameter}/holds", "hold",
            f"With `{hold.parameter}` {value} a job goes no further than {hold.status} before it is let go.", source=hold.source,
        )  # fmt: skip
        yield row(
            f"{hold.parameter}/lets-go", "hold-free",
            f"With `{hold.parameter}` {free} a job is never {hold.status}.", source=hold.source,
        )  # fmt: skip


def _reads(resource: Resource, row: Row) -> Iterator[Clause]:
    yield row(f"{resource.name}/readable", "readable", "What was created can be read under the id that was given.")
    yield row(f"{resource.name}/status-known", "status-known", "The status is one of the documented ones.")
    yield row(f"{resource.name}/status-forward", "status-forward", "The status never goes back to an earlier phase.")
    yield row(f"{resource.name}/terminal", "terminal", "A status that ends a job never changes again.")
    if resource.immutable:
        names = ", ".join(resource.immutable)
        yield row(f"{resource.name}/immutable", "immutable", f"What identifies a job never changes: {names}.")
    if (arrays := resource.arrays) is not None:
        yield row(
            f"{resource.name}/array-size", "array-size",
            "A job made of children shows as many as were asked for.", source=arrays.source,
        )  # fmt: skip
    if resource.ended_at is not None:
        yield row(
            f"{resource.name}/end-time", "end-time",
            "The end time is not before the creation time, and never changes once it is there.",
        )  # fmt: skip
    if resource.hold is not None:
        yield row(
            f"{resource.name}/held-once", "held-once",
            f"A job that has left {resource.hold.status} is never {resource.hold.status} again.", source=resource.hold.source,
        )  # fmt: skip
    yield from _counters(resource, row)
    if (items := resource.items) is not None:
        yield row(
            f"{resource.name}/items-final", "items-final",
            f"An item that is {' or '.join(items.final)} stays so.", source=items.source,
        )  # fmt: skip
        yield row(
            f"{resource.name}/items-agree",
            "items-agree",
            "The items of a job agree with how it ended.",
            source=items.source,
        )
    for showing in resource.showing:
        name = showing.pointer.strip("/").replace("/", ".")
        for aspect, statuses, words in (
            ("not-before", showing.never, "is not shown while a job is"),
            ("shown-when", showing.needed, "is shown when a job is"),
        ):
            # A quick target may never be seen in a status that passes by itself: then there is nothing to demand a proof of.
            lasting = aspect == "not-before" and not resource.resting.isdisjoint(statuses)
            if statuses:
                yield row(
                    f"response.{name}/{aspect}", aspect, f"`{name}` {words} {_either(statuses)}.", source=showing.source,
                    pointer=showing.pointer, statuses=statuses, level=Level.MUST if lasting else Level.SHOULD,
                )  # fmt: skip


def _counters(resource: Resource, row: Row) -> Iterator[Clause]:
    counters = resource.counters
    if counters is None:
        return
    if counters.rise or counters.run:
        yield row(
            f"{resource.name}/counters-rise", "counters-rise",
            "What a job counts never falls" + (", unless it is run anew." if counters.run else "."), source=counters.source,
        )  # fmt: skip
    if counters.total is not None:
        yield row(
            f"{resource.name}/counters-total", "counters-total",
            "What was counted so far is never more than there is in all.", source=counters.source,
        )  # fmt: skip
    if counters.whole:
        yield row(
            f"{resource.name}/counters-whole", "counters-whole",
            f"When a job is {_either(counters.whole)}, everything there was has been counted.",
            source=counters.source, level=Level.SHOULD,
        )  # fmt: skip
    if counters.rest:
        yield row(
            f"{resource.name}/counters-rest", "counters-rest", "What a job has counted stays as it is once the job has ended.",
            source=counters.source, level=Level.SHOULD,
        )  # fmt: skip


def _lists(operation: Operation, resource: Resource, row: Row) -> Iterator[Clause]:
    listing = operation.listing
    if listing is None or listing.resource != resource.name:
        return
    yield row(
        "items/order-stable", "order-stable", "Two lists with nothing happening between have their items in the same order.",
        level=Level.SHOULD,
    )  # fmt: skip
    if (arrays := resource.arrays) is not None:
        yield row(
            f"{arrays.parent}/children", "array-children",
            "The children of a job have its id and a number, which is the index shown and below the size asked for; no two have the same.",
            source=arrays.source,
        )  # fmt: skip
    if listing.agrees:
        yield row(
            f"{resource.name}/list-fields", "list-fields",
            f"The list and a single read tell the same of {', '.join(each.strip('/').replace('/', '.') for each in listing.agrees)}.",
        )  # fmt: skip
    if resource.is_job and listing.status is not None:
        yield row(
            f"{resource.name}/list-agrees", "list-agrees",
            "The list and a single read tell the same status of a job that has ended.",
        )  # fmt: skip


def _action(resource: Resource, action: Action, row: Row) -> Iterator[Clause]:
    subject = f"{resource.name}.{action.name}"

    def about(aspect: str, statement: str) -> Clause:
        return row(f"{subject}/{aspect}", f"action-{aspect}", statement, source=action.source, action=action.name)

    if action.accepts:
        yield about("accepted", f"{_a(resource.name)} that is {_either(action.accepts)} takes `{action.name}`.")
    if action.refuses:
        yield about("refused", f"{_a(resource.name)} that is {_either(action.refuses)} refuses `{action.name}`.")
    if action.refusal:
        yield about(
            "refusal", f"A refusal of `{action.name}` because of a status carries a documented name and HTTP status."
        )
    if action.leads:
        yield about("effect", f"{_a(resource.name)} that has taken `{action.name}` comes to {_either(action.leads)}.")
    if resource.is_job:
        yield about(
            "absorbed", f"{_a(resource.name)} that has ended keeps its status, whatever comes of `{action.name}`."
        )
    if action.sets is not None:
        yield about("shown", f"What `{action.name}` sets is what is shown from then on.")


def _either(statuses: tuple[str, ...]) -> str:
    *first, last = statuses
    return f"{', '.join(first)} or {last}" if first else last


def _a(name: str) -> str:
    return f"{'An' if name[0] in 'aeio' else 'A'} {name}"

"""Derives the clauses about clients that act at the same time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from specs.clause import Basis, Clause, Family, Level, Source
from specs.operation import Operation
from specs.resource import Resource

_QUEUE = {
    "racing-starts": "Of requests that race without asking to be queued, no more than {running} is accepted while it stays active.",
    "racing-places": "However many requests race for the last place, no more than {capacity} jobs wait.",
    "racing-below-capacity": "Requests that race to be queued are not refused as long as there is a place for each of them.",
    "racing-order": "Requests that do not overlap keep their order though others overlap them.",
}


def race_clauses(operation: Operation, api: str, resources: Mapping[str, Resource]) -> Iterator[Clause]:
    """The clauses of an operation about what races do to a resource."""
    for resource in resources.values():
        if resource.race is not None:
            for subject, aspect, statement, source in _rows(operation, resource):
                yield Clause(
                    id=f"{api}.{operation.name}/{subject}/{aspect}", operation=operation.name, kind="race", level=Level.MUST,
                    family=_family(subject, aspect, resource), basis=Basis.INFERRED, statement=statement,
                    source=source, data={"aspect": aspect, "resource": resource.name},
                )  # fmt: skip


def _family(subject: str, aspect: str, resource: Resource) -> Family:
    queued = subject == "queue" or (aspect == "racing-cancel" and resource.queue is not None)
    return Family.QUEUE if queued else Family.LIFECYCLE


def _rows(operation: Operation, resource: Resource) -> Iterator[tuple[str, str, str, Source]]:
    race = resource.race
    assert race is not None  # noqa: S101 - asked by the caller
    if operation.name == resource.create.operation:
        yield from _creations(resource)
    if resource.read is not None and operation.name == resource.read.operation and resource.is_job:
        statement = "What one client was shown of a job is not taken back from another that asks later."
        yield resource.name, "racing-reads", statement, race.source
    contended = resource.cancel is not None and (resource.queue is not None or race.confirm is not None)
    if contended and resource.cancel is not None and operation.name == resource.cancel.operation:
        also = " or to confirm" if race.confirm is not None else ""
        statement = f"Requests that race to end{also} a job, or with its start, leave it with one outcome."
        yield resource.name, "racing-cancel", statement, race.source
    if resource.delete is not None and operation.name == resource.delete.operation and race.deletes is not None:
        statement = "Of deletes that race at least one succeeds, and what it deleted is gone for every client."
        yield resource.name, "racing-deletes", statement, race.source


def _creations(resource: Resource) -> Iterator[tuple[str, str, str, Source]]:
    race = resource.race
    assert race is not None  # noqa: S101 - asked by the caller
    if resource.queue is not None:
        for aspect, statement in _QUEUE.items():
            if resource.queue.capacity is not None or aspect in {"racing-starts", "racing-order"}:
                words = {"running": resource.queue.running, "capacity": resource.queue.capacity}
                yield "queue", aspect, statement.format(**words), resource.queue.source
    if race.distinct:
        yield resource.name, "racing-ids", "Creations that race are given different ids.", race.source
    if race.one_of:
        statement = "Where a creation is refused while another of its kind is active, it is so in a race as well."
        yield resource.name, "racing-starts", statement, race.source
    token = resource.idempotency
    if token is not None:
        statement = f"Creations that race with one `{token.parameter}` give what they give one after the other."
        yield token.parameter, "racing", statement, token.source

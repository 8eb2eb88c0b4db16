"""Derives the clauses of a queue and of dependencies from what a resource says of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from specs.clause import Basis, Clause, Family, Level, Source
from specs.operation import Operation
from specs.resource import Resource


@dataclass(frozen=True, slots=True, kw_only=True)
class Aspect:
    """One clause of a queue: its statement, and the rules of the evidence checker whose breach breaks it."""

    name: str
    statement: str
    rules: tuple[str, ...]
    basis: Basis = Basis.STATED


QUEUE_ASPECTS = (
    Aspect(name="capacity", statement="No more than {capacity} jobs wait at once.", rules=("capacity-exceeded",)),
    Aspect(name="capacity-usable", statement="A request to be queued is not refused as long as fewer than {capacity} jobs wait.", rules=("refused-below-capacity",)),
    Aspect(name="full-refusal", statement="A request that finds the queue full is refused with a documented name and status.", rules=()),
    Aspect(name="returned-by-cancel", statement="When a waiting job is cancelled, another can be queued.", rules=("refused-below-capacity",), basis=Basis.INFERRED),
    Aspect(name="returned-by-start", statement="When a waiting job starts, another can be queued.", rules=("refused-below-capacity",), basis=Basis.INFERRED),
    Aspect(name="returned-by-failure", statement="When a waiting job fails for its dependency, another can be queued.", rules=("refused-below-capacity",), basis=Basis.INFERRED),
    Aspect(name="dependent-counts", statement="A job that waits for its dependency takes a place in the queue.", rules=("capacity-exceeded",), basis=Basis.INFERRED),
    Aspect(name="busy-refusal", statement="A request that does not ask to be queued is refused while another job runs, as a boolean and as text.", rules=("accepted-while-busy",)),
    Aspect(name="busy-error", statement="The refusal while another job runs carries a documented name and status.", rules=()),
    Aspect(name="absent", statement="Leaving out `{parameter}` means not asking to be queued: the request is refused while another job runs.", rules=("accepted-while-busy",)),
    Aspect(name="text", statement="Asking to be queued by text has the same effect as by a boolean.", rules=("refused-below-capacity",)),
    Aspect(name="idle-accepts", statement="A request that does not ask to be queued is accepted when no other job is active.", rules=("refused-while-idle",), basis=Basis.INFERRED),
    Aspect(name="fifo", statement="Waiting jobs start in the order in which they were accepted.", rules=("fifo",)),
    Aspect(name="fifo-after-cancel", statement="Jobs keep their order when one between them is cancelled.", rules=("fifo",), basis=Basis.INFERRED),
    Aspect(name="fifo-with-dependents", statement="Jobs keep their order when some of them depend on others.", rules=("fifo",), basis=Basis.INFERRED),
    Aspect(name="one-running", statement="At most {running} job runs at a time.", rules=("one-at-a-time",), basis=Basis.INFERRED),
    Aspect(name="cancelled-never-runs", statement="A waiting job that was cancelled never starts.", rules=("started-after-cancel",), basis=Basis.INFERRED),
)  # fmt: skip

DEPENDENCY_ASPECTS = (
    Aspect(name="waits", statement="A job does not start before all its dependencies have completed.", rules=("started-before-dependency",)),
    Aspect(name="success-runs", statement="A job whose dependencies all succeeded is not failed because of them.", rules=("failed-for-no-reason",), basis=Basis.INFERRED),
    Aspect(name="several", statement="A job with several dependencies waits for each of them.", rules=("started-before-dependency", "success-without-dependency")),
    Aspect(name="repeated", statement="Naming a dependency twice means the same as naming it once.", rules=("failed-for-no-reason", "started-before-dependency"), basis=Basis.INFERRED),
    Aspect(name="finished", statement="A dependency that has succeeded already does not hold a job back.", rules=("failed-for-no-reason",), basis=Basis.INFERRED),
    Aspect(name="failure-direct", statement="A job is not executed when a dependency of it fails.", rules=("success-without-dependency",)),
    Aspect(name="several-one-fails", statement="One failed dependency among several is enough for a job not to be executed.", rules=("success-without-dependency",)),
    Aspect(name="failed-before", statement="A dependency that has failed already is no better than one that fails later: the request is refused, or the job is not executed.", rules=("success-without-dependency",), basis=Basis.INFERRED),
    Aspect(name="cancelled-dependency", statement="A job is not executed when a dependency of it was cancelled.", rules=("success-without-dependency",), basis=Basis.INFERRED),
    Aspect(name="cascade", statement="A failure reaches every job that depends on it indirectly, at any depth.", rules=("success-without-dependency",)),
    Aspect(name="unmet-status", statement="A job that is not executed because of a dependency ends with the documented status.", rules=("not-cascaded",)),
    Aspect(name="unknown-dependency", statement="A dependency that names nothing is refused, or makes the job end as one whose dependency was not met.", rules=("success-without-dependency",), basis=Basis.INFERRED),
    Aspect(name="unqueued", statement="A request with dependencies that does not ask to be queued is refused with a documented name and status, or its job is not failed for dependencies that have succeeded.", rules=("failed-for-no-reason",), basis=Basis.SILENT),
)  # fmt: skip


def queue_clauses(operation: Operation, api: str, resources: Mapping[str, Resource]) -> Iterator[Clause]:
    """The clauses of the queue and the dependencies of what an operation creates."""
    resource = resources.get(operation.creates or "")
    if resource is None or resource.create.operation != operation.name or resource.queue is None:
        return
    words = {
        "capacity": resource.queue.capacity,
        "running": resource.queue.running,
        "parameter": resource.queue.parameter,
    }
    for aspect in QUEUE_ASPECTS:
        if resource.queue.capacity is None and "{capacity}" in aspect.statement:
            continue
        source = resource.queue.source
        yield _clause(operation, api, aspect, subject="queue", family=Family.QUEUE, source=source, words=words)
    if resource.dependencies is not None:
        for aspect in DEPENDENCY_ASPECTS:
            yield _clause(
                operation,
                api,
                aspect,
                subject=resource.dependencies.parameter,
                family=Family.DEPENDENCY,
                source=resource.dependencies.source,
                words=words,
            )


def _clause(
    operation: Operation,
    api: str,
    aspect: Aspect,
    *,
    subject: str,
    family: Family,
    source: Source,
    words: Mapping[str, object],
) -> Clause:
    return Clause(
        id=f"{api}.{operation.name}/{subject}/{aspect.name}", operation=operation.name, family=family, kind="queue-rule",
        level=Level.MAY if aspect.basis is Basis.SILENT else Level.MUST, basis=aspect.basis, statement=aspect.statement.format(**words), source=source,
        data={"aspect": aspect.name, "rules": aspect.rules, "resource": operation.creates},
    )  # fmt: skip

"""What a run has cost its target: requests by operation, what was made, and what was uploaded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from conformance.answer import answer_of
from conformance.history import Call
from specs import Spec

_ENDING = {"cancel": "cancelled", "delete": "deleted"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """The counts of a run.

    Attributes:
        requests: by operation, those that were sent.
        made: by resource, those whose creation was accepted.
        jobs: of what was made, jobs.
        ended: by resource, the cancels and deletes that were accepted.
        objects: source objects that were uploaded.
        size: bytes of them.
    """

    requests: Mapping[str, int] = field(default_factory=dict)
    made: Mapping[str, int] = field(default_factory=dict)
    jobs: int = 0
    ended: Mapping[str, int] = field(default_factory=dict)
    objects: int = 0
    size: int = 0


def costs_of(spec: Spec, calls: Iterable[Call], *, objects: int = 0, size: int = 0) -> Costs:
    """The costs of the calls of a run; uploads are not among its calls, and counted elsewhere."""
    requests: Counter[str] = Counter()
    made: Counter[str] = Counter()
    ended: Counter[str] = Counter()
    for call in calls:
        requests[call.operation] += 1
        operation = spec.operations.get(call.operation)
        if operation is None or not answer_of(spec, call.response).success:
            continue
        if operation.creates is not None:
            made[operation.creates] += 1
        if operation.effect in _ENDING:
            ended[f"{_ENDING[operation.effect]} by {operation.name}"] += 1
    jobs = sum(count for name, count in made.items() if spec.resources[name].is_job)
    return Costs(requests=dict(requests), made=dict(made), jobs=jobs, ended=dict(ended), objects=objects, size=size)

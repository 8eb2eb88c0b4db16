"""Oracles judge a history by the specification. They never send anything."""

from conformance.oracles import (
    actions,
    agreement,
    arrays,
    attempt,
    authentication,
    counters,
    effects,
    errors,
    experiment,
    filters,
    lifecycle,
    listing,
    paging,
    promises,
    queue,
    race,
    ranges,
    robustness,
    shape,
    waiting,
)
from conformance.oracles.registry import judge, judge_clause

__all__ = [
    "actions", "agreement", "arrays", "attempt", "authentication", "counters", "effects", "errors", "experiment", "filters", "judge", "judge_clause", "lifecycle", "listing", "paging", "promises", "queue", "race", "ranges",
    "robustness", "shape", "waiting",
]  # fmt: skip

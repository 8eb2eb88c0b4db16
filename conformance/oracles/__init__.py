"""Oracles judge a history by the specification. They never send anything."""

from conformance.oracles import (
    attempt,
    authentication,
    effects,
    errors,
    filters,
    lifecycle,
    listing,
    paging,
    queue,
    ranges,
    robustness,
    shape,
)
from conformance.oracles.registry import judge, judge_clause

__all__ = [
    "attempt", "authentication", "effects", "errors", "filters", "judge", "judge_clause", "lifecycle", "listing", "paging", "queue", "ranges",
    "robustness", "shape",
]  # fmt: skip

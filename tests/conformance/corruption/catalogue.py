"""Every corruption there is: importing this module registers them all."""

from tests.conformance.corruption import (
    actions,
    attempts,
    effects,
    errors,
    experiments,
    lifecycle,
    listing,
    paging,
    promises,
    queue,
    races,
    ranges,
    shape,
    waiting,
)  # fmt: skip
from tests.conformance.corruption.registry import Corruption, corruptions

__all__ = [
    "Corruption",
    "actions",
    "attempts",
    "corruptions",
    "effects",
    "errors",
    "experiments",
    "lifecycle",
    "listing",
    "paging",
    "promises",
    "queue",
    "races",
    "ranges",
    "shape",
    "waiting",
]

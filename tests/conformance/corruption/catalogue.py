"""Every corruption there is: importing this module registers them all."""

from tests.conformance.corruption import attempts, effects, errors, lifecycle, listing, paging, queue, ranges, shape
from tests.conformance.corruption.registry import Corruption, corruptions

__all__ = [
    "Corruption",
    "attempts",
    "corruptions",
    "effects",
    "errors",
    "lifecycle",
    "listing",
    "paging",
    "queue",
    "ranges",
    "shape",
]

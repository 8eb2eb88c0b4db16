"""Every corruption there is: importing this module registers them all."""

from tests.conformance.corruption import effects, errors, lifecycle, listing, paging, queue, ranges, shape
from tests.conformance.corruption.registry import Corruption, corruptions

__all__ = [
    "Corruption",
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

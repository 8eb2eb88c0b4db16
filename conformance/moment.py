"""Times as services write them."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

_FIRST = dt.datetime.min.replace(tzinfo=dt.UTC).timestamp()
_LAST = dt.datetime.max.replace(tzinfo=dt.UTC, microsecond=0).timestamp()


def moment(value: Any) -> float | None:
    """Seconds since the epoch of an ISO 8601 text or an epoch number; None for anything else, and what is not finite.

    A text without offset is taken as UTC: it is only compared with others of the same service.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _finite(value)
    if not isinstance(value, str):
        return None
    try:
        parsed = dt.datetime.fromisoformat(value.strip().replace("z", "Z"))
    except ValueError:
        return None
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=dt.UTC)).timestamp()


def _finite(value: float) -> float | None:
    try:
        number = float(value)
    except OverflowError:  # an integer of more than 308 digits
        return None
    return number if math.isfinite(number) else None


def spelled(seconds: float) -> str:
    """A time as ISO 8601 in UTC with microseconds; one that is no date is moved to the nearest that is."""
    within = min(max(seconds, _FIRST), _LAST)
    text = dt.datetime.fromtimestamp(within, dt.UTC).isoformat(timespec="microseconds")
    return text.replace("+00:00", "Z")

"""Times as services write them."""

from __future__ import annotations

import datetime
from typing import Any


def moment(value: Any) -> float | None:
    """Seconds since the epoch of an ISO 8601 text or an epoch number; None for anything else.

    A text without offset is taken as UTC: it is only compared with others of the same service.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, str):
        return None
    try:
        parsed = datetime.datetime.fromisoformat(value.strip().replace("z", "Z").replace("Z", "+00:00"))
    except ValueError:
        return None
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=datetime.UTC)).timestamp()


def spelled(seconds: float) -> str:
    """A time as ISO 8601 in UTC with microseconds."""
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")

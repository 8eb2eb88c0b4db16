"""Time as an emulated service sees it."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta


class Clock:
    """Seconds since the service started, and the dates they stand for.

    States follow the monotonic reading, so that a corrected system clock never moves a job back.
    """

    def __init__(self) -> None:
        self._origin = datetime.now(UTC)
        self._start = time.monotonic()

    def now(self) -> float:
        """Return the seconds since this clock was made."""
        return time.monotonic() - self._start

    def date(self, moment: float) -> datetime:
        """Return the date of a reading of this clock, cut to milliseconds as all answers show it."""
        exact = self._origin + timedelta(seconds=moment)
        return exact.replace(microsecond=exact.microsecond // 1000 * 1000)


def iso(date: datetime) -> str:
    """Write a UTC date the way both AWS services do, with milliseconds and ``Z``."""
    return date.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

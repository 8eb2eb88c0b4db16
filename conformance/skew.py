"""How far the clock of a target is from ours, by the Date of its answers."""

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime

from conformance.history import Call


def skew_of(call: Call, *, now: float | None = None) -> float | None:
    """Seconds that the target is ahead of us, by an answer that has just come; None where it does not tell its time.

    A Date has whole seconds, and may have been written at any moment of the call.
    """
    date = "" if call.response is None else call.response.headers.get("date", "")
    try:
        there = parsedate_to_datetime(date).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
    here = time.time() if now is None else now
    took = 0.0 if call.ended is None else call.ended - call.started
    earliest, latest = there - here, there + 1 - (here - took)
    if earliest <= 0 <= latest:
        return 0.0
    return earliest if earliest > 0 else latest


def told(seconds: float) -> str:
    """A skew in words."""
    if seconds == 0:
        return "the clocks agree"
    return f"the target's clock is {abs(seconds):.0f} s {'ahead of' if seconds > 0 else 'behind'} ours"

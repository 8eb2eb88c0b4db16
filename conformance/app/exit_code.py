"""Exit codes, and how those of several APIs become one."""

from __future__ import annotations

CONFORMING = 0
BROKEN = 1
MISUSE = 2
UNPROVEN = 3

_WORST_FIRST = (MISUSE, BROKEN, UNPROVEN, CONFORMING)


def worst(codes: list[int]) -> int:
    """The code of several runs together: a set-up error before a breach, a breach before something unproven."""
    return next((code for code in _WORST_FIRST if code in codes), MISUSE)

"""What an earlier part of a run has left behind."""

from __future__ import annotations

from dataclasses import dataclass, field

from conformance.history import Call
from conformance.journal import Progress
from conformance.seam import Seam


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """All parts of a run before this one.

    Attributes:
        calls: what they sent, also what was never answered.
        finished: names of the scenarios that came to their end.
        seam: which calls were cut off.
        progress: what was known when the last of these scenarios had ended.
        names: what the names of each part's own things begin with.
        moment: seconds since the first part began, now.
        active: seconds for which the parts were at work.
        parts: how many they are.
    """

    calls: tuple[Call, ...] = ()
    finished: frozenset[str] = frozenset()
    seam: Seam = field(default_factory=Seam)
    progress: Progress = field(default_factory=Progress)
    names: tuple[str, ...] = ()
    moment: float = 0.0
    active: float = 0.0
    parts: int = 1

"""A clock that moves when a test says so."""

from __future__ import annotations

from conformance.emulator.clock import Clock


class ManualClock(Clock):
    def __init__(self) -> None:
        super().__init__()
        self.moment = 0.0

    def now(self) -> float:
        return self.moment

    def advance(self, seconds: float) -> None:
        self.moment += seconds

"""Statuses laid out over time, so that no thread has to move a job."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A status and the clock reading from which it holds."""

    status: str
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """The steps a job went through and will go through if nothing intervenes; never empty, in order of time."""

    steps: tuple[Step, ...]

    def step(self, now: float) -> Step:
        """Return the step that holds at a moment; before the first step, the first."""
        return next((step for step in reversed(self.steps) if step.at <= now), self.steps[0])

    def status(self, now: float) -> str:
        """Return the status at a moment."""
        return self.step(now).status

    def replanned(self, now: float, *steps: Step) -> Schedule:
        """Return the past of this schedule with another future."""
        past = tuple(step for step in self.steps if step.at <= now)
        return Schedule(steps=past + steps)

    def entered(self, status: str, now: float) -> float | None:
        """Return when a status was entered, if that has happened by now."""
        return next((step.at for step in self.steps if step.status == status and step.at <= now), None)

    def left(self, status: str, now: float) -> float | None:
        """Return when a status was left, if it was entered and left by now."""
        pairs = zip(self.steps, self.steps[1:], strict=False)
        return next((after.at for step, after in pairs if step.status == status and after.at <= now), None)

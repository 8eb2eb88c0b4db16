"""Keeps account of a run while it goes, so that one that was killed can be taken up again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from conformance.history import Call

Step = Literal["begun", "ended", "cut"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What was known of a run when a scenario had ended.

    Attributes:
        notes: by operation, why it could not be driven.
        faults: by operation, what went wrong in the suite.
        size: how often long work was made longer.
    """

    notes: Mapping[str, list[str]] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    size: int = 0


class Journal(Protocol):
    """Who writes down how a run goes; everything is written before the method returns."""

    def sending(self, call: Call) -> None:
        """A request that may have an effect is about to be sent; the call is open, and has no id yet."""

    def scenarios(self, names: Sequence[str], step: Step, progress: Progress) -> None:
        """A scenario begins, has ended, or was cut off by the end of the run; or several that are driven side by side.

        Of these, those that are not told of as ended are to be driven again.
        """

    def put_off(self, calls: Collection[int]) -> None:
        """These calls are of scenarios that could not be driven beside others to their end, and are driven anew."""

    def settled(self, calls: Collection[int]) -> None:
        """These calls, never answered, are over: whatever came of them came before what follows."""


class Unwritten:
    """A journal that nobody keeps."""

    def sending(self, call: Call) -> None:
        """Nothing."""

    def scenarios(self, names: Sequence[str], step: Step, progress: Progress) -> None:
        """Nothing."""

    def put_off(self, calls: Collection[int]) -> None:
        """Nothing."""

    def settled(self, calls: Collection[int]) -> None:
        """Nothing."""

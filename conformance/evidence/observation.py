"""What calls show of a queue: frozen values, each true at some moment of its window of time.

A window is ``[began, ended]``: what is observed was true at one moment in it, which moment is not known. One observation is
later than another only if it began when the other had ended. ``source`` is whatever the caller wants to find back in a
contradiction, such as the call.
"""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Literal

Phase = Literal["waiting", "running", "active", "started", "succeeded", "failed", "cancelled", "unmet", "over"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A job was in a phase.

    ``active`` is waiting or running, ``started`` is running or over after having run, ``unmet`` is ended because of a dependency, ``over`` is ended before the cancel asked
    for last, as its refusal shows.
    """

    job: Hashable
    phase: Phase
    began: float
    ended: float
    source: object = field(default=None, compare=False)

    @property
    def kind(self) -> str:
        """What was observed, in a word."""
        return self.phase


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A job was accepted.

    Attributes:
        queued: whether the request asked to be queued.
        after: the jobs it depends on, each once.
        unknown: whether it depends on something that is no job.
        steady: until when the job surely does not leave the queue but by starting; for ever, where nothing else ends a
            waiting job. A cancel asked for (:class:`Asked`) brings it forward by itself.
        counts: whether it may be counted among those that wait.
        holds: whether the request was not, in truth, refused later.
    """

    job: Hashable
    began: float
    ended: float
    queued: bool = True
    after: tuple[Hashable, ...] = ()
    unknown: bool = False
    steady: float = math.inf
    counts: bool = True
    holds: bool = True
    source: object = field(default=None, compare=False)

    @property
    def kind(self) -> str:
        """What was observed, in words."""
        return "accepted" if self.queued else "accepted unqueued"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A request was refused: as ``full``, or, not asking to be queued, as ``busy``."""

    reason: Literal["full", "busy"]
    began: float
    ended: float
    source: object = field(default=None, compare=False)

    @property
    def kind(self) -> str:
        """What was observed, in words."""
        return f"refused as {self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Somebody asked for a job to be cancelled: from now on it may leave at any time. It is given when it is sent."""

    job: Hashable
    began: float
    source: object = field(default=None, compare=False)
    kind: str = "cancel asked"

    @property
    def ended(self) -> float:
        """A moment: the request was sent."""
        return self.began


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A job was asked for and nobody knows yet whether there is one. It is given when it is sent.

    It is settled by :class:`Accepted`, or with ``settled`` when it was refused; never, where no answer came.
    """

    job: Hashable
    began: float
    settled: bool = False
    source: object = field(default=None, compare=False)
    kind: str = "asked for"

    @property
    def ended(self) -> float:
        """A moment."""
        return self.began


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """All jobs that wait, as one answer showed them at one moment."""

    waiting: frozenset[Hashable]
    began: float
    ended: float
    source: object = field(default=None, compare=False)
    kind: str = "listed"


Observation = Seen | Accepted | Refused | Asked | Opened | Listed

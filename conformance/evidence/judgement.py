"""What a checker concludes, and how much work it may do."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Answer(enum.Enum):
    """Whether a model explains some calls."""

    POSSIBLE = "possible"
    IMPOSSIBLE = "impossible"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """How much is looked at before a checker gives up. Work is counted, never timed: the same calls get the same answer.

    Attributes:
        states: states held at once by the state set.
        steps: steps of a search for an order.
        clients: calls under way at once.
        calls: calls of one independent part.
    """

    states: int = 10_000
    steps: int = 200_000
    clients: int = 12
    calls: int = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What came of checking calls against a model.

    ``reason`` says why nothing was decided; ``effort`` is how many states or steps were looked at; ``last`` is the call
    at which no state was left, as far as the checker can tell.
    """

    answer: Answer
    reason: str = ""
    effort: int = 0
    last: int | None = None

    @property
    def impossible(self) -> bool:
        """Whether no behaviour that the model permits explains the calls."""
        return self.answer is Answer.IMPOSSIBLE

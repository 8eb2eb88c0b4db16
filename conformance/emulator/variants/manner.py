"""Manners that any of the services may have: to say *not now* at times, and to take its time."""

from __future__ import annotations

import random
import threading
import time
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from werkzeug import Request, Response

    from conformance.emulator.settings import Settings


class Busy(ABC):
    """Answers one request in so many with *not now*, now and then with the seconds to wait."""

    EVERY = 40
    RETRY_AFTER = (None, "0", None, "1")

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)  # type: ignore[call-arg]
        self._chance = random.Random(1)  # noqa: S311 - the same moments in every run
        self._busy_lock = threading.Lock()
        self._times = 0

    def handle(self, request: Request) -> Response:
        """Answer one request, or put it off."""
        with self._busy_lock:
            busy = self._chance.randrange(self.EVERY) == 0
            self._times += busy
            after = self.RETRY_AFTER[self._times % len(self.RETRY_AFTER)]
        if not busy:
            answer: Response = super().handle(request)  # type: ignore[misc]
            return answer
        response = self.not_now()
        if after is not None:
            response.headers["Retry-After"] = after
        return response

    @abstractmethod
    def not_now(self) -> Response:
        """Word the refusal."""


class Unsteady:
    """Takes its time over every tenth request or so."""

    SECONDS = 0.15

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)  # type: ignore[call-arg]
        self._moods = random.Random(2)  # noqa: S311 - the same moments in every run

    def handle(self, request: Request) -> Response:
        """Answer one request, some time."""
        if self._moods.random() < 0.1:
            time.sleep(self._moods.random() * self.SECONDS)
        answer: Response = super().handle(request)  # type: ignore[misc]
        return answer

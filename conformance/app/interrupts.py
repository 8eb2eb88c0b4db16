"""Ctrl-C: the first ends the run in good order, a second hurries the clean-up."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(slots=True)
class Interrupts:
    """Counts interrupts; only the first raises KeyboardInterrupt, so that what was recorded gets judged and written."""

    count: int = 0

    def hurry(self) -> bool:
        """Whether the user has asked twice."""
        return self.count > 1

    def handle(self, *_: object) -> None:
        """The signal handler."""
        self.count += 1
        if self.count == 1:
            raise KeyboardInterrupt

    @contextlib.contextmanager
    def watched(self) -> Iterator[None]:
        """Handle SIGINT and SIGTERM while inside; a no-op outside of the main thread."""
        before = {}
        for number in (signal.SIGINT, signal.SIGTERM):
            with contextlib.suppress(ValueError):
                before[number] = signal.signal(number, self.handle)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

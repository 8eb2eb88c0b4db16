"""Ctrl-C: the first ends the run in good order, a second hurries the clean-up."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.session import Session


@dataclass(slots=True)
class Interrupts:
    """Counts interrupts; only the first raises KeyboardInterrupt, so that what was recorded gets judged and written.

    It waits for the answer to a request that is under way, since what that makes must be known to be removed, and a
    second one does not. Once nothing more is to be driven, the first raises nothing either.
    """

    count: int = 0
    _sheltered: bool = False
    _waiting: bool = False
    _over: bool = False

    def govern(self, session: Session) -> None:
        """From now on the session asks here whether to go on, and says when it must not be disturbed."""
        session.stopped, session.sheltered, session.over = self.hurry, self.sheltered, self.over

    def hurry(self) -> bool:
        """Whether the user has asked twice."""
        return self.count > 1

    def over(self) -> None:
        """Nothing more is driven from now on: what follows is to be carried out to its end."""
        self._over = True

    def handle(self, *_: object) -> None:
        """The signal handler."""
        self.count += 1
        if self._over:
            return
        if self._waiting:
            self._waiting = False
            raise KeyboardInterrupt
        if self.count == 1:
            if not self._sheltered:
                raise KeyboardInterrupt
            self._waiting = True

    @contextlib.contextmanager
    def sheltered(self) -> Iterator[None]:
        """A request is under way; signals are handled by the main thread, so those of others need no shelter."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        self._sheltered = True
        try:
            yield
        finally:
            self._sheltered = False
            waited, self._waiting = self._waiting, False
        if waited:
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

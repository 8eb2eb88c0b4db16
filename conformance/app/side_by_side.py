"""Runs of several APIs at the same time, each in a process of its own.

A run sleeps while jobs take their time, and APIs share nothing but the store of source data: so together they take about
as long as the longest of them. A process, not a thread, since a run also computes.
"""

from __future__ import annotations

import io
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from rich.console import Console

from conformance import Call, ConformanceError, SettingsError
from conformance.app.progress import NOTCH, Display, Row
from specs import SpecError

#: Work of one process: it prints to a console, tells a listener how it goes, and returns something that can be pickled.
Work = Callable[[Console, "Told"], Any]


@dataclass(slots=True)
class Told:
    """A listener that tells another process how a run goes."""

    to: Connection
    _requests: int = 0

    def phase(self, name: str, done: int, total: int) -> None:
        """A scenario begins."""
        self.to.send(("phase", (name, done, total)))

    def call(self, call: Call) -> None:
        """A call is complete."""
        del call
        self._requests += 1
        if self._requests % NOTCH == 0:
            self.to.send(("requests", self._requests))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """One run that is over: what it printed and returned, or why there is neither."""

    api: str
    printed: str = ""
    value: Any = None
    wrong: str | None = None


@dataclass(slots=True, kw_only=True)
class _Running:
    api: str
    process: BaseProcess
    heard: Connection
    row: Row
    ended: Ended | None = None

    def listen(self) -> None:
        """Take one message in."""
        try:
            kind, said = self.heard.recv()
        except EOFError:
            self.process.join()
            kind, said = "wrong", f"its process ended with code {self.process.exitcode}; run it alone to see why"
        if kind == "phase":
            self.row.phase(*said)
        elif kind == "requests":
            self.row.sent(said)
        elif kind == "wrong":
            self.ended = Ended(api=self.api, wrong=f"{self.api}: {said}")
        else:
            self.ended = Ended(api=self.api, printed=said[0], value=said[1])


@dataclass(slots=True, kw_only=True)
class SideBySide:
    """Runs work for several APIs at once, and shows on one console how all of it goes."""

    console: Console
    _running: list[_Running] = field(default_factory=list)

    def run(self, tasks: Sequence[tuple[str, Work]]) -> Iterator[Ended]:
        """Do all of it; yields what is over as soon as it is. Ctrl-C is passed on, and each ends in good order."""
        with Display(self.console) as display, self._passing_on():
            for api, work in tasks:
                self._running.append(self._begun(api, work, display.row(api)))
            while alive := {each.heard: each for each in self._running if each.ended is None}:
                for heard in wait(list(alive)):
                    each = alive[heard]  # type: ignore[index]  # a Connection, as we gave none else
                    each.listen()
                    if each.ended is not None:
                        each.row.over()
                        yield each.ended

    def _begun(self, api: str, work: Work, row: Row) -> _Running:
        context = multiprocessing.get_context("spawn")
        heard, told = context.Pipe(duplex=False)
        looks = (self.console.is_terminal, self.console.color_system, self.console.width)
        process = context.Process(target=_worked, args=(work, told, looks), name=f"run of {api}", daemon=True)
        process.start()
        told.close()
        return _Running(api=api, process=process, heard=heard, row=row)

    @contextmanager
    def _passing_on(self) -> Iterator[None]:
        """Interrupts go to the processes, which are in sessions of their own and get none from the terminal."""

        def handle(number: int, frame: object) -> None:
            del frame
            for each in self._running:
                if each.ended is None and each.process.pid is not None:
                    os.kill(each.process.pid, number)

        before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            for each in self._running:
                each.process.join()
                each.heard.close()


def _worked(work: Work, told: Connection, looks: tuple[bool, Any, int]) -> None:
    """The body of such a process."""
    os.setsid()
    terminal, colours, width = looks
    printed = io.StringIO()
    console = Console(
        file=printed, soft_wrap=True, force_terminal=terminal, color_system=colours if terminal else None, width=width
    )
    try:
        value = work(console, Told(told))
    except (ConformanceError, SpecError) as error:
        told.send(("wrong", str(error)))
    except KeyboardInterrupt:
        told.send(("wrong", "interrupted before anything was recorded"))
    else:
        told.send(("done", (printed.getvalue(), value)))


def require_all(ended: Sequence[Ended]) -> None:
    """Raises SettingsError with all that went wrong, if anything did."""
    wrong = [each.wrong for each in ended if each.wrong is not None]
    if wrong:
        raise SettingsError("; ".join(wrong))

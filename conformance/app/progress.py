"""Shows a run while it goes, and what came of it, on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from conformance import Call, Finding, Verdict
from reports import Baseline, Record, State

_STYLES = {
    Verdict.PASS: "green", Verdict.FAIL: "bold red", Verdict.ERROR: "bold magenta", Verdict.WARN: "yellow",
    Verdict.INCONCLUSIVE: "cyan", Verdict.UNTESTABLE: "cyan", Verdict.VACUOUS: "cyan",
}  # fmt: skip
_SHOWN = 12
#: So many requests are shown at a time.
NOTCH = 10


@dataclass(slots=True, kw_only=True)
class Row:
    """A listener that shows phase, requests and time of one API's run."""

    progress: Progress
    task: TaskID
    _requests: int = 0

    def phase(self, name: str, done: int, total: int) -> None:
        """A scenario begins."""
        self.progress.update(self.task, description=name, completed=done, total=total)

    def call(self, call: Call) -> None:
        """A call is complete."""
        del call
        self._requests += 1
        if self._requests % NOTCH == 0:
            self.sent(self._requests)

    def sent(self, requests: int) -> None:
        """So many requests are behind."""
        self.progress.update(self.task, requests=requests)

    def over(self) -> None:
        """The run is over, and its row goes."""
        self.progress.remove_task(self.task)


class Display:
    """Rows on a terminal that show how runs go, one an API."""

    def __init__(self, console: Console) -> None:
        columns = (
            SpinnerColumn(),
            TextColumn("{task.fields[api]:<10}"),
            BarColumn(24),
            TextColumn("{task.fields[requests]:>5} requests"),
            TimeElapsedColumn(),
            TextColumn("{task.description}"),
        )
        self._progress = Progress(*columns, console=console, transient=True)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def row(self, api: str) -> Row:
        """A new row."""
        task = self._progress.add_task("starting", total=None, api=api, requests=0)
        return Row(progress=self._progress, task=task)


def show_summary(console: Console, summary: dict[str, Any], record: Record, place: str) -> None:
    """One API's outcome: a line with all counts, then what is broken, what was not proven, and what is known."""
    counts = ", ".join(f"{number} {verdict}" for verdict, number in summary["counts"].items() if number)
    colour = {"conforming": "green", "not-conforming": "red"}.get(summary["verdict"], "yellow")
    console.print(
        f"[bold]{summary['api']}[/]: [bold {colour}]{summary['verdict']}[/] — {counts} ({summary['requests']} requests, {summary['seconds']:.1f} s)"
    )
    findings = [finding for finding in record.findings if finding.clause.id not in record.excused]
    broken = [f for f in findings if f.verdict in {Verdict.FAIL, Verdict.ERROR}]
    unproven = [
        f
        for f in findings
        if f.clause.mandatory and f.verdict in {Verdict.INCONCLUSIVE, Verdict.UNTESTABLE, Verdict.VACUOUS}
    ]
    warned = [f for f in findings if f.verdict is Verdict.WARN]
    for title, rows in (("broken", broken), ("not proven", unproven), ("advice not kept", warned)):
        if rows:
            _rows(console, title, rows)
    if record.baseline is not None:
        _known(console, record.baseline)
    console.print(f"  report: {escape(place)}", highlight=False)


def _known(console: Console, baseline: Baseline) -> None:
    """What needs looking after in a baseline, and how much of it is as expected."""
    console.print(
        f"  baseline {escape(baseline.name)}: {len(baseline.in_state(State.KNOWN))} known deviations seen again",
        highlight=False,
    )
    for state in (State.EXPIRED, State.STALE, State.NOT_SEEN):
        standings = baseline.in_state(state)
        for each in standings[:_SHOWN]:
            console.print(f"    [yellow]{state:<12}[/] {escape(each.deviation.clause)}", highlight=False)
            console.print(f"    {'':12} [dim]{escape(each.why)}[/]", highlight=False)
        if len(standings) > _SHOWN:
            console.print(f"    … and {len(standings) - _SHOWN} more in the report")


def _rows(console: Console, title: str, rows: Sequence[Finding]) -> None:
    console.print(f"  {title}:")
    for finding in rows[:_SHOWN]:
        console.print(
            f"    [{_STYLES.get(finding.verdict, 'white')}]{finding.verdict:<12}[/] {escape(finding.clause.id)}",
            highlight=False,
        )
        console.print(f"    {'':12} [dim]{escape(finding.reason[:300])}[/]", highlight=False)
    if len(rows) > _SHOWN:
        console.print(f"  … and {len(rows) - _SHOWN} more in the report")

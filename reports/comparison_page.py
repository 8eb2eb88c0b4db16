"""A comparison as one HTML file: what got worse first, then the matrix, in which each clause unfolds."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reports.body import body_for
from reports.comparison import Cell, Change, Column, Comparison, Row
from reports.comparison_markdown import ABSENT, base_label, sentence, word
from reports.html import DETAILED, bar, policy
from reports.location import location
from reports.outcome import DISPLAY
from reports.record import Exchange
from reports.template import embedded, fill, static
from reports.text import visible

_STYLES = ("report.css", "comparison.css")
_SCRIPTS = ("parts.js", "comparison.js")
_REASON, _TEXT, _BODY, _EXCHANGES = 400, 1_000, 700, 3
_EVIDENCE = 1_500
"""Cells beyond these show no evidence: it stands in the reports."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What changed in one way from the base of a column to it."""

    change: Change
    rows: tuple[tuple[Row, str, str], ...]
    """Each with what was said before and what is said now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A column as the page shows it above the matrix."""

    column: Column
    base: str | None
    is_base: bool
    bar: list[tuple[str, float, float]]
    changes: tuple[Changes, ...]


def render_comparison(comparisons: Sequence[Comparison]) -> str:
    """The page over the comparisons of all APIs, self-contained."""
    details = _Details()
    groups = [_group(each, details) for each in comparisons]
    worse, better = (sum(each.count(direction) for each in comparisons) for direction in ("worse", "better"))
    differing = sum(each.differing for each in comparisons)
    based = any(column.base is not None for each in comparisons for column in each.columns)
    data = {
        "verdicts": [str(verdict) for verdict in DISPLAY],
        "changes": [[str(change), change.direction] for change in Change],
        "groups": groups, "details": details.found,
    }  # fmt: skip
    return fill(
        "comparison.html",
        comparisons=[(each, sentence(each), [_run(each, at) for at in range(len(each.columns))]) for each in comparisons],
        worse=worse, better=better, differing=differing, tone=_tone(worse, based=based), based=based,
        clauses=sum(len(each.rows) for each in comparisons),
        policy=policy(style=_STYLES, script=_SCRIPTS), style=static(*_STYLES), script=static(*_SCRIPTS),
        icons=static("icons.svg"), data=embedded(data),
    )  # fmt: skip


def _tone(worse: int, *, based: bool) -> str:
    if not based:
        return "not-proven"
    return "not-conforming" if worse else "conforming"


def _run(comparison: Comparison, at: int) -> Run:
    column = comparison.columns[at]
    changes = tuple(
        Changes(change=change, rows=tuple((row, _before(row, column), word(row.cells[at])) for row in rows))
        for change, rows in comparison.changes(at).items()
    )
    base = None if column.base is None else base_label(comparison, column)
    is_base = any(each.base == at for each in comparison.columns)
    return Run(
        column=column, base=base, is_base=is_base, bar=bar(column.subject.record.outcome.counts), changes=changes
    )


def _before(row: Row, column: Column) -> str:
    return ABSENT if column.base is None else word(row.cells[column.base])


class _Details:
    """What unfolds of cells, each once however many cells say it."""

    def __init__(self) -> None:
        self.found: list[dict[str, Any]] = []
        self._places: dict[str, int] = {}
        self._with_evidence = 0

    def place(self, cell: Cell) -> int:
        """Where the detail of a cell stands; -1 where it has none."""
        finding = cell.finding
        if cell.entry is None or finding is None:
            return -1
        texts = {"reason": finding.reason or finding.clause.not_tested or "", "reading": finding.reading or ""}
        if finding.verdict in DETAILED:
            texts |= {"expected": finding.expected, "actual": finding.actual}
            # Most reasons of a breach are both in one sentence.
            if finding.actual and finding.actual in texts["reason"]:
                texts["reason"] = ""
        detail: dict[str, Any] = {name: visible(text[:_TEXT]) for name, text in texts.items() if text}
        if finding.verdict in DETAILED and cell.entry.exchanges and self._with_evidence < _EVIDENCE:
            self._with_evidence += 1
            detail["calls"] = [_call(exchange) for exchange in cell.entry.exchanges[:_EXCHANGES]]
        if not detail:
            return -1
        key = json.dumps(detail)
        if key not in self._places:
            self._places[key] = len(self.found)
            self.found.append(detail)
        return self._places[key]


def _call(exchange: Exchange) -> list[str]:
    """Request line, answer in a word, and the bodies in short."""
    call = exchange.call
    first = visible(f"{call.request.method} {location(call.request)}"[:_REASON], multiline=False)
    answer = f"no answer: {call.trouble or 'open'}" if call.response is None else f"HTTP {call.response.status}"
    bodies = [b"" if half is None else half.body for half in (call.request, call.response)]
    sent, received = (body_for(body, shown=_BODY) for body in bodies)
    return [f"call {call.id}", first, sent.text, answer, received.text]


def _group(comparison: Comparison, details: _Details) -> dict[str, Any]:
    verdicts, changes = list(DISPLAY), list(Change)
    columns = [
        {
            "label": visible(column.subject.label, multiline=False), "report": column.subject.report, "base": column.base,
        }
        for column in comparison.columns
    ]  # fmt: skip
    rows = []
    for row in comparison.rows:
        clause = row.clause
        cells = [
            None if cell.verdict is None and cell.change is None else [
                -1 if cell.verdict is None else verdicts.index(cell.verdict),
                0 if cell.finding is None else cell.finding.hits,
                -1 if cell.change is None else changes.index(cell.change), details.place(cell),
            ]
            for cell in row.cells
        ]  # fmt: skip
        rows.append([
            clause.id, clause.operation, str(clause.family), str(clause.level),
            visible(clause.statement[:_REASON], multiline=False), int(row.differs), cells,
        ])  # fmt: skip
    return {
        "api": comparison.api,
        "title": visible(comparison.title, multiline=False),
        "columns": columns,
        "rows": rows,
    }

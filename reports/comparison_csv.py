"""A comparison as CSV: a line a clause, four columns a run."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from reports.comparison import Cell, Comparison
from reports.text import visible

_REASON = 400
_FORMULA = ("=", "+", "-", "@")
_CLAUSE = ("api", "clause", "operation", "family", "level", "mandatory", "statement")
_RUN = ("verdict", "hits", "change", "reason")


def render_comparison_csv(comparisons: Sequence[Comparison]) -> str:
    """The text: a head, then the clauses of all APIs. Runs of several APIs that have one label share their columns."""
    names = list(dict.fromkeys(column.subject.label for each in comparisons for column in each.columns))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*_CLAUSE, *(_safe(f"{name} {part}") for name in names for part in _RUN)])
    for each in comparisons:
        labels = [column.subject.label for column in each.columns]
        for row in each.rows:
            cells = dict(zip(labels, row.cells, strict=True))
            clause = row.clause
            values = [
                each.api, clause.id, clause.operation, str(clause.family), str(clause.level),
                str(clause.mandatory).lower(), clause.statement, *(part for name in names for part in _parts(cells.get(name))),
            ]  # fmt: skip
            writer.writerow(list(map(_safe, values)))
    return text.getvalue()


def _parts(cell: Cell | None) -> list[str]:
    finding = None if cell is None else cell.finding
    change = "" if cell is None or cell.change is None else str(cell.change)
    if finding is None:
        return ["", "", change, ""]
    return [str(finding.verdict), str(finding.hits), change, (finding.reason or finding.actual)[:_REASON]]


def _safe(text: str) -> str:
    """Text that no spreadsheet takes for a formula, and that shows what is in it."""
    shown = visible(text, multiline=False)
    return f"'{shown}" if shown.startswith(_FORMULA) else shown

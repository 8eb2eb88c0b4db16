"""A comparison as Markdown, for the summary page of a CI run: what got worse first, then where the runs differ."""

from __future__ import annotations

from collections.abc import Sequence

from reports.comparison import Cell, Change, Column, Comparison, Row
from reports.markdown_cell import cell
from reports.outcome import DISPLAY

ABSENT = "absent"
"""What is said of a clause that a run does not know."""

_ROWS = 50
_MATRIX = 200


def render_comparison_markdown(comparisons: Sequence[Comparison]) -> str:
    """The Markdown text; at most 50 rows a list of changes, and 200 of the matrix of what differs."""
    return "\n".join(part for each in comparisons for part in _parts(each) if part)


def _parts(comparison: Comparison) -> list[str]:
    return [
        f"## {cell(comparison.title)}: {sentence(comparison)}\n",
        _runs(comparison),
        *(_changes(comparison, at) for at in range(len(comparison.columns))),
        _matrix(comparison),
    ]


def sentence(comparison: Comparison) -> str:
    """What the comparison comes to, in a few words."""
    if len(comparison.columns) == 1:
        return "one run, nothing to compare"
    told = [f"{_clauses(comparison.differing)} differ" if comparison.differing != 1 else "1 clause differs"]
    if any(column.base is not None for column in comparison.columns):
        told += [f"{comparison.count(direction)} {direction}" for direction in ("worse", "better")]
    return ", ".join(told)


def _clauses(count: int) -> str:
    return f"{count:,} clause{'' if count == 1 else 's'}"


def _runs(comparison: Comparison) -> str:
    lines = ["| run | target | compared to | verdict | " + " | ".join(map(str, DISPLAY)) + " | to know |"]
    lines.append(f"| --- | --- | --- | --- |{' --: |' * len(DISPLAY)} --- |")
    for column in comparison.columns:
        record = column.subject.record
        counts = record.outcome.counts
        lines.append(
            f"| {cell(column.subject.label)} | {cell(str(record.header.target.get('url', 'unknown target')))} "
            f"| {cell(base_label(comparison, column))} | {record.footer.verdict} | "
            f"{' | '.join(str(counts[verdict]) for verdict in DISPLAY)} | {cell('; '.join(column.notes))} |"
        )
    return "\n".join(lines) + "\n"


def base_label(comparison: Comparison, column: Column) -> str:
    """What the column is compared to is called."""
    return "nothing" if column.base is None else comparison.columns[column.base].subject.label


def _changes(comparison: Comparison, at: int) -> str:
    column = comparison.columns[at]
    against = cell(base_label(comparison, column))
    parts = []
    for change, rows in comparison.changes(at).items():
        lines = "\n".join(_changed(row, at, column.base) for row in rows[:_ROWS])
        rest = f"\nand {len(rows) - _ROWS:,} more\n" if len(rows) > _ROWS else ""
        parts.append(
            f"### {cell(column.subject.label)}: {change} ({len(rows):,})\n\n"
            f"| clause | level | {against} | {cell(column.subject.label)} | why |\n| --- | --- | --- | --- | --- |\n{lines}\n{rest}"
        )
    return "\n".join(parts)


def _changed(row: Row, at: int, base: int | None) -> str:
    before = ABSENT if base is None else word(row.cells[base])
    after = row.cells[at]
    # Of a clause that is gone, or fixed, the run before tells what it was.
    telling = after if after.change not in (Change.FIXED, Change.GONE, Change.DROPPED) else row.cells[base or 0]
    finding = telling.finding
    why = "" if finding is None else finding.actual or finding.reason
    return f"| {cell(row.clause.id)} | {row.clause.level} | {before} | {word(after)} | {cell(why)} |"


def word(part: Cell) -> str:
    """A cell in one word."""
    return ABSENT if part.verdict is None else str(part.verdict)


def _matrix(comparison: Comparison) -> str:
    if len(comparison.columns) == 1:
        return ""
    differing = [row for row in comparison.rows if row.differs]
    same = _clauses(len(comparison.rows) - len(differing))
    if not differing:
        return f"All runs say the same of all {same}.\n"
    heads = " | ".join(cell(column.subject.label) for column in comparison.columns)
    lines = [f"### Where the runs differ ({len(differing):,})\n", f"| clause | {heads} |"]
    lines.append(f"| --- |{' --- |' * len(comparison.columns)}")
    lines += [f"| {cell(row.clause.id)} | {' | '.join(map(word, row.cells))} |" for row in differing[:_MATRIX]]
    if len(differing) > _MATRIX:
        lines.append(f"\nand {len(differing) - _MATRIX:,} more, see the page")
    return "\n".join(lines) + f"\n\nOf {same} they all say the same.\n"

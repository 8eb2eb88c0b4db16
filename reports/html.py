"""The record as one HTML file that opens anywhere, without network, with or without scripts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from conformance import Finding, Verdict
from reports.outcome import DISPLAY, UNPROVEN
from reports.record import Entry, Record
from reports.section import section_for
from reports.template import embedded, fill, source_hash, static
from reports.text import visible

DETAILED = (Verdict.FAIL, Verdict.ERROR, Verdict.INCONCLUSIVE, Verdict.WARN)
"""Verdicts whose clauses have a section of their own, in the order of the sections."""

_WITH_EXCHANGES = 400
"""Sections beyond these show no exchanges: a page of all of them would not open on a phone."""

_WITH_DRAWING = 60
"""Sections beyond these show no picture of jobs, for the same reason."""

_REASON = 400
_SCRIPTS = ("parts.js", "report.js")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of the matrix: how many clauses of an operation and a family have which verdict."""

    counts: tuple[tuple[Verdict, int], ...]
    query: str

    @property
    def total(self) -> int:
        """How many clauses it stands for."""
        return sum(count for _, count in self.counts)

    @property
    def words(self) -> str:
        """The counts in words."""
        return ", ".join(f"{count} {verdict}" for verdict, count in self.counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Clauses that were not proven for the same reason."""

    verdict: Verdict
    reason: str
    findings: tuple[Finding, ...]

    @property
    def mandatory(self) -> int:
        """How many of them are mandatory."""
        return sum(finding.clause.mandatory for finding in self.findings)


def render_html(record: Record) -> str:
    """The page: the answer, what is broken, what was not proven, the matrix, all clauses, each failed clause."""
    findings = record.findings
    detailed = _detailed(record.entries)
    return fill(
        "report.html",
        record=record, outcome=record.outcome,
        policy=policy(style=("report.css",), script=_SCRIPTS),
        style=static("report.css"), script=static(*_SCRIPTS), icons=static("icons.svg"),
        bar=bar(record.outcome.counts),
        broken=[f for f in findings if f.verdict is Verdict.FAIL and f.clause.id not in record.excused],
        standings={} if record.baseline is None else record.baseline.by_clause,
        wrong=[finding for finding in findings if finding.verdict is Verdict.ERROR],
        readings=[finding for finding in findings if finding.reading],
        gaps=_gaps([f for f in findings if f.clause.id not in record.excused]), unproven=sum(f.verdict in UNPROVEN and f.clause.id not in record.excused for f in findings),
        families=_families(findings), rows=_matrix(findings),
        sections=[
            section_for(entry, with_exchanges=at < _WITH_EXCHANGES, with_drawing=at < _WITH_DRAWING)
            for at, entry in enumerate(detailed)
        ],
        data=embedded(_data(findings, {entry.finding.clause.id for entry in detailed}, record.excused)),
    )  # fmt: skip


def policy(*, style: tuple[str, ...], script: tuple[str, ...] = ()) -> str:
    """A content security policy that allows one style and one script, inline, made of these static files."""
    script_source = source_hash(*script) if script else "'none'"
    return (
        f"default-src 'none'; style-src {source_hash(*style)}; script-src {script_source}; "
        "base-uri 'none'; form-action 'none'"
    )


def bar(counts: Any) -> list[tuple[str, float, float]]:
    """Verdict, start and width of each part of the bar, in thousandths."""
    total = sum(counts.values()) or 1
    parts, start = [], 0.0
    for verdict, count in counts.items():
        width = count / total * 1000
        if count:
            parts.append((str(verdict), round(start, 2), round(width, 2)))
        start += width
    return parts


def _detailed(entries: Sequence[Entry]) -> list[Entry]:
    chosen = [entry for entry in entries if entry.finding.verdict in DETAILED]
    return sorted(chosen, key=lambda entry: DETAILED.index(entry.finding.verdict))


def _gaps(findings: Iterable[Finding]) -> list[Gap]:
    groups: dict[tuple[Verdict, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.verdict in UNPROVEN:
            reason = finding.reason or finding.clause.not_tested or "no reason given"
            groups[finding.verdict, reason].append(finding)
    gaps = [
        Gap(verdict=verdict, reason=reason, findings=tuple(sorted(group, key=lambda each: not each.clause.mandatory)))
        for (verdict, reason), group in groups.items()
    ]
    return sorted(gaps, key=lambda gap: (-gap.mandatory, -len(gap.findings)))


def _families(findings: Iterable[Finding]) -> list[str]:
    return list(dict.fromkeys(str(finding.clause.family) for finding in findings))


def _matrix(findings: Sequence[Finding]) -> list[tuple[str, list[Cell]]]:
    """Rows by operation; the cells are those of the families and a last one for all of them."""
    counted: dict[tuple[str, str], Counter[Verdict]] = defaultdict(Counter)
    for finding in findings:
        clause = finding.clause
        counted[clause.operation, str(clause.family)][finding.verdict] += 1
        counted[clause.operation, ""][finding.verdict] += 1
        counted["", str(clause.family)][finding.verdict] += 1
        counted["", ""][finding.verdict] += 1
    operations = [*dict.fromkeys(finding.clause.operation for finding in findings), ""]
    columns = [*_families(findings), ""]
    return [(row, [_cell(counted[row, column], row, column) for column in columns]) for row in operations]


def _cell(counts: Counter[Verdict], operation: str, family: str) -> Cell:
    query = urlencode([(key, value) for key, value in (("operation", operation), ("family", family)) if value])
    return Cell(counts=tuple((verdict, counts[verdict]) for verdict in DISPLAY if counts[verdict]), query=f"#?{query}")


def _data(findings: Sequence[Finding], detailed: set[str], excused: Collection[str]) -> dict[str, Any]:
    """All clauses for the table of the page, as arrays: ten thousand objects would repeat every name."""
    columns = ("id", "operation", "family", "level", "verdict", "hits", "reason", "statement", "mandatory", "section")
    rows = []
    for finding in findings:
        clause = finding.clause
        reason = finding.reason or finding.actual or clause.not_tested or ""
        if clause.id in excused and finding.verdict in {Verdict.FAIL, *UNPROVEN}:
            reason = f"known: {reason}"
        rows.append([
            clause.id, clause.operation, str(clause.family), str(clause.level), str(finding.verdict), finding.hits,
            visible(reason[:_REASON], multiline=False), visible(clause.statement[:_REASON], multiline=False),
            int(clause.mandatory), int(clause.id in detailed),
        ])  # fmt: skip
    return {"columns": columns, "order": [str(verdict) for verdict in DISPLAY], "rows": rows}

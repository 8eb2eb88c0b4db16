"""The record as Markdown, for the summary page of a CI run."""

from __future__ import annotations

from collections.abc import Callable

from conformance import Finding, Verdict
from reports.baseline import State
from reports.job_summary import within
from reports.markdown_cell import cell
from reports.markdown_evidence import link, render_evidence
from reports.outcome import UNPROVEN
from reports.record import Entry, Record

_ROWS = 50
_EVIDENCE = 10


def render_markdown(record: Record) -> str:
    """The Markdown text: the answer, counts, what is broken, what is not proven, the evidence; at most 50 rows a table.

    Clauses link to their place in the ``report.html`` that lies beside.
    """
    header, footer, outcome = record.header, record.footer, record.outcome
    target = header.target.get("url", "unknown target")
    edition = f", edition {header.edition}" if header.edition else ""
    seconds = "unknown" if footer.seconds is None else f"{footer.seconds:.1f} s"
    requests = "unknown" if footer.requests is None else f"{footer.requests:,}"
    facts = [
        f"{target}{edition}", f"profile {header.profile or 'none'}", f"seed {header.seed}",
        f"{requests} requests", seconds, f"suite {header.suite_version}", header.started,
    ]  # fmt: skip
    parts = [
        f"## {cell(header.title)}: {outcome.answer.lower()}\n",
        f"**{cell(outcome.sentence)}**\n",
        _counts(record),
        _findings("Broken", record, {Verdict.FAIL}),
        _standings("Stale entries of the baseline", record, lambda state: state.outdated),
        _findings("Errors of the suite", record, {Verdict.ERROR}),
        _findings("Not proven", record, UNPROVEN, mandatory=True),
        _findings("Warnings", record, {Verdict.WARN}),
        _standings("Known deviations", record, lambda state: not state.outdated),
        _readings(record),
        _left(record),
        f"<sub>{' · '.join(map(cell, facts))}</sub>\n",
    ]
    parts += [render_evidence(entry) for entry in _proven(record)]
    return within([part for part in parts if part])


def _proven(record: Record) -> list[Entry]:
    """The broken clauses that are not known, and have calls to show; the first ones."""
    broken = [entry for entry in record.entries if entry.finding.verdict is Verdict.FAIL and entry.exchanges]
    return [entry for entry in broken if entry.finding.clause.id not in record.excused][:_EVIDENCE]


def _left(record: Record) -> str:
    """What could not be removed from the target, as a list."""
    left = record.footer.left
    if not left:
        return ""
    rows = "".join(f"- {cell(each)}\n" for each in left[:_ROWS])
    more = f"- and {len(left) - _ROWS} more\n" if len(left) > _ROWS else ""
    return f"### Left behind on the target\n\n{rows}{more}"


def _counts(record: Record) -> str:
    counts = record.outcome.counts
    heads = " | ".join(str(verdict) for verdict in counts)
    return f"| {heads} |\n|{' --: |' * len(counts)}\n| {' | '.join(str(count) for count in counts.values())} |\n"


def _findings(
    title: str, record: Record, verdicts: set[Verdict] | frozenset[Verdict], *, mandatory: bool = False
) -> str:
    chosen = [
        finding for finding in record.findings
        if finding.verdict in verdicts and (finding.clause.mandatory or not mandatory) and finding.clause.id not in record.excused
    ]  # fmt: skip
    if not chosen:
        return ""
    rows = "\n".join(map(_row, chosen[:_ROWS]))
    rest = f"\nand {len(chosen) - _ROWS} more, see the report\n" if len(chosen) > _ROWS else ""
    what = "mandatory " if mandatory else ""
    return (
        f"### {title} ({len(chosen)})\n\n| {what}clause | level | verdict | documented | observed |\n"
        f"| --- | --- | --- | --- | --- |\n{rows}\n{rest}"
    )


def _standings(title: str, record: Record, chosen: Callable[[State], bool]) -> str:
    """The entries of the baseline whose state is chosen."""
    standings = [each for each in record.baseline.standings if chosen(each.state)] if record.baseline else []
    if not standings:
        return ""
    rows = "\n".join(
        f"| {link(each.deviation.clause)} | {each.state} | {each.verdict or 'not run'} | {cell(each.deviation.reason)} "
        f"| {cell(each.deviation.link)} | {each.deviation.expires.isoformat()} | {cell(each.why)} |"
        for each in standings[:_ROWS]
    )
    rest = f"\nand {len(standings) - _ROWS} more, see the report\n" if len(standings) > _ROWS else ""
    return (
        f"### {title} ({len(standings)})\n\n| clause | state | verdict | reason | link | expires | this run |\n"
        f"| --- | --- | --- | --- | --- | --- | --- |\n{rows}\n{rest}"
    )


def _readings(record: Record) -> str:
    """How the target reads what the documents leave open."""
    rows = [
        f"| {cell(finding.clause.statement)} | {cell(finding.reading)} |"
        for finding in record.findings
        if finding.reading
    ]
    head = "### How it reads what the documents leave open\n\n| clause | behaves like |\n| --- | --- |\n"
    return f"{head}{chr(10).join(rows[:_ROWS])}\n" if rows else ""


def _row(finding: Finding) -> str:
    return (
        f"| {link(finding.clause.id)} | {finding.clause.level} | {finding.verdict} "
        f"| {cell(finding.expected or finding.clause.statement)} | {cell(finding.actual or finding.reason)} |"
    )

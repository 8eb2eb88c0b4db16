"""``summary.json``: what programs ask of a run, and of several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reports.baseline import Baseline, State
from reports.baseline_line import baseline_line
from reports.outcome import Overall, worst_code
from reports.record import SCHEMA_VERSION, Record


def summarise(record: Record) -> dict[str, Any]:
    """The summary of one run, as JSON knows it."""
    header, footer, baseline = record.header, record.footer, record.baseline
    told = {} if baseline is None else {"baseline": told_of(baseline)}
    states = {} if baseline is None else {clause: str(each.state) for clause, each in baseline.by_clause.items()}
    return {
        "schema": SCHEMA_VERSION, "verdict": str(footer.verdict), "exit_code": footer.exit_code,
        "api": header.api, "title": header.title, "edition": header.edition, "target": dict(header.target),
        "profile": header.profile, "seed": header.seed, "suite_version": header.suite_version,
        "spec_sha256": header.spec_sha256, "started": header.started, "complete": record.complete,
        "interrupted": footer.interrupted, "requests": footer.requests, "seconds": footer.seconds, "left_behind": list(footer.left),
        "sentence": record.outcome.sentence,
        "counts": {str(verdict): count for verdict, count in record.outcome.counts.items()},
        "families": {family: dict(row) for family, row in footer.families.items()},
        "clauses": [
            {
                "id": finding.clause.id, "operation": finding.clause.operation, "family": str(finding.clause.family),
                "level": str(finding.clause.level), "mandatory": finding.clause.mandatory,
                "verdict": str(finding.verdict), "hits": finding.hits, "reason": finding.reason,
                "reading": finding.reading, **({} if baseline is None else {"baseline": states.get(finding.clause.id)}),
            }
            for finding in record.findings
        ],
        **told,
    }  # fmt: skip


def told_of(baseline: Baseline) -> dict[str, Any]:
    """A baseline held against a run: the clauses in each state, and the entries."""
    entries = baseline_line(baseline)["entries"]
    states = {str(state): [each.deviation.clause for each in baseline.in_state(state)] for state in State}
    return {"name": baseline.name, "day": baseline.day.isoformat(), "states": states, "entries": entries}


def combine(summaries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The summary over the runs of several APIs; its exit code is the worst, in the order 2, 1, 3, 0."""
    code = worst_code(summary["exit_code"] for summary in summaries)
    gaps = code == 0 and any(summary.get("verdict") == Overall.KNOWN_GAPS for summary in summaries)
    verdict = Overall.KNOWN_GAPS if gaps else Overall.from_exit_code(code)
    return {
        "schema": SCHEMA_VERSION, "verdict": str(verdict), "exit_code": code,
        "apis": [dict(summary) for summary in summaries],
    }  # fmt: skip

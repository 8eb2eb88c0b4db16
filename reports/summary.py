"""``summary.json``: what programs ask of a run, and of several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reports.outcome import Overall, worst_code
from reports.record import SCHEMA_VERSION, Record


def summarise(record: Record) -> dict[str, Any]:
    """The summary of one run, as JSON knows it."""
    header, footer = record.header, record.footer
    return {
        "schema": SCHEMA_VERSION, "verdict": str(footer.verdict), "exit_code": footer.exit_code,
        "api": header.api, "title": header.title, "edition": header.edition, "target": dict(header.target),
        "profile": header.profile, "seed": header.seed, "suite_version": header.suite_version,
        "spec_sha256": header.spec_sha256, "started": header.started, "complete": record.complete,
        "interrupted": footer.interrupted, "requests": footer.requests, "seconds": footer.seconds,
        "sentence": record.outcome.sentence,
        "counts": {str(verdict): count for verdict, count in record.outcome.counts.items()},
        "families": {family: dict(row) for family, row in footer.families.items()},
        "clauses": [
            {
                "id": finding.clause.id, "operation": finding.clause.operation, "family": str(finding.clause.family),
                "level": str(finding.clause.level), "mandatory": finding.clause.mandatory,
                "verdict": str(finding.verdict), "hits": finding.hits, "reason": finding.reason,
                "reading": finding.reading,
            }
            for finding in record.findings
        ],
    }  # fmt: skip


def combine(summaries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The summary over the runs of several APIs; its exit code is the worst, in the order 2, 1, 3, 0."""
    code = worst_code(summary["exit_code"] for summary in summaries)
    return {
        "schema": SCHEMA_VERSION, "verdict": str(Overall.from_exit_code(code)), "exit_code": code,
        "apis": [dict(summary) for summary in summaries],
    }  # fmt: skip

"""What stands behind each clause: how often it was exercised where all is well, and the mutants it killed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from conformance.app.trial import Result
from specs import load


def clause_rows(results: Sequence[Result], controls: Sequence[Result]) -> list[dict[str, Any]]:
    """A row for each clause of the APIs that were tried.

    Args:
        results: what came of mutants.
        controls: what came of the emulators without a fault; ``hits`` are theirs.
    """
    killed: dict[str, list[str]] = defaultdict(list)
    for result in results:
        for identifier in result.broken:
            killed[identifier].append(str(result.trial.mutant))
    rows = []
    for control in controls:
        hits = dict(control.hits)
        rows += [
            {
                "id": clause.id,
                "api": control.trial.api,
                "level": str(clause.level),
                "mandatory": clause.mandatory,
                "not_tested": clause.not_tested,
                "hits": hits.get(clause.id),
                "killed": killed[clause.id],
            }
            for clause in load(control.trial.api).clauses
        ]
    return rows

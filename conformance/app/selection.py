"""Which clauses a run is about."""

from __future__ import annotations

import fnmatch
from collections.abc import Sequence

from conformance import SettingsError
from specs import Clause, Family, Spec

#: Kinds of clauses that need a populated list, which the smoke profile does without.
_LISTING_ONLY = frozenset({
    "page-walk", "last-page", "page-fill", "page-bound", "garbage-token", "filter-sound", "filter-complete", "filter-combined",
    "scope", "retention", "listed", "hide", "order", "count", "echo", "unique-items",
})  # fmt: skip

#: Families that need jobs followed to their end.
_JOBS_ONLY = frozenset({Family.LIFECYCLE, Family.QUEUE, Family.DEPENDENCY, Family.LOAD_SEMANTICS})


def select(spec: Spec, *, profile: str, patterns: Sequence[str] = ()) -> list[Clause]:
    """The clauses of a profile that match one of the patterns.

    A pattern is a shell pattern over clause ids, or a plain part of one, or the name of a family.

    Raises:
        SettingsError: a pattern matches no clause.
    """
    chosen = [clause for clause in spec.clauses if profile != "smoke" or _in_smoke(spec, clause)]
    if not patterns:
        return chosen
    for pattern in patterns:
        if not any(matches(clause, pattern) for clause in spec.clauses):
            near = ", ".join(sorted({clause.family for clause in spec.clauses}))
            raise SettingsError(
                f"no clause of {spec.api} matches clause pattern={pattern!r}; list them with `conformance specs list {spec.api}`; families are {near}"
            )
    return [clause for clause in spec.clauses if any(matches(clause, pattern) for pattern in patterns)]


def matches(clause: Clause, pattern: str) -> bool:
    """Whether a clause is meant by a pattern."""
    if pattern in set(Family):
        return clause.family == pattern
    if any(character in pattern for character in "*?"):
        whole, without_api = clause.id, clause.id.partition(".")[2]
        return fnmatch.fnmatchcase(whole, pattern) or fnmatch.fnmatchcase(without_api, pattern)
    return pattern in clause.id


def _in_smoke(spec: Spec, clause: Clause) -> bool:
    operation = spec.operations[clause.operation]
    if operation.neighbour or clause.kind in _LISTING_ONLY or clause.kind == "equivalence":
        return False
    if clause.kind == "member" and operation.listing is not None:
        return False
    return clause.family not in _JOBS_ONLY

"""Which clauses a run is about."""

from __future__ import annotations

import fnmatch
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from conformance import SettingsError
from specs import Clause, Family, Level, Spec

#: Kinds of clauses that need a populated list, which the smoke profile does without.
_LISTING_ONLY = frozenset({
    "page-walk", "last-page", "page-fill", "page-bound", "garbage-token", "filter-sound", "filter-complete", "filter-combined",
    "scope", "retention", "listed", "hide", "order", "count", "echo", "unique-items",
})  # fmt: skip

#: Families that need jobs followed to their end.
_JOBS_ONLY = frozenset({Family.LIFECYCLE, Family.QUEUE, Family.DEPENDENCY, Family.LOAD_SEMANTICS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a run is asked to be about: a profile, and of its clauses those of some patterns, levels and families."""

    profile: str = "standard"
    patterns: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    families: tuple[str, ...] = ()

    @classmethod
    def of(cls, options: Mapping[str, Any], checks: Mapping[str, Any] | None = None) -> Self:
        """What the command line asks for, and where it says nothing, the ``[checks]`` of a target file."""
        checks = checks or {}
        return cls(
            profile=options.get("profile") or checks.get("profile") or "standard",
            patterns=tuple(options.get("patterns") or checks.get("clause", ())),
            levels=tuple(options.get("levels") or checks.get("level", ())),
            families=tuple(options.get("families") or checks.get("family", ())),
        )

    def clauses(self, spec: Spec) -> list[Clause]:
        """The clauses of an API that are asked for; raises SettingsError for a pattern of none, and where none is left."""
        found = select(spec, profile=self.profile, patterns=self.patterns, levels=self.levels, families=self.families)
        if not found:
            raise SettingsError(
                f"no clause of {spec.api} is asked for: {self.told()} leave none; leave one of them out"
            )
        return found

    @property
    def settings(self) -> dict[str, list[str]]:
        """What is asked for beyond the profile, as a record tells it."""
        given = (("clause", self.patterns), ("level", self.levels), ("family", self.families))
        return {name: list(values) for name, values in given if values}

    def told(self) -> str:
        """The choice in the words of the command line."""
        parts = [f"--profile {self.profile}"]
        for flag, values in (("clause", self.patterns), ("level", self.levels), ("family", self.families)):
            parts += [f"--{flag} {value}" for value in values]
        return " ".join(parts)


def select(
    spec: Spec,
    *,
    profile: str,
    patterns: Sequence[str] = (),
    levels: Collection[str] = (),
    families: Collection[str] = (),
) -> list[Clause]:
    """The clauses of a profile that match one of the patterns, and are of one of the levels and families; none is any.

    A pattern is a shell pattern over clause ids, or a plain part of one, or the name of a family.

    Raises:
        SettingsError: a pattern matches no clause, or there is no such level or family.
    """
    for what, asked, known in (("level", levels, list(Level)), ("family", families, list(Family))):
        strange = [value for value in asked if value not in set(known)]
        if strange:
            raise SettingsError(f"expected a {what} but got {strange[0]!r}; known: {', '.join(known)}")
    chosen = [clause for clause in spec.clauses if profile != "smoke" or _in_smoke(spec, clause)]
    for pattern in patterns:
        if not any(matches(clause, pattern) for clause in spec.clauses):
            near = ", ".join(sorted({clause.family for clause in spec.clauses}))
            raise SettingsError(
                f"no clause of {spec.api} matches clause pattern={pattern!r}; list them with `conformance specs list {spec.api}`; families are {near}"
            )
    if patterns:
        chosen = [clause for clause in spec.clauses if any(matches(clause, pattern) for pattern in patterns)]
    return [
        clause for clause in chosen
        if (not levels or clause.level in levels) and (not families or clause.family in families)
    ]  # fmt: skip


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

"""Verdicts, and what is found about a clause."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from specs import Clause


class Verdict(enum.StrEnum):
    """What is said of a clause, from what does not count to what counts most.

    Merging takes the worse of two (:meth:`merge`). ``not-applicable`` and ``disabled`` never worsen anything.
    """

    DISABLED = "disabled"
    NOT_APPLICABLE = "not-applicable"
    PASS = "pass"  # noqa: S105 - a verdict
    WARN = "warn"
    VACUOUS = "vacuous"
    INCONCLUSIVE = "inconclusive"
    UNTESTABLE = "untestable"
    FAIL = "fail"
    ERROR = "error"

    @property
    def rank(self) -> int:
        """Place on the scale; a greater one wins a merge."""
        return list(Verdict).index(self)

    def merge(self, other: Verdict, /) -> Verdict:
        """The worse of two verdicts."""
        return max(self, other, key=lambda each: each.rank)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a run found about one clause.

    ``hits`` counts how often the clause was really exercised. For a failure, ``expected`` is what the documents allow,
    ``actual`` what was observed, and ``evidence`` the ids of the calls that contradict the documents (one to three).
    """

    clause: Clause
    verdict: Verdict
    hits: int = 0
    reason: str = ""
    expected: str = ""
    actual: str = ""
    evidence: tuple[int, ...] = ()
    reading: str | None = None
    probes: Mapping[str, int] = field(default_factory=dict)
    """How often each side or case of the clause was exercised."""

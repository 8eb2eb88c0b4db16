"""What a run as a whole comes to: one word, one exit code, one sentence."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from conformance import Finding, Verdict

DISPLAY = (
    Verdict.FAIL, Verdict.ERROR, Verdict.INCONCLUSIVE, Verdict.UNTESTABLE, Verdict.VACUOUS, Verdict.WARN, Verdict.PASS,
    Verdict.NOT_APPLICABLE, Verdict.DISABLED,
)  # fmt: skip
"""Verdicts in the order in which a reader wants to see them."""

UNPROVEN = frozenset({Verdict.VACUOUS, Verdict.INCONCLUSIVE, Verdict.UNTESTABLE})
"""Verdicts that leave it open whether a clause is kept."""

NOT_RUN = frozenset({Verdict.NOT_APPLICABLE, Verdict.DISABLED})

_WORST_FIRST = (2, 1, 3, 0)


class Overall(enum.StrEnum):
    """The verdict over a run."""

    CONFORMING = "conforming"
    NOT_CONFORMING = "not-conforming"
    NOT_PROVEN = "not-proven"
    ERROR = "error"

    @classmethod
    def from_exit_code(cls, code: int, /) -> Overall:
        """The verdict an exit code stands for; raises ValueError for a code that stands for none."""
        for overall, known in _CODES.items():
            if known == code:
                return overall
        raise ValueError(f"Expected an exit code of {sorted(_CODES.values())} but got code={code!r}")

    @property
    def exit_code(self) -> int:
        """The exit code that says the same."""
        return _CODES[self]


_CODES = {Overall.CONFORMING: 0, Overall.NOT_CONFORMING: 1, Overall.ERROR: 2, Overall.NOT_PROVEN: 3}


def exit_code(findings: Iterable[Finding], *, interrupted: bool = False) -> int:
    """The exit code of a run.

    2: the suite had an error, or nothing was run at all (a selection that is empty, or disabled as a whole).
    1: a clause is broken. 3: nothing is broken, but a mandatory clause is not proven, no clause was really exercised,
    or the run ended before its time. 0: every mandatory clause is proven kept.
    """
    ran = [finding for finding in findings if finding.verdict not in NOT_RUN]
    verdicts = {finding.verdict for finding in ran}
    if not ran or Verdict.ERROR in verdicts:
        return 2
    if Verdict.FAIL in verdicts:
        return 1
    open_mandatory = any(finding.clause.mandatory and finding.verdict in UNPROVEN for finding in ran)
    if interrupted or open_mandatory or verdicts <= UNPROVEN:
        return 3
    return 0


def worst_code(codes: Iterable[int]) -> int:
    """The worst exit code of several runs; of none it is 2, because nothing was run."""
    return min(codes, key=_WORST_FIRST.index, default=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Counts and verdict of a run, and the words for them."""

    verdict: Overall
    counts: Mapping[Verdict, int]
    mandatory: int
    mandatory_passed: int
    mandatory_open: int
    interrupted: str | None = None

    @classmethod
    def of(
        cls, findings: Iterable[Finding], *, verdict: Overall | None = None, interrupted: str | None = None
    ) -> Outcome:
        """What these findings come to; ``verdict`` stands instead of the one that follows from them."""
        found = tuple(findings)
        counted = Counter(finding.verdict for finding in found)
        due = [finding for finding in found if finding.clause.mandatory and finding.verdict not in NOT_RUN]
        if verdict is None:
            verdict = Overall.from_exit_code(exit_code(found, interrupted=interrupted is not None))
        return cls(
            verdict=verdict,
            counts={each: counted.get(each, 0) for each in DISPLAY},
            mandatory=len(due),
            mandatory_passed=sum(finding.verdict is Verdict.PASS for finding in due),
            mandatory_open=sum(finding.verdict in UNPROVEN for finding in due),
            interrupted=interrupted,
        )

    @property
    def answer(self) -> str:
        """The answer to "does it conform?", in a few words."""
        return {
            Overall.CONFORMING: "Conforms",
            Overall.NOT_CONFORMING: "Does not conform",
            Overall.NOT_PROVEN: "Not proven",
            Overall.ERROR: "The run failed",
        }[self.verdict]

    @property
    def sentence(self) -> str:
        """The answer in one or two sentences, with its numbers."""
        failed, wrong = self.counts[Verdict.FAIL], self.counts[Verdict.ERROR]
        not_proven = (
            f"{_clauses(self.mandatory_open, 'mandatory')} {_verb(self.mandatory_open, 'was', 'were')} not proven"
        )
        kept = f"{self.mandatory_passed} of {_clauses(self.mandatory, 'mandatory')} proven kept."
        if self.interrupted is not None:
            kept += f" The run ended before its time: {self.interrupted}."
        if self.verdict is Overall.CONFORMING:
            return f"Every mandatory clause that was run is kept: {kept}"
        if self.verdict is Overall.ERROR and not wrong:
            return "No clause was judged, so nothing is known of the target."
        if self.verdict is Overall.ERROR:
            faults = "an error of its own" if wrong == 1 else f"{wrong} errors of its own"
            return f"The suite had {faults}, which says nothing of the target. {kept}"
        if self.verdict is Overall.NOT_PROVEN:
            lack = not_proven if self.mandatory_open else "too little was exercised to say more"
            return f"Nothing is broken, but {lack}. {kept}"
        if not failed:
            return f"No clause is broken, but a known deviation is out of date. {kept}"
        more = f", and {not_proven}" if self.mandatory_open else ""
        return f"{_clauses(failed)} {_verb(failed, 'is', 'are')} broken{more}. {kept}"


def _clauses(count: int, kind: str = "") -> str:
    return " ".join(word for word in (str(count), kind, _verb(count, "clause", "clauses")) if word)


def _verb(count: int, one: str, many: str) -> str:
    return one if count == 1 else many

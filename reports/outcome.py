"""What a run as a whole comes to: one word, one exit code, one sentence."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
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
    """The verdict over a run; ``known-gaps`` is that of one which found nothing but what a baseline knows."""

    CONFORMING = "conforming"
    KNOWN_GAPS = "known-gaps"
    NOT_CONFORMING = "not-conforming"
    NOT_PROVEN = "not-proven"
    ERROR = "error"

    @classmethod
    def from_exit_code(cls, code: int, /) -> Overall:
        """The verdict an exit code stands for where no gap is known; raises ValueError for a code that stands for none."""
        for overall, known in _CODES.items():
            if known == code:
                return overall
        raise ValueError(f"Expected an exit code of {sorted(_CODES.values())} but got code={code!r}")

    @property
    def exit_code(self) -> int:
        """The exit code that says the same."""
        return _CODES[self]


_CODES = {
    Overall.CONFORMING: 0,
    Overall.KNOWN_GAPS: 0,
    Overall.NOT_CONFORMING: 1,
    Overall.ERROR: 2,
    Overall.NOT_PROVEN: 3,
}


def exit_code(
    findings: Iterable[Finding],
    *,
    interrupted: bool = False,
    excused: Collection[str] = frozenset(),
    outdated: bool = False,
) -> int:
    """The exit code of a run; ``excused`` are clauses that a baseline knows, ``outdated`` is one with stale entries.

    2: the suite had an error, or nothing was run at all (a selection that is empty, or disabled as a whole).
    1: a clause is broken, or an entry of the baseline is stale. 3: nothing is broken, but a mandatory clause is not proven,
    no clause was really exercised, or the run ended before its time. 0: every mandatory clause is proven kept, or known.
    """
    ran = [finding for finding in findings if finding.verdict not in NOT_RUN]
    verdicts = {finding.verdict for finding in ran}
    if not ran or Verdict.ERROR in verdicts:
        return 2
    due = [finding for finding in ran if finding.clause.id not in excused]
    if outdated or any(finding.verdict is Verdict.FAIL for finding in due):
        return 1
    open_mandatory = any(finding.clause.mandatory and finding.verdict in UNPROVEN for finding in due)
    if interrupted or open_mandatory or verdicts <= UNPROVEN:
        return 3
    return 0


def worst_code(codes: Iterable[int]) -> int:
    """The worst exit code of several runs; of none it is 2, because nothing was run."""
    return min(codes, key=_WORST_FIRST.index, default=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Counts and verdict of a run, and the words for them.

    ``counts`` are of all clauses. ``known`` is how many of those that are broken or not proven a baseline knows, and
    ``known_broken`` how many of these are broken; ``outdated`` counts its stale entries.
    """

    verdict: Overall
    counts: Mapping[Verdict, int]
    mandatory: int
    mandatory_passed: int
    mandatory_open: int
    interrupted: str | None = None
    known: int = 0
    known_broken: int = 0
    outdated: int = 0

    @classmethod
    def of(
        cls, findings: Iterable[Finding], *, verdict: Overall | None = None, interrupted: str | None = None,
        excused: Collection[str] = frozenset(), outdated: int = 0,
    ) -> Outcome:  # fmt: skip
        """What these findings come to; ``verdict`` stands instead of the one that follows from them."""
        found = tuple(findings)
        counted = Counter(finding.verdict for finding in found)
        due = [finding for finding in found if finding.clause.mandatory and finding.verdict not in NOT_RUN]
        gaps = [f for f in found if f.clause.id in excused and f.verdict in {Verdict.FAIL, *UNPROVEN}]
        if verdict is None:
            code = exit_code(found, interrupted=interrupted is not None, excused=excused, outdated=outdated > 0)
            verdict = Overall.KNOWN_GAPS if code == 0 and gaps else Overall.from_exit_code(code)
        return cls(
            verdict=verdict,
            counts={each: counted.get(each, 0) for each in DISPLAY},
            mandatory=len(due),
            mandatory_passed=sum(finding.verdict is Verdict.PASS for finding in due),
            mandatory_open=sum(finding.verdict in UNPROVEN and finding.clause.id not in excused for finding in due),
            interrupted=interrupted, outdated=outdated,
            known=len(gaps), known_broken=sum(finding.verdict is Verdict.FAIL for finding in gaps),
        )  # fmt: skip

    @property
    def answer(self) -> str:
        """The answer to "does it conform?", in a few words."""
        return {
            Overall.CONFORMING: "Conforms",
            Overall.KNOWN_GAPS: "Nothing but known gaps",
            Overall.NOT_CONFORMING: "Does not conform",
            Overall.NOT_PROVEN: "Not proven",
            Overall.ERROR: "The run failed",
        }[self.verdict]

    @property
    def sentence(self) -> str:
        """The answer in one or two sentences, with its numbers."""
        wrong = self.counts[Verdict.ERROR]
        not_proven = (
            f"{_clauses(self.mandatory_open, 'mandatory')} {_verb(self.mandatory_open, 'was', 'were')} not proven"
        )
        kept = f"{self.mandatory_passed} of {_clauses(self.mandatory, 'mandatory')} proven kept.{self._aside()}"
        if self.verdict is Overall.CONFORMING:
            return f"Every mandatory clause that was run is kept: {kept}"
        if self.verdict is Overall.KNOWN_GAPS:
            return f"Nothing is broken or unproven but what the baseline knows. {kept}"
        if self.verdict is Overall.ERROR and not wrong:
            return "No clause was judged, so nothing is known of the target."
        if self.verdict is Overall.ERROR:
            faults = "an error of its own" if wrong == 1 else f"{wrong} errors of its own"
            return f"The suite had {faults}, which says nothing of the target. {kept}"
        if self.verdict is Overall.NOT_PROVEN:
            lack = not_proven if self.mandatory_open else "too little was exercised to say more"
            return f"Nothing {'else ' if self.known else ''}is broken, but {lack}. {kept}"
        return self._broken(not_proven, kept)

    def _broken(self, not_proven: str, kept: str) -> str:
        failed = self.counts[Verdict.FAIL] - self.known_broken
        stale = f"{self.outdated} {_verb(self.outdated, 'entry', 'entries')} of the baseline {_verb(self.outdated, 'is', 'are')} stale"
        if not failed:
            other = " that the baseline does not know" if self.known_broken else ""
            return f"No clause is broken{other}, but {stale}. {kept}"
        more = f", and {not_proven}" if self.mandatory_open else ""
        more += f", and {stale}" if self.outdated else ""
        return f"{_clauses(failed)} {_verb(failed, 'is', 'are')} broken{more}. {kept}"

    def _aside(self) -> str:
        """What is said besides: the known, and that the run ended early."""
        said = ""
        if self.known:
            rest = self.known - self.known_broken
            said = f" Known: {self.known_broken} broken, {rest} not proven."
        if self.interrupted is not None:
            said += f" The run ended before its time: {self.interrupted}."
        return said


def _clauses(count: int, kind: str = "") -> str:
    return " ".join(word for word in (str(count), kind, _verb(count, "clause", "clauses")) if word)


def _verb(count: int, one: str, many: str) -> str:
    return one if count == 1 else many

"""One oracle a kind of clause, and how their tallies become findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from conformance.history import Call
from conformance.oracles.oblivion import UNEXCUSED, first_loss, view_before
from conformance.verdict import Finding, Verdict
from conformance.view import View
from specs import Basis, Clause, Level


@dataclass(slots=True)
class Tally:
    """What an oracle saw of one clause: hits by case, at most one proof of a breach, and what stayed open."""

    hits: Counter[str] = field(default_factory=Counter)
    expected: str = ""
    actual: str = ""
    evidence: tuple[int, ...] = ()
    broken: bool = False
    open: list[str] = field(default_factory=list)
    needed: set[str] = field(default_factory=set)
    inapplicable: str = ""
    reading: str | None = None

    def hit(self, case: str = "seen") -> None:
        """The clause was exercised and kept."""
        self.hits[case] += 1

    def breach(self, *calls: Call, expected: str, actual: str) -> None:
        """The clause was broken, as these calls prove; the first breach is kept, or a later one with fewer calls."""
        if self.broken and len(self.evidence) <= len(calls):
            return
        self.broken = True
        self.expected, self.actual = expected, actual
        self.evidence = tuple(call.id for call in calls)

    def undecided(self, reason: str) -> None:
        """The clause was tried and nothing was proven."""
        self.open.append(reason)


Oracle = Callable[[Clause, View, Tally], None]
_ORACLES: dict[str, Oracle] = {}


def oracle(kind: str) -> Callable[[Oracle], Oracle]:
    """Register the oracle of a kind of clause; refuses a second one for the same kind."""

    def register(function: Oracle) -> Oracle:
        if kind in _ORACLES:
            raise ValueError(
                f"there is an oracle for kind={kind!r} already: {_ORACLES[kind].__name__}; one clause kind has one oracle"
            )
        _ORACLES[kind] = function
        return function

    return register


def kinds() -> frozenset[str]:
    """The kinds of clauses that have an oracle."""
    return frozenset(_ORACLES)


def judge_clause(clause: Clause, view: View, *, notes: Iterable[str] = ()) -> Finding:
    """The finding about one clause; a pure function of history and specification.

    Args:
        clause: what is judged.
        view: the history.
        notes: why its operation could not be driven, if so.
    """
    if clause.not_tested is not None:
        return Finding(clause=clause, verdict=Verdict.NOT_APPLICABLE, reason=clause.not_tested)
    try:
        tally, lost = _weighed(clause, view)
    except Exception as error:  # noqa: BLE001 - whatever breaks in us must be told as ours, not the target's
        reason = f"the suite itself failed while judging: {type(error).__name__}: {error}"
        return Finding(clause=clause, verdict=Verdict.ERROR, reason=reason[:500])
    found = _found(clause, tally, list(notes))
    return found if lost is None else replace(found, verdict=Verdict.INCONCLUSIVE, reason=lost[:500])


def _weighed(clause: Clause, view: View) -> tuple[Tally, str | None]:
    """What an oracle saw; where it saw a breach by a target that has forgotten things, what it saw before that.

    Why a breach that was seen proves nothing comes with it.
    """
    tally = Tally()
    _ORACLES[clause.kind](clause, view, tally)
    if not tally.broken or clause.kind in UNEXCUSED or (loss := first_loss(view)) is None:
        return tally, None
    before = Tally()
    _ORACLES[clause.kind](clause, view_before(view, loss), before)
    if before.broken:
        return before, None
    return before, f"{loss.described()}; so this proves nothing: expected {tally.expected}; got {tally.actual}"


def _found(clause: Clause, tally: Tally, notes: list[str]) -> Finding:
    seen = Finding(
        clause=clause,
        verdict=Verdict.PASS,
        hits=sum(tally.hits.values()),
        probes=dict(tally.hits),
        reading=tally.reading,
    )
    if tally.inapplicable:
        return replace(seen, verdict=Verdict.NOT_APPLICABLE, reason=tally.inapplicable)
    if tally.broken:
        verdict = Verdict.WARN if clause.level is not Level.MUST or clause.basis is Basis.SILENT else Verdict.FAIL
        reason = f"expected {tally.expected}; got {tally.actual}"
        return replace(
            seen, verdict=verdict, reason=reason, expected=tally.expected, actual=tally.actual, evidence=tally.evidence
        )
    missing = sorted(tally.needed - set(tally.hits))
    if tally.hits and not missing:
        return seen
    if tally.open or missing:
        reason = "; ".join(dict.fromkeys(tally.open)) or f"never exercised: {', '.join(missing)}"
        return replace(seen, verdict=Verdict.INCONCLUSIVE, reason=reason[:500])
    if notes:
        return replace(seen, verdict=Verdict.UNTESTABLE, reason="; ".join(dict.fromkeys(notes))[:500])
    return replace(seen, verdict=Verdict.VACUOUS, reason="nothing in the history exercised it")


def judge(clauses: Iterable[Clause], view: View, *, notes: dict[str, list[str]] | None = None) -> list[Finding]:
    """The findings about clauses, in their order; ``notes`` tell by operation why it could not be driven."""
    return [judge_clause(clause, view, notes=(notes or {}).get(clause.operation, ())) for clause in clauses]

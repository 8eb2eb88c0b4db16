"""A baseline: the deviations of a target that are known, and what a run says of each."""

from __future__ import annotations

import datetime
import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from conformance import Finding, Verdict
from reports.outcome import UNPROVEN


class Expectation(enum.StrEnum):
    """What is known of a clause: that it is broken, or only that it cannot be proven kept."""

    FAIL = "fail"
    UNPROVEN = "unproven"


class State(enum.StrEnum):
    """What a run says of a deviation that is known.

    ``known``: it is as expected. ``not-seen``: the run proves nothing of it, for or against. ``worse``: it is broken, where
    only a missing proof was expected. ``stale``: the clause is kept now. ``expired``: its date has passed.
    """

    KNOWN = "known"
    NOT_SEEN = "not-seen"
    WORSE = "worse"
    STALE = "stale"
    EXPIRED = "expired"

    @property
    def rank(self) -> int:
        """Place in a table; what needs somebody comes first."""
        return (State.EXPIRED, State.STALE, State.WORSE, State.KNOWN, State.NOT_SEEN).index(self)

    @property
    def outdated(self) -> bool:
        """Whether the entry must be looked after, whatever else the run has found."""
        return self in {State.STALE, State.EXPIRED}

    @property
    def excuses(self) -> bool:
        """Whether the clause is as it was known to be, and counts neither as broken nor as unproven."""
        return self in {State.KNOWN, State.NOT_SEEN}


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """One entry of a baseline.

    Attributes:
        clause: id of the clause.
        expect: what is known of it.
        reason: why it is tolerated.
        link: where more is told, an issue for instance; may be empty.
        expires: the last day on which it is tolerated.
        sometimes: whether the clause is also seen kept, in some runs; such an entry never gets stale by that.
    """

    clause: str
    expect: Expectation
    reason: str
    expires: datetime.date
    link: str = ""
    sometimes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A deviation held against a run; ``verdict`` is the clause's, None where the run was not about it."""

    deviation: Deviation
    state: State
    verdict: Verdict | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """A baseline held against a run: the name of its file, the day on which that was, and what became of each entry."""

    name: str
    day: datetime.date
    standings: tuple[Standing, ...]

    @property
    def by_clause(self) -> Mapping[str, Standing]:
        """What became of the entry of each clause that has one."""
        return {each.deviation.clause: each for each in self.standings}

    @property
    def excused(self) -> frozenset[str]:
        """The clauses that are as they were known to be."""
        return frozenset(each.deviation.clause for each in self.standings if each.state.excuses)

    @property
    def outdated(self) -> tuple[Standing, ...]:
        """The entries that must be looked after."""
        return tuple(each for each in self.standings if each.state.outdated)

    def in_state(self, state: State) -> tuple[Standing, ...]:
        """The entries in one state."""
        return tuple(each for each in self.standings if each.state is state)


def held_against(
    deviations: Iterable[Deviation], findings: Iterable[Finding], *, name: str, day: datetime.date
) -> Baseline:
    """Hold the deviations that are known against what a run has found."""
    found = {finding.clause.id: finding for finding in findings}
    standings = tuple(_standing(each, found.get(each.clause), day) for each in deviations)
    return Baseline(name=name, day=day, standings=standings)


def _standing(deviation: Deviation, finding: Finding | None, day: datetime.date) -> Standing:
    verdict = None if finding is None else finding.verdict
    if day > deviation.expires:
        state, why = State.EXPIRED, f"the baseline entry is stale: it expired on {deviation.expires.isoformat()}"
    else:
        state, why = _as_seen(deviation, verdict)
    return Standing(deviation=deviation, state=state, verdict=verdict, why=why)


def _as_seen(deviation: Deviation, verdict: Verdict | None) -> tuple[State, str]:
    broken = verdict in {Verdict.FAIL, Verdict.WARN}
    if verdict is None:
        return State.NOT_SEEN, "this run was not about the clause"
    if broken and deviation.expect is Expectation.UNPROVEN:
        return State.WORSE, "it is broken; the baseline knows only that it is not proven"
    if broken or (verdict in UNPROVEN and deviation.expect is Expectation.UNPROVEN):
        return State.KNOWN, deviation.reason
    if verdict is not Verdict.PASS:
        return State.NOT_SEEN, f"nothing is proven of it in this run: {verdict}"
    if deviation.sometimes:
        return State.NOT_SEEN, "it is kept in this run, as it sometimes is"
    return State.STALE, "the baseline entry is stale: the clause is kept now"

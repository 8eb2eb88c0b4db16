"""Where a run was cut off and taken up again, and how a history with such seams is judged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from conformance.history import Call, Intent
from conformance.oracles import judge
from conformance.verdict import Finding, Verdict
from conformance.view import View
from specs import Clause

#: Trouble of a call whose answer nobody waited for: the suite itself had ended.
UNHEARD = "unheard"
#: Roles that say that a request is not such as the documents have it; they go on saying so.
_WRONG = frozenset({"odd", "raw", "outside", "auth"})
_BROKEN = frozenset({Verdict.FAIL, Verdict.WARN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Seam:
    """The calls that cannot be taken for what they were sent for.

    Attributes:
        cut: calls of scenarios that did not come to their end, and were driven anew.
        settled: calls that were never answered because the suite had ended, and that are known to be over.
    """

    cut: frozenset[int] = frozenset()
    settled: frozenset[int] = frozenset()

    def single(self, calls: Iterable[Call]) -> list[Call]:
        """All calls; those that were cut off each by itself: half a group, or half a walk through pages, proves nothing."""
        return [_plain(call, keep=True) if call.id in self.cut else call for call in calls]

    def apart(self, calls: Iterable[Call]) -> list[Call]:
        """The calls as traffic that just was there: half a scenario proves nothing of what a whole one would have.

        What is settled is left out. That is how a run finds a target on which another one was killed before.
        """
        return [
            _plain(call, keep=False) if call.id in self.cut else call for call in calls if call.id not in self.settled
        ]


def _plain(call: Call, *, keep: bool) -> Call:
    """A call without what it was sent for; a request with a violation may keep that, since its answer alone can tell."""
    intent = Intent(
        scenario="cut off",
        role=call.intent.role if call.intent.role in _WRONG else "cut",
        arguments=call.intent.arguments,
    )
    if keep and call.intent.role == "outside":
        intent = replace(intent, clause=call.intent.clause, case=call.intent.case)
    return replace(call, intent=intent)


def judge_across(
    clauses: Sequence[Clause],
    calls: Sequence[Call],
    seam: Seam,
    view: Callable[[Sequence[Call]], View],
    *,
    notes: dict[str, list[str]],
) -> list[Finding]:
    """The findings about clauses over a history with seams.

    What single calls, and what is seen of jobs and lists whoever asks, prove to be broken stays broken. Everything else is
    judged with the scenarios that were cut off taken for mere traffic: the verdict is then that of a run which was never
    interrupted.
    """
    whole = judge(clauses, view(seam.single(calls)), notes=notes)
    if not seam.cut and not seam.settled:
        return whole
    apart = judge(clauses, view(seam.apart(calls)), notes=notes)
    return [one if one.verdict in _BROKEN else other for one, other in zip(whole, apart, strict=True)]

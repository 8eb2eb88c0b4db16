"""A conforming history, and views of it that share what was decoded once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from conformance.answer import Answer
from conformance.history import Call
from conformance.oracles import judge
from conformance.verdict import Finding, Verdict
from conformance.view import View
from specs import Clause, Spec

#: Kinds whose oracle looks at one answer at a time: only answers that changed can break them anew.
_BY_ANSWER = frozenset({"member", "body-shape", "media-type", "success-status"})
#: Kinds whose oracle looks at the answers of the clause's own operation only.
_BY_OPERATION = frozenset({
    "valid-request", "violation-error", "error-name", "error-status", "error-envelope", "auth", "unique-items", "page-bound",
    "page-fill", "page-walk", "last-page", "count", "echo", "filter-sound", "filter-complete", "filter-combined", "retention",
    "no-server-error", "answered",
})  # fmt: skip
#: Kinds whose oracle asks whether anything was changed meanwhile.
_BY_EVERYTHING = frozenset({"order-stable", "list-fields"})
_BROKEN = frozenset({Verdict.FAIL, Verdict.WARN, Verdict.ERROR})


@dataclass(slots=True)
class Recording:
    """The history of a run that found nothing wrong."""

    spec: Spec
    calls: Sequence[Call]
    base: View = field(init=False)
    findings: dict[str, Finding] = field(init=False)
    _answers: dict[int, Answer] = field(default_factory=dict)
    _trees: dict[tuple[int, str, str], Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.base = View(self.spec, self.calls, exclusive=True)
        for call in self.calls:
            self._answers[id(call.response)] = self.base.answer(call)
            self._trees[_key(call)] = self.base.tree(call)
        self.findings = {finding.clause.id: finding for finding in judge(self.spec.clauses, self.base)}

    def view(self, calls: Sequence[Call], *, exclusive: bool = True) -> View:
        """A view of other calls; what they have in common with the recorded ones is not decoded again."""
        view = View(self.spec, calls, exclusive=exclusive)
        for call in calls:
            known = _key(call)
            if known in self._trees:
                view._answers[call.id] = self._answers[id(call.response)]
                view._trees[call.id] = self._trees[known]
        return view

    def broken(self, calls: Sequence[Call], *, besides: str = "") -> list[str]:
        """Ids of the clauses that a changed history breaks and the recorded one does not."""
        view = self.view(calls)
        changed = [call for call in calls if _key(call) not in self._trees]
        touched = {call.operation for call in changed} | self._moved(calls)
        kept = [
            each for each in self.spec.clauses if each.id != besides and self.findings[each.id].verdict not in _BROKEN
        ]
        if not any(call.intent.scenario.startswith("program ") for call in changed):
            kept = [each for each in kept if each.kind != "queue-rule"]
        found = judge([each for each in kept if each.kind not in _BY_ANSWER and self.reach(each) & touched], view)
        found += judge([each for each in kept if each.kind in _BY_ANSWER], self.view(changed))
        return [finding.clause.id for finding in found if finding.verdict in _BROKEN]

    def _moved(self, calls: Sequence[Call]) -> set[str]:
        """The operations that were called more or less often than in the recording."""
        counts = Counter(call.operation for call in self.calls)
        counts.subtract(call.operation for call in calls)
        return {operation for operation, count in counts.items() if count}

    def reach(self, clause: Clause) -> set[str]:
        """The operations whose answers the oracle of a clause looks at."""
        operation = self.spec.operations[clause.operation]
        reached = {operation.name}
        if clause.kind in _BY_OPERATION:
            return reached
        if clause.kind in _BY_EVERYTHING:
            return set(self.spec.operations)
        names = {
            operation.creates,
            clause.data.get("resource"),
            operation.listing.resource if operation.listing else None,
        }
        for resource in self.spec.resources.values():
            if resource.name in names or clause.kind in {"no-effect", "experiment"}:
                acts = (action.use for action in resource.actions.values())
                uses = (resource.create, resource.read, resource.delete, *acts)
                reached |= {use.operation for use in uses if use is not None} | {resource.list or operation.name}
        return reached


def _key(call: Call) -> tuple[int, str, str]:
    return id(call.response), call.operation, call.request.method

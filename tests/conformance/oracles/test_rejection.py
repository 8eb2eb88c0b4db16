"""Every oracle accepts a conforming history, and rejects each way to break its clause."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

import specs
from conformance import Verdict, View, judge_clause
from conformance.emulator import APIS
from specs import Basis, Clause, Level
from tests.conformance.corruption.catalogue import Corruption, corruptions
from tests.conformance.corruption.draft import Draft
from tests.conformance.corruption.exhibit import exhibit
from tests.conformance.corruption.recording import Recording

if TYPE_CHECKING:
    from collections.abc import Callable

#: What else each corruption breaks is asked for each night only: it is told, and nothing is concluded from it.
NIGHTLY = bool(os.environ.get("CONFORMANCE_NIGHTLY"))
TESTED = [clause for api in APIS for clause in specs.load(api).clauses if clause.not_tested is None]


def _breaks(clause: Clause, view: View) -> list[tuple[Corruption, Draft]]:
    found = [(each, each.apply(clause, view)) for each in corruptions(clause.kind)]
    return [(each, draft) for each, draft in found if draft is not None]


def _accepted(clause: Clause, known: Recording) -> tuple[View, list[tuple[Corruption, Draft]], bool]:
    """A history that the oracle accepts and that can be broken: the recorded one, or one with calls behind it."""
    if known.findings[clause.id].verdict is Verdict.PASS:
        breaks = _breaks(clause, known.base)
        if breaks:
            return known.base, breaks, True
    draft = exhibit(clause, known.base)
    assert draft is not None, (
        f"the recording says {known.findings[clause.id].reason!r}, and no exhibit is known for {clause.kind}"
    )
    view = known.view(draft.calls)
    return view, _breaks(clause, view), False


@pytest.mark.parametrize("clause", TESTED, ids=lambda clause: clause.id)
def test_an_oracle_accepts_what_conforms_and_rejects_what_does_not(
    clause: Clause, recording: Callable[[str], Recording], record_property: Callable[[str, object], None]
) -> None:
    known = recording(clause.id.partition(".")[0])
    view, breaks, exercised = _accepted(clause, known)
    finding = judge_clause(clause, view)
    assert finding.verdict is Verdict.PASS, f"wrongly not accepted: {finding.reason}"
    assert finding.hits > 0
    record_property("exercised by the standard profile", exercised)
    assert breaks, f"nothing is known that breaks a clause of kind {clause.kind}"
    due = Verdict.FAIL if clause.level is Level.MUST and clause.basis is not Basis.SILENT else Verdict.WARN
    for corruption, draft in breaks:
        calls = draft.calls
        broken = judge_clause(clause, known.view(calls))
        assert broken.verdict is due, f"{corruption.name}: {broken.verdict} {broken.reason}"
        assert 1 <= len(broken.evidence) <= 3
        assert {call.id for call in calls} >= set(broken.evidence)
        assert broken.expected
        assert broken.actual
        if NIGHTLY:
            also = known.broken(calls, besides=clause.id)
            record_property(corruption.name, ", ".join(also) or "nothing else")


@pytest.mark.parametrize("api", APIS)
def test_a_faithful_implementation_breaks_nothing(api: str, recording: Callable[[str], Recording]) -> None:
    findings = recording(api).findings.values()
    broken = [
        f"{each.clause.id}: {each.reason}"
        for each in findings
        if each.verdict in {Verdict.FAIL, Verdict.WARN, Verdict.ERROR}
    ]
    assert broken == []


def test_every_kind_of_clause_can_be_broken() -> None:
    assert {clause.kind for clause in TESTED if not corruptions(clause.kind)} == set()

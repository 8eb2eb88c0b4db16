"""Oracles of APIs without an emulator of ours, on histories of others' emulators: what is kept there can be broken.

What those emulators break themselves is left out of their histories first: what was wrongly taken, and what they failed at.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance import Call, Verdict, View, judge_clause
from conformance.app.stored_history import read_history
from conformance.emulator import APIS
from specs import Basis, Clause, Level, apis, load
from tests.conformance.corruption.catalogue import corruptions
from tests.conformance.corruption.draft import Draft
from tests.conformance.corruption.exhibit import exhibit
from tests.conformance.corruption.recording import Recording

RECORDS = Path(__file__).resolve().parents[3] / "examples" / "records"
HISTORIES = {"batch": ("moto-batch", "ministack-batch")}
OPERATIONS = [(api, name) for api in apis() if api not in APIS for name in load(api).operations]
#: Kinds that these histories have no case of, and that no call put behind them can show; each is seen to accept and to
#: reject on the histories of our own emulators, or in a test of its own.
UNSHOWN = frozenset({"action-accepted", "action-effect", "attempt", "page-bound", "page-walk"})

#: Neither of the two keeps these; `test_soundness_written_filters.py` shows them by hand.
BY_HAND = frozenset({
    "batch.ListJobs/jobStatus/default", "batch.ListJobs/filters.JOB_DEFINITION/filter-sound",
    "batch.ListJobs/filters.BEFORE_CREATED_AT/filter-sound", "batch.ListJobs/filters.AFTER_CREATED_AT/filter-sound",
})  # fmt: skip
#: A target that fails and makes something all the same: whether a refusal made anything does not show.
UNCLEAR = frozenset({"batch.CreateComputeEnvironment/refusal/no-effect"})


@functools.cache
def _recordings(api: str, name: str) -> tuple[Recording, Recording]:
    """A history, whole and without what its target got wrong."""
    spec, calls = load(api), read_history(RECORDS / f"{name}.history.jsonl.xz")[1]
    return Recording(spec, calls), Recording(spec, [call for call in calls if not _wrong(call)])


def _wrong(call: Call) -> bool:
    status = call.response.status if call.response is not None else 500
    return status >= 500 or (call.intent.role == "outside" and status < 300)


def accepted(clause: Clause) -> Iterator[tuple[Recording, Iterator[Draft]]]:
    """Recordings, of which the oracle accepts a history that is theirs or has calls behind it, and ways to break that."""
    api = clause.id.partition(".")[0]
    for known in (each for name in HISTORIES[api] for each in _recordings(api, name)):
        if known.findings[clause.id].verdict is Verdict.PASS:
            yield known, breaks(clause, known.base)
        drafted = exhibit(clause, known.base)
        if drafted is not None:
            shown = known.view(drafted.calls)
            if judge_clause(clause, shown).verdict is Verdict.PASS:
                yield known, breaks(clause, shown)


def breaks(clause: Clause, view: View) -> Iterator[Draft]:
    for each in corruptions(clause.kind):
        draft = each.apply(clause, view)
        if draft is not None:
            yield draft


def shown(clause: Clause) -> bool:
    """Whether an oracle was seen to accept a history and to reject a way to break it."""
    due = Verdict.FAIL if clause.level is Level.MUST and clause.basis is not Basis.SILENT else Verdict.WARN
    return any(
        judge_clause(clause, known.view(draft.calls)).verdict is due
        for known, drafts in accepted(clause)
        for draft in drafts
    )


@pytest.mark.parametrize(("api", "operation"), OPERATIONS, ids=str)
def test_an_oracle_accepts_what_conforms_and_rejects_what_does_not(api: str, operation: str) -> None:
    clauses = [each for each in load(api).operations[operation].clauses if each.not_tested is None]
    tried = [each for each in clauses if each.kind not in UNSHOWN and each.id not in UNCLEAR | BY_HAND]
    assert [each.id for each in tried if not shown(each)] == []

"""Oracles of APIs without an emulator of ours, on histories of others' emulators: what is kept there can be broken.

What those emulators break themselves is left out of their histories first: what was wrongly taken, and what they failed at.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from conformance import Call, Verdict, View, judge_clause
from conformance.app.stored_history import read_history
from conformance.emulator import APIS
from specs import Basis, Clause, Level, Spec, apis, load
from tests.conformance.corruption.catalogue import corruptions
from tests.conformance.corruption.draft import Draft
from tests.conformance.corruption.exhibit import exhibit

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


@dataclass(frozen=True, slots=True)
class Base:
    """A history, whole and without what its target got wrong."""

    spec: Spec
    whole: View
    pure: View


@functools.cache
def _base(api: str, name: str) -> Base:
    spec, calls = load(api), read_history(RECORDS / f"{name}.history.jsonl.xz")[1]
    return Base(
        spec, View(spec, calls, exclusive=True), View(spec, [c for c in calls if not _wrong(c)], exclusive=True)
    )


def _wrong(call: Call) -> bool:
    status = call.response.status if call.response is not None else 500
    return status >= 500 or (call.intent.role == "outside" and status < 300)


def accepted(clause: Clause) -> Iterator[tuple[View, list[Draft]]]:
    """Histories that an oracle accepts, and ways to break each."""
    api = clause.id.partition(".")[0]
    for base in (_base(api, name) for name in HISTORIES[api]):
        for view in (base.whole, base.pure):
            if judge_clause(clause, view).verdict is Verdict.PASS:
                yield view, breaks(clause, view)
            drafted = exhibit(clause, view)
            if drafted is not None:
                shown = View(base.spec, drafted.calls, exclusive=True)
                if judge_clause(clause, shown).verdict is Verdict.PASS:
                    yield shown, breaks(clause, shown)


def breaks(clause: Clause, view: View) -> list[Draft]:
    drafts = [each.apply(clause, view) for each in corruptions(clause.kind)]
    return [draft for draft in drafts if draft is not None]


def shown(clause: Clause) -> bool:
    """Whether an oracle was seen to accept a history and to reject a way to break it."""
    due = Verdict.FAIL if clause.level is Level.MUST and clause.basis is not Basis.SILENT else Verdict.WARN
    return any(
        judge_clause(clause, View(view.spec, draft.calls, exclusive=True)).verdict is due
        for view, drafts in accepted(clause)
        for draft in drafts
    )


@pytest.mark.parametrize(("api", "operation"), OPERATIONS, ids=str)
def test_an_oracle_accepts_what_conforms_and_rejects_what_does_not(api: str, operation: str) -> None:
    clauses = [each for each in load(api).operations[operation].clauses if each.not_tested is None]
    tried = [each for each in clauses if each.kind not in UNSHOWN and each.id not in UNCLEAR | BY_HAND]
    assert [each.id for each in tried if not shown(each)] == []

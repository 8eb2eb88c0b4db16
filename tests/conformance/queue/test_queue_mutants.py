"""Every fault of the queue and of dependencies is caught by the clause that names it, with at most three calls."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

import specs
from conformance import Verdict
from conformance.app.processes import object_store
from conformance.emulator.neptune.load_queue import LoadQueue
from conformance.emulator.neptune.loader import Loader
from conformance.emulator.neptune.service import NeptuneService
from tests.conformance.queue.hunt import MUTANTS, hunt

if TYPE_CHECKING:
    from collections.abc import Iterator

SAMPLE = (
    "capacity-65",
    "place-kept-after-cancel-when-full",
    "busy-only-when-others-wait",
    "last-first-when-full",
    "last-takes-place-of-cancelled",
    "two-run-when-three-wait",
    "cancel-in-the-middle-ignored",
    "cascade-ends-at-depth-3",
    "only-last-dependency-fails",
    "finished-dependency-unknown",
    "unqueued-dependent-fails",
)
NIGHTLY = bool(os.environ.get("CONFORMANCE_NIGHTLY"))


@pytest.fixture(scope="module")
def s3_endpoint() -> Iterator[str]:
    with object_store() as url:
        yield url


@pytest.mark.parametrize("name", sorted(MUTANTS) if NIGHTLY else SAMPLE)
def test_fault_is_caught_by_its_clause(name: str, s3_endpoint: str) -> None:
    finding = hunt(MUTANTS[name], s3_endpoint)
    due = Verdict.FAIL if finding.clause.mandatory else Verdict.WARN
    assert finding.verdict is due, f"{finding.clause.id}: {finding.verdict}: {finding.reason}"
    assert 1 <= len(finding.evidence) <= 3


def test_every_clause_has_a_fault_of_its_own() -> None:
    clauses = {clause.id for clause in specs.load("neptune").clauses if clause.kind == "queue-rule"}
    assert clauses <= {mutant.clause for mutant in MUTANTS.values()}


def test_no_fault_reaches_the_faithful_service() -> None:
    assert NeptuneService.LOADER is Loader
    assert Loader.QUEUE is LoadQueue
    assert LoadQueue.CAPACITY == 64
    assert len(MUTANTS) >= 40

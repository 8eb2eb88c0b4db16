"""Targets that go wrong at any moment: each run ends, in verdicts with reasons, and fails only what was broken."""

from __future__ import annotations

import functools
import os
import random
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from conformance import PROFILES, Run, execute, judge
from conformance.app.processes import object_store
from conformance.emulator import APIS, Api
from conformance.target import Limits, Timeouts
from conformance.verdict import Verdict
from conformance.view import View
from tests.conformance.hostile.faults import FAULTS
from tests.conformance.soak.hall import hall

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.engine import Outcome

SHORT = Timeouts(request=3.0, job_end_max=1.5, list_lag_max=0.3, throttle_max=1.0)
FAMILIES = ("lifecycle", "list-semantics", "queue", "dependency")
NIGHTLY = bool(os.environ.get("CONFORMANCE_NIGHTLY"))
SEEDS = range(20) if NIGHTLY else range(1)
#: Every API, and every fault at least once over all of them; where CONFORMANCE_NIGHTLY is set, everything.
CHOSEN: list[tuple[Api, str]] = [
    ("neptune", "vanishing"), ("s3control", "strange"), ("s3control", "jumping"), ("s3control", "backwards"),
    ("s3control", "restarting"), ("ncloud", "restarting"), ("omics", "restarting"), ("omics", "busy"), ("omics", "everything"),
]  # fmt: skip
CASES = [(api, fault) for api in APIS for fault in FAULTS] if NIGHTLY else CHOSEN
REQUESTS = 220
#: Seconds that a run takes at most, on the slowest of machines: each request and each wait has an end.
BOUND = 180.0
#: Kinds of clauses whose statement a fault really breaks. Whatever else fails is a false accusation. A wrong answer to one
#: request about something that is still there breaks what is said of that request.
BREAKS: dict[str, set[str]] = {
    "busy": set(),
    "restarting": {"readable", "listed"},
    "vanishing": {"readable", "listed", "action-refusal", "action-accepted", "racing-deletes"},
    "strange": {
        "status-known", "terminal", "list-agrees", "items-final", "action-absorbed", "filter-sound", "filter-combined",
    },
    "backwards": {
        "status-forward", "terminal", "list-agrees", "list-fields", "items-final", "items-agree", "counters-rise", "counters-rest",
        "held-once", "action-absorbed", "action-accepted", "action-shown", "action-refusal", "action-effect", "listed", "order-stable",
        "racing-reads", "racing-deletes", "racing-cancel", "racing-order",
    },
    "jumping": {
        "immutable", "end-time", "list-fields", "retention", "filter-sound", "filter-combined", "order", "not-before", "items-agree", "counters-rest",
    },
}  # fmt: skip
BREAKS["everything"] = set().union(*BREAKS.values())


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with object_store() as url:
        yield url


def run_with(api: Api, fault: str, seed: int, endpoint: str) -> tuple[Outcome, Run]:
    wrap = functools.partial(FAULTS[fault], seed=seed)
    with hall(api, endpoint, job_seconds=0.03, wrap=wrap) as found:
        target = replace(found.target, timeouts=SHORT, limits=Limits(requests=REQUESTS), exclusive=True)
        clauses = [clause for clause in found.spec.clauses if clause.family in FAMILIES]
        clauses = random.Random(seed).sample(clauses, len(clauses))  # noqa: S311 - the same choice in every run
        run = Run(spec=found.spec, target=target, clauses=clauses, profile=PROFILES["standard"], seed=seed)
        return execute(run), run


def accused(outcome: Outcome, broken: set[str]) -> list[str]:
    """What is said against a target, but for what is broken."""
    return [
        f"{f.verdict} {f.clause.kind} {f.clause.id}: {f.reason} {f.evidence}"
        for f in outcome.findings
        if f.verdict in {Verdict.FAIL, Verdict.WARN, Verdict.ERROR}
        and (f.clause.data["aspect"] if f.clause.kind == "race" else f.clause.kind) not in broken
    ]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("api", "fault"), CASES)
def test_a_run_ends_in_verdicts_with_reasons(api: Api, fault: str, seed: int, endpoint: str) -> None:
    began = time.monotonic()
    outcome, run = run_with(api, fault, seed, endpoint)
    assert time.monotonic() - began < BOUND
    assert len(outcome.history) <= REQUESTS
    assert [f.reason for f in outcome.findings if f.verdict is Verdict.ERROR] == []
    assert [f.clause.id for f in outcome.findings if f.verdict is not Verdict.PASS and not (f.reason or f.actual)] == []
    assert [f.clause.id for f in outcome.findings if f.verdict is Verdict.FAIL and not 1 <= len(f.evidence) <= 3] == []
    assert accused(outcome, BREAKS[fault]) == []
    again = judge(run.clauses, View(run.spec, outcome.history.calls, exclusive=True, signed=False), notes=run.notes)
    assert [f.verdict for f in again] == [f.verdict for f in outcome.findings]

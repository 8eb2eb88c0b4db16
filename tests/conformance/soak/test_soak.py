"""No correct target is ever accused: quick or slow, near or far, with other clients on it; and nobody's jobs are touched.

A spanning part of all combinations runs here; all of them, with fifty seeds each, where CONFORMANCE_NIGHTLY is set.
"""

from __future__ import annotations

import itertools
import os
from typing import TYPE_CHECKING

import pytest

from conformance.app.processes import object_store
from conformance.emulator import APIS
from conformance.verdict import Verdict
from specs import Family
from tests.conformance.soak.hall import SPEEDS, Scene, soaked

if TYPE_CHECKING:
    from collections.abc import Iterator

ACCUSING = {Verdict.FAIL, Verdict.WARN, Verdict.ERROR}
LATENCIES = (0.0, 0.02, 0.2)
JOBS = ("lifecycle", "list-semantics")
QUEUE = ("queue", "dependency")
SEEDS = 50


def nightly() -> list[Scene]:
    families = {"neptune": ((*QUEUE, *JOBS), ())}
    return [
        Scene(api=api, speed=speed, latency=latency, seed=seed, families=chosen)
        for seed in range(SEEDS)
        for api, speed, latency in itertools.product(APIS, SPEEDS, LATENCIES)
        for chosen in families.get(api, ((),))
    ]


def spanning() -> list[Scene]:
    """Every API with every speed and every latency, though not with every pair of them; five seeds over all."""
    return [
        *(Scene(api=api, seed=seed) for seed, api in enumerate(APIS)),
        Scene(api="neptune", speed="instant", latency=0.02, families=("lifecycle",), seed=4, requests=200),
        Scene(api="neptune", speed="slow", latency=0.2, families=("lifecycle",), seed=0, requests=25),
        Scene(api="omics", speed="instant", latency=0.2, families=("lifecycle",), seed=1, requests=25),
        Scene(api="omics", speed="slow", latency=0.02, families=("lifecycle",), seed=2, requests=100),
        Scene(api="s3control", speed="instant", latency=0.02, families=JOBS, seed=3, requests=200),
        Scene(api="s3control", speed="slow", latency=0.2, families=("lifecycle",), seed=4, requests=25),
        Scene(api="ncloud", speed="instant", latency=0.2, families=("lifecycle",), seed=0, requests=25),
        Scene(api="ncloud", speed="slow", latency=0.02, families=JOBS, seed=1, requests=200),
    ]


SCENES = nightly() if os.environ.get("CONFORMANCE_NIGHTLY") else spanning()


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with object_store() as url:
        yield url


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_nobody_is_accused(scene: Scene, endpoint: str) -> None:
    outcome, seen = soaked(scene, endpoint)
    assert [
        f"{finding.verdict} {finding.clause.id}: {finding.reason} {finding.actual} {finding.evidence}"
        for finding in outcome.findings
        if finding.verdict in ACCUSING
    ] == []
    assert seen.made > 1
    assert seen.trespasses == []
    assert seen.troubles == []
    if scene.requests is None:
        assert seen.changes > 10
        assert seen.remains == []
    if scene.requests is None and scene.speed == "normal":
        # A list that another client changes all the while may never stand still long enough to be judged whole.
        vacuous = [
            f.clause.id for f in outcome.findings
            if f.verdict is Verdict.VACUOUS and f.clause.mandatory and f.clause.family is not Family.LIST_SEMANTICS
        ]  # fmt: skip
        assert vacuous == []

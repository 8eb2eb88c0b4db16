"""No correct target is ever accused: quick or slow, near or far, with other clients on it; and nobody's jobs are touched.

Each API with every speed, every latency and five seeds, for some clauses that the seed chooses; and once for all. All of
them always, with fifty seeds, where CONFORMANCE_NIGHTLY is set: ten whole, and for the others what a seed decides.
"""

from __future__ import annotations

import itertools
import os
from typing import TYPE_CHECKING

import pytest

from conformance.app.processes import object_store
from conformance.emulator import APIS
from tests.conformance.soak.hall import SPEEDS, Scene, Soak, soaked, soaked_together

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.emulator import Api

LATENCIES = (0.0, 0.02, 0.2)
#: What moves by itself, and is hard to judge from outside.
MOVING = ("queue", "dependency", "lifecycle", "list-semantics")
SEEDS, WHOLE, BRIEF = 50, 10, 5
SAMPLE, REQUESTS = 5, 40
AT_ONCE = 10


def nightly() -> list[Scene]:
    """Seeds go slowest, so that what is ended early has seen every scene."""
    return [
        Scene(
            api=api, speed=speed, latency=latency, seed=seed, seeded=seed >= WHOLE,
            families=MOVING if api == "neptune" else (),
        )
        for seed, api, speed, latency in itertools.product(range(SEEDS), APIS, SPEEDS, LATENCIES)
    ]  # fmt: skip


def brief(api: Api) -> list[Scene]:
    """The farthest first, which take longest."""
    return [
        Scene(api=api, speed=speed, latency=latency, seed=seed, families=MOVING, sample=SAMPLE, requests=REQUESTS)
        for latency, speed, seed in itertools.product(reversed(LATENCIES), SPEEDS, range(BRIEF))
    ]


SCENES = [Scene(api=api) for api in APIS]
if os.environ.get("CONFORMANCE_NIGHTLY"):
    SCENES += nightly()


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with object_store() as url:
        yield url


def is_good_guest(soak: Soak) -> None:
    """Nobody was accused, and nothing of others was touched."""
    assert soak.accusations == []
    assert soak.made > 1
    assert soak.trespasses == []
    assert soak.troubles == []


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_nobody_is_accused(scene: Scene, endpoint: str) -> None:
    soak = soaked(scene, endpoint)
    is_good_guest(soak)
    assert soak.changes > (0 if scene.seeded else 10)
    assert soak.remains == []
    if scene.speed == "normal" and not scene.seeded:
        assert soak.vacuous == []


@pytest.mark.parametrize("api", APIS)
def test_nobody_is_accused_at_any_speed_and_distance(api: Api, endpoint: str) -> None:
    soaks = list(soaked_together(brief(api), endpoint, at_once=AT_ONCE))
    assert len(soaks) == len(SPEEDS) * len(LATENCIES) * BRIEF
    for soak in soaks:
        is_good_guest(soak)
    # Those far away may be cut short before anything is proven, but not all of them.
    assert sum(soak.proven for soak in soaks) > len(soaks)


def test_a_faulty_target_is_accused_beside_others_too(endpoint: str) -> None:
    scene = Scene(api="ncloud", families=("lifecycle",), requests=60, mutant="completed-becomes-failed")
    soak = soaked(scene, endpoint)
    assert "fail ncloud.getJobExecution/execution/terminal:" in [" ".join(a.split()[:2]) for a in soak.accusations]
    assert soak.trespasses == []

"""A sample of the kill matrix: the first mutant of each API and family dies by its own clause."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from conformance.app.processes import object_store
from conformance.app.selftest import attempts
from conformance.app.trial import Result, Trial
from conformance.emulator import APIS
from conformance.emulator.mutants import FAMILIES, Mutant, mutants


def sample() -> list[Mutant]:
    first: dict[tuple[str, str], Mutant] = {}
    for mutant in mutants():
        if mutant.family in FAMILIES:
            first.setdefault((mutant.api, mutant.family), mutant)
    return list(first.values())


SAMPLE = sample()


@pytest.fixture(scope="module")
def results() -> Iterator[Mapping[tuple[str, str | None], Result]]:
    with object_store() as endpoint:
        trials = [
            Trial(api=m.api, s3_endpoint=endpoint, profile=m.profile, mutant=m.name, clause=m.clause) for m in SAMPLE
        ]
        found = attempts(trials, os.cpu_count() or 1)
        yield {(result.trial.api, result.trial.mutant): result for result in found}


# One worker runs the whole sample: the fixture would otherwise be made in each.
@pytest.mark.xdist_group("selftest")
@pytest.mark.parametrize("mutant", SAMPLE, ids=lambda mutant: f"{mutant.api}-{mutant.family}")
def test_a_mutant_is_killed_by_its_own_clause(mutant: Mutant, results: Any) -> None:
    result = results[mutant.api, mutant.name]
    assert result.fault is None
    assert result.killed, f"{mutant.name}: {result.verdict}: {result.reason}"
    assert mutant.clause in result.broken


def test_the_sample_has_every_api_and_family() -> None:
    assert {(mutant.api, mutant.family) for mutant in SAMPLE} == {(api, family) for api in APIS for family in FAMILIES}

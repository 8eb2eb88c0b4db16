"""The suite against the bundled emulators: conforming, whatever the seed and however long jobs take."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest

from conformance import PROFILES, Outcome, Run, Verdict, execute
from conformance.app.processes import object_store
from conformance.app.runner import embedded_target
from conformance.emulator import APIS
from conformance.target import Timeouts
from specs import Level, load

SEEDS = range(20) if os.environ.get("CONFORMANCE_NIGHTLY") else range(2)
OPEN = {Verdict.VACUOUS, Verdict.INCONCLUSIVE, Verdict.UNTESTABLE}


@pytest.fixture(scope="module")
def s3_endpoint() -> Iterator[str]:
    with object_store() as url:
        yield url


@dataclass(frozen=True)
class Conditions:
    api: str
    seed: int = 0
    edition: str | None = None
    job_seconds: float = 0.02
    kinds: tuple[str, ...] = ()
    mutant: str | None = None
    timeouts: Timeouts = field(default_factory=Timeouts)


def outcome_of(conditions: Conditions, s3_endpoint: str) -> Outcome:
    spec = load(conditions.api, edition=conditions.edition)
    clauses = [c for c in spec.clauses if not conditions.kinds or c.kind in conditions.kinds]
    with embedded_target(spec, s3_endpoint, job_seconds=conditions.job_seconds, mutant=conditions.mutant) as target:
        run = Run(
            spec=spec, target=replace(target, timeouts=conditions.timeouts), clauses=clauses, profile=PROFILES["standard"],
            seed=conditions.seed,
        )  # fmt: skip
        return execute(run)


def complaints(outcome: Outcome) -> list[str]:
    bad = {Verdict.FAIL, Verdict.WARN, Verdict.ERROR}
    return [
        f"{finding.verdict} {finding.clause.id}: {finding.reason}"
        for finding in outcome.findings
        if finding.verdict in bad or (finding.verdict in OPEN and finding.clause.level is Level.MUST)
    ]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("api", APIS)
def test_every_clause_that_must_be_kept_is_proven_kept(api: str, seed: int, s3_endpoint: str) -> None:
    outcome = outcome_of(Conditions(api=api, seed=seed), s3_endpoint)

    assert complaints(outcome) == []
    assert outcome.interrupted is None
    assert list(outcome.left) == []
    programs = [call for call in outcome.history if call.intent.scenario.startswith("program")]
    trials = [call for call in outcome.history if call.intent.scenario.startswith("experiment")]
    assert len(programs) <= 2_500
    assert len(trials) <= 600
    assert len([call for call in trials if call.intent.role in {"start", "control"}]) <= 120
    assert len(outcome.history) - len(programs) - len(trials) <= 1_500


@pytest.mark.parametrize("edition", ["2023", "2026"])
def test_the_other_editions_are_proven_too(edition: str, s3_endpoint: str) -> None:
    assert complaints(outcome_of(Conditions(api="ncloud", edition=edition), s3_endpoint)) == []


def test_what_is_taken_at_rest_is_proven_where_nothing_ends_in_time(s3_endpoint: str) -> None:
    slow = Conditions(
        api="ncloud", job_seconds=20, timeouts=Timeouts(job_end_max=0.1), kinds=("action-accepted", "deleted")
    )
    outcome = outcome_of(slow, s3_endpoint)

    assert complaints(outcome) == []
    assert {finding.clause.operation for finding in outcome.findings} == {
        "createJobExecution",
        "updateJob",
        "deleteJob",
    }


REFUSALS = ("constraint", "violation-error", "error-name", "error-status", "no-effect", "unknown-id", "body-error")


@pytest.mark.parametrize("job_seconds", [0.001, 0.2, 2])
def test_a_missing_check_shows_however_busy_the_target_is(job_seconds: float, s3_endpoint: str) -> None:
    outcome = outcome_of(
        Conditions(api="neptune", job_seconds=job_seconds, kinds=REFUSALS, mutant="undocumented-format-accepted"),
        s3_endpoint,
    )

    assert [f.clause.id for f in outcome.findings if f.verdict is Verdict.FAIL] == [
        "neptune.StartLoaderJob/format/allowed-values"
    ]
    assert len(complaints(outcome)) == 1


@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize("job_seconds", [0.001, 0.2, 2])
def test_verdicts_do_not_depend_on_how_long_jobs_take(api: str, job_seconds: float, s3_endpoint: str) -> None:
    outcome = outcome_of(Conditions(api=api, job_seconds=job_seconds, kinds=REFUSALS), s3_endpoint)

    assert complaints(outcome) == []

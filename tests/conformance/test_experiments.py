"""Experiments as they are carried out: within their bounds, and soon over where jobs never end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from conformance import PROFILES, Outcome, Run, Target, Timeouts, Verdict, execute
from conformance.app.processes import object_store
from conformance.app.runner import embedded_target
from specs import Clause, load

SPEC = load("neptune")


@pytest.fixture(scope="module")
def s3_endpoint() -> Iterator[str]:
    with object_store() as url:
        yield url


def outcome(
    endpoint: str, *places: str, change: Callable[[Target], Target] = lambda target: target, **settings: Any
) -> tuple[Outcome, Mapping[str, Any]]:
    clauses: list[Clause] = [SPEC.clause(f"neptune.{place}") for place in places]
    with embedded_target(SPEC, endpoint, **settings) as target:
        found = execute(Run(spec=SPEC, target=change(target), clauses=clauses, profile=PROFILES["standard"]))
    return found, {each.clause.id.removeprefix("neptune."): each for each in found.findings}


def test_jobs_that_never_end_are_given_up_soon(s3_endpoint):
    places = [
        clause.id.removeprefix("neptune.")
        for clause in SPEC.clauses
        if clause.id.startswith("neptune.StartLoaderJob/mode/")
    ]
    impatient = lambda target: replace(target, timeouts=Timeouts(job_end_max=0.3))  # noqa: E731 - one use, one line
    found, findings = outcome(s3_endpoint, *places, job_seconds=600, change=impatient)
    trials = [call for call in found.history if call.intent.scenario.startswith("experiment")]
    assert len({call.intent.group for call in trials}) == 2
    tried = [each for each in findings.values() if each.clause.kind == "experiment" and each.clause.not_tested is None]
    assert {each.verdict for each in tried} <= {Verdict.INCONCLUSIVE, Verdict.UNTESTABLE}
    assert found.left == ()


def test_without_an_s3_endpoint_an_experiment_is_untestable(s3_endpoint):
    _, findings = outcome(
        s3_endpoint, "StartLoaderJob/format/csv-vertices", change=lambda target: replace(target, s3=None)
    )
    finding = findings["StartLoaderJob/format/csv-vertices"]
    assert finding.verdict is Verdict.UNTESTABLE
    assert "S3" in finding.reason


def test_a_refusal_is_tried_again_between_controls(s3_endpoint):
    found, findings = outcome(s3_endpoint, "StartLoaderJob/source/other-region", job_seconds=0.01)
    group = next(call.intent.group for call in found.history if call.intent.role == "start")
    roles = [call.intent.role for call in found.history if call.intent.group == group]
    assert roles == ["start", "control", "start", "control"]
    finding = findings["StartLoaderJob/source/other-region"]
    assert (finding.verdict, finding.reading) == (Verdict.PASS, "it is refused at once")


def test_what_was_written_is_removed(s3_endpoint):
    found, _ = outcome(s3_endpoint, "StartLoaderJob/mode/new-takes-new-data", job_seconds=0.01)
    assert found.left == ()

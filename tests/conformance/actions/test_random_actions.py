"""Random programs of actions find a planted fault soon, and shrink to a few commands that really were sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

import specs
from conformance import PROFILES, Run
from conformance.app.trial import Trial, hosted
from conformance.drivers import action_programs, random_programs
from conformance.emulator import Api
from strategies.random_actions import random_action_programs
from tests.conformance.oracles.recorder import object_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from strategies import Program


@dataclass(frozen=True, kw_only=True)
class Planted:
    """A fault, and how soon it must be found: by so many programs, the smallest of at most so many commands."""

    api: Api
    mutant: str
    clause: str
    resource: str
    programs: int
    commands: int


# None that shows at every so many reads: how often a job is looked at while it is waited for depends on how quick it is.
PLANTED = (
    Planted(api="s3control", mutant="complete-becomes-failed", clause="DescribeJob/job/terminal", resource="job", programs=20, commands=6),
    Planted(api="s3control", mutant="cancel-confirms", clause="UpdateJobStatus/job.cancel/effect", resource="job", programs=60, commands=5),
    Planted(api="s3control", mutant="priority-revives", clause="UpdateJobPriority/job.prioritise/absorbed", resource="job", programs=60, commands=6),
    Planted(api="omics", mutant="completed-with-sources-running", clause="GetReferenceImportJob/importJob/items-agree", resource="importJob", programs=10, commands=3),
    Planted(api="omics", mutant="completion-time-moves", clause="GetReferenceImportJob/importJob/end-time", resource="importJob", programs=20, commands=4),
    Planted(api="ncloud", mutant="end-before-creation", clause="getJobExecution/execution/end-time", resource="execution", programs=20, commands=4),
)  # fmt: skip
FAITHFUL: tuple[tuple[Api, str], ...] = (("s3control", "job"), ("omics", "importJob"), ("ncloud", "execution"))


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    with object_store() as url:
        yield url


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: f"{planted.api}-{planted.mutant}")
def test_a_planted_fault_is_found_soon_and_shrinks(s3: str, planted: Planted) -> None:
    spec = specs.load(planted.api)
    broken = spec.clause(f"{planted.api}.{planted.clause}")
    trial = Trial(api=planted.api, s3_endpoint=s3, profile="standard", mutant=planted.mutant, clause=broken.id)
    sent: dict[Program, tuple[int, int]] = {}
    with hosted(trial, spec) as target:
        run = Run(spec=spec, target=target, clauses=[broken], profile=PROFILES["standard"], seed=3)
        resource, calls = spec.resources[planted.resource], run.history.calls

        def perform(program: Program) -> None:
            begin = len(calls)
            action_programs.carry_out(run.context, resource, program)
            sent[program] = begin, len(calls)

        smallest = random_programs.search(
            run.context, random_action_programs(resource), [broken], examples=planted.programs, perform=perform
        )
        run.close()
    assert smallest is not None, f"not found in {len(sent)} programs"
    assert len(smallest.commands) <= planted.commands, smallest
    begin, end = sent[smallest]
    assert run.context.suspicious(broken, calls[begin:end])


@pytest.mark.parametrize(("api", "name"), FAITHFUL)
def test_a_faithful_emulator_is_accused_of_nothing(s3: str, api: Api, name: str) -> None:
    spec = specs.load(api)
    with hosted(Trial(api=api, s3_endpoint=s3, profile="standard"), spec) as target:
        run = Run(spec=spec, target=target, clauses=spec.clauses, profile=PROFILES["standard"], seed=5)
        resource = spec.resources[name]
        clauses = action_programs.clauses_of(run.context, resource)
        found = random_programs.search(
            run.context, random_action_programs(resource), clauses, examples=8,
            perform=lambda program: action_programs.carry_out(run.context, resource, program),
        )  # fmt: skip
        run.close()
    assert found is None

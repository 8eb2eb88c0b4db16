"""Taking a run up again: whose the calls and things of its earlier parts are, what is over, and how seams are judged."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from conformance import PROFILES, Call, Earlier, Limits, Progress, Run, Seam, Verdict, View, judge, judge_across
from conformance.app.processes import object_store
from conformance.errors import BudgetError, OtherInstanceError
from conformance.history import Intent
from conformance.instance import Instance
from conformance.target import Timeouts
from tests.conformance.soak.hall import Hall, hall

QUICK = Timeouts(request=2.0, job_end_max=10.0, list_lag_max=0.3)


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with object_store() as url:
        yield url


def run_in(found: Hall, *, exclusive: bool = True, earlier: Earlier | None = None, **changes: Any) -> Run:
    target = replace(found.target, exclusive=exclusive, timeouts=QUICK, **changes)
    return Run(spec=found.spec, target=target, clauses=found.spec.clauses, profile=PROFILES["smoke"], earlier=earlier)


def heard(found: Hall, resource: str, scene: str | None = None) -> tuple[list[Call], str]:
    """What a run has sent to make something, and what its names begin with; it ends without cleaning up."""
    run = run_in(found)
    run.context.stage.make(found.spec.resources[resource], scene=scene)
    assert run.connection is not None
    run.connection.close()
    if run.context.stage.store is not None:
        run.context.stage.store.close()
    return run.history.calls, run.context.stage.run


def unheard(calls: list[Call], operation: str) -> list[Call]:
    """The same, as if the suite had been killed while the answer to the last request of an operation was under way."""
    last = max(number for number, call in enumerate(calls) if call.operation == operation)
    cut = replace(calls[last], response=None, ended=None, trouble="unheard")
    return [*calls[:last], cut]


def test_what_was_made_is_known_and_removed(endpoint: str) -> None:
    with hall("omics", endpoint, job_seconds=0.05) as found:
        calls, name = heard(found, "importJob")
        run = run_in(found, earlier=Earlier(calls=tuple(calls), names=(name,), moment=calls[-1].started + 1))
        assert {made.resource.name for made in run.context.stage.instances} == {"store", "importJob"}
        run.settle()
        assert run.context.session.now() > calls[-1].started
        assert [call.id for call in run.history] == list(range(1, len(run.history) + 1))
        assert all(made.resource.name == "store" for made in run.context.stage.instances)
        assert found.spec.resources["importJob"].is_terminal(_status(run, calls))
        run.close()


def _status(run: Run, calls: list[Call]) -> str | None:
    job = run.spec.resources["importJob"]
    assert job.read is not None
    reads = [call for call in run.history.calls[len(calls) :] if call.operation == job.read.operation]
    return run.context.stage.status_in(job, reads[-1])


def test_what_nobody_was_told_of_is_found_by_its_name_and_removed(endpoint: str) -> None:
    with hall("ncloud", endpoint, job_seconds=0.05) as found:
        calls, name = heard(found, "job")
        made = [each for each in recalled(found, calls) if each.resource.name == "job"]
        cut = unheard(calls, made[0].resource.create.operation)
        run = run_in(found, exclusive=False, earlier=Earlier(calls=tuple(cut), names=(name,), moment=100.0))
        assert made[0].id not in {each.id for each in run.context.stage.instances}
        run.settle()
        run.close()
        read = run_in(found).context.stage.read(made[0])[0]
        assert read.response is not None
        assert read.response.status >= 400
        assert found.watch.trespasses == []


def recalled(found: Hall, calls: list[Call]) -> list[Instance]:
    """What these calls have made, as a run knows it."""
    return run_in(found, earlier=Earlier(calls=tuple(calls), moment=100.0)).context.stage.instances


@pytest.mark.parametrize("exclusive", [True, False])
def test_a_request_under_way_is_over_only_where_nobody_else_makes_jobs(endpoint: str, *, exclusive: bool) -> None:
    with hall("neptune", endpoint, job_seconds=0.05) as found:
        calls, name = heard(found, "loadJob")
        cut = unheard(calls, "StartLoaderJob")
        earlier = Earlier(calls=tuple(cut), names=(name,), moment=cut[-1].started + 0.1)
        run = run_in(found, exclusive=exclusive, earlier=earlier)
        run.settle()
        assert run.seam.settled == ({cut[-1].id} if exclusive else set())
        run.close()


def test_a_target_that_knows_nothing_is_another(endpoint: str) -> None:
    with hall("neptune", endpoint, job_seconds=0.05) as found:
        calls, name = heard(found, "loadJob", scene="succeeded")
    with hall("neptune", endpoint, job_seconds=0.05) as fresh:
        run = run_in(fresh, earlier=Earlier(calls=tuple(calls), names=(name,), moment=100.0))
        with pytest.raises(OtherInstanceError, match="started anew"):
            run.settle()
        run.close()


def test_source_data_of_all_parts_is_removed(endpoint: str) -> None:
    with hall("neptune", endpoint, job_seconds=0.05) as found:
        calls, name = heard(found, "loadJob")
        run = run_in(found, earlier=Earlier(calls=tuple(calls), names=(name,), moment=100.0))
        store = run.context.stage.store
        assert store is not None
        store.recall(name)
        assert store.written
        run.settle()
        store.recall(name)
        assert store.written == []
        run.close()


def test_a_budget_counts_anew(endpoint: str) -> None:
    with hall("neptune", endpoint, job_seconds=0.05) as found:
        operation = found.spec.operations["ListLoaderJobs"]
        first = run_in(found)
        calls = [first.context.session.call(operation, {}, Intent(group=number)) for number in range(3)]
        first.close()
        run = run_in(found, earlier=Earlier(calls=tuple(calls), moment=100.0), limits=Limits(requests=2, seconds=50.0))
        for _ in range(2):
            run.context.session.call(operation, {}, Intent())
        with pytest.raises(BudgetError):
            run.context.session.call(operation, {}, Intent())
        assert run.context.session.group() > max(call.intent.group for call in calls)


def test_scenarios_that_were_finished_are_not_driven_again(endpoint: str) -> None:
    with hall("neptune", endpoint, job_seconds=0.05) as found:
        names = frozenset(name for name, _, _ in run_in(found).scenarios())
        progress = Progress(notes={"ListLoaderJobs": ["why"]}, faults={"StartLoaderJob": "a fault"}, size=1)
        run = run_in(found, earlier=Earlier(finished=names, progress=progress))
        run.drive()
        assert run.history.calls == []
        assert (run.notes, run.faults) == ({"ListLoaderJobs": ["why"]}, {"StartLoaderJob": "a fault"})
        assert run.context.stage.fixtures.size == 1


# -- judging


@pytest.fixture(scope="module")
def driven(endpoint: str) -> tuple[Run, list[Call]]:
    with hall("neptune", endpoint, job_seconds=0.02) as found:
        run = run_in(found)
        run.drive(frozenset({"ListLoaderJobs"}))
        run.close()
        return run, run.history.calls


def test_half_a_scenario_proves_nothing_but_a_breach(driven: tuple[Run, list[Call]]) -> None:
    run, calls = driven
    view = functools.partial(View, run.spec, exclusive=True, signed=False)
    clauses = [run.spec.clause(f"neptune.ListLoaderJobs/limit/{aspect}") for aspect in ("maximum", "minimum")]
    whole = judge(clauses, view(calls))
    assert {finding.verdict for finding in whole} == {Verdict.PASS}
    everything = Seam(cut=frozenset(call.id for call in calls))
    assert {f.verdict for f in judge_across(clauses, calls, everything, view, notes={})} == {Verdict.VACUOUS}
    assert judge_across(clauses, calls, Seam(), view, notes={}) == whole
    lied = [_accepted(call) if call.intent.clause == clauses[0].id else call for call in calls]
    broken, kept = judge_across(clauses, lied, everything, view, notes={})
    assert (broken.verdict, kept.verdict) == (Verdict.FAIL, Verdict.VACUOUS)


def _accepted(call: Call) -> Call:
    """The same call, answered as if it were right."""
    assert call.response is not None
    body = b'{"status": "200 OK", "payload": {"loadIds": []}}'
    return replace(call, response=replace(call.response, status=200, body=body))


def test_calls_apart_keep_what_they_say_of_themselves(driven: tuple[Run, list[Call]]) -> None:
    _, calls = driven
    outside = next(call for call in calls if call.intent.role == "outside")
    control = next(call for call in calls if call.intent.role == "control")
    seam = Seam(cut=frozenset({outside.id, control.id}), settled=frozenset({calls[-1].id}))
    apart = {call.id: call for call in seam.apart(calls)}
    assert calls[-1].id not in apart
    assert apart[outside.id].intent == Intent(scenario="cut off", role="outside", arguments=outside.intent.arguments)
    assert apart[control.id].intent.role == "cut"
    assert apart[control.id].response == control.response
    single = {call.id: call for call in seam.single(calls)}
    assert (single[outside.id].intent.clause, single[outside.id].intent.group) == (outside.intent.clause, 0)
    assert single[control.id].intent.role == "cut"
    assert set(single) == {call.id for call in calls}

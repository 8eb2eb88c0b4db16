"""Scenarios that only read, side by side: the verdicts of a run that goes one step after the other, in less time."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from conformance import PROFILES, Call, Earlier, Limits, Run, Target, Verdict, View, judge_across
from conformance.app.history_file import HistoryFile
from conformance.app.processes import object_store
from conformance.app.stored_history import read_stored
from conformance.drivers import ranges
from conformance.errors import BudgetError, CredentialsError
from conformance.lanes import LackError, LaneStage, only_reads
from conformance.oracles.contest import window
from conformance.stage import Stage
from conformance.target import Connection, Reply, Tampering
from specs import Clause, Family, Request, Spec, load
from strategies import CLIENTS
from tests.conformance.live.house import House, house

PATIENCE = 60.0
QUICK = replace(PROFILES["standard"], examples=4)
#: What these scenarios are about; other clauses may be proven by them by the way, by what happens to be there.
FAMILIES = (Family.PARAMETER_RANGE, Family.ERROR_MAPPING, Family.AUTH)


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with object_store() as url:
        yield url


@dataclass(slots=True)
class Met:
    """A connection whose first request goes out when that of every other lane is about to: they are surely side by side."""

    inner: Connection
    crowd: threading.Barrier
    alone: bool = True

    def send(self, request: Request, /, *, tampering: Tampering | None = None) -> Reply:
        if self.alone:
            self.alone = False
            self.crowd.wait(PATIENCE)
        return self.inner.send(request, tampering=tampering)

    def close(self) -> None:
        self.inner.close()


def meeting(run: Run, connections: int) -> Run:
    """The run, whose lanes meet; each of them must have something to send."""
    session, crowd = run.context.session, threading.Barrier(connections)
    connect = session.connect
    assert connect is not None
    session.connect = lambda: Met(connect(), crowd)
    return run


@contextmanager
def there(api: str, endpoint: str) -> Iterator[tuple[Spec, Target, House]]:
    """An emulator, and what it has seen."""
    with house(api, endpoint) as (target, found):
        yield load(api), target, found


def about(spec: Spec) -> list[Clause]:
    reads = {name for name, operation in spec.operations.items() if operation.effect == "read"}
    return [clause for clause in spec.clauses if clause.operation in reads and clause.family in FAMILIES]


def run_on(
    target: Target, spec: Spec, connections: int, *, earlier: Earlier | None = None, meet: bool = True, **more: Any
) -> Run:
    """A run that has nothing to drive but scenarios that only read; several lanes meet, unless told otherwise."""
    limits = replace(target.limits, connections=connections)
    given: dict[str, Any] = {
        "spec": spec, "target": replace(target, limits=limits), "clauses": about(spec), "profile": QUICK, "seed": 3, **more,
    }  # fmt: skip
    plan = Run(**given)
    others = frozenset(each[0] for each in plan.scenarios() if not only_reads(spec, each))
    plan.close()
    before = earlier or Earlier()
    run = Run(**given, earlier=replace(before, finished=before.finished | others))
    return meeting(run, connections) if meet and connections > 1 else run


def verdicts(run: Run) -> dict[str, Verdict]:
    return {finding.clause.id: finding.verdict for finding in run.judged()}


def beside(calls: Sequence[Call]) -> list[Call]:
    """The calls of lanes."""
    return [call for call in calls if call.process >= CLIENTS]


@pytest.mark.parametrize("api", ["omics", "s3control"])
def test_the_verdicts_are_those_of_one_client(api: str, endpoint: str) -> None:
    found = []
    for connections in (1, 4):
        with there(api, endpoint) as (spec, target, seen):
            run = run_on(target, spec, connections)
            run.drive()
            effects = {(visit.method, visit.path) for visit in seen.effects}
            found.append(verdicts(run))
            lanes = beside(run.history.calls)
            run.close()
    assert found[0] == found[1]
    assert Verdict.PASS in found[0].values()
    assert run.faults == {}
    assert not run.seam.cut
    assert {call.process for call in lanes} == set(range(CLIENTS, CLIENTS + 4))
    spans = [(*window(call), call.process) for call in lanes]
    assert any(a[2] != b[2] and a[0] < b[1] and b[0] < a[1] for a in spans for b in spans)
    assert {spec.operations[call.operation].effect for call in lanes} == {"read"}
    scenarios = Counter(call.intent.scenario for call in lanes)
    assert {"ranges", "exploration", "auth"} <= set(scenarios)
    assert not {(call.request.method, call.request.path) for call in lanes} & effects


def test_one_connection_is_the_run_as_it_was(endpoint: str) -> None:
    with there("neptune", endpoint) as (spec, target, _):
        run = run_on(target, spec, 1)
        run.drive(frozenset({"ListLoaderJobs"}))
        run.close()
    assert {call.process for call in run.history} == {0}


@pytest.mark.parametrize("budget", [1, 17, 40])
def test_the_budget_holds_to_the_last_request(budget: int, endpoint: str) -> None:
    with there("neptune", endpoint) as (spec, target, seen):
        run = run_on(replace(target, limits=Limits(requests=budget)), spec, 4, meet=False)  # not all may send
        with pytest.raises(BudgetError):
            run.drive(frozenset({"ListLoaderJobs"}))
        run.close()
    assert len(run.history) == len(seen.visits) == budget


class Unforeseen(BaseException):
    """What no part of the suite knows."""


@pytest.mark.parametrize("error", [CredentialsError("gone"), KeyboardInterrupt(), Unforeseen()])
def test_what_ends_one_lane_ends_all_and_is_raised_once(error: BaseException, endpoint: str) -> None:
    with there("omics", endpoint) as (spec, target, _):
        run = run_on(target, spec, 4)
        after: list[Call] = []

        def heard(call: Call) -> None:
            if after or call.process == CLIENTS + 1:
                after.append(call)
            if len(after) == 1:
                raise error

        run.context.session.listeners.append(heard)
        with pytest.raises(type(error)) as raised:
            run.drive()
        assert raised.value is error
        assert len(after) <= 4  # the others were waiting for an answer at most
        assert not [thread for thread in threading.enumerate() if thread.name == "lane"]
        run.context.session.listeners.remove(heard)
        run.close()


def test_a_run_that_is_stopped_stops_its_lanes(endpoint: str) -> None:
    with there("omics", endpoint) as (spec, target, _):
        run = run_on(target, spec, 4)
        run.context.session.stopped = lambda: len(beside(run.history.calls)) >= 12
        with pytest.raises(KeyboardInterrupt):
            run.drive()
        assert len(beside(run.history.calls)) <= 12 + 3
        run.context.session.stopped = lambda: False
        run.close()


def test_a_fault_of_ours_in_a_lane_is_told_of_its_operation(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = ranges.run

    def faulty(context: Any, operation: Any) -> None:
        if operation.name == "GetReferenceStore":
            raise ValueError("ours")
        whole(context, operation)

    monkeypatch.setattr(ranges, "run", faulty)
    with there("omics", endpoint) as (spec, target, _):
        run = run_on(target, spec, 4)
        run.drive()
        run.close()
    assert list(run.faults) == ["GetReferenceStore"]
    assert "ranges of GetReferenceStore" in run.faults["GetReferenceStore"]


@pytest.mark.parametrize("lacking", ["loadJob", "loadJob.flawed"])
def test_a_scenario_that_lacks_something_is_driven_alone(
    lacking: str, endpoint: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with there("neptune", endpoint) as (spec, target, _):
        run = run_on(target, spec, 1)
        run.drive()
        expected = verdicts(run)
        run.close()
    in_common = Stage.in_common
    monkeypatch.setattr(
        Stage, "in_common", lambda self: {key: made for key, made in in_common(self).items() if key != lacking}
    )
    with there("neptune", endpoint) as (spec, target, _):
        history = HistoryFile(tmp_path / "history.jsonl", spec, target, plan={})
        run = run_on(target, spec, 4, journal=history, meet=False)  # some lanes have nothing to send
        run.context.session.listeners.append(history.add)
        run.drive()
        assert verdicts(run) == expected
        assert run.notes == {}
        alone = {call.intent.scenario for call in run.history if call.process == 0}
        assert "ranges" in alone
        assert bool(run.seam.cut) == (lacking == "loadJob.flawed")  # its scenario came half the way
        assert run.seam.cut <= {call.id for call in beside(run.history.calls)}
        run.close()
        history.close(run.notes, finished=True)
    stored = read_stored(tmp_path / "history.jsonl")
    assert stored.seam == run.seam
    assert stored.scenarios == {each[0] for each in run.scenarios() if only_reads(spec, each)}


def test_the_stage_of_a_lane_only_shows_what_is_there(endpoint: str) -> None:
    with house("neptune", endpoint) as (target, seen):
        run = run_on(target, load("neptune"), 2)
        main, job = run.context.stage, run.spec.resources["loadJob"]
        made = main.instance("loadJob")
        stage = LaneStage.beside(main, run.context.session)
        assert stage.instance("loadJob") is made
        effects = len(seen.effects)
        for act in (
            lambda: stage.instance("loadJob", "new"), lambda: stage.make(job), lambda: stage.resolve("${object.graph}"),
        ):  # fmt: skip
            stage.lacking = False
            with pytest.raises(LackError):
                act()
            assert stage.lacking
        made.status = None
        if not job.is_terminal(stage.read(made)[1]):
            with pytest.raises(LackError):
                stage.release(made)
        assert len(seen.effects) == effects
        assert len({stage.unique(), main.unique(), stage.unique()}) == 3
        assert len(stage.unique()) == 13
        run.close()


def killed(run: Run, history: HistoryFile) -> None:
    """Leave everything as it is, on the target too."""
    for open_yet in (run.connection, run.context.stage.store, history._file):
        if open_yet is not None:
            open_yet.close()


@pytest.mark.parametrize("after", [3, 40])
def test_a_run_cut_off_beside_is_taken_up_again(after: int, endpoint: str, tmp_path: Path) -> None:
    with there("omics", endpoint) as (spec, target, _):
        run = run_on(target, spec, 4)
        run.drive()
        expected = verdicts(run)
        run.close()
    with there("omics", endpoint) as (spec, target, _):
        path = tmp_path / "history.jsonl"
        history = HistoryFile(path, spec, target, plan={})
        first = run_on(target, spec, 4, journal=history)
        history.part(first.context.stage.run, 0.0)
        first.context.session.listeners.append(history.add)
        first.context.session.stopped = lambda: len(beside(first.history.calls)) >= after
        with pytest.raises(KeyboardInterrupt):
            first.drive()
        cut = read_stored(path)
        assert cut.scenarios == set()
        assert cut.cut_last == {call.id for call in cut.calls} == {call.id for call in first.history}
        killed(first, history)

        again = HistoryFile.again(path, cut.whole, cut.unheard)
        second = run_on(target, spec, 4, journal=again, earlier=cut.earlier)
        again.part(second.context.stage.run, second.context.session.now())
        second.context.session.listeners.append(again.add)
        second.settle()
        second.drive()
        assert verdicts(second) == expected
        second.close()
        again.close(second.notes, finished=True)
    stored = read_stored(path)
    signed = judge_across(
        about(spec), stored.calls, stored.seam, lambda calls: View(spec, calls, exclusive=True), notes=stored.notes
    )
    assert {finding.clause.id: finding.verdict for finding in signed} == expected

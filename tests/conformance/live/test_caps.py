"""Hard caps hold whatever the target does, and what was made is removed all the same."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest
from werkzeug import Response

import specs
from conformance import PROFILES, Limits, Run, Verdict, execute
from conformance.errors import WithheldError
from conformance.history import Intent
from conformance.session import Session
from tests.conformance.hostile import behaviours as b
from tests.conformance.hostile.client import connected, target_of
from tests.conformance.hostile.server import Hostile
from tests.conformance.live.house import house

STARTS = {
    "neptune": ("POST", "/loader"), "omics": ("POST", "/importjob"), "s3control": ("POST", "/v20180820/jobs"),
    "ncloud": ("POST", "/executions"),
}  # fmt: skip


def started(found) -> int:
    method, path = STARTS[found.api]
    return sum(v.method == method and v.path.endswith(path) and v.status < 300 for v in found.visits)


@pytest.mark.parametrize("api", STARTS)
def test_no_more_jobs_are_started_than_may_be(api, s3_endpoint):
    spec = specs.load(api)
    with house(api, s3_endpoint) as (target, found):
        capped = replace(target, limits=Limits(jobs=7))
        outcome = execute(Run(spec=spec, target=capped, clauses=spec.clauses, profile=PROFILES["standard"]))
    assert started(found) == 7
    assert outcome.interrupted is None
    untestable = [f for f in outcome.findings if f.verdict is Verdict.UNTESTABLE]
    assert any("the cap of 7 jobs is used up" in f.reason for f in untestable)
    assert not [f for f in outcome.findings if f.verdict is Verdict.FAIL]


def test_a_job_that_may_have_been_started_counts(s3_endpoint):
    """A target that does not answer to a creation may have carried it out."""
    spec = specs.load("neptune")
    with house("neptune", s3_endpoint) as (target, found):
        found.odd = lambda request, _: Response("oops", 500) if request.method == "POST" else None
        run = Run(spec=spec, target=replace(target, limits=Limits(jobs=2)), clauses=())
        call = run.context.session.call(spec.operations["StartLoaderJob"], {}, Intent())
        assert call.response.status == 500
        with pytest.raises(WithheldError, match="cap of 2 jobs"):
            run.context.session.call(spec.operations["StartLoaderJob"], {}, Intent())
        run.close()
        assert len(found.visits) == 2


def test_a_refused_creation_costs_no_job(s3_endpoint):
    spec = specs.load("neptune")
    with house("neptune", s3_endpoint) as (target, _):
        run = Run(spec=spec, target=replace(target, limits=Limits(jobs=1)), clauses=())
        for _ in range(3):
            run.context.session.call(spec.operations["StartLoaderJob"], {}, Intent())
        run.context.stage.make(spec.resources["loadJob"])
        run.close()
        assert run.context.session.guard.jobs == 1


@pytest.mark.parametrize("requests", [60, 200])
def test_the_last_requests_are_kept_for_the_clean_up(requests, s3_endpoint):
    spec = specs.load("ncloud")
    clauses = [each for each in spec.clauses if each.operation == "createJob"]
    with house("ncloud", s3_endpoint) as (target, found):
        capped = replace(target, limits=Limits(requests=requests))
        outcome = execute(Run(spec=spec, target=capped, clauses=clauses, profile=PROFILES["thorough"]))
    assert len(found.visits) <= requests
    assert outcome.interrupted == f"the budget of {requests} requests is used up"
    assert outcome.left == ()
    made = sum(v.method == "POST" and v.path == "/api/v1/jobs" and v.status < 300 for v in found.visits)
    gone = sum(v.method == "DELETE" and v.status < 300 for v in found.visits)
    assert made == gone > 0


def test_time_ends_the_driving_and_not_the_clean_up(s3_endpoint):
    spec = specs.load("ncloud")
    with house("ncloud", s3_endpoint) as (target, found):
        capped = replace(target, limits=Limits(seconds=0.5))
        outcome = execute(Run(spec=spec, target=capped, clauses=spec.clauses, profile=PROFILES["standard"]))
    assert outcome.interrupted == "the budget of 0.5 seconds is used up"
    assert outcome.left == ()
    last = next(i for i, v in reversed(list(enumerate(found.visits))) if v.method != "DELETE")
    assert last < len(found.visits) - 1


def test_requests_are_spread_over_time():
    times: list[float] = []

    def answered(_: Any) -> bytes:
        times.append(time.monotonic())
        return b.json_message({})

    with Hostile(b.answering(answered)) as server:
        target = target_of(server.url, limits=Limits(requests_per_second=40))
        with connected(server.url) as connection:
            session = Session(spec=specs.load("neptune"), target=target, connection=connection)
            for _ in range(9):
                session.call(session.spec.operations["ListLoaderJobs"], {}, Intent())
    assert times[-1] - times[0] >= 8 / 40 - 0.02


@pytest.mark.parametrize(
    ("retry_after", "pauses"),
    [("", [0.05, 0.1, 0.2, 0.4]), ("3", [3.0, 3.0, 3.0, 3.0]), ("Fri, 01 Jan 2100 00:00:00 GMT", [30.0])],
)
def test_retry_after_is_kept_to_and_pauses_grow(retry_after, pauses, monkeypatch):
    """A target that does not say when is asked again ever later; together no longer than ``throttle_max``."""
    naps = []
    monkeypatch.setattr(Session, "nap", lambda _, seconds: naps.append(seconds) if seconds > 0 else None)
    head = f"Retry-After: {retry_after}" if retry_after else "X-Nothing: 1"
    answer = b.json_message({"code": "ThrottlingException"}, "429 Too Many Requests", head)
    with Hostile(b.answering(answer)) as server, connected(server.url) as connection:
        target = target_of(server.url)
        patient = replace(target, timeouts=replace(target.timeouts, throttle_max=30.0))
        session = Session(spec=specs.load("neptune"), target=patient, connection=connection)
        session.call(session.spec.operations["ListLoaderJobs"], {}, Intent())
    assert [round(each, 2) for each in naps[: len(pauses)]] == pauses
    assert sum(naps) <= 30.001

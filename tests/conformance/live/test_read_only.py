"""Of a read-only target nothing is asked that may have an effect, and nothing is written anywhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

import specs
from conformance import PROFILES, Run, SourceStore, Verdict, execute
from conformance.emulator import APIS
from conformance.guard import READ_ONLY, is_harmless
from specs import Request
from tests.conformance.hostile import behaviours as b
from tests.conformance.hostile.server import Hostile
from tests.conformance.live.house import house


def populated(target) -> None:
    """Make one of everything, so that there is something to look at."""
    run = Run(spec=specs.load(target.api), target=target, clauses=())
    for resource in run.context.spec.resources.values():
        run.context.stage.wait(run.context.stage.make(resource)) if resource.is_job else run.context.stage.make(
            resource
        )
    run.connection.close()


@pytest.mark.parametrize("api", APIS)
def test_no_request_with_an_effect_reaches_a_read_only_target(api, s3_endpoint):
    with house(api, s3_endpoint) as (target, found), Hostile(b.answering(b.message(b""))) as store:
        populated(target)
        found.visits.clear()
        spec = specs.load(api)
        looked = replace(target, read_only=True, s3=SourceStore(endpoint=store.url))
        outcome = execute(Run(spec=spec, target=looked, clauses=spec.clauses, profile=PROFILES["standard"]))

        assert found.effects == []
        assert store.connections == 0
    assert len(found.visits) == len(outcome.history) > 50
    assert outcome.left == ()
    verdicts = {finding.clause.id: finding.verdict for finding in outcome.findings}
    assert Verdict.FAIL not in verdicts.values()
    reads = {o.name for o in spec.operations.values() if o.effect == "read"}
    effects = [f for f in outcome.findings if f.clause.operation not in reads and f.clause.not_tested is None]
    seen = {f.verdict for f in effects}
    assert seen <= {Verdict.UNTESTABLE, Verdict.NOT_APPLICABLE, Verdict.PASS}
    assert all(READ_ONLY in f.reason for f in effects if f.verdict is Verdict.UNTESTABLE)
    proven = [f for f in outcome.findings if f.clause.operation in reads and f.verdict is Verdict.PASS]
    assert len(proven) > 20


@pytest.mark.parametrize("api", APIS)
def test_an_instance_that_is_there_serves_to_look_at(api, s3_endpoint):
    """Reads of single things are tried on what the list shows."""
    with house(api, s3_endpoint) as (target, _):
        populated(target)
        spec = specs.load(api)
        run = Run(spec=spec, target=replace(target, read_only=True), clauses=spec.clauses)
        found = {name: run.context.stage.instance(name).id for name in spec.resources}
        run.close()
    assert all(found.values())


@pytest.mark.parametrize(
    ("api", "method", "path", "harmless"),
    [
        ("neptune", "GET", "/loader", True),
        ("neptune", "GET", "/loader/x", True),
        ("neptune", "HEAD", "/anything", True),
        ("neptune", "POST", "/loader", False),
        ("neptune", "PATCH", "/loader", False),
        ("neptune", "DELETE", "/loader/x", False),
        ("omics", "POST", "/referencestores", True),
        ("omics", "POST", "/referencestores/", False),
        ("omics", "POST", "/referencestore", False),
        ("omics", "POST", "/referencestore/1234567890/importjobs", True),
        ("omics", "POST", "/referencestore/1234567890/importjob", False),
        ("omics", "POST", "/referencestore/1%2F..%2F2/importjobs", False),
        ("omics", "POST", "/referencestore/../importjobs", False),
        ("omics", "POST", "/referencestore//importjobs", False),
        ("ncloud", "POST", "/api/v1/jobs/verify", True),
        ("ncloud", "POST", "/api/v1/jobs", False),
        ("ncloud", "POST", "/api/v1/jobs/verify/executions", False),
    ],
)  # fmt: skip
def test_what_is_harmless(api, method, path, harmless):
    assert is_harmless(specs.load(api), Request(method=method, path=path)) is harmless

"""Races against the emulators: kept, broken, with lost answers, beside another client, and judged again offline."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

import specs
from conformance import PROFILES, Call, Finding, Run, Verdict, View, from_json, judge, to_json
from conformance.adapters.http import HttpConnection
from conformance.app.processes import object_store
from conformance.app.trial import Trial, hosted
from conformance.drivers import racing
from conformance.target import Connection, Reply, Tampering
from specs import Clause, Request, Spec

BROKEN = {Verdict.FAIL, Verdict.WARN, Verdict.ERROR}
#: Of each API a fault or two that shows only in a race, with the clause that must see it.
FAULTS = [
    ("neptune", "busy-checked-before-entry", "StartLoaderJob/queue/racing-starts"),
    ("neptune", "racing-cancels-refuse-each-other", "CancelLoaderJob/loadJob/racing-cancel"),
    ("neptune", "racing-loads-share-an-id", "StartLoaderJob/loadJob/racing-ids"),
    ("s3control", "token-looked-up-before-entry", "CreateJob/ClientRequestToken/racing"),
    ("s3control", "confirm-does-not-see-the-cancel", "UpdateJobStatus/job/racing-cancel"),
    ("omics", "token-looked-up-before-entry", "StartReferenceImportJob/clientToken/racing"),
    ("ncloud", "running-checked-before-entry", "createJobExecution/execution/racing-starts"),
    ("ncloud", "racing-deletes-refuse-each-other", "deleteJob/job/racing-deletes"),
]
#: Filling a queue takes long; what the others show of lost answers holds for it as well.
QUICK = (
    "StartLoaderJob/queue/racing-starts", "StartLoaderJob/queue/racing-order", "StartLoaderJob/loadJob/racing-ids",
    "CancelLoaderJob/loadJob/racing-cancel", "GetLoaderJobStatus/loadJob/racing-reads",
)  # fmt: skip


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    with object_store() as endpoint:
        yield endpoint


@dataclass(slots=True)
class Deaf:
    """Forwards every request, and loses the answers to some."""

    inner: Connection
    path: str
    every: int
    sent: int = 0

    def send(self, request: Request, /, *, tampering: Tampering | None = None) -> Reply:
        reply = self.inner.send(request, tampering=tampering)
        if request.method == "POST" and request.path.startswith(self.path):
            self.sent += 1
            if self.sent % self.every == 0:
                return replace(reply, response=None, trouble="timeout", detail="the answer was lost")
        return reply

    def close(self) -> None:
        self.inner.close()


def clauses_of(spec: Spec, places: tuple[str, ...]) -> list[Clause]:
    return [spec.clause(f"{spec.api}.{place}") for place in places]


@dataclass(frozen=True, slots=True)
class Outcome:
    spec: Spec
    clauses: list[Clause]
    calls: list[Call]

    def judged(self, calls: list[Call] | None = None, *, exclusive: bool = True) -> dict[str, Finding]:
        view = View(self.spec, self.calls if calls is None else calls, exclusive=exclusive)
        return {finding.clause.id.split(".", 1)[1]: finding for finding in judge(self.clauses, view)}


def raced(
    api: str,
    s3: str,
    *places: str,
    mutant: str | None = None,
    lossy: int = 0,
    deaf: tuple[int, ...] = (1, 2, 3),
    foreign: bool = False,
) -> Outcome:
    """Run the races that serve some clauses."""
    spec = specs.load(api)
    clauses = clauses_of(spec, places)
    with hosted(Trial(api=api, s3_endpoint=s3, profile="standard", mutant=mutant), spec) as target:
        run = Run(spec=spec, target=target, clauses=clauses, profile=PROFILES["standard"])
        session = run.context.session
        if lossy:
            numbers = itertools.count(1)

            def connect() -> Connection:
                inner = HttpConnection(target)
                return Deaf(inner, "/loader", lossy) if next(numbers) in deaf else inner

            session.connect = connect
        if foreign:
            other = Run(spec=spec, target=target, clauses=clauses)
            other.context.stage.make(spec.resources["loadJob"], scene="running")
        for resource in spec.resources.values():
            if resource.race is not None:
                racing.run(run.context, resource)
        run.close()
        if foreign:
            other.close()
    return Outcome(spec, clauses, session.history.calls)


@pytest.mark.parametrize(("api", "mutant", "place"), FAULTS, ids=[f"{api}-{mutant}" for api, mutant, _ in FAULTS])
def test_a_fault_is_seen_with_few_calls_and_offline_as_well(api: str, mutant: str, place: str, s3: str) -> None:
    outcome = raced(api, s3, place, mutant=mutant)
    found = outcome.judged()[place]
    assert found.verdict is Verdict.FAIL, found.reason
    assert 1 <= len(found.evidence) <= 3
    again = outcome.judged([from_json(to_json(call)) for call in outcome.calls])[place]
    assert again == found


def test_without_a_fault_nothing_is_broken_and_offline_neither(s3: str) -> None:
    outcome = raced("neptune", s3, *QUICK)
    found = outcome.judged()
    assert {place: each.reason for place, each in found.items() if each.verdict is not Verdict.PASS} == {}
    assert outcome.judged([from_json(to_json(call)) for call in outcome.calls]) == found
    assert {call.process for call in outcome.calls} >= {0, 1, 2}


def test_lost_answers_accuse_nobody(s3: str) -> None:
    outcome = raced("neptune", s3, *QUICK, lossy=2)
    assert any(call.trouble == "timeout" for call in outcome.calls)
    assert {p: f.reason for p, f in outcome.judged().items() if f.verdict in BROKEN} == {}


@pytest.mark.parametrize(
    ("deaf", "verdict"), [((1, 2), Verdict.INCONCLUSIVE), ((2,), Verdict.FAIL)], ids=["two", "one"]
)
def test_a_fault_is_seen_where_the_answers_that_are_left_prove_it(
    deaf: tuple[int, ...], verdict: Verdict, s3: str
) -> None:
    place = "StartLoaderJob/queue/racing-starts"
    outcome = raced("neptune", s3, place, mutant="busy-checked-before-entry", lossy=1, deaf=deaf)
    found = outcome.judged()[place]
    assert any(call.trouble == "timeout" for call in outcome.calls)
    # One load that was let in proves nothing, whatever became of the requests that were not answered.
    assert found.verdict is verdict, found.reason


def test_another_client_in_the_queue_is_no_reason_to_accuse(s3: str) -> None:
    outcome = raced("neptune", s3, *QUICK, foreign=True)
    found = outcome.judged(exclusive=False)
    assert {place: each.reason for place, each in found.items() if each.verdict in BROKEN} == {}
    assert found["StartLoaderJob/queue/racing-starts"].verdict is Verdict.INCONCLUSIVE

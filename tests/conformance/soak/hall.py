"""Whole runs against an emulator in a thread of this process, with other clients on it."""

from __future__ import annotations

import contextlib
import itertools
import multiprocessing
import random
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import specs
from conformance import PROFILES, Run, execute
from conformance.adapters.http import HttpConnection
from conformance.adapters.objects import ObjectStore
from conformance.emulator import Settings, create_service
from conformance.emulator.neptune.load_run import LoadRun
from conformance.emulator.neptune.service import NeptuneService
from conformance.emulator.server import Server
from conformance.errors import ConformanceError, StageError
from conformance.history import Intent
from conformance.session import Session
from conformance.stage import Stage
from conformance.target import Limits, SourceStore, Target, Timeouts
from conformance.verdict import Verdict
from specs import Family
from tests.conformance.soak.watch import FOREIGN, Slow, Watch

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.emulator import Api, Service
    from conformance.emulator.neptune.element import Item
    from conformance.emulator.neptune.load import Feed
    from conformance.engine import Outcome
    from conformance.instance import Instance
    from conformance.target import Reply

SPEEDS = {"instant": 0.001, "normal": 0.05, "slow": 0.4}
#: What is sent where only that counts which the seed decides: random programs of queues too, which only long runs have.
SEEDED = replace(PROFILES["thorough"], examples=16, raw_cases=24, population=6, races=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One soak: which API, how quick its jobs are, how far it is, which clauses, and whether others are on it."""

    api: Api
    speed: str = "normal"
    latency: float = 0.0
    seed: int = 0
    families: tuple[str, ...] = ()
    seeded: bool = False
    """Whether only that is sent which the seed decides; else the standard profile, whole."""
    requests: int | None = None
    sample: int | None = None
    """How many clauses, chosen by the seed; None for all of the families."""
    mutant: str | None = None
    """The fault of the emulator; it has none but where this test is tested."""

    @property
    def name(self) -> str:
        """What tells it from others."""
        about = "+".join(self.families) or "all"
        form = "seeded" if self.seeded else "whole"
        return f"{self.api}-{self.speed}-{int(self.latency * 1000)}ms-{about}-{form}-seed{self.seed}"


@dataclass(slots=True, kw_only=True)
class Hall:
    """An emulator that can be reached, and what is seen at its door."""

    target: Target
    spec: specs.Spec
    watch: Watch
    service: Any


class Unhurried(LoadRun):
    """A load that takes long by waiting: computing for as long as a queue far away takes to fill is dear."""

    _ROWS, _SECONDS = 100, 0.025
    _taken = 0

    def _take(self, feed: Feed, number: int, item: Item) -> None:
        self._taken += 1
        if self._taken % self._ROWS == 0:
            self.load.cancelled.wait(self._SECONDS)
        super()._take(feed, number, item)


class _Elsewhere:
    """The connection of another client, who says so."""

    def __init__(self, target: Target) -> None:
        self._inner = HttpConnection(target)

    def send(self, request: specs.Request, /, *, tampering: Any = None) -> Reply:
        return self._inner.send(replace(request, headers={**request.headers, FOREIGN: "yes"}), tampering=tampering)

    def close(self) -> None:
        self._inner.close()


@dataclass(slots=True, kw_only=True)
class Company:
    """Another client: makes jobs of every kind there is, cancels some of them, looks at lists, leaves most behind."""

    hall: Hall
    ended: threading.Event = field(default_factory=threading.Event)
    made: int = 0
    troubles: list[str] = field(default_factory=list)

    def work(self, rounds: int | None = None) -> None:
        """Go on until told to end, or for some rounds."""
        connection = _Elsewhere(self.hall.target)
        session = Session(spec=self.hall.spec, target=self.hall.target, connection=connection)
        session.stopped = self.ended.is_set
        store = ObjectStore(self.hall.target.s3, region="us-east-1") if self.hall.target.s3 else None
        stage = Stage(session=session, store=store)
        session.listeners.append(stage.observe)
        number = 0
        try:
            while self._goes_on() if rounds is None else number < rounds:
                number += 1
                self._round(stage, number)
        except KeyboardInterrupt:
            pass  # the session's way to say that it was stopped
        finally:
            connection.close()
            if store is not None:
                store.close()

    def _goes_on(self) -> bool:
        """Whether to go on, once ours has sent so much more, or nothing for a while: no machine makes this one hasty or idle."""
        seen, since = self.hall.watch.seen, time.monotonic()
        while not self.ended.wait(_PAUSE):
            if self.hall.watch.seen >= seen + _REQUESTS_A_ROUND or time.monotonic() >= since + _PATIENCE:
                return True
        return False

    def _round(self, stage: Stage, number: int) -> None:
        for resource in self.hall.spec.resources.values():
            try:
                if resource.is_job or number == 1:
                    made = stage.make(resource)
                    self.made += 1
                    if number % 3 == 0 and resource.cancel is not None:
                        stage.release(made)
            except (StageError, ConformanceError) as error:
                self.troubles.append(str(error))
        for operation in self.hall.spec.operations.values():
            if operation.listing is not None and number % 4 == 0:
                with contextlib.suppress(StageError):
                    arguments = stage.resolve(operation.base)
                    stage.session.call(operation, arguments, _LOOK)


#: Loads are unhurried from this latency on, in seconds.
FAR = 0.1
#: A machine that is full with soaks may take long for an answer.
_TIMEOUTS = Timeouts(request=60.0)
#: How long another client waits at least and at most between its rounds, in seconds, and for how many requests of ours.
_PAUSE, _PATIENCE, _REQUESTS_A_ROUND = 0.08, 1.0, 10
_ACCUSING = {Verdict.FAIL, Verdict.WARN, Verdict.ERROR}
_LOOK = Intent(scenario="somebody else", role="look")


@contextlib.contextmanager
def hall(
    api: Api, endpoint: str, *, job_seconds: float, latency: float = 0.0, seed: int = 0, wrap: Any = None, mutant: str | None = None
) -> Iterator[Hall]:  # fmt: skip
    """An emulator in a thread; ``wrap`` makes another service of it."""
    spec = specs.load(api)
    edition = {} if spec.edition is None else {"edition": spec.edition}
    settings = Settings(api=api, job_seconds=job_seconds, s3_endpoint=endpoint, max_stores=64, mutant=mutant, **edition)  # type: ignore[arg-type]
    service: Service = create_service(settings)
    if latency >= FAR and isinstance(service, NeptuneService):
        service.loader.RUN = Unhurried
    inner = service if wrap is None else wrap(service, settings)
    watch = Watch(Slow(inner, seconds=latency, seed=seed), spec)
    with Server(watch, settings) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            target = Target(
                api=api, url=server.url, edition=spec.edition, timeouts=_TIMEOUTS,
                s3=SourceStore(endpoint=endpoint, bucket=f"soak-{api}"),
            )  # fmt: skip
            yield Hall(target=target, spec=spec, watch=watch, service=inner)
        finally:
            server.shutdown()
            thread.join()
            watch.close()


def run_in(found: Hall, scene: Scene) -> Outcome:
    """One run of the suite in a hall."""
    clauses = [c for c in found.spec.clauses if not scene.families or c.family in scene.families]
    if scene.sample is not None:
        clauses = random.Random(scene.name).sample(clauses, scene.sample)  # noqa: S311 - a choice of clauses
    target = replace(found.target, limits=Limits(requests=scene.requests))
    profile = SEEDED if scene.seeded else PROFILES["standard"]
    run = Run(spec=found.spec, target=target, clauses=clauses, profile=profile, seed=scene.seed)
    return execute(run, chance=scene.seeded)


@dataclass(frozen=True, slots=True, kw_only=True)
class Soak:
    """What came of a soak: whom it accused, and what was seen of a guest.

    That is what others made beside it, how often it changed something, what of theirs it touched, and what it has left
    running. ``vacuous`` are mandatory clauses that were never put to the test, ``proven`` counts those that were kept.
    """

    scene: Scene
    accusations: list[str]
    vacuous: list[str]
    proven: int
    made: int
    changes: int
    trespasses: list[str]
    troubles: list[str]
    remains: list[str]


def soaked(scene: Scene, endpoint: str) -> Soak:
    """A whole soak; other clients are there before the run begins, and until it has ended."""
    with hall(
        scene.api, endpoint, job_seconds=SPEEDS[scene.speed], latency=scene.latency, seed=scene.seed, mutant=scene.mutant
    ) as found:  # fmt: skip
        company = Company(hall=found)
        company.work(rounds=2)
        thread = threading.Thread(target=company.work, daemon=True)
        thread.start()
        try:
            outcome = run_in(found, scene)
        finally:
            company.ended.set()
            thread.join()
        remains = [] if scene.requests is not None else remains_of(found, outcome)
        return Soak(
            scene=scene, made=company.made, changes=found.watch.changes, trespasses=found.watch.trespasses,
            troubles=company.troubles if scene.api == "ncloud" else [], remains=remains,
            accusations=[
                f"{each.verdict} {each.clause.id}: {each.reason} {each.actual} {each.evidence}"
                for each in outcome.findings if each.verdict in _ACCUSING
            ],
            proven=sum(each.verdict is Verdict.PASS for each in outcome.findings),
            # A list that another client changes all the while may never stand still long enough to be judged whole.
            vacuous=[
                each.clause.id for each in outcome.findings
                if each.verdict is Verdict.VACUOUS and each.clause.mandatory and each.clause.family is not Family.LIST_SEMANTICS
            ],
        )  # fmt: skip


def soaked_together(scenes: Sequence[Scene], endpoint: str, *, at_once: int) -> Iterator[Soak]:
    """Several soaks, so many at a time, each in a process of its own: most of them wait most of the time."""
    context = multiprocessing.get_context("forkserver")
    # Drivers of random requests are loaded late, as Schemathesis is large; once is enough here.
    context.set_forkserver_preload([__name__, "conformance.drivers.raw", "conformance.drivers.exploration"])
    with ProcessPoolExecutor(at_once, mp_context=context) as pool:
        yield from pool.map(soaked, scenes, itertools.repeat(endpoint))


def remains_of(found: Hall, outcome: Outcome, *, seconds: float = 15.0) -> list[str]:
    """What of ours still waits or runs a little after a run, and what should have been deleted and is not told of."""
    connection = HttpConnection(found.target)
    session = Session(spec=found.spec, target=found.target, connection=connection)
    stage = Stage(session=session, store=None)
    for call in outcome.history:
        stage.registered(call)
    told = " ".join(outcome.left)
    made = [each for each in stage.instances if each.resource.read is not None and each.id not in told]

    def left() -> bool:
        made[:] = [each for each in made if _stays(stage, each)]
        return not made

    session.pace.until("remains", left, seconds=seconds)
    connection.close()
    assert {each.id for each in stage.instances} >= set(found.watch.ours)
    return [f"{each.resource.name} {each.id}: {each.status}" for each in made]


def _stays(stage: Stage, made: Instance) -> bool:
    call, status = stage.read(made, role="remains")
    if made.resource.is_job:
        return status is not None and not made.resource.is_terminal(status)
    return stage.session.answer(call).success and made.resource.delete is not None and not made.resource.reuse

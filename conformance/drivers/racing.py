"""Carries races out: several clients, each with a connection of its own, let go at the same moment."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from conformance.drivers import programs
from conformance.drivers.context import Context
from conformance.errors import StageError
from conformance.history import Call, Intent
from conformance.instance import Instance
from conformance.session import Session
from specs import Operation, Resource
from strategies import CLIENTS, Act, Race, races_for

SCENARIO = "race"
_TRIES = 3
#: A quick target may answer one client before the next has sent; then the race is run again.
_HEATS = 6
#: Races for places fill the queue, which is dear; they are run once but in long runs.
_DEAR = "places"
_HOLDER = "long"
_DEAR_SHARE = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class _Prepared:
    """A request made ready before the clients are let go, so that nothing but sending it is left to do."""

    operation: Operation
    arguments: dict[str, Any]
    intent: Intent


@dataclass(slots=True, kw_only=True)
class Heat:
    """One race being run: its group of calls, its jobs by name, and whether it came to nothing.

    ``too_quick``: the work ended too soon. ``apart``: requests that were to race were answered one after the other.
    """

    context: Context
    resource: Resource
    race: Race
    clients: tuple[Session, ...]
    group: int
    jobs: dict[str, Instance] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    cancelled: set[str] = field(default_factory=set)
    too_quick: bool = False
    apart: bool = False
    _alike: dict[str, dict[str, Any]] = field(default_factory=dict)

    def run(self) -> None:
        """Every phase in order."""
        for phase in self.race.phases:
            if len(phase) > 1:
                self.cancelled |= {act.job for lane in phase for act in lane if act.verb == "cancel"}
                self._volley([[self._prepared(act) for act in lane if self._possible(act)] for lane in phase])
                continue
            for act in phase[0]:
                if not self.too_quick or act.verb == "drain":
                    self._alone(act)

    # -- one client

    def _alone(self, act: Act) -> None:
        plain = {"start", "cancel", "confirm", "delete"}
        if act.verb in plain:
            if self._possible(act):
                self._send(act)
        elif act.verb == "drain":
            self._drain()
        elif act.verb == "unwind":
            self._unwind()
        elif act.verb == "proof":
            self._prove()
        elif act.verb == "look":
            for name in [act.job] if act.job else list(reversed(self.jobs)):
                if name in self.jobs:
                    self._look(name)
        else:
            self._until(act)

    def _send(self, act: Act) -> Call:
        if act.verb == "cancel":
            self.cancelled.add(act.job)
        ready = self._prepared(act)
        call = self.clients[0].call(ready.operation, ready.arguments, ready.intent)
        self._remember(call)
        return call

    def _remember(self, call: Call) -> None:
        made = self.context.stage.registered(call) if call.intent.role == "start" else None
        if made is not None:
            self.jobs[call.intent.case] = made

    def _look(self, name: str) -> str | None:
        _, status = self.context.stage.read(
            self.jobs[name], role="read", scenario=self._scenario, group=self.group, case=name
        )
        if self.resource.is_terminal(status):
            self.ended.add(name)
            self.too_quick = self.too_quick or (name == _HOLDER and name not in self.cancelled)
        return status

    def _until(self, act: Act) -> None:
        if act.job not in self.jobs or self.resource.read is None:
            return

        def reached() -> bool:
            if act.beside in self.jobs:
                self._look(act.beside)
            status = self._look(act.job)
            over = self.resource.is_terminal(status)
            self.too_quick = self.too_quick or (over and act.verb != "until-ended")
            return over or self._reached(act, status)

        seconds = self.context.session.target.timeouts.job_end_max
        self.context.session.pace.until((self._scenario, act.verb, act.job), reached, seconds=seconds)

    def _unwind(self) -> None:
        """End each job once it was seen running, and all others behind it: so their order shows, however quick they are."""
        pause, until = 0.01, time.monotonic() + self.context.session.target.timeouts.job_end_max
        while time.monotonic() < until and self.ended < set(self.jobs):
            running = [name for name in self._left() if self.resource.phase(self._look(name)) == "running"]
            for name in running:
                for other in self._left():
                    self._look(other)
                self._cancel(name)
            if not running:
                self.context.session.nap(pause)
                pause = min(1.5 * pause, 0.25)

    def _left(self) -> list[str]:
        """The jobs not seen at their end, the newest first."""
        return [name for name in reversed(self.jobs) if name not in self.ended]

    def _cancel(self, name: str) -> None:
        made, cancel = self.jobs[name], self.resource.cancel
        if cancel is not None and name not in self.cancelled:
            self.cancelled.add(name)
            call = self.context.stage.use(
                made, cancel, role="cancel", scenario=self._scenario, group=self.group, case=name
            )
            made.gone = self.context.session.answer(call).refused

    def _reached(self, act: Act, status: str | None) -> bool:
        race = self.resource.race
        if act.verb == "until-held" and race is not None and race.confirm is not None:
            return status in self.resource.scenes[race.confirm.scene].statuses
        return act.verb == "until-running" and self.resource.phase(status) == "running"

    def _prove(self) -> None:
        """Look at all jobs where more were accepted than there is place for: only then is there something to prove."""
        queue = self.resource.queue
        if queue is not None and queue.capacity is not None and len(self.jobs) > queue.capacity + queue.running:
            for name in list(self.jobs):
                self._look(name)
            self._look("long")

    def _drain(self) -> None:
        """End what may not have ended, the newest first, so that nothing starts meanwhile; then wait for what ran."""
        if self.resource.is_job and self.resource.cancel is None:
            for name in self._left():
                self._until(Act(verb="until-ended", job=name))
        elif self.resource.cancel is not None:
            for name in self._left():
                if not self.jobs[name].gone:
                    self._cancel(name)
            for name in list(self.jobs)[:2]:
                if name not in self.ended:
                    self._until(Act(verb="until-ended", job=name))

    # -- several clients

    def _volley(self, lanes: list[list[_Prepared]]) -> None:
        barrier, stop = threading.Barrier(len(lanes)), threading.Event()
        faults: list[BaseException] = []
        calls: list[list[Call]] = [[] for _ in lanes]

        def lane(client: Session, ready: list[_Prepared], sent: list[Call]) -> None:
            try:
                barrier.wait()
                sent.extend(
                    client.call(each.operation, each.arguments, each.intent) for each in ready if not stop.is_set()
                )
            except BaseException as error:  # noqa: BLE001 - it is raised again where it can be heard
                stop.set()
                faults.append(error)

        chosen = zip(self.clients, lanes, calls, strict=False)
        threads = [threading.Thread(target=lane, args=each, name="racing-client", daemon=True) for each in chosen]
        try:
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        except BaseException:
            stop.set()
            barrier.abort()
            for thread in threads:  # what is under way may make something that is to be cleaned up
                if thread.ident is not None:
                    thread.join()
            raise
        if faults:
            raise faults[0]
        self.apart = self.apart or not _met(calls)
        for call in sorted((call for sent in calls for call in sent), key=lambda each: each.id):
            self._remember(call)

    # -- requests

    @property
    def _scenario(self) -> str:
        return f"{SCENARIO} {self.race.name}"

    def _possible(self, act: Act) -> bool:
        if act.verb == "start":
            return True
        uses = {"cancel": self.resource.cancel, "delete": self.resource.delete, "look": self.resource.read}
        return act.job in self.jobs and (act.verb == "confirm" or uses.get(act.verb) is not None)

    def _prepared(self, act: Act) -> _Prepared:
        race = self.resource.race
        assert race is not None  # noqa: S101 - there are races only for such resources
        operations = self.context.spec.operations
        role = "read" if act.verb == "look" else act.verb
        intent = Intent(scenario=self._scenario, role=role, case=act.job, group=self.group)
        if act.verb == "start":
            return _Prepared(
                operation=operations[self.resource.create.operation], arguments=self._arguments(act), intent=intent
            )
        if act.verb == "confirm":
            assert race.confirm is not None  # noqa: S101 - there are such acts only then
            operation = operations[race.confirm.operation]
            base = {name: value for name, value in operation.base.items() if name != race.confirm.parameter}
            filled = self.context.stage.resolve({**base, **race.confirm.arguments})
            return _Prepared(
                operation=operation, intent=intent, arguments={**filled, race.confirm.parameter: self.jobs[act.job].id}
            )
        use = {"cancel": self.resource.cancel, "delete": self.resource.delete, "look": self.resource.read}[act.verb]
        assert use is not None  # noqa: S101 - asked before
        return _Prepared(
            operation=operations[use.operation], intent=intent,
            arguments=self.context.stage.arguments(self.jobs[act.job], use),
        )  # fmt: skip

    def _arguments(self, act: Act) -> dict[str, Any]:
        """The arguments of a creation; those of creations that are alike are the same to the last byte."""
        if act.alike and act.alike in self._alike:
            return self._alike[act.alike]
        resource, race = self.resource, self.resource.race
        assert race is not None  # noqa: S101 - there are races only for such resources
        wanted = {**self.context.spec.operations[resource.create.operation].base, **resource.create.arguments}
        queue = resource.queue
        scene = queue.hold if queue is not None else race.confirm.scene if race.confirm is not None else ""
        if act.work == "hold" and scene in resource.scenes:
            wanted |= resource.scenes[scene].arguments
        elif act.work in {"distinct", "one-of"}:
            wanted |= race.distinct if act.work == "distinct" else race.one_of
        elif act.work == "token" and resource.idempotency is not None:
            wanted[resource.idempotency.parameter] = "${unique}"
        if queue is not None:
            if act.work == "step":
                wanted |= queue.step
            wanted |= {name: value for name, value in queue.step.items() if name not in wanted}
            wanted[queue.parameter] = queue.admit if act.admission == "admit" else queue.refuse
        filled: dict[str, Any] = self.context.stage.resolve(wanted)
        if act.alike:
            self._alike[act.alike] = filled
        # What a request uses up, or keeps busy, is not for another one.
        self.context.stage.withdraw({value for value in filled.values() if isinstance(value, str)})
        return filled


def _met(lanes: list[list[Call]]) -> bool:
    """Whether any two requests of different clients, other than looks, were under way at once, if there were any."""
    spans = [
        (call.started, float("inf") if call.ended is None else call.ended, lane)
        for lane, calls in enumerate(lanes) for call in calls if call.intent.role != "read"
    ]  # fmt: skip
    if len({lane for _, _, lane in spans}) < 2:
        return True
    return any(a[2] != b[2] and a[0] < b[1] and b[0] < a[1] for a, b in itertools.combinations(spans, 2))


def run(context: Context, resource: Resource) -> None:
    """Run the races that serve a selected clause, each some times; again with longer work where it ended too soon."""
    wanted = {
        clause.data["aspect"]
        for operation in context.spec.operations.values() for clause in operation.clauses
        if clause.kind == "race" and clause.data["resource"] == resource.name and clause.id in context.selected
    }  # fmt: skip
    chosen = [race for race in races_for(resource) if wanted & set(race.aspects)]
    if not chosen:
        return
    if any(race.name == _DEAR for race in chosen) and not _calibrated(context):
        programs.calibrate(context, resource)
    _see_ended(context, resource)
    with _clients(context) as clients:
        for race in chosen:
            if len(clients) > 1:
                _repeat(context, resource, race, clients)


def _calibrated(context: Context) -> bool:
    """Whether the work that keeps the slot was made long enough by the programs that went before."""
    return any(call.intent.scenario.startswith(programs.SCENARIO) for call in context.session.history.calls)


def _see_ended(context: Context, resource: Resource) -> None:
    """See every earlier job of ours in a queue at its end: only then is a refusal known not to be about one of them."""
    if resource.queue is not None:
        for made in context.stage.instances:
            if made.resource is resource and not resource.is_terminal(made.status):
                context.stage.wait(made, scenario=SCENARIO)


def _repeat(context: Context, resource: Resource, race: Race, clients: tuple[Session, ...]) -> None:
    times = context.profile.races
    for _ in range(max(1, times // _DEAR_SHARE) if race.name == _DEAR else times):
        try:
            for _ in range(_TRIES if race.name == _DEAR else _HEATS):
                if race.name == _DEAR:
                    _see_ended(context, resource)
                heat = Heat(
                    context=context, resource=resource, race=race, clients=clients, group=context.session.group()
                )
                heat.run()
                again = heat.too_quick and context.stage.longer()
                if not again and (not heat.apart or race.name == _DEAR):
                    break
        except StageError as error:
            context.note(resource.create.operation, str(error))
            return


@contextmanager
def _clients(context: Context) -> Iterator[tuple[Session, ...]]:
    """The run's own client, and others beside it; only it where there can be no other connection."""
    first, connect = context.session, context.session.connect
    others = [] if connect is None else [(number, connect()) for number in range(1, CLIENTS)]
    try:
        yield (first, *(first.client(number, connection) for number, connection in others))
    finally:
        for _, connection in others:
            connection.close()

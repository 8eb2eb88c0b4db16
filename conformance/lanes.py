"""Scenarios that only read, driven side by side: a client each, all under one budget, rate, guard and history.

Of a target that is far away nearly all time goes by waiting for answers. Nothing is made, changed, cancelled or deleted
meanwhile, so no scenario can be in the way of another, and oracles see what they see of any clients that look.
"""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Self

from conformance.drivers.context import Context
from conformance.errors import StageError
from conformance.history import Call
from conformance.instance import Acquaintance, Instance
from conformance.scenarios import Scenario, carry_out, scenarios
from conformance.session import Session
from conformance.stage import Stage
from specs import Resource, Spec, Use
from strategies import CLIENTS, based, equivalences, probes

#: How the names of scenarios begin that send nothing but requests of their one operation; of them those are meant
#: whose operation only reads. Requests that speak HTTP oddly are left out, since nobody knows what they may do.
_ONE_OPERATION = ("ranges of ", "signatures of ", "random requests to ")


def only_reads(spec: Spec, scenario: Scenario) -> bool:
    """Whether all that a scenario needs to send, once its stage is set, are requests without effect."""
    name, _, touched = scenario
    return name.startswith(_ONE_OPERATION) and all(spec.operations[each].effect == "read" for each in touched)


class LackError(StageError):
    """Something is needed that is not there, and that is not made while others are driven beside."""


@dataclass(kw_only=True)  # with slots it would be another class than the one that `super()` knows
class LaneStage(Stage):
    """The stage as a lane sees it: what stands there may be looked at, and nothing is made, changed or removed.

    What the main stage shares is shared here too, until it is used up; that is found out for each lane anew.
    ``lacking`` tells that something else was needed.
    """

    main: Stage
    lacking: bool = False

    @classmethod
    def beside(cls, main: Stage, client: Session) -> Self:
        """The stage for one scenario of a client."""
        return cls(
            session=client, store=None, run=main.run, instances=main.instances, main=main, _shared=main.in_common()
        )

    def __post_init__(self) -> None:
        """Source data is the run's."""
        self._acquaintance = Acquaintance(session=self.session)
        self.fixtures = self.main.fixtures

    def unique(self) -> str:
        """A text nobody else uses: there is one count for all lanes."""
        return self.main.unique()

    def make(self, resource: Resource, *, scene: str | None = None, scenario: str = "stage") -> Instance:
        """Nothing is made; raises LackError."""
        del scenario
        raise self._lack(f"a {resource.name}{f' that is {scene}' if scene else ''}")

    def longer(self) -> bool:
        """Work stays as long as it is."""
        return False

    def use(self, made: Instance, use: Use, *, role: str, scenario: str, group: int = 0, case: str = "") -> Call:
        """Apply an operation to an instance; raises LackError for one with an effect."""
        if self.session.spec.operations[use.operation].effect != "read":
            raise self._lack(use.operation)
        return super().use(made, use, role=role, scenario=scenario, group=group, case=case)

    def _filled(self, name: str) -> str:
        if name.startswith("object."):
            raise self._lack("source data")
        return super()._filled(name)

    def _lack(self, what: str) -> LackError:
        self.lacking = True
        return LackError(f"{what} is needed, which has an effect")


@dataclass(frozen=True, slots=True, kw_only=True)
class Driven:
    """What came of a scenario in a lane.

    Attributes:
        scenario: the scenario.
        lacking: whether it came upon something that was not there: then it has to be driven again, alone.
        notes: operations that could not be driven, and why.
        fault: what went wrong in the suite, if anything did.
        calls: the ids of its calls.
    """

    scenario: Scenario
    lacking: bool
    notes: tuple[tuple[str, str], ...]
    fault: str | None
    calls: frozenset[int]


@dataclass(slots=True, kw_only=True)
class Lanes:
    """Drives scenarios side by side; ``driven`` are those that came to their end, also where the whole was cut off."""

    context: Context
    driven: list[Driven] = field(default_factory=list)
    _waiting: deque[Scenario] = field(default_factory=deque)
    _faults: list[BaseException] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)

    def run(self, chosen: Sequence[Scenario]) -> None:
        """Drive them; those whose stage cannot be set are left out.

        The first exception that a lane ends with ends the others, and is raised once all of them are still.
        """
        ready = {name: self._is_set(name) for name in {each for _, _, touched in chosen for each in touched}}
        self._waiting.extend(each for each in chosen if all(ready[name] for name in each[2]))
        with self._clients() as clients:
            threads = [
                threading.Thread(target=self._lane, args=(client,), name="lane", daemon=True) for client in clients
            ]
            try:
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join()
            finally:
                self._stop.set()
                for thread in threads:  # what is under way belongs into the history
                    if thread.ident is not None:
                        thread.join()
        if self._faults:
            raise self._faults[0]

    def _is_set(self, operation: str) -> bool:
        """Make what requests of an operation name, while there is one client only; whether a plain one can be sent."""
        stage, spec = self.context.stage, self.context.spec
        described = spec.operations[operation]
        try:
            stage.resolve(based(described))
        except StageError:
            return False  # why, it says when it is driven alone
        planned = [(each.clause, each.arguments) for each in probes(described, spec.api)]
        planned += [
            (each.clause, pair) for each in equivalences(described, spec.api) for pair in (each.first, each.second)
        ]
        for clause, arguments in planned:
            if clause in self.context.selected:
                with contextlib.suppress(StageError):
                    stage.resolve(arguments)
        return True

    @contextmanager
    def _clients(self) -> Iterator[list[Session]]:
        """A client for each lane, numbered behind those of races."""
        session, found = self.context.session, list[Session]()
        with contextlib.ExitStack() as stack:
            if session.connect is not None:
                for number in range(min(session.target.limits.connections, len(self._waiting))):
                    connection = session.connect()
                    stack.callback(connection.close)
                    found.append(session.client(CLIENTS + number, connection))
            yield found

    def _lane(self, client: Session) -> None:
        """Drive one scenario after the other, until there is none left or something has ended a lane."""
        try:
            while not self._stop.is_set():
                try:
                    scenario = self._waiting.popleft()
                except IndexError:
                    return
                self.driven.append(self._drive(client, scenario))
        except BaseException as error:  # noqa: BLE001 - it is raised again where it can be heard
            self._faults.append(error)
            self._stop.set()

    def _drive(self, client: Session, scenario: Scenario) -> Driven:
        stage, first = LaneStage.beside(self.context.stage, client), self.context.session
        notes: list[tuple[str, str]] = []
        # What lacks something goes no further: all of it is to be sent again.
        client.stopped = lambda: stage.lacking or self._stop.is_set() or first.stopped()
        context = replace(
            self.context, session=client, stage=stage, note=lambda operation, reason: notes.append((operation, reason))
        )
        own = next(each for each in scenarios(context) if each[0] == scenario[0])
        before = len(first.history)
        fault = None
        try:
            fault = carry_out(own, context.note)
        except KeyboardInterrupt:
            if not stage.lacking or self._stop.is_set() or first.stopped():
                raise
        sent = (call for call in first.history.calls[before:] if call.process == client.process)
        return Driven(
            scenario=scenario, lacking=stage.lacking, notes=tuple(notes), fault=fault, calls=frozenset(c.id for c in sent)
        )  # fmt: skip

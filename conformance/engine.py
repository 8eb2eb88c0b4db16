"""Runs the scenarios against a target and judges the history; knows nothing of reports or command lines."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from conformance.adapters.http import HttpConnection
from conformance.adapters.objects import ObjectStore
from conformance.clearance import Clearance
from conformance.drivers import (
    action_programs,
    attempts,
    authentication,
    experiments,
    lifecycle,
    listing,
    odd,
    programs,
    racing,
    ranges,
)
from conformance.drivers.context import Context
from conformance.errors import (
    BudgetError,
    ConformanceError,
    CredentialsError,
    StageError,
    UnreachableError,
)
from conformance.guard import READ_ONLY
from conformance.history import Call, History
from conformance.leftover import Leftover
from conformance.oracles import judge, judge_clause
from conformance.preflight import preflight
from conformance.profile import PROFILES, Profile
from conformance.session import Session
from conformance.stage import Stage
from conformance.target import Connection, Target
from conformance.verdict import Finding, Verdict
from conformance.view import View
from specs import Clause, Operation, Resource, Spec

_SILENT_CALLS = 4
#: How the names of scenarios begin in which chance decides what is sent.
_CHANCE = ("random ", "raw ")


class Listener(Protocol):
    """Who wants to know how a run goes."""

    def phase(self, name: str, done: int, total: int) -> None:
        """A scenario begins; ``done`` of ``total`` are behind."""

    def call(self, call: Call) -> None:
        """A call is complete."""


class Quiet:
    """A listener that does not listen."""

    def phase(self, name: str, done: int, total: int) -> None:
        """Nothing."""

    def call(self, call: Call) -> None:
        """Nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a run came to. ``interrupted`` says why it ended early.

    ``left`` tells what could not be removed from the target, in words, and ``leftovers`` as data.
    """

    findings: tuple[Finding, ...]
    history: History
    seconds: float
    interrupted: str | None = None
    left: tuple[str, ...] = ()
    leftovers: tuple[Leftover, ...] = ()


@dataclass(slots=True, kw_only=True)
class Run:
    """One run: scenarios are driven on demand, and clauses judged over all that was seen so far."""

    spec: Spec
    target: Target
    clauses: Sequence[Clause]
    profile: Profile = field(default_factory=lambda: PROFILES["standard"])
    seed: int = 0
    listener: Listener = field(default_factory=Quiet)
    connection: Connection | None = None
    notes: dict[str, list[str]] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    context: Context = field(init=False)
    clearance: Clearance = field(init=False)
    _driven: set[str] = field(default_factory=set)
    _silent: int = 0

    def __post_init__(self) -> None:
        """Open the connection; nothing is sent yet."""
        connect = functools.partial(HttpConnection, self.target, stale_seconds=self.spec.auth.stale_seconds)
        more = connect if self.connection is None else None
        self.connection = self.connection or connect()
        session = Session(spec=self.spec, target=self.target, connection=self.connection, connect=more)
        store = ObjectStore(self.target.s3, region=self.target.region) if self.target.s3 else None
        stage = Stage(session=session, store=store)
        if self.target.read_only:
            self.notes.update({name: [READ_ONLY] for name in self.spec.operations})
        self.clearance = Clearance(stage=stage)
        session.reserve = self.clearance.due
        session.listeners += [stage.observe, self._heard, self.listener.call]
        self.context = Context(
            session=session, stage=stage, selected=frozenset(clause.id for clause in self.clauses), profile=self.profile,
            seed=self.seed, suspicious=self._suspicious, note=self._note,
        )  # fmt: skip

    @property
    def history(self) -> History:
        """The history so far."""
        return self.context.session.history

    def _suspicious(self, clause: Clause, calls: Sequence[Call]) -> bool:
        return judge_clause(clause, View(self.spec, calls, exclusive=self.target.exclusive)).verdict in {
            Verdict.FAIL,
            Verdict.WARN,
        }

    def _note(self, operation: str, reason: str) -> None:
        self.notes.setdefault(operation, []).append(reason)

    def _heard(self, call: Call) -> None:
        self._silent = 0 if call.response is not None else self._silent + 1
        if self._silent >= _SILENT_CALLS and call.trouble in {"timeout", "refused"}:
            raise UnreachableError(
                self.target.url, f"{self._silent} requests in a row were not answered: {call.detail}"
            )

    # -- before anything else

    def preflight(self) -> None:
        """Make sure that the API is there at all.

        Raises:
            UnreachableError: nothing answers.
            WrongApiError: something answers, but every operation is unknown to it.
            CredentialsError: every request is refused for who sends it.
        """
        preflight(self.context.stage)

    # -- scenarios

    def scenarios(self) -> list[tuple[str, Callable[[], None], frozenset[str]]]:
        """Name, driver and the operations it exercises, of everything there is to drive, in order."""
        spec, context = self.spec, self.context
        found: list[tuple[str, Callable[[], None], frozenset[str]]] = []
        found += [
            (f"held jobs in {o.name}", functools.partial(listing.hold, context, o), frozenset({o.name}))
            for o in spec.operations.values()
            if o.listing is not None and (o.listing.hide or o.listing.order) and self.profile.listing
        ]
        for resource in spec.resources.values():
            if resource.queue is not None and self.profile.listing:
                driver = functools.partial(programs.run, context, resource)
                found.append((f"queue of a {resource.name}", driver, frozenset({resource.create.operation})))
        found += [self._ranged(each) for each in spec.operations.values() if not self._prepares(each)]
        for resource in spec.resources.values():
            if resource.is_job:
                touched = {use.operation for use in (resource.create, resource.read) if use} | {resource.list or ""}
                if resource.attempts:
                    trying = functools.partial(attempts.run, context, resource)
                    found.append((f"attempts at a {resource.name}", trying, frozenset({resource.create.operation})))
                driver = functools.partial(lifecycle.run, context, resource)
                found.append((f"life of a {resource.name}", driver, frozenset(touched)))
        found += [self._acted(resource) for resource in spec.resources.values() if self.profile.listing]
        if spec.laboratory is not None and self.profile.listing:
            for name in dict.fromkeys(each.operation for each in spec.laboratory.experiments.values()):
                driver = functools.partial(experiments.run, context, spec.laboratory, name)
                found.append((f"data given to {name}", driver, frozenset({name})))
        found += [
            self._raced(each) for each in spec.resources.values() if each.race is not None and self.profile.listing
        ]
        for name, operation in spec.operations.items():
            if operation.listing is not None and self.profile.listing:
                found.append((f"list of {name}", functools.partial(listing.run, context, operation), frozenset({name})))
        # What jobs need is put at risk last: a target that takes what it should refuse may be of no use afterwards.
        found += [self._ranged(each) for each in spec.operations.values() if self._prepares(each)]
        for name, operation in spec.operations.items():
            found += [
                (f"odd requests to {name}", functools.partial(odd.run, context, operation), frozenset({name})),
                (f"signatures of {name}", functools.partial(authentication.run, context, operation), frozenset({name})),
            ]
        found += self._random()
        return found

    def _ranged(self, operation: Operation) -> tuple[str, Callable[[], None], frozenset[str]]:
        """The boundary values of an operation."""
        driver = functools.partial(ranges.run, self.context, operation)
        return f"ranges of {operation.name}", driver, frozenset({operation.name})

    def _prepares(self, operation: Operation) -> bool:
        """Whether an operation makes or changes what jobs need, and no job."""
        resources = [each for each in self.spec.resources.values() if not each.is_job]
        uses = (use for each in resources for use in (each.create, each.delete, *each.before_delete))
        return operation.neighbour and any(use is not None and use.operation == operation.name for use in uses)

    def _raced(self, resource: Resource) -> tuple[str, Callable[[], None], frozenset[str]]:
        """The races over a resource, and the operations that they are about."""
        uses = (resource.create, resource.read, resource.cancel, resource.delete)
        touched = frozenset(use.operation for use in uses if use is not None)
        return f"races for a {resource.name}", functools.partial(racing.run, self.context, resource), touched

    def _acted(self, resource: Resource) -> tuple[str, Callable[[], None], frozenset[str]]:
        """The programs of actions on a resource, which touch every operation that has a clause about its instances."""
        touched = {c.operation for c in self.spec.clauses if c.data.get("resource") == resource.name}
        driver = functools.partial(action_programs.run, self.context, resource)
        return f"actions on a {resource.name}", driver, frozenset(touched)

    def _acted_at_random(self, resource: Resource) -> tuple[str, Callable[[], None], frozenset[str]]:
        """The random programs of actions on a resource."""
        _, _, touched = self._acted(resource)
        driver = functools.partial(action_programs.run_random, self.context, resource)
        return f"random actions on a {resource.name}", driver, touched

    def _random(self) -> list[tuple[str, Callable[[], None], frozenset[str]]]:
        """Exploration and raw cases; imported only where they are wanted, since Hypothesis takes its time to load."""
        found: list[tuple[str, Callable[[], None], frozenset[str]]] = []
        if self.profile.examples:
            from conformance.drivers import exploration  # noqa: PLC0415

            found += [
                (
                    f"random requests to {o.name}",
                    functools.partial(exploration.run, self.context, o),
                    frozenset({o.name}),
                )
                for o in self.spec.operations.values()
            ]
            found += [self._acted_at_random(each) for each in self.spec.resources.values() if self.profile.listing]
        if self.profile.name == "thorough":
            for resource in self.spec.resources.values():
                if resource.queue is not None:
                    driver = functools.partial(programs.run_random, self.context, resource)
                    found.append((f"random queue of a {resource.name}", driver, frozenset({resource.create.operation})))
        if self.profile.raw_cases:
            from conformance.drivers import raw  # noqa: PLC0415

            found.append(("raw cases", lambda: raw.run(self.context), frozenset(self.spec.operations)))
        return found

    def drive(self, operations: frozenset[str] | None = None, *, chance: bool = False) -> None:
        """Drive every scenario that touches one of these operations and was not driven yet; all of them for None.

        With ``chance``, only those in which the seed decides what is sent.
        """
        wanted = [
            each
            for each in self.scenarios()
            if each[0] not in self._driven
            and (operations is None or each[2] & operations)
            and (not chance or each[0].startswith(_CHANCE))
        ]
        for number, (name, driver, touched) in enumerate(wanted):
            self.listener.phase(name, number, len(wanted))
            self._driven.add(name)
            self.context.stage.forget()
            try:
                driver()
            except StageError as error:
                for operation in touched:
                    self._note(operation, str(error))
            except (ConformanceError, KeyboardInterrupt):
                raise
            except Exception as error:  # noqa: BLE001 - a fault of ours must not take the rest of the run with it
                reason = f"the suite itself failed in {name!r}: {type(error).__name__}: {error}"
                self.faults.update(dict.fromkeys(touched, reason[:500]))
            if self.context.stage.spoiled or (
                name.startswith(("ranges", "races")) and any(self._crowds(each) for each in touched)
            ):
                self.context.stage.forget(parents=True)

    def _crowds(self, name: str) -> bool:
        """Whether an operation makes jobs that cannot be cancelled, and so leaves its parent busy."""
        resource = self.spec.resources.get(self.spec.operations[name].creates or "")
        return resource is not None and resource.is_job and resource.cancel is None

    def judged(self, clauses: Sequence[Clause] | None = None) -> list[Finding]:
        """The findings about clauses over the history so far."""
        view = View(
            self.spec,
            self.history.calls,
            exclusive=self.target.exclusive,
            signed=self.target.credentials.scheme != "none" and self.target.credentials.checked,
        )
        found = judge(self.clauses if clauses is None else clauses, view, notes=self.notes)
        return [self._faulted(finding) for finding in found]

    def _faulted(self, finding: Finding) -> Finding:
        """A clause whose driver failed by our own fault is an error, unless it is proven broken all the same."""
        reason = self.faults.get(finding.clause.operation)
        if reason is None or finding.verdict in {Verdict.FAIL, Verdict.ERROR, Verdict.NOT_APPLICABLE}:
            return finding
        return replace(finding, verdict=Verdict.ERROR, reason=reason)

    def close(self) -> tuple[str, ...]:
        """Remove what was made and close the connection; never fatal. Returns what could not be removed."""
        left = tuple(map(str, self.clearance.carry_out()))
        if self.context.stage.store is not None:
            self.context.stage.store.close()
        if self.connection is not None:
            self.connection.close()
        return left


def execute(run: Run, *, chance: bool = False) -> Outcome:
    """Preflight, drive everything, clean up, judge; with ``chance``, drive only that in which the seed decides.

    A run that ends early (Ctrl-C, budget, a target that stops answering) is judged by what it saw, and says so.

    Raises:
        UnreachableError, WrongApiError: at the preflight, before anything was recorded.
    """
    began = time.monotonic()
    try:
        run.preflight()
        interrupted = _driven(run, chance=chance)
    except BaseException:
        run.context.session.over()
        run.close()
        raise
    left = run.close()
    findings = tuple(run.judged())
    return Outcome(
        findings=findings, history=run.history, seconds=time.monotonic() - began, interrupted=interrupted, left=left,
        leftovers=tuple(run.clearance.left),
    )  # fmt: skip


def _driven(run: Run, *, chance: bool) -> str | None:
    """Drive everything; why that ended early, if it did."""
    try:
        run.drive(chance=chance)
        run.context.session.over()
    except KeyboardInterrupt:
        run.context.session.over()
        return "interrupted by the user"
    except (BudgetError, UnreachableError, CredentialsError) as error:
        run.context.session.over()
        return str(error)
    return None

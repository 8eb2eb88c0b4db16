"""Runs the scenarios against a target and judges the history; knows nothing of reports or command lines."""

from __future__ import annotations

import functools
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from conformance import resumption
from conformance.adapters.http import HttpConnection
from conformance.adapters.objects import ObjectStore
from conformance.clearance import Clearance
from conformance.drivers.context import Context
from conformance.earlier import Earlier
from conformance.errors import (
    BudgetError,
    CredentialsError,
    UnreachableError,
)
from conformance.guard import READ_ONLY
from conformance.history import Call, History
from conformance.journal import Journal, Progress, Unwritten
from conformance.lanes import Lanes, only_reads
from conformance.leftover import Leftover
from conformance.oracles import judge_clause
from conformance.preflight import preflight
from conformance.profile import PROFILES, Profile
from conformance.scenarios import Scenario, carry_out, scenarios
from conformance.seam import Seam, judge_across
from conformance.session import Session
from conformance.stage import Stage
from conformance.target import Connection, Target
from conformance.verdict import Finding, Verdict
from conformance.view import View
from specs import Clause, Spec

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
    journal: Journal = field(default_factory=Unwritten)
    earlier: Earlier | None = None
    """What earlier parts of the run have left, where it is taken up again."""
    seam: Seam = field(default_factory=Seam)
    notes: dict[str, list[str]] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    context: Context = field(init=False)
    clearance: Clearance = field(init=False)
    _driven: set[str] = field(default_factory=set)
    _silent: Counter[int] = field(default_factory=Counter)

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
        session.announced.append(self.journal.sending)
        if self.earlier is not None:
            self._recall(self.earlier)

    def _recall(self, earlier: Earlier) -> None:
        resumption.recall(self.context, earlier)
        self.seam = earlier.seam
        self.notes.update({name: list(reasons) for name, reasons in earlier.progress.notes.items()})
        self.faults.update(earlier.progress.faults)
        self._driven |= earlier.finished

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
        if call.response is not None:
            self._silent.clear()
            return
        self._silent[call.process] += 1  # of several clients, one alone must have met with that
        silent = self._silent[call.process]
        if silent >= _SILENT_CALLS and call.trouble in {"timeout", "refused"}:
            raise UnreachableError(self.target.url, f"{silent} requests in a row were not answered: {call.detail}")

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

    def scenarios(self) -> list[Scenario]:
        """Everything there is to drive, in order."""
        return scenarios(self.context)

    def settle(self) -> None:
        """Where the run is taken up again: bring to rest what its earlier parts have left, and remove it.

        Raises:
            OtherInstanceError: the target is not the one that they have spoken to.
        """
        if self.earlier is None:
            return
        self.listener.phase("what was left before", 0, 1)
        settled = resumption.settle(self.context, self.earlier, self.clearance)
        self.journal.settled(settled)
        self.seam = replace(self.seam, settled=self.seam.settled | settled)

    @property
    def progress(self) -> Progress:
        """What is known of the run by now."""
        notes = {name: list(reasons) for name, reasons in self.notes.items()}
        return Progress(notes=notes, faults=dict(self.faults), size=self.context.stage.fixtures.size)

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
        beside = [each for each in wanted if self._may_be_beside(each)]
        for number, scenario in enumerate(wanted):
            if len(beside) > 1 and scenario is beside[0]:
                self.listener.phase(f"{len(beside)} scenarios that only read, side by side", number, len(wanted))
                self._drive_beside(beside)
            if scenario[0] not in self._driven:
                self.listener.phase(scenario[0], number, len(wanted))
                self._drive(scenario)

    def _may_be_beside(self, scenario: Scenario) -> bool:
        many = self.target.limits.connections > 1 and self.context.session.connect is not None
        return many and only_reads(self.spec, scenario)

    def _drive(self, scenario: Scenario) -> None:
        """Drive one scenario, alone."""
        name, _, touched = scenario
        self._driven.add(name)
        self.context.stage.forget()
        self.journal.scenarios([name], "begun", self.progress)
        try:
            self._faulty(touched, carry_out(scenario, self._note))
        except BaseException:
            self.journal.scenarios([name], "cut", self.progress)
            raise
        self.journal.scenarios([name], "ended", self.progress)
        if self.context.stage.spoiled or (
            name.startswith(("ranges", "races")) and any(self._crowds(each) for each in touched)
        ):
            self.context.stage.forget(parents=True)

    def _drive_beside(self, chosen: Sequence[Scenario]) -> None:
        """Drive scenarios that only read side by side; what could not be driven so is left for later.

        A run that is cut off in here drives all of them anew: calls of several scenarios stand among one another.
        """
        names = [name for name, _, _ in chosen]
        self._driven.update(names)
        self.context.stage.forget()
        self.journal.scenarios(names, "begun", self.progress)
        lanes = Lanes(context=self.context)
        try:
            lanes.run(chosen)
        except BaseException:
            self._take(lanes)
            self.journal.scenarios(names, "cut", self.progress)
            raise
        whole = self._take(lanes)
        self._driven.difference_update(set(names) - whole)
        self.journal.scenarios([name for name in names if name in whole], "ended", self.progress)

    def _take(self, lanes: Lanes) -> set[str]:
        """Take over what came of scenarios side by side; the names of those that are whole.

        Half of another, which lacked something, proves as little as half of one that was cut off.
        """
        found = sorted(lanes.driven, key=lambda each: each.scenario[0])
        whole = [each for each in found if not each.lacking]
        for each in whole:
            for operation, reason in each.notes:
                self._note(operation, reason)
            self._faulty(each.scenario[2], each.fault)
        half = frozenset(call for each in found if each.lacking for call in each.calls)
        if half:
            self.journal.put_off(half)
            self.seam = replace(self.seam, cut=self.seam.cut | half)
        return {each.scenario[0] for each in whole}

    def _faulty(self, touched: frozenset[str], fault: str | None) -> None:
        if fault is not None:
            self.faults.update(dict.fromkeys(touched, fault))

    def _crowds(self, name: str) -> bool:
        """Whether an operation makes jobs that cannot be cancelled, and so leaves its parent busy."""
        resource = self.spec.resources.get(self.spec.operations[name].creates or "")
        return resource is not None and resource.is_job and resource.cancel is None

    def judged(self, clauses: Sequence[Clause] | None = None) -> list[Finding]:
        """The findings about clauses over the history so far."""
        signed = self.target.credentials.scheme != "none" and self.target.credentials.checked
        view = functools.partial(View, self.spec, exclusive=self.target.exclusive, signed=signed)
        chosen = self.clauses if clauses is None else clauses
        found = judge_across(chosen, self.history.calls, self.seam, view, notes=self.notes)
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
        OtherInstanceError: the run is taken up again, and its earlier parts have spoken to another target.
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
    seconds = time.monotonic() - began + (run.earlier.active if run.earlier is not None else 0.0)
    return Outcome(
        findings=findings, history=run.history, seconds=seconds, interrupted=interrupted, left=left,
        leftovers=tuple(run.clearance.left),
    )  # fmt: skip


def _driven(run: Run, *, chance: bool) -> str | None:
    """Drive everything; why that ended early, if it did."""
    try:
        run.settle()
        run.drive(chance=chance)
        run.context.session.over()
    except KeyboardInterrupt:
        run.context.session.over()
        return "interrupted by the user"
    except (BudgetError, UnreachableError, CredentialsError) as error:
        run.context.session.over()
        return str(error)
    return None

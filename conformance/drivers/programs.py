"""Carries programs out: starts, cancels, looks and waits, in the order they were written down."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from conformance.drivers.context import Context
from conformance.drivers.ranges import walk
from conformance.errors import StageError
from conformance.history import Intent
from conformance.instance import Instance
from specs import Resource
from strategies import Command, Program, programs_for

SCENARIO = "program"
_NOBODY = "00000000-0000-4000-8000-0000000000ff"
_TRIES = 3
_SOON = 0.02
_WATCHED = 8
_PACE = 1.5
#: A random program takes as long as so many random requests.
_EXAMPLES_A_PROGRAM = 8


@dataclass(slots=True)
class Performance:
    """One program being carried out: its group of calls, its jobs by name, and whether the slot was let go too soon."""

    context: Context
    resource: Resource
    program: Program
    group: int
    jobs: dict[str, Instance] = field(default_factory=dict)
    cancelled: set[str] = field(default_factory=set)
    holding: set[str] = field(default_factory=set)
    too_quick: bool = False

    @property
    def scenario(self) -> str:
        """The driver's name and the program's."""
        return f"{SCENARIO} {self.program.name}"

    def carry_out(self) -> None:
        """Every command in order; then everything of ours is brought to its end."""
        for command in self.program.commands:
            if self.too_quick:
                break
            getattr(self, f"_{command.verb.replace('-', '_')}")(command)
        self._drain(Command(verb="drain"))

    def _start(self, command: Command) -> None:
        """Start a job; a patient start asks again: for long where nothing runs, and a few times where a job keeps the slot."""
        began, tries = self.context.session.now(), 0
        while not self._accepted(command) and command.patient:
            tries += 1
            late = self.context.session.now() - began > self.context.session.target.timeouts.list_lag_max
            if late or (self.holding and tries >= _TRIES):
                return
            self.context.session.nap(min(_SOON * 2**tries, 1.0))

    def _accepted(self, command: Command) -> bool:
        """Ask for a job; False where it was refused."""
        call = self.context.session.call(
            self.context.spec.operations[self.resource.create.operation], self._arguments(command),
            Intent(scenario=self.scenario, role="start", case=command.job, group=self.group),
        )  # fmt: skip
        made = self.context.stage.registered(call)
        if made is not None:
            self.jobs[command.job] = made
            if command.work == "long":
                self.holding.add(command.job)
        return made is not None or not self.context.session.answer(call).refused

    def _arguments(self, command: Command) -> dict[str, Any]:
        queue = self.resource.queue
        assert queue is not None  # noqa: S101 - programs are for resources with a queue
        spec = self.context.spec
        base = dict(spec.operations[self.resource.create.operation].base)
        if command.work == "long":
            base.update(self.resource.scenes[queue.hold].arguments)
        elif command.work in {"step", "bad"}:
            base.update(queue.step if command.work == "step" else queue.fails)
        # Work of the same source is done anew each time: a load of it that went before must not be taken up again.
        base.update({name: value for name, value in queue.step.items() if name not in base})
        base.pop(queue.parameter, None)
        said = {
            "admit": queue.admit,
            "admit-text": queue.admit_text,
            "refuse": queue.refuse,
            "refuse-text": queue.refuse_text,
        }
        if command.admission != "absent":
            base[queue.parameter] = said[command.admission]
        if command.after and self.resource.dependencies is not None:
            ids = [self.jobs[name].id if name in self.jobs else _NOBODY for name in command.after]
            base[self.resource.dependencies.parameter] = ids
        return dict(self.context.stage.resolve(base))

    def _cancel(self, command: Command) -> None:
        made = self.jobs.get(command.job)
        if made is not None and self.resource.cancel is not None:
            self.cancelled.add(command.job)
            self.context.stage.use(
                made, self.resource.cancel, role="cancel", scenario=self.scenario, group=self.group, case=command.job
            )

    def _look(self, command: Command) -> None:
        for name in self._named(command):
            status = self._read(name)
            if name in self.holding and name not in self.cancelled and self.resource.is_terminal(status):
                self.too_quick = True

    def _named(self, command: Command) -> list[str]:
        """The jobs a command is about; all of them newest first, so that a later one that overtook an earlier one shows."""
        return [command.job] if command.job in self.jobs else list(reversed(self.jobs)) if not command.job else []

    def _read(self, name: str) -> str | None:
        _, status = self.context.stage.read(
            self.jobs[name], role="read", scenario=self.scenario, group=self.group, case=name
        )
        return status

    def _list(self, command: Command) -> None:
        del command
        if self.resource.list is not None:
            walk(
                self.context,
                self.context.spec.operations[self.resource.list],
                group=self.group,
                role="program-list",
                scenario=self.scenario,
                most=1,
            )

    def _until_running(self, command: Command) -> None:
        self._until(
            command, lambda status: self.resource.phase(status) == "running" or self.resource.is_terminal(status)
        )
        made = self.jobs.get(command.job)
        if made is not None and self.resource.is_terminal(made.status):
            self.too_quick = True

    def _until_ended(self, command: Command) -> None:
        self._until(command, self.resource.is_terminal)

    def _until(self, command: Command, reached: Any) -> None:
        if command.job not in self.jobs:
            return

        def there() -> bool:
            for name in command.beside:
                if name in self.jobs:
                    self._read(name)
            return bool(reached(self._read(command.job)))

        self._pace(there, command)

    def _pace(self, look: Callable[[], bool], command: Command, *, looked: bool = False) -> bool:
        """Look until it is there or jobs should be at their end; how often depends on how long it took before."""
        session, kind = self.context.session, (self.resource.name, command.verb, command.job)
        return session.pace.until(kind, look, seconds=session.target.timeouts.job_end_max, looked=looked)

    def _watch(self, command: Command) -> None:
        """Look until everything has ended: the newest first, and of many only those about to start and the last ones."""
        looked = False
        while self._open() and self._pace(self._moved, command, looked=looked):
            looked = True

    def _open(self) -> list[str]:
        return [name for name in reversed(self.jobs) if not self.resource.is_terminal(self.jobs[name].status)]

    def _moved(self) -> bool:
        """Look once; whether any job shows another status than before."""
        found = self._open()
        chosen = found if len(found) <= _WATCHED else [*found[:2], *found[2 - _WATCHED :]]
        before = [self.jobs[name].status for name in chosen]
        return [self._read(name) for name in chosen] != before

    def _drain(self, command: Command) -> None:
        for name in list(reversed(self.jobs)):
            if not self.resource.is_terminal(self.jobs[name].status):
                self._cancel(Command(verb="cancel", job=name))
        self._watch(command)


def calibrate(context: Context, resource: Resource) -> None:
    """Find work that keeps the slot for as long as the queue takes to fill, by the target's own pace.

    A few looks at a long job tell how long a request takes; the work grows until a job outlasts what the longest program
    sends while it must run.
    """
    queue = resource.queue
    if queue is None:
        return
    while True:
        made = context.stage.make(resource, scene=queue.hold, scenario=SCENARIO)
        started = context.session.now()
        took = [
            c.ended - c.started
            for c in context.session.history.calls[-200:]
            if c.operation == resource.create.operation and c.ended is not None
        ]
        needed = 0.2 + _PACE * (queue.capacity or 8) * statistics.median_low(took)
        pause = 0.02
        while (
            not resource.is_terminal(context.stage.read(made, scenario=SCENARIO)[1])
            and context.session.now() - started < needed
        ):
            context.session.nap(pause)
            pause = min(2 * pause, 0.25)
        enough = not resource.is_terminal(made.status)
        context.stage.release(made)
        context.stage.wait(made, scenario=SCENARIO)
        if enough or not context.stage.longer():
            return


def run(context: Context, resource: Resource) -> None:
    """Carry out the programs that serve a selected clause; again with longer work where the slot was let go too soon."""
    operation = context.spec.operations[resource.create.operation]
    wanted = _wanted(context, resource)
    if wanted:
        calibrate(context, resource)
        _await_others(context, resource)
    for program in programs_for(resource):
        if not wanted & set(program.aspects):
            continue
        try:
            carry_out(context, resource, program)
        except StageError as error:
            context.note(operation.name, str(error))


def _wanted(context: Context, resource: Resource) -> set[str]:
    """What the selected clauses about the queue are about."""
    clauses = context.spec.operations[resource.create.operation].clauses
    return {each.data["aspect"] for each in clauses if each.kind == "queue-rule" and each.id in context.selected}


def run_random(context: Context, resource: Resource) -> None:
    """Carry out random programs, if any clause about the queue is selected; Hypothesis is loaded only where it is wanted."""
    from conformance.drivers import random_programs  # noqa: PLC0415

    if not _wanted(context, resource):
        return
    try:
        calibrate(context, resource)
        _await_others(context, resource)
        random_programs.run(context, resource, context.profile.examples // _EXAMPLES_A_PROGRAM)
    except StageError as error:
        context.note(resource.create.operation, str(error))


def _await_others(context: Context, resource: Resource) -> None:
    """See every earlier job of ours at its end: only then is a refusal known not to be about one of them."""
    for made in context.stage.instances:
        if made.resource is resource and not resource.is_terminal(made.status):
            context.stage.wait(made, scenario=SCENARIO)


def carry_out(context: Context, resource: Resource, program: Program) -> None:
    """Carry out one program; again with longer work where the slot was let go too soon."""
    for _ in range(_TRIES):
        performance = Performance(context=context, resource=resource, program=program, group=context.session.group())
        performance.carry_out()
        if not performance.too_quick or not context.stage.longer():
            break

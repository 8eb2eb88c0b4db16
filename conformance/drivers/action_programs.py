"""Carries programs of actions out: on any resource, with a queue or without."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from conformance.answer import tree_of
from conformance.drivers.context import Context
from conformance.drivers.programs import Performance
from conformance.errors import StageError
from conformance.history import Intent
from specs import Action, Clause, Family, Resource, point
from strategies import Command, Program, action_programs

SCENARIO = "actions"
_TRIES = 3
#: A random program takes as long as so many random requests.
_EXAMPLES_A_PROGRAM = 8
#: What is waited for here lasts: another look at once would tell nothing.
_PAUSE = 0.05


class ActionPerformance(Performance):
    """One program of actions being carried out; jobs are started for scenes, and looked at after every action."""

    @property
    def scenario(self) -> str:
        """The driver's name and the program's."""
        return f"{SCENARIO} {self.program.name}"

    def _arguments(self, command: Command) -> dict[str, Any]:
        operation = self.context.spec.operations[self.resource.create.operation]
        scene = self.resource.scenes.get(command.work)
        wanted = {**operation.base, **self.resource.create.arguments, **(scene.arguments if scene else {})}
        if self.resource.idempotency is not None:
            wanted.setdefault(self.resource.idempotency.parameter, "${unique}")
        return dict(self.context.stage.resolve({n: v for n, v in wanted.items() if v is not None}))

    def _start(self, command: Command) -> None:
        super()._start(command)
        made, scene = self.jobs.get(command.job), self.resource.scenes.get(command.work)
        if made is not None and scene is not None:
            for use in scene.then:
                self.context.stage.use(made, use, role="stage", scenario=self.scenario, group=self.group)

    def _act(self, command: Command) -> None:
        made, action = self.jobs.get(command.job), self.resource.actions.get(command.action)
        if made is None or action is None:
            return
        use = action.use
        if action.sets is not None:
            value = action.sets.values[command.value % len(action.sets.values)]
            use = replace(use, arguments={**use.arguments, action.sets.argument: value})
        case = f"{command.job} {action.name}"
        self.context.stage.use(made, use, role="act", scenario=self.scenario, group=self.group, case=case)
        self._read(command.job)

    def _until_there(self, command: Command) -> None:
        statuses = self.resource.scenes[command.work].statuses if command.work in self.resource.scenes else ()
        self._until(command, lambda status: not statuses or status in statuses or self.resource.is_terminal(status))

    def _until_accepts(self, command: Command) -> None:
        """Wait until an instance is in a state that takes the action."""
        made, action = self.jobs.get(command.job), self.resource.actions[command.action]
        if made is None or made.gone:
            return
        pause, until = _PAUSE, time.monotonic() + self.context.session.target.timeouts.job_end_max
        while time.monotonic() < until and self._state(command.job, action) not in (*action.accepts, None):
            time.sleep(pause)
            pause = min(1.7 * pause, 1.0)

    def _state(self, name: str, action: Action) -> str | None:
        call, status = self.context.stage.read(
            self.jobs[name], role="read", scenario=self.scenario, group=self.group, case=name
        )
        if action.state is None:
            return status
        found = point(tree_of(self.context.spec.operations[call.operation], call.response), action.state)
        return found if isinstance(found, str) else None

    def _again(self, command: Command) -> None:
        self._repeat(command, {})

    def _otherwise(self, command: Command) -> None:
        assert self.resource.idempotency is not None  # noqa: S101 - such programs are for resources with a token
        self._repeat(command, dict(self.context.stage.resolve(self.resource.idempotency.vary)))

    def _repeat(self, command: Command, changes: dict[str, Any]) -> None:
        made = self.jobs.get(command.job)
        if made is None:
            return
        operation = self.context.spec.operations[self.resource.create.operation]
        intent = Intent(scenario=self.scenario, role="start", case=f"{command.job} {command.verb}", group=self.group)
        again = self.context.stage.registered(
            self.context.session.call(operation, {**made.arguments, **changes}, intent)
        )
        if again is not None and again is not made:
            self.jobs[f"{command.job} {command.verb}"] = again

    def _delete(self, command: Command) -> None:
        made = self.jobs.get(command.job)
        if made is not None and self.resource.delete is not None:
            self.context.stage.use(
                made, self.resource.delete, role="act", scenario=self.scenario, group=self.group, case=command.job
            )

    def _touch(self, command: Command) -> None:
        made = self.jobs.get(command.job)
        if made is not None and made.gone:
            for use in self.resource.deleted:
                self.context.stage.use(
                    made, use, role="touch", scenario=self.scenario, group=self.group, case=command.job
                )

    def _drain(self, command: Command) -> None:
        if self.resource.is_job:
            super()._drain(command)


def carry_out(context: Context, resource: Resource, program: Program) -> None:
    """Carry out one program; again with longer work where a job that is to run had ended too soon."""
    for _ in range(_TRIES):
        performance = ActionPerformance(
            context=context, resource=resource, program=program, group=context.session.group()
        )
        performance.carry_out()
        if not performance.too_quick or not context.stage.longer():
            break


def clauses_of(context: Context, resource: Resource) -> list[Clause]:
    """The selected clauses about the life of a resource's instances."""
    return [
        clause
        for clause in context.spec.clauses
        if clause.id in context.selected
        and clause.family is Family.LIFECYCLE
        and clause.kind != "attempt"
        and clause.data.get("resource") == resource.name
    ]


def run(context: Context, resource: Resource) -> None:
    """Carry out the programs that serve a selected clause."""
    clauses = clauses_of(context, resource)
    wanted = {clause.kind for clause in clauses}
    for program in action_programs(resource):
        if not wanted & set(program.aspects):
            continue
        try:
            carry_out(context, resource, program)
        except StageError as error:
            context.note(resource.create.operation, str(error))


def run_random(context: Context, resource: Resource) -> None:
    """Carry out random programs of actions, if any clause about an instance is selected."""
    examples = context.profile.examples // _EXAMPLES_A_PROGRAM
    if clauses_of(context, resource) and resource.works and examples:
        from conformance.drivers import random_programs  # noqa: PLC0415 - Hypothesis is loaded only where it is wanted

        try:
            random_programs.run_actions(context, resource, examples)
        except StageError as error:
            context.note(resource.create.operation, str(error))

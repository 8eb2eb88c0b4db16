"""Carries experiments out: makes the data, starts jobs on it, and sees what they come to."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from conformance.adapters.objects import ObjectStore
from conformance.drivers.context import Context
from conformance.drivers.ranges import control
from conformance.errors import SourceStoreError, StageError
from conformance.history import Call, Intent
from conformance.instance import Instance
from specs import Clause, Experiment, Laboratory, Resource, SourceFile, Step
from strategies import based, source_data, varied

SCENARIO = "experiment"
#: An experiment takes as long as so many random requests.
_EXAMPLES_AN_EXPERIMENT = 20
#: After so many experiments in a row whose jobs do not end, no more are tried: each costs as long as a job may take.
_LOST = 2


def run(context: Context, laboratory: Laboratory, operation: str) -> None:
    """Carry out every experiment that is selected and about an operation; where there is time for more, with other data as well."""
    lost = 0
    for clause in context.spec.operations[operation].clauses:
        if clause.kind != "experiment" or clause.id not in context.selected or clause.not_tested is not None:
            continue
        carry_out = functools.partial(_once, context, laboratory, clause)
        lost = 0 if carry_out(0) else lost + 1
        if lost == _LOST:
            context.note(operation, "jobs do not come to their end, so no more of them are given data")
            return
        examples = context.profile.examples // _EXAMPLES_AN_EXPERIMENT
        if laboratory.experiments[clause.data["experiment"]].varied and examples:
            # Hypothesis takes its time to load, and is not always wanted.
            from conformance.drivers.varied_data import search  # noqa: PLC0415

            search(context, clause, carry_out, examples=examples)


def _once(context: Context, laboratory: Laboratory, clause: Clause, seed: int) -> bool:
    """Carry an experiment out with the data of a seed; whether all its jobs came to their end."""
    try:
        Trial(context=context, laboratory=laboratory, clause=clause, seed=seed).carry_out()
    except _EndlessError:
        return False
    except (StageError, SourceStoreError) as error:
        context.note(clause.operation, str(error))
    return True


class _EndlessError(Exception):
    """A job does not come to its end, so what was to follow cannot."""


@dataclass(slots=True, kw_only=True)
class Trial:
    """One experiment being carried out once: its group of calls, its folder, and its jobs by name."""

    context: Context
    laboratory: Laboratory
    clause: Clause
    seed: int
    group: int = 0
    own: str = ""
    jobs: dict[str, Instance] = field(default_factory=dict)

    @property
    def experiment(self) -> Experiment:
        """What is carried out."""
        return self.laboratory.experiments[self.clause.data["experiment"]]

    @property
    def resource(self) -> Resource:
        """What is created."""
        return self.context.spec.resources[self.laboratory.resource]

    def carry_out(self) -> None:
        """Put the data in its place, then take every step; jobs of ours that may still run are let go at the end."""
        self.group, self.own = self.context.session.group(), self.context.stage.unique()
        for file in self.experiment.files.values():
            if not file.later:
                self._put(file)
        try:
            for step in self.experiment.steps:
                getattr(self, f"_{step.verb}")(step)
        finally:
            for made in self.jobs.values():
                self.context.stage.release(made)

    # -- data

    def _store(self) -> ObjectStore:
        return self.context.stage.fixtures.open_store()

    def _put(self, step: Step | SourceFile) -> None:
        file = self.experiment.files[step.name] if isinstance(step, Step) else step
        if file.graph is not None:
            file = replace(file, graph=self._filled(file.graph))
        made = source_data(varied(file, self.seed), own=self.own, seed=self.seed)
        self._store().put(f"{self.own}/{file.key}", made.content)

    def _remove(self, step: Step) -> None:
        self._store().remove(f"{self.own}/{self.experiment.files[step.name].key}")

    def _filled(self, text: str) -> str:
        """A text with the names of this experiment filled in."""
        target = self.context.session.target
        bucket = target.s3.bucket if target.s3 else "conformance-has-no-bucket"
        prefix = f"{target.s3.prefix}/" if target.s3 else ""
        path = f"{bucket}/{prefix}{self.own}/"
        elsewhere = "eu-west-1" if target.region != "eu-west-1" else "us-west-2"
        for name, value in {
            "own": self.own, "folder": f"s3://{path}", "folder.https": f"https://s3.amazonaws.com/{path}",
            "folder.regional": f"https://s3.{target.region}.amazonaws.com/{path}", "region.other": elsewhere,
        }.items():  # fmt: skip
            text = text.replace(f"${{{name}}}", value)
        return text

    def _arguments(self, step: Step) -> dict[str, Any]:
        operation = self.context.spec.operations[self.resource.create.operation]
        wanted = {**based(operation), **self.resource.create.arguments, **self.experiment.arguments, **step.arguments}
        for name, times in step.repeat.items():
            wanted[name] = [*wanted[name]] * times
        for name, item in step.append.items():
            wanted[name] = [*wanted[name], item]
        kept = {name: value for name, value in wanted.items() if value is not None}
        return dict(self.context.stage.resolve(json.loads(self._filled(json.dumps(kept)))))

    # -- steps

    def _start(self, step: Step) -> None:
        call = self._sent(step)
        made = self.context.stage.registered(call)
        if made is None and self.context.session.answer(call).refused:
            # A refusal may have another reason: it counts if it comes again, between two requests that are accepted.
            operation = self.context.spec.operations[self.resource.create.operation]
            control(self.context, operation, self.group, scenario=SCENARIO)
            made = self.context.stage.registered(self._sent(step))
            control(self.context, operation, self.group, scenario=SCENARIO)
        if made is not None:
            self.jobs[step.name] = made
            if step.wait:
                self._followed(step.name)

    def _sent(self, step: Step) -> Call:
        operation = self.context.spec.operations[self.resource.create.operation]
        return self.context.session.call(operation, self._arguments(step), self._intent("start", step.name))

    def _followed(self, name: str) -> None:
        """Wait for the end of a job, and see its outcome."""
        made = self.jobs[name]
        wanted = self.laboratory.outcome.arguments
        session = self.context.session
        # A job is not over at once, so the first look comes when there may be something to see.
        over = session.pace.until(
            (SCENARIO, self.resource.name), lambda: self._look(name, made, "outcome", wanted),
            seconds=session.target.timeouts.job_end_max, looked=True,
        )  # fmt: skip
        if not over:
            raise _EndlessError

    def _read(self, step: Step) -> None:
        made = self.jobs.get(step.of)
        if made is None:
            return
        if not self.resource.is_terminal(made.status):
            self._followed(step.of)
        for extra in _each(step.each):
            self._look(step.name, made, "look", {**self.laboratory.outcome.arguments, **step.arguments, **extra})

    def _look(self, case: str, made: Instance, role: str, extra: Mapping[str, Any]) -> bool:
        """Read a job once; whether it is at its end."""
        read = self.resource.read
        assert read is not None  # noqa: S101 - jobs can be read
        operation = self.context.spec.operations[read.operation]
        wanted = {**self.context.stage.arguments(made, read), **extra}
        arguments = {name: value for name, value in wanted.items() if value is not None}
        call = self.context.session.call(operation, arguments, self._intent(role, case))
        made.status = self.context.stage.status_in(made.resource, call) or made.status
        return made.resource.is_terminal(made.status)

    def _intent(self, role: str, case: str) -> Intent:
        return Intent(scenario=f"{SCENARIO} {self.seed}", role=role, clause=self.clause.id, case=case, group=self.group)


def _each(values: Mapping[str, tuple[Any, ...]]) -> Iterator[dict[str, Any]]:
    """The arguments that take several values in turn; one set of none where there are none."""
    if not values:
        yield {}
    for name, every in values.items():
        for value in every:
            yield {name: value}

"""Random programs by Hypothesis, with shrinking; what was carried out once is not carried out again."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Sequence

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy

from conformance.drivers import action_programs
from conformance.drivers.context import Context
from conformance.drivers.programs import carry_out
from conformance.errors import ConformanceError, StageError
from specs import Clause, Resource
from strategies import Program
from strategies.random_actions import random_action_programs
from strategies.random_programs import random_programs

#: Programs carried out at most for each one drawn, and more of them once there is something to shrink.
_FACTOR = 2
_SHRINKING = 60


class _BrokenError(Exception):
    """A clause looks broken: what Hypothesis is told, so that it shrinks."""


def run(context: Context, resource: Resource, examples: int) -> None:
    """Draw and carry out programs of a queue; one that breaks a clause is shrunk."""
    operation = context.spec.operations[resource.create.operation]
    clauses = [clause for clause in operation.clauses if clause.kind == "queue-rule" and clause.id in context.selected]
    clauses += action_programs.clauses_of(context, resource)
    search(
        context, random_programs(dependent=resource.dependencies is not None), clauses, examples=examples,
        perform=functools.partial(carry_out, context, resource),
    )  # fmt: skip


def run_actions(context: Context, resource: Resource, examples: int) -> None:
    """Draw and carry out programs of actions; one that breaks a clause about an instance is shrunk."""
    search(
        context, random_action_programs(resource), action_programs.clauses_of(context, resource), examples=examples,
        perform=functools.partial(action_programs.carry_out, context, resource),
    )  # fmt: skip


def search(
    context: Context, drawn: SearchStrategy[Program], clauses: Sequence[Clause], *, examples: int, perform: Callable[[Program], None]
) -> Program | None:  # fmt: skip
    """Carry out programs until one breaks a clause, and shrink that one; the smallest that was found.

    The verdict about a program is kept, so that a target which behaves differently each time is a deterministic function
    to Hypothesis, and the counterexample shown is one that really happened. That the run cannot go on, for want of requests
    or of a target, is no failure to Hypothesis either: it is raised behind the search.
    """
    memo: dict[Program, bool] = {}
    smallest: list[Program] = []
    ended: list[Exception] = []

    def broken(program: Program) -> bool:
        if len(memo) >= _FACTOR * examples + (_SHRINKING if smallest else 0):
            return False
        before = len(context.session.history)
        perform(program)
        calls = context.session.history.calls[before:]
        return any(context.suspicious(clause, calls) for clause in clauses)

    @seed(context.seed)
    @settings(
        max_examples=examples, database=None, deadline=None, phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck), print_blob=False,
    )  # fmt: skip
    @given(program=drawn)
    def explore(program: Program) -> None:
        if program not in memo and not ended:
            try:
                memo[program] = broken(program)
            except (StageError, ConformanceError) as error:
                ended.append(error)
        if memo.get(program):
            smallest[:] = [min((*smallest, program), key=lambda each: len(each.commands))]
            raise _BrokenError

    with contextlib.suppress(_BrokenError):
        explore()
    if ended:
        raise ended[0]
    return next(iter(smallest), None)

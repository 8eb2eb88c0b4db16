"""Random programs by Hypothesis, with shrinking; what was carried out once is not carried out again."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, given, seed, settings

from conformance.drivers.context import Context
from conformance.drivers.programs import carry_out
from specs import Resource
from strategies import Program
from strategies.random_programs import random_programs

#: Programs carried out at most for each one drawn; shrinking must not cost more than the search.
_FACTOR = 2


class _BrokenError(Exception):
    """A clause looks broken: what Hypothesis is told, so that it shrinks."""


def run(context: Context, resource: Resource, examples: int) -> None:
    """Draw and carry out programs; one that breaks a clause is shrunk.

    The verdict about a program is kept, so that a target which behaves differently each time is a deterministic function
    to Hypothesis, and the counterexample shown is one that really happened.
    """
    operation = context.spec.operations[resource.create.operation]
    clauses = [clause for clause in operation.clauses if clause.kind == "queue-rule" and clause.id in context.selected]
    memo: dict[Program, bool] = {}

    def broken(program: Program) -> bool:
        if len(memo) >= _FACTOR * examples:
            return False
        before = len(context.session.history)
        carry_out(context, resource, program)
        calls = context.session.history.calls[before:]
        return any(context.suspicious(clause, calls) for clause in clauses)

    @seed(context.seed)
    @settings(
        max_examples=examples, database=None, deadline=None, phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck), print_blob=False,
    )  # fmt: skip
    @given(program=random_programs(dependent=resource.dependencies is not None))
    def explore(program: Program) -> None:
        if program not in memo:
            memo[program] = broken(program)
        if memo[program]:
            raise _BrokenError

    try:
        explore()
    except _BrokenError:
        return

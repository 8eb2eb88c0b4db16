"""A run that cannot go on ends a search at once, and as what it is: no failure of the suite."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import strategies as st

from conformance.drivers import random_programs
from conformance.errors import BudgetError
from strategies import Command, Program

if TYPE_CHECKING:
    from conformance.drivers.context import Context
    from specs import Clause

PROGRAMS = st.integers(1, 9).map(
    lambda n: Program(name="p", commands=(Command(verb="start", job="a"),) * n, aspects=())
)


def test_a_budget_that_ends_while_a_program_is_shrunk_ends_the_run() -> None:
    performed: list[Program] = []

    def perform(program: Program) -> None:
        performed.append(program)
        if len(performed) > 2:
            raise BudgetError(2)

    context: Any = SimpleNamespace(session=SimpleNamespace(history=_History()), seed=0, suspicious=lambda *_: True)
    with pytest.raises(BudgetError):
        random_programs.search(
            cast("Context", context), PROGRAMS, [cast("Clause", None)], examples=5, perform=perform
        )  # fmt: skip
    assert len(performed) == 3


class _History:
    calls: tuple[()] = ()

    def __len__(self) -> int:
        return 0

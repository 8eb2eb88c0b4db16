"""Other data for an experiment, chosen by Hypothesis; what breaks a clause is made smaller as long as it still does."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from conformance.drivers.context import Context
from conformance.errors import ConformanceError, StageError
from conformance.history import Call
from specs import Clause

#: Experiments carried out at most for each one drawn, those that only shrink among them.
_FACTOR = 3
_MOST = 2**20


class _BrokenError(Exception):
    """The clause looks broken: what Hypothesis is told, so that it shrinks."""


def search(context: Context, clause: Clause, carry_out: Callable[[int], object], *, examples: int) -> None:
    """Carry an experiment out with data of several seeds; smaller seeds make smaller data.

    The verdict about a seed is kept, so that a target which behaves differently each time does not confuse the search.
    """
    memo: dict[int, bool] = {}
    ended: list[Exception] = []

    @seed(context.seed)
    @settings(
        max_examples=examples, database=None, deadline=None, phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck), print_blob=False,
    )  # fmt: skip
    @given(number=st.integers(1, _MOST))
    def explore(number: int) -> None:
        if number not in memo and len(memo) < _FACTOR * examples and not ended:
            before = len(context.session.history)
            try:
                carry_out(number)
            except (StageError, ConformanceError) as error:
                ended.append(error)
                return
            seen: Sequence[Call] = context.session.history.calls[before:]
            memo[number] = context.suspicious(clause, seen)
        if memo.get(number, False):
            raise _BrokenError

    with contextlib.suppress(_BrokenError):
        explore()
    if ended:
        raise ended[0]

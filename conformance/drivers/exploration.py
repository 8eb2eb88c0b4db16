"""Random requests by Hypothesis, with shrinking; the only driver that imports it."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from conformance.drivers.context import Context
from conformance.drivers.ranges import accept, control
from conformance.errors import ConformanceError, StageError
from conformance.history import Call, Intent
from specs import Operation
from strategies import Probe
from strategies.exploration import breakable, valid_requests, violations

SCENARIO = "exploration"
_VIOLATIONS_A_CONTROL = 4


@dataclass(slots=True, kw_only=True)
class Controls:
    """Groups of a few violations each, with a control before the first of them where the operation only reads."""

    context: Context
    operation: Operation
    group: int = 0
    before: Call | None = None
    _left: int = 0

    def take(self) -> None:
        """Get ready for one violation more."""
        if self._left == 0:
            self.group, self._left = self.context.session.group(), _VIOLATIONS_A_CONTROL
            if self.operation.effect == "read":
                self.before = control(self.context, self.operation, self.group, scenario=SCENARIO)
        self._left -= 1


class _BrokenError(Exception):
    """A clause looks broken: what Hypothesis is told, so that it shrinks."""


def run(context: Context, operation: Operation) -> None:
    """Draw valid and singly invalid requests; each found breach is shrunk, and what was seen once is not sent again."""
    examples = context.profile.examples
    if examples == 0:
        return
    if f"{context.spec.api}.{operation.name}/request/valid" in context.selected:
        _explore(context, valid_requests(operation), lambda drawn: _valid(context, operation, drawn), examples)
    if breakable(operation, context.spec.api):
        controls = Controls(context=context, operation=operation)
        _explore(
            context,
            violations(operation, context.spec.api),
            lambda drawn: _invalid(context, operation, drawn, controls),
            examples,
        )


def _explore(context: Context, strategy: Any, attempt: Callable[[Any], bool], examples: int) -> None:
    """Run Hypothesis over one strategy; ``attempt`` tells whether a drawn value breaks a clause."""
    memo: dict[str, bool] = {}
    ended: list[Exception] = []

    @seed(context.seed)
    @settings(
        max_examples=examples, database=None, deadline=None, phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck), print_blob=False,
    )  # fmt: skip
    @given(drawn=strategy)
    def explore(drawn: Any) -> None:
        name = json.dumps(drawn.arguments if isinstance(drawn, Probe) else drawn, sort_keys=True, default=str)
        if name not in memo and not ended:
            try:
                memo[name] = attempt(drawn)
            except (StageError, ConformanceError) as error:
                ended.append(error)
        if memo.get(name):
            raise _BrokenError

    with contextlib.suppress(_BrokenError):
        explore()
    if ended:
        raise ended[0]


def _suspicious(context: Context, clause: str, calls: Sequence[Call]) -> bool:
    return context.suspicious(context.spec.clause(clause), calls)


def _valid(context: Context, operation: Operation, arguments: Mapping[str, Any]) -> bool:
    identifier = f"{context.spec.api}.{operation.name}/request/valid"
    probe = Probe(clause=identifier, role="inside", case=_case(operation, arguments), arguments=arguments)
    return _suspicious(context, identifier, accept(context, operation, probe, scenario=SCENARIO))


def _case(operation: Operation, arguments: Mapping[str, Any]) -> str:
    added = {name: value for name, value in arguments.items() if operation.base.get(name) != value}
    return json.dumps(added, sort_keys=True, default=str)[:120] if added else "base"


def _invalid(context: Context, operation: Operation, probe: Probe, controls: Controls) -> bool:
    """One violation; controls around it are sent only every now and then, since the portfolio has proven the edges."""
    try:
        arguments = context.stage.resolve(probe.arguments)
        controls.take()
        before, group = controls.before, controls.group
        intent = Intent(scenario=SCENARIO, role="outside", clause=probe.clause, case=probe.case, group=group)
        call = context.session.call(operation, arguments, intent)
    except StageError as error:
        context.note(operation.name, str(error))
        return False
    calls = [each for each in (before, call) if each is not None]
    made = context.stage.registered(call)
    if made is not None and made.resource.late_refusal:
        context.stage.wait(made, scenario=SCENARIO)
        read, _ = context.stage.read(made, role="late", scenario=SCENARIO, group=group)
        calls.append(read)
    if made is not None:
        context.stage.discard(made)
    return _suspicious(context, probe.clause, calls)

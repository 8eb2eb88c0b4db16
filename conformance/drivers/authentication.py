"""Sends each operation unsigned and with signatures that are wrong in one way."""

from __future__ import annotations

from typing import cast

from conformance.drivers.context import Context
from conformance.drivers.ranges import control
from conformance.errors import StageError
from conformance.history import Intent
from conformance.target import Tampering
from specs import Operation
from strategies import based

SCENARIO = "auth"


def run(context: Context, operation: Operation) -> None:
    """Exercise the auth clauses of an operation; nothing is sent to a target that takes unsigned requests."""
    credentials = context.session.target.credentials
    if credentials.scheme == "none" or not credentials.checked or not context.wants(operation, "auth"):
        return
    group = context.session.group()
    if control(context, operation, group, scenario=SCENARIO) is None:
        return
    for clause in operation.clauses:
        if clause.kind != "auth" or clause.id not in context.selected or clause.not_tested:
            continue
        way = cast("Tampering", clause.data["way"])
        intent = Intent(scenario=SCENARIO, role="auth", clause=clause.id, case=way, group=group)
        try:
            arguments = context.stage.resolve(based(operation))
            call = context.session.call(operation, arguments, intent, tampering=way)
        except StageError as error:
            context.note(operation.name, str(error))
            return
        made = context.stage.registered(call)
        if made is not None:
            context.stage.discard(made)
    control(context, operation, group, scenario=SCENARIO)

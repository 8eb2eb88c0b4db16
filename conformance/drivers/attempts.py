"""Tries what must come to nothing, and sees what comes of it."""

from __future__ import annotations

from conformance.drivers.context import Context
from conformance.drivers.ranges import control
from conformance.errors import StageError
from conformance.history import Intent
from specs import Resource
from strategies import based

SCENARIO = "attempt"


def run(context: Context, resource: Resource) -> None:
    """Try each attempt once, between two controls; what is accepted is followed to its end."""
    operation = context.spec.operations[resource.create.operation]
    for clause in operation.clauses:
        if clause.kind != "attempt" or clause.id not in context.selected:
            continue
        group = context.session.group()
        if control(context, operation, group, scenario=SCENARIO) is None:
            return
        try:
            tried = resource.attempts[clause.data["attempt"]].arguments
            arguments = context.stage.resolve({**based(operation), **tried})
        except StageError as error:
            context.note(operation.name, str(error))
            continue
        intent = Intent(scenario=SCENARIO, role="attempt", clause=clause.id, case=clause.data["attempt"], group=group)
        made = context.stage.registered(context.session.call(operation, arguments, intent))
        if made is not None and resource.read is not None:
            context.stage.wait(made, scenario=SCENARIO)
            context.stage.read(made, role="outcome", scenario=SCENARIO, group=group)
            context.stage.release(made)
        control(context, operation, group, scenario=SCENARIO)

"""Cases by Schemathesis over the exported OpenAPI description."""

from __future__ import annotations

from conformance.drivers.context import Context
from conformance.errors import StageError, WithheldError
from conformance.guard import asked
from conformance.history import Intent
from specs import Request, place_values, to_openapi
from strategies.schemathesis_cases import cases

SCENARIO = "raw"


def run(context: Context) -> None:
    """Send raw cases for every operation with a selected robustness clause."""
    wanted = [o for o in context.spec.operations.values() if context.wants(o, "no-server-error", "answered")]
    if context.profile.raw_cases == 0 or not wanted:
        return
    pinned = {}
    for operation in wanted:
        for parameter in operation.parameters:
            if parameter.location == "path" and parameter.schema.get("refers") in context.spec.resources:
                try:
                    pinned[parameter.name] = context.stage.instance(parameter.schema["refers"]).id
                except StageError as error:
                    context.note(operation.name, str(error))
    document = to_openapi(context.spec)
    names = [operation.name for operation in wanted]
    for case in cases(document, names, count=context.profile.raw_cases, seed=context.seed, pinned=pinned):
        request = Request(
            method=case.method,
            path=case.path,
            query=case.query,
            headers={**context.spec.headers, **case.headers},
            body=case.body,
        )
        meant = asked(context.spec, request)  # with another method, it may be another operation
        name = case.operation if meant is None else meant.name
        said = {} if meant is None else place_values(meant, request.path)  # what is acted on counts as touched
        intent = Intent(scenario=SCENARIO, role="raw", case=case.media_type or "", arguments=said)
        try:
            call = context.session.send(name, request, intent)
        except WithheldError:
            continue  # one case of many, and made up without knowing what is ours
        made = context.stage.registered(call)
        if made is not None:
            context.stage.discard(made)

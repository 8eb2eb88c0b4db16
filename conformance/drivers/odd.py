"""Sends what no client would: broken bodies, absent ids, wrong methods, odd addresses and media types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from conformance.drivers.context import Context
from conformance.drivers.ranges import control
from conformance.errors import StageError
from conformance.history import Call, Intent
from specs import Operation, Request, build
from strategies import based, put

SCENARIO = "odd"
_DEEP = 20_000
_JSON_BODIES = {
    "malformed": {"cut off": b'{"name": ', "not JSON at all": b"name=value", "trailing comma": b'{"name": 1,}'},
    "wrong-root": {"a list": b"[1]", "a text": b'"text"', "a number": b"7"},
}
_XML_BODIES = {
    "malformed": {"cut off": b"<Request><Name>", "not XML at all": b"name=value", "two roots": b"<A/><B/>"},
    "wrong-root": {"another root": b"<SomethingElse/>"},
}
_ODD_JSON = {
    "deep nesting": b'{"a":' * _DEEP + b"1" + b"}" * _DEEP,
    "not a number": b'{"limit": NaN}',
    "huge integer": b'{"limit": ' + b"9" * 5_000 + b"}",
    "lone surrogate": b'{"name": "\\ud800"}',
    "invalid UTF-8": b'{"name": "\xff\xfe"}',
    "byte order mark": b"\xef\xbb\xbf{}",
    "NUL": b'{"name": "a\\u0000b"}',
}
_ODD_XML = {
    "entity bomb": b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>',
    "external entity": b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///nowhere">]><a>&b;</a>',
    "deep nesting": b"<a>" * 2_000 + b"</a>" * 2_000,
    "invalid UTF-8": b"<a>\xff\xfe</a>",
    "NUL": b"<a>\x00</a>",
}


def run(context: Context, operation: Operation) -> None:
    """Exercise body errors, unknown ids and the robustness of one operation."""
    if context.wants(operation, "body-error"):
        broken_bodies(context, operation)
    if context.wants(operation, "unknown-id"):
        unknown_ids(context, operation)
    if context.wants(operation, "no-server-error", "answered"):
        odd_requests(context, operation)


def broken_bodies(context: Context, operation: Operation) -> None:
    """Bodies that are no bodies, between controls."""
    group = context.session.group()
    if control(context, operation, group, scenario=SCENARIO) is None:
        return
    for kind, bodies in (_XML_BODIES if operation.body_root else _JSON_BODIES).items():
        for case, body in bodies.items():
            identifier = f"{context.spec.api}.{operation.name}/body/{kind}"
            intent = Intent(scenario=SCENARIO, role="outside", clause=identifier, case=case, group=group)
            _send(context, operation, intent, lambda request, body=body: replace(request, body=body), {})
    control(context, operation, group, scenario=SCENARIO)


def unknown_ids(context: Context, operation: Operation) -> None:
    """Well-formed ids that name nothing."""
    group = context.session.group()
    control(context, operation, group, scenario=SCENARIO)
    for field in operation.fields():
        for value in field.schema.get("absent", ()):
            identifier = f"{context.spec.api}.{operation.name}/{field.name}/unknown"
            if identifier not in context.selected:
                continue
            intent = Intent(scenario=SCENARIO, role="outside", clause=identifier, case=str(value), group=group)
            try:
                arguments = context.stage.resolve(put(operation, based(operation, field), field, value))
                context.session.call(operation, arguments, intent)
            except StageError as error:
                context.note(operation.name, str(error))
    control(context, operation, group, scenario=SCENARIO)


def _send(context: Context, operation: Operation, intent: Intent, change: Any, held: Mapping[str, Any]) -> Call | None:
    """Send a changed request; ``held`` are arguments that are settled already."""
    try:
        planned = based(operation)
        arguments = {**context.stage.resolve({n: v for n, v in planned.items() if n not in held}), **held}
        request = change(build(operation, arguments, headers=context.spec.headers))
        call = context.session.send(operation.name, request, replace(intent, arguments=arguments))
    except StageError as error:
        context.note(operation.name, str(error))
        return None
    made = context.stage.registered(call)
    if made is not None:
        context.stage.discard(made)
    return call


def _places(context: Context, operation: Operation) -> dict[str, Any]:
    """Ids for the path, of instances that serve for many requests: what they are in is no matter here."""
    names = {parameter.name for parameter in operation.parameters if parameter.location == "path"}
    try:
        return dict(context.stage.resolve({n: v for n, v in based(operation).items() if n in names}))
    except StageError:
        return {}


def odd_requests(context: Context, operation: Operation) -> None:
    """Requests that keep to HTTP and to little else."""
    held = _places(context, operation)
    for case, change in _changes(operation):
        call = _send(context, operation, Intent(scenario=SCENARIO, role="odd", case=case), change, held)
        if call is not None and operation.effect in {"cancel", "delete"} and context.session.answer(call).success:
            held = _places(context, operation)


def _changes(operation: Operation) -> Iterator[tuple[str, Any]]:
    if operation.media_sent is not None:
        for case, body in (_ODD_XML if operation.body_root else _ODD_JSON).items():
            yield case, lambda request, body=body: replace(request, body=body)
        for media in (
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data",
            "application/octet-stream",
        ):
            yield media, lambda request, media=media: _header(request, "Content-Type", media)
        yield "no body", lambda request: replace(request, body=b"")
    else:
        yield "body where none is known", lambda request: replace(request, body=b'{"unexpected": true}')
    yield "odd Accept", lambda request: _header(request, "Accept", "image/png;q=0.1, */*;q=-1")
    yield "long header", lambda request: _header(request, "X-Long", "x" * 4_000)
    yield "unknown parameter", lambda request: replace(request, query=(*request.query, ("no-such-parameter", "1")))
    yield (
        "strange characters",
        lambda request: replace(request, query=(*request.query, ("\u202e\x00", "\ud7ff%00/../"))),
    )
    yield "long query", lambda request: replace(request, query=(*request.query, ("filler", "x" * 6_000)))
    for method in ("PUT", "PATCH", "OPTIONS", "HEAD", "BREW"):
        if method != operation.method:
            yield f"method {method}", lambda request, method=method: replace(request, method=method)
    yield "path below", lambda request: replace(request, path=f"{request.path}/no/such/place")
    yield "percent signs in the path", lambda request: replace(request, path=f"{request.path}%2F%00%FF")
    for parameter in operation.parameters:
        if parameter.location == "query":
            yield (
                f"{parameter.name} twice",
                lambda request, name=parameter.name: replace(request, query=(*request.query, (name, "1"), (name, "x"))),
            )
            yield (
                f"{parameter.name} empty",
                lambda request, name=parameter.name: replace(request, query=(*request.query, (name, ""))),
            )
            yield (
                f"{parameter.name} enormous",
                lambda request, name=parameter.name: replace(request, query=(*request.query, (name, "9" * 5_000))),
            )


def _header(request: Request, name: str, value: str) -> Request:
    return replace(request, headers={**request.headers, name: value})

"""Exports a specification as an OpenAPI 3.1 document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import Any

from specs.errors import SpecError
from specs.openapi_links import links_of
from specs.openapi_schema import Media, has_placeholder, translate
from specs.operation import Operation
from specs.parameter import Parameter
from specs.spec import Errors, Spec

_MEDIA_TYPES: dict[str, str] = {"json": "application/json", "xml": "application/xml"}


def to_openapi(spec: Spec) -> dict[str, Any]:
    """Say all operations of an API as an OpenAPI 3.1 document, without servers and without security schemes.

    Only what OpenAPI can say is said: constraints in words of our own become standard keywords or, where there are
    none, a description.

    Raises:
        SpecError: two operations have the same method and path.

    """
    paths: dict[str, dict[str, Any]] = {}
    for operation in spec.operations.values():
        item = paths.setdefault(operation.path, {})
        method = operation.method.lower()
        if method in item:
            taken = item[method]["operationId"]
            raise SpecError(
                f"{spec.api}/{operation.name}.yaml",
                "/request/path",
                f"{operation.method} {operation.path} is that of operation={taken!r} too, and OpenAPI cannot say both",
            )
        item[method] = _operation(operation, spec)
    return {
        "openapi": "3.1.0",
        "info": {"title": spec.title, "version": spec.edition or "1"},
        "paths": paths,
    }


def _operation(operation: Operation, spec: Spec) -> dict[str, Any]:
    result: dict[str, Any] = {"operationId": operation.name, "summary": operation.summary}
    parameters = [_parameter(each, operation) for each in operation.parameters if each.location != "body"]
    if parameters:
        result["parameters"] = parameters
    if operation.media_sent is not None:
        result["requestBody"] = _request_body(operation)
    result["responses"] = {
        **_success(operation, spec),
        **_refusals(operation, spec.errors),
        "default": _default(operation, spec.errors),
    }
    return result


def _parameter(parameter: Parameter, operation: Operation) -> dict[str, Any]:
    schema = translate(parameter.schema)
    result: dict[str, Any] = {
        "name": parameter.name,
        "in": parameter.location,
        "required": parameter.required or parameter.location == "path",
        "schema": schema,
    }
    if "description" in schema:
        result["description"] = schema.pop("description")
    if parameter.name in operation.base and not has_placeholder(operation.base[parameter.name]):
        result["example"] = operation.base[parameter.name]
    return result


def _request_body(operation: Operation) -> dict[str, Any]:
    media: Media = "json" if operation.body_root is None else "xml"
    members = [each for each in operation.parameters if each.location == "body"]
    schema: dict[str, Any] = {"type": "object", "properties": {}}
    for each in members:
        member = schema["properties"][each.name] = translate(each.schema, media=media, name=each.name)
        if each.name in operation.base and not has_placeholder(operation.base[each.name]):
            member["examples"] = [operation.base[each.name]]
    required = [each.name for each in members if each.required]
    if required:
        schema["required"] = required
    if operation.exactly_one_of and operation.body_root is None:
        schema["oneOf"] = [{"required": [name]} for name in operation.exactly_one_of]
    if operation.body_root is not None:
        schema["xml"] = _root(operation.body_root, operation.body_namespace)
    content: dict[str, Any] = {"schema": schema}
    example = {each.name: operation.base[each.name] for each in members if each.name in operation.base}
    if example and not has_placeholder(example):
        content["example"] = example
    return {"required": operation.body_required or bool(required), "content": {_MEDIA_TYPES[media]: content}}


def _root(name: str, namespace: str | None) -> dict[str, str]:
    return {"name": name} if namespace is None else {"name": name, "namespace": namespace}


def _success(operation: Operation, spec: Spec) -> dict[str, Any]:
    response = operation.response
    answer: dict[str, Any] = {
        "description": "Success; the body may be missing." if response.body_optional else "Success."
    }
    if response.media != "none":
        schema = translate(response.schema, media="xml" if response.media == "xml" else "json")
        if response.root is not None:
            schema["xml"] = {**schema.get("xml", {}), "name": response.root}
        answer["content"] = {_MEDIA_TYPES[response.media]: {"schema": schema}}
    links = links_of(operation, spec)
    if links:
        answer["links"] = links
    return {str(status): answer for status in response.statuses}


def _names(operation: Operation, errors: Errors) -> Iterator[tuple[str, tuple[int, ...]]]:
    for name in dict.fromkeys((*operation.errors, *errors.common)):
        yield name, errors.statuses(name) or ()


def _refusals(operation: Operation, errors: Errors) -> dict[str, Any]:
    by_status: dict[int, list[str]] = {}
    for name, statuses in _names(operation, errors):
        for status in statuses:
            by_status.setdefault(status, []).append(name)
    return {
        str(status): {"description": f"{_phrase(status)}: {_listed(names)}."}
        for status, names in sorted(by_status.items())
        if status not in operation.response.statuses
    }


def _default(operation: Operation, errors: Errors) -> dict[str, Any]:
    unplaced = [name for name, statuses in _names(operation, errors) if not statuses]
    if unplaced:
        return {"description": f"Any other refusal, of a status no document names: {_listed(unplaced)}."}
    return {"description": "Any other refusal."}


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"Status {status}"

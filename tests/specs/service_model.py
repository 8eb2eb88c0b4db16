"""What a specification and botocore's service model say of the same operations, as facts that can be compared."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import Any

from botocore.loaders import Loader
from botocore.model import ListShape, MapShape, OperationModel, ServiceModel, Shape, StructureShape

from specs import ITEM, Operation, Spec

Facts = dict[str, Any]

SERVICES = {"batch": "batch", "neptune": "neptunedata", "omics": "omics", "s3control": "s3control"}
_PLACES = {"uri": "path", "querystring": "query", "header": "header"}
_TYPES = {
    "string": "string", "timestamp": "string", "blob": "string", "integer": "integer", "long": "integer",
    "float": "number", "double": "number", "boolean": "boolean", "list": "array", "structure": "object",
    "map": "object",
}  # fmt: skip


@functools.cache
def service_model(api: str) -> ServiceModel:
    """Load the model that botocore ships for an API."""
    return ServiceModel(Loader().load_service_model(SERVICES[api], "service-2"))


def model_facts(api: str, name: str) -> Facts:
    """Facts of an operation by botocore's model; the keys are ``<field>/<fact>``."""
    operation = service_model(api).operation_model(name)
    facts = {"request/method": operation.http["method"], "request/path": operation.http["requestUri"].partition("?")[0]}
    xml = operation.service_model.metadata["protocol"] == "rest-xml"
    for field, facet, value in _members(operation, xml=xml):
        facts[f"{field}/{facet}"] = value
    errors = {shape.name: shape.metadata.get("error", {}).get("httpStatusCode") for shape in operation.error_shapes}
    facts |= {f"errors/{error}/listed": True for error in errors}
    facts |= {f"errors/{error}/status": status for error, status in errors.items() if status is not None}
    return facts


_NUMBERS = {1: "one", 2: "two", 3: "three"}


def told_in_words(api: str, name: str, field: str, bound: Any) -> bool:
    """Whether the model's own words about a member, or what it is a member of, have a bound that its shapes do not."""
    words = ""
    shape: Any = service_model(api).operation_model(name).input_shape
    for part in field.replace(ITEM, f".{ITEM}").split("."):
        shape = shape.member if part == ITEM else shape.members[part]
        words += f" {shape.documentation}"
    plain = re.sub(r"<[^>]+>", " ", words).replace(",", "")
    spelled = (str(bound), _NUMBERS.get(bound, str(bound))) if isinstance(bound, int) else ()
    return any(re.search(rf"\b{each}\b", plain) for each in spelled)


def _members(operation: OperationModel, *, xml: bool) -> Iterator[tuple[str, str, Any]]:
    shape = operation.input_shape
    if shape is None:
        return
    for name, member in shape.members.items():
        wire = member.serialization.get("name", name)
        location = _PLACES.get(member.serialization.get("location", ""), "body")
        yield wire, "location", location
        yield wire, "required", name in shape.required_members
        yield from _shape(wire, member, (), location=location, xml=xml)


def _shape(
    field: str, shape: Shape, above: tuple[str, ...], *, location: str, xml: bool
) -> Iterator[tuple[str, str, Any]]:
    listed = shape.type_name == "list" or (shape.type_name == "map" and xml)
    yield field, "type", "array" if listed else _TYPES[shape.type_name]
    text = shape.type_name in {"string", "blob"}
    names = ("minLength", "maxLength") if text else ("minItems", "maxItems") if listed else ("minimum", "maximum")
    if listed or shape.type_name != "map":
        for name, bound in zip(names, ("min", "max"), strict=True):
            if bound in shape.metadata:
                yield field, name, shape.metadata[bound]
    if "enum" in shape.metadata:
        yield field, "enum", sorted(shape.metadata["enum"])
    if "pattern" in shape.metadata:
        yield field, "pattern", whole(shape.metadata["pattern"])
    if shape.name not in above:
        for nested, member, required in _below(field, shape, xml=xml):
            yield nested, "location", location
            yield nested, "required", required
            if member is None:
                yield nested, "type", "object"
            else:
                yield from _shape(nested, member, (*above, shape.name), location=location, xml=xml)


def _below(field: str, shape: Shape, *, xml: bool) -> Iterator[tuple[str, Shape | None, bool]]:
    """Members of a structure, items of a list; in XML a map is a list of entries with key and value."""
    if isinstance(shape, StructureShape):
        for name, member in shape.members.items():
            yield f"{field}.{member.serialization.get('name', name)}", member, name in shape.required_members
    elif isinstance(shape, ListShape):
        yield f"{field}{ITEM}", shape.member, False
    elif isinstance(shape, MapShape) and xml:
        yield f"{field}{ITEM}", None, False
        yield f"{field}{ITEM}.key", shape.key, True
        yield f"{field}{ITEM}.value", shape.value, True


def whole(pattern: str) -> str:
    """Leave out the anchors, and a group around everything: here, patterns are about the whole value anyway."""
    inner = pattern.removeprefix("^").removesuffix("$") if pattern.startswith("^") else pattern
    grouped = inner.startswith("(") and inner.endswith(")") and "(" not in inner[1:-1]
    return inner[1:-1] if grouped else inner


def spec_facts(spec: Spec, operation: Operation) -> Facts:
    """Facts of an operation by its specification, in the same words."""
    facts: Facts = {"request/method": operation.method, "request/path": operation.path}
    for field in operation.fields():
        schema = field.schema
        facts[f"{field.name}/location"] = field.location
        facts[f"{field.name}/required"] = field.required
        facts[f"{field.name}/type"] = field.type
        for facet in ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"):
            if facet in schema:
                facts[f"{field.name}/{facet}"] = schema[facet]
        if "pattern" in schema:
            facts[f"{field.name}/pattern"] = whole(schema["pattern"])
        if "enum" in schema:
            facts[f"{field.name}/enum"] = sorted(schema["enum"])
        if "textCategories" in schema:
            facts[f"{field.name}/pattern"] = categories_as_pattern(schema["textCategories"])
    facts |= {f"errors/{name}/listed": True for name in operation.errors}
    for name in operation.errors:
        statuses = spec.errors.statuses(name) or ()
        facts[f"errors/{name}/status"] = statuses[0] if len(statuses) == 1 else list(statuses)
    return facts


def categories_as_pattern(categories: list[str]) -> str:
    """Write Unicode categories as the models do."""
    return "[" + "||".join(rf"\p{{{each}}}" for each in categories) + "]+"


def differences(ours: Facts, theirs: Facts) -> dict[str, tuple[Any, Any]]:
    """Facts in which the two differ, each as (ours, theirs); what is below a missing field is not told again."""
    places = {key.rpartition("/")[0] for key in ours} ^ {key.rpartition("/")[0] for key in theirs}
    told: dict[str, tuple[Any, Any]] = {}
    for key in sorted(ours.keys() | theirs.keys()):
        place, _, fact = key.rpartition("/")
        error = place.startswith("errors/")
        # Models of some protocols give no statuses; the pages that do are in no model.
        if ours.get(key) == theirs.get(key) or (error and fact == "status" and key not in theirs):
            continue
        if place in places and not error:
            above = _above(place)
            if fact == "type" and (above is None or above not in places):
                told[place] = ("missing", "present") if key in theirs else ("present", "missing")
            continue
        told[key] = (ours.get(key), theirs.get(key))
    return told


def _above(place: str) -> str | None:
    if place.endswith(ITEM):
        return place.removesuffix(ITEM)
    head, dot, _ = place.rpartition(".")
    return head if dot else None

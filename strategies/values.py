"""Values on the edges of a schema: just inside, and each way outside by one constraint only."""

from __future__ import annotations

import copy
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

import regex

from specs import Constraint, Field

Case = tuple[str, Any]
Schema = Mapping[str, Any]
UNIQUE, UNIQUE_LENGTH = "${unique}", 13
#: Names begin with it, and it is as long as this at most.
PREFIX, _PREFIXED = "${prefix}", "a" * 20
#: Characters for texts of Unicode categories, one of each of the major classes, all in the Basic Multilingual Plane.
_SAMPLES = {"L": "é", "M": "a\u0301", "Z": "a b", "S": "+", "N": "7", "P": "-"}
_OUTSIDE_CATEGORIES = {"control": "a\u0007b", "line feed": "a\nb", "format": "a\u200bb", "private use": "a\ue000b"}


def text_of_length(schema: Schema, length: int) -> str:
    """A text of exactly this length that keeps to the schema's pattern, made by its ``stretch``."""
    shape = schema.get("stretch", {})
    prefix, fill, suffix = shape.get("prefix", ""), shape.get("fill", "a"), shape.get("suffix", "")
    room = length - length_of(prefix) - length_of(suffix)
    if room < 0 and UNIQUE in prefix:
        return str((fill * length)[:length])
    if room < 0:
        return str((prefix + suffix)[:length])
    return str(prefix + (fill * (room // len(fill) + 1))[:room] + suffix)


def length_of(text: str) -> int:
    """Length of a text once ``${unique}`` in it is filled in."""
    return len(text) + text.count(UNIQUE) * (UNIQUE_LENGTH - len(UNIQUE))


def sample(schema: Schema) -> Any:
    """A plain valid value of a schema."""
    for keyword in ("accepts", "enum"):
        if schema.get(keyword):
            return copy.deepcopy(schema[keyword][0])
    if "default" in schema:
        return schema["default"]
    kind = schema.get("type", "string")
    if kind == "object":
        return _sample_object(schema)
    if kind == "array":
        return [sample(schema.get("items", {})) for _ in range(max(1, schema.get("minItems", 0)))]
    if kind == "integer":
        return int(schema.get("minimum", 1))
    if kind == "boolean":
        return True
    return text_of_length(schema, max(schema.get("minLength", 1), min(8, schema.get("maxLength", 8))))


def _sample_object(schema: Schema) -> dict[str, Any]:
    properties = schema.get("properties", {})
    wanted = [*schema.get("required", ()), *schema.get("exactlyOneOf", ())[:1]]
    return {name: sample(properties[name]) for name in dict.fromkeys(wanted) if name in properties}


def is_text(field: Field, *, text: bool) -> bool:
    """Whether the field's value is written as text: in a path, a query, a header, or an XML body."""
    return text or field.location != "body"


def inside(constraint: Constraint, *, text: bool = False) -> Iterator[Case]:  # noqa: ARG001 - called as `outside` is
    """Values on the inner edge of a constraint, each named by its case."""
    field, aspect = constraint.field, constraint.aspect
    schema = field.schema
    if aspect == "allowed-values":
        for value in schema.get("accepts", schema["enum"]):
            yield str(value), value
    elif aspect in {"minimum", "maximum"}:
        yield f"{schema[aspect]}", schema[aspect]
    elif aspect in {"min-length", "max-length"}:
        length = schema["minLength" if aspect == "min-length" else "maxLength"]
        value = text_of_length(schema, length)
        if length <= 20_000 and length_of(value) == length and satisfies(value, schema):
            yield f"length {length}", value
    elif aspect == "pattern":
        yield from ((str(value)[:60], value) for value in schema.get("accepts", ()))
    elif aspect == "alphabet":
        for category in schema["textCategories"]:
            value = _padded(_SAMPLES[category], schema)
            if satisfies(value, schema):
                yield f"category {category}", value
    elif aspect == "exactly-one-of":
        for name in schema["exactlyOneOf"]:
            yield f"{name} alone", _only(schema, [name])
    elif aspect == "type":
        yield from _of_type(schema)


def _of_type(schema: Schema) -> Iterator[Case]:
    if "enum" in schema:
        return
    if schema.get("type") == "boolean":
        yield from ((str(value), value) for value in schema.get("accepts", [True, False]))
    elif schema.get("accepts"):
        yield from (("accepted sample " + str(value)[:40], value) for value in schema["accepts"])


def _padded(value: str, schema: Schema) -> str:
    return value + "a" * max(0, int(schema.get("minLength", 0)) - len(value))


def _only(schema: Schema, names: list[str]) -> dict[str, Any]:
    properties = schema.get("properties", {})
    kept = [name for name in schema.get("required", ()) if name not in schema["exactlyOneOf"]]
    return {name: sample(properties[name]) for name in (*kept, *names)}


def outside(constraint: Constraint, *, text: bool = False) -> Iterator[Case]:
    """Values that break this constraint and no other, each named by its case; ``required`` has no value."""
    field, aspect = constraint.field, constraint.aspect
    schema = field.schema
    if aspect == "type":
        yield from _wrong_types(field, text=text)
    elif aspect == "allowed-values":
        yield from ((str(value), value) for value in schema.get("rejects", ["no-such-value"]))
    elif aspect == "minimum":
        yield f"{schema['minimum'] - 1}", schema["minimum"] - 1
    elif aspect == "maximum":
        yield f"{schema['maximum'] + 1}", schema["maximum"] + 1
        yield "far above", schema["maximum"] * 1000 + 1
    elif aspect == "min-length":
        value = text_of_length(schema, schema["minLength"] - 1)
        if value or not is_text(field, text=text):
            yield f"length {length_of(value)}", value
    elif aspect == "max-length":
        value = text_of_length(schema, schema["maxLength"] + 1)
        if length_of(value) == schema["maxLength"] + 1:
            yield f"length {length_of(value)}", value
    elif aspect == "pattern":
        yield from ((str(value)[:60], value) for value in schema.get("rejects", ()))
    elif aspect == "alphabet":
        yield from _wrong_characters(field, text=text)
    elif aspect == "exactly-one-of":
        names = schema["exactlyOneOf"]
        yield "none of them", _only(schema, [])
        if len(names) > 1:
            yield f"{names[0]} and {names[1]}", _only(schema, list(names[:2]))


def _wrong_characters(field: Field, *, text: bool) -> Iterator[Case]:
    for name, value in _OUTSIDE_CATEGORIES.items():
        if text and name in {"control", "line feed"}:
            continue  # XML cannot carry the one and folds the other
        if field.location in {"header", "path"} and name != "private use":
            continue
        yield name, _padded(value, field.schema)


def _wrong_types(field: Field, *, text: bool) -> Iterator[Case]:
    as_text = is_text(field, text=text)
    if field.type == "integer":
        yield "a word", "abc"
        yield from (("a fraction", "1.5"),) if as_text else (("a list", [1]), ("an object", {"value": 1}))
    elif field.type == "boolean":
        yield "a word", "maybe"
        if not as_text:
            yield "a list", [True]
    elif field.type == "array":
        yield "an object", {"value": 1}
        yield "a number", 5
    elif field.type == "object":
        yield "a list", ["value"]
        yield "a text", "value"
    else:
        yield "a list", ["value"]
        yield "an object", {"value": "value"}


def satisfies(value: str, schema: Schema) -> bool:
    """Whether a text keeps to length, pattern and alphabet of a schema; ``${unique}`` and ``${prefix}`` count as filled in."""
    value = value.replace(UNIQUE, "0" * UNIQUE_LENGTH).replace(PREFIX, _PREFIXED)
    if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
        return False
    if "pattern" in schema and regex.fullmatch(schema["pattern"], value) is None:
        return False
    categories = schema.get("textCategories")
    return not categories or all(unicodedata.category(character)[0] in categories for character in value)

"""Values that differ from a value, that break a schema, or that keep to it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

from conformance.moment import moment
from specs import problem

_TEXTS = (
    "text", "1234567890", "123456789012", "2026-01-02T03:04:05Z", "2026-01-02T03:04:05.000Z", "2026-01-02T03:04:05+00:00",
    "arn:aws:s3:us-east-1:123456789012:job/1", "arn:aws:s3:::conformance", "arn:aws:s3:::conformance/key", "arn:aws:iam::123456789012:role/conformance",
    "arn:aws:kms:us-east-1:123456789012:key/00000000-0000-4000-8000-000000000000", "s3://conformance/key", "true", "0",
    "arn:aws:omics:us-east-1:123456789012:referenceStore/1234567890", "aaaaaaaaaaaaaaaa", "00000000-0000-4000-8000-000000000000",
    "arn:aws:lambda:us-east-1:123456789012:function:conformance", "a", "conformance", "x" * 12, "x" * 40, "{}",
)  # fmt: skip
_WRONG: tuple[Any, ...] = ({"conformance": "x"}, [], "conformance: not this", "", -1, 12345.5, True, None, [[]])


def another(value: Any) -> Any:
    """A value of the same type that is not the same."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    if isinstance(value, str):
        return shifted(value, 3_600.0) if moment(value) is not None else f"{value}-other"
    return "conformance-other"


def shifted(value: Any, seconds: float) -> Any:
    """A time moved, in its own spelling."""
    if isinstance(value, int | float):
        return value + seconds
    parsed = datetime.datetime.fromisoformat(str(value))
    text = (parsed + datetime.timedelta(seconds=seconds)).isoformat()
    return text.replace("+00:00", "Z") if "Z" in str(value) else text


def breaking(schema: Mapping[str, Any]) -> Iterator[Any]:
    """Values that do not keep to a schema."""
    yield from (value for value in _WRONG if problem(schema, value))


def fitting(schema: Mapping[str, Any]) -> Any:
    """A value that keeps to a schema, with every member it may have; raises LookupError where none is known."""
    kind = schema.get("type")
    kind = kind[0] if isinstance(kind, list) else kind
    if "const" in schema:
        return schema["const"]
    if schema.get("enum"):
        return schema["enum"][0]
    if kind == "object" or (kind is None and "properties" in schema):
        return {name: fitting(member) for name, member in schema.get("properties", {}).items()}
    if kind == "array":
        return [fitting(schema.get("items", {})) for _ in range(max(1, schema.get("minItems", 1)))]
    plain: dict[Any, tuple[Any, ...]] = {
        "boolean": (True,),
        "integer": (1, schema.get("minimum", 0)),
        "number": (1.5, 1),
        "null": (None,),
    }
    longest = "x" * schema.get("minLength", 1)
    for value in plain.get(kind, (*_TEXTS, longest)):
        if problem(schema, value) is None:
            return value
    raise LookupError(f"no value is known that keeps to {dict(schema)}")

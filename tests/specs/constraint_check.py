"""An independent check of values against the constraints of a specification's schema."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

import regex
from jsonschema import Draft202012Validator

_ASPECTS = {
    "type": "type", "enum": "allowed-values", "minimum": "minimum", "maximum": "maximum", "minLength": "min-length",
    "maxLength": "max-length", "minItems": "min-items", "maxItems": "max-items", "required": "required",
}  # fmt: skip
_PLACEHOLDER = re.compile(r"\$\{([^}]+)\}")
_SAMPLES = {
    "unique": "u1a2b3c4d5e6f",
    "account": "123456789012",
    "prefix": "sample",
    "region": "us-east-1",
    "bucket": "sample-bucket",
    "role": "arn:aws:iam::123456789012:role/sample",
}


def filled(value: Any) -> Any:
    """Replace placeholders by sample texts; ids of resources are digits, which every API here takes."""
    if isinstance(value, str):
        return _PLACEHOLDER.sub(lambda found: _sample(found[1]), value)
    if isinstance(value, Mapping):
        return {key: filled(each) for key, each in value.items()}
    return [filled(each) for each in value] if isinstance(value, list) else value


def _sample(name: str) -> str:
    if name.startswith("object.") and name.endswith(".arn"):
        return "arn:aws:s3:::sample-bucket/sample.csv"
    if name.startswith("object.") and name.endswith(".etag"):
        return "0123456789abcdef0123456789abcdef"
    if name.startswith("object."):
        return f"s3://sample-bucket/{name.removeprefix('object.').replace('.', '-')}.fasta"
    return _SAMPLES.get(name, "1234567890123456")


def broken(value: Any, schema: Mapping[str, Any], path: str = "") -> set[str]:
    """Name the constraints that a value breaks, each as ``<path>/<aspect>``; none where it keeps to the schema."""
    found = {f"{path}/{aspect}" for aspect in _own(value, schema)}
    if "booleanText" in schema and value in schema["booleanText"]:
        return found
    plain = {key: each for key, each in schema.items() if key in _ASPECTS}
    for error in Draft202012Validator(plain).iter_errors(value):
        found.add(f"{path}/{_ASPECTS[str(error.validator)]}")
    if isinstance(value, Mapping):
        for name, member in schema.get("properties", {}).items():
            if name in value:
                found |= broken(value[name], member, f"{path}.{name}" if path else name)
        others = schema.get("additionalProperties")
        for name in value.keys() - schema.get("properties", {}).keys() if isinstance(others, Mapping) else ():
            found |= broken(value[name], others or {}, f"{path}.*")
            found |= broken(name, schema.get("propertyNames", {}), f"{path}.*")
    if isinstance(value, list) and "items" in schema:
        for each in value:
            found |= broken(each, schema["items"], f"{path}[]")
    return found


def _own(value: Any, schema: Mapping[str, Any]) -> Iterator[str]:
    """Aspects that JSON Schema has no words for, or reads in another way."""
    if isinstance(value, str):
        if "pattern" in schema and regex.fullmatch(schema["pattern"], value, flags=regex.DOTALL) is None:
            yield "pattern"
        if "textCategories" in schema and any(_strange(each, schema["textCategories"]) for each in value):
            yield "alphabet"
    if isinstance(value, Mapping) and "exactlyOneOf" in schema and len(value.keys() & set(schema["exactlyOneOf"])) != 1:
        yield "exactly-one-of"


def _strange(character: str, categories: list[str]) -> bool:
    return not unicodedata.category(character).startswith(tuple(categories))

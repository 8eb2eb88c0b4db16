"""Checks values against schemas, compiled once; the only importer of jsonschema."""

from __future__ import annotations

import functools
import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import regex
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

_SCHEMAS = Path(__file__).parent / "schemas"
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?\s*([Zz]|[+-]\d\d:?\d\d)?")
_OURS = frozenset({"pattern", "format", "textCategories"})


@functools.cache
def file_validator(kind: str) -> Draft202012Validator:
    """The validator of one kind of specification file."""
    contents = {path.name: json.loads(path.read_text("utf-8")) for path in _SCHEMAS.glob("*.json")}
    resources = [(name, DRAFT202012.create_resource(content)) for name, content in contents.items()]
    registry: Registry[Any] = Registry().with_resources(resources)
    return Draft202012Validator(contents[f"{kind}.schema.json"], registry=registry)


@functools.lru_cache(maxsize=4096)
def _compiled(text: str) -> tuple[Draft202012Validator, Mapping[str, Any]]:
    schema = json.loads(text)
    return Draft202012Validator({key: value for key, value in schema.items() if key not in _OURS}), schema


def problem(schema: Mapping[str, Any], value: Any) -> str | None:
    r"""What is wrong with a value, in words, or None.

    ``pattern`` is matched over the whole value and knows ``\p{…}``; ``textCategories`` are checked by character;
    ``format: date-time`` takes ISO 8601 with or without fraction and offset.
    """
    return checker(schema)(value)


def flaw(schema: Mapping[str, Any], value: Any) -> str | None:
    """The first thing that is wrong in a document, with its place by dotted names, or None."""
    for error in sorted(
        Draft202012Validator(schema).iter_errors(value), key=lambda each: list(map(str, each.absolute_path))
    ):
        place = ".".join(map(str, error.absolute_path))
        return f"{place}: {error.message[:300]}" if place else error.message[:300]
    return None


def checker(schema: Mapping[str, Any]) -> Callable[[Any], str | None]:
    """:func:`problem` for one schema and many values; the same text or number is looked at once."""
    validator, parsed = _compiled(json.dumps(schema, sort_keys=True))
    known: dict[tuple[type, Any], str | None] = {}

    def check(value: Any) -> str | None:
        if not isinstance(value, str | int | float | bool | None):
            return _problem(validator, parsed, value)
        key = (type(value), value)
        if key not in known:
            known[key] = _problem(validator, parsed, value)
        return known[key]

    return check


def _problem(validator: Draft202012Validator, parsed: Mapping[str, Any], value: Any) -> str | None:
    for error in validator.iter_errors(value):
        return str(error.message[:300])
    if isinstance(value, str):
        if "pattern" in parsed and regex.fullmatch(parsed["pattern"], value) is None:
            return f"{value[:100]!r} does not match {parsed['pattern']}"
        if parsed.get("format") == "date-time" and not _DATE_TIME.fullmatch(value):
            return f"{value[:100]!r} is not an ISO 8601 date and time"
        categories = parsed.get("textCategories")
        if categories and not all(unicodedata.category(each)[0] in categories for each in value):
            return f"{value[:100]!r} has characters outside the categories {', '.join(categories)}"
    return None

"""Translates the schemas of specifications into the schema objects of OpenAPI 3.1."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

Media = Literal["json", "xml"]

#: Keywords that mean the same in both. Whatever is not here or translated below is left out.
_KEPT = frozenset({
    "type", "enum", "const", "default", "format", "title", "required", "minimum", "maximum", "exclusiveMinimum",
    "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "minItems", "maxItems", "uniqueItems",
    "minProperties", "maxProperties",
})  # fmt: skip
_NESTED = frozenset({"items", "additionalProperties", "propertyNames", "not"})
_LISTS = frozenset({"anyOf", "oneOf", "allOf"})

#: What Python's ``re`` takes and ECMA does not, or takes in another sense.
_PYTHON_ONLY = re.compile(r"\(\?(?:P|#|>|\(|[a-zA-Z-]+[:)])|\\[AZzG]|(?<!\\)[*+?}]\+")
_PROPERTY_CLASS = re.compile(r"\\[pP]\{")


def has_placeholder(value: Any) -> bool:
    """Whether a value holds text that a run fills in."""
    if isinstance(value, str):
        return "${" in value
    if isinstance(value, Mapping):
        return any(has_placeholder(each) for each in value.values())
    return isinstance(value, list) and any(has_placeholder(each) for each in value)


def portable_pattern(pattern: str) -> str | None:
    """Anchor a pattern at both ends; None where it has no form that ``re`` and ECMA both take."""
    if _PROPERTY_CLASS.search(pattern) or _PYTHON_ONLY.search(pattern):
        return None
    try:
        re.compile(pattern)
    except re.error:
        return None
    return f"^(?:{pattern})$"


def translate(schema: Mapping[str, Any], *, media: Media = "json", name: str | None = None) -> dict[str, Any]:
    """Make the schema object of a specification's schema; ``name`` is the XML element it stands in."""
    result: dict[str, Any] = {}
    notes = [schema["description"]] if "description" in schema else []
    for keyword, value in schema.items():
        if keyword in _KEPT:
            if keyword != "default" or not has_placeholder(value):
                result[keyword] = value
        elif keyword in _NESTED:
            result[keyword] = translate(value, media=media) if isinstance(value, Mapping) else value
        elif keyword in _LISTS:
            result[keyword] = [translate(each, media=media) for each in value]
        elif keyword == "properties":
            result[keyword] = {key: translate(member, media=media) for key, member in value.items()}
    notes += _pattern(schema, result)
    notes += _alphabet(schema)
    _exclusive(schema, result)
    _texts(schema, result)
    if media == "xml":
        _xml(schema, result, name)
    if notes:
        result["description"] = " ".join(notes)
    return result


def _pattern(schema: Mapping[str, Any], result: dict[str, Any]) -> list[str]:
    if "pattern" not in schema:
        return []
    portable = portable_pattern(schema["pattern"])
    if portable is None:
        return [f"The whole value matches {schema['pattern']}, a pattern that has no portable form."]
    result["pattern"] = portable
    return []


def _alphabet(schema: Mapping[str, Any]) -> list[str]:
    if "textCategories" not in schema:
        return []
    return [f"Every character is of one of the Unicode categories {', '.join(schema['textCategories'])}."]


def _exclusive(schema: Mapping[str, Any], result: dict[str, Any]) -> None:
    if "exactlyOneOf" not in schema:
        return
    names = schema["exactlyOneOf"]
    choices = [{"required": [name]} for name in names]
    if "oneOf" in result:
        result.setdefault("allOf", []).append({"oneOf": choices})
    else:
        result["oneOf"] = choices
    if schema.get("properties", {}).keys() <= set(names):
        # The same once more, in words that spare generators a minute of drawing objects with two of them.
        result["maxProperties"] = 1


def _texts(schema: Mapping[str, Any], result: dict[str, Any]) -> None:
    if "booleanText" not in schema:
        return
    result.pop("type", None)
    result["anyOf"] = [{"type": "boolean"}, {"type": "string", "enum": list(schema["booleanText"])}]


def _xml(schema: Mapping[str, Any], result: dict[str, Any], name: str | None) -> None:
    if name is not None:
        result["xml"] = {"name": name}
    if schema.get("type") == "array":
        # Lists stand in an element of their own, with one element an item.
        result["xml"] = {**result.get("xml", {}), "wrapped": True}
        spelling = (schema.get("xmlItem") or ["member"])[0]
        result["items"] = {**result.get("items", {}), "xml": {"name": spelling}}
        if schema.get("items", {}).get("type") == "array":
            result["items"]["xml"]["wrapped"] = True

"""Which constraints a field has, in the words of clause ids, and what they say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from specs.parameter import Field

#: Aspect of a constraint -> kind of violation, the key under which allowed refusals are looked up.
VIOLATIONS = {
    "required": "missing",
    "type": "type",
    "allowed-values": "enum",
    "minimum": "range",
    "maximum": "range",
    "min-length": "length",
    "max-length": "length",
    "pattern": "pattern",
    "alphabet": "pattern",
    "min-items": "items",
    "max-items": "items",
    "exactly-one-of": "combination",
}

#: Aspects with a side inside that must be accepted; leaving something out has no such side.
TWO_SIDED = frozenset(VIOLATIONS) - {"required"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """One constraint of one field: ``aspect`` is the last part of its clause id."""

    field: Field
    aspect: str
    statement: str

    @property
    def violation(self) -> str:
        """The kind of violation that breaks it."""
        return VIOLATIONS[self.aspect]


def constraints(field: Field, *, text: bool = False) -> Iterator[Constraint]:
    """The constraints of a field, each with a statement made from its schema.

    ``text`` tells that bodies are text throughout (XML), where a wrong type is a wrong spelling.
    """
    schema = field.schema
    name = f"`{field.name}`"
    if field.required and field.location != "path":
        yield Constraint(field=field, aspect="required", statement=f"A request without {name} is refused.")
    if is_type_checkable(field, text=text):
        yield Constraint(
            field=field, aspect="type", statement=f"{name} takes {_a(field.type)}; values of another type are refused."
        )
    if "enum" in schema:
        listed = ", ".join(str(value) for value in schema["enum"])
        yield Constraint(
            field=field, aspect="allowed-values", statement=f"{name} takes each of {listed}, and nothing else."
        )
    yield from _bounds(field, name)
    if "pattern" in schema:
        yield Constraint(
            field=field,
            aspect="pattern",
            statement=f"{name} takes text that matches {schema['pattern']} as a whole, and no other.",
        )
    if "textCategories" in schema:
        listed = ", ".join(schema["textCategories"])
        yield Constraint(
            field=field,
            aspect="alphabet",
            statement=f"{name} takes characters of the Unicode categories {listed}, and no others.",
        )
    if "exactlyOneOf" in schema:
        listed = ", ".join(schema["exactlyOneOf"])
        yield Constraint(field=field, aspect="exactly-one-of", statement=f"{name} holds exactly one of {listed}.")


def _bounds(field: Field, name: str) -> Iterator[Constraint]:
    texts = {
        "minimum": "{name} takes {value} and refuses anything below.",
        "maximum": "{name} takes {value} and refuses anything above.",
        "minLength": "{name} takes text of length {value} and refuses shorter text.",
        "maxLength": "{name} takes text of length {value} and refuses longer text.",
        "minItems": "{name} takes {value} items and refuses fewer.",
        "maxItems": "{name} takes {value} items and refuses more.",
    }
    aspects = {"minLength": "min-length", "maxLength": "max-length", "minItems": "min-items", "maxItems": "max-items"}
    for keyword, text in texts.items():
        value = field.schema.get(keyword)
        if value is None or (keyword in {"minLength", "minItems"} and value == 0):
            continue
        yield Constraint(
            field=field, aspect=aspects.get(keyword, keyword), statement=text.format(name=name, value=value)
        )


def is_type_checkable(field: Field, *, text: bool = False) -> bool:
    """Whether a value of a wrong type can be written down at the field's place: in text, everything is a string."""
    return (field.location == "body" and not text) or field.type in {"integer", "boolean"}


def _a(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"

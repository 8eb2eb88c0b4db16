"""Parameters of an operation and the nested fields below them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from specs.clause import Source

Location = Literal["path", "query", "header", "body"]
ITEM = "[]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A value in a request that constraints are about: a parameter, or a member nested in one.

    ``path`` leads from the parameter to the value; ``[]`` stands for the items of an array. ``schema`` holds
    JSON Schema 2020-12 keywords and the extensions of ``docs/spec_language.md``.
    """

    path: tuple[str, ...]
    location: Location
    required: bool
    schema: Mapping[str, Any]
    source: Source

    @property
    def name(self) -> str:
        """Dotted name, as it stands in clause ids: ``sources[].name``."""
        return ".".join(self.path).replace(f".{ITEM}", ITEM)

    @property
    def type(self) -> str:
        """JSON type of the value."""
        return str(self.schema.get("type", "string"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A parameter of an operation: in the path, the query, a header, or a member of the body."""

    name: str
    location: Location
    required: bool
    schema: Mapping[str, Any]
    source: Source

    def fields(self) -> Iterator[Field]:
        """The parameter itself, then every field nested below it."""
        yield from _fields((self.name,), self, self.required, self.schema)


def _fields(path: tuple[str, ...], top: Parameter, required: bool, schema: Mapping[str, Any]) -> Iterator[Field]:  # noqa: FBT001 - private recursion
    yield Field(path=path, location=top.location, required=required, schema=schema, source=top.source)
    needed = schema.get("required", ())
    for name, member in schema.get("properties", {}).items():
        yield from _fields((*path, name), top, name in needed, member)
    if "items" in schema:
        yield from _fields((*path, ITEM), top, False, schema["items"])

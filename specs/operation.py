"""One documented operation: what may be asked, what is answered, which errors there are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import unquote

from specs.clause import Clause, Source
from specs.listing import Listing
from specs.parameter import Field, Parameter

Effect = Literal["read", "create", "change", "cancel", "delete"]
Media = Literal["json", "xml", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """What the documents allow as an answer to one kind of violation.

    An empty ``names`` means that no document ties a name to it. ``either`` means that the documents are silent on
    whether it is refused at all.
    """

    names: tuple[str, ...] = ()
    statuses: tuple[int, ...] = (400,)
    either: bool = False

    def allows_name(self, name: str | None, *, suffix: str = "") -> bool:
        """Whether an error name is in the documented set; ``suffix`` is an ending that spellings may leave out."""
        if not self.names:
            return True
        return name is not None and name.removesuffix(suffix) in {known.removesuffix(suffix) for known in self.names}

    def allows(self, name: str | None, status: int | None, *, suffix: str = "") -> bool:
        """Whether an error name and an HTTP status are both documented for it."""
        return status in self.statuses and self.allows_name(name, suffix=suffix)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseSpec:
    """The documented successful response. ``root`` is the XML root element."""

    statuses: tuple[int, ...] = (200,)
    media: Media = "json"
    schema: Mapping[str, Any] = field(default_factory=dict)
    root: str | None = None
    body_optional: bool = False
    source: Source = field(default_factory=lambda: Source(document="inferred"))


_PLACE = re.compile(r"\{([^}]+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Equal:
    """Two ways to ask for the same: arguments laid over the base request; ``place`` is where the clause stands."""

    place: str
    statement: str
    first: Mapping[str, Any]
    second: Mapping[str, Any]
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation of an API.

    ``base`` is a valid request with as few parameters as the documents permit; its strings may hold placeholders
    such as ``${bucket}``, which a run fills in.
    """

    name: str
    neighbour: bool
    housekeeping: bool = False
    """Whether it only serves to clean up, so that nothing is judged of it: it has no clauses."""
    effect: Effect
    spends: bool = True
    """Whether an accepted change leaves what it acted on in another state, so that it serves for no further probe."""
    summary: str
    method: str
    path: str
    parameters: tuple[Parameter, ...]
    base: Mapping[str, Any]
    response: ResponseSpec
    errors: tuple[str, ...]
    refusals: Mapping[str, Refusal]
    creates: str | None = None
    equal: tuple[Equal, ...] = ()
    exactly_one_of: tuple[str, ...] = ()
    """Names of parameters of which a request holds exactly one."""
    body_root: str | None = None
    body_namespace: str | None = None
    body_required: bool = False
    listing: Listing | None = None
    clauses: tuple[Clause, ...] = ()

    def fields(self) -> Iterator[Field]:
        """Every field of every parameter."""
        for parameter in self.parameters:
            yield from parameter.fields()

    def field(self, name: str) -> Field:
        """The field of a dotted name; raises KeyError where there is none."""
        for found in self.fields():
            if found.name == name:
                return found
        raise KeyError(name)

    def parameter(self, name: str) -> Parameter:
        """The top-level parameter of a name; raises KeyError where there is none."""
        for found in self.parameters:
            if found.name == name:
                return found
        raise KeyError(name)

    @property
    def media_sent(self) -> str | None:
        """Media type of request bodies; None where the operation has no body."""
        if self.body_root is not None:
            return "application/xml"
        return "application/json" if any(p.location == "body" for p in self.parameters) else None


def places(operation: Operation) -> tuple[str, ...]:
    """Names of the parameters in an operation's path, in their order."""
    return tuple(_PLACE.findall(operation.path))


def place_values(operation: Operation, path: str) -> dict[str, str]:
    """What a percent-encoded path says for the parameters in an operation's path; nothing where it has another form."""
    parts = _PLACE.split(operation.path)
    form = "".join("([^/]+)" if number % 2 else re.escape(part) for number, part in enumerate(parts))
    found = re.fullmatch(form, path)
    return {} if found is None else dict(zip(parts[1::2], map(unquote, found.groups()), strict=True))

"""What a list operation promises: limit, pages, filters, order, counts, scope."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from specs.pointer import MISSING

Match = Literal["equals", "any-of", "contains", "glob", "arn", "after", "before"]
VALUE = "${value}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """The parameter that bounds a page; ``default`` is None where the documents name none."""

    parameter: str
    maximum: int | None = None
    default: int | None = None
    fills: bool = False
    """Whether a page holds as many items as asked for when there are that many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """Paging by an opaque token: the parameter that takes it and the JSON pointer where an answer holds it."""

    parameter: str
    pointer: str
    garbage: tuple[str, ...] = ()
    """Well-formed tokens that no service has issued."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Paging by number."""

    parameter: str
    first: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """A parameter that restricts a list, and the pointer of the item value it is about.

    ``match`` *contains* is the weakest reading of a text filter; *glob* takes no account of case, and a star at the end for
    any ending; *arn* is that of an item, or the name in it, with a star at the end for any ending; *after* and *before* are about times, and say nothing about an item exactly on the bound. ``others`` are
    further readings of the same words.

    Attributes:
        parameter: the name of the parameter; with a dot, that of a member of an object. Where there is an ``argument``, what
            clauses call the filter.
        argument: how the filter is written, with ``${value}`` for the value.
        unless: parameters beside which the filter is not looked at.
        unit: how a time is written in the filter: as an item does it, or as text with the milliseconds since the epoch.
    """

    parameter: str
    pointer: str
    match: Match
    others: tuple[Match, ...] = ()
    values: tuple[str, ...] = ()
    complete: bool = True
    argument: Mapping[str, Any] | None = None
    unless: tuple[str, ...] = ()
    unit: Literal["iso", "milliseconds"] = "iso"

    @property
    def readings(self) -> tuple[Match, ...]:
        """What the words of the filter may mean."""
        return self.match, *self.others

    def arguments(self, value: Any) -> dict[str, Any]:
        """The arguments that filter by a value."""
        if self.argument is not None:
            return {name: _filled(member, value) for name, member in self.argument.items()}
        head, _, member = self.parameter.partition(".")
        return {head: {member: value}} if member else {head: value}

    def asked(self, arguments: Mapping[str, Any]) -> Any:
        """The value that arguments filter by; MISSING where they do not use the filter."""
        if any(name in arguments for name in self.unless):
            return MISSING
        if self.argument is not None:
            found = [_read(form, arguments.get(name, MISSING)) for name, form in self.argument.items()]
            return MISSING if None in found else next((each[0] for each in found if each), MISSING)
        value: Any = arguments
        for part in self.parameter.split("."):
            if not isinstance(value, Mapping) or part not in value:
                return MISSING
            value = value[part]
        return value


def _filled(form: Any, value: Any) -> Any:
    """A form with the value at its place."""
    if isinstance(form, Mapping):
        return {name: _filled(member, value) for name, member in form.items()}
    if isinstance(form, list | tuple):
        return [_filled(member, value) for member in form]
    return value if form == VALUE else form


def _read(form: Any, found: Any) -> tuple[Any, ...] | None:
    """What stands at the place of the value, if anything; None where something is not written as in the form."""
    if form == VALUE:
        return None if found is MISSING else (found,)
    if isinstance(form, Mapping):
        same = isinstance(found, Mapping) and found.keys() == form.keys()
        parts = [_read(member, found[name]) for name, member in form.items()] if same else [None]
    elif isinstance(form, list | tuple):
        same = isinstance(found, list) and len(found) == len(form)
        parts = [_read(one, other) for one, other in zip(form, found, strict=True)] if same else [None]
    else:
        return () if form == found else None
    return None if None in parts else tuple(value for part in parts for value in part or ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A member that counts items; the documents allow one or several meanings (``returned``, ``total``)."""

    pointer: str
    readings: tuple[Literal["returned", "total"], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hide:
    """A parameter value that hides the jobs of certain phases."""

    parameter: str
    value: Any
    phases: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """A parameter that says whose items are listed, and the value of somebody else.

    ``stranger`` may hold placeholders; ``pointer`` is where an item repeats the scope, if it does.
    """

    parameter: str
    stranger: Any
    pointer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A documented order: *newest-first* among the items of ``phases``, which come before all others."""

    phases: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """Ended jobs older than ``days`` are not listed any more; ``pointer`` is the end time of an item."""

    pointer: str
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The contract of a list operation. ``item_id`` is the pointer of the id in an item, empty for the item itself."""

    resource: str
    items: str
    item_id: str
    limit: Limit | None = None
    token: Token | None = None
    page: Page | None = None
    count: Count | None = None
    echo: Mapping[str, str] | None = None
    filters: tuple[Filter, ...] = ()
    hide: Hide | None = None
    scope: Scope | None = None
    order: Order | None = None
    retention: Retention | None = None
    status: str | None = None
    agrees: Mapping[str, str] = field(default_factory=dict)
    """By pointer in an item, the pointer in a single read that shows the same."""
    whole: Mapping[str, Any] = field(default_factory=dict)
    """Arguments without which the list does not show everything there is."""
    combined: bool = True
    """Whether several filters may be used together."""

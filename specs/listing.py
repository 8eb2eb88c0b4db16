"""What a list operation promises: limit, pages, filters, order, counts, scope."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Match = Literal["equals", "any-of", "contains", "after", "before"]


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

    ``match`` *contains* is the weakest reading of a text filter; *after* and *before* are about times, and say
    nothing about an item exactly on the bound.
    """

    parameter: str
    pointer: str
    match: Match
    values: tuple[str, ...] = ()
    complete: bool = True


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

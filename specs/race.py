"""What clients that act at the same time may do to each other's jobs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from specs.clause import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """The request that lets a held job go on: ``arguments`` of an operation whose ``parameter`` takes the id."""

    operation: str
    parameter: str
    scene: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Race:
    """What a resource lets several clients do at once.

    Attributes:
        distinct: arguments by which creations differ from each other.
        one_of: arguments of creations of which only one may be active at a time, if the target limits them at all.
        confirm: the request that lets a held job go on.
        told: where the answers to cancels and confirmations tell the status.
        deletes: whether it is known what a delete leaves behind: nothing, or a status of these.
        source: where the clauses rest.
    """

    distinct: Mapping[str, Any] = field(default_factory=dict)
    one_of: Mapping[str, Any] = field(default_factory=dict)
    confirm: Confirmation | None = None
    told: str | None = None
    deletes: tuple[str, ...] | None = None
    source: Source = field(default_factory=lambda: Source(document="inferred"))

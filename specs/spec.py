"""The whole specification of one API, in one edition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from specs.clause import Clause, Source
from specs.experiment import Laboratory
from specs.operation import Operation
from specs.resource import Resource


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One of the documents an API is specified from; ``exclusions`` maps sentence keys to why they have no clause."""

    id: str
    title: str
    sha256: str
    exclusions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """Where an error answer holds its parts: places are JSON pointers, or ``header:name``."""

    id: str
    code: tuple[str, ...]
    message: tuple[str, ...]
    request_id: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Errors:
    """Errors of an API: documented statuses by name, names any operation may use, envelopes, and what is required."""

    table: Mapping[str, tuple[int, ...]]
    common: tuple[str, ...] = ()
    suffix: str = ""
    open_names: bool = False
    envelopes: tuple[Envelope, ...] = ()
    required: tuple[str, ...] = ("code", "message")
    throttled_names: tuple[str, ...] = ()
    throttled_statuses: tuple[int, ...] = (429, 503)
    missing_names: tuple[str, ...] = ()
    source: Source = field(default_factory=lambda: Source(document="inferred"))

    def statuses(self, name: str) -> tuple[int, ...] | None:
        """The documented statuses of an error name, or None where the name is not documented."""
        for known, statuses in self.table.items():
            if known.removesuffix(self.suffix) == name.removesuffix(self.suffix):
                return statuses
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Auth:
    """How requests are signed, and what an unsigned or badly signed one is answered."""

    scheme: str
    service: str = ""
    statuses: tuple[int, ...] = (401, 403)
    names: tuple[str, ...] = ()
    stale_seconds: int = 900
    body_signed: bool = True
    expired_names: tuple[str, ...] = ()
    source: Source = field(default_factory=lambda: Source(document="inferred"))


@dataclass(frozen=True, slots=True, kw_only=True)
class DataObject:
    """A source object that jobs read: its text, with ``${unique}`` replaced.

    ``repeat`` is a line appended ``lines`` times, or as often as a long job takes where no number is given; its
    ``${number}``, of which there is one, counts them.
    """

    key: str
    text: str
    repeat: str = ""
    lines: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """Everything the documents say of one API."""

    api: str
    title: str
    edition: str | None
    editions: tuple[str, ...]
    media: str
    documents: tuple[Document, ...]
    errors: Errors
    auth: Auth
    operations: Mapping[str, Operation]
    resources: Mapping[str, Resource]
    objects: Mapping[str, DataObject] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    readings: Mapping[str, Any] = field(default_factory=dict)
    scopes: tuple[str, ...] = ()
    nulls_absent: bool = False
    """Whether a member that is null counts as one that is left out."""
    laboratory: Laboratory | None = None

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """The clauses of all operations, in the order of the specification."""
        return tuple(clause for operation in self.operations.values() for clause in operation.clauses)

    def clause(self, identifier: str) -> Clause:
        """The clause of an id; raises KeyError where there is none."""
        for found in self.clauses:
            if found.id == identifier:
                return found
        raise KeyError(identifier)

    @property
    def judged(self) -> dict[str, Operation]:
        """The operations that clauses are about, by name: those that only serve to clean up are left out."""
        return {name: operation for name, operation in self.operations.items() if not operation.housekeeping}

    @property
    def documented(self) -> tuple[Operation, ...]:
        """The operations the documents are about, without their neighbours."""
        return tuple(operation for operation in self.operations.values() if not operation.neighbour)

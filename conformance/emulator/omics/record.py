"""What an emulated HealthOmics remembers."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conformance.emulator.schedule import Schedule


class Status(enum.StrEnum):
    """The statuses of an import job; the two of a cancellation are never reached, as no operation cancels."""

    SUBMITTED = "SUBMITTED"
    IN_PROGRESS = "IN_PROGRESS"
    CANCELLING = "CANCELLING"
    CANCELLED = "CANCELLED"
    FAILED = "FAILED"
    COMPLETED = "COMPLETED"
    COMPLETED_WITH_FAILURES = "COMPLETED_WITH_FAILURES"


class SourceStatus(enum.StrEnum):
    """The statuses of one source of an import job."""

    NOT_STARTED = "NOT_STARTED"
    IN_PROGRESS = "IN_PROGRESS"
    FINISHED = "FINISHED"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """What was found where a source should be."""

    exists: bool
    md5: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One source of an import job."""

    request: dict[str, Any]
    """The item of the request that named it."""
    file: SourceFile
    reference_id: str
    """Id the reference gets if the import succeeds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportJob:
    """One import of references; it needs no changes, since its whole way is planned when it starts."""

    number: int
    id: str
    store_id: str
    request: dict[str, Any]
    """The StartReferenceImportJob request, as read."""
    sources: tuple[Source, ...]
    created: float
    schedule: Schedule


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """An imported reference."""

    number: int
    id: str
    store_id: str
    job_id: str
    source: Source
    created: float


@dataclass(slots=True, kw_only=True)
class Store:
    """A reference store with all that happened in it."""

    number: int
    id: str
    request: dict[str, Any]
    """The CreateReferenceStore request, as read."""
    created: float
    jobs: list[ImportJob] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    unsettled: list[ImportJob] = field(default_factory=list)
    """Jobs whose references are not in the store yet."""

"""One job of S3 Batch Operations."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conformance.emulator.schedule import Schedule


class Status(enum.StrEnum):
    """The statuses of the ListJobs document."""

    ACTIVE = "Active"
    CANCELLED = "Cancelled"
    CANCELLING = "Cancelling"
    COMPLETE = "Complete"
    COMPLETING = "Completing"
    FAILED = "Failed"
    FAILING = "Failing"
    NEW = "New"
    PAUSED = "Paused"
    PAUSING = "Pausing"
    PREPARING = "Preparing"
    READY = "Ready"
    SUSPENDED = "Suspended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What was found where a job's manifest should be."""

    exists: bool
    tasks: int


@dataclass(slots=True, kw_only=True)
class Job:
    """A job as the service remembers it; what may change while it lives is changed under the service's lock."""

    number: int
    id: str
    account: str
    request: dict[str, Any]
    """The CreateJob request, as read."""
    manifest: Manifest
    created: float
    schedule: Schedule
    priority: int
    tags: list[dict[str, str]]
    reason: str | None = None
    """StatusUpdateReason of the last change of status asked for."""

    @property
    def operation(self) -> str:
        """Name of the one operation of this job."""
        return next(iter(self.request.get("Operation", {})), "")

"""A load and how far it has come."""

from __future__ import annotations

import threading
import uuid
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conformance.emulator.neptune import status as statuses

if TYPE_CHECKING:
    from conformance.emulator.neptune.start_request import StartRequest

MAX_ERRORS = 10_000
"""User guide, load-api-reference-status: the last 10,000 errors of a load are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorLog:
    """One entry of a load's error log."""

    code: str
    message: str
    file: str
    record: int = 0


@dataclass(slots=True, kw_only=True)
class Tally:
    """Counters of a load or of one of its feeds."""

    total_records: int = 0
    total_duplicates: int = 0
    parsing_errors: int = 0
    datatype_mismatch_errors: int = 0
    insert_errors: int = 0

    def add(self, other: Tally) -> None:
        """Add the counters of ``other``."""
        self.total_records += other.total_records
        self.total_duplicates += other.total_duplicates
        self.parsing_errors += other.parsing_errors
        self.datatype_mismatch_errors += other.datatype_mismatch_errors
        self.insert_errors += other.insert_errors


@dataclass(slots=True, kw_only=True)
class Feed:
    """One object of the source."""

    uri: str
    key: str
    etag: str
    status: str = statuses.NOT_STARTED
    tally: Tally = field(default_factory=Tally)
    started: float | None = None
    ended: float | None = None


@dataclass(slots=True, kw_only=True)
class Load:
    """One load request that was accepted; it changes only under the lock of its queue, or by its own run."""

    request: StartRequest
    status: str
    number: int
    """Position in the order of requests."""
    run_number: int = 1
    load_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    started: float | None = None
    ended: float | None = None
    feeds: list[Feed] = field(default_factory=list)
    errors: deque[ErrorLog] = field(default_factory=lambda: deque(maxlen=MAX_ERRORS))
    errors_lock: threading.Lock = field(default_factory=threading.Lock)
    cancelled: threading.Event = field(default_factory=threading.Event)

    @property
    def is_active(self) -> bool:
        """Whether the load can still change."""
        return self.status in statuses.ACTIVE

    @property
    def tally(self) -> Tally:
        """Counters over all feeds."""
        total = Tally()
        for feed in list(self.feeds):
            total.add(feed.tally)
        return total

    def log(self, entry: ErrorLog) -> None:
        """Append to the error log."""
        with self.errors_lock:
            self.errors.append(entry)

    def error_logs(self) -> list[ErrorLog]:
        """Return the error log as it is now."""
        with self.errors_lock:
            return list(self.errors)

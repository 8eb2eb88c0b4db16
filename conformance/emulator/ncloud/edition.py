"""The form of one edition of the Data Flow documents."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What one edition of the documents says where another one says something else.

    The modules ``edition_2023``, ``edition_2025`` and ``edition_2026`` fill it in; nothing else asks for the year.
    """

    year: str

    name_minimum: int
    name_maximum: int
    name_pattern: str
    """Matched against the whole name, its length aside."""

    job_types: tuple[str, ...]
    default_type: str | None
    """Type of a job whose creator named none; without it, the creator must."""
    create_required: tuple[str, ...]
    create_status: int
    verify_required: tuple[str, ...]
    update_method: str
    update_required: tuple[str, ...]

    status_filter: tuple[str, ...] | None
    """Values of the query parameter ``status``; None where the edition has no such parameter."""
    draft_status: str
    editing_status: str
    runnable_status: str
    running_status: str
    needs_nodes: bool
    """Whether a job without nodes is incomplete, and so cannot be executed."""

    limit_minimum: int
    """Least ``limit`` of getJobs; the list of executions allows 0 in every edition."""
    counts_total: bool
    """Whether ``count`` is the number of all matches, or that of the items in the answer."""
    date_has_offset: bool
    date_timespec: str
    """As in ``datetime.isoformat``."""

    condition_at_create: bool
    """Whether createJob and updateJob take ``jobCondition`` and ``maxConcurrentRuns``."""
    condition_merges: bool
    """Whether members absent from a ``jobCondition`` keep their stored value, or fall back to the default."""
    condition_required: tuple[str, ...]
    execute_required: tuple[str, ...]
    worker_types: tuple[str, ...]
    """The first is the default; empty where the edition has no worker types."""
    worker_minimum: int
    worker_maximum: int | None
    timeout_minimum: int
    timeout_maximum: int

    has_cancel: bool

"""The edition of 2026: two job types, one job status, stored execution options, and a way to cancel."""

from __future__ import annotations

from conformance.emulator.ncloud.edition import Edition

EDITION_2026 = Edition(
    year="2026",
    name_minimum=3,
    name_maximum=100,
    # The translations disagree on the first character ("_" or "-" beside letters), so that both are allowed.
    name_pattern=r"[A-Za-z_-][A-Za-z0-9_-]*",
    job_types=("VISUAL", "SCRIPT"),
    default_type=None,
    create_required=("name", "type"),
    create_status=200,
    # Its page still has the body of the edition before; this is what that one and the new createJob have in common.
    verify_required=("name",),
    update_method="PATCH",
    update_required=("type",),
    status_filter=None,
    draft_status="READY",
    editing_status="READY",
    runnable_status="READY",
    running_status="READY",
    needs_nodes=False,
    limit_minimum=1,
    counts_total=False,
    date_has_offset=True,
    date_timespec="seconds",
    condition_at_create=True,
    condition_merges=True,
    condition_required=(),
    execute_required=(),
    worker_types=(),
    worker_minimum=2,
    worker_maximum=10,
    timeout_minimum=1,
    timeout_maximum=1440,
    has_cancel=True,
)

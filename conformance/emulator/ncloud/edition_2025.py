"""The edition of 2025, which is the one of the getJobs document the project starts from."""

from __future__ import annotations

from conformance.emulator.ncloud.edition import Edition

EDITION_2025 = Edition(
    year="2025",
    name_minimum=3,
    name_maximum=100,
    # The translations disagree on the first character ("_" or "-" beside letters), so that both are allowed.
    name_pattern=r"[A-Za-z_-][A-Za-z0-9_-]*",
    job_types=("DATAFLOW",),
    default_type="DATAFLOW",
    create_required=("name", "nodes"),
    create_status=200,
    verify_required=("name", "nodes"),
    update_method="PUT",
    update_required=("name", "type"),
    status_filter=("RUNNABLE", "RUNNING", "DELETED", "UNKNOWN", "DRAFT", "STOPPED", "EDITING"),
    draft_status="DRAFT",
    editing_status="EDITING",
    runnable_status="RUNNABLE",
    running_status="RUNNING",
    needs_nodes=True,
    limit_minimum=0,
    counts_total=False,
    date_has_offset=True,
    date_timespec="seconds",
    condition_at_create=False,
    condition_merges=False,
    condition_required=("nrn", "scriptPath", "logPath"),
    execute_required=("jobCondition",),
    # The table names the first as default, the examples use the second.
    worker_types=("DATAFLOW", "DEFAULT"),
    worker_minimum=1,
    worker_maximum=None,
    timeout_minimum=0,
    timeout_maximum=1440,
    has_cancel=False,
)

"""The edition of 2023: short names, 201 for a creation, local dates, ``count`` as the total."""

from __future__ import annotations

from conformance.emulator.ncloud.edition import Edition

EDITION_2023 = Edition(
    year="2023",
    name_minimum=3,
    name_maximum=20,
    name_pattern=r"[A-Za-z_][A-Za-z0-9_-]*",
    job_types=("DATAFLOW",),
    default_type="DATAFLOW",
    create_required=("name", "nodes"),
    create_status=201,
    verify_required=("name", "nodes"),
    update_method="PUT",
    update_required=("name", "type", "nodes", "isTemp"),
    status_filter=("RUNNABLE", "RUNNING", "DELETED", "UNKNOWN", "DRAFT", "STOPPED", "EDITING"),
    draft_status="DRAFT",
    editing_status="EDITING",
    runnable_status="RUNNABLE",
    running_status="RUNNING",
    needs_nodes=True,
    limit_minimum=0,
    counts_total=True,
    date_has_offset=False,
    date_timespec="milliseconds",
    condition_at_create=False,
    condition_merges=False,
    condition_required=("nrn", "scriptPath", "logPath"),
    execute_required=("jobCondition",),
    worker_types=("DEFAULT",),
    worker_minimum=2,
    worker_maximum=10,
    timeout_minimum=0,
    timeout_maximum=1440,
    has_cancel=False,
)

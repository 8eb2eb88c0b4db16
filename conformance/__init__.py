"""What is checked, and how a run goes."""

from conformance.engine import Listener, Outcome, Quiet, Run, execute
from conformance.errors import (
    BudgetError,
    ConformanceError,
    OutputError,
    SettingsError,
    SourceStoreError,
    UnreachableError,
    WrongApiError,
)
from conformance.history import SCHEMA_VERSION, Call, History, Intent, from_json, read_lines, to_json, write_line
from conformance.oracles import judge, judge_clause
from conformance.profile import PROFILES, Profile
from conformance.target import Credentials, Limits, SourceStore, Target, Timeouts
from conformance.verdict import Finding, Verdict
from conformance.view import View

__all__ = [
    "PROFILES", "SCHEMA_VERSION", "BudgetError", "Call", "ConformanceError", "Credentials", "Finding", "History", "Intent",
    "Limits", "Listener", "Outcome", "OutputError", "Profile", "Quiet", "Run", "SettingsError", "SourceStore",
    "SourceStoreError", "Target", "Timeouts", "UnreachableError", "Verdict", "View", "WrongApiError", "execute",
    "from_json", "judge", "judge_clause", "read_lines", "to_json", "write_line",
]  # fmt: skip

"""What is checked, and how a run goes.

The names are imported when they are first asked for: pytest loads ``conformance.app.plugin`` in every run of every
project it is installed beside, and an emulator needs none of them.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.adapters.key_source import environment_keys, profile_keys
    from conformance.costs import Costs, costs_of
    from conformance.earlier import Earlier
    from conformance.engine import Listener, Outcome, Quiet, Run, execute
    from conformance.errors import (
        BudgetError,
        ConformanceError,
        CredentialsError,
        OtherInstanceError,
        OutputError,
        SettingsError,
        SourceStoreError,
        UnreachableError,
        WrongApiError,
    )
    from conformance.history import SCHEMA_VERSION, Call, History, Intent, from_json, read_lines, to_json, write_line
    from conformance.journal import Journal, Progress, Step
    from conformance.leftover import OBJECT, Leftover, leftover_from_json, leftover_to_json
    from conformance.oracles import judge, judge_clause
    from conformance.oracles.performance import Part, Performance, performances
    from conformance.profile import PROFILES, Profile
    from conformance.seam import Seam, judge_across
    from conformance.survey import State, Survey
    from conformance.target import Credentials, Keys, Limits, SourceStore, Target, Timeouts
    from conformance.verdict import Finding, Verdict
    from conformance.view import View

__all__ = [
    "OBJECT", "PROFILES", "SCHEMA_VERSION", "BudgetError", "Call", "ConformanceError", "Costs", "Credentials",
    "CredentialsError", "Earlier", "Finding", "History", "Intent", "Journal", "Keys", "Leftover", "Limits",
    "Listener", "OtherInstanceError", "Outcome", "OutputError", "Part", "Performance", "Profile", "Progress", "Quiet",
    "Run", "Seam", "SettingsError", "SourceStore", "SourceStoreError", "State", "Step", "Survey", "Target",
    "Timeouts", "UnreachableError", "Verdict", "View", "WrongApiError", "costs_of", "environment_keys", "execute", "from_json",
    "judge", "judge_across", "judge_clause", "leftover_from_json", "leftover_to_json", "performances", "profile_keys",
    "read_lines", "to_json", "write_line",
]  # fmt: skip

_HOMES = {
    "adapters.key_source": ("environment_keys", "profile_keys"),
    "costs": ("Costs", "costs_of"),
    "earlier": ("Earlier",),
    "engine": ("Listener", "Outcome", "Quiet", "Run", "execute"),
    "errors": (
        "BudgetError", "ConformanceError", "CredentialsError", "OtherInstanceError", "OutputError", "SettingsError", "SourceStoreError", "UnreachableError", "WrongApiError",
    ),
    "history": ("SCHEMA_VERSION", "Call", "History", "Intent", "from_json", "read_lines", "to_json", "write_line"),
    "journal": ("Journal", "Progress", "Step"),
    "leftover": ("OBJECT", "Leftover", "leftover_from_json", "leftover_to_json"),
    "oracles": ("judge", "judge_clause"),
    "oracles.performance": ("Part", "Performance", "performances"),
    "profile": ("PROFILES", "Profile"),
    "seam": ("Seam", "judge_across"),
    "survey": ("State", "Survey"),
    "target": ("Credentials", "Keys", "Limits", "SourceStore", "Target", "Timeouts"),
    "verdict": ("Finding", "Verdict"),
    "view": ("View",),
}  # fmt: skip

if not TYPE_CHECKING:  # a type checker would take any name for one of ours

    def __getattr__(name):  # noqa: ANN001, ANN202 - not seen by type checkers
        for home, names in _HOMES.items():
            if name in names:
                value = globals()[name] = getattr(import_module(f"conformance.{home}"), name)
                return value
        raise AttributeError(f"module 'conformance' has no attribute {name!r}")

    def __dir__():  # noqa: ANN202 - not seen by type checkers
        return sorted({*globals(), *__all__})

"""What is checked, and how a run goes."""

from conformance.history import Call, History, Intent, from_json, read_lines, to_json, write_line
from conformance.verdict import Finding, Verdict

__all__ = ["Call", "Finding", "History", "Intent", "Verdict", "from_json", "read_lines", "to_json", "write_line"]

"""Definitions of jobs: the bodies of createJob, verifyJob and updateJob."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from conformance.emulator.ncloud.condition import Condition, ConditionRules
from conformance.emulator.ncloud.node import NodeRules


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """What a body says of a job; None where it says nothing."""

    name: str | None
    type: str | None
    nodes: tuple[dict[str, Any], ...] | None
    is_temporary: bool | None
    max_runs: int | None
    condition: Condition | None


class DefinitionRules(NodeRules, ConditionRules):
    """Constraints of a job's definition, by the pages of createJob and updateJob."""

    runs_minimum = 1

    def read_definition(self, body: dict[str, Any], *, required: tuple[str, ...]) -> Definition:
        """Return the definition in ``body``, members with null counting as absent, unknown ones being ignored."""
        given = {name: member for name, member in body.items() if member is not None}
        self.check_definition_complete(given, required=required)
        return Definition(
            name=self.read_job_name(given),
            type=self.read_job_type(given),
            nodes=self.read_nodes(given["nodes"]) if "nodes" in given else None,
            is_temporary=self.read_temporary(given),
            max_runs=self.read_max_runs(given),
            condition=self.read_stored_condition(given),
        )

    def check_definition_complete(self, given: dict[str, Any], *, required: tuple[str, ...]) -> None:
        """Refuse a definition without a required member."""
        absent = [name for name in required if name not in given]
        if absent:
            raise self.bad_parameter(f"Expected the body to have {', '.join(absent)}.")

    def read_job_name(self, given: dict[str, Any]) -> str | None:
        """Return the name, of the documented length and characters."""
        name = given.get("name")
        if name is None:
            return None
        if not isinstance(name, str):
            raise self.bad_parameter("Expected name to be a string.")
        self.check_name_length(name)
        self.check_name_characters(name)
        return name

    def check_name_length(self, name: str) -> None:
        """Refuse a name that is too short or too long."""
        minimum, maximum = self.edition.name_minimum, self.edition.name_maximum
        if not minimum <= len(name) <= maximum:
            raise self.bad_parameter(f"Expected name to have {minimum} to {maximum} characters.")

    def check_name_characters(self, name: str) -> None:
        """Refuse a name with other characters, or another first one."""
        if re.fullmatch(self.edition.name_pattern, name) is None:
            raise self.bad_parameter("Expected name to be of letters, digits, '_' and '-', not starting with a digit.")

    def read_job_type(self, given: dict[str, Any]) -> str | None:
        """Return the type, one of those of the edition."""
        value = given.get("type")
        if value is None:
            return None
        allowed = self.edition.job_types
        if not isinstance(value, str) or value not in allowed:
            raise self.bad_parameter(f"Expected type to be one of {', '.join(allowed)}.")
        return value

    def read_temporary(self, given: dict[str, Any]) -> bool | None:
        """Return whether the definition is saved for the time being only."""
        value = given.get("isTemp")
        if value is not None and not isinstance(value, bool):
            raise self.bad_parameter("Expected isTemp to be a boolean.")
        return value

    def read_max_runs(self, given: dict[str, Any]) -> int | None:
        """Return how many executions may be under way at once; its range is not documented."""
        value = given.get("maxConcurrentRuns") if self.edition.condition_at_create else None
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or value < self.runs_minimum:
            raise self.bad_parameter(f"Expected maxConcurrentRuns to be an integer of at least {self.runs_minimum}.")
        return value

    def read_stored_condition(self, given: dict[str, Any]) -> Condition | None:
        """Return the options to store with the job, where the edition takes them here."""
        if not self.edition.condition_at_create or "jobCondition" not in given:
            return None
        return self.read_condition(given["jobCondition"], required=self.edition.condition_required)

"""Options of an execution: the object ``jobCondition``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.emulator.ncloud.refusal import Refusals

Condition = Mapping[str, Any]
"""Members that were given or have a default; absent ones are not kept as null."""


class ConditionRules(Refusals):
    """Constraints of ``jobCondition``, by the pages of createJob and of the executions."""

    worker_default = 2
    timeout_default = 360

    def default_condition(self) -> dict[str, Any]:
        """Return the documented initial options."""
        defaults: dict[str, Any] = {"numWorker": self.worker_default, "timeout": self.timeout_default}
        if self.edition.worker_types:
            defaults["workerType"] = self.edition.worker_types[0]
        return defaults

    def combined_condition(self, stored: Condition, given: Condition) -> Condition:
        """Return the options in force after ``given`` was sent to a job that holds ``stored``."""
        kept = stored if self.edition.condition_merges else self.default_condition()
        return {**kept, **given}

    def read_condition(self, value: Any, *, required: tuple[str, ...]) -> Condition:
        """Return the options that an object names, members with null counting as absent."""
        if not isinstance(value, dict):
            raise self.bad_parameter("Expected jobCondition to be an object.")
        given = {name: member for name, member in value.items() if member is not None}
        self.check_condition_complete(given, required=required)
        self.check_worker_type(given)
        self.check_workers(given)
        self.check_timeout(given)
        self.check_condition_texts(given)
        self.check_parameters(given)
        return {name: given[name] for name in self.condition_members() if name in given}

    def condition_members(self) -> tuple[str, ...]:
        """Return the members that the edition knows; others are ignored."""
        worker = ("workerType",) if self.edition.worker_types else ()
        parameters = ("parameters",) if self.edition.condition_at_create else ()
        return (*worker, "numWorker", "timeout", "nrn", "scriptPath", "logPath", *parameters)

    def check_condition_complete(self, given: Condition, *, required: tuple[str, ...]) -> None:
        """Refuse options without a required member."""
        absent = [name for name in required if name not in given]
        if absent:
            raise self.bad_parameter(f"Expected jobCondition to have {', '.join(absent)}.")

    def check_worker_type(self, given: Condition) -> None:
        """Refuse a worker type that the edition does not name."""
        allowed = self.edition.worker_types
        if allowed and given.get("workerType", allowed[0]) not in allowed:
            raise self.bad_parameter(f"Expected jobCondition.workerType to be one of {', '.join(allowed)}.")

    def check_workers(self, given: Condition) -> None:
        """Refuse a number of workers out of range."""
        self.check_range(given, "numWorker", self.edition.worker_minimum, self.edition.worker_maximum)

    def check_timeout(self, given: Condition) -> None:
        """Refuse a timeout out of range, in minutes."""
        self.check_range(given, "timeout", self.edition.timeout_minimum, self.edition.timeout_maximum)

    def check_range(self, given: Condition, name: str, minimum: int, maximum: int | None) -> None:
        """Refuse a member that is no integer from ``minimum`` to ``maximum``."""
        value = given.get(name, minimum)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.bad_parameter(f"Expected jobCondition.{name} to be an integer.")
        if value < minimum or (maximum is not None and value > maximum):
            bound = "" if maximum is None else f" and at most {maximum}"
            raise self.bad_parameter(f"Expected jobCondition.{name} to be at least {minimum}{bound}.")

    def check_condition_texts(self, given: Condition) -> None:
        """Refuse a resource name or a path that is no string."""
        for name in ("nrn", "scriptPath", "logPath"):
            if not isinstance(given.get(name, ""), str):
                raise self.bad_parameter(f"Expected jobCondition.{name} to be a string.")

    def check_parameters(self, given: Condition) -> None:
        """Refuse parameters that are no object."""
        if not isinstance(given.get("parameters", {}), dict):
            raise self.bad_parameter("Expected jobCondition.parameters to be an object.")

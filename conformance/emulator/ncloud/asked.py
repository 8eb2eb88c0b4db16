"""What an operation gets to work with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.datastructures import MultiDict


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request, after the gateway and the table of routes have seen it."""

    labels: Mapping[str, str]
    """Values of the path's variables."""
    arguments: MultiDict[str, str]
    """Query parameters."""
    content: bytes
    """The body."""

    @property
    def job_id(self) -> str:
        """The job that the path names."""
        return self.labels["jobId"]

    @property
    def execution_id(self) -> str:
        """The execution that the path names."""
        return self.labels["executionId"]

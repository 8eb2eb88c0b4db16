"""Query parameters of the lists."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.emulator.ncloud.refusal import Refusals

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFilter:
    """What getJobs was asked for; None leaves a filter out."""

    name: str | None
    status: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Which part of a list was asked for; pages count from 0."""

    number: int
    limit: int


class QueryReader(Refusals):
    """Reads query parameters; unknown ones are ignored, and of repeated ones the first counts."""

    page_default = 0
    page_minimum = 0
    limit_default = 1000
    execution_limit_minimum = 0
    digits_maximum = 1000
    """No bound of page or limit is documented; this one keeps numbers printable."""

    def read_job_filter(self, arguments: MultiDict[str, str]) -> JobFilter:
        """Return the filters of getJobs."""
        return JobFilter(name=self.read_name(arguments), status=self.read_status(arguments))

    def read_name(self, arguments: MultiDict[str, str]) -> str | None:
        """Return the name asked for; its length and characters are not documented."""
        return arguments.get("name")

    def read_status(self, arguments: MultiDict[str, str]) -> str | None:
        """Return the status asked for, where the edition knows the parameter."""
        allowed = self.edition.status_filter
        status = arguments.get("status")
        if allowed is None or status is None:
            return None
        if status not in allowed:
            raise self.unknown_status(allowed)
        return status

    def unknown_status(self, allowed: tuple[str, ...]) -> Exception:
        """Refuse a status outside the enumeration (what happens is not documented)."""
        return self.bad_parameter(f"Expected status to be one of {', '.join(allowed)}.")

    def read_page(self, arguments: MultiDict[str, str], *, limit_minimum: int) -> Page:
        """Return the page asked for, or the documented defaults."""
        number = self.read_integer(arguments, "page", default=self.page_default, minimum=self.page_minimum)
        limit = self.read_integer(arguments, "limit", default=self.limit_default, minimum=limit_minimum)
        return Page(number=number, limit=limit)

    def read_integer(self, arguments: MultiDict[str, str], name: str, *, default: int, minimum: int) -> int:
        """Return an integer parameter, or its default when it is absent."""
        text = arguments.get(name)
        if text is None:
            return default
        if not self.is_integer(text):
            raise self.bad_parameter(f"Expected {name} to be an integer.")
        value = int(text)
        if value < minimum:
            raise self.bad_parameter(f"Expected {name} to be at least {minimum}.")
        return value

    def is_integer(self, text: str) -> bool:
        """Tell whether ``text`` is a decimal integer; digits of other scripts are none."""
        return len(text) <= self.digits_maximum and re.fullmatch(r"-?[0-9]+", text) is not None

"""Rules for single values, each said in the vocabulary of the AWS models."""

from __future__ import annotations

import re
import unicodedata
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import UTC, datetime

_INTEGER = re.compile(r"-?[0-9]{1,30}")
_DATE_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(ABC):
    """What one value must be; the kinds of values are the subclasses."""

    required: bool = False

    def coerced(self, text: str) -> object:
        """Turn the text of a query value or XML element into the value it denotes, or leave it as it is."""
        return text

    @abstractmethod
    def breach(self, value: object) -> str | None:
        """Say how a value breaks this rule, or None."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Rule):
    """A string. Lengths are counted in code points, since the documents name no unit."""

    min: int = 0
    max: int | None = None
    pattern: str | None = None
    """Regular expression that the whole value has to match."""
    categories: str | None = None
    """First letters of the Unicode categories the characters may have."""
    extra: str = ""
    """Characters allowed beside those categories."""
    values: tuple[str, ...] | None = None

    def breach(self, value: object) -> str | None:
        """Say how a string breaks this rule, or None."""
        if not isinstance(value, str):
            return "must be a string"
        if self.values is not None and value not in self.values:
            return f"must be one of [{', '.join(self.values)}]"
        return self.length_breach(value) or self.content_breach(value)

    def length_breach(self, value: str) -> str | None:
        """Say how the length of a string breaks this rule, or None."""
        if len(value) < self.min:
            return f"must have length greater than or equal to {self.min}"
        if self.max is not None and len(value) > self.max:
            return f"must have length less than or equal to {self.max}"
        return None

    def content_breach(self, value: str) -> str | None:
        """Say how the characters of a string break this rule, or None."""
        if self.pattern is not None and not re.fullmatch(self.pattern, value):
            return f"must satisfy the pattern {self.pattern}"
        if self.categories is not None and not all(self.is_allowed(character) for character in value):
            return f"must consist of characters of the Unicode categories {', '.join(self.categories)}"
        return None

    def is_allowed(self, character: str) -> bool:
        """Whether a character belongs to the alphabet of this text."""
        allowed = self.categories is None or unicodedata.category(character)[0] in self.categories
        return allowed or character in self.extra


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole(Rule):
    """An integer."""

    min: int | None = None
    max: int | None = None

    def coerced(self, text: str) -> object:
        """Read decimal digits; anything else stays text and so breaks the rule."""
        return int(text) if _INTEGER.fullmatch(text) else text

    def breach(self, value: object) -> str | None:
        """Say how an integer breaks this rule, or None."""
        if not isinstance(value, int) or isinstance(value, bool):
            return "must be an integer"
        if self.min is not None and value < self.min:
            return f"must be greater than or equal to {self.min}"
        if self.max is not None and value > self.max:
            return f"must be less than or equal to {self.max}"
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag(Rule):
    """A boolean."""

    def coerced(self, text: str) -> object:
        """Read ``true`` and ``false``."""
        return {"true": True, "false": False}.get(text, text)

    def breach(self, value: object) -> str | None:
        """Say how a boolean breaks this rule, or None."""
        return None if isinstance(value, bool) else "must be true or false"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment(Rule):
    """An ISO 8601 date with time and offset."""

    def breach(self, value: object) -> str | None:
        """Say how a date breaks this rule, or None."""
        if not isinstance(value, str) or date_from(value) is None:
            return "must be an ISO 8601 date with time and offset"
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure(Rule):
    """Named members, each with a rule of its own."""

    choice: bool = False
    """Whether exactly one member must be present."""

    def breach(self, value: object) -> str | None:
        """Say how a structure breaks this rule, or None; its members are looked at by the table."""
        return None if isinstance(value, dict) else "must be a structure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Items(Rule):
    """A list."""

    min: int = 0
    max: int | None = None
    names: tuple[str, ...] = ("member",)
    """Names an item may have in XML; the first is the one written."""

    def breach(self, value: object) -> str | None:
        """Say how a list breaks this rule, or None; its items are looked at by the table."""
        if not isinstance(value, list):
            return "must be a list"
        if len(value) < self.min:
            return f"must have at least {self.min} items"
        if self.max is not None and len(value) > self.max:
            return f"must have at most {self.max} items"
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs(Rule):
    """A map of strings to strings."""

    min: int = 0
    max: int | None = None

    def breach(self, value: object) -> str | None:
        """Say how a map breaks this rule, or None; its keys and values are looked at by the table."""
        if not isinstance(value, dict):
            return "must be a map"
        if len(value) < self.min:
            return f"must have at least {self.min} entries"
        if self.max is not None and len(value) > self.max:
            return f"must have at most {self.max} entries"
        return None


def date_from(text: str) -> datetime | None:
    """Read an ISO 8601 date with time and offset; None if it is not one."""
    if not _DATE_TIME.fullmatch(text):
        return None
    try:
        date = datetime.fromisoformat(text)
    except ValueError:
        return None
    try:
        return date.astimezone(UTC)
    except OverflowError:
        # Within an offset of year 1 or 9999: still comparable, only not expressible in UTC.
        return date

"""The fields of one line of a record, each taken with the type it must have."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import NoneType
from typing import Any, cast

from reports.errors import BrokenLineError


class Fields:
    """The fields of one object of a line; ``number`` is that of the line."""

    def __init__(self, content: Mapping[str, Any], number: int) -> None:
        self._content = content
        self._number = number

    def has(self, name: str) -> bool:
        """Whether there is such a field."""
        return name in self._content

    def one_of(self, name: str, *types: type) -> Any:
        """The field, if it is of one of these types; raises BrokenLineError."""
        if name not in self._content:
            raise BrokenLineError(self._number, f"it has no field {name!r}")
        value = self._content[name]
        if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
            wanted = " or ".join(each.__name__ for each in types)
            raise BrokenLineError(
                self._number, f"expected {name} of type {wanted} but got {value!r:.80} ({type(value).__name__})"
            )
        return value

    def text(self, name: str) -> str:
        """A text."""
        return cast("str", self.one_of(name, str))

    def optional(self, name: str) -> str | None:
        """A text or null."""
        return cast("str | None", self.one_of(name, str, NoneType))

    def count(self, name: str) -> int:
        """A whole number."""
        return cast("int", self.one_of(name, int))

    def moment(self, name: str) -> float:
        """A finite number of seconds."""
        value = self.one_of(name, int, float)
        if not math.isfinite(value):
            raise BrokenLineError(self._number, f"expected {name} to be a moment but got {value!r}")
        return float(value)

    def optional_moment(self, name: str) -> float | None:
        """A finite number of seconds, or null."""
        return None if self.one_of(name, int, float, NoneType) is None else self.moment(name)

    def mapping(self, name: str) -> dict[str, Any]:
        """An object."""
        return cast("dict[str, Any]", self.one_of(name, dict))

    def sequence(self, name: str) -> list[Any]:
        """An array."""
        return cast("list[Any]", self.one_of(name, list))

    def texts(self, name: str) -> tuple[str, ...]:
        """An array of texts."""
        found = self.sequence(name)
        if not all(isinstance(each, str) for each in found):
            raise BrokenLineError(self._number, f"expected {name} to hold texts only")
        return tuple(found)

    def whole(self, name: str) -> tuple[int, ...]:
        """An array of whole numbers."""
        found = self.sequence(name)
        if not all(isinstance(each, int) and not isinstance(each, bool) for each in found):
            raise BrokenLineError(self._number, f"expected {name} to hold whole numbers only")
        return tuple(found)

    def objects(self, name: str) -> list[Fields]:
        """An array of objects."""
        found = self.sequence(name)
        if not all(isinstance(each, dict) for each in found):
            raise BrokenLineError(self._number, f"expected {name} to hold objects only")
        return [Fields(each, self._number) for each in found]

    def counts(self, name: str) -> dict[str, int]:
        """An object of whole numbers."""
        inner = Fields(self.mapping(name), self._number)
        return {key: inner.count(key) for key in self.mapping(name)}

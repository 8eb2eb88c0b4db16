"""Typed reading of request parameters, from a JSON body or from a query."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from conformance.emulator.neptune.error import NeptuneError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from werkzeug.datastructures import MultiDict

_INTEGER = re.compile(r"[0-9]{1,10}")
_FLAGS = {"true": True, "false": False}


class ParameterReader:
    """Which parameter values are taken, and which error each violation leads to.

    The documents name no error for a given violation; the names here are the ones whose descriptions fit best, and
    for queries those of a sibling endpoint of the same server (user guide, neptune-graph-summary).
    """

    MISSING = "MissingParameterException"
    BAD_VALUE = "InvalidParameterException"
    BAD_TYPE = "BadRequestException"

    def required_text(self, body: Mapping[str, Any], name: str) -> str:
        """Return a string that must be there."""
        if name not in body:
            raise NeptuneError(self.MISSING, f"The parameter '{name}' is required")
        return self._text(body[name], name)

    def text(self, body: Mapping[str, Any], name: str) -> str | None:
        """Return a string that may be absent."""
        return self._text(body[name], name) if name in body else None

    def required_choice(self, body: Mapping[str, Any], name: str, choices: Sequence[str]) -> str:
        """Return one of ``choices`` that must be there."""
        return self._choice(self.required_text(body, name), name, choices)

    def choice(self, body: Mapping[str, Any], name: str, choices: Sequence[str], *, default: str) -> str:
        """Return one of ``choices``, or the default."""
        text = self.text(body, name)
        return default if text is None else self._choice(text, name, choices)

    def flag(self, body: Mapping[str, Any], name: str, *, default: bool) -> bool:
        """Return a boolean, written as JSON boolean (the model) or as a string (the user guide's examples)."""
        value = body.get(name, default)
        if isinstance(value, bool):
            return value
        if not isinstance(value, str):
            raise NeptuneError(self.BAD_TYPE, f"The parameter '{name}' must be a boolean")
        return self._flag(value, name)

    def texts(self, body: Mapping[str, Any], name: str) -> tuple[str, ...]:
        """Return an array of strings; empty when absent."""
        value = body.get(name, [])
        if not isinstance(value, list):
            raise NeptuneError(self.BAD_TYPE, f"The parameter '{name}' must be an array of strings")
        return tuple(self._text(item, name) for item in value)

    def members(self, body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
        """Return an object; empty when absent."""
        value = body.get(name, {})
        if not isinstance(value, dict):
            raise NeptuneError(self.BAD_TYPE, f"The parameter '{name}' must be an object")
        return value

    def query_text(self, query: MultiDict[str, str], name: str) -> str | None:
        """Return the only value of a query parameter; None when it is absent."""
        values = query.getlist(name)
        if len(values) > 1:
            raise NeptuneError(self.BAD_VALUE, f"URI query parameter '{name}' occurs more than once")
        return values[0] if values else None

    def query_flag(self, query: MultiDict[str, str], name: str, *, default: bool) -> bool:
        """Return a boolean of the query, in any letter case."""
        text = self.query_text(query, name)
        return default if text is None else self._flag(text, name)

    def query_integer(
        self, query: MultiDict[str, str], name: str, *, default: int, least: int, most: int | None = None
    ) -> int:
        """Return an integer of the query between ``least`` and ``most``, both included."""
        text = self.query_text(query, name)
        if text is None:
            return default
        if not _INTEGER.fullmatch(text) or not self.is_within(int(text), least=least, most=most):
            raise NeptuneError(self.BAD_VALUE, f"URI query parameter '{name}' has unsupported value '{text}'")
        return int(text)

    def is_within(self, value: int, *, least: int, most: int | None) -> bool:
        """Tell whether ``value`` is in a closed range."""
        return least <= value and (most is None or value <= most)

    def invalid(self, name: str, text: str) -> NeptuneError:
        """Return the error for a value of the right type that is not allowed."""
        return NeptuneError(self.BAD_VALUE, f"The parameter '{name}' has unsupported value '{text[:200]}'")

    def _text(self, value: object, name: str) -> str:
        if not isinstance(value, str):
            raise NeptuneError(self.BAD_TYPE, f"The parameter '{name}' must consist of strings only")
        return value

    def _choice(self, text: str, name: str, choices: Sequence[str]) -> str:
        if text not in choices:
            raise self.invalid(name, text)
        return text

    def _flag(self, text: str, name: str) -> bool:
        # str.lower maps some non-ASCII letters to ASCII ones; none of them spells one of these two words.
        flag = _FLAGS.get(text.lower())
        if flag is None:
            raise self.invalid(name, text)
        return flag

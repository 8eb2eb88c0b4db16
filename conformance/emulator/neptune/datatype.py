"""Which texts are values of which datatype."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_INTEGER = re.compile(r"[+-]?[0-9]{1,19}")
_FLOAT = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?Infinity|[+-]?INF|NaN")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
_ANY_INTEGER = re.compile(r"[+-]?[0-9]+")
_DATE = re.compile(
    r"-?[0-9]{4,}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
    r"(?:T(?:[01][0-9]|2[0-4]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
)


def _matches(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda text: pattern.fullmatch(text) is not None


def _within(bits: int) -> Callable[[str], bool]:
    bound = 1 << (bits - 1)
    return lambda text: _INTEGER.fullmatch(text) is not None and -bound <= int(text) < bound


_COLUMN_TYPES: dict[str, Callable[[str], bool]] = {
    "bool": lambda text: text.lower() in {"true", "false"},
    "boolean": lambda text: text.lower() in {"true", "false"},
    "byte": _within(8),
    "short": _within(16),
    "int": _within(32),
    "integer": _within(32),
    "long": _within(64),
    "float": _matches(_FLOAT),
    "double": _matches(_FLOAT),
    "string": lambda _text: True,
    "date": _matches(_DATE),
    "datetime": _matches(_DATE),
}
_XSD = "http://www.w3.org/2001/XMLSchema#"
_XSD_TYPES: dict[str, Callable[[str], bool]] = {
    f"{_XSD}boolean": lambda text: text in {"true", "false", "1", "0"},
    f"{_XSD}byte": _within(8),
    f"{_XSD}short": _within(16),
    f"{_XSD}int": _within(32),
    f"{_XSD}long": _within(64),
    f"{_XSD}integer": _matches(_ANY_INTEGER),
    f"{_XSD}decimal": _matches(_DECIMAL),
    f"{_XSD}float": _matches(_FLOAT),
    f"{_XSD}double": _matches(_FLOAT),
    f"{_XSD}date": _matches(_DATE),
    f"{_XSD}dateTime": _matches(_DATE),
}


def column_test(name: str) -> Callable[[str], bool] | None:
    """Return the test of a CSV column type (user guide, bulk-load-tutorial-format-gremlin); None if there is none."""
    return _COLUMN_TYPES.get(name.lower())


def is_literal(text: str, datatype: str) -> bool:
    """Tell whether ``text`` is a literal of an XML Schema datatype; of others every text is one."""
    test = _XSD_TYPES.get(datatype)
    return test is None or test(text.strip())

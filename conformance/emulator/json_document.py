"""JSON request bodies, read strictly: whatever a careful service would refuse is refused, and nothing crashes."""

from __future__ import annotations

import json
import re
from typing import Any

_SURROGATE = re.compile(rb"\\u[dD][89abAB][0-9a-fA-F]{2}|\\u[dD][c-fC-F][0-9a-fA-F]{2}")


class MalformedJsonError(ValueError):
    """The bytes are no JSON document (RFC 8259), or one that cannot be represented."""


def parse_json(data: bytes) -> Any:
    """Return the value of the JSON document in ``data``.

    Refused are: bytes that are not UTF-8, a byte order mark, NaN and Infinity, names that occur twice in an object,
    lone surrogates, nesting and numbers beyond what Python takes.

    Raises:
        MalformedJsonError: with a message that can be shown to the client.

    """
    try:
        value = json.loads(data.decode("utf-8"), parse_constant=_refuse_constant, object_pairs_hook=_unique)
        if _SURROGATE.search(data):
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except RecursionError:
        raise MalformedJsonError("The JSON document is nested too deeply") from None
    except UnicodeError:
        raise MalformedJsonError("The JSON document is not valid Unicode") from None
    except MalformedJsonError:
        raise
    except ValueError:
        raise MalformedJsonError("The request body is not valid JSON") from None
    return value


def _refuse_constant(name: str) -> Any:
    raise MalformedJsonError(f"{name} is not a JSON number")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise MalformedJsonError("A name occurs twice in one JSON object")
    return members

"""The one place that knows Jinja2: templates of the package, filled with values that are always escaped."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup, escape

from reports.text import visible


@cache
def _text(name: str) -> str:
    return (files("reports") / "templates" / name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(_text), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["visible"] = visible
    environment.filters["line"] = lambda text: visible(text, multiline=False)
    environment.filters["prose"] = _prose
    environment.filters["number"] = lambda number: "unknown" if number is None else f"{number:,}"
    return environment


def _prose(text: str) -> Markup:
    """Text of one line in which words between backticks are code."""
    parts = visible(text, multiline=False).split("`")
    if len(parts) % 2 == 0:
        return escape("`".join(parts))
    return Markup("").join(Markup("<code>{}</code>").format(part) if at % 2 else part for at, part in enumerate(parts))


def fill(name: str, **values: Any) -> str:
    """The template of a name filled with values; all of them are escaped unless made by this module."""
    text = _environment().get_template(name).render(**values)
    # A lone surrogate that slipped through would make the page impossible to write.
    return text.encode("utf-8", "replace").decode("utf-8")


def static(*names: str) -> Markup:
    """Style sheets, scripts or drawings of the package, one behind the other, as they stand."""
    return Markup("".join(map(_text, names)))  # noqa: S704 - files of this package


def source_hash(*names: str) -> str:
    """What a content security policy calls the content of static files that stand in one element."""
    digest = hashlib.sha256("".join(map(_text, names)).encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def embedded(value: Any) -> Markup:
    """JSON for a ``script`` element: nothing in it can end the element or open a comment."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - escaped just above

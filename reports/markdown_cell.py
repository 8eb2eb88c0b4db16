"""Text of a target as one cell of a table in Markdown."""

from __future__ import annotations

import re

from reports.text import visible

_CELL = 300
_ACTIVE = re.compile(r"([\\`*_{}\[\]<>#|~!&@])")


def cell(text: str, *, length: int = _CELL) -> str:
    """Text that stays text: no markup, link, mention or table border of a target's making."""
    short = text if len(text) <= length else f"{text[:length]}…"
    escaped = _ACTIVE.sub(r"\\\1", visible(" ".join(short.split()), multiline=False))
    return escaped.replace("://", ":\\//").replace("www.", "www\\.")

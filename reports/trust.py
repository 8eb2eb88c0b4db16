"""The page that says why a verdict can be trusted, in Markdown, and its picture: nothing but figures that were measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reports.template import fill

#: The parts of the page that are measured.
_PARTS = (
    "mutants", "variants", "documents", "clauses", "recordings", "peers", "throughput", "judging", "growth", "report_size",
    "page_speed",
    "side_by_side",
)  # fmt: skip
_WIDTH, _NAMES, _WORDS, _HEIGHT = 860, 270, 230, 34


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One contender: how much of the width its kills fill, and where its row stands."""

    row: Mapping[str, Any]
    y: int
    width: float


def render_trust(figures: Mapping[str, Any], *, picture: str) -> str:
    """The page.

    Args:
        figures: the content of ``docs/trust.json``; a part that is missing was not measured, and the page says so.
        picture: name of the file that :func:`render_peers` makes.
    """
    return fill("trust.md", figures={**dict.fromkeys(_PARTS), **figures}, picture=picture).rstrip() + "\n"


def render_peers(figures: Mapping[str, Any]) -> str:
    """A picture of what each contender killed, as SVG; empty but for its title where nothing was measured."""
    rows = figures.get("peers", {}).get("contenders", [])
    room = _WIDTH - _NAMES - _WORDS
    bars = [
        Bar(row=row, y=_HEIGHT * at + 44, width=round(room * row["killed"] / row["of"], 1) if row["of"] else 0.0)
        for at, row in enumerate(rows)
    ]
    return fill(
        "trust_peers.svg", bars=bars, peers=figures.get("peers"), width=_WIDTH, height=_HEIGHT * len(bars) + 56,
        names=_NAMES, room=room,
    )  # fmt: skip

"""A badge: the verdict of a run, or of several, in two words, as a picture and for services that draw badges."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conformance import Verdict
from reports.outcome import UNPROVEN, Overall
from reports.template import fill

_COLOURS = {
    Overall.CONFORMING: "1c6e3f", Overall.KNOWN_GAPS: "8a5300", Overall.NOT_CONFORMING: "b3201a",
    Overall.NOT_PROVEN: "1d5fa6", Overall.ERROR: "86239c",
}  # fmt: skip
_WORDS = {
    Overall.CONFORMING: "conforming", Overall.KNOWN_GAPS: "known gaps", Overall.NOT_CONFORMING: "not conforming",
    Overall.NOT_PROVEN: "not proven", Overall.ERROR: "run failed",
}  # fmt: skip
_LETTER, _PADDING = 6.6, 6
_GAPS = frozenset({Verdict.FAIL, *UNPROVEN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Half:
    """One half of the picture: its text, where it begins, and how wide it is."""

    text: str
    x: float
    width: float

    @property
    def room(self) -> float:
        """Width of the text."""
        return round(self.width - 2 * _PADDING, 1)


def render_badge(summary: Mapping[str, Any]) -> str:
    """The badge as JSON, in the schema of endpoints that services draw badges from.

    Args:
        summary: what :func:`reports.summarise` or :func:`reports.combine` made.
    """
    overall = Overall(summary["verdict"])
    badge = {
        "schemaVersion": 1, "label": label(summary), "message": message(summary), "color": _COLOURS[overall],
        "isError": overall is Overall.ERROR,
    }  # fmt: skip
    return json.dumps(badge, ensure_ascii=False) + "\n"


def render_badge_picture(summary: Mapping[str, Any]) -> str:
    """The same badge as SVG, which loads nothing."""
    left = _half(label(summary), 0)
    right = _half(message(summary), left.width)
    return fill(
        "badge.svg", left=left, right=right, width=round(left.width + right.width, 1), padding=_PADDING,
        colour=_COLOURS[Overall(summary["verdict"])],
    )  # fmt: skip


def _half(text: str, x: float) -> Half:
    return Half(text=text, x=x, width=round(len(text) * _LETTER + 2 * _PADDING, 1))


def label(summary: Mapping[str, Any]) -> str:
    """What the badge is about."""
    return "job API conformance" if "apis" in summary else f"{summary['api']} conformance"


def message(summary: Mapping[str, Any]) -> str:
    """The verdict, and the number that goes with it."""
    overall = Overall(summary["verdict"])
    if "apis" in summary:
        runs = summary["apis"]
        good = sum(run["exit_code"] == 0 for run in runs)
        return f"{_WORDS[overall]} {good}/{len(runs)}" if overall.exit_code else f"{_WORDS[overall]}, {len(runs)} APIs"
    due = [clause for clause in summary["clauses"] if clause["mandatory"]]
    kept = sum(clause["verdict"] == Verdict.PASS for clause in due)
    excused = {"known", "not-seen"}
    gaps = [clause for clause in summary["clauses"] if clause["verdict"] in _GAPS]
    unknown = [clause for clause in gaps if clause.get("baseline") not in excused]
    told = {
        Overall.CONFORMING: f" {kept}/{kept}",
        Overall.KNOWN_GAPS: f" {len(gaps) - len(unknown)}",
        Overall.NOT_CONFORMING: f", {_broken(unknown)} broken" if _broken(unknown) else ", stale baseline",
        Overall.NOT_PROVEN: f" {kept}/{len(due)}",
        Overall.ERROR: "",
    }
    return f"{_WORDS[overall]}{told[overall]}"


def _broken(clauses: list[Mapping[str, Any]]) -> int:
    return sum(clause["verdict"] == Verdict.FAIL for clause in clauses)

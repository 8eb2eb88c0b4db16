"""The summary page of a CI job: not larger than what CI servers take, and of several APIs an overview first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reports.markdown_cell import cell
from reports.outcome import Overall
from reports.summary import combine

MOST = 1_000_000
"""Bytes of a page; GitHub takes 1 MiB a step."""

_ANSWERS = {
    Overall.CONFORMING: "all conform", Overall.KNOWN_GAPS: "nothing but known gaps",
    Overall.NOT_CONFORMING: "not all conform", Overall.NOT_PROVEN: "not all is proven",
    Overall.ERROR: "not all could be judged",
}  # fmt: skip
_CUT = "\n_The rest is left out here: this page may not be larger. The report has all of it._\n"


def within(parts: Sequence[str], *, most: int = MOST) -> str:
    """The parts one below the other, as many lines of them as there is room for; a folded part stands whole or not."""
    room = most - len(_CUT.encode())
    kept: list[str] = []
    for part in parts:
        for piece in [part] if part.startswith("<details>") else part.splitlines(keepends=True):
            room -= len(piece.encode("utf-8", "replace")) + 1
            if room < 0:
                return "".join([*kept, _CUT])
            kept.append(piece)
        kept.append("\n")
    return "".join(kept)[:-1]


def render_overview(summaries: Sequence[Mapping[str, Any]], pages: Mapping[str, str]) -> str:
    """The page over the runs of several APIs: a table, then the page of each.

    Args:
        summaries: what :func:`reports.summarise` made of each run.
        pages: by API the Markdown of its run, whose links lead to the report beside it.
    """
    verdict = Overall(combine(summaries)["verdict"])
    lines = [
        f"| [{cell(each['title'])}]({each['api']}/report.html) | {each['verdict']} | {each['counts'].get('fail', 0)} "
        f"| {each['counts'].get('pass', 0)} | {cell(each['sentence'])} |"
        for each in summaries
    ]
    head = "| API | verdict | broken | kept | |\n| --- | --- | --: | --: | --- |\n"
    parts = [f"## {len(summaries)} APIs: {_ANSWERS[verdict]}\n", head + "\n".join(lines) + "\n"]
    share = (MOST - len("\n".join(parts).encode())) // max(len(summaries), 1) - 2
    for each in summaries:
        page = pages.get(each["api"], "").replace("](report.html", f"]({each['api']}/report.html")
        # What is folded stands last, and is the first to go where there is no room.
        parts.append(page if len(page.encode()) <= share else within([page.partition("\n<details>")[0]], most=share))
    return "\n".join(parts)

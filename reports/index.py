"""The page over the runs of several APIs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from reports.html import bar, policy
from reports.outcome import DISPLAY
from reports.summary import combine
from reports.template import fill, static

_ANSWERS = {
    "conforming": "All conform",
    "known-gaps": "Nothing but known gaps",
    "not-conforming": "Not all conform",
    "not-proven": "Not all is proven",
    "error": "Not all could be judged",
}


def render_index(summaries: Sequence[Mapping[str, Any]]) -> str:
    """A page that names each API with its verdict and counts and leads to ``./<api>/report.html``.

    Args:
        summaries: what :func:`reports.summarise` made of each run.
    """
    combined = combine(summaries)
    totals = {str(verdict): sum(summary["counts"].get(str(verdict), 0) for summary in summaries) for verdict in DISPLAY}
    runs = [
        {"summary": summary, "bar": bar(summary["counts"]), "href": f"./{quote(summary['api'], safe='')}/report.html"}
        for summary in summaries
    ]
    return fill(
        "index.html",
        verdict_word=combined["verdict"], answer=_ANSWERS[combined["verdict"]], runs=runs, totals=totals,
        bar=bar(totals), policy=policy(style=("report.css",)), style=static("report.css"), icons=static("icons.svg"),
    )  # fmt: skip

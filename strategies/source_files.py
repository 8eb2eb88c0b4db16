"""Descriptions of source data, drawn at random: what an object holds, how it is written, and which errors are in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from specs import SourceFile
from strategies.property_graph import TYPES

TABLES = ("csv", "opencypher")
LINES = ("ntriples", "nquads")
DOCUMENTS = ("turtle", "rdfxml")
_FLAWS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("csv", "vertices"): ("parsing", "mismatches"),
    ("csv", "edges"): ("parsing", "mismatches", "missing", "reused"),
    ("opencypher", "vertices"): ("parsing", "mismatches"),
    ("opencypher", "edges"): ("parsing", "mismatches", "missing", "reused"),
    ("ntriples", "vertices"): ("parsing", "mismatches"),
    ("nquads", "vertices"): ("parsing", "mismatches"),
}


@st.composite
def source_files(draw: st.DrawFn, *, form: str, part: str = "vertices", flawed: bool = True) -> SourceFile:
    """A file of a form.

    Args:
        draw: given by Hypothesis.
        form: a format.
        part: vertices or edges, of a table.
        flawed: whether errors may be planted.
    """
    rows = draw(st.integers(1, 25))
    more: dict[str, Any] = {"newline": draw(st.sampled_from(("lf", "crlf"))), "bom": draw(st.booleans())}
    if form in TABLES:
        types = draw(st.lists(st.sampled_from(TYPES), min_size=1, max_size=4))
        several = draw(st.booleans()) and form == "csv" and part == "vertices"
        columns = [f"p{number}:{kind}" for number, kind in enumerate(types)]
        # One column has a type that not every text fits, so that a value can be planted which does not.
        more["columns"] = (*columns, "age:Int", *(["nick:String[]"] if several else []))
        more["labels"] = draw(st.integers(1, 3)) if part == "vertices" else 1
        more["among"] = 12 if part == "edges" else 0
        more["empties"] = draw(st.integers(0, rows)) if part == "vertices" else 0
    if form not in DOCUMENTS:
        more["duplicates"] = draw(st.integers(0, rows))
    kinds = _FLAWS.get((form, part), ("parsing",))
    wanted = draw(st.dictionaries(st.sampled_from(kinds), st.integers(1, min(3, rows)))) if flawed else {}
    if form in DOCUMENTS:
        wanted = dict.fromkeys(wanted, 1)
    compression: Any = draw(st.sampled_from((None, "gzip", "bzip2")))
    return SourceFile(
        key="data" + {"gzip": ".gz", "bzip2": ".bz2", None: ""}[compression], form=form, part=part, rows=rows,  # type: ignore[arg-type]
        first=draw(st.integers(0, 30)), flaws=wanted, compression=compression, **more,
    )  # fmt: skip

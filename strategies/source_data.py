"""Makes the objects of an experiment: their bytes, and what these hold."""

from __future__ import annotations

import bz2
import gzip
from collections.abc import Mapping
from dataclasses import dataclass, replace

from specs import SourceFile
from strategies.graph_table import GraphTable
from strategies.property_graph import Column, GraphMaker
from strategies.tally import Tally

_COLUMNS = {
    ("csv", "vertices"): ("name:String", "age:Int", "nick:String[]"),
    ("opencypher", "vertices"): ("name:String", "age:Int", "score:Double"),
    ("csv", "edges"): ("weight:Double",),
    ("opencypher", "edges"): ("weight:Double",),
}
_MORE_ROWS = 200
_RDF = frozenset({"ntriples", "nquads", "rdfxml", "turtle"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceData:
    """One object: its bytes, and counts of what it holds (see :class:`strategies.tally.Tally`)."""

    content: bytes
    counts: Mapping[str, int]


def source_data(file: SourceFile, *, own: str, seed: int = 0) -> SourceData:
    """Make an object.

    The counts depend on ``file`` and ``seed`` alone, the ids in it on ``own`` as well.

    Args:
        file: what it is to hold.
        own: a text that nobody else uses.
        seed: chooses what elements say.
    """
    tally = Tally()
    content = (b"\xef\xbb\xbf" if file.bom else b"") + _text(file, tally, own=own, seed=seed).encode("utf-8")
    if file.compression is not None:
        content = gzip.compress(content, mtime=0) if file.compression == "gzip" else bz2.compress(content)
    return SourceData(content=content, counts=tally.counts())


def varied(file: SourceFile, seed: int) -> SourceFile:
    """The file as a seed has it: the first one as it is described, others with more rows, all files of a seed with as many."""
    return file if seed == 0 else replace(file, rows=file.rows + seed % _MORE_ROWS)


_COUNTED: dict[tuple[str, int], Mapping[str, int]] = {}


def counts(file: SourceFile, *, seed: int = 0) -> Mapping[str, int]:
    """What an object holds, without its bytes; made once."""
    key = (repr(file), seed)
    if key not in _COUNTED:
        _COUNTED[key] = source_data(file, own="x", seed=seed).counts
    return _COUNTED[key]


def _text(file: SourceFile, tally: Tally, *, own: str, seed: int) -> str:
    if file.form == "fasta":
        for _ in range(file.rows):
            tally.row(records=1, cells=2)
        return "".join(f">{own}-{file.first + number}\n{'ACGTTGCA' * 8}\n" for number in range(file.rows))
    if file.form in _RDF:
        # rdflib takes a third of a second to import, which a run without RDF need not spend.
        from strategies.rdf_graph import written  # noqa: PLC0415

        return written(file, tally, own=own, seed=seed)
    declared = file.columns or _COLUMNS[file.form, file.part]
    maker = GraphMaker(
        own=own, seed=seed, version=file.version, columns=tuple(Column.of(each) for each in declared if each)
    )
    return GraphTable(file=file, maker=maker).written(tally)

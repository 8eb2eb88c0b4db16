"""Source data holds what it says it holds, by another count than its own."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
from collections import Counter

import pytest
import rdflib

from specs import SourceFile
from strategies import counts, source_data, varied

SEEDS = range(5)
EVERY_TYPE = (
    "s:String",
    "i:Int",
    "l:Long",
    "h:Short",
    "b:Byte",
    "d:Double",
    "f:Float",
    "o:Bool",
    "t:Date",
    "n:String[]",
)


def rows_of(content: bytes) -> tuple[list[str], list[list[str]]]:
    header, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return header, rows


def facts_of(header: list[str], row: list[str]) -> list[tuple[str, ...]]:
    """What a row says, fact by fact: a label, an edge, or one value of a property."""
    cells = dict(zip(header, row, strict=True))
    own = cells.get("~id") or cells.get(":ID") or ""
    edge = [cells[name] for name in ("~from", "~to", ":START_ID", ":END_ID") if name in cells]
    labels = (cells.get("~label") or cells.get(":LABEL") or cells.get(":TYPE") or "").split(";")
    facts: list[tuple[str, ...]] = (
        [("edge", own, *edge, *labels)] if edge else [("label", own, each) for each in labels]
    )
    for name, cell in cells.items():
        if name[0] not in "~:":
            facts += [(name, own, value) for value in (cell.split(";") if "[]" in name else [cell]) if value]
    return facts


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    "described",
    [
        {"form": "csv", "rows": 30, "labels": 3, "duplicates": 7, "columns": EVERY_TYPE},
        {"form": "csv", "rows": 9, "empties": 4},
        {"form": "csv", "part": "edges", "rows": 20, "among": 8, "duplicates": 3},
        {"form": "opencypher", "rows": 15, "duplicates": 2},
        {"form": "opencypher", "part": "edges", "rows": 15, "among": 9, "newline": "crlf", "bom": True},
    ],
)
def test_a_table_holds_as_many_records_as_it_says(described, seed):
    file = SourceFile(key="x", **described)
    made = source_data(file, own="me", seed=seed)
    header, rows = rows_of(made.content)
    facts = Counter(fact for row in rows for fact in facts_of(header, row))
    assert made.counts["rows"] == len(rows)
    assert made.counts["records"] == facts.total()
    assert made.counts["duplicates"] == facts.total() - len(facts)
    assert made.counts["cells"] >= made.counts["records"] > made.counts["rows"]
    assert made.counts["errors"] == 0
    if file.empties:
        assert made.counts["empties"] == sum(row[-1] == "" for row in rows)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("form", "name"), [("ntriples", "nt"), ("nquads", "nt"), ("turtle", "turtle"), ("rdfxml", "xml")]
)
def test_a_graph_holds_the_statements_that_rdflib_reads(form, name, seed):
    file = SourceFile(key="x", form=form, rows=29, duplicates=0 if form in {"turtle", "rdfxml"} else 5)
    made = source_data(file, own="me", seed=seed)
    graph = rdflib.Graph()
    graph.parse(data=made.content, format=name)  # quads without a graph are triples
    assert len(set(graph.triples((None, None, None)))) == made.counts["records"] - made.counts["duplicates"] == 29


@pytest.mark.parametrize(
    ("form", "part", "flaws"),
    [
        ("csv", "vertices", {"parsing": 2, "mismatches": 3}),
        ("csv", "edges", {"missing": 2, "reused": 2, "mismatches": 1}),
        ("opencypher", "edges", {"missing": 1, "reused": 1}),
        ("ntriples", "vertices", {"parsing": 4, "mismatches": 2}),
        ("turtle", "vertices", {"parsing": 1}),
    ],
)
def test_planted_errors_are_counted_and_leave_the_rest_as_it_is(form, part, flaws):
    flawed = source_data(SourceFile(key="x", form=form, part=part, rows=12, flaws=flaws), own="me")
    sound = source_data(SourceFile(key="x", form=form, part=part, rows=12), own="me")
    assert {kind: flawed.counts[kind] for kind in flaws} == flaws
    assert flawed.counts["errors"] == sum(flaws.values())
    assert (flawed.counts["rows"], flawed.counts["records"]) == (sound.counts["rows"], sound.counts["records"])
    assert set(sound.content.splitlines()) <= set(flawed.content.splitlines())


def test_a_second_value_differs_from_the_first():
    column = ("age:Int(single)",)
    versions = [
        rows_of(
            source_data(SourceFile(key="x", form="csv", rows=40, columns=column, version=number), own="me").content
        )[1]
        for number in range(3)
    ]
    for one, other in ((0, 1), (0, 2), (1, 2)):
        assert [row[0] for row in versions[one]] == [row[0] for row in versions[other]]
        assert all(mine[2] != theirs[2] for mine, theirs in zip(versions[one], versions[other], strict=True))


@pytest.mark.parametrize("form", ["csv", "opencypher", "ntriples", "nquads"])
def test_files_with_the_same_numbers_share_their_data(form):
    whole = source_data(SourceFile(key="x", form=form, rows=20), own="me", seed=3).content.splitlines()
    first = 8 if form in {"csv", "opencypher"} else 2
    part = source_data(SourceFile(key="x", form=form, first=first, rows=12), own="me", seed=3).content.splitlines()
    assert set(part) <= set(whole)


def test_data_is_the_same_each_time_and_other_for_other_seeds_and_owners():
    file = SourceFile(key="x", form="csv", rows=20)
    assert source_data(file, own="me", seed=1) == source_data(file, own="me", seed=1)
    assert source_data(file, own="me", seed=1) != source_data(file, own="me", seed=2)
    assert source_data(file, own="me").content != source_data(file, own="you").content
    assert source_data(file, own="me").counts == source_data(file, own="you").counts == counts(file)


def test_compressed_data_is_the_same_data():
    plain = source_data(SourceFile(key="x", form="csv"), own="me")
    packed = source_data(SourceFile(key="x", form="csv", compression="gzip"), own="me")
    assert (gzip.decompress(packed.content), packed.counts) == (plain.content, plain.counts)
    packed = source_data(SourceFile(key="x", form="csv", compression="bzip2"), own="me")
    assert (bz2.decompress(packed.content), packed.counts) == (plain.content, plain.counts)


def test_other_seeds_have_more_rows_and_keep_what_files_have_in_common():
    whole, part = SourceFile(key="x", form="csv", rows=14), SourceFile(key="x", form="csv", first=6, rows=8)
    assert varied(whole, 0) == whole
    for seed in (1, 57, 4_711):
        more, less = (source_data(varied(file, seed), own="me", seed=seed) for file in (whole, part))
        assert more.counts["rows"] - less.counts["rows"] == 6
        assert set(less.content.splitlines()) <= set(more.content.splitlines())

"""Runs of loads over objects in memory: counters, error log, order of files, resumption, failing reads."""

from __future__ import annotations

import bz2
import gzip

import pytest

from conformance.emulator.neptune.start_request import ParserConfiguration
from conformance.emulator.neptune.status_document import StatusDocument, StatusQuery
from conformance.emulator.objects import AccessDeniedError, NoSuchObjectError, UnreachableError
from tests.emulator.load_bench import Bench, counts

VERTICES = "~id,~label,name:String,age:Int\nv1,person,marko,29\nv2,person,vadas,27\n"
EDGES = "~id,~from,~to,~label\ne1,v1,v2,knows\n"
CONVERTED = '<http://x/s> <http://x/p> "{}"^^<http://www.w3.org/2001/XMLSchema#{}> .\n'


@pytest.fixture
def bench():
    return Bench()


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        ("csv", VERTICES, (6, 0, 0, 0, 0)),
        ("csv", VERTICES + "v1,person,marko,29\n", (9, 3, 0, 0, 0)),
        ("csv", "~id,name\nv1,\n", (1, 0, 0, 0, 0)),
        ("csv", "~id,~label,nick:String[]\nv1,a;b,x;y\n", (4, 0, 0, 0, 0)),
        ("csv", VERTICES + "v3,person\n,person,x,1\nv4,person,x,1,2\n", (6, 0, 3, 0, 0)),
        ("csv", VERTICES + "v3,person,x,1.5\nv4,person,x,2147483648\n", (6, 0, 0, 2, 0)),
        ("csv", VERTICES + 'v3,person,"two\nlines",1\n', (9, 0, 0, 0, 0)),
        ("csv", VERTICES + 'v3,person,"x" y,1\nv4,person,x,1\n', (9, 0, 1, 0, 0)),
        ("csv", VERTICES.encode() + b"v3,person,\xff,1\nv4,person,x,1\n", (9, 0, 1, 0, 0)),
        ("csv", "~id,age:Int(single)\nv1,1\nv1,2\n", (2, 0, 0, 0, 1)),
        ("csv", EDGES, (0, 0, 0, 0, 1)),
        ("csv", "", (0, 0, 0, 0, 0)),
        ("csv", "name,age\nx,1\n", (0, 0, 1, 0, 0)),
        ("csv", "~id,age:Complex\nx,1\n", (0, 0, 1, 0, 0)),
        ("opencypher", ":ID,name:String,:LABEL\nn1,x,a\nn1,y,a\n,z,a\n", (2, 0, 1, 0, 1)),
        ("opencypher", ":START_ID,:END_ID,:TYPE\nn1,n2,T\n", (0, 0, 1, 0, 0)),
        ("ntriples", CONVERTED.format("1", "integer") * 2, (2, 1, 0, 0, 0)),
        ("ntriples", CONVERTED.format("x", "integer") + "junk\n# note\n\n_:a <http://x/p> _:b .\n", (1, 0, 1, 1, 0)),
        ("ntriples", '<http://x/s> <http://x/p> "a"@en <http://x/g> .\n', (0, 0, 1, 0, 0)),
        ("nquads", '<http://x/s> <http://x/p> "a"@en <http://x/g> .\n', (1, 0, 0, 0, 0)),
        ("turtle", '@prefix x: <http://x/> . x:s x:p 1, 2, "x" .', (3, 0, 0, 0, 0)),
        ("turtle", "no turtle", (0, 0, 1, 0, 0)),
        ("rdfxml", "<no", (0, 0, 1, 0, 0)),
    ],
)
def test_records_and_errors_are_counted(bench, form, text, expected):
    load = bench.load({"a": text}, form)
    assert counts(load) == expected
    assert len(load.error_logs()) == load.tally.parsing_errors + sum(counts(load)[3:])


def test_edges_may_stand_in_files_before_their_vertices(bench):
    objects = {"a": EDGES, "b": VERTICES}
    assert counts(Bench().load(objects)) == (7, 0, 0, 0, 0)
    assert counts(Bench().load(objects, edge_only=True))[4] == 1
    assert counts(bench.load({"v": VERTICES})) == (6, 0, 0, 0, 0)
    assert counts(bench.load({"e": EDGES + "e1,v2,v1,knows\n"})) == (1, 0, 0, 0, 1)


def test_an_existing_single_value_is_replaced_only_when_asked(bench):
    single = "~id,age:Int(single)\nv1,{}\n"
    bench.load({"a": single.format(1)})
    assert counts(bench.load({"a": single.format(2)}))[4] == 1
    assert counts(bench.load({"a": single.format(2)}, update_single_cardinality=True))[4] == 0


def test_relationship_ids_are_ruled_by_the_request(bench):
    nodes = ":ID\nn1\nn2\n"
    with_ids, without = ":ID,:START_ID,:END_ID,:TYPE\nr,n1,n2,T\n", ":START_ID,:END_ID,:TYPE\nn1,n2,T\n"
    for text, own, status in (
        (with_ids, True, "LOAD_COMPLETED"),
        (without, True, "LOAD_FAILED"),
        (with_ids, False, "LOAD_FAILED"),
        (without, False, "LOAD_COMPLETED"),
    ):
        assert bench.load({"a": nodes, "b": text}, "opencypher", user_provided_edge_ids=own).status == status


def test_empty_strings_are_values_only_when_allowed(bench):
    text = "~id,name:String,age:Int\nv1,,\n"
    assert counts(bench.load({"a": text})) == (1, 0, 0, 0, 0)
    allowed = ParserConfiguration(allow_empty_strings=True)
    assert counts(bench.load({"a": text}, parser=allowed)) == (2, 1, 0, 0, 0)


def test_the_first_error_stops_the_load_and_keeps_what_was_loaded(bench):
    objects = {"a": VERTICES, "b": VERTICES + "v5,person,x,old\nv6,person,x,1\n", "c": VERTICES}
    load = bench.load(objects, fail_on_error=True)
    assert load.status == "LOAD_FAILED"
    assert [feed.status for feed in load.feeds] == ["LOAD_COMPLETED", "LOAD_FAILED", "LOAD_NOT_STARTED"]
    assert counts(bench.load({"a": VERTICES})) == (6, 6, 0, 0, 0)


def test_resuming_takes_up_what_failed(bench):
    objects = {"a": VERTICES, "b": "~id,age:Int\nv9,old\n"}
    first = bench.load(objects, mode="AUTO", fail_on_error=True)
    assert (first.status, first.run_number) == ("LOAD_FAILED", 1)
    objects["b"] = "~id,age:Int\nv9,9\n"
    second = bench.load(objects, mode="RESUME")
    assert (second.status, second.run_number, counts(second)) == ("LOAD_COMPLETED", 2, (2, 0, 0, 0, 0))
    third = bench.load(objects, mode="AUTO")
    assert (third.status, third.run_number, counts(third)) == ("LOAD_COMPLETED", 3, (0, 0, 0, 0, 0))


@pytest.mark.parametrize(
    ("error", "feed_status", "code"),
    [
        (AccessDeniedError("x"), "LOAD_S3_ACCESS_DENIED_ERROR", "S3_ACCESS_DENIED_ERROR"),
        (
            NoSuchObjectError("x"),
            "LOAD_DATA_FAILED_DUE_TO_FEED_MODIFIED_OR_DELETED",
            "FILE_MODIFICATION_OR_DELETION_ERROR",
        ),
        (UnreachableError("x"), "LOAD_S3_READ_ERROR", "INTERNAL_ERROR"),
    ],
)
@pytest.mark.parametrize("strict", [True, False])
def test_an_unreadable_file_fails_the_load(bench, error, feed_status, code, strict):
    load = bench.load({"a": error, "b": VERTICES}, fail_on_error=strict)
    assert load.status == "LOAD_FAILED"
    assert load.feeds[0].status == feed_status
    assert [entry.code for entry in load.error_logs()] == [code]
    document = StatusDocument().render(load, StatusQuery(details=True, errors=True))
    assert [feed["fullUri"] for feed in document["failedFeeds"]] == ["s3://bucket/a"]


def test_a_load_that_is_told_to_be_over_has_counted_everything(bench):
    """A load goes on while its status is written: counts of before must not stand beside a status of after."""
    done = bench.load({"a": VERTICES})

    class Ending(type(done)):
        """Comes to its end just when it is asked what it has counted."""

        @property
        def tally(self):
            counted = super().tally
            self.status, self.feeds = "LOAD_COMPLETED", done.feeds
            return counted

    load = Ending(request=done.request, status="LOAD_IN_PROGRESS", number=2)
    shown = [StatusDocument().overall(load) for _ in range(2)]
    assert [(each["status"], each["totalRecords"]) for each in shown] == [
        ("LOAD_IN_PROGRESS", 0), ("LOAD_COMPLETED", done.tally.total_records),
    ]  # fmt: skip
    assert done.tally.total_records > 0


def test_compressed_files_are_unpacked(bench):
    data = VERTICES.encode()
    objects = {"a.csv.gz": gzip.compress(data), "b.csv.bz2": bz2.compress(data), "c.csv.gz": data}
    load = bench.load(objects)
    assert counts(load) == (12, 6, 1, 0, 0)
    assert [feed.status for feed in load.feeds] == ["LOAD_COMPLETED", "LOAD_COMPLETED", "LOAD_FAILED"]
    assert bench.load({"d.csv.bz2": data}).status == "LOAD_FAILED"


def test_a_cancelled_load_changes_nothing_more(bench):
    load = bench.load({"a": VERTICES}, cancelled=True)
    assert load.status == "LOAD_CANCELLED_BY_USER"
    assert counts(bench.load({"a": VERTICES})) == (6, 0, 0, 0, 0)


def test_the_last_ten_thousand_errors_are_kept(bench):
    load = bench.load({"a": "junk\n" * 10_001}, "ntriples")
    logs = load.error_logs()
    assert (len(logs), logs[0].record, logs[-1].record) == (10_000, 2, 10_001)
    render = StatusDocument().render
    page = render(load, StatusQuery(errors=True, page=3, errors_per_page=4_000))["errors"]
    assert (page["startIndex"], page["endIndex"], len(page["errorLogs"])) == (8_001, 10_000, 2_000)
    page = render(load, StatusQuery(errors=True, page=4, errors_per_page=4_000))["errors"]
    assert (page["startIndex"], page["endIndex"], page["errorLogs"]) == (0, 0, [])

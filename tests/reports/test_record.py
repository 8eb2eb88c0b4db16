"""The record: what is written is what is read, and what is not a record is refused."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import reports
from conformance import Verdict
from reports import RecordError, RecordWriter, read
from reports.errors import BrokenLineError, CutOffError, ForeignLineError, MisplacedLineError, SchemaVersionError
from specs import Response
from tests.reports.sample import HEADER, call, finding, hostile, plausible, record_of

SCHEMA = json.loads((Path(reports.__file__).parent / "schemas" / "record.schema.json").read_text(encoding="utf-8"))


def written(make: Callable[..., Any] = plausible) -> tuple[Any, list[str]]:
    stream = io.StringIO()
    record = make(stream=stream)
    return record, stream.getvalue().splitlines(keepends=True)


def test_what_is_read_equals_what_was_written() -> None:
    record, lines = written()
    assert read(lines) == record
    assert record.entries[0].exchanges[0].call == call(7)
    assert record.complete


def test_every_line_follows_the_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    validator = Draft202012Validator(SCHEMA)
    _, lines = written()
    lines += [json.dumps({}), json.dumps({"line": "header"}), json.dumps({"line": "footer", "exit_code": 4})]
    valid = [validator.is_valid(json.loads(line)) for line in lines]
    assert valid == [True] * (len(lines) - 3) + [False] * 3


def test_a_line_with_a_wrong_field_breaks_the_schema() -> None:
    _, lines = written()
    line = json.loads(lines[1])
    for change in ({"verdict": "green"}, {"hits": -1}, {"evidence": [{}]}, {"extra": 1}):
        assert not Draft202012Validator(SCHEMA).is_valid(line | change)


def test_hostile_text_survives_the_round_trip() -> None:
    stream = io.StringIO()
    record = record_of([(each.finding, [x.call for x in each.exchanges]) for each in hostile().entries], stream=stream)
    assert stream.getvalue().isascii()
    assert read(stream.getvalue().splitlines(keepends=True)) == record


def test_each_line_is_flushed_before_the_next() -> None:
    class Flushed(io.StringIO):
        seen = 0

        def flush(self) -> None:
            self.seen = len(self.getvalue())

    stream = Flushed()
    writer = RecordWriter(stream, HEADER)
    writer.write(finding())
    assert stream.seen == len(stream.getvalue())
    assert stream.getvalue().count("\n") == 2


def test_bodies_are_capped_and_characters_stay_whole() -> None:
    body = ("x" + "안" * 10_000).encode()
    record = record_of([(finding(), [call(response=Response(status=200, body=body))])])
    [exchange] = record.entries[0].exchanges
    assert exchange.call.response is not None
    kept = exchange.call.response.body
    assert len(kept) <= 16 * 1024
    assert len(kept) + exchange.response_omitted == len(body)
    assert body.decode().startswith(kept.decode())


def test_arguments_that_json_does_not_know_are_kept_as_text() -> None:
    probe = call().intent
    deep: list[Any] = []
    for _ in range(5_000):
        deep = [deep]
    for arguments in ({"limit": float("nan"), "raw": b"\xff"}, {"deep": deep}, {"long": "x" * 100_000}):
        changed = type(probe)(scenario="s", arguments=arguments)
        record_of([(finding(), [call(intent=changed)])])


def changed(number: int, **fields: Any) -> Callable[[list[str]], list[str]]:
    def change(lines: list[str]) -> list[str]:
        content = json.loads(lines[number]) | fields
        return [*lines[:number], json.dumps(content) + "\n", *lines[number:][1:]]

    return change


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        (lambda lines: lines[:-1], CutOffError, "may be cut off"),
        (lambda _: [], CutOffError, "may be cut off"),
        (lambda lines: [*lines[:-1], lines[-1][:20]], CutOffError, "may be cut off"),
        (changed(0, schema=2), SchemaVersionError, "schema=2"),
        (lambda lines: [lines[0], "{half\n", *lines[1:]], BrokenLineError, "Line 2"),
        (changed(1, hits="3"), BrokenLineError, "hits"),
        (changed(1, verdict="green"), BrokenLineError, "green"),
        (changed(1, evidence=[{"id": 1}]), BrokenLineError, "not a call"),
        (changed(1, source={}), BrokenLineError, "document"),
        (changed(-1, verdict="fine"), BrokenLineError, "fine"),
        (changed(-1, exit_code=9), BrokenLineError, "code=9"),
        (changed(-1, exit_code=0), BrokenLineError, "does not go with"),
        (lambda lines: [lines[0], '{"id":1,"process":0}\n', *lines[1:]], ForeignLineError, "line 2"),
        (lambda lines: [lines[0], "[]\n", *lines[1:]], ForeignLineError, "not a run record"),
        (lambda lines: lines + lines, MisplacedLineError, "behind the footer"),
        (lambda lines: lines[1:], MisplacedLineError, "before the header"),
        (lambda lines: [lines[0], *lines], MisplacedLineError, "second header"),
        (lambda lines: [*lines[:2], *lines[1:]], MisplacedLineError, "second finding"),
    ],
)
def test_what_is_no_record_is_refused(change: Any, error: type[RecordError], words: str) -> None:
    _, lines = written()
    with pytest.raises(error, match=words) as caught:
        read(change(lines))
    assert str(caught.value).endswith(".")


def test_a_call_with_values_of_wrong_types_is_refused() -> None:
    _, lines = written()
    for part, name, value in (("request", "path", 1), ("request", "headers", []), ("response", "status", "200")):
        line = json.loads(lines[1])
        line["evidence"][0][part][name] = value
        with pytest.raises(BrokenLineError):
            read([lines[0], json.dumps(line) + "\n", *lines[2:]])


def test_a_call_at_no_finite_time_is_refused() -> None:
    _, lines = written()
    line = json.loads(lines[1])
    line["evidence"][0]["ended"] = float("inf")
    with pytest.raises(BrokenLineError):
        read([lines[0], json.dumps(line) + "\n", *lines[2:]])


def test_a_cut_off_record_is_read_as_far_as_it_goes() -> None:
    record, lines = written()
    partial = read([*lines[:3], lines[3][:40]], partial=True)
    assert partial.entries == record.entries[:2]
    assert not partial.complete
    assert partial.footer.requests is None
    assert partial.footer.verdict == "not-conforming"


def test_a_partial_record_never_conforms() -> None:
    stream = io.StringIO()
    whole = record_of([(finding(Verdict.PASS), [])], stream=stream)
    assert whole.footer.exit_code == 0
    assert read(stream.getvalue().splitlines(keepends=True)[:-1], partial=True).footer.exit_code == 3


def test_partial_reading_still_refuses_broken_lines() -> None:
    _, lines = written()
    with pytest.raises(BrokenLineError):
        read([lines[0], "{\n", lines[1]], partial=True)
    with pytest.raises(CutOffError):
        read([], partial=True)


def test_a_writer_is_used_once() -> None:
    writer = RecordWriter(io.StringIO(), HEADER)
    writer.write(finding())
    with pytest.raises(ValueError, match="has a finding already"):
        writer.write(finding())
    writer.finish(requests=1, seconds=1)
    with pytest.raises(ValueError, match="finished"):
        writer.write(finding(subject="other/type"))
    with pytest.raises(ValueError, match="twice"):
        writer.finish(requests=1, seconds=1)


def test_the_footer_counts_by_verdict_and_family() -> None:
    record, lines = written()
    footer = json.loads(lines[-1])
    assert sum(footer["counts"].values()) == len(record.entries)
    assert sum(sum(row.values()) for row in footer["families"].values()) == len(record.entries)
    assert footer["verdict"] == "not-conforming"

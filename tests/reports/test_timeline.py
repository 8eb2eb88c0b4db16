"""The timeline of jobs: what is taken from a history, kept in a record, and drawn."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from conformance import Finding, Verdict
from reports import Record, Timeline, read, render_html, timeline_of
from reports.drawing import Drawing, draw
from reports.errors import BrokenLineError
from reports.scale import Scale
from specs import Response
from tests.reports.program_sample import Script, abused, acted, crowded, experimented, overtaken, spec, told, unrelated
from tests.reports.sample import HOSTILE
from tests.reports.test_html import Page
from tests.reports.test_record import SCHEMA

Made = tuple[Script, Finding]
MAKERS: dict[str, Callable[[], Made]] = {
    "overtaken": overtaken,
    "crowded": crowded,
    "abused": abused,
    "acted": acted,
    "experimented": experimented,
}


def timeline(made: Made) -> Timeline:
    script, finding = made
    found = timeline_of(spec(), finding, script.by_id)
    assert found is not None
    return found


def drawing(made: Made) -> Drawing:
    script, _ = made
    spans = {c.id: (c.started, c.started if c.ended is None else c.ended, c.operation) for c in script.calls}
    return draw(timeline(made), spans)


def test_a_program_is_retold() -> None:
    script, finding = overtaken()
    found = timeline((script, finding))
    jobs = {job.name: job for job in found.jobs}
    assert list(jobs) == ["hold", "a", "b", "c", "d", "e"]
    assert (found.program, found.marks, found.jobs_omitted) == ("order", finding.evidence, 0)
    assert (found.began, found.ended) == (script.calls[0].started, script.calls[-1].ended)
    assert [(look.status, look.phase) for look in jobs["a"].looks] == [
        ("LOAD_IN_QUEUE", "waiting"), ("LOAD_PAUSED", "unknown"), ("LOAD_IN_QUEUE", "waiting"),
        ("HTTP 503", "none"), ("LOAD_IN_PROGRESS", "running"), ("LOAD_COMPLETED", "succeeded"),
    ]  # fmt: skip
    assert jobs["c"].after == ("a", "b", "unknown id")
    assert jobs["d"].refused == "HTTP 400 BadRequestException the queue is full"
    assert (jobs["d"].id, jobs["d"].accepted) == (None, None)
    assert (jobs["e"].id, jobs["e"].accepted, jobs["e"].refused) == (None, None, None)
    assert [cancel.call for cancel in jobs["hold"].cancels] == [c.id for c in script.calls if c.intent.role == "cancel"]


def test_what_else_is_asked_of_a_job_is_retold() -> None:
    script, finding = acted()
    found = timeline((script, finding))
    assert (found.program, found.marks) == ("taken", finding.evidence)
    jobs = {job.name: job for job in found.jobs}
    assert list(jobs) == ["job", "job again"]
    assert [(act.name, act.answer) for act in jobs["job"].acts] == [
        ("CancelLoaderJob touch", "HTTP 400 BadRequestException")
    ]
    assert [act.name for act in jobs["job again"].acts] == ["CancelLoaderJob"]
    assert [(look.status, look.phase) for look in jobs["job"].looks] == [
        ("LOAD_IN_PROGRESS", "running"), ("LOAD_PAUSED", "unknown"), ("HTTP 503", "none"),
    ]  # fmt: skip
    assert len(jobs["job"].cancels) == 1
    text, _ = page(acted())
    assert "another request about it" in text
    assert "job: CancelLoaderJob touch at " in text
    assert "another request about it" not in page(overtaken())[0]


def test_an_experiment_is_retold_by_the_name_of_its_clause() -> None:
    found = timeline(experimented())
    assert found.program == "StartLoaderJob/format/csv.gz"
    first, again = found.jobs
    assert [(look.status, look.phase) for look in first.looks] == [("LOAD_FAILED", "failed")]
    assert (again.id, again.refused) == (None, "HTTP 400 BadRequestException the queue is full")


def test_only_broken_clauses_about_jobs_have_one() -> None:
    script, finding = overtaken()
    warned = script.finding(*script.calls[1:3], verdict=Verdict.WARN)
    assert timeline_of(spec(), warned, script.by_id) is not None
    for each in unrelated(script):
        assert timeline_of(spec(), each, script.by_id) is None
    assert timeline_of(spec(), finding, {}) is None


def test_calls_of_other_programs_are_left_alone() -> None:
    script, finding = overtaken()
    other = Script(name="other", group=4)
    other.start("z")
    calls = script.by_id | {call.id + 1000: call for call in other.calls}
    assert timeline_of(spec(), finding, calls) == timeline((script, finding))


def test_a_crowd_is_capped_and_keeps_what_proves() -> None:
    script, finding = crowded()
    found = timeline((script, finding))
    assert (len(found.jobs), found.jobs_omitted) == (80, 22)
    assert {"long", "over", "q0"} <= {job.name for job in found.jobs}
    [long] = [job for job in found.jobs if job.name == "long"]
    assert (len(long.looks), long.looks_omitted) == (40, 72)
    assert finding.evidence[1] in {look.call for look in long.looks}
    reads = [call.id for call in script.calls if call.intent.role == "read"]
    assert (long.looks[0].call, long.looks[-1].call) == (reads[0], reads[-1])
    assert list(long.looks) == sorted(long.looks, key=lambda look: look.began)


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_the_record_keeps_it(make: Callable[[], Made]) -> None:
    stream = io.StringIO()
    record = told(make(), stream=stream)
    lines = stream.getvalue().splitlines(keepends=True)
    assert read(lines) == record
    assert record.entries[0].timeline is not None
    assert stream.getvalue().isascii()
    for line in lines:
        Draft202012Validator(SCHEMA).validate(json.loads(line))


def lines_of(made: Made) -> list[str]:
    stream = io.StringIO()
    told(made, stream=stream)
    return stream.getvalue().splitlines(keepends=True)


def test_a_record_without_timelines_is_still_read() -> None:
    lines = lines_of(overtaken())
    line = json.loads(lines[1])
    for absent in ({k: v for k, v in line.items() if k != "timeline"}, line | {"timeline": None}):
        assert Draft202012Validator(SCHEMA).is_valid(absent)
        record = read([lines[0], json.dumps(absent) + "\n", lines[2]])
        assert record.entries[0].timeline is None
        assert "figure" not in {tag for tag, _ in Page(render_html(record)).elements}


def spoiled(change: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    line: dict[str, Any] = json.loads(lines_of(overtaken())[1])
    change(line["timeline"])
    return line


@pytest.mark.parametrize(
    "change",
    [
        lambda told: told.pop("jobs"),
        lambda told: told.update(began="0"),
        lambda told: told.update(marks=["1"]),
        lambda told: told.update(marks=[True]),
        lambda told: told["jobs"].append(1),
        lambda told: told["jobs"][0].update(name=None),
        lambda told: told["jobs"][0].update(after=[1]),
        lambda told: told["jobs"][0].update(accepted="soon"),
        lambda told: told["jobs"][0]["looks"][0].pop("status"),
        lambda told: told["jobs"][0]["cancels"][0].update(at=None),
        lambda told: told["jobs"][0].update(acts=[{"at": 1, "call": 1, "name": "x"}]),
    ],
)
def test_a_broken_timeline_is_refused(change: Callable[[dict[str, Any]], Any]) -> None:
    line = spoiled(change)
    assert not Draft202012Validator(SCHEMA).is_valid(line)
    with pytest.raises(BrokenLineError, match="Line 2"):
        read([lines_of(overtaken())[0], json.dumps(line) + "\n"], partial=False)


def test_a_moment_that_is_not_finite_is_refused() -> None:
    for name, value in (("began", float("nan")), ("ended", float("inf"))):
        line = json.dumps(spoiled(lambda told, name=name, value=value: told.update({name: value})))
        with pytest.raises(BrokenLineError, match=name):
            read([lines_of(overtaken())[0], line + "\n", "{}\n"])


def test_bars_say_only_what_is_known() -> None:
    rows = {row.label: row for row in drawing(overtaken()).rows}
    kinds = {name: [bar.kind for bar in row.bars] for name, row in rows.items()}
    assert kinds["a"] == [
        "asked", "open", "seen waiting", "open", "seen waiting", "open", "seen running", "open"
    ]  # fmt: skip
    assert kinds["b"] == ["asked", "open", "seen waiting", "open", "seen running", "open"]
    assert kinds["d"] == []
    assert kinds["e"] == ["open"]
    assert [row.outcome for row in rows.values()] == [
        "cancelled", "succeeded", "succeeded", "succeeded", "refused", "no answer"
    ]  # fmt: skip
    assert rows["c"].after.startswith("← a, b")
    for row in rows.values():
        assert all(later.x >= earlier.x for earlier, later in zip(row.bars, row.bars[1:], strict=False))


def test_a_look_without_an_answer_leaves_the_phase_known() -> None:
    script = Script()
    script.start("a")
    first = script.read("a", "LOAD_IN_QUEUE")
    script.read("a", "", response=Response(status=503, headers={}, body=b""))
    last = script.read("a", "LOAD_IN_QUEUE")
    [row] = drawing((script, script.finding(first, last))).rows
    assert [bar.kind for bar in row.bars] == ["asked", "open", "seen waiting", "waiting"]
    assert [dot.kind for dot in row.dots] == ["start", "look", "lost", "look"]
    assert row.outcome == "waiting"


def test_evidence_is_marked_on_its_job() -> None:
    made = overtaken()
    found = drawing(made)
    rows = {row.label: row for row in found.rows}
    assert [mark.call for mark in found.marks] == list(made[1].evidence)
    assert [mark.words.partition(",")[0] for mark in found.marks] == ["b: LOAD_IN_PROGRESS", "a: LOAD_IN_QUEUE"]
    assert [mark.bottom for mark in found.marks] == [rows["b"].middle, rows["a"].middle]
    assert [name for name, row in rows.items() if row.is_marked] == ["a", "b"]
    assert "call" in found.summary


def test_evidence_about_no_job_reaches_over_all() -> None:
    script, _ = overtaken()
    listed = script.add("ListLoaderJobs", "GET", "program-list", "", {"status": "200 OK", "payload": {"loadIds": []}})
    found = drawing((script, script.finding(listed)))
    [mark] = found.marks
    assert mark.bottom == found.floor
    assert mark.words.startswith("ListLoaderJobs, ")


def test_a_scale_keeps_the_order_and_gives_room_where_it_matters() -> None:
    moments = [0.0, 10.0, 10.001, 10.002, 3600.0, *(20 + at / 100 for at in range(300))]
    scale = Scale(moments, stressed=[10.001])
    places = [scale(moment) for moment in sorted(moments)]
    assert places == sorted(places)
    assert (places[0], places[-1]) == (1.5, 98.5)
    assert scale(10.002) - scale(10.0) > 5
    assert (scale(-5), scale(9999)) == (1.5, 98.5)
    assert scale.moment_at(scale(15.0)) == pytest.approx(15.0, abs=3)
    assert (scale.moment_at(0), scale.moment_at(100)) == (0.0, 3600.0)


@pytest.mark.parametrize("moments", [[], [4.0], [4.0, 4.0], [4.0, 5.0]])
def test_a_scale_of_little_time_is_no_trouble(moments: list[float]) -> None:
    scale = Scale(moments)
    assert 0 <= scale(4.0) <= 100
    assert scale.moment_at(50) >= 0


def page(made: Made) -> tuple[str, Page]:
    text = render_html(told(made))
    return text, Page(text)


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_the_page_is_whole_and_its_links_lead_somewhere(make: Callable[[], Made]) -> None:
    _, found = page(make())
    assert found.open == []
    assert len(found.ids) == len(set(found.ids))
    links = [attrs["href"][1:] for tag, attrs in found.elements if tag == "a" and "/call-" in (attrs["href"] or "")]
    assert len(links) >= 3
    assert set(links) <= set(found.ids)
    for _, attrs in found.elements:
        assert not {name for name in attrs if name.startswith("on") or name in ("style", "src")}


def test_the_picture_can_be_read_without_seeing_it() -> None:
    text, found = page(overtaken())
    [plot] = [attrs for tag, attrs in found.elements if tag == "svg" and attrs.get("class") == "plot"]
    assert plot["aria-hidden"] == "true"
    assert "Timeline of the jobs of the program order: 6 jobs" in text
    assert "b: LOAD_IN_PROGRESS" in text
    assert "LOAD_PAUSED (unknown)" in text
    assert "never answered" in text
    assert "HTTP 503 (no status)" in text
    assert "look that showed no documented status" in text
    assert "look that showed no documented status" not in page(crowded())[0]
    inside = [attrs for tag, attrs in found.elements if tag == "a" and attrs.get("tabindex") == "-1"]
    assert len(inside) == 4


def test_hostile_names_are_text() -> None:
    text, found = page(abused())
    assert text.count("<script") == 2
    assert "<img" not in text
    assert "<!--" not in text
    assert "\u202e" not in text
    assert HOSTILE not in text
    labels = [row.label for row in drawing(abused()).rows]
    assert max(map(len, labels)) <= 20
    assert max(len(job.name) for job in timeline(abused()).jobs) == 60
    text.encode("utf-8")
    assert any("⟨U+0007⟩" in part or "alert(1)" in part for part in found.texts["figcaption"] + found.texts["b"])


def test_pictures_of_many_clauses_do_not_swell_the_page() -> None:
    script, finding = crowded()
    one = told((script, finding))
    entry = one.entries[0]
    many = Record(header=one.header, entries=(entry,) * 200, footer=one.footer)
    assert len(render_html(many)) < 15_000_000

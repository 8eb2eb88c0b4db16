"""A baseline held against a run: what each entry comes to, what the run comes to then, and that every format shows it."""

from __future__ import annotations

import datetime
import io
import json
from importlib import resources

import pytest
from defusedxml.ElementTree import fromstring

from conformance import Finding, Verdict
from reports import (
    Baseline,
    Deviation,
    Expectation,
    Record,
    RecordError,
    State,
    combine,
    held_against,
    read,
    render_html,
    render_index,
    render_junit,
    render_markdown,
    summarise,
)
from reports.baseline_line import baseline_line
from reports.html import render_html as page_of
from specs import Level, problem
from tests.reports.sample import HOSTILE, finding, record_of

DAY = datetime.date(2026, 11, 25)
LATER, BEFORE = datetime.date(2026, 11, 25), datetime.date(2026, 11, 24)
PASS = finding(Verdict.PASS, subject="other/type")


def entry(found: Finding, expect: str = "fail", **changes: object) -> Deviation:
    fields = {"reason": "issue 7", "link": "https://example.org/7", "expires": LATER} | changes
    return Deviation(clause=found.clause.id, expect=Expectation(expect), **fields)  # type: ignore[arg-type]


def held(*rows: tuple[Finding, Deviation | None]) -> Record:
    findings = [found for found, _ in rows]
    known = [each for _, each in rows if each is not None]
    baseline = held_against(known, findings, name="baseline.toml", day=DAY)
    return record_of([(found, []) for found in findings], baseline=baseline)


def of(verdict: Verdict, **changes: object) -> Finding:
    return finding(verdict, subject=f"{verdict}/type", **changes)


@pytest.mark.parametrize(
    ("verdict", "changes", "state", "code"),
    [
        (Verdict.FAIL, {}, State.KNOWN, 0),
        (Verdict.FAIL, {"expires": BEFORE}, State.EXPIRED, 1),
        (Verdict.FAIL, {"expect": "unproven"}, State.WORSE, 1),
        (Verdict.PASS, {}, State.STALE, 1),
        (Verdict.PASS, {"expect": "unproven"}, State.STALE, 1),
        (Verdict.PASS, {"sometimes": True}, State.NOT_SEEN, 0),
        (Verdict.PASS, {"sometimes": True, "expires": BEFORE}, State.EXPIRED, 1),
        (Verdict.VACUOUS, {}, State.NOT_SEEN, 0),
        (Verdict.INCONCLUSIVE, {}, State.NOT_SEEN, 0),
        (Verdict.UNTESTABLE, {}, State.NOT_SEEN, 0),
        (Verdict.UNTESTABLE, {"expect": "unproven"}, State.KNOWN, 0),
        (Verdict.VACUOUS, {"expires": BEFORE}, State.EXPIRED, 1),
        (Verdict.NOT_APPLICABLE, {}, State.NOT_SEEN, 0),
        (Verdict.ERROR, {}, State.NOT_SEEN, 2),
    ],
)
def test_states_and_exit_codes(verdict: Verdict, changes: dict[str, object], state: State, code: int) -> None:
    found = of(verdict)
    record = held((PASS, None), (found, entry(found, **changes)))  # type: ignore[arg-type]
    assert record.baseline is not None
    [standing] = record.baseline.standings
    assert (standing.state, record.footer.exit_code) == (state, code)
    assert standing.why


def test_what_is_not_in_the_baseline_decides_as_without_one() -> None:
    known = of(Verdict.FAIL)
    assert (
        held((PASS, None), (known, entry(known)), (finding(Verdict.FAIL, subject="new/type"), None)).footer.exit_code
        == 1
    )
    assert held((PASS, None), (known, entry(known)), (of(Verdict.VACUOUS), None)).footer.exit_code == 3
    assert held((PASS, None), (known, entry(known)), (of(Verdict.WARN, level=Level.SHOULD), None)).footer.exit_code == 0


def test_a_clause_that_the_run_was_not_about_is_neither_stale_nor_kept() -> None:
    baseline = held_against([entry(of(Verdict.FAIL))], [PASS], name="b", day=DAY)
    assert [each.state for each in baseline.standings] == [State.NOT_SEEN]
    assert record_of([(PASS, [])], baseline=baseline).footer.verdict == "conforming"


def test_a_run_that_proves_nothing_is_not_green_by_its_baseline() -> None:
    found = of(Verdict.UNTESTABLE)
    assert held((found, entry(found, "unproven"))).footer.exit_code == 3


def test_a_run_that_ended_early_is_not_green_by_its_baseline() -> None:
    found = of(Verdict.FAIL)
    baseline = held_against([entry(found)], [PASS, found], name="b", day=DAY)
    record = record_of([(PASS, []), (found, [])], baseline=baseline, interrupted="Ctrl-C")
    assert record.footer.exit_code == 3


def test_a_target_with_known_gaps_is_not_said_to_conform() -> None:
    found, open_ = of(Verdict.FAIL), of(Verdict.VACUOUS)
    record = held((PASS, None), (found, entry(found)), (open_, entry(open_, "unproven")))
    assert record.footer.verdict == "known-gaps"
    assert "Known: 1 broken, 1 not proven." in record.outcome.sentence
    assert record.footer.counts["fail"] == 1
    summary = summarise(record)
    assert combine([summary, summarise(record_of([(PASS, [])]))])["verdict"] == "known-gaps"
    assert "Nothing but known gaps" in render_index([summary])


def sample() -> Record:
    known, new, stale, late, open_ = (
        finding(verdict, subject=f"{name}/type")
        for verdict, name in (
            (Verdict.FAIL, "known"), (Verdict.FAIL, "new"), (Verdict.PASS, "stale"), (Verdict.FAIL, "late"), (Verdict.VACUOUS, "open"),
        )
    )  # fmt: skip
    gone = entry(finding(subject="elsewhere/type"), expires=BEFORE)
    rows = [
        (known, entry(known)),
        (new, None),
        (stale, entry(stale)),
        (late, entry(late, expires=BEFORE)),
        (open_, entry(open_)),
    ]
    baseline = held_against([*(each for _, each in rows if each), gone], [f for f, _ in rows], name="b.toml", day=DAY)
    return record_of([(found, []) for found, _ in rows], baseline=baseline)


def test_junit_skips_what_is_known_and_fails_what_is_stale() -> None:
    root = fromstring(render_junit(sample()))
    tags = {
        (case.get("name") or "").removeprefix("neptune.ListLoaderJobs/").partition("/")[0]: child.tag
        + ": "
        + (child.get("message") or "")
        for case in root.iter("testcase")
        for child in case
        if child.tag != "properties"
    }
    assert tags["known"].startswith("skipped: known: issue 7 https://example.org/7; fail")
    assert tags["new"].startswith("failure: fail")
    assert tags["stale"].startswith("failure: the baseline entry is stale: the clause is kept now")
    assert tags["late"].startswith("failure: the baseline entry is stale: it expired on 2026-11-24")
    assert tags["open"].startswith("skipped: known")
    assert tags["elsewhere"].startswith("failure: the baseline entry is stale: it expired")
    for suite in [root, *root.iter("testsuite")]:
        assert int(suite.get("failures", "")) == len(suite.findall(".//failure"))
        assert int(suite.get("tests", "")) == len(suite.findall(".//testcase"))


def test_markdown_summary_and_page_tell_known_from_new() -> None:
    record = sample()
    text = render_markdown(record)
    broken = text.partition("### Broken")[2].partition("###")[0]
    assert "Broken (2)" in text  # what has expired is no longer known
    assert "new/type" in broken
    assert "known/type" not in broken
    assert "### Stale entries of the baseline (3)" in text
    assert "### Known deviations (2)" in text
    states = summarise(record)["baseline"]["states"]
    assert {name: len(clauses) for name, clauses in states.items()} == {
        "known": 1, "not-seen": 1, "worse": 0, "stale": 1, "expired": 2,
    }  # fmt: skip
    rows = {row["id"].partition("/")[2]: row["baseline"] for row in summarise(record)["clauses"]}
    assert (rows["known/type"], rows["new/type"], rows["stale/type"]) == ("known", None, "stale")
    page = render_html(record)
    assert 'id="baseline"' in page
    assert page.count("<strong>expired</strong>") == 2


def test_a_hostile_reason_stays_text() -> None:
    found = of(Verdict.FAIL)
    record = held((PASS, None), (found, entry(found, reason=HOSTILE, link=HOSTILE)))
    assert "<img" not in page_of(record)
    fromstring(render_junit(record))


def test_a_record_with_a_baseline_is_read_again() -> None:
    stream = io.StringIO()
    found = of(Verdict.FAIL)
    baseline = held_against([entry(found, sometimes=True)], [PASS, found], name="b", day=DAY)
    record = record_of([(PASS, []), (found, [])], baseline=baseline, stream=stream)
    lines = stream.getvalue().splitlines(keepends=True)
    again = read(lines)
    assert again == record
    assert summarise(again) == summarise(record)
    with pytest.raises(RecordError, match="second baseline"):
        read([*lines[:-1], lines[-2], lines[-1]])
    assert again.against(held_against([], again.findings, name="b", day=DAY)).footer.exit_code == 1


@pytest.mark.parametrize(
    "change", [{"day": "tomorrow"}, {"name": 7}, {"entries": [{}]}, {"entries": "none"}, {"entries": [None]}]
)
def test_a_broken_line_is_refused(change: dict[str, object]) -> None:
    stream = io.StringIO()
    record_of([(PASS, [])], baseline=Baseline(name="b", day=DAY, standings=()), stream=stream)
    lines = stream.getvalue().splitlines(keepends=True)
    with pytest.raises(RecordError, match="Line 3"):
        read([*lines[:2], json.dumps(json.loads(lines[2]) | change) + "\n", lines[3]])


def test_the_schema_of_records_knows_the_line() -> None:
    schema = json.loads(resources.files("reports").joinpath("schemas/record.schema.json").read_text("utf-8"))
    record = sample()
    assert record.baseline is not None
    assert problem(schema, baseline_line(record.baseline)) is None

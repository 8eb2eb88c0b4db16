"""JUnit, Markdown and the summaries: what programs read."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring

from conformance import Verdict
from reports import combine, render_index, render_junit, render_markdown, summarise
from specs import Level
from tests.reports.sample import HEADER, HOSTILE, finding, hostile, large, plausible, record_of

EVERY = [(finding(each, subject=f"{each}/type", reason=f"because of {each}"), []) for each in Verdict]
TAGS = {
    "fail": "failure", "error": "error", "pass": None, "warn": "system-out", "vacuous": "skipped",
    "inconclusive": "skipped", "untestable": "skipped", "not-applicable": "skipped", "disabled": "skipped",
}  # fmt: skip


def outcome_of(case: Element) -> str | None:
    tags = [child.tag for child in case if child.tag != "properties"]
    assert len(tags) <= 1
    return tags[0] if tags else None


def test_each_verdict_is_what_junit_has_for_it() -> None:
    root = fromstring(render_junit(record_of(EVERY)))
    cases = {case.get("name", "").partition("/")[0]: case for case in root.iter("testcase")}
    assert {name: outcome_of(case) for name, case in cases.items()} == TAGS
    for name, tag in TAGS.items():
        if tag == "skipped":
            assert cases[name].find("skipped").get("message") == f"{name}: because of {name}"


def test_counts_of_suites_are_those_of_their_cases() -> None:
    root = fromstring(render_junit(plausible()))
    for suite in [root, *root.iter("testsuite")]:
        cases = list(suite.iter("testcase"))
        got = [int(suite.get(name, "")) for name in ("tests", "failures", "errors", "skipped")]
        found = [outcome_of(case) for case in cases]
        assert got == [len(cases), *(found.count(tag) for tag in ("failure", "error", "skipped"))]


def test_cases_carry_hits_and_level() -> None:
    [case] = fromstring(render_junit(record_of([(finding(hits=9, level=Level.SHOULD), [])]))).iter("testcase")
    properties = {each.get("name"): each.get("value") for each in case.iter("property")}
    assert properties["hits"] == "9"
    assert properties["level"] == "SHOULD"
    assert properties["clause"] == "neptune.ListLoaderJobs/limit/range-max"


def test_hostile_text_is_well_formed_xml() -> None:
    text = render_junit(hostile())
    text.encode("utf-8")
    [failure] = fromstring(text).iter("failure")
    assert "⟨U+0000⟩" in failure.text
    assert "⟨U+D800⟩" in failure.text
    assert "</script>" in failure.text


def test_an_interrupted_run_is_an_error_in_junit() -> None:
    root = fromstring(render_junit(record_of([(finding(Verdict.PASS), [])], interrupted="Ctrl-C")))
    assert root.get("errors") == "1"
    assert root.get("tests") == "2"
    assert [each.get("message") for each in root.iter("error")] == ["Ctrl-C"]


def test_markdown_says_first_whether_it_conforms() -> None:
    text = render_markdown(plausible())
    assert text.startswith("## Amazon Neptune bulk loader: does not conform\n\n**2 clauses are broken")
    assert "### Broken (2)" in text
    assert "seed 20261122" in text


def test_markdown_tables_stay_tables() -> None:
    """Whatever a target says, it adds no row, column, link, mention or element."""
    for record in (
        hostile(),
        record_of([(finding(actual="a | b\n| c @team <b> [x](http://e.example) www.e.x `y`"), [])]),
    ):
        # What is folded below stands in blocks of code: tests/reports/test_job_summary.py.
        for full in render_markdown(record).partition("<details>")[0].splitlines():
            line = re.sub(r"^\| \[[\w./-]+\]\(report\.html#[\w./-]+\)", "| clause", full)
            if line.startswith("|"):
                assert len(re.findall(r"(?<!\\)\|", line)) in (3, 6, 10)  # of readings, of findings, of counts
            assert not re.search(r"(?<!\\)[\[@`]|https?://|<(?!/?sub>)(?<!\\<)", line)


def test_markdown_of_many_findings_is_short() -> None:
    text = render_markdown(large(5_000))
    assert len(text) < 60_000
    assert "and 200 more" in text


def test_a_summary_is_json_and_has_what_is_promised() -> None:
    summary = json.loads(json.dumps(summarise(plausible())))
    assert summary["verdict"] == "not-conforming"
    assert summary["exit_code"] == 1
    assert summary["requests"] == 4210
    assert summary["clauses"][0] == {
        "id": "neptune.ListLoaderJobs/limit/range-max", "operation": "ListLoaderJobs", "family": "parameter-range",
        "level": "MUST", "mandatory": True, "verdict": "fail", "hits": 3,
        "reason": "accepted a value outside of the range", "reading": None,
    }  # fmt: skip
    for key in ("api", "seconds", "counts", "edition", "profile", "seed", "suite_version"):
        assert key in summary


@pytest.mark.parametrize(
    ("codes", "verdict"), [((0, 3), "not-proven"), ((0, 3, 1), "not-conforming"), ((1, 2), "error")]
)
def test_the_worst_run_decides(codes: tuple[int, ...], verdict: str) -> None:
    summaries = [{**summarise(record_of(EVERY[2:3])), "exit_code": code} for code in codes]
    combined = combine(summaries)
    assert combined["verdict"] == verdict
    assert [each["exit_code"] for each in combined["apis"]] == list(codes)


def test_nothing_at_all_is_an_error() -> None:
    assert combine([])["exit_code"] == 2
    assert "No clause was judged" in render_index([])


def test_the_index_leads_to_every_report() -> None:
    other = record_of(EVERY, header=replace(HEADER, api="../x\"'", title=HOSTILE))
    page = render_index([summarise(plausible()), summarise(other)])
    assert 'href="./neptune/report.html"' in page
    assert 'href="./..%2Fx%22%27/report.html"' in page
    assert "<script" not in page
    assert "<img" not in page
    assert "Not all could be judged" in page

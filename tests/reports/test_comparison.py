"""Runs beside one another: what is said to have changed, and how it is told."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from typing import Any

import pytest

from conformance import Verdict
from reports import (
    Comparison,
    ComparisonError,
    Subject,
    compare,
    render_comparison,
    render_comparison_csv,
    render_comparison_markdown,
)
from reports.comparison import change
from tests.reports.comparison_sample import STORY, many, two_apis, version, versions
from tests.reports.sample import HEADER, HOSTILE, finding, record_of
from tests.reports.test_html import Page


def changes(comparison: Comparison, at: int) -> dict[str, str]:
    return {row.clause.id.partition("/")[2]: str(name) for name, rows in comparison.changes(at).items() for row in rows}


def test_each_change_has_its_name() -> None:
    assert changes(versions(), 1) == {
        "broke/later": "broken now", "advice/lost": "broken now", "proof/lost": "no longer proven",
        "kept/dropped": "no longer asked", "was/fixed": "fixed", "was/hidden": "no longer seen broken",
        "open/still": "changed", "open/gone": "gone", "comes/later": "new",
    }  # fmt: skip
    assert changes(versions(), 0) == {}


def test_each_is_compared_to_the_one_before_it() -> None:
    assert changes(versions(base="previous"), 2) == {
        "advice/lost": "fixed", "proof/lost": "proven now", "was/hidden": "proven now", "kept/dropped": "new",
        "comes/later": "fixed", "only/first": "gone",
    }  # fmt: skip


def test_any_column_can_be_the_base() -> None:
    assert changes(versions(base="v3"), 2) == {}
    assert changes(versions(base="v3"), 0)["was/fixed"] == "broken now"


def test_a_clause_that_another_profile_or_specification_lacks_is_gone_and_not_worse() -> None:
    first = Subject(label="a", record=version(0))
    for header in (replace(HEADER, profile="smoke"), replace(HEADER, spec_sha256="0")):
        [comparison] = compare([first, Subject(label="b", record=version(1, header=header))])
        assert changes(comparison, 1)["kept/dropped"] == "gone"
        assert comparison.columns[1].notes


def test_what_makes_runs_unlike_is_told() -> None:
    header = replace(HEADER, edition="2023", profile="smoke", suite_version="9", spec_sha256="0")
    late = record_of([(finding(), [])], header=header, interrupted="the target is gone")
    [comparison] = compare([Subject(label="a", record=version(0)), Subject(label="b", record=late)])
    assert comparison.columns[0].notes == ()
    assert comparison.columns[1].notes == (
        "the run ended before its time: the target is gone", "edition 2023, the base has 2026",
        "profile smoke, the base has full", "suite 9, the base has 0.1.0", "its clauses are not all those of the base",
    )  # fmt: skip


@pytest.mark.parametrize("was", Verdict)
@pytest.mark.parametrize("now", Verdict)
def test_nothing_gets_better_and_worse_both_ways(was: Verdict, now: Verdict) -> None:
    there, back = change(was, now).direction, change(now, was).direction
    assert not (there == back and there in ("better", "worse"))
    assert (there == "") is (was is now)
    if now is Verdict.FAIL and was not in (Verdict.FAIL, Verdict.WARN):
        assert there == "worse"
    if there == "better":
        assert now is Verdict.PASS


@pytest.mark.parametrize(
    ("labels", "base", "message"),
    [
        (["a"], None, "at least two"),
        (["a", "a"], None, "label='a'"),
        (["a", "b"], "c", "one of a, b but got base='c'"),
    ],
)
def test_what_cannot_be_compared_is_refused(labels: list[str], base: str | None, message: str) -> None:
    with pytest.raises(ComparisonError, match=message):
        compare([Subject(label=label, record=version(0)) for label in labels], base=base)


def test_apis_stand_apart() -> None:
    comparisons = two_apis()
    assert [(each.api, len(each.columns)) for each in comparisons] == [("neptune", 2), ("other", 1)]
    assert comparisons[1].columns[0].base is None
    assert comparisons[1].count("worse") == 0


def test_the_csv_has_every_clause_and_run() -> None:
    rows = list(csv.DictReader(io.StringIO(render_comparison_csv([versions()]))))
    assert {row["clause"].partition("/")[2] for row in rows} == set(STORY)
    for row in rows:
        told = STORY[row["clause"].partition("/")[2]]
        assert tuple(row[f"v{at} verdict"] for at in (1, 2, 3)) == tuple(str(each) if each else "" for each in told)
    [broken] = [row for row in rows if row["clause"].endswith("broke/later")]
    assert (broken["v1 change"], broken["v2 change"], broken["v2 reason"]) == ("", "broken now", "broke/later is fail")


def test_no_cell_of_the_csv_is_a_formula() -> None:
    hostile = record_of([(finding(reason="=HYPERLINK(1)"), []), (finding(subject="x/y", reason='\n-1\x00,"'), [])])
    text = render_comparison_csv(compare([Subject(label="@a", record=hostile), Subject(label="b", record=hostile)]))
    for row in csv.reader(io.StringIO(text)):
        assert not [value for value in row if value.startswith(("=", "+", "-", "@"))]
    assert "\x00" not in text


def test_the_markdown_says_the_worst_first() -> None:
    text = render_comparison_markdown([versions()])
    assert text.startswith("## Amazon Neptune bulk loader: 10 clauses differ, 6 worse, ")
    titles = [line for line in text.splitlines() if line.startswith("### v2")]
    assert titles[:2] == ["### v2: broken now (2)", "### v2: no longer proven (1)"]
    assert "| neptune.ListLoaderJobs/broke/later | MUST | pass | fail | 200 in run 1 |" in text
    assert "| neptune.ListLoaderJobs/kept/dropped | pass | absent | disabled |" in text
    assert not re.search(r"(?<!\\)<", render_comparison_markdown(two_apis()))
    same = [Subject(label=label, record=version(0)) for label in ("a", "b")]
    assert "All runs say the same of all 10 clauses." in render_comparison_markdown(compare(same))


def data(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    return json.loads(found[1])


def test_the_page_holds_the_matrix_and_its_details_once() -> None:
    told = data(render_comparison([versions()]))
    [group] = told["groups"]
    assert [column["label"] for column in group["columns"]] == ["v1", "v2", "v3"]
    rows = {row[0].partition("/")[2]: row for row in group["rows"]}
    verdicts = [told["verdicts"][cell[0]] if cell and cell[0] >= 0 else None for cell in rows["comes/later"][6]]
    assert verdicts == [None, "fail", "pass"]
    detail = told["details"][rows["broke/later"][6][1][3]]
    assert (detail["expected"], detail["actual"]) == ("a refusal", "200 in run 1")
    [shown] = detail["calls"]
    assert shown[:2] == ["call 7", "GET /loader?limit=101"]
    assert shown[3] == "HTTP 200"
    details = [json.dumps(each) for each in told["details"]]
    assert len(details) == len(set(details))


def test_the_page_tells_changes_without_a_script() -> None:
    page = Page(render_comparison([versions()]))
    links = {attrs["href"] for tag, attrs in page.elements if tag == "a" and "id" in (attrs.get("class") or "")}
    assert "#neptune.ListLoaderJobs/broke/later" in links
    assert "../v3/report.html" in {attrs["href"] for tag, attrs in page.elements if tag == "a"}


def test_hostile_text_is_text() -> None:
    text = render_comparison(two_apis())
    assert text.count("<script") == 2
    assert "<img" not in text
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202e]", text)
    assert HOSTILE not in text


def test_a_page_of_ten_thousand_clauses_stays_small() -> None:
    assert len(render_comparison([many()])) < 4_000_000

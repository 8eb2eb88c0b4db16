"""The summary page of a CI job: verdict first, links to evidence, evidence folded, and never too large."""

from __future__ import annotations

import re

from conformance import Verdict
from reports import render_markdown, render_overview, summarise
from reports.job_summary import MOST, within
from specs import Response
from tests.reports.sample import HOSTILE, call, finding, hostile, large, plausible, record_of

GITHUB = 1024 * 1024


def test_the_verdict_is_first_and_clauses_lead_to_their_evidence() -> None:
    text = render_markdown(plausible())
    assert text.startswith("## Amazon Neptune bulk loader: does not conform\n")
    broken = text.partition("### Broken (2)")[2].partition("###")[0]
    assert "[neptune.ListLoaderJobs/limit/range-max](report.html#neptune.ListLoaderJobs/limit/range-max)" in broken
    evidence = text.partition("<details>")[2]
    for words in (
        "limit/range-max: evidence</summary>",
        "# call 7",
        "GET /loader?limit=101",
        "HTTP 200",
        "curl --disable",
    ):
        assert words in evidence


def test_no_evidence_ends_the_block_it_stands_in() -> None:
    body = b"```\n</details><script>alert(1)</script>\n" + b"`" * 9
    answer = Response(status=200, headers={}, body=body)
    text = render_markdown(record_of([(finding(actual=HOSTILE), [call(7, response=answer)])]))
    fences = re.findall(r"^(`{3,})(\w*)$", text, re.MULTILINE)
    assert fences[0] == ("`" * 10, "http")
    inside = False
    for line in text.splitlines():
        if re.fullmatch(r"`{10}(http)?|`{3,}sh", line):
            inside = not inside
        elif not inside:
            assert "<script" not in line.replace("\\<", "")


def test_no_page_is_larger_than_a_ci_server_takes() -> None:
    wide = record_of([(finding(subject=f"f{at}/x", expected="\x00" * 999, actual="☃" * 999, reason=HOSTILE), [call(at)])
                      for at in range(300)])  # fmt: skip
    pages = [render_markdown(record) for record in (hostile(), large(), wide)]
    assert all(len(page.encode()) <= MOST < GITHUB for page in pages)
    summaries = [summarise(plausible()) | {"api": f"api{at}"} for at in range(9)]
    page = render_overview(summaries, {each["api"]: pages[2] for each in summaries})
    assert len(page.encode()) <= GITHUB
    assert page.count("The rest is left out here") >= 9
    assert page.count("<details>") == page.count("</details>")


def test_what_has_no_room_is_left_out_whole_or_by_lines() -> None:
    cut = within(["## head\n", "row\n" * 100, "<details>\n\nx\n</details>\n"], most=200)
    assert cut.startswith("## head\n\nrow\n")
    assert "<details>" not in cut
    assert len(cut.encode()) <= 200
    assert within(["a\n", "b\n"]) == "a\n\nb\n"


def test_of_several_apis_an_overview_comes_first() -> None:
    summaries = [summarise(plausible()), summarise(record_of([(finding(Verdict.PASS), [])])) | {"api": "other"}]
    page = render_overview(summaries, {"neptune": render_markdown(plausible())})
    assert page.startswith("## 2 APIs: not all conform\n")
    assert "| [Amazon Neptune bulk loader](neptune/report.html) | not-conforming | 2 |" in page
    assert "](neptune/report.html#neptune.ListLoaderJobs/limit/range-max)" in page

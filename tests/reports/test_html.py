"""The page as text: what it says, what it loads (nothing), and what a hostile target makes of it (nothing)."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

import reports
from conformance import Verdict
from reports import render_html, render_index, render_markdown, summarise
from reports.body import body_for
from reports.text import visible
from tests.reports.sample import HOSTILE, finding, hostile, large, plausible, record_of

CSS = (Path(reports.__file__).parent / "templates" / "report.css").read_text(encoding="utf-8")
VOID = {"meta", "input", "br", "use", "rect", "path", "circle"}


class Page(HTMLParser):
    """Elements with their attributes, ids and text."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.setdefault(self.open[-1] if self.open else "", []).append(data)

    @property
    def ids(self) -> list[str | None]:
        return [attrs["id"] for _, attrs in self.elements if "id" in attrs]

    def data(self) -> dict[str, list[list[object]]]:
        return json.loads(self.texts["script"][0])


PAGES = {"plausible": plausible, "hostile": hostile}


@pytest.mark.parametrize("make", PAGES.values(), ids=PAGES)
def test_the_page_is_well_formed_and_ids_are_single(make: object) -> None:
    page = Page(render_html(make()))
    assert page.open == ["p"] * 0
    assert len(page.ids) == len(set(page.ids))
    links = {attrs["href"][1:] for tag, attrs in page.elements if tag == "a" and not attrs["href"].startswith("#?")}
    known = set(page.ids) | {str(row[0]) for row in page.data()["rows"]}
    assert links <= known


def test_every_clause_stands_in_the_data_of_the_table() -> None:
    record = plausible()
    rows = Page(render_html(record)).data()["rows"]
    assert [row[0] for row in rows] == [found.clause.id for found in record.findings]


def test_failed_clauses_have_sections_without_javascript() -> None:
    record = plausible()
    text = render_html(record)
    page = Page(text)
    for found in record.findings:
        detailed = found.verdict in (Verdict.FAIL, Verdict.ERROR, Verdict.WARN, Verdict.INCONCLUSIVE)
        assert (found.clause.id in page.ids) is detailed
    for word in ("job 12 of the burst is refused as too many", "the running job is not counted", "0d6349ef7d1a949b",
                 "GET /loader?limit=101", "curl --disable", "no answer: timeout"):  # fmt: skip
        assert word in text


def test_all_verdicts_are_counted_at_the_head() -> None:
    text = render_html(record_of([(finding(Verdict.PASS), [])]))
    for verdict in Verdict:
        assert f'href="#?verdict={verdict}"' in text


@pytest.mark.parametrize("make", PAGES.values(), ids=PAGES)
def test_the_page_loads_nothing(make: object) -> None:
    for text in (render_html(make()), render_index([summarise(make())])):
        page = Page(text)
        tags = {tag for tag, _ in page.elements}
        assert not tags & {"link", "img", "iframe", "object", "embed", "base", "form", "audio", "video"}
        for tag, attrs in page.elements:
            assert not {name for name in attrs if name.startswith("on") or name in ("style", "src", "srcset", "action")}
            if "href" in attrs:
                assert re.match(r"#|\./", attrs["href"] or ""), (tag, attrs)
        style = "".join(page.texts["style"])
        assert "url(" not in style
        assert "@import" not in style


def test_the_policy_allows_this_script_and_style_only() -> None:
    text = render_html(plausible())
    [policy] = [attrs["content"] for tag, attrs in Page(text).elements if tag == "meta" and "http-equiv" in attrs]
    for element in (
        re.search(r"<style>(.*?)</style>", text, re.DOTALL),
        re.search(r"<script>(.*?)</script>", text, re.DOTALL),
    ):
        assert element is not None
        digest = base64.b64encode(hashlib.sha256(element[1].encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy


def test_hostile_text_is_text() -> None:
    text = render_html(hostile())
    assert text.count("<script") == 2
    assert "<!--" not in text
    assert "<img" not in text
    assert "49" not in re.sub(r"\d{3,}|sha256\S+", "", text.partition("<main>")[2].partition("Evidence")[0])
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202e]", text)
    text.encode("utf-8")
    shown = "".join("".join(each) for each in Page(text).texts.values())
    assert visible(HOSTILE, multiline=False) in shown


def test_a_page_of_ten_thousand_findings_stays_small() -> None:
    assert len(render_html(large())) < 4_000_000


def test_a_cut_off_record_says_so() -> None:
    record = plausible()
    assert "This record has no footer" not in render_html(record)
    changed = type(record)(header=record.header, entries=record.entries, footer=record.footer, complete=False)
    assert "This record has no footer" in render_html(changed)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b'{"a":[1,{}],"b":"x,[y]"}', '{\n  "a": [\n    1,\n    {}\n  ],\n  "b": "x,[y]"\n}'),
        (b'{"a":1.00,"a":1e999}', '{\n  "a": 1.00,\n  "a": 1e999\n}'),
        (b"[]", "[]"),
        (b'{"half": "op', '{\n  "half": "op'),
        (b"<?xml?><a><b x='1'>t</b><c/></a>", "<?xml?>\n<a>\n  <b x='1'>t</b>\n  <c/>\n</a>"),
        (b"]]]}}}", "]]]}}}"),
        (b"\xff\x00A", "000000  ff 00 41                                         ··A"),
    ],
)
def test_bodies_are_laid_out_but_not_changed(body: bytes, text: str) -> None:
    assert body_for(body).text == text


@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b"{" * 100_000, b"<a>" * 50_000, b'"' * 100_001, b"\\" * 100_000, b'["' * 50_000]
)
def test_bodies_that_fight_back_are_cut(body: bytes) -> None:
    shown = body_for(body)
    assert len(shown.text) <= 6_000
    assert shown.size == len(body)


def luminance(color: str) -> float:
    digits = color.lstrip("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", [0, 1, 2], ids=["light", "dark", "print"])
def test_contrast_is_that_of_wcag_aa(scheme: int) -> None:
    block = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)[scheme]
    colors = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{3,6});", block))
    words = ["ink", "quiet", "link", "fail", "error", "inconclusive", "untestable", "vacuous", "warn", "pass", "muted"]
    for ground in ("page", "panel"):
        for word in words:
            light, dark = sorted((luminance(colors[ground]), luminance(colors[word])), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (word, ground)


def test_readings_that_the_target_shows_are_told_where_there_are_any() -> None:
    shown = record_of([
        (finding(Verdict.PASS, reading="the running job is not counted"), []),
        (finding(Verdict.PASS, subject="limit/default"), []),
    ])  # fmt: skip
    silent = record_of([(finding(Verdict.PASS), [])])

    assert Page(render_html(shown)).texts["dd"][0] == "the running job is not counted"
    assert "readings" in Page(render_html(shown)).ids
    assert "readings" not in Page(render_html(silent)).ids
    assert "the running job is not counted" in render_markdown(shown)
    assert "leave open" not in render_markdown(silent)
    assert [row["reading"] for row in summarise(shown)["clauses"]] == ["the running job is not counted", None]

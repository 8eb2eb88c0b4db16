"""The page on trust has its parts, and every figure on it comes from the data it is made of."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from conformance.app.trust_page import FIGURES, PAGE, PICTURE, main, pages
from tests.source_tree import ROOT

DOCS = ROOT / "docs"
TEMPLATE = ROOT / "reports" / "templates" / PAGE
SECTIONS = [
    "Every fault is caught",
    "Nothing correct is accused",
    "Every sentence is accounted for",
    "Verdicts do not drift",
    "Beside its peers",
    "What it costs",
    "What these figures do not say",
    "Measure it yourself",
]
COSTS = ["To send", "Far away", "To judge", "More operations", "More findings", "How soon its page answers"]
_FILLED = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
#: Digits that are no figures: in the name of a service or a hash.
_NAMES = re.compile(r"\bS3\b|sha256")


def committed() -> dict[str, Any]:
    content = json.loads((DOCS / FIGURES).read_text("utf-8"))
    assert isinstance(content, dict)
    return content


def headings(page: str, level: str) -> list[str]:
    return re.findall(rf"^{level} (.+)$", page, re.MULTILINE)


@pytest.mark.parametrize("name", [PAGE, PICTURE])
def test_the_committed_page_is_made_of_the_committed_figures(name: str) -> None:
    """When this fails, `python -m conformance.app.trust_page` writes both anew."""
    assert (DOCS / name).read_text("utf-8") == pages(committed())[name]


@pytest.mark.parametrize("figures", [committed(), {}], ids=["measured", "nothing measured"])
def test_the_page_has_its_sections(figures: dict[str, Any]) -> None:
    page = pages(figures)[PAGE]
    assert headings(page, "##") == SECTIONS
    assert headings(page, "###") == COSTS


def test_no_figure_is_typed_by_hand() -> None:
    """What stands in the template itself has no digit: each on the page is filled in."""
    typed = _NAMES.sub("", _FILLED.sub("", TEMPLATE.read_text("utf-8")))
    assert re.findall(r".*\d.*", typed) == []


def test_without_figures_there_is_no_digit_on_the_page() -> None:
    page = pages({})[PAGE]
    assert re.findall(r".*\d.*", _NAMES.sub("", page)) == []
    assert page.count("Not measured.") == len(SECTIONS) - 2 + len(COSTS) - 1 + 1


def raised(value: Any) -> Any:
    """The same data with other figures."""
    if isinstance(value, dict):
        return {key: raised(each) for key, each in value.items()}
    if isinstance(value, list):
        return [raised(each) for each in value]
    return value + 1_000_000 if isinstance(value, int | float) and not isinstance(value, bool) else value


def test_every_figure_follows_the_data() -> None:
    """Where all figures of the data are raised, no figure on the page stays as it was."""
    texts = {text for text in strings(committed()) if re.search(r"\d", text)}
    kept = []
    for line in set(pages(raised(committed()))[PAGE].splitlines()):
        rest = _NAMES.sub("", line)
        for text in sorted(texts, key=len, reverse=True):
            rest = rest.replace(text, "")
        kept += [number for number in re.findall(r"\d[\d,.]*\d|\d", rest) if float(number.replace(",", "")) < 1_000_000]
    assert kept == []


def strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    values = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for each in values for text in strings(each)]


def test_the_picture_shows_every_contender() -> None:
    figures = committed()
    texts = "".join(ElementTree.fromstring(pages(figures)[PICTURE]).itertext())  # noqa: S314 - a file of ours
    for row in figures.get("peers", {}).get("contenders", ()):
        assert row["name"] in texts
        assert f"{row['killed']} of {row['of']}" in texts


def test_the_command_takes_figures_out_of_results_and_keeps_the_others(tmp_path: Path) -> None:
    (tmp_path / FIGURES).write_text(json.dumps(committed()), "utf-8")
    results = tmp_path / "results"
    results.mkdir()
    row = {
        "operations": 7, "clauses": 1234567, "requests": 3, "wall_seconds": 1.0, "judging_seconds": 0.5, "cpu_seconds": 2.0,
    }  # fmt: skip
    machine = {"when": "some day", "python": "3", "system": "any", "cores": 1, "load": None}
    (results / "growth.json").write_text(json.dumps({"schema": 1, "machine": machine, "rows": [row]}), "utf-8")

    done = CliRunner().invoke(
        main, ["--results", str(results), "--docs", str(tmp_path), "--recorded", str(ROOT / "tests" / "recorded")]
    )

    assert done.exit_code == 0, done.output
    now = json.loads((tmp_path / FIGURES).read_text("utf-8"))
    assert now["growth"]["rows"] == [row]
    assert now["mutants"] == committed()["mutants"]
    assert "1,234,567" in (tmp_path / PAGE).read_text("utf-8")


def test_results_that_are_none_are_refused(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["--selftest", str(tmp_path / "nothing.json"), "--docs", str(tmp_path)])
    assert done.exit_code == 1
    assert "expected results at" in done.output

"""No page has anything that axe-core, the accessibility checker, objects to: light and dark, wide and on a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome

from conformance import Verdict
from reports import render_comparison, render_html, render_index, render_kill_matrix, summarise
from tests.mutants.test_kill_matrix import outcome
from tests.reports.axe import violations
from tests.reports.browser import chromium, dress
from tests.reports.comparison_sample import two_apis, versions
from tests.reports.program_sample import acted, overtaken, told
from tests.reports.sample import finding, hostile, large, plausible, record_of
from tests.reports.test_baseline import sample as known

DRESSES = [(scheme, width) for scheme in ("light", "dark") for width in (1280, 390)]


def conforming() -> str:
    kept = [(finding(Verdict.PASS, subject=f"field{at}/type"), []) for at in range(30)]
    return render_html(record_of(kept))


def selftest() -> dict[str, Any]:
    """A selftest with the first clauses and sentences only: the others look the same, and axe takes its time for each."""
    told = outcome(killed=(True, False)).described()
    documents = [each | {"sentences": each["sentences"][:20]} for each in told["documents"]]
    return told | {"clauses": told["clauses"][:20], "documents": documents}


PAGES: dict[str, Callable[[], str]] = {
    "conforming": conforming,
    "failing": lambda: render_html(plausible()),
    "hostile": lambda: render_html(hostile()),
    "jobs": lambda: render_html(told(overtaken())),
    "acts": lambda: render_html(told(acted())),
    "baseline": lambda: render_html(known()),
    "index": lambda: render_index([summarise(plausible()), summarise(hostile())]),
    "kills": lambda: render_kill_matrix(selftest()),
    "comparison": lambda: render_comparison([versions()]),
    "comparison of APIs": lambda: render_comparison(two_apis()),
}


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    with chromium(tmp_path_factory.mktemp("chromium")) as driver:
        yield driver


def opened(driver: Chrome, page: str, folder: Path, *, width: int, scheme: str) -> Chrome:
    file = folder / "page.html"
    file.write_text(page, encoding="utf-8")
    dress(driver, width=width, scheme=scheme)
    driver.get(file.as_uri())
    return driver


@pytest.mark.parametrize("name", PAGES)
def test_axe_objects_to_nothing(name: str, browser: Chrome, tmp_path: Path) -> None:
    page = PAGES[name]()
    for scheme, width in DRESSES:
        assert violations(opened(browser, page, tmp_path, width=width, scheme=scheme)) == [], (scheme, width)


def test_axe_objects_to_nothing_on_a_huge_page(browser: Chrome, tmp_path: Path) -> None:
    """Of ten thousand clauses few are broken: axe needs a minute and a half for a thousand sections, and finds the same."""
    page = render_html(large(kept=1_997))
    for scheme, width in DRESSES:
        assert violations(opened(browser, page, tmp_path, width=width, scheme=scheme)) == [], (scheme, width)


@pytest.mark.parametrize(
    ("fault", "rule"),
    [
        (("html.lang = ''", "html.removeAttribute('lang')"), "html-has-lang"),
        (("html.style.setProperty('--quiet', '#b5b9c0')",), "color-contrast"),
        (
            ("const level = document.querySelector('#level')", "level.closest('label').replaceWith(level)"),
            "select-name",
        ),
    ],
)
def test_axe_sees_what_is_wrong(fault: tuple[str, ...], rule: str, browser: Chrome, tmp_path: Path) -> None:
    driver = opened(browser, conforming(), tmp_path, width=1280, scheme="light")
    driver.execute_script(f"const html = document.documentElement; {'; '.join(fault)}")
    assert rule in {each["rule"] for each in violations(driver)}

"""The page of a comparison in a browser: a person looks for what changed, and unfolds it, by mouse or keyboard alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from reports import render_comparison
from tests.reports.browser import chromium, dress
from tests.reports.comparison_sample import many, two_apis, versions

BROKE = "neptune.ListLoaderJobs/broke/later"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    for name, comparisons in (("versions", [versions()]), ("apis", two_apis()), ("many", [many()])):
        (folder / f"{name}.html").write_text(render_comparison(comparisons), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    with chromium(tmp_path_factory.mktemp("chromium")) as driver:
        yield driver


@pytest.fixture
def visit(browser: Chrome, folder: Path) -> Callable[..., Chrome]:
    def opened(name: str = "versions", fragment: str = "", *, width: int = 1280) -> Chrome:
        dress(browser, width=width)
        browser.get("about:blank")
        browser.get(f"{(folder / f'{name}.html').as_uri()}{fragment}")
        return browser

    return opened


def rows(driver: Chrome) -> list[str]:
    script = "return [...document.querySelectorAll('#tables .open-row')].map((each) => each.textContent.split('/').slice(1).join('/'))"
    return driver.execute_script(script)


def found(driver: Chrome) -> str:
    return driver.find_element(By.ID, "found").text


def press(driver: Chrome, *keys: str) -> None:
    for key in keys:
        ActionChains(driver).send_keys(key).perform()


def test_the_page_opens_without_complaint(visit: Callable[..., Chrome]) -> None:
    for name in ("versions", "apis"):
        driver = visit(name)
        assert [entry["message"] for entry in driver.get_log("browser")] == []
    driver = visit()
    assert found(driver) == "11 of 11 clauses"
    assert "6 changes for the worse" in driver.find_element(By.CLASS_NAME, "answer").text


def test_the_matrix_is_narrowed_by_change_verdict_and_words(visit: Callable[..., Chrome]) -> None:
    driver = visit()
    show = Select(driver.find_element(By.ID, "change"))
    show.select_by_value("worse")
    assert rows(driver) == ["broke/later", "advice/lost", "proof/lost", "kept/dropped"]
    show.select_by_value("fixed")
    assert rows(driver) == ["was/fixed", "was/hidden"]
    show.select_by_value("differs")
    assert found(driver) == "10 of 11 clauses"
    [chip] = [each for each in driver.find_elements(By.CSS_SELECTOR, "#verdicts button") if "warn" in each.text]
    chip.click()
    assert rows(driver) == ["advice/lost"]
    assert driver.current_url.endswith("#?change=differs&verdict=warn")
    driver.refresh()
    assert rows(driver) == ["advice/lost"]
    driver.find_element(By.ID, "reset").click()
    press(driver, "LATER is fail")
    assert rows(driver) == ["broke/later", "comes/later"]


def test_a_clause_unfolds_with_what_each_run_says(visit: Callable[..., Chrome]) -> None:
    driver = visit()
    [button] = [each for each in driver.find_elements(By.CLASS_NAME, "open-row") if each.text == BROKE]
    button.click()
    told = driver.find_element(By.CSS_SELECTOR, "tr.detail").text
    for words in (
        "The documents allow",
        "a refusal",
        "200 in run 1",
        "GET /loader?limit=101",
        "HTTP 200",
        "against v1",
    ):
        assert words in told
    link = driver.find_element(By.CSS_SELECTOR, "tr.detail a")
    assert link.get_attribute("href").endswith(f"/v3/report.html#{BROKE}")
    button.click()
    assert driver.find_elements(By.CSS_SELECTOR, "tr.detail") == []


def test_a_link_from_outside_unfolds_its_clause_also_when_a_filter_hides_it(visit: Callable[..., Chrome]) -> None:
    driver = visit(fragment=f"#{BROKE}")
    assert driver.switch_to.active_element.text == BROKE
    assert driver.switch_to.active_element.get_attribute("aria-expanded") == "true"
    Select(driver.find_element(By.ID, "change")).select_by_value("fixed")
    assert "broke/later" not in rows(driver)
    driver.execute_script("location.hash = arguments[0]", BROKE)
    assert driver.switch_to.active_element.text == BROKE
    assert found(driver) == "11 of 11 clauses"


def test_a_link_to_a_late_clause_of_many_brings_its_row(visit: Callable[..., Chrome]) -> None:
    late = "neptune.Operation5/field9833/type"
    driver = visit("many", fragment=f"#{late}")
    assert driver.switch_to.active_element.text == late


def test_the_page_can_be_used_by_keyboard_alone(visit: Callable[..., Chrome]) -> None:
    driver = visit()
    press(driver, Keys.TAB)
    assert driver.switch_to.active_element.text == "Skip to the matrix"
    press(driver, Keys.ENTER, "/")
    assert driver.switch_to.active_element.get_attribute("id") == "search"
    press(driver, "broke", *[Keys.TAB] * 4)
    for _ in range(12):
        if "open-row" in driver.switch_to.active_element.get_attribute("class"):
            break
        assert driver.execute_script("return getComputedStyle(document.activeElement).outlineStyle") == "solid"
        press(driver, Keys.TAB)
    press(driver, Keys.ENTER)
    assert driver.switch_to.active_element.get_attribute("aria-expanded") == "true"
    press(driver, Keys.TAB)
    assert "wire" in driver.switch_to.active_element.get_attribute("class")


@pytest.mark.parametrize("name", ["versions", "apis"])
def test_a_phone_needs_no_sideways_scrolling(name: str, visit: Callable[..., Chrome]) -> None:
    driver = visit(name, width=360)
    driver.execute_script(
        "document.querySelectorAll('details').forEach((each) => { each.open = true; });"
        "document.querySelectorAll('.open-row').forEach((each) => each.click())"
    )
    assert driver.execute_script("return [document.documentElement.scrollWidth, innerWidth]") == [360, 360]


def test_without_javascript_the_changes_are_there(visit: Callable[..., Chrome], browser: Chrome) -> None:
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        text = visit().find_element(By.TAG_NAME, "main").text
        assert BROKE in text
        assert "The matrix needs JavaScript" in text
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_print_shows_all_clauses(visit: Callable[..., Chrome]) -> None:
    driver = visit("many", fragment="#?search=field12")
    driver.execute_script("dispatchEvent(new Event('beforeprint'))")
    assert len(rows(driver)) == 111

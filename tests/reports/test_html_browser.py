"""The page in a browser: a person searches, filters, follows links, and nothing of the target's runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait

from reports import Record, render_html, render_index, summarise
from tests.reports.browser import chromium, dress
from tests.reports.program_sample import ORDER, abused, acted, crowded, overtaken, told
from tests.reports.sample import hostile, large, plausible

BROKEN = "neptune.StartLoaderJob/queueRequest/queue-capacity"
MAKERS: dict[str, Callable[[], Record]] = {
    "plausible": plausible, "hostile": hostile, "large": large, "jobs": lambda: told(overtaken()),
    "crowd": lambda: told(crowded()), "abuse": lambda: told(abused()), "acts": lambda: told(acted()),
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pages on disk, opened as files: there is no server and no network."""
    folder = tmp_path_factory.mktemp("pages")
    for name, make in MAKERS.items():
        (folder / f"{name}.html").write_text(render_html(make()), encoding="utf-8")
    (folder / "index.html").write_text(render_index([summarise(plausible()), summarise(hostile())]), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    with chromium(tmp_path_factory.mktemp("chromium")) as driver:
        yield driver


@pytest.fixture
def visit(browser: Chrome, folder: Path) -> Callable[..., Chrome]:
    def opened(name: str = "plausible", fragment: str = "", *, width: int = 1280, scheme: str = "light") -> Chrome:
        dress(browser, width=width, scheme=scheme)
        browser.get("about:blank")
        browser.get(f"{(folder / f'{name}.html').as_uri()}{fragment}")
        return browser

    return opened


def rows(driver: Chrome) -> list[str]:
    return driver.execute_script(
        "return [...document.querySelectorAll('#rows tr .id')].map((each) => each.textContent)"
    )


def found(driver: Chrome) -> str:
    return driver.find_element(By.ID, "found").text


def press(driver: Chrome, *keys: str) -> None:
    for key in keys:
        ActionChains(driver).send_keys(key).perform()


def focused(driver: Chrome) -> str:
    return driver.execute_script("return document.activeElement.id || document.activeElement.className")


def test_the_page_opens_without_complaint(visit: Callable[..., Chrome]) -> None:
    for name in ("plausible", "hostile", "index", "jobs", "crowd", "abuse", "acts"):
        driver = visit(name)
        assert [entry["message"] for entry in driver.get_log("browser")] == []
    driver = visit()
    assert "Does not conform" in driver.find_element(By.CLASS_NAME, "answer").text
    assert found(driver) == "116 of 116 clauses"


def test_search_narrows_the_table(visit: Callable[..., Chrome]) -> None:
    driver = visit()
    box = driver.find_element(By.ID, "search")
    box.send_keys("QUEUE Capacity")
    assert rows(driver) == [BROKEN]
    assert found(driver) == "1 of 116 clauses"
    box.send_keys(Keys.ESCAPE)
    assert found(driver) == "116 of 116 clauses"
    box.send_keys("no such clause")
    assert rows(driver) == []
    driver.find_element(By.ID, "reset").click()
    assert found(driver) == "116 of 116 clauses"


def test_filters_by_verdict_and_by_the_rest(visit: Callable[..., Chrome]) -> None:
    driver = visit()
    [chip] = [each for each in driver.find_elements(By.CSS_SELECTOR, "#verdicts button") if "fail" in each.text]
    chip.click()
    assert chip.get_attribute("aria-pressed") == "true"
    assert len(rows(driver)) == 2
    Select(driver.find_element(By.ID, "operation")).select_by_value("StartLoaderJob")
    assert rows(driver) == [BROKEN]
    assert driver.current_url.endswith("#?operation=StartLoaderJob&verdict=fail")
    Select(driver.find_element(By.ID, "level")).select_by_value("SHOULD")
    assert rows(driver) == []
    driver.refresh()
    assert found(driver) == "0 of 116 clauses"


def test_links_of_counts_and_matrix_filter(visit: Callable[..., Chrome]) -> None:
    driver = visit()
    driver.find_element(By.CSS_SELECTOR, ".counts a[href='#?verdict=vacuous']").click()
    assert found(driver) == "7 of 116 clauses"
    cell = driver.find_element(By.CSS_SELECTOR, ".matrix a[href='#?operation=StartLoaderJob&family=lifecycle']")
    driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", cell)
    cell.click()
    assert found(driver).startswith("6 of")
    assert BROKEN in rows(driver)


def test_a_deep_link_opens_the_clause(visit: Callable[..., Chrome]) -> None:
    driver = visit(fragment=f"#{BROKEN}")
    section = driver.find_element(By.ID, BROKEN)
    top = driver.execute_script("return arguments[0].getBoundingClientRect().top", section)
    assert 0 <= top < 120
    assert "the 64 jobs of the burst are admitted" in section.text
    assert "it's" in section.text


def test_a_deep_link_unfolds_and_focuses_the_clause(visit: Callable[..., Chrome]) -> None:
    warned = "neptune.ListLoaderJobs/errors/request-id"
    driver = visit()
    section = driver.find_element(By.ID, warned)
    assert section.find_elements(By.CSS_SELECTOR, "details:not([open])") != []
    driver = visit(fragment=f"#{warned}")
    section = driver.find_element(By.ID, warned)
    assert section.find_elements(By.CSS_SELECTOR, "details:not([open])") == []
    assert driver.switch_to.active_element == section
    driver = visit(fragment=f"#{warned}/call-41")
    assert focused(driver) == f"{warned}/call-41"
    assert driver.switch_to.active_element.is_displayed()


def test_a_deep_link_to_a_kept_clause_finds_its_row(visit: Callable[..., Chrome]) -> None:
    driver = visit(fragment="#neptune.StartLoaderJob/parameter0/type")
    assert rows(driver) == ["neptune.StartLoaderJob/parameter0/type"]
    assert driver.switch_to.active_element.text == "neptune.StartLoaderJob/parameter0/type"


def test_a_deep_link_shows_its_clause_also_when_a_filter_hides_it(visit: Callable[..., Chrome]) -> None:
    driver = visit(fragment="#?verdict=fail")
    kept = "neptune.StartLoaderJob/parameter0/type"
    assert kept not in rows(driver)
    driver.execute_script("location.hash = arguments[0]", kept)
    WebDriverWait(driver, 5).until(lambda each: each.switch_to.active_element.text == kept)
    assert rows(driver) == [kept]


def test_of_many_alike_the_one_that_is_meant_is_shown(visit: Callable[..., Chrome]) -> None:
    meant = "neptune.Operation1/field1/type"
    driver = visit("large", fragment=f"#{meant}")
    assert driver.switch_to.active_element.text == meant


def test_a_deep_link_on_a_large_page_ends_at_its_clause(visit: Callable[..., Chrome]) -> None:
    last = "neptune.Operation11/field9959/type"
    driver = visit("large", fragment=f"#{last}")
    section = driver.find_element(By.ID, last)
    top = "return arguments[0].getBoundingClientRect().top"
    WebDriverWait(driver, 5).until(lambda each: -1 <= each.execute_script(top, section) < 120)


def test_every_control_can_be_reached_and_shows_its_focus(visit: Callable[..., Chrome]) -> None:
    """With Tab alone, from the top to the end, the focus passes every control that is in sight, and can be seen at each."""
    driver = visit("jobs")
    script = (
        "return [...document.querySelectorAll('a[href], button, input, select, summary, [tabindex=\\'0\\']')].filter("
        "(each) => each.tabIndex >= 0 && each.checkVisibility()).length"
    )
    due = driver.execute_script(script)
    reached: list[object] = []
    for _ in range(due + 2):
        press(driver, Keys.TAB)
        element = driver.switch_to.active_element
        if element.tag_name == "body" or element in reached:
            break
        reached.append(element)
        assert driver.execute_script("return getComputedStyle(arguments[0]).outlineStyle", element) == "solid"
    assert len(reached) == due


def test_the_page_can_be_used_by_keyboard_alone(visit: Callable[..., Chrome]) -> None:
    driver = visit()
    press(driver, Keys.TAB)
    assert focused(driver) == "skip"
    press(driver, "/")
    assert focused(driver) == "search"
    press(driver, "order", Keys.TAB)
    assert focused(driver) == "operation"
    press(driver, Keys.TAB, Keys.TAB, Keys.TAB, Keys.SPACE)
    chip = driver.switch_to.active_element
    assert chip.get_attribute("aria-pressed") == "true"
    outline = driver.execute_script("return getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    summary = driver.find_element(By.CSS_SELECTOR, "details.script summary")
    driver.execute_script("arguments[0].focus()", summary)
    press(driver, Keys.ENTER)
    assert "curl --disable" in driver.find_element(By.CSS_SELECTOR, "details.script pre").text


def test_the_script_is_copied_whole(visit: Callable[..., Chrome]) -> None:
    driver = visit()
    driver.execute_cdp_cmd("Browser.grantPermissions", {"permissions": ["clipboardReadWrite"]})
    details = driver.find_element(By.CSS_SELECTOR, f"[id='{BROKEN}'] details.script")
    details.find_element(By.TAG_NAME, "summary").click()
    button = details.find_element(By.CLASS_NAME, "copy")
    button.click()
    WebDriverWait(driver, 5).until(lambda _: button.text == "Copied")
    driver.execute_script("document.querySelector('#search').focus(); document.querySelector('#search').value = ''")
    copied = driver.execute_async_script(
        "navigator.clipboard.readText().then(arguments[0], (e) => arguments[0](String(e)))"
    )
    assert copied.strip() == plausible().entries[1].curl.strip()


def test_nothing_hostile_runs(visit: Callable[..., Chrome]) -> None:
    driver = visit("hostile")
    driver.find_element(By.ID, "search").send_keys("script")
    assert driver.title == "Amazon Neptune bulk loader: the run failed"
    assert driver.execute_script("return document.images.length + document.querySelectorAll('iframe').length") == 0
    assert len(driver.find_elements(By.TAG_NAME, "script")) == 2
    # An open alert would have made each of the calls above fail.
    assert "document.title='owned'" in driver.find_element(By.TAG_NAME, "main").text


def test_the_policy_stops_a_script_that_gets_in(visit: Callable[..., Chrome]) -> None:
    driver = visit("hostile")
    stopped = driver.execute_async_script(
        "const done = arguments[0], stopped = [];"
        "document.addEventListener('securitypolicyviolation', (event) => {"
        "  stopped.push(event.effectiveDirective);"
        "  if (stopped.includes('script-src-attr')) done(stopped); });"
        "const made = document.createElement('div'); made.innerHTML = '<img src=x onerror=\"document.title=1\">';"
        "document.body.append(made)"
    )
    assert "script-src-attr" in stopped
    assert driver.title != "1"
    driver.get_log("browser")


@pytest.mark.parametrize("name", ["plausible", "hostile", "index", "jobs", "crowd", "abuse", "acts"])
def test_a_phone_needs_no_sideways_scrolling(name: str, visit: Callable[..., Chrome]) -> None:
    driver = visit(name, width=360)
    driver.execute_script("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    assert driver.execute_script("return [document.documentElement.scrollWidth, innerWidth]") == [360, 360]


def test_dark_is_dark(visit: Callable[..., Chrome]) -> None:
    script = "return getComputedStyle(document.documentElement).backgroundColor"
    assert visit(scheme="light").execute_script(script) == "rgb(252, 251, 249)"
    assert visit(scheme="dark").execute_script(script) == "rgb(21, 23, 26)"


def test_of_ten_thousand_findings_only_what_can_be_seen_is_laid_out(visit: Callable[..., Chrome]) -> None:
    """How long that takes is measured by benchmarks/page_speed.py."""
    driver = visit("large")
    assert found(driver) == "10,000 of 10,000 clauses"
    assert len(rows(driver)) < 500
    driver.find_element(By.ID, "search").send_keys("field99")
    assert found(driver) == "111 of 10,000 clauses"
    assert len(rows(driver)) <= 111


def test_scrolling_brings_more_rows(visit: Callable[..., Chrome]) -> None:
    driver = visit("large", fragment="#clauses")
    before = len(rows(driver))
    driver.execute_script("document.querySelector('.more').scrollIntoView()")
    WebDriverWait(driver, 5).until(lambda each: len(rows(each)) > before)


def test_print_shows_all_clauses_and_exchanges(visit: Callable[..., Chrome]) -> None:
    driver = visit()
    driver.execute_script("dispatchEvent(new Event('beforeprint'))")
    assert len(rows(driver)) == 116
    assert driver.execute_script("return document.querySelectorAll('main details:not([open])').length") == 0
    assert len(driver.execute_cdp_cmd("Page.printToPDF", {})["data"]) > 10_000


def test_without_javascript_all_but_the_table_is_there(visit: Callable[..., Chrome], browser: Chrome) -> None:
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        driver = visit(fragment=f"#{BROKEN}")
        assert "job 12 of the burst" in driver.find_element(By.ID, BROKEN).text
        assert "need JavaScript" in driver.find_element(By.ID, "clauses").text
        assert not driver.find_element(By.ID, "search").is_displayed()
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_a_link_of_the_index_filters_the_report(visit: Callable[..., Chrome], folder: Path) -> None:
    (folder / "neptune").mkdir(exist_ok=True)
    (folder / "neptune" / "report.html").write_text(render_html(plausible()), encoding="utf-8")
    driver = visit("index")
    driver.find_element(By.CSS_SELECTOR, ".runs a[href$='#?verdict=fail']").click()
    WebDriverWait(driver, 5).until(lambda each: each.find_elements(By.ID, "found"))
    assert found(driver) == "2 of 116 clauses"


BOXES = """
const box = (each) => { const r = each.getBoundingClientRect(); return [r.left, r.right, r.top, r.bottom]; };
const plot = document.querySelector('.plot');
return [box(plot), [...plot.querySelectorAll('circle, rect, text')].map(box)];
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["jobs", "crowd", "abuse", "acts"])
def test_the_picture_of_the_jobs_holds_all_that_is_drawn(name: str, scheme: str, visit: Callable[..., Chrome]) -> None:
    (left, right, top, bottom), inner = visit(name, scheme=scheme).execute_script(BOXES)
    assert right - left > 600
    assert len(inner) > 5
    for box in inner:
        assert box[0] >= left - 1
        assert box[1] <= right + 1
        assert box[2] >= top - 1
        assert box[3] <= bottom + 1


def test_the_names_of_the_jobs_stand_at_their_rows(visit: Callable[..., Chrome]) -> None:
    script = (
        "return [...document.querySelectorAll('.names text, .ends text')].map("
        "(each) => { const r = each.getBoundingClientRect(); return (r.top + r.bottom) / 2; })"
    )
    middles = visit("jobs").execute_script(script)
    names, ends = middles[:6], middles[6:]
    assert names == sorted(names)
    assert all(abs(name - end) < 2 for name, end in zip(names, ends, strict=True))


def test_a_phone_scrolls_the_picture_in_its_box(visit: Callable[..., Chrome]) -> None:
    driver = visit("jobs", width=360)
    box = driver.find_element(By.CSS_SELECTOR, ".sheet .scroll")
    wide, seen = driver.execute_script("return [arguments[0].scrollWidth, arguments[0].clientWidth]", box)
    assert wide > seen > 150
    assert driver.find_element(By.CSS_SELECTOR, ".sheet .names").is_displayed()


def test_evidence_in_the_picture_leads_to_its_exchange(visit: Callable[..., Chrome]) -> None:
    driver = visit("jobs")
    marks = driver.find_elements(By.CSS_SELECTOR, ".plot a circle.proof")
    assert len(marks) == 2
    driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", marks[0])
    marks[0].click()
    number = told(overtaken()).entries[0].finding.evidence[1]
    assert driver.current_url.endswith(f"#{ORDER}/call-{number}")
    exchange = driver.find_element(By.ID, f"{ORDER}/call-{number}")
    assert exchange.text.startswith(f"Call {number}")
    WebDriverWait(driver, 5).until(
        lambda each: 0 <= each.execute_script("return arguments[0].getBoundingClientRect().top", exchange) < 700
    )


def test_on_paper_the_picture_fits(visit: Callable[..., Chrome], browser: Chrome) -> None:
    driver = visit("crowd", width=700)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print", "features": []})
    assert driver.execute_script("return document.documentElement.scrollWidth") <= 700
    plot, box = driver.execute_script(
        "return ['.plot', '.sheet'].map((each) => document.querySelector(each).getBoundingClientRect().right)"
    )
    assert plot < box <= 700

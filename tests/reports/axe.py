"""The accessibility checker axe-core, run in the page that a browser shows."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from selenium.webdriver import Chrome

_UNFOLD = """
document.querySelectorAll("details").forEach((each) => { each.open = true; });
document.querySelectorAll("[aria-expanded=false]").forEach((each) => each.click());
"""
_RUN = """
const done = arguments[arguments.length - 1];
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
axe.run(document, {runOnly: tags, resultTypes: ["violations"]}).then(
  (found) => done({passes: found.passes.length, violations: found.violations.map((each) => ({
    rule: each.id, impact: each.impact, count: each.nodes.length,
    nodes: each.nodes.slice(0, 5).map((node) => node.target.join(" ") + ": " + (node.any[0] || node.all[0] || node.none[0] || {}).message),
  }))}),
  (error) => done({error: String(error)}),
);
"""


def script() -> str:
    """The script of axe-core. It comes with a package for another way of driving browsers, of which nothing else is used."""
    spec = find_spec("axe_playwright_python")
    assert spec is not None
    assert spec.origin is not None
    return (Path(spec.origin).parent / "axe.min.js").read_text("utf-8")


def violations(driver: Chrome) -> list[dict[str, Any]]:
    """What the checker has to say against the page, with all of it unfolded: WCAG 2.2 A and AA, and good practice."""
    driver.execute_script(_UNFOLD)
    driver.execute_script(script())
    driver.set_script_timeout(120)
    found: dict[str, Any] = driver.execute_async_script(_RUN)
    assert found.get("error") is None, found
    assert found["passes"] > 5
    return list(found["violations"])

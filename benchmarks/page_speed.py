"""How soon the pages of ten thousand findings answer in Chromium: from a key pressed in the search to the painted list.

Each key of a word is pressed with the last one's list painted, and timed until the frame with the new list was made.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.result import RESULTS, write
from reports import render_comparison, render_html
from tests.reports.browser import chromium, dress
from tests.reports.comparison_sample import many
from tests.reports.sample import large

SCHEMA = 1
_WORD = "field9999"
_TYPE = """
const done = arguments[arguments.length - 1];
const word = arguments[0];
const search = document.getElementById("search");
const times = [];
search.focus();
function press() {
  if (times.length === word.length) { done(times); return; }
  const began = performance.now();
  search.value = word.slice(0, times.length + 1);
  search.dispatchEvent(new Event("input", {bubbles: true}));
  const worked = performance.now() - began;
  requestAnimationFrame(() => {
    const painted = new MessageChannel();
    painted.port1.onmessage = () => { times.push([worked, performance.now() - began]); setTimeout(press, 50); };
    painted.port2.postMessage(0);
  });
}
press();
"""
_OPENED = "return performance.getEntriesByType('navigation')[0].loadEventEnd"


def pages(count: int) -> Mapping[str, str]:
    """The pages that are measured: a report whose every tenth clause has a section, and a comparison of three runs."""
    return {"report": render_html(large(count)), "comparison": render_comparison([many(count)])}


def measured(count: int, folder: Path) -> list[dict[str, Any]]:
    """Milliseconds by page and width of the window."""
    rows = []
    with chromium(folder / "chromium") as driver:
        driver.set_script_timeout(120)
        for name, page in pages(count).items():
            file = folder / f"{name}.html"
            file.write_text(page, "utf-8")
            for width in (1280, 390):
                dress(driver, width=width)
                driver.get(file.as_uri())
                opened = driver.execute_script(_OPENED)
                times = driver.execute_async_script(_TYPE, _WORD)
                work, painted = zip(*times, strict=True)
                rows.append({
                    "page": name, "findings": count, "width": width, "bytes": len(page.encode()), "opened": round(opened),
                    "script": round(statistics.median(work), 1), "painted": round(statistics.median(painted), 1),
                    "slowest": round(max(painted), 1),
                })  # fmt: skip
                print(rows[-1])
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--findings", type=int, default=10_000, help="findings of each page (%(default)s)")
    parser.add_argument("--out", type=Path, default=RESULTS / "page_speed.json", help="JSON file (%(default)s)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = measured(options.findings, Path(folder))
    write(options.out, {"schema": SCHEMA, "unit": "ms", "word": _WORD, "rows": rows})


if __name__ == "__main__":
    main()

"""A headless Chromium of its own for the tests of the page."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

BINARY = Path("/usr/bin/chromium")
DRIVER = Path("/usr/bin/chromedriver")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
    "--window-size=1280,900",
)  # fmt: skip


@contextmanager
def chromium(profile: Path) -> Iterator[webdriver.Chrome]:
    if os.environ.get("CONFORMANCE_NO_BROWSER") == "1":
        pytest.skip("CONFORMANCE_NO_BROWSER=1: the tests in a browser are switched off")
    missing = [str(path) for path in (BINARY, DRIVER) if not path.exists()]
    if missing:
        pytest.fail(
            f"Expected Debian's chromium and chromium-driver but {', '.join(missing)} is missing. "
            "Install them (apt-get install chromium chromium-driver), or set CONFORMANCE_NO_BROWSER=1."
        )
    options = Options()
    options.binary_location = str(BINARY)
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(str(DRIVER)))
    try:
        yield driver
    finally:
        driver.quit()


def dress(driver: webdriver.Chrome, *, width: int = 1280, height: int = 900, scheme: str = "light") -> None:
    """Width of the window and the colour scheme the reader prefers."""
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": features})

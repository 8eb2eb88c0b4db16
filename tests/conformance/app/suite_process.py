"""pytest in processes of its own, with the suite or without it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

# pytest as its console script starts it; Ctrl-C works also where whoever started us ignores it.
_PYTEST = (
    "import signal, sys, pytest; signal.signal(signal.SIGINT, signal.default_int_handler); sys.exit(pytest.main())"
)
SUITE = ("--pyargs", "conformance.suite")


def started(arguments: Sequence[str], folder: Path, *, plugins: Path | None = None) -> subprocess.Popen[str]:
    """A pytest that works in the folder; ``plugins`` is where those are that the arguments name."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
    if plugins is not None:
        places = [str(plugins), *filter(None, [environment.get("PYTHONPATH")])]
        environment["PYTHONPATH"] = os.pathsep.join(places)
    return subprocess.Popen(
        [sys.executable, "-P", "-c", _PYTEST, "-p", "no:cacheprovider", *arguments], cwd=folder, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip


def run(arguments: Sequence[str], folder: Path, *, plugins: Path | None = None) -> tuple[int, str]:
    """Its exit code and its output, once it has ended."""
    process = started(arguments, folder, plugins=plugins)
    try:
        output, _ = process.communicate(timeout=120)
    except subprocess.TimeoutExpired:
        process.kill()
        output, _ = process.communicate()
        pytest.fail(f"pytest did not end: {output[-2000:]}")
    return process.returncode, output

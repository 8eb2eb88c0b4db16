"""Ctrl-C at any moment: what was seen is judged and kept, what is ours is removed, and nothing of others is touched."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from conformance.app.processes import object_store
from conformance.app.stored_history import read_history
from conformance.emulator import APIS, Api
from reports import read
from tests.conformance.hostile.signalling import Signalling
from tests.conformance.soak.hall import Company, hall, remains_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conformance.engine import Outcome

COMMAND = [sys.executable, "-m", "conformance"]
NIGHTLY = bool(os.environ.get("CONFORMANCE_NIGHTLY"))
#: By API: after how many requests of the suite.
MOMENTS = [
    (api, random.Random(f"{api} {seed}").randrange(6, 160))  # noqa: S311 - the same moments in every run
    for api in APIS
    for seed in range(10 if NIGHTLY else 1)
]


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with object_store() as url:
        yield url


@pytest.mark.parametrize(("api", "moment"), MOMENTS)
def test_ctrl_c_at_any_moment(api: Api, moment: int, endpoint: str, tmp_path: Path) -> None:
    with hall(api, endpoint, job_seconds=0.05, wrap=lambda inner, _: Signalling(inner, signal.SIGINT)) as found:
        Company(hall=found).work(rounds=2)
        found.service.left = moment
        found.service.process = process = subprocess.Popen(
            [
                *COMMAND, "run", api, "--url", found.target.url, "--s3-endpoint", endpoint, "--bucket", f"interrupted-{api}",
                "--clause", "lifecycle", "--out", str(tmp_path),
            ],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        output, _ = process.communicate(timeout=120)
        assert "Traceback" not in output
        assert "the run ended early: interrupted by the user" in output
        assert process.returncode == 3, output
        record = read((tmp_path / "record.jsonl").read_text("utf-8").splitlines())
        assert record.footer is not None
        assert record.footer.interrupted == "interrupted by the user"
        again = [*COMMAND, "report", str(tmp_path / "record.jsonl"), "--out", str(tmp_path / "again")]
        assert subprocess.run(again, capture_output=True, check=False).returncode == 0
        _, calls, _ = read_history(tmp_path / "history.jsonl")
        assert found.watch.trespasses == []
        seen = cast("Outcome", SimpleNamespace(history=calls, left=output.splitlines()))
        found.watch.ours = {i: r for i, r in found.watch.ours.items() if i not in found.watch.theirs}
        assert remains_of(found, seen) == []

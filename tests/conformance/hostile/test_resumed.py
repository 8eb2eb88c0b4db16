"""SIGKILL at any moment: the run that is taken up again comes to the verdicts of one that was never interrupted."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from conformance.app.processes import object_store
from conformance.app.stored_history import read_stored
from reports import read
from tests.conformance.hostile.signalling import Signalling
from tests.conformance.soak.hall import Hall, hall, remains_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conformance.emulator import Api

COMMAND = [sys.executable, "-m", "conformance"]
NIGHTLY = bool(os.environ.get("CONFORMANCE_NIGHTLY"))
API: Api = "neptune"
CHOICE = ("--family", "lifecycle", "--family", "list-semantics")
#: After how many requests of the suite; the same in every run.
MOMENTS = [random.Random(seed).randrange(6, 300) for seed in range(10 if NIGHTLY else 3)]  # noqa: S311
TARGET = """
api = "{api}"
url = "{url}"
exclusive = true
[s3]
endpoint = "{endpoint}"
bucket = "resumed-{api}"
[timeouts]
request = 1.5
job_end_max = 20
list_lag_max = 1
"""


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with object_store() as url:
        yield url


@pytest.fixture
def found(endpoint: str, tmp_path: Path) -> Iterator[Hall]:
    with hall(API, endpoint, job_seconds=0.02, wrap=lambda inner, _: Signalling(inner, signal.SIGKILL)) as found:
        text = TARGET.format(api=API, url=found.target.url, endpoint=endpoint)
        (tmp_path / "target.toml").write_text(text, "utf-8")
        yield found


def conformance(*arguments: object) -> subprocess.CompletedProcess[str]:
    words = [*COMMAND, *map(str, arguments)]
    return subprocess.run(words, capture_output=True, text=True, timeout=240, check=False)


def killed(
    found: Hall, folder: Path, *, after: int, by: signal.Signals = signal.SIGKILL, more: tuple[str, ...] = CHOICE
) -> None:
    """A run that is killed while it waits for the answer to a request."""
    words = [*COMMAND, "run", "--target", str(folder / "target.toml"), *more, "--out", str(folder / "out")]
    found.service.left, found.service.number = after, by
    found.service.process = process = subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    output, _ = process.communicate(timeout=240)
    assert process.returncode in {-by, 3}, output


def verdicts(folder: Path) -> dict[str, str]:
    return {each["id"]: each["verdict"] for each in json.loads((folder / "summary.json").read_text("utf-8"))["clauses"]}


@pytest.fixture(scope="module")
def whole(endpoint: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The verdicts of a run that nothing interrupts."""
    folder = tmp_path_factory.mktemp("whole")
    with hall(API, endpoint, job_seconds=0.02) as found:
        (folder / "target.toml").write_text(TARGET.format(api=API, url=found.target.url, endpoint=endpoint), "utf-8")
        done = conformance("run", "--target", folder / "target.toml", *CHOICE, "--out", folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return verdicts(folder)


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_killed_run_comes_to_the_same_verdicts(
    moment: int, found: Hall, whole: dict[str, str], tmp_path: Path
) -> None:
    killed(found, tmp_path, after=moment)
    before = read_stored(tmp_path / "out" / "history.jsonl")
    assert not before.finished

    done = conformance("run", "--resume", tmp_path / "out")

    assert "Traceback" not in done.stdout + done.stderr
    assert verdicts(tmp_path / "out") == whole, done.stdout
    assert done.returncode == 0
    after = read_stored(tmp_path / "out" / "history.jsonl")
    assert after.calls[: len(before.calls)] == before.calls
    assert after.finished
    assert [call.id for call in after.calls] == list(range(1, len(after.calls) + 1))
    moments = [call.started for call in after.calls]
    assert moments[len(before.calls) + len(before.unheard) :] > moments[: len(before.calls)]
    assert read((tmp_path / "out" / "record.jsonl").read_text("utf-8").splitlines()).footer.interrupted is None
    again = conformance("judge", tmp_path / "out" / "history.jsonl", "--out", tmp_path / "judged")
    judged = verdicts(tmp_path / "judged")
    assert {clause: judged[clause] for clause in whole} == whole, again.stdout
    assert nothing_stays(found, tmp_path)


def nothing_stays(found: Hall, folder: Path) -> bool:
    """Whether no job of either part still runs."""
    calls = read_stored(folder / "out" / "history.jsonl").calls
    found.watch.ours = {}  # what the request under way has made has no id that anybody was told
    return remains_of(found, cast("Any", SimpleNamespace(history=calls, left=()))) == []


def test_a_run_is_taken_up_as_often_as_it_is_interrupted(found: Hall, whole: dict[str, str], tmp_path: Path) -> None:
    """Ctrl-C, which cleans up, then a kill of the second part with half a line written, then a third."""
    killed(found, tmp_path, after=60, by=signal.SIGINT)
    interrupted = read_stored(tmp_path / "out" / "history.jsonl")
    assert interrupted.ended == "interrupted by the user"
    conformance("judge", tmp_path / "out" / "history.jsonl", "--out", tmp_path / "judged")
    recorded, judged = verdicts(tmp_path / "out"), verdicts(tmp_path / "judged")
    assert {clause: judged[clause] for clause in recorded} == recorded
    killed(found, tmp_path, after=70, more=("--resume", str(tmp_path / "out")))
    history = tmp_path / "out" / "history.jsonl"
    with history.open("a", encoding="utf-8") as file:
        file.write('{"id":1000,"process":0,"opera')

    done = conformance("run", "--resume", tmp_path / "out", "--target", tmp_path / "target.toml")

    assert "the last line of the history was cut off" in done.stdout
    assert verdicts(tmp_path / "out") == whole, done.stdout
    after = read_stored(history)
    assert len(after.parts) == 3
    assert after.finished
    assert not after.cut_off
    assert "parts" in (tmp_path / "out" / "record.jsonl").read_text("utf-8").partition("\n")[0]


def test_a_target_that_was_started_anew_is_no_breach(
    found: Hall, endpoint: str, whole: dict[str, str], tmp_path: Path
) -> None:
    killed(found, tmp_path, after=120)
    with hall(API, endpoint, job_seconds=0.02) as fresh:
        text = TARGET.format(api=API, url=fresh.target.url, endpoint=endpoint)
        (tmp_path / "target.toml").write_text(text, "utf-8")
        history = tmp_path / "out" / "history.jsonl"
        history.write_text(history.read_text("utf-8").replace(found.target.url, fresh.target.url), "utf-8")
        done = conformance("run", "--resume", tmp_path / "out")

    assert "it was started anew: everything is driven anew" in done.stdout
    assert verdicts(tmp_path / "out") == whole
    assert (tmp_path / "out" / "history.1.jsonl").exists()

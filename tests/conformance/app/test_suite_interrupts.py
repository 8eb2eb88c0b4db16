"""Ctrl-C in a pytest session of the suite: what was made is known and removed, and pytest ends as it does of an interrupt."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.app.suite_process import SUITE, run, started
from tests.emulator.child import Child, end, eventually, start_child

# Interrupts when a first job has just been made, before the suite has read that it was, and with the requests after that.
_WITH_REQUESTS = """
import signal
from conformance.adapters.http import HttpConnection

send, left = HttpConnection.send, {times}

def interrupted(connection, request, /, *, tampering=None):
    global left
    reply = send(connection, request, tampering=tampering)
    made = (request.method, request.path, reply.response.status) == ("POST", "/api/v1/jobs", 200)
    if left and (made or left < {times}):
        left -= 1
        signal.raise_signal(signal.SIGINT)
    return reply

HttpConnection.send = interrupted
"""
# An interrupt where there is no line of a source, as between instructions that a compiler adds.
_NOWHERE = """
from conformance import Run

def drive(*_, **__):
    raise KeyboardInterrupt

Run.drive = type(drive)(drive.__code__.replace(co_linetable=b""), {})
"""


@pytest.fixture(scope="module")
def data_flow() -> Iterator[Child]:
    child = start_child("ncloud", port=0)
    yield child
    end(child.process)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A session that was interrupted: its exit code and output, and what it wrote."""

    code: int
    output: str
    summary: dict[str, Any]
    calls: list[dict[str, Any]]

    def sent(self, operation: str) -> list[dict[str, Any]]:
        return [call for call in self.calls if call["operation"] == operation]


def interrupted(target: Child, plugin: str, folder: Path) -> Ended:
    """A session with a plugin that interrupts it."""
    (folder / "interrupting.py").write_text(plugin, "utf-8")
    options = ["--conformance-api", "ncloud", "--conformance-url", target.url, "--conformance-out", "out"]
    code, output = run([*SUITE, *options, "-p", "interrupting"], folder, plugins=folder)
    return ended(code, output, folder / "out")


def ended(code: int, output: str, results: Path) -> Ended:
    """What a session that has ended wrote."""
    lines = list(map(json.loads, (results / "history.jsonl").read_text("utf-8").splitlines()))
    assert lines[-1]["kind"] == "notes", "the history does not end as one that was written to its end"
    summary = json.loads((results / "summary.json").read_text("utf-8"))
    return Ended(code=code, output=output, summary=summary, calls=[line for line in lines if "kind" not in line])


def made(session: Ended) -> list[str]:
    """Ids of the jobs that it made."""
    answers = [call["response"] for call in session.sent("createJob")]
    return [json.loads(answer["body"])["jobId"] for answer in answers if answer["status"] == 200]


def test_an_interrupt_still_cleans_up_and_writes_results(data_flow: Child, tmp_path: Path) -> None:
    options = ["--conformance-target", "target.toml", "--conformance-out", "out"]
    slow = "\n[limits]\nrequests_per_second = 20\n"
    (tmp_path / "target.toml").write_text(f'api = "ncloud"\nurl = "{data_flow.url}"\n{slow}', "utf-8")
    process = started([*SUITE, *options], tmp_path)
    history = tmp_path / "out" / "history.jsonl"
    eventually(lambda: history.exists() and len(history.read_text("utf-8").splitlines()) > 8, seconds=90.0)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=60)
    session = ended(process.returncode, output, tmp_path / "out")

    assert session.code == pytest.ExitCode.INTERRUPTED, output
    assert "not tried" in session.summary["interrupted"]


def test_what_a_request_under_way_has_made_is_removed(data_flow: Child, tmp_path: Path) -> None:
    session = interrupted(data_flow, _WITH_REQUESTS.format(times=1), tmp_path)

    assert session.code == pytest.ExitCode.INTERRUPTED, session.output
    assert "left behind" not in session.output
    (job,) = made(session)
    assert [call for call in session.sent("deleteJob") if call["request"]["path"].endswith(job)]


def test_one_who_interrupts_again_and_again_still_gets_results(data_flow: Child, tmp_path: Path) -> None:
    session = interrupted(data_flow, _WITH_REQUESTS.format(times=9), tmp_path)

    assert session.code == pytest.ExitCode.INTERRUPTED, session.output
    assert "not tried" in session.summary["interrupted"]
    (job,) = made(session)
    removed = [call for call in session.sent("deleteJob") if call["request"]["path"].endswith(job)]
    told = [line for line in session.output.splitlines() if "left behind" in line and job in line]
    assert removed or told


def test_pytest_ends_as_usual_when_an_interrupt_has_no_line(data_flow: Child, tmp_path: Path) -> None:
    session = interrupted(data_flow, _NOWHERE, tmp_path)

    assert session.code == pytest.ExitCode.INTERRUPTED, session.output
    assert "Traceback" not in session.output
    assert "not tried" in session.summary["interrupted"]

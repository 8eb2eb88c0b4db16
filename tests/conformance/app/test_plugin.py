"""The pytest plugin, in pytest processes of its own against the emulator or a careless target."""

from __future__ import annotations

import http.server
import json
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from specs import load
from tests.conformance.app.suite_process import SUITE, run
from tests.emulator.child import Child, end, free_port, start_child

_LIMIT = "neptune.ListLoaderJobs/limit/"


class Careless(http.server.BaseHTTPRequestHandler):
    """Answers every list with one job, whatever is asked for, and knows nothing else."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        known = self.path.partition("?")[0] == "/loader"
        content = (
            {"status": "200 OK", "payload": {"loadIds": ["0a1b"]}}
            if known
            else {"code": "BadRequestException", "requestId": "r", "detailedMessage": "no"}
        )
        body = json.dumps(content).encode()
        self.send_response(200 if known else 400)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_DELETE = do_GET  # noqa: N815 - names that http.server looks for

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def careless() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Careless) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def emulator() -> Iterator[Child]:
    child = start_child("neptune", port=0)
    yield child
    end(child.process)


@pytest.fixture(scope="module")
def plain(emulator: Child) -> list[str]:
    return [*SUITE, "--conformance-api", "neptune", "--conformance-url", emulator.url]


def test_every_clause_is_an_item_named_by_its_id(plain: list[str], tmp_path: Path) -> None:
    code, output = run([*plain, "--collect-only", "-q"], tmp_path)
    items = [line.partition("[")[2].removesuffix("]") for line in output.splitlines() if "::test_clause[" in line]

    assert (code, items) == (0, [clause.id for clause in load("neptune").clauses])


def test_a_selection_by_name_sends_only_what_it_needs(plain: list[str], tmp_path: Path) -> None:
    code, output = run([*plain, "-k", "ListLoaderJobs/limit/maximum", "--conformance-out", "out"], tmp_path)
    lines = map(json.loads, (tmp_path / "out" / "history.jsonl").read_text("utf-8").splitlines())
    calls = [line for line in lines if "kind" not in line]
    ranges = {
        call["intent"]["clause"]
        for call in calls
        if call["intent"]["scenario"] == "ranges" and call["intent"]["clause"]
    }

    assert (code, "1 passed" in output) == (0, True)
    assert ranges == {f"{_LIMIT}maximum"}


def test_a_broken_clause_fails_with_evidence_and_a_script(careless: str, tmp_path: Path) -> None:
    arguments = [*SUITE, "--conformance-api", "neptune", "--conformance-url", careless]
    code, output = run([*arguments, "--conformance-clause", f"{_LIMIT}*", "-x", "--junitxml", "junit.xml"], tmp_path)
    failed = ET.parse(tmp_path / "junit.xml").findall(".//testcase[failure]")  # noqa: S314 - our own file

    assert (code, len(failed)) == (1, 1)
    assert failed[0].attrib["name"].startswith(f"test_clause[{_LIMIT}")
    for part in (
        "(MUST, stated)",
        "Source:   document",
        "Expected: ",
        "Observed: ",
        "GET /loader?",
        "answered 200",
        "curl --disable",
    ):
        assert part in output
    assert "Traceback" not in output


def test_what_is_not_proven_fails_unless_allowed(plain: list[str], tmp_path: Path) -> None:
    wanted = [*plain, "--conformance-clause", "neptune.CancelLoaderJob/request/valid"]

    code, output = run(wanted, tmp_path)
    assert code == 1
    assert "not proven: untestable" in output

    code, output = run([*wanted, "--conformance-allow-unproven", "-rs"], tmp_path)
    assert code == 0
    assert "not proven: untestable" in output


def test_results_are_written_at_the_end(plain: list[str], tmp_path: Path) -> None:
    code, _ = run([*plain, "--conformance-clause", f"{_LIMIT}m*", "--conformance-out", "out"], tmp_path)
    summary = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))

    assert (code, summary["verdict"], summary["interrupted"]) == (0, "conforming", None)
    assert {path.name for path in (tmp_path / "out").iterdir()} >= {
        "history.jsonl",
        "record.jsonl",
        "report.html",
        "junit.xml",
    }


def test_workers_share_the_clauses_by_operation(plain: list[str], tmp_path: Path) -> None:
    wanted = [
        "--conformance-clause",
        f"{_LIMIT}*",
        "--conformance-clause",
        "neptune.CancelLoaderJob/*",
        "--conformance-allow-unproven",
    ]
    code, output = run([*plain, *wanted, "-n", "2", "--conformance-out", "out"], tmp_path)
    tried = [
        {clause["operation"] for clause in json.loads((folder / "summary.json").read_text("utf-8"))["clauses"]}
        for folder in sorted((tmp_path / "out").glob("gw*"))
    ]

    assert code == 0, output
    assert sorted(map(sorted, tried)) == [["CancelLoaderJob"], ["ListLoaderJobs"]]


def test_the_targets_own_command_is_started_and_ended(tmp_path: Path) -> None:
    port = free_port()
    words = json.dumps([sys.executable, "-m", "conformance.emulator", "neptune", "--port", str(port)])
    (tmp_path / "target.toml").write_text(
        f'api = "neptune"\nurl = "http://127.0.0.1:{port}"\ncommand = {words}\n', "utf-8"
    )
    code, output = run([*SUITE, "--conformance-target", "target.toml", "-k", "limit/maximum"], tmp_path)

    assert code == 0, output
    end(start_child("neptune", port=port).process)


def test_what_a_baseline_knows_is_expected_and_what_is_stale_fails(careless: str, tmp_path: Path) -> None:
    """The limits are broken there, and lists are what they are said to be."""
    known = {
        f"{_LIMIT}maximum": "2999-01-01",
        f"{_LIMIT}minimum": "2001-01-01",
        "neptune.ListLoaderJobs/response.status/member": "2999-01-01",
    }
    entries = [
        f'[known."{clause}"]\nexpect = "fail"\nreason = "issue 7"\nexpires = {day}\n' for clause, day in known.items()
    ]
    (tmp_path / "baseline.toml").write_text("\n".join(['schema = 1\napi = "neptune"', *entries]), "utf-8")
    options = [*SUITE, "--conformance-api", "neptune", "--conformance-url", careless, "--conformance-baseline",
               "baseline.toml", "--conformance-level", "MUST", "-rxf"]  # fmt: skip
    chosen = [part for clause in known for part in ("--conformance-clause", clause)]
    code, output = run([*options, *chosen, "--conformance-out", "out"], tmp_path)
    states = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))["baseline"]["states"]

    assert code == pytest.ExitCode.TESTS_FAILED
    assert f"test_clause[{_LIMIT}maximum] - known: issue 7" in output
    assert "it expired on 2001-01-01" in output
    assert {name: clauses for name, clauses in states.items() if clauses} == {
        "known": [f"{_LIMIT}maximum"], "expired": [f"{_LIMIT}minimum"], "stale": ["neptune.ListLoaderJobs/response.status/member"],
    }, output  # fmt: skip


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ([], "--conformance-target FILE"),
        (["--conformance-api", "neptune"], "--conformance-url is missing"),
        (["--conformance-url", "http://127.0.0.1:1"], "--conformance-api is missing"),
        (["--conformance-api", "neptun", "--conformance-url", "http://127.0.0.1:1"], "neptun"),
        (["--conformance-api", "neptune", "--conformance-url", "127.0.0.1:1"], "http://"),
        (["--conformance-target", "absent.toml"], "absent.toml"),
        (["--conformance-api", "neptune", "--conformance-url", "http://127.0.0.1:1", "--conformance-profile", "huge"], "smoke"),
        (["--conformance-api", "neptune", "--conformance-url", "http://127.0.0.1:1", "--conformance-clause", "nonsense"], "nonsense"),
        (["--conformance-api", "neptune", "--conformance-url", "http://127.0.0.1:1"], "nothing answers"),
    ],
)  # fmt: skip
def test_a_usage_error_says_what_is_wrong(options: list[str], told: str, tmp_path: Path) -> None:
    code, output = run([*SUITE, *options], tmp_path)
    error = [line for line in output.splitlines() if line.startswith("ERROR: ")]

    assert code == pytest.ExitCode.USAGE_ERROR
    assert len(error) == 1
    assert told in error[0]


def test_the_plugin_is_inert_without_its_options(tmp_path: Path) -> None:
    (tmp_path / "test_theirs.py").write_text(
        "import sys\n"
        "def test_nothing_of_the_suite_is_loaded():\n"
        "    ours = {name for name in sys.modules if name.split('.')[0] in {'specs', 'strategies', 'conformance', 'reports'}}\n"
        "    assert ours == {'conformance', 'conformance.app', 'conformance.app.plugin', 'conformance.app.origin'}\n",
        "utf-8",
    )
    code, output = run(["-q"], tmp_path)

    assert (code, "1 passed" in output, "conformance" in output) == (0, True, False)

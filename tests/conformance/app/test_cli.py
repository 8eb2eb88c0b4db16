"""The command line as its user meets it: messages, exit codes, and what is left in the output folder."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from reports import read
from tests.emulator.child import eventually

COMMAND = [sys.executable, "-m", "conformance"]


def conformance(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def smoke(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("smoke")
    done = conformance("run", "neptune", "--profile", "smoke", "--job-seconds", "0.01", "--out", str(folder))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "neptune: conforming" in done.stdout
    return folder


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run", "neptune", "--url", "http://127.0.0.1:9"), "nothing answers there"),
        (("run", "neptune", "--url", "ftp://127.0.0.1"), "http:// or https://"),
        (("run", "--url", "http://127.0.0.1:9"), "expected one API with --url"),
        (("run", "nosuch"), "no specification of api='nosuch'"),
        (("run", "neptune", "--clause", "nosuch"), "no clause of neptune matches"),
        (("run", "neptune", "--edition", "2024"), "edition='2024'"),
        (("run", "neptune", "--access-key", "key"), "add --url or --target"),
        (("run", "--target", "no-such-file.toml"), "cannot be read"),
        (("judge", "no-such-file.jsonl"), "expected a history"),
        (("report", "no-such-file.jsonl"), "expected a record"),
        (("serve", "nosuch"), "api='nosuch'"),
        (("specs", "show", "nosuch"), "no clause matches"),
        (("specs", "check", "--documents", "no-such-folder"), "no file"),
    ],
)
def test_wrong_input_is_one_clear_message_and_exit_code_2(
    arguments: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    out = ("--out", str(tmp_path)) if arguments[0] == "run" else ()
    done = conformance(*arguments, *out)

    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stdout + done.stderr


def test_a_folder_that_cannot_be_written_is_told_before_anything_runs(tmp_path: Path) -> None:
    taken = tmp_path / "file"
    taken.write_text("", "utf-8")

    done = conformance("run", "neptune", "--out", str(taken))

    assert done.returncode == 2
    assert "expected to write results" in done.stderr


def test_an_api_without_an_emulator_needs_a_target() -> None:
    done = conformance("run", "batch")

    assert done.returncode == 2
    assert "there is no bundled emulator of batch; give --url or --target" in done.stderr


def test_a_folder_of_source_code_is_refused(tmp_path: Path) -> None:
    (tmp_path / "__init__.py").write_text("", "utf-8")

    assert "holds source code" in conformance("run", "neptune", "--out", str(tmp_path)).stderr


def test_a_run_leaves_every_output(smoke: Path) -> None:
    names = {path.name for path in smoke.iterdir()}

    assert {"history.jsonl", "record.jsonl", "report.html", "junit.xml", "summary.json", "summary.md"} <= names
    assert {"badge.json", "badge.svg"} <= names
    summary = json.loads((smoke / "summary.json").read_text("utf-8"))
    assert summary["verdict"] == "conforming"
    assert {"verdict", "exit_code", "api", "requests", "seconds", "clauses"} <= set(summary)
    assert {"id", "operation", "family", "level", "verdict", "hits", "reason"} <= set(summary["clauses"][0])
    assert "conformance-secret" not in "".join(path.read_text("utf-8") for path in smoke.iterdir() if path.is_file())


def test_a_history_is_judged_again_to_the_same_verdicts(smoke: Path, tmp_path: Path) -> None:
    done = conformance("judge", str(smoke / "history.jsonl"), "--out", str(tmp_path))

    before = {c["id"]: c["verdict"] for c in json.loads((smoke / "summary.json").read_text("utf-8"))["clauses"]}
    after = {c["id"]: c["verdict"] for c in json.loads((tmp_path / "summary.json").read_text("utf-8"))["clauses"]}
    assert done.returncode in {0, 3}
    assert {identifier: after[identifier] for identifier in before} == before


def test_reports_are_made_again_from_the_record(smoke: Path, tmp_path: Path) -> None:
    done = conformance("report", str(smoke / "record.jsonl"), "--out", str(tmp_path))

    assert done.returncode == 0
    assert (tmp_path / "report.html").read_text("utf-8") == (smoke / "report.html").read_text("utf-8")


def test_ctrl_c_keeps_what_was_recorded_and_ends_the_children(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [*COMMAND, "run", "neptune", "--out", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    history = tmp_path / "history.jsonl"
    eventually(lambda: history.exists() and history.stat().st_size > 50_000, seconds=60)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=60)

    record = read((tmp_path / "record.jsonl").read_text("utf-8").splitlines())
    assert "the run ended early: interrupted by the user" in output
    assert "Traceback" not in output
    assert process.returncode == 3
    assert record.footer is not None
    assert record.footer.interrupted
    assert (tmp_path / "report.html").exists()
    assert _children_of(process.pid) == []


def _children_of(parent: int) -> list[str]:
    listed = subprocess.run(["ps", "-o", "args=", "--ppid", str(parent)], capture_output=True, text=True, check=False)
    return listed.stdout.splitlines()


def test_the_coverage_of_the_documents_is_data(tmp_path: Path) -> None:
    table = tmp_path / "out" / "coverage.json"
    done = conformance("specs", "check", "omics", "--json", str(table))
    [row] = json.loads(table.read_text("utf-8"))["documents"]

    assert done.returncode == 0
    assert (row["api"], row["document"]) == ("omics", "004")
    assert all(set(each) == {"key", "clauses", "reason"} for each in row["sentences"])

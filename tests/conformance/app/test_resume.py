"""What `conformance run --resume` refuses, and what it says then; nothing of the folder is lost."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from conformance.app.cli import main
from conformance.app.stored_history import read_stored
from tests.emulator.child import Child, end, start_child

SMALL = ("--profile", "smoke", "--clause", "ListLoaderJobs/limit", "--seed", "7")
SECRET = "not-for-your-eyes"


def conformance(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments])


@pytest.fixture(scope="module")
def emulator() -> Iterator[Child]:
    child = start_child("neptune", port=0)
    yield child
    end(child.process)


@pytest.fixture(scope="module")
def run(emulator: Child, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small run that came to its end, with signed requests."""
    folder = tmp_path_factory.mktemp("run")
    keys = ("--access-key", "AKIDEXAMPLE", "--secret-key", SECRET)
    done = conformance("run", "neptune", "--url", emulator.url, *SMALL, *keys, "--out", folder)
    assert done.exit_code in {0, 3}, done.output
    return folder


@pytest.fixture
def cut(run: Path, tmp_path: Path) -> Path:
    """The same, as if it had been killed before its last calls."""
    folder = tmp_path / "cut"
    shutil.copytree(run, folder)
    lines = (folder / "history.jsonl").read_text("utf-8").splitlines(keepends=True)
    begun = [n for n, line in enumerate(lines) if '"step":"begun"' in line][-1]
    (folder / "history.jsonl").write_text("".join(lines[: begun + 1]), "utf-8")
    (folder / "record.jsonl").unlink()
    return folder


def resumed(folder: Path, *more: object) -> Result:
    return conformance("run", "--resume", folder, "--secret-key", SECRET, "--access-key", "AKIDEXAMPLE", *more)


def refused(folder: Path, said: str, *more: object) -> None:
    before = {path.name: path.read_bytes() for path in folder.glob("*") if path.is_file()}
    done = resumed(folder, *more)
    assert done.exit_code == 2
    assert said in done.output
    assert "Traceback" not in done.output
    assert {path.name: path.read_bytes() for path in folder.glob("*") if path.is_file()} == before


def test_what_was_asked_is_taken_from_the_folder(cut: Path, run: Path) -> None:
    done = resumed(cut)
    assert done.exit_code in {0, 3}, done.output
    clauses, again = (json.loads((folder / "summary.json").read_text("utf-8")) for folder in (run, cut))
    assert [each["id"] for each in again["clauses"]] == [each["id"] for each in clauses["clauses"]]
    assert (again["seed"], again["profile"], again["exit_code"]) == (7, "smoke", clauses["exit_code"])
    assert [each["verdict"] for each in again["clauses"]] == [each["verdict"] for each in clauses["clauses"]]


def test_no_file_of_a_run_holds_a_secret(cut: Path) -> None:
    resumed(cut)
    assert SECRET not in "".join(path.read_text("utf-8") for path in cut.iterdir() if path.is_file())


def test_a_run_that_has_ended_is_not_taken_up(run: Path) -> None:
    refused(run, "has come to its end")


def test_a_run_whose_record_was_cut_off_is_judged_and_written_again(run: Path, tmp_path: Path) -> None:
    folder = tmp_path / "again"
    shutil.copytree(run, folder)
    record = folder / "record.jsonl"
    record.write_text(record.read_text("utf-8")[:-200], "utf-8")
    before = read_stored(folder / "history.jsonl").calls
    assert resumed(folder).exit_code in {0, 3}
    assert conformance("report", record).exit_code == 0
    later = read_stored(folder / "history.jsonl").calls[len(before) :]
    assert {call.intent.scenario for call in later} <= {"preflight", "stage", "resume"}


def test_a_folder_without_a_run_is_refused(tmp_path: Path, run: Path) -> None:
    refused(tmp_path / "nothing", "there is no history.jsonl in it")
    shutil.copytree(run, tmp_path / "several" / "neptune")
    refused(tmp_path / "several", f"there are runs in {tmp_path / 'several' / 'neptune'}")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--profile", "thorough"), "--profile is settled"),
        (("--seed", "0"), "--seed is settled"),
        (("--clause", "limit"), "--clause is settled"),
        (("--level", "MUST"), "--level is settled"),
        (("--family", "queue"), "--family is settled"),
        (("--out", "elsewhere"), "leave out --out"),
        (("--url", "http://127.0.0.1:9"), "another target: url was"),
        (("--region", "eu-west-1"), "region was 'us-east-1' and is 'eu-west-1'"),
        (("--s3-endpoint", "http://127.0.0.1:9"), "s3 was None"),
    ],
)
def test_what_the_run_has_settled_cannot_be_asked_otherwise(cut: Path, more: tuple[str, ...], said: str) -> None:
    refused(cut, said, *more)


def test_another_api_is_refused(cut: Path) -> None:
    done = conformance("run", "omics", "--resume", cut)
    assert (done.exit_code, "is about neptune, not omics" in done.output) == (2, True)


def test_secrets_are_asked_for_again(cut: Path) -> None:
    done = conformance("run", "--resume", cut)
    assert done.exit_code == 2
    assert "auth was 'sigv4' and is 'none'" in done.output
    assert "secrets included" in done.output


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"schema": 99}, "version 99 of the schema"),
        ({"schema": True}, "version True"),
        ({"schema": 1, "plan": None}, "does not tell what was asked"),
        ({"spec_sha256": "0" * 64}, "was begun with other clauses"),
        ({"kind": "record"}, "to be the header of a history"),
    ],
)
def test_a_history_of_another_version_is_refused(cut: Path, change: dict[str, object], said: str) -> None:
    path = cut / "history.jsonl"
    header, _, rest = path.read_text("utf-8").partition("\n")
    path.write_text(json.dumps(json.loads(header) | change) + "\n" + rest, "utf-8")
    refused(cut, said)


@pytest.mark.parametrize("line", ['{"id": 1', "garbage", "[]", '{"kind": "strange"}', "null", '{"kind": "part"}'])
def test_a_line_in_the_middle_that_is_none_is_told_with_its_number(cut: Path, line: str) -> None:
    path = cut / "history.jsonl"
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([*lines[:3], line, *lines[3:]]) + "\n", "utf-8")
    refused(cut, "line 4 is not one of a history")
    assert conformance("judge", path).exit_code == 2


def test_a_history_that_lacks_calls_is_refused(cut: Path) -> None:
    path = cut / "history.jsonl"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    first = next(n for n, line in enumerate(lines) if line.startswith('{"id":'))
    path.write_text("".join([*lines[:first], *lines[first + 1 :]]), "utf-8")
    refused(cut, "lacks calls in the middle")


def test_a_header_that_was_cut_off_is_no_history(cut: Path) -> None:
    path = cut / "history.jsonl"
    path.write_text(path.read_text("utf-8")[:40], "utf-8")
    refused(cut, "expected a history")
    path.write_text("", "utf-8")
    refused(cut, "to be the header of a history")


@pytest.mark.parametrize("at", [-1, -2, -30])
def test_a_last_line_that_was_cut_off_is_left_out(cut: Path, at: int) -> None:
    path = cut / "history.jsonl"
    whole = path.read_text("utf-8")
    path.write_text(whole[:at], "utf-8")
    done = resumed(cut)
    assert done.exit_code in {0, 3}, done.output
    assert ("was cut off" in done.output) is (at != -1)
    text = path.read_text("utf-8")
    assert text.startswith(whole.rpartition('{"kind"')[0])
    assert read_stored(path).finished


def test_a_target_that_is_gone_leaves_everything_as_it_was_seen(cut: Path) -> None:
    path = cut / "history.jsonl"
    before = read_stored(path)
    url = before.header["url"]
    path.write_text(path.read_text("utf-8").replace(url, "http://127.0.0.1:9"), "utf-8")
    done = resumed(cut)
    assert done.exit_code == 2
    assert "nothing answers there" in done.output
    after = read_stored(path)
    assert after.calls[: len(before.calls)] == before.calls
    assert not after.finished
    path.write_text(path.read_text("utf-8").replace("http://127.0.0.1:9", url), "utf-8")
    assert resumed(cut).exit_code in {0, 3}


def test_a_run_against_the_bundled_emulator_is_driven_anew(tmp_path: Path) -> None:
    asked = ("run", "neptune", *SMALL, "--out", tmp_path)
    first = conformance(*asked)
    assert first.exit_code in {0, 3}, first.output
    path = tmp_path / "history.jsonl"
    path.write_text("".join(path.read_text("utf-8").splitlines(keepends=True)[:-4]), "utf-8")
    done = conformance("run", "--resume", tmp_path)
    assert done.exit_code == first.exit_code, done.output
    assert "the bundled emulator ended with the run: everything is driven anew" in done.output
    assert (tmp_path / "history.1.jsonl").exists()
    assert read_stored(path).finished
    stray = conformance("run", "--resume", tmp_path, "--url", "http://127.0.0.1:9")
    assert stray.exit_code == 2

"""The command ``compare``: what its columns are called, what it writes, and what it refuses."""

from __future__ import annotations

import io
import json
import lzma
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from conformance.app.cli import main
from reports import Record
from tests.reports.comparison_sample import version
from tests.reports.sample import HEADER, record_of


def stored(folder: Path, record: Record, *, page: bool = True) -> Path:
    """A record in a folder of its own, as a run leaves it."""
    stream = io.StringIO()
    record_of([(entry.finding, [each.call for each in entry.exchanges]) for entry in record.entries],
              header=record.header, stream=stream)  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "record.jsonl"
    path.write_text(stream.getvalue(), "utf-8")
    if page:
        (folder / "report.html").write_text("", "utf-8")
    return path


def compared(*words: object) -> Result:
    return CliRunner().invoke(main, ["compare", *map(str, words)])


@pytest.fixture
def runs(tmp_path: Path) -> list[Path]:
    return [stored(tmp_path / f"v{at + 1}" / "neptune", version(at)) for at in range(3)]


def group(folder: Path) -> dict[str, Any]:
    text = (folder / "comparison.html").read_text("utf-8")
    [told] = json.loads(text.partition('id="data">')[2].partition("</script>")[0])["groups"]
    return told


def test_versions_of_one_target_are_called_by_their_folders(runs: list[Path], tmp_path: Path) -> None:
    done = compared(*runs, "--out", tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert done.output.startswith("neptune: 3 runs, 10 of 11 clauses differ, 6 worse, 3 better")
    columns = group(tmp_path / "out")["columns"]
    assert [column["label"] for column in columns] == ["v1", "v2", "v3"]
    assert columns[0]["report"] == "../v1/neptune/report.html"
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "comparison.csv", "comparison.html", "comparison.md",
    ]  # fmt: skip


def test_a_folder_stands_for_the_records_in_it(runs: list[Path], tmp_path: Path) -> None:
    assert len(runs) == 3
    assert compared(tmp_path / "v1", tmp_path / "v2" / "neptune", "--out", tmp_path / "out").exit_code == 0
    assert [column["label"] for column in group(tmp_path / "out")["columns"]] == ["v1", "v2"]


def test_the_folders_of_apis_do_not_tell_runs_apart(runs: list[Path], tmp_path: Path) -> None:
    stored(tmp_path / "alone", version(2))
    done = compared(tmp_path / "v1", runs[1], tmp_path / "alone", "--out", tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert [column["label"] for column in group(tmp_path / "out")["columns"]] == ["v1", "v2", "alone"]


def test_records_in_one_folder_are_told_apart_by_their_names(tmp_path: Path) -> None:
    paths = [stored(tmp_path / name, version(at)).rename(tmp_path / f"{name}.jsonl") for at, name in enumerate("ab")]
    done = compared(*paths, "--out", tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert [column["label"] for column in group(tmp_path / "out")["columns"]] == ["a", "b"]


def test_packed_records_are_read_and_torn_ones_refused(tmp_path: Path) -> None:
    paths = []
    for at, name in enumerate("ab"):
        packed = tmp_path / f"{name}.jsonl.xz"
        packed.write_bytes(lzma.compress(stored(tmp_path / name, version(at)).read_bytes()))
        paths.append(packed)
    assert compared(*paths, "--out", tmp_path / "out").exit_code == 0
    assert [column["label"] for column in group(tmp_path / "out")["columns"]] == ["a", "b"]
    for torn in (paths[1].read_bytes()[:90], b"no archive"):
        paths[1].write_bytes(torn)
        done = compared(*paths, "--out", tmp_path / "out")
        assert (done.exit_code, "cannot be unpacked" in done.output) == (2, True), done.output


def test_a_folder_within_another_has_a_name_as_well(tmp_path: Path) -> None:
    outer, inner = stored(tmp_path / "a", version(0)), stored(tmp_path / "a" / "b", version(1))
    assert compared(outer, inner, "--out", tmp_path / "out").exit_code == 0
    assert [column["label"] for column in group(tmp_path / "out")["columns"]] == [".", "b"]


def test_targets_are_called_by_their_places(tmp_path: Path) -> None:
    other = version(1, header=replace(HEADER, target={"url": "http://other:1/x"}))
    paths = [stored(tmp_path / "a", version(0)), stored(tmp_path / "b", other, page=False)]
    assert compared(*paths, "--out", tmp_path / "out").exit_code == 0
    columns = group(tmp_path / "out")["columns"]
    assert [column["label"] for column in columns] == ["127.0.0.1:8182", "other:1/x"]
    assert columns[1]["report"] is None


def test_labels_and_base_are_the_users_to_give(runs: list[Path], tmp_path: Path) -> None:
    words = [word for label in ("old", "mid", "new") for word in ("--label", label)]
    done = compared(*runs, *words, "--base", "new", "--out", tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert [(column["label"], column["base"]) for column in group(tmp_path / "out")["columns"]] == [
        ("old", 2), ("mid", 2), ("new", None),
    ]  # fmt: skip


def test_a_gate_can_fail_on_what_got_worse(runs: list[Path], tmp_path: Path) -> None:
    out = ("--out", tmp_path / "out", "--fail-on-worse")
    assert compared(runs[0], runs[1], *out).exit_code == 1
    assert compared(runs[0], runs[0].parent, "--label", "a", "--label", "b", *out).exit_code == 0


def cut(text: str) -> str:
    return text[: len(text) // 2]


def other_schema(text: str) -> str:
    return text.replace('"schema":1', '"schema":2', 1)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (cut, "ends after line"),
        (lambda text: text[: text.rindex("\n", 0, -1) + 1], "ends after line"),
        (other_schema, "Expected a record of schema=1 but line 1 has schema=2"),
        (lambda text: "not a record\n" + text, "Line 1 of the record is broken"),
        (lambda text: '{"line": "call"}\n' + text, "This is not a run record"),
        (lambda text: text + text, "out of place"),
        (lambda _: "", "Expected a footer"),
        (lambda _: None, "No such file"),
        (lambda _: b"\xff\xfe", "not text in UTF-8"),
    ],
)
def test_a_bad_record_is_refused_and_nothing_is_written_over(
    change: object, message: str, runs: list[Path], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert compared(*runs[:2], "--out", out).exit_code == 0
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    content = change(runs[1].read_text("utf-8"))
    if content is None:
        runs[1].unlink()
    elif isinstance(content, bytes):
        runs[1].write_bytes(content)
    else:
        runs[1].write_text(content, "utf-8")
    done = compared(*runs, "--out", out)
    assert done.exit_code == 2
    assert message in done.output
    assert str(runs[1]) in done.output
    assert len(done.output.strip().splitlines()) == 1
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--label", "a"], "a --label for each of 3 records"),
        (["--base", "nothing"], "but got base='nothing'"),
        (["--label", "a", "--label", "a", "--label", "b"], "two have label='a'"),
        (["."], "expected each record once, or a --label for each"),
    ],
)
def test_wrong_flags_are_one_message(words: list[str], message: str, runs: list[Path], tmp_path: Path) -> None:
    words = [str(runs[0]) if word == "." else word for word in words]
    done = compared(*runs, *words, "--out", tmp_path / "out")
    assert (done.exit_code, message in done.output) == (2, True), done.output
    assert not (tmp_path / "out").exists()


def test_one_record_and_an_empty_folder_are_refused(runs: list[Path], tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "at least two records" in compared(runs[0], "--out", tmp_path / "out").output
    assert "holds no record.jsonl" in compared(runs[0], tmp_path / "empty", "--out", tmp_path / "out").output

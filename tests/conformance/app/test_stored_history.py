"""Histories in files, plain and compressed."""

from __future__ import annotations

import lzma
from pathlib import Path

import pytest
from click.testing import CliRunner

from conformance import Call, SettingsError, Target
from conformance.app.cli import main
from conformance.app.history_file import HistoryFile
from conformance.app.stored_history import read_history
from specs import Request, load
from tests.source_tree import ROOT

CALL = Call(
    id=1, process=0, operation="ListLoaderJobs", request=Request(method="GET", path="/loader"), response=None,
    started=0.5, ended=None, trouble="timeout",
)  # fmt: skip


@pytest.mark.parametrize("name", ["history.jsonl", "history.jsonl.xz"])
def test_what_is_written_is_read_again(name: str, tmp_path: Path) -> None:
    file = HistoryFile(tmp_path / name, load("neptune"), Target(api="neptune", url="http://127.0.0.1:1"))
    file.add(CALL)
    file.close({"ListLoaderJobs": ["why not"]})

    header, calls, notes = read_history(tmp_path / name)

    assert (header["api"], calls, notes) == ("neptune", [CALL], {"ListLoaderJobs": ["why not"]})


@pytest.mark.parametrize(
    "content", [b"not compressed", lzma.compress(b"{}")[:-8], lzma.compress(b"{}"), lzma.compress(b"\xff")]
)
def test_a_compressed_file_that_is_no_history_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl.xz"
    path.write_bytes(content)

    with pytest.raises(SettingsError, match=r"history\.jsonl\.xz"):
        read_history(path)


def test_a_recorded_history_can_be_judged_by_its_user(tmp_path: Path) -> None:
    recorded = ROOT / "tests" / "recorded" / "omics" / "store-list-unsigned-accepted.jsonl.xz"

    done = CliRunner().invoke(main, ["judge", str(recorded), "--out", str(tmp_path)])

    assert done.exit_code == 1
    assert "omics.ListReferenceStores/auth/unsigned" in done.output

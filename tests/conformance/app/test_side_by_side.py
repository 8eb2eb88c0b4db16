"""Several APIs at a time, each in a process of its own: what is told, what an interrupt does, and what a crash."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from rich.console import Console

from conformance import SettingsError
from conformance.app.side_by_side import Ended, SideBySide, Told, require_all
from reports import read
from tests.emulator.child import eventually


@dataclass(frozen=True)
class Work:
    """Something that is done in another process."""

    kind: str

    def __call__(self, console: Console, listener: Told) -> str:
        listener.phase("thinking", 0, 1)
        console.print(f"{self.kind} [bold]printed[/]")
        if self.kind == "dies":
            os._exit(7)
        if self.kind == "wrong":
            raise SettingsError("there is nothing to do")
        return self.kind.upper()


def run(*kinds: str) -> list[Ended]:
    console = Console(file=io.StringIO())
    return sorted(
        SideBySide(console=console).run([(kind, Work(kind)) for kind in kinds]),
        key=lambda ended: kinds.index(ended.api),
    )


def test_each_gives_back_what_it_printed_and_found() -> None:
    first, second = run("one", "two")
    assert (first.printed, first.value, first.wrong) == ("one printed\n", "ONE", None)
    assert (second.printed, second.value, second.wrong) == ("two printed\n", "TWO", None)
    require_all([first, second])


def test_what_goes_wrong_in_one_does_not_end_the_others() -> None:
    good, dead, wrong = run("good", "dies", "wrong")
    assert good.value == "GOOD"
    assert dead.wrong == "dies: its process ended with code 7; run it alone to see why"
    assert wrong.wrong == "wrong: there is nothing to do"
    with pytest.raises(SettingsError, match=r"code 7.*nothing to do"):
        require_all([good, dead, wrong])


def test_ctrl_c_ends_all_in_good_order(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "conformance", "run", "omics", "s3control", "--out", str(tmp_path)]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    histories = [tmp_path / api / "history.jsonl" for api in ("omics", "s3control")]
    eventually(lambda: all(each.exists() and each.stat().st_size > 20_000 for each in histories), seconds=60)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=60)

    assert process.returncode == 3, output
    assert "Traceback" not in output
    assert output.count("the run ended early: interrupted by the user") == 2
    for api in ("omics", "s3control"):
        footer = read((tmp_path / api / "record.jsonl").read_text("utf-8").splitlines()).footer
        assert footer is not None
        assert footer.interrupted
    assert (tmp_path / "index.html").exists()

"""Recorded histories are judged as they were when they were recorded. `python -m conformance.app.recorder` records them anew."""

from __future__ import annotations

import json
import lzma
import re
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner

import specs
from conformance import SettingsError
from conformance.app.corpus import VERDICTS, Recording, compared, recordings
from conformance.app.recorder import CONFORMING, main
from conformance.emulator import APIS
from conformance.emulator.mutants import FAMILIES, mutants
from tests.source_tree import ROOT

FOLDER = ROOT / "tests" / "recorded"
RECORDINGS = recordings(FOLDER)
BYTES_OF_ALL = 3_000_000
_PRIVATE = re.compile(r"/(?:root|home|tmp|usr|work|var|Users)/|site-packages|conformance-secret|Signature=[0-9a-f]{64}")


def name_of(recording: Recording) -> str:
    return f"{recording.api}-{recording.name}"


@pytest.mark.parametrize("recording", RECORDINGS, ids=name_of)
def test_no_verdict_has_changed(recording: Recording) -> None:
    comparison = compared(recording)
    print(f"clauses younger than the recording: {dict(comparison.unknown)}")  # noqa: T201 - told beside a failure

    assert [str(change) for change in comparison.changes] == []


@pytest.mark.parametrize("recording", RECORDINGS, ids=name_of)
def test_what_is_expected_makes_sense(recording: Recording) -> None:
    broken = {clause for clause, verdict in recording.verdicts.items() if verdict != "pass"}
    if recording.mutant is None:
        assert broken == set()
    else:
        assert recording.clause in broken


def test_every_api_and_family_is_recorded_both_ways() -> None:
    family = {f"{mutant.api}-{mutant.name}": mutant.family for mutant in mutants()}
    recorded = {(each.api, family.get(name_of(each))) for each in RECORDINGS}
    assert recorded >= {(api, family) for api in APIS for family in FAMILIES}
    assert recorded >= {("neptune", "queue"), ("neptune", "dependency")}
    assert {each.api for each in RECORDINGS if each.mutant is None} == set(APIS)


def test_every_file_is_in_use_and_together_they_are_small() -> None:
    files = sorted(path for path in FOLDER.rglob("*") if path.is_file())
    assert [path for path in files if path.name != VERDICTS] == sorted(each.path for each in RECORDINGS)
    assert sum(path.stat().st_size for path in files) < BYTES_OF_ALL


@pytest.mark.parametrize("recording", RECORDINGS, ids=name_of)
def test_a_history_tells_nothing_of_the_machine(recording: Recording) -> None:
    with lzma.open(recording.path, "rt", encoding="utf-8") as file:
        found = Counter(match[0] for line in file for match in _PRIVATE.finditer(line))
    assert found == Counter()


class Corpus:
    """A folder with the smallest recording, whose verdicts a test changes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        smallest = min(RECORDINGS, key=lambda each: each.path.stat().st_size)
        place = folder / smallest.api
        place.mkdir()
        (place / smallest.path.name).write_bytes(smallest.path.read_bytes())
        self.file = place / VERDICTS
        self.content = json.loads((smallest.path.parent / VERDICTS).read_text("utf-8"))
        self.content["histories"] = {smallest.name: self.content["histories"][smallest.name]}
        self.entry = self.content["histories"][smallest.name]
        # Clauses that came since are no matter of these tests.
        now = (clause.id for clause in specs.load(smallest.api).clauses)
        self.content["known"] = sorted({*self.content["known"], *now})

    def changes(self) -> tuple[list[str], list[str]]:
        self.file.write_text(json.dumps(self.content), "utf-8")
        [recording] = recordings(self.folder)
        comparison = compared(recording)
        return [f"{each.clause} {each.recorded} {each.now}" for each in comparison.changes], sorted(comparison.unknown)


def test_another_verdict_is_a_change_that_names_both(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path)
    own = corpus.entry["clause"]
    corpus.entry["fail"].remove(own)
    corpus.entry.setdefault("pass", []).append(own)
    assert corpus.changes() == ([f"{own} pass fail"], [])


def test_a_clause_that_is_gone_is_a_change(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path)
    corpus.entry["pass"].append("neptune.Nothing/at/all")
    assert corpus.changes() == (["neptune.Nothing/at/all pass None"], [])


def test_an_undecided_clause_that_is_broken_now_is_a_change(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path)
    own = corpus.entry["clause"]
    corpus.entry["fail"].remove(own)
    assert corpus.changes() == ([f"{own} undecided fail"], [])


def test_a_clause_younger_than_the_recording_is_told_and_no_change(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path)
    own = corpus.entry["clause"]
    corpus.entry["fail"].remove(own)
    corpus.content["known"].remove(own)
    assert corpus.changes() == ([], [own])


def test_the_command_judges_again_and_says_what_changed(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path)
    corpus.changes()
    same = CliRunner().invoke(main, ["--check", "--folder", str(tmp_path)])
    assert (same.exit_code, ", 0 changed" in same.output) == (0, True)
    corpus.entry["pass"].append("neptune.Nothing/at/all")
    corpus.changes()
    other = CliRunner().invoke(main, ["--check", "--folder", str(tmp_path)])
    assert other.exit_code == 1
    assert "neptune.Nothing/at/all was pass and is no clause any more" in other.output


def test_a_folder_without_recordings_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="expected recorded histories"):
        recordings(tmp_path)


def test_the_conforming_histories_decide_most_clauses() -> None:
    for recording in RECORDINGS:
        if recording.name == CONFORMING:
            assert len(recording.verdicts) > len(recording.known) / 2

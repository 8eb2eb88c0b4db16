"""Baselines from the command line: what is written, what is kept of an old one, and what is refused."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from conformance import Finding, SettingsError, Verdict
from conformance.app.baseline_file import BaselineFile, read_baseline, today, write_baseline
from conformance.app.cli import main
from conformance.app.run_options import _FAMILIES
from reports import Deviation, Expectation, Header, RecordWriter
from specs import Family, load

SPEC = load("neptune")
FIRST, SECOND, THIRD = [clause for clause in SPEC.clauses if clause.mandatory][:3]
GOOD = f"""schema = 1
api = "neptune"
[known."{FIRST.id}"]
expect = "fail"
reason = "issue 7"
expires = 2999-01-01
"""


def record(folder: Path, *verdicts: Verdict, interrupted: str | None = None, api: str = "neptune") -> Path:
    path = folder / "record.jsonl"
    with path.open("w", encoding="utf-8") as file:
        writer = RecordWriter(file, Header(suite_version="1", api=api, title="T"))
        for clause, verdict in zip((FIRST, SECOND, THIRD), verdicts, strict=False):
            writer.write(Finding(clause=clause, verdict=verdict, hits=1, reason=f"because {verdict}"))
        writer.finish(requests=1, seconds=1.0, interrupted=interrupted)
    return path


def conformance(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments])


def write(folder: Path, *more: str) -> Result:
    return conformance("baseline", "write", folder / "record.jsonl", "--out", folder / "b.toml", *more)


def check(folder: Path, *more: object) -> Result:
    return conformance("baseline", "check", folder / "record.jsonl", "--baseline", folder / "b.toml", *more)


def test_what_is_written_makes_the_same_record_green(tmp_path: Path) -> None:
    record(tmp_path, Verdict.PASS, Verdict.FAIL, Verdict.VACUOUS)
    assert conformance("report", tmp_path / "record.jsonl").exit_code == 0
    written = write(tmp_path, "--reason", "first run", "--link", "https://example.org/1", "--expires", "2999-12-31")
    assert written.exit_code == 0, written.output
    checked = check(tmp_path, "--out", tmp_path / "out")
    assert checked.exit_code == 0, checked.output
    assert "known-gaps" in checked.output
    assert "first run" in (tmp_path / "out" / "junit.xml").read_text("utf-8")
    [fail, unproven] = read_baseline(tmp_path / "b.toml").deviations
    assert {fail.clause: fail.expect, unproven.clause: unproven.expect} == {
        SECOND.id: Expectation.FAIL, THIRD.id: Expectation.UNPROVEN,
    }  # fmt: skip


def test_a_new_failure_and_a_stale_entry_are_both_code_1(tmp_path: Path) -> None:
    record(tmp_path, Verdict.PASS, Verdict.FAIL, Verdict.PASS)
    write(tmp_path, "--reason", "known")
    record(tmp_path, Verdict.PASS, Verdict.FAIL, Verdict.FAIL)
    new = check(tmp_path)
    assert (new.exit_code, f"new: {THIRD.id}" in new.output) == (1, True)
    record(tmp_path, Verdict.PASS, Verdict.PASS, Verdict.PASS)
    stale = check(tmp_path)
    assert (stale.exit_code, "the baseline entry is stale" in stale.output) == (1, True)
    record(tmp_path, Verdict.PASS, Verdict.INCONCLUSIVE, Verdict.PASS)
    unseen = check(tmp_path)
    assert (unseen.exit_code, "nothing is proven of it in this run" in unseen.output) == (0, True)


def test_writing_again_keeps_what_was_said_and_drops_what_is_kept_now(tmp_path: Path) -> None:
    record(tmp_path, Verdict.FAIL, Verdict.FAIL, Verdict.VACUOUS)
    write(tmp_path, "--reason", "first", "--link", "https://example.org/1", "--expires", "2999-12-31")
    before = {each.clause: each for each in read_baseline(tmp_path / "b.toml").deviations}
    record(tmp_path, Verdict.FAIL, Verdict.PASS, Verdict.FAIL)
    assert "no --reason" in write(tmp_path).output
    assert {each.clause: each for each in read_baseline(tmp_path / "b.toml").deviations} == before
    again = write(tmp_path, "--reason", "second")
    after = {each.clause: each for each in read_baseline(tmp_path / "b.toml").deviations}
    assert "1 removed because they are kept now" in again.output
    assert set(after) == {FIRST.id, THIRD.id}
    assert after[FIRST.id] == before[FIRST.id]
    assert (after[THIRD.id].expect, after[THIRD.id].reason) == (Expectation.FAIL, "second")


def test_an_expired_entry_is_renewed_only_when_asked_to(tmp_path: Path) -> None:
    record(tmp_path, Verdict.FAIL)
    write(tmp_path, "--reason", "first", "--expires", "2001-01-01")
    assert check(tmp_path).exit_code == 1
    write(tmp_path)
    assert "it expired on 2001-01-01" in check(tmp_path).output
    write(tmp_path, "--expires", "2999-01-01")
    assert check(tmp_path).exit_code == 0


def test_entries_expire_in_ninety_days_by_default(tmp_path: Path) -> None:
    record(tmp_path, Verdict.FAIL)
    write(tmp_path, "--reason", "first")
    [entry] = read_baseline(tmp_path / "b.toml").deviations
    assert entry.expires - today() in {datetime.timedelta(days=90), datetime.timedelta(days=89)}


@pytest.mark.parametrize(
    "text", ['"quoted" \\ \n new line \t', "ümlaut 😀 \x7f", "\ud800 alone", "]] # ''' = {", "\x00\x1f"]
)
def test_any_text_survives_in_a_file(text: str, tmp_path: Path) -> None:
    entry = Deviation(clause=FIRST.id, expect=Expectation.FAIL, reason=text, expires=today(), sometimes=True)
    path = tmp_path / "b.toml"
    write_baseline(BaselineFile(api="neptune", edition=None, deviations=(entry,)), path)
    [again] = read_baseline(path).deviations
    assert again.reason == text.replace("\ud800", "?")
    assert again.sometimes


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("schema = 1\napi = ", "expected TOML"),
        (GOOD + "expires = 2999-01-01\n", "expected TOML"),
        (GOOD.replace("schema = 1", "schema = 2"), "is not a baseline"),
        (GOOD.replace("expect", "expected"), "is not a baseline"),
        (GOOD.replace('"fail"', '"pass"'), "is not a baseline"),
        (GOOD.replace('"issue 7"', '" "'), "is not a baseline"),
        (GOOD.replace("2999-01-01", '"2999-01-01"'), "a date of TOML"),
        (GOOD.replace("2999-01-01", "2999-01-01T00:00:00Z"), "a date of TOML"),
        (GOOD.replace("2999-01-01", "7"), "a date of TOML"),
        ('schema = 1\napi = "neptune"\nknown = 7\n', "is not a baseline"),
        (GOOD.replace("neptune", "omics"), "is about api='omics'"),
        (GOOD.replace('api = "neptune"', 'api = "neptune"\nedition = "2023"'), "edition='2023'"),
        (GOOD.replace(FIRST.id, "neptune.NoSuch/clause/id"), "neptune.NoSuch/clause/id"),
    ],
)
def test_a_wrong_baseline_is_one_message_and_code_2(content: str, said: str, tmp_path: Path) -> None:
    record(tmp_path, Verdict.PASS)
    (tmp_path / "b.toml").write_text(content, "utf-8")
    for done in (check(tmp_path), write(tmp_path, "--reason", "x")):
        assert done.exit_code == 2
        assert said in done.output
        assert len(done.output.strip().splitlines()) == 1
    assert (tmp_path / "b.toml").read_text("utf-8") == content
    run = conformance(
        "run", "neptune", "--url", "http://127.0.0.1:9", "--baseline", tmp_path / "b.toml", "--out", tmp_path
    )
    assert run.exit_code == 2
    assert said in run.output


def test_a_missing_or_cut_record_writes_nothing(tmp_path: Path) -> None:
    assert "expected a record" in write(tmp_path, "--reason", "x").output
    path = record(tmp_path, Verdict.FAIL)
    path.write_text("".join(path.read_text("utf-8").splitlines(keepends=True)[:-1]), "utf-8")
    cut = write(tmp_path, "--reason", "x")
    assert (cut.exit_code, (tmp_path / "b.toml").exists()) == (2, False)
    record(tmp_path, Verdict.FAIL, interrupted="the budget of 7 requests is used up")
    early = write(tmp_path, "--reason", "x")
    assert (early.exit_code, "--resume" in early.output) == (2, True)


def test_a_baseline_is_about_one_api(tmp_path: Path) -> None:
    (tmp_path / "b.toml").write_text(GOOD, "utf-8")
    done = conformance(
        "run", "--s3-endpoint", "http://127.0.0.1:9", "--baseline", tmp_path / "b.toml", "--out", tmp_path
    )
    assert (done.exit_code, "--baseline is about one API" in done.output) == (2, True)


def test_the_families_of_the_command_line_are_all_there_are() -> None:
    assert set(_FAMILIES) == set(Family)


def test_a_gate_starts_small_and_grows(tmp_path: Path) -> None:
    """A real run of one family and level, and the baseline that makes it green."""
    run = ("run", "neptune", "--profile", "smoke", "--mutant", "limit-above-maximum-accepted", "--level", "MUST", "--family", "parameter-range", "--clause", "ListLoaderJobs/limit",
           "--job-seconds", "0.01", "--out", tmp_path)  # fmt: skip
    first = conformance(*run)
    assert first.exit_code == 1, first.output
    assert write(tmp_path, "--reason", "the mutant").exit_code == 0
    second = conformance(*run, "--baseline", tmp_path / "b.toml")
    assert second.exit_code == 0, second.output
    assert "known-gaps" in second.output


def test_a_choice_that_leaves_nothing_is_refused(tmp_path: Path) -> None:
    done = conformance(
        "run",
        "neptune",
        "--url",
        "http://127.0.0.1:9",
        "--family",
        "queue",
        "--clause",
        "ListLoaderJobs/limit",
        "--out",
        tmp_path,
    )
    assert (done.exit_code, "--family queue" in done.output) == (2, True)


def test_an_unreadable_baseline_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        read_baseline(tmp_path / "no-such-file.toml")

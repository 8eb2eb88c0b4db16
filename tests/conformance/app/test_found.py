"""What was found in real emulators: the page, the scripts that repeat it, and one of the emulators itself."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from conformance import PROFILES, Outcome, Run, SettingsError, Verdict, execute
from conformance.app.found_page import Remark, exhibits, page
from conformance.app.processes import command
from conformance.app.replay import answers, compared, environment, output_of
from conformance.app.results import Facts, write_record
from conformance.app.target_file import read_target_file, target_from
from reports import Record
from specs import load
from tests.emulator.child import free_port

ROOT = Path(__file__).resolve().parents[3]
RECORDS = ROOT / "examples" / "records"
SEEN = {
    "batch.ListJobs/request/exactly-one-of": Verdict.FAIL,
    "batch.ListJobs/jobStatus/allowed-values": Verdict.FAIL,  # of a queue without jobs it takes any status
    "batch.ListJobs/jobStatus/default": Verdict.FAIL,
    "batch.ListJobs/jobStatus/filter-sound": Verdict.PASS,
    "batch.ListJobs/jobQueue/arn": Verdict.PASS,
    "batch.ListJobs/jobQueue/scope": Verdict.PASS,
    "batch.ListJobs/maxResults/bounds-page": Verdict.FAIL,
    "batch.ListJobs/filters/status-ignored": Verdict.PASS,
    "batch.ListJobs/filters.JOB_NAME/filter-sound": Verdict.PASS,
    "batch.ListJobs/filters.JOB_NAME/filter-complete": Verdict.PASS,
    "batch.ListJobs/filters.JOB_DEFINITION/filter-sound": Verdict.PASS,
    "batch.ListJobs/filters.AFTER_CREATED_AT/filter-sound": Verdict.FAIL,
    "batch.ListJobs/response.jobSummaryList/member": Verdict.PASS,
    "batch.ListJobs/response/media-type": Verdict.FAIL,
    "batch.ListJobs/auth/unsigned": Verdict.NOT_APPLICABLE,
    "batch.SubmitJob/job/disabled-queue": Verdict.FAIL,
}


def test_the_page_is_made_of_the_records() -> None:
    assert (ROOT / "docs" / "found.md").read_text("utf-8") == page(*exhibits(RECORDS))


def test_nothing_is_published_that_nobody_has_looked_at() -> None:
    found, remarks = exhibits(RECORDS)
    with pytest.raises(SettingsError, match="nobody has looked at batch"):
        page(found, [each for each in remarks if "media-type" not in each.clauses[0]])


def test_a_remark_about_nothing_is_told() -> None:
    found, remarks = exhibits(RECORDS)
    idle = Remark(clauses=("batch.NoSuchOperation/*",), fact="none", says="nothing")
    with pytest.raises(SettingsError, match="about nothing that was found"):
        page(found, [*remarks, idle])


def test_a_folder_without_records_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="expected records"):
        exhibits(tmp_path)


def test_answers_are_read_back_from_what_a_script_prints() -> None:
    printed = 'HTTP/1.1 200 OK\nContent-Type: a/b\nX: y\n\n{"a": 1}\nHTTP/1.1 400 BAD\nContent-Length: 0\n\n\n'
    first, second = answers(printed)
    assert (first.status, first.body, first.media_type) == (200, b'{"a": 1}', "a/b")
    assert (second.status, second.body, second.headers) == (400, b"", {"content-length": "0"})


@pytest.fixture(scope="module")
def moto() -> Iterator[dict[str, object]]:
    """The target file of an example, started on a port of its own."""
    content = read_target_file(ROOT / "examples" / "moto-batch-simple.toml")
    port = str(free_port())
    words = [sys.executable, *(port if each == "5601" else each for each in content["command"][1:])]
    words[1] = str(ROOT / words[1])
    content = {**content, "command": words, "url": f"http://127.0.0.1:{port}"}
    content["timeouts"] = {"job_end_max": 1, "list_lag_max": 0.5}
    with command(words, content["url"]):
        yield content


@pytest.fixture(scope="module")
def outcome(moto: dict[str, object]) -> Outcome:
    spec = load("batch")
    clauses = [spec.clause(each) for each in SEEN]
    return execute(
        Run(spec=spec, target=target_from(moto, spec), clauses=clauses, profile=PROFILES["standard"], seed=1)
    )


def test_moto_keeps_and_breaks_what_it_is_known_to(outcome: Outcome) -> None:
    assert {finding.clause.id: finding.verdict for finding in outcome.findings} == SEEN


def test_every_failure_shows_again_by_its_own_script(moto: dict[str, object], outcome: Outcome, tmp_path: Path) -> None:
    spec, record = load("batch"), _recorded(moto, outcome, tmp_path)
    variables = environment(target_from(moto, spec))
    broken = [entry for entry in record.entries if entry.finding.verdict is Verdict.FAIL]
    found = [compared(spec, entry, output_of(entry.curl, variables)) for entry in broken]
    # The server is not a fresh one here: names that the run has used are made over.
    assert len(found) == sum(verdict is Verdict.FAIL for verdict in SEEN.values())
    assert {each.clause: each.told for each in found if not each.again} == {}


def test_a_script_whose_answers_differ_is_told(moto: dict[str, object], outcome: Outcome, tmp_path: Path) -> None:
    spec, record = load("batch"), _recorded(moto, outcome, tmp_path)
    entry = next(each for each in record.entries if each.finding.clause.id.endswith("exactly-one-of"))
    refused = 'HTTP/1.1 400 BAD REQUEST\nX-Amzn-ErrorType: ClientException\n\n{"message": "no"}\n'
    assert not compared(spec, entry, refused).again
    assert not compared(spec, replace(entry), "").again


def _recorded(moto: dict[str, object], outcome: Outcome, tmp_path: Path) -> Record:
    url = str(moto["url"])
    facts = Facts(
        spec=load("batch"), auth_scheme="sigv4", region="us-east-1", url=url, shown_url=url, profile="standard", seed=1, settings={},
    )  # fmt: skip
    calls = {call.id: call for call in outcome.history.calls}
    with (tmp_path / "record.jsonl").open("w", encoding="utf-8") as file:
        record = write_record(file, facts, outcome.findings, calls, requests=len(calls), seconds=1.0, interrupted=None)
    assert json.loads((tmp_path / "record.jsonl").read_text("utf-8").splitlines()[0])["api"] == "batch"
    return record

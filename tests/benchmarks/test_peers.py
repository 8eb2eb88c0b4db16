"""How kills and false accusations are counted, for the suite and for Schemathesis alike."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from benchmarks.contender import CONTENDERS, OfSchemathesis, OfSuite, Place
from benchmarks.peers import Attempt, concluded, document, known_attempts, result
from tests.reports.sample import plausible


def attempt(mutant: str | None, *findings: str, seed: int = 0, exit_code: int | None = 1) -> Attempt:
    return Attempt(
        contender="smoke", mutant=mutant, seed=seed, exit_code=exit_code, requests=100, wall_seconds=2.0, cpu_seconds=1.0,
        findings=findings,
    )  # fmt: skip


def test_a_kill_is_a_finding_that_no_run_without_a_fault_has() -> None:
    row = concluded("smoke", [
        attempt(None, "noise", exit_code=0), attempt(None, "other noise", seed=1, exit_code=1),
        attempt("quiet"), attempt("noisy", "noise", "other noise"), attempt("caught", "noise", "a breach"),
    ])  # fmt: skip

    assert (row["killed"], row["of"], row["survived"]) == (1, 3, ["noisy", "quiet"])
    assert row["false_accusations"] == 1.0
    assert row["false_kinds"] == ["noise", "other noise"]
    assert row["control_exit_codes"] == [0, 1]


def test_an_attempt_that_did_not_end_in_time_is_told() -> None:
    row = concluded("smoke", [attempt(None), attempt("endless", exit_code=None), attempt("other")])

    assert row["exit_codes"] == {"None": 1, "1": 1}
    assert (row["requests"], row["wall_seconds"], row["cpu_seconds"]) == (100, 2.0, 1.0)


def test_an_earlier_measurement_can_be_gone_on_with(tmp_path: Path) -> None:
    attempts = [attempt(None, "noise"), attempt("caught", "a breach")]
    path = tmp_path / "peers.json"
    path.write_text(json.dumps(result(attempts, jobs=2, catalogue=9)), "utf-8")

    assert known_attempts(path) == attempts
    assert known_attempts(tmp_path / "nothing.json") == []


def test_the_result_tells_how_many_mutants_of_how_many() -> None:
    content = result([attempt(None), attempt("one"), attempt("two", "a breach")], jobs=2, catalogue=9)

    assert (content["mutants"], content["catalogue"], content["sample"]) == (2, 9, ["one", "two"])
    assert list(content["contenders"]) == ["smoke"]


def place(folder: Path) -> Place:
    return Place(
        url="http://127.0.0.1:1", s3_endpoint="http://127.0.0.1:2", bucket="b", source="s3://b/o", folder=folder,
        openapi=document("s3://b/o"),
    )  # fmt: skip


def test_a_failed_check_is_known_by_code_operation_and_status(tmp_path: Path) -> None:
    def scenario(status: str, code: str, answer: int | None) -> dict[str, Any]:
        failure = {"failure": {"code": code, "operation": "GET /loader", "title": "t"}}
        interaction = {"response": None if answer is None else {"status_code": answer}}
        check = {"status": status, **({"failure_info": failure} if status == "failure" else {})}
        return {"ScenarioFinished": {"recorder": {"checks": {"a": [check]}, "interactions": {"a": interaction}}}}

    events = [
        {"Initialize": {}}, scenario("success", "", 200), scenario("failure", "ST202", 400),
        scenario("failure", "ST202", 400), scenario("failure", "ST101", None), {"ScenarioFinished": {"recorder": {}}},
    ]  # fmt: skip
    (tmp_path / "events.ndjson").write_text("".join(f"{json.dumps(event)}\n" for event in events), "utf-8")

    assert OfSchemathesis(setting="any").findings(place(tmp_path)) == {
        "ST202 GET /loader 400", "ST101 GET /loader None",
    }  # fmt: skip


def test_a_finding_of_the_suite_is_a_clause_that_is_broken(tmp_path: Path) -> None:
    stream = io.StringIO()
    record = plausible(stream=stream)
    (tmp_path / "record.jsonl").write_text(stream.getvalue(), "utf-8")

    found = OfSuite(profile="smoke").findings(place(tmp_path))

    assert found == {each.clause.id for each in record.findings if each.verdict in {"fail", "warn"}} != set()


@pytest.mark.parametrize("name", CONTENDERS)
def test_what_said_nothing_has_found_nothing(name: str, tmp_path: Path) -> None:
    assert CONTENDERS[name].findings(place(tmp_path)) == frozenset()


@pytest.mark.parametrize("name", CONTENDERS)
def test_every_contender_is_told_target_and_seed(name: str, tmp_path: Path) -> None:
    words = CONTENDERS[name].command(place(tmp_path), 7)
    told = " ".join([*words, *(path.read_text("utf-8") for path in tmp_path.iterdir())])

    assert words[words.index("--seed") + 1] == "7"
    assert "http://127.0.0.1:1" in told
    assert str(tmp_path) in told


def test_the_document_is_valid_and_names_a_source_that_can_be_loaded() -> None:
    content = document("s3://bench/object")
    post = content["paths"]["/loader"]["post"]

    assert [error.message for error in OpenAPIV31SpecValidator(content).iter_errors()] == []
    assert post["requestBody"]["content"]["application/json"]["example"]["source"] == "s3://bench/object"
    assert "GetLoaderJobStatus" in post["responses"]["200"]["links"]

"""What could not be removed is told everywhere, and a second try removes it; also after a run that was killed."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace

import boto3
import pytest
from rich.console import Console
from werkzeug import Response

import specs
from conformance import Credentials, SettingsError
from conformance.app.cleanup_commands import clean
from conformance.app.left_behind import NAME, clean_up, left_in
from conformance.app.runner import Plan, run_one
from conformance.app.selection import Choice
from reports import read
from tests.conformance.live.house import KEYS, house
from tests.emulator.child import eventually

COMMAND = [sys.executable, "-m", "conformance"]


def refusing(request, _):
    """A target that lets nobody delete anything."""
    return (
        Response('{"error": {"errorCode": "bad-state", "message": "no"}}', 409) if request.method == "DELETE" else None
    )


def remaining(found) -> set[str]:
    """Ids of jobs of NAVER Cloud that were made, and not deleted."""
    made = {
        json.loads(v.answer)["jobId"]
        for v in found.visits
        if (v.method, v.path) == ("POST", "/api/v1/jobs") and v.status < 300
    }
    return made - {v.path.rsplit("/", 1)[1] for v in found.visits if v.method == "DELETE" and v.status < 300}


def objects(endpoint: str, bucket: str) -> list[str]:
    client = boto3.client(
        "s3", endpoint_url=endpoint, aws_access_key_id="a", aws_secret_access_key="b", region_name="us-east-1"
    )
    return [each["Key"] for each in client.list_objects_v2(Bucket=bucket).get("Contents", ())]


def test_what_is_left_is_told_and_removed_by_a_second_try(s3_endpoint, tmp_path):
    spec = specs.load("ncloud")
    choice = Choice(profile="standard", patterns=("createJob/name",))
    with house("ncloud", s3_endpoint) as (target, found):
        found.odd = refusing
        summary, outcome = run_one(
            Plan(spec=spec, target=target, choice=choice, seed=0, folder=tmp_path), Console(quiet=True)
        )
        left = remaining(found)
        assert len(left) > 2
        assert {each.id for each in outcome.leftovers} == left
        assert len(summary["left_behind"]) == len(left)
        assert summary["left_behind"] == json.loads((tmp_path / "summary.json").read_text("utf-8"))["left_behind"]
        record = read((tmp_path / "record.jsonl").read_text("utf-8").splitlines())
        assert set(record.footer.left) == set(summary["left_behind"])
        for name in ("report.html", "summary.md", NAME):
            text = (tmp_path / name).read_text("utf-8")
            assert all(each in text for each in left), name

        content = left_in(tmp_path)
        assert content is not None
        assert clean_up(tmp_path, content, target) == 3
        assert {each.id for each in left_in(tmp_path)["items"]} == left
        found.odd = None
        with pytest.raises(SettingsError, match="this target is ncloud at http://elsewhere"):
            clean_up(tmp_path, content, replace(target, url="http://elsewhere"))
        with pytest.raises(SettingsError, match="the requests of the run were signed"):
            clean_up(tmp_path, content, replace(target, credentials=Credentials()))
        with pytest.raises(SettingsError, match="both --access-key and --secret-key"):
            clean(tmp_path, None, {"access_key": "a"})
        with pytest.raises(SettingsError, match="read-only"):
            clean_up(tmp_path, content, replace(target, read_only=True))
        assert remaining(found) == left
        assert clean(tmp_path, None, KEYS) == 0
        assert remaining(found) == set()
    assert not (tmp_path / NAME).exists()
    assert left_in(tmp_path) is None


def test_a_run_that_was_killed_is_cleaned_up_after(s3_endpoint, tmp_path):
    with house("ncloud", s3_endpoint, signed=False) as (target, found):
        process = subprocess.Popen(
            [
                *COMMAND, "run", "ncloud", "--url", target.url, "--s3-endpoint", s3_endpoint, "--bucket", "killed",
                "--family", "lifecycle", "--out", str(tmp_path),
            ],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        eventually(lambda: len(found.visits) > 40 and remaining(found) and objects_or_none(s3_endpoint), seconds=60)
        process.kill()
        process.wait()
        assert json.loads((tmp_path / NAME).read_text("utf-8"))["state"] == "running"
        assert remaining(found)
        done = subprocess.run(
            [*COMMAND, "cleanup", str(tmp_path), "--s3-endpoint", s3_endpoint],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert "nothing is left" in done.stdout
        assert remaining(found) == set()
        assert objects(s3_endpoint, "killed") == []
    assert not (tmp_path / NAME).exists()


def objects_or_none(endpoint: str) -> list[str]:
    try:
        return objects(endpoint, "killed")
    except Exception:  # noqa: BLE001 - the bucket may not be there yet
        return []


@pytest.mark.parametrize(
    ("text", "said"), [("{", "expected what a run has left behind"), ('{"kind": "left-behind", "schema": 9}', "another version")]
)  # fmt: skip
def test_a_file_that_is_none_of_these_is_told(text, said, tmp_path):
    (tmp_path / NAME).write_text(text, "utf-8")
    with pytest.raises(SettingsError, match=said):
        left_in(tmp_path)


def test_a_folder_without_results_is_told(tmp_path):
    with pytest.raises(SettingsError, match=r"no history\.jsonl"):
        left_in(tmp_path)

"""The commands for live endpoints, as their user meets them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from werkzeug import Response

import specs
from conformance.emulator import APIS
from tests.conformance.live.house import KEYS, house

COMMAND = [sys.executable, "-m", "conformance"]


def conformance(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments], cwd=folder, env={**os.environ, "COLUMNS": "200"}, capture_output=True, text=True, timeout=120,
        check=False,
    )  # fmt: skip


def written(folder: Path, target, s3_endpoint: str | None, more: str = "") -> str:
    scheme = "ncloud" if target.api == "ncloud" else "sigv4"
    auth = f'[auth]\nscheme = "{scheme}"\naccess_key = "{KEYS["access_key"]}"\nsecret_key = "{KEYS["secret_key"]}"\n'
    s3 = f'[s3]\nendpoint = "{s3_endpoint}"\nbucket = "commands-{target.api}"\n' if s3_endpoint else ""
    (folder / "target.toml").write_text(f'api = "{target.api}"\nurl = "{target.url}"\n{more}\n{auth}{s3}', "utf-8")
    return "target.toml"


# -- conformance target check


@pytest.mark.parametrize("api", APIS)
def test_a_good_target_is_usable_and_every_operation_is_looked_at(api, s3_endpoint, tmp_path):
    with house(api, s3_endpoint) as (target, found):
        done = conformance(tmp_path, "target", "check", written(tmp_path, target, s3_endpoint), "--jobs")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("target.toml: usable\n")
    said = done.stdout
    assert "bad " not in said
    for text in (
        "reachable:",
        "the clocks agree",
        "a signed request is taken",
        "an unsigned request is refused",
        "the suite can write into",
    ):
        assert text in said
    assert re.search(r"came to \w+ in \d+\.\d s", said)
    assert all(f"{name}: answers" in said or f"{name}: not tried" in said for name in specs.load(api).operations)
    assert len(found.visits) < 60


@pytest.mark.parametrize("api", APIS)
def test_a_check_that_only_reads_has_no_effect(api, s3_endpoint, tmp_path):
    with house(api, s3_endpoint) as (target, found):
        done = conformance(tmp_path, "target", "check", written(tmp_path, target, s3_endpoint), "--read-only", "--jobs")
        assert found.effects == []
    assert done.returncode == 0
    assert "not tried: read-only" in done.stdout
    assert re.search(r"untestable: \d+ of \d+ clauses: read_only", done.stdout)


def test_a_check_without_jobs_makes_none(s3_endpoint, tmp_path):
    with house("neptune", s3_endpoint) as (target, found):
        done = conformance(tmp_path, "target", "check", written(tmp_path, target, None))
    assert done.returncode == 0
    assert "no job was made" in done.stdout
    assert re.search(r"untestable: \d+ of \d+ clauses: no \[s3\] for source data", done.stdout)
    assert not [v for v in found.visits if v.method == "POST" and v.status < 300]


def test_what_is_wrong_with_a_target_is_said(s3_endpoint, tmp_path):
    with house("omics", s3_endpoint) as (target, found):
        file = written(tmp_path, target, "http://127.0.0.1:9")
        done = conformance(tmp_path, "target", "check", file)
        assert done.returncode == 2
        assert "bad  source data: expected to write source data into bucket='commands-omics'" in done.stdout
        assert done.stdout.endswith("target.toml: not usable\n")

        text = (tmp_path / file).read_text("utf-8")
        (tmp_path / file).write_text(text.replace(KEYS["secret_key"], "wrong-secret-key"), "utf-8")
        done = conformance(tmp_path, "target", "check", file)
        assert done.returncode == 2
        assert "bad  signatures: a signed request is refused: HTTP 403" in done.stdout

        (tmp_path / file).write_text(f'api = "omics"\nurl = "{target.url}"\n', "utf-8")
        done = conformance(tmp_path, "target", "check", file)
        assert done.returncode == 2
        assert "the keys belong into [auth]" in done.stdout

        found.odd = lambda request, _: Response("nothing here", 404) if request.path.endswith("importjobs") else None
        done = conformance(tmp_path, "target", "check", written(tmp_path, target, s3_endpoint))
        assert "ListReferenceImportJobs: seems not to be there (HTTP 404)" in done.stdout
        assert re.search(r"clauses: not there: ListReferenceImportJobs", done.stdout)
    done = conformance(tmp_path, "target", "check", file)
    assert done.returncode == 2
    assert "bad  reachable: nothing answers at" in done.stdout


# -- conformance run


def test_a_dry_run_sends_nothing_and_counts(s3_endpoint, tmp_path):
    with house("omics", s3_endpoint) as (target, found):
        file = written(tmp_path, target, s3_endpoint, 'command = ["nothing-of-that-name"]')
        text = (tmp_path / file).read_text("utf-8")
        (tmp_path / file).write_text(text.replace(KEYS["secret_key"], "env:NOT_SET_ANYWHERE"), "utf-8")
        done = conformance(
            tmp_path,
            "run",
            "--target",
            file,
            "--dry-run",
            "--family",
            "lifecycle",
            "--rate",
            "2",
        )
        assert found.visits == []
    assert done.returncode == 0, done.stdout + done.stderr
    total = int(re.search(r"all +\D+(\d+)", done.stdout)[1])
    jobs = int(re.search(r"jobs started: (\d+)", done.stdout)[1])
    assert total > jobs > 0
    assert re.search(r"made: .*\d+ importJob", done.stdout)
    assert re.search(r"uploaded: [1-9]\d* objects, [\d,]+ bytes", done.stdout)
    assert f"takes at least {total / 2:.0f} s at 2 requests a second" in done.stdout
    assert "nothing was sent to the target" in done.stdout
    assert not (tmp_path / "build").exists()


def test_a_dry_run_counts_what_a_run_sends(s3_endpoint, tmp_path):
    """Against an emulator it is as good as exact."""
    with house("ncloud", s3_endpoint) as (target, found):
        file = written(tmp_path, target, s3_endpoint)
        words = ("--family", "parameter-range", "--target", file)
        dry = conformance(tmp_path, "run", *words, "--dry-run")
        assert found.visits == []
        conformance(tmp_path, "run", *words, "--out", "out")
        sent = len(found.visits)
    told = int(re.search(r"all +\D+(\d+)", dry.stdout)[1])
    assert abs(told - sent) < 0.1 * sent


def test_flags_bound_a_run(s3_endpoint, tmp_path):
    with house("ncloud", s3_endpoint) as (target, found):
        file = written(tmp_path, target, s3_endpoint)
        done = conformance(tmp_path, "run", "--target", file, "--max-requests", "50", "--out", "out")
        assert len(found.visits) <= 50
        assert done.returncode == 3
        assert "the budget of 50 requests is used up" in done.stdout
        found.visits.clear()
        done = conformance(tmp_path, "run", "--target", file, "--read-only", "--profile", "smoke", "--out", "out")
        assert done.returncode == 0
        assert found.effects == []
        assert json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))["counts"]["fail"] == 0
        done = conformance(tmp_path, "run", "--target", file, "--prefix", "9lives", "--out", "out")
        assert done.returncode == 2
        assert "expected --prefix" in done.stderr


@pytest.mark.parametrize("flag", [("--read-only",), ("--prefix", "x"), ("--max-jobs", "3"), ("--rate", "1")])
def test_flags_about_a_target_want_one(flag, tmp_path):
    done = conformance(tmp_path, "run", "neptune", *flag)
    assert done.returncode == 2
    assert (
        done.stderr == f"conformance: {flag[0]} says something of a target, but none is given; add --url or --target\n"
    )


def test_an_s3_endpoint_that_is_not_there_ends_a_run_at_once(s3_endpoint, tmp_path):
    with house("neptune", s3_endpoint) as (target, found):
        done = conformance(tmp_path, "run", "--target", written(tmp_path, target, "http://127.0.0.1:9"), "--out", "out")
        assert len(found.visits) < 10
    assert done.returncode == 2
    assert "expected to write source data into bucket='commands-neptune' at http://127.0.0.1:9" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_command_is_not_started_where_somebody_answers_already(s3_endpoint, tmp_path):
    with house("neptune", s3_endpoint) as (target, found):
        file = written(tmp_path, target, s3_endpoint, 'command = ["touch", "started"]')
        for words in (("run", "--target", file, "--out", "out"), ("target", "check", file)):
            done = conformance(tmp_path, *words)
            assert done.returncode == 2
            assert f"something answers at {target.url} already, before the target's command was started" in done.stderr
        assert found.visits == []
    assert not (tmp_path / "started").exists()

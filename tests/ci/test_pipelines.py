"""The action and the GitLab template: their scripts run for real, against emulators that are right, faulty, or not there."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.ci.pipeline import environment, github, gitlab, served
from tests.source_tree import ROOT

FAULT = "limit-above-maximum-accepted"
BROKEN = "neptune.ListLoaderJobs/limit/maximum"
OUT = Path("build", "conformance")


def test_the_action_checks_the_bundled_emulators(tmp_path: Path) -> None:
    job = github(tmp_path, apis="neptune s3control", profile="smoke")
    assert (job.code, job.outputs) == (0, {"verdict": "conforming", "exit-code": "0", "out": str(OUT)}), job.log
    assert job.ran == ["Check", "Write the summary", "Gate"]
    assert job.summary.startswith("## 2 APIs: all conform\n")
    assert "](https://ci.example/artifacts/7)" in job.summary
    assert json.loads((tmp_path / OUT / "badge.json").read_text("utf-8"))["message"] == "conforming, 2 APIs"


def test_the_action_fails_on_a_broken_clause_and_a_baseline_makes_it_quiet(tmp_path: Path) -> None:
    with served("--mutant", FAULT) as url:
        inputs = {"url": url, "apis": "neptune", "profile": "smoke", "out": "results here"}
        job = github(tmp_path, **inputs)
        assert (job.code, job.outputs["verdict"]) == (1, "not-conforming"), job.log
        assert job.ran == ["Check", "Write the summary", "Gate"]
        assert job.summary.startswith("## Amazon Neptune bulk loader: does not conform\n")
        assert f"[{BROKEN}](https://ci.example/artifacts/7)" in job.summary
        assert "# call " in job.summary
        words = ["baseline", "write", "results here/record.jsonl", "--reason", "known"]
        done = subprocess.run(
            [tmp_path / "home/bin/conformance", *words], cwd=tmp_path, env=environment(tmp_path), check=False
        )
        assert done.returncode == 0
        job = github(tmp_path, baseline="baseline.toml", **inputs)
        assert (job.code, job.outputs["verdict"], job.outputs["exit-code"]) == (0, "known-gaps", "0"), job.log
    with served() as url:
        job = github(tmp_path, baseline="baseline.toml", **(inputs | {"url": url}))
        assert (job.code, job.outputs["verdict"]) == (1, "not-conforming"), job.log
        assert "stale" in job.summary


def test_what_is_not_proven_fails_unless_the_job_says_otherwise(tmp_path: Path) -> None:
    with served() as url:
        inputs = {"url": url, "apis": "neptune", "profile": "smoke"}
        assert github(tmp_path, **inputs).code == 3
        job = github(tmp_path, **inputs, **{"fail-on-not-proven": "false"})
        assert (job.code, job.outputs["verdict"], job.outputs["exit-code"]) == (0, "not-proven", "3"), job.log


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"url": "http://127.0.0.1:9", "apis": "neptune"}, "127.0.0.1:9"),
        ({"target": "nothing.toml"}, "nothing.toml"),
        ({"apis": "--help"}, "--help"),
        ({"apis": "neptune; touch owned", "profile": "smoke"}, "neptune;"),
        ({"apis": "neptune", "profile": "smoke", "baseline": "$(touch owned)"}, "touch owned"),
    ],
)
def test_a_job_that_cannot_run_says_so_and_leaves_nothing_old(
    inputs: dict[str, str], message: str, tmp_path: Path
) -> None:
    (tmp_path / OUT).mkdir(parents=True)
    (tmp_path / OUT / "summary.md").write_text("## all is well\n", "utf-8")
    (tmp_path / OUT / "exit_code").write_text("0\n", "utf-8")
    job = github(tmp_path, **inputs)
    assert (job.code, job.outputs["verdict"]) == (2, "error"), job.log
    assert message in job.log
    assert job.summary.startswith("## The conformance suite did not come to a verdict\n")
    assert "exit code 2" in job.summary
    assert not (tmp_path / "owned").exists()


def test_a_gate_without_a_check_is_closed(tmp_path: Path) -> None:
    done = subprocess.run(["bash", ROOT / "ci" / "gate"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, "which ci/check writes" in done.stderr) == (2, True)


def test_the_gitlab_template_links_to_the_report(tmp_path: Path) -> None:
    with served("--mutant", FAULT) as url:
        job = gitlab(tmp_path, CONFORMANCE_URL=url, CONFORMANCE_APIS="neptune", CONFORMANCE_PROFILE="smoke")
    assert job.code == 1, job.log
    link = f"https://ci.example/jobs/7/artifacts/file/build/conformance/report.html#{BROKEN}"
    assert f"[{BROKEN}]({link})" in job.summary
    assert (tmp_path / OUT / "junit.xml").is_file()


def test_an_old_python_is_refused(tmp_path: Path) -> None:
    old = tmp_path / "python"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.8.1" && exit 0\nexit 1\n', "utf-8")
    old.chmod(0o755)
    home = tmp_path / "new"
    done = subprocess.run(
        ["bash", ROOT / "ci" / "install"], capture_output=True, text=True, check=False,
        env=environment(tmp_path, CONFORMANCE_PYTHON=str(old), CONFORMANCE_HOME=str(home)),
    )  # fmt: skip
    assert (done.returncode, home.exists()) == (2, False)
    assert "expected Python 3.11 or newer but Python 3.8.1" in done.stderr

"""What a CI server would do with the files of this repository, done here: steps in their order, as processes."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.source_tree import ROOT

_EXPRESSION = re.compile(r"\$\{\{\s*([\w.-]+)\s*\}\}")
_ARTIFACT = "https://ci.example/artifacts/7"


@dataclass(kw_only=True)
class Job:
    """How a job ended: the exit code of its first step that failed, its outputs, its summary page."""

    code: int = 0
    outputs: dict[str, str] = field(default_factory=dict)
    summary: str = ""
    log: str = ""
    ran: list[str] = field(default_factory=list)


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Variables of a job. The suite stands where ``ci/install`` would have put it: it needs the network, a test does not."""
    home = folder / "home"
    (home / "bin").mkdir(parents=True, exist_ok=True)
    program = home / "bin" / "conformance"
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -P -m conformance "$@"\n', "utf-8")
    program.chmod(0o755)
    return {
        "PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1",
        "CONFORMANCE_HOME": str(home), **more,
    }  # fmt: skip


def github(folder: Path, **inputs: str) -> Job:
    """Carry out the composite action with these inputs, as a runner does; what is not of this repository is left out."""
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    known = {name: str(each.get("default", "")) for name, each in action["inputs"].items()}
    assert set(inputs) <= set(known)
    values = {f"inputs.{name}": value for name, value in (known | inputs).items()} | {
        "runner.temp": str(folder / "temp"), "steps.upload.outputs.artifact-url": _ARTIFACT,
        "steps.python.outputs.python-path": sys.executable,
    }  # fmt: skip
    job = Job()
    files = {name: folder / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    for file in files.values():
        file.write_text("", "utf-8")
    for step in action["runs"]["steps"]:
        if "uses" in step or step["name"] == "Install the suite" or (job.code and step.get("if") != "always()"):
            continue
        given = {name: filled(value, values) for name, value in step["env"].items()} | {
            "GITHUB_ACTION_PATH": str(ROOT),
            **{name: str(file) for name, file in files.items()},
        }
        given.pop("CONFORMANCE_HOME", None)
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=folder, env=environment(folder, **given), text=True, capture_output=True, check=False, timeout=300,
        )  # fmt: skip
        job.ran.append(step["name"])
        job.log += done.stdout + done.stderr
        job.code = job.code or done.returncode
        if "id" in step:
            told = dict(line.split("=", 1) for line in files["GITHUB_OUTPUT"].read_text("utf-8").splitlines())
            values |= {f"steps.{step['id']}.outputs.{name}": value for name, value in told.items()}
    job.outputs = {name: filled(each["value"], values) for name, each in action["outputs"].items()}
    job.summary = files["GITHUB_STEP_SUMMARY"].read_text("utf-8")
    return job


def filled(text: Any, values: Mapping[str, str]) -> str:
    """The text with its expressions evaluated: names only, and each must be known."""
    return _EXPRESSION.sub(lambda found: values[found[1]], str(text))


def gitlab(folder: Path, **variables: str) -> Job:
    """Carry out the script of a job that extends the template, as a GitLab runner does."""
    template = yaml.safe_load((ROOT / "ci" / "gitlab.yml").read_text("utf-8"))[".conformance"]
    assert set(variables) <= set(template["variables"])
    (folder / template["variables"]["CONFORMANCE_SUITE"]).symlink_to(ROOT)
    given = {name: str(value) for name, value in template["variables"].items()} | variables
    given.pop("CONFORMANCE_HOME")
    install, script = template["before_script"][-1], [*template["before_script"][:-1], *template["script"]]
    assert install.endswith('ci/install"')
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", "\n".join(script)], cwd=folder, text=True, capture_output=True, check=False,
        env=environment(folder, CI_JOB_URL="https://ci.example/jobs/7", **given), timeout=300,
    )  # fmt: skip
    page = folder / "build" / "conformance" / "job.md"
    return Job(code=done.returncode, summary=page.read_text("utf-8"), log=done.stdout + done.stderr)


@contextmanager
def served(*flags: str) -> Iterator[str]:
    """The bundled emulator of Neptune with these flags; yields its URL."""
    words = [
        sys.executable,
        "-P",
        "-m",
        "conformance.emulator",
        "neptune",
        "--port",
        "0",
        "--job-seconds",
        "0.02",
        *flags,
    ]
    process = subprocess.Popen(
        words, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    assert process.stdout is not None
    try:
        line = next(each for each in process.stdout if "listening on " in each)
        yield line.rpartition(" ")[2].strip()
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()

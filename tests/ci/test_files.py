"""Files for CI servers: they keep to their schemas, name what there is, and the image holds what it needs and no more."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.source_tree import PACKAGES, ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
SCRIPTS = sorted(path for path in (ROOT / "ci").iterdir() if not path.suffix)
DOCUMENTED = re.findall(r"^```yaml\n(.*?)^```$", (ROOT / "docs" / "ci.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)


def checked(schema: str, *files: Path) -> subprocess.CompletedProcess[str]:
    """Files held against a schema that comes with the checker."""
    words = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", *map(str, files)]
    return subprocess.run(words, text=True, capture_output=True, check=False)


def shown(folder: Path) -> Path:
    """The template of GitLab with its job in sight: of a hidden one the schema asks little."""
    file = folder / "gitlab.yml"
    text = (ROOT / "ci" / "gitlab.yml").read_text("utf-8")
    file.write_text(re.sub(r"^\.conformance:", "conformance:", text, flags=re.MULTILINE), "utf-8")
    return file


def documented(folder: Path, word: str) -> Path:
    """The example of the page on CI that holds a word, as a file."""
    [text] = [each for each in DOCUMENTED if word in each]
    file = folder / "example.yml"
    file.write_text(text, "utf-8")
    return file


def test_each_file_keeps_to_its_schema(tmp_path: Path) -> None:
    for schema, files in (
        ("github-actions", [ROOT / "action.yml"]),
        ("github-workflows", [*WORKFLOWS, documented(tmp_path, "runs-on")]),
        ("gitlab-ci", [shown(tmp_path), ROOT / "ci" / "gitlab.yml"]),
    ):
        done = checked(schema, *files)
        assert done.returncode == 0, done.stdout + done.stderr
    file = documented(tmp_path, "extends: .conformance")
    assert checked("gitlab-ci", file).returncode == 0


def test_the_schemas_find_what_is_wrong(tmp_path: Path) -> None:
    action = (ROOT / "action.yml").read_text("utf-8")
    for schema, text in (
        ("github-actions", action.replace("      shell: bash\n", "", 1)),
        ("github-workflows", WORKFLOWS[0].read_text("utf-8").replace("runs-on:", "run-on:")),
        ("gitlab-ci", shown(tmp_path).read_text("utf-8").replace("when: always", "when: ever")),
    ):
        file = tmp_path / "wrong.yml"
        file.write_text(text, "utf-8")
        assert checked(schema, file).returncode == 1


@pytest.mark.parametrize("path", [*WORKFLOWS, None], ids=lambda path: path.name if path else "docs")
def test_a_workflow_gives_the_action_inputs_that_it_has(path: Path | None, tmp_path: Path) -> None:
    workflow = yaml.safe_load((path or documented(tmp_path, "runs-on")).read_text("utf-8"))
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    [step] = [
        step
        for job in workflow["jobs"].values()
        for step in job["steps"]
        if step.get("uses") == "./" or "job-api-conformance" in step.get("uses", "")
    ]
    assert set(step["with"]) <= set(action["inputs"])


def test_no_expression_stands_in_a_script() -> None:
    """What a pull request may say must not become a command: it comes in by variables alone."""
    steps = [*yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))["runs"]["steps"]]
    for workflow in WORKFLOWS:
        for job in yaml.safe_load(workflow.read_text("utf-8"))["jobs"].values():
            steps += job["steps"]
    assert [step["run"] for step in steps if "${{" in step.get("run", "")] == []


def test_actions_of_others_are_pinned() -> None:
    for step in yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))["runs"]["steps"]:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", step.get("uses", "a/b@" + "0" * 40))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_is_sound_and_can_be_run(path: Path) -> None:
    assert subprocess.run(["bash", "-n", path], check=False).returncode == 0
    assert os.access(path, os.X_OK)
    assert "set -euo pipefail" in path.read_text("utf-8")


def instructions() -> list[tuple[str, str]]:
    """The instructions of the Dockerfile and what they are given, lines joined."""
    text = re.sub(r"\\\n", " ", (ROOT / "Dockerfile").read_text("utf-8"))
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(line.split(None, 1)[0], line.split(None, 1)[1].strip()) for line in lines]


def test_the_image_runs_the_suite_as_nobody_in_particular() -> None:
    found = instructions()
    assert {name for name, _ in found} <= {"FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "ENTRYPOINT", "CMD"}
    last = dict(found[max(at for at, (name, _) in enumerate(found) if name == "FROM") :])
    assert last["FROM"].endswith("-slim")
    assert int(last["USER"]) > 0
    assert json.loads(last["ENTRYPOINT"]) == ["conformance"]
    assert json.loads(last["CMD"]) == ["--help"]


def test_the_image_is_built_from_all_that_the_suite_needs(tmp_path: Path) -> None:
    """What is copied is let through by .dockerignore, and the suite starts from it alone."""
    let_through = {
        line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")
    }
    copied = [text.split() for name, text in instructions() if name == "COPY" and not text.startswith("--from")]
    sources = {source for *sources, _ in copied for source in sources}
    assert sources == let_through == {"pyproject.toml", "README.md", *PACKAGES}
    for *each, place in copied:
        for source in each:
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, tmp_path / place, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / source, tmp_path / place)
    done = subprocess.run(
        [sys.executable, "-P", "-m", "conformance", "run", "s3control", "--profile", "smoke", "--out", "out"], cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr

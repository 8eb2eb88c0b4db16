"""The pages do what they say: blocks run or load, links lead somewhere, the clause index is the present one."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from conformance.app.clause_index import clause_index
from conformance.app.target_file import read_target_file
from tests.source_tree import ROOT

PAGES = sorted([ROOT / "README.md", ROOT / "ARCHITECTURE.md", *(ROOT / "docs").glob("*.md")])
CHECKED = {"console", "sh", "python", "toml", "yaml"}
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_NOT_RUN = re.compile(r"<!-- not run: (.+) -->\n\Z")
_LINK = re.compile(r"\[[^\]]+\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block of code on a page; ``reason`` is why it is not run."""

    language: str
    text: str
    reason: str | None


def blocks(page: Path) -> Iterator[Block]:
    text = page.read_text("utf-8")
    for found in _BLOCK.finditer(text):
        marked = _NOT_RUN.search(text[: found.start()])
        yield Block(language=found[1], text=found[2], reason=marked[1] if marked else None)


def shell(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}
    return subprocess.run(
        ["bash", "-euc", command], cwd=folder, env=environment, text=True, capture_output=True, timeout=300, check=False
    )


def expected(lines: str) -> re.Pattern[str]:
    """A pattern for the output of a command, in which … stands for anything."""
    return re.compile(".*".join(map(re.escape, lines.strip().split("…"))), re.DOTALL)


def check_console(text: str, folder: Path) -> None:
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        done = shell(command, folder)
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        assert expected(output).search(done.stdout), f"{command} said: {done.stdout}"


def check_toml(text: str, folder: Path) -> None:
    if "api" in tomllib.loads(text):
        file = folder / "target.toml"
        file.write_text(text, "utf-8")
        read_target_file(file)


def check_yaml(text: str, folder: Path) -> None:
    """Load it; a first line that names a file makes that file, for the blocks below."""
    assert yaml.safe_load(text)
    if text.startswith("# "):
        file = folder / text.partition("\n")[0].removeprefix("# ")
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, "utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_block_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of a page run in their order, in one folder and one Python namespace."""
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for block in blocks(page):
        if block.reason is not None:
            continue
        if block.language == "python":
            exec(compile(block.text, page.name, "exec"), names)  # noqa: S102 - a page of ours
        elif block.language == "console":
            check_console(block.text, tmp_path)
        elif block.language == "sh":
            done = shell(block.text, tmp_path)
            assert done.returncode == 0, done.stdout + done.stderr
        elif block.language == "toml":
            check_toml(block.text, tmp_path)
        elif block.language == "yaml":
            check_yaml(block.text, tmp_path)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_block_is_of_a_language_that_is_checked(page: Path) -> None:
    assert {block.language for block in blocks(page)} - CHECKED == set()
    assert page.read_text("utf-8").count("```") == 2 * len(list(blocks(page)))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_a_page_and_a_heading(page: Path) -> None:
    broken = []
    for link in _LINK.findall(page.read_text("utf-8")):
        if re.match(r"[a-z]+:", link):
            continue
        place, _, anchor = link.partition("#")
        file = (page.parent / place).resolve() if place else page
        if not file.is_file() or (anchor and anchor not in anchors(file)):
            broken.append(link)

    assert broken == []


def anchors(page: Path) -> set[str]:
    titles = _HEADING.findall(page.read_text("utf-8"))
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_every_page_can_be_reached() -> None:
    linked = {
        (page.parent / link.partition("#")[0]).resolve()
        for page in PAGES
        for link in _LINK.findall(page.read_text("utf-8"))
    }

    assert [page.name for page in PAGES if page.name != "README.md" and page not in linked] == []


def test_the_clause_index_is_the_present_one() -> None:
    """When this fails, `nox -s docs` writes the page anew."""
    assert (ROOT / "docs" / "clauses.md").read_text("utf-8") == clause_index()


def test_ci_runs_the_test_command_of_the_readme() -> None:
    [command] = [block.text.strip() for block in blocks(ROOT / "README.md") if "pytest" in block.text]

    assert command in [line.strip() for line in (ROOT / ".ci" / "run").read_text("utf-8").splitlines()]


def test_architecture_is_one_page() -> None:
    assert len((ROOT / "ARCHITECTURE.md").read_text("utf-8").splitlines()) <= 60

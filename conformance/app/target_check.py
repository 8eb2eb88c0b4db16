"""``conformance target check``: what a survey of a target finds, line by line."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from conformance import State, Survey
from conformance.app.exit_code import MISUSE
from conformance.app.processes import command
from conformance.app.target_file import read_target_file, target_from
from specs import load

_SIGNS = {State.GOOD: "[green]ok  [/]", State.OPEN: "[yellow]note[/]", State.BAD: "[red]bad [/]"}


def check_target(file: Path, *, jobs: bool, read_only: bool) -> int:
    """Show what is found; the exit code."""
    content = read_target_file(file)
    spec = load(content["api"], edition=content.get("edition"))
    target = target_from(content, spec)
    if read_only:
        target = replace(target, read_only=True)
    console = Console(soft_wrap=True, highlight=False)
    bad = 0
    with contextlib.ExitStack() as stack:
        if "command" in content:
            stack.enter_context(command(content["command"], target.url))
        for sight in Survey(spec=spec, target=target, jobs=jobs).sights():
            bad += sight.state is State.BAD
            console.print(_SIGNS[sight.state], escape(f"{sight.subject}: {sight.text}"))
    console.print(escape(f"{file}: {'not usable' if bad else 'usable'}"))
    return MISUSE if bad else 0

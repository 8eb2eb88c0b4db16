"""Options of ``conformance run`` that say what is checked, and what of it is known."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

_FAMILIES = (
    "parameter-range", "error-mapping", "response-shape", "list-semantics", "queue", "dependency", "lifecycle", "auth", "robustness",
    "load-semantics",
)  # fmt: skip


def choice_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add them; a family is named here and not taken from the specifications, which take their time to load."""
    for option in reversed((
        click.option(
            "--profile", type=click.Choice(["smoke", "standard", "thorough"]), help="How much is sent.  [default: standard]"
        ),
        click.option("--seed", type=int, help="Seed of everything random.  [default: 0]"),
        click.option(
            "--clause", "patterns", multiple=True,
            help="Only clauses that match: a shell pattern, a part of an id, or a family.",
        ),
        click.option(
            "--level", "levels", multiple=True, type=click.Choice(["MUST", "SHOULD", "MAY"]),
            help="Only clauses of this level; can be given more than once.",
        ),
        click.option(
            "--family", "families", multiple=True, type=click.Choice(_FAMILIES),
            help="Only clauses of this family; can be given more than once.",
        ),
        click.option(
            "--baseline", type=click.Path(path_type=Path),
            help="What is known of the target: fail on anything else, and on what is not so any more.",
        ),
        click.option(
            "--resume", type=click.Path(path_type=Path), metavar="DIR",
            help="Go on with the run in this folder, which was interrupted; secrets are taken from the target file or flags again.",
        ),
    )):  # fmt: skip
        command = option(command)
    return command

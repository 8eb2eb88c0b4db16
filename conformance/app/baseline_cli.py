"""The commands ``conformance baseline write`` and ``check``."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from conformance.app.clear_errors import clear_errors


@click.group()
def baseline() -> None:
    """Known deviations: a gate that is quiet about them and loud about new ones."""


@baseline.command("write")
@click.argument("record", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("baseline.toml"),
    show_default=True,
    help="Baseline to write; one that is there is brought up to date.",
)
@click.option("--reason", help="Why new entries are tolerated; needed where there are any.")
@click.option("--link", help="Where more is told of new entries.")
@click.option(
    "--expires", type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD",
    help="Last day of new entries, and of those that have expired; in 90 days by default.",
)  # fmt: skip
def baseline_write(
    record: Path, out: Path, reason: str | None, link: str | None, expires: datetime.datetime | None
) -> None:
    """Write what RECORD shows to be broken, or mandatory and not proven, into a baseline."""
    with clear_errors():
        from conformance.app.baseline_commands import Given, write  # noqa: PLC0415 - heavy

        write(record, out, Given(reason=reason, link=link, expires=expires.date() if expires else None))


@baseline.command("check")
@click.argument("record", type=click.Path(path_type=Path))
@click.option(
    "--baseline",
    "file",
    type=click.Path(path_type=Path),
    default=Path("baseline.toml"),
    show_default=True,
    help="The baseline to hold RECORD against.",
)
@click.option("--out", "folder", type=click.Path(path_type=Path), help="Folder for reports that show what is known.")
def baseline_check(record: Path, file: Path, folder: Path | None) -> None:
    """Hold RECORD against a baseline.

    Exit codes: 0 nothing is broken or unproven but what is known, 1 something new is broken or an entry is stale, 2 wrong
    input, 3 something mandatory is not proven and not known.
    """
    with clear_errors():
        from conformance.app.baseline_commands import check  # noqa: PLC0415 - heavy

        raise SystemExit(check(record, file, folder))

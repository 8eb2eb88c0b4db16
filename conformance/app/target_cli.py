"""The commands about target files: ``conformance target explain``, ``init`` and ``check``."""

from __future__ import annotations

from pathlib import Path

import click

from conformance.app.clear_errors import clear_errors


@click.group()
def target() -> None:
    """Describe the target of a run in a file."""


@target.command("explain")
@click.argument("key", required=False)
def explain(key: str | None) -> None:
    """Explain every key of a target file, or one KEY such as limits.jobs."""
    from conformance.app.target_text import explained

    with clear_errors():
        click.echo(explained(key), nl=False)


@target.command("init")
@click.argument("api")
@click.argument("file", type=click.Path(path_type=Path), default=Path("target.toml"))
@click.option("--url", help="Where the target answers.")
def init(api: str, file: Path, url: str | None) -> None:
    """Write a target FILE for API, with every key explained (target.toml by default)."""
    from conformance.app.target_text import write_template

    with clear_errors():
        write_template(api, file, url)
        click.echo(f"{file}: see to url, then `conformance target check {file}`")


@target.command("check")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--jobs", is_flag=True, help="Also make one job of each kind, to see how long it takes and whether it reads S3."
)
@click.option("--read-only", is_flag=True, help="Send nothing that may have an effect.")
def check(file: Path, *, jobs: bool, read_only: bool) -> None:
    """Talk to the target of FILE, and say what a run will be able to tell.

    Exit codes: 0 it is usable, 2 it is not, or FILE is wrong.
    """
    from conformance.app.target_check import check_target

    with clear_errors():
        raise SystemExit(check_target(file, jobs=jobs, read_only=read_only))

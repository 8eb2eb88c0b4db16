"""The command ``conformance cleanup``."""

from __future__ import annotations

from pathlib import Path

import click

from conformance.app.clear_errors import clear_errors


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--target", "file", type=click.Path(path_type=Path), help="Target file of the run.")
@click.option("--s3-endpoint", help="S3 endpoint of the run, where no target file names it.")
@click.option("--access-key", help="Access key of the run, where no target file names it.")
@click.option("--secret-key", help="Secret key of the run.")
def cleanup(folder: Path, file: Path | None, **flags: str | None) -> None:
    """Try again to remove what the run with its results in FOLDER has made: also one that was killed.

    Exit codes: 0 nothing is left, 2 wrong input, 3 something is still there.
    """
    from conformance.app.cleanup_commands import clean

    with clear_errors():
        raise SystemExit(clean(folder, file, flags))

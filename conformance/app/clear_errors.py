"""What is wrong with input, said in one line."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import NoReturn

import click

from conformance.app.exit_code import MISUSE


@contextlib.contextmanager
def clear_errors() -> Iterator[None]:
    """Turn what can be wrong with input into one message and exit code 2."""
    try:
        yield
    except FileNotFoundError as error:
        _stop(str(error))
    except KeyboardInterrupt:
        _stop("interrupted before anything was recorded")
    except Exception as error:
        # Heavy, and wanted only here: the children of a run start before the suite is loaded.
        from conformance import ConformanceError  # noqa: PLC0415
        from reports import RecordError  # noqa: PLC0415
        from specs import SpecError  # noqa: PLC0415

        if not isinstance(error, ConformanceError | SpecError | RecordError):
            raise
        _stop(str(error))


def _stop(message: str) -> NoReturn:
    click.echo(f"conformance: {message}", err=True)
    raise SystemExit(MISUSE)

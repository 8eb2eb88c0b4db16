"""The command line: one function a command, no logic.

What a command needs is imported when it is asked for: the children of a run start while the rest is still being loaded.
"""

from __future__ import annotations

import contextlib
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import click

from conformance.app.baseline_cli import baseline
from conformance.app.cleanup_cli import cleanup
from conformance.app.clear_errors import clear_errors as _clear_errors
from conformance.app.exit_code import MISUSE
from conformance.app.live_options import live_options
from conformance.app.origin import shadowed
from conformance.app.run_options import choice_options
from conformance.app.target_cli import target

if (_PROBLEM := shadowed()) is not None:
    sys.stderr.write(f"conformance: {_PROBLEM}\n")
    raise SystemExit(MISUSE)

_OUT = Path("build") / "conformance"


def _terminated(*_: object) -> NoReturn:
    raise KeyboardInterrupt


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="job-api-conformance", prog_name="conformance")
def main() -> None:
    """Checks implementations of job APIs against every clause of their documents."""
    with contextlib.suppress(ValueError):
        signal.signal(signal.SIGTERM, _terminated)


def _target_options(command: Callable[..., None]) -> Callable[..., None]:
    for option in reversed((
        click.option("--url", help="Where the target answers; without it, the bundled emulator is started."),
        click.option("--target", "target_file", type=click.Path(path_type=Path), help="Target file (TOML)."),
        click.option("--s3-endpoint", help="S3 endpoint for source data, reached by the suite and the target."),
        click.option("--bucket", help="Bucket for source data."),
        click.option("--access-key", help="Access key; with it, requests are signed."),
        click.option("--secret-key", help="Secret key."),
        click.option("--region", help="Region of the target."),
        click.option("--account-id", help="Account that requests name."),
        click.option("--edition", help="Edition of the documents (ncloud: 2023, 2025, 2026)."),
    )):  # fmt: skip
        command = option(command)
    return command


@main.command()
@click.argument("apis", nargs=-1, metavar="[API]...")
@_target_options
@choice_options
@live_options
@click.option(
    "--out",
    "folder",
    type=click.Path(path_type=Path, file_okay=True),
    help=f"Folder for results.  [default: {_OUT}]",
)
@click.option(
    "--job-seconds",
    type=click.FloatRange(min=0.0),
    default=0.05,
    show_default=True,
    help="Run time of the bundled emulator's jobs.",
)
@click.option("--mutant", help="Fault that the bundled emulator is to have (one API, no URL).")
@click.option("--variant", help="Freedom of the documents that the bundled emulator is to use (one API, no URL).")
def run(apis: tuple[str, ...], **options: Any) -> None:
    """Check a target; without a URL, the bundled emulators of all APIs.

    Exit codes: 0 every mandatory clause was proven kept, or is known not to be; 1 some are broken, or an entry of the
    baseline is stale; 2 wrong input, unreachable target or a fault of the suite; 3 nothing is broken but something
    mandatory was not proven.
    """
    from conformance.app.processes import begun_children

    again = options["resume"] is not None
    given = any(options[name] is not None for name in ("url", "target_file", "s3_endpoint"))
    bundled = not (again or given or options["dry_run"])
    settings = {name: options[name] for name in ("edition", "job_seconds", "mutant", "variant")}
    with _clear_errors(), contextlib.ExitStack() as stack:
        begun = stack.enter_context(begun_children(apis, **settings)) if bundled else None
        from rich.console import Console

        from conformance.app.commands import run_apis
        from conformance.app.resume import resume

        console = Console(stderr=False, soft_wrap=True)
        if again:
            raise SystemExit(resume(console, apis, options))
        options["folder"] = options["folder"] or _OUT
        raise SystemExit(run_apis(console, list(apis), begun=begun, **options))


@main.command()
@click.argument("api")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="0 takes a free port.")
@click.option(
    "--job-seconds", type=click.FloatRange(min=0.0), default=0.2, show_default=True, help="Nominal run time of a job."
)
@click.option(
    "--latency-seconds",
    type=click.FloatRange(min=0.0),
    default=0.0,
    help="Upper bound of a random delay before each answer.",
)
@click.option("--auth", is_flag=True, help="Ask for signatures.")
@click.option("--access-key", default="conformance", show_default=True)
@click.option("--secret-key", default="conformance-secret", show_default=True)
@click.option("--region", default="us-east-1", show_default=True)
@click.option("--account-id", default="123456789012", show_default=True)
@click.option("--s3-endpoint", help="S3 endpoint for source objects; without it, moto's server is started beside.")
@click.option("--edition", help="Edition of the documents to follow (ncloud).")
@click.option("--mutant", help="Fault to have on purpose; `conformance selftest` tells their names.")
@click.option("--variant", help="Freedom of the documents to use; `conformance selftest --variants` tells their names.")
@click.option(
    "--max-stores",
    type=click.IntRange(min=1),
    default=8,
    show_default=True,
    help="HealthOmics reference stores of an account.",
)
def serve(api: str, **options: Any) -> None:
    """Serve the bundled emulator of API until it is told to end."""
    from conformance.app.commands import serve_api

    with _clear_errors():
        serve_api(api, **options)


@main.command()
@click.argument("apis", nargs=-1, metavar="[API]...")
@click.option("--mutants", is_flag=True, help="Run the mutants; the default, unless variants are asked for.")
@click.option("--variants", is_flag=True, help="Run the correct variants, none of which may be accused.")
@click.option("--mutant", help="Only this mutant.")
@click.option("--variant", help="Only this correct variant.")
@click.option(
    "--seeds",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Runs of each variant: the first sends everything, the others what a seed decides.",
)
@click.option("--family", help="Only mutants and clauses of this family.")
@click.option("--sample", type=click.IntRange(min=1), help="Only that many mutants, evenly over APIs and families.")
@click.option(
    "--profile",
    type=click.Choice(["standard", "thorough"]),
    help="Profile to run in; without it, the least one that is sure to see each mutant.",
)
@click.option(
    "--jobs", type=click.IntRange(min=1), help="Mutants to run at a time; as many as there are cores by default."
)
@click.option(
    "--out", "folder", type=click.Path(path_type=Path), default=_OUT, show_default=True, help="Folder for results."
)
def selftest(apis: tuple[str, ...], **options: Any) -> None:
    """Check the suite itself: a faulty emulator must fail the clause about its fault, a correct one must fail none.

    Exit codes: 0 all mutants are killed and nothing correct is accused, 1 one survives or something is, 2 wrong input or
    a fault of the suite, 3 it was ended early and all was well until then.
    """
    from rich.console import Console

    from conformance.app.selftest import run_selftest

    with _clear_errors():
        raise SystemExit(run_selftest(Console(soft_wrap=True), list(apis), **options))


@main.group()
def specs() -> None:
    """Look at the specifications."""


@specs.command("list")
@click.argument("api", required=False)
@click.option("--edition")
def specs_list(api: str | None, edition: str | None) -> None:
    """List APIs, or the clauses of one."""
    from conformance.app.spec_commands import list_clauses

    with _clear_errors():
        list_clauses(api, edition)


@specs.command("show")
@click.argument("pattern")
def specs_show(pattern: str) -> None:
    """Show clauses whole: statement, level, source."""
    from conformance.app.spec_commands import show_clauses

    with _clear_errors():
        raise SystemExit(show_clauses(pattern))


@specs.command("check")
@click.argument("apis", nargs=-1, metavar="[API]...")
@click.option(
    "--documents", type=click.Path(path_type=Path, exists=False), help="Folder with the documents, for text coverage."
)
@click.option("--folder", type=click.Path(path_type=Path), help="Check the specification in this folder instead.")
@click.option("--verbose", is_flag=True, help="Print every sentence with its clauses.")
@click.option("--json", "table", type=click.Path(path_type=Path), help="File for the table of sentences and clauses.")
def specs_check(
    apis: tuple[str, ...], documents: Path | None, folder: Path | None, table: Path | None, *, verbose: bool
) -> None:
    """Validate specifications, and with the documents at hand their text coverage."""
    from conformance.app.spec_commands import check_specs

    with _clear_errors():
        raise SystemExit(check_specs(list(apis), documents, folder, verbose=verbose, table=table))


@specs.command("openapi")
@click.argument("api")
@click.option("--edition")
def specs_openapi(api: str, edition: str | None) -> None:
    """Print the OpenAPI description of API as JSON."""
    from conformance.app.spec_commands import print_openapi

    with _clear_errors():
        print_openapi(api, edition)


@main.command()
@click.argument("history", type=click.Path(path_type=Path))
@click.option("--clause", "patterns", multiple=True, help="Only clauses that match.")
@click.option(
    "--out", "folder", type=click.Path(path_type=Path), help="Folder for results; beside the history by default."
)
def judge(history: Path, patterns: tuple[str, ...], folder: Path | None) -> None:
    """Judge a recorded HISTORY again, offline."""
    from rich.console import Console

    from conformance.app.runner import judge_file

    with _clear_errors():
        summary = judge_file(history, folder or history.parent / "judged", Console(soft_wrap=True), patterns=patterns)
        raise SystemExit(int(summary["exit_code"]))


@main.command()
@click.argument("record", type=click.Path(path_type=Path))
@click.option(
    "--out", "folder", type=click.Path(path_type=Path), help="Folder for the reports; beside the record by default."
)
@click.option("--partial", is_flag=True, help="Also read a record that was cut off.")
def report(record: Path, folder: Path | None, partial: bool) -> None:  # noqa: FBT001 - a flag of click
    """Make the reports of a RECORD again."""
    from conformance.app.commands import report_record

    with _clear_errors():
        report_record(record, folder or record.parent, partial=partial)


@main.command()
@click.argument("records", nargs=-1, required=True, metavar="RECORD...", type=click.Path(path_type=Path))
@click.option(
    "--out",
    "folder",
    type=click.Path(path_type=Path),
    default=_OUT / "comparison",
    show_default=True,
    help="For results.",
)
@click.option(
    "--label", "given", multiple=True, help="What a record's column is called; once a RECORD, in their order."
)
@click.option("--base", help="Column that the others are compared to, or `previous`; the first by default.")
@click.option("--fail-on-worse", is_flag=True, help="Exit with 1 where something got worse.")
def compare(records: tuple[Path, ...], folder: Path, **options: Any) -> None:
    """Compare RECORDs, or folders that hold them: a matrix of clauses and runs, and what changed.

    Exit codes: 0 compared, 1 something got worse and --fail-on-worse was given, 2 a record cannot be used.
    """
    from conformance.app.compare_records import compare_records

    with _clear_errors():
        raise SystemExit(compare_records(records, folder, **options))


main.add_command(baseline)
main.add_command(cleanup)
main.add_command(target)

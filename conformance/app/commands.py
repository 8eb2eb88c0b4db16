"""What the commands ``run``, ``serve`` and ``report`` do."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from conformance import Credentials, SettingsError, SourceStore, Target
from conformance.app.embedded import emulated, run_embedded
from conformance.app.fault import require_fault
from conformance.app.live_options import LIVE, restrained, said_of_target
from conformance.app.processes import command, object_store
from conformance.app.rehearsal import imagined, rehearse, without_keys
from conformance.app.results import prepared, write_reports
from conformance.app.runner import Plan, over, run_one
from conformance.app.selection import Choice
from conformance.app.target_file import read_target_file, target_from
from reports import read
from specs import Spec, apis, load

_OF_TARGET = ("access_key", "secret_key", "account_id", "region")
_FLAGS = ("url", "s3_endpoint", "bucket", "access_key", "secret_key", "region", "account_id")
_SECRET = frozenset({"access_key", "secret_key"})


def run_apis(console: Console, names: list[str], **options: Any) -> int:
    """Run APIs against a target, or against the bundled emulators; the exit code."""
    given = {flag: options.get(flag) for flag in _FLAGS}
    embedded = options.get("target_file") is None and given["url"] is None
    require_fault(names, options.get("mutant"), options.get("variant"), embedded=embedded)
    if not embedded:
        return _run_target(console, aim(names, options), options)
    if options.get("dry_run"):
        for name in emulated(names):
            spec = load(name, edition=options.get("edition"))
            _run_target(console, Aim(spec=spec, target=restrained(imagined(spec), options)), options)
        return 0
    stray = [f"--{flag.replace('_', '-')}" for flag in _OF_TARGET if given[flag] is not None]
    stray += filter(None, [said_of_target(options)])
    if stray:
        raise SettingsError(f"{stray[0]} says something of a target, but none is given; add --url or --target")
    return run_embedded(console, emulated(names), options, given["s3_endpoint"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """A target as the command line and a target file describe it; ``command`` starts it, if it is to be started."""

    spec: Spec
    target: Target
    command: Sequence[str] = ()
    checks: Mapping[str, Any] = field(default_factory=dict)


def aim(names: Sequence[str], options: Mapping[str, Any]) -> Aim:
    """The target that is asked for; raises SettingsError."""
    given = {flag: options.get(flag) for flag in _FLAGS}
    if options.get("target_file") is None:
        return _by_url(names, options, given)
    content = read_target_file(options["target_file"])
    if names and list(names) != [content["api"]]:
        raise SettingsError(
            f"the target file is about api={content['api']!r}, but the command line names {', '.join(names)}"
        )
    spec = load(content["api"], edition=options.get("edition") or content.get("edition"))
    if options.get("dry_run"):
        content = without_keys(content)
    return Aim(
        spec=spec, target=restrained(_overlaid(target_from(content, spec), spec, given), options), command=content.get("command", ()),
        checks=content.get("checks", {}),
    )  # fmt: skip


def _by_url(names: Sequence[str], options: Mapping[str, Any], given: Mapping[str, Any]) -> Aim:
    if len(names) != 1:
        raise SettingsError(
            f"expected one API with --url but got {len(names)}; a target speaks one API, say which of {', '.join(apis())}"
        )
    spec = load(names[0], edition=options.get("edition"))
    if not given["url"].startswith(("http://", "https://")):
        raise SettingsError(f"expected --url to begin with http:// or https:// but got url={given['url']!r}")
    plain = Target(api=spec.api, url=given["url"].rstrip("/"), edition=spec.edition)
    return Aim(spec=spec, target=restrained(_overlaid(plain, spec, given), options))


def _overlaid(target: Target, spec: Spec, given: Mapping[str, Any]) -> Target:
    region = given["region"] or target.region
    credentials = target.credentials
    if given["access_key"] is not None or given["secret_key"] is not None:
        if not (given["access_key"] and given["secret_key"]):
            raise SettingsError("expected both --access-key and --secret-key, or neither")
        credentials = Credentials(
            scheme=spec.auth.scheme,  # type: ignore[arg-type]
            access_key=given["access_key"],
            secret_key=given["secret_key"],
            region=region,
            service=spec.auth.service,
        )
    s3 = target.s3
    if given["s3_endpoint"] is not None:
        s3 = over(s3 or SourceStore(endpoint=""), endpoint=given["s3_endpoint"], bucket=given["bucket"])
    elif given["bucket"] is not None:
        if s3 is None:
            raise SettingsError("--bucket names a bucket, but no --s3-endpoint says where it is")
        s3 = over(s3, bucket=given["bucket"])
    url = given["url"].rstrip("/") if given["url"] else None
    return over(target, url=url, region=given["region"], account_id=given["account_id"], credentials=credentials, s3=s3)


def _run_target(console: Console, found: Aim, options: Mapping[str, Any]) -> int:
    if options.get("dry_run"):
        choice = Choice.of(options, found.checks)
        return rehearse(
            found.spec, found.target, choice.clauses(found.spec), profile=choice.profile, seed=options["seed"] or 0,
            console=console,
        )  # fmt: skip
    plan = Plan(
        spec=found.spec, target=found.target, choice=Choice.of(options, found.checks), seed=options["seed"] or 0,
        folder=options["folder"], baseline=options.get("baseline"), origin=origin(options),
    )  # fmt: skip
    return carry_out(console, plan, found.command)


def carry_out(console: Console, plan: Plan, words: Sequence[str]) -> int:
    """Carry a plan out, with the target's own command running meanwhile, if it has one; the exit code."""
    with contextlib.ExitStack() as stack:
        if words:
            stack.enter_context(command(words, plan.target.url))
        summary, _ = run_one(plan, console)
    return int(summary["exit_code"])


def origin(options: Mapping[str, Any]) -> dict[str, Any]:
    """Where the description of a target comes from, without what is secret of it."""
    flags = {name: options.get(name) for name in (*_FLAGS, *LIVE, "edition") if name not in _SECRET}
    file = options.get("target_file")
    return {"target_file": None if file is None else str(Path(file).resolve()), "flags": flags}


def serve_api(api: str, **options: Any) -> None:
    """Serve an emulator, with moto's server beside it where no S3 endpoint is given."""
    from conformance.emulator import APIS, Settings  # noqa: PLC0415 - other commands start it as a process of its own
    from conformance.emulator import run as run_emulator  # noqa: PLC0415

    if api not in APIS:
        raise SettingsError(f"expected an API with an emulator but got api={api!r}; known: {', '.join(APIS)}")
    settings = {name: value for name, value in options.items() if value is not None}
    require_fault([api], settings.get("mutant"), settings.get("variant"), embedded=True)
    if "edition" in settings and settings["edition"] not in load(api).editions:
        raise SettingsError(
            f"expected an edition of {api} but got edition={settings['edition']!r}; known: {', '.join(load(api).editions) or 'none'}"
        )
    with contextlib.ExitStack() as stack:
        if "s3_endpoint" not in settings:
            settings["s3_endpoint"] = stack.enter_context(object_store())
            click.echo(f"source objects are read from moto's server at {settings['s3_endpoint']}")
        try:
            run_emulator(Settings(api=api, **settings))
        except OSError as error:
            raise SettingsError(
                f"the emulator cannot listen at {settings.get('host')}:{settings.get('port')}: {error.strerror or error}"
            ) from error


def report_record(path: Path, folder: Path, *, partial: bool) -> None:
    """Make the reports of a record again; raises RecordError, SettingsError, OutputError."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError as error:
        raise SettingsError(f"expected a record at {path} but it cannot be read: {error.strerror}") from error
    record = read(lines, partial=partial)
    summary = write_reports(prepared(folder), record)
    click.echo(f"{summary['api']}: {summary['verdict']}; {folder / 'report.html'}")

"""Options of ``conformance run`` for a target that costs money or that others use, and the target they make."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from conformance import Target

_CAPS = {
    "max_requests": "requests", "max_jobs": "jobs", "max_seconds": "seconds", "rate": "requests_per_second",
    "connections": "connections",
}  # fmt: skip
#: The options that say what may be done to a target; a run that is taken up again keeps to them.
LIVE = ("read_only", "prefix", *_CAPS)
_PREFIX = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,19}")


def live_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add them; they go over what a target file says."""
    for option in reversed((
        click.option("--read-only", is_flag=True, default=None, help="Send only operations without effect; the rest is untestable."),
        click.option(
            "--dry-run", is_flag=True,
            help="Send nothing to the target: rehearse with the bundled emulator, and tell requests, jobs and uploads.",
        ),
        click.option("--prefix", help="What names and keys of all that is made begin with; nothing else is made then."),
        click.option("--max-requests", type=click.IntRange(min=1), help="Requests in all, at most."),
        click.option("--max-jobs", type=click.IntRange(min=0), help="Jobs started, at most."),
        click.option("--max-seconds", type=click.FloatRange(min=0, min_open=True), help="Seconds of trying, at most."),
        click.option("--rate", type=click.FloatRange(min=0, min_open=True), help="Requests a second, at most."),
        click.option(
            "--connections", type=click.IntRange(min=1),
            help="Operations that only read driven side by side, at most (1); under the same limits.",
        ),
    )):  # fmt: skip
        command = option(command)
    return command


def said_of_target(options: Mapping[str, Any]) -> str | None:
    """The first of these options that says something of a target; None where there is none."""
    given = [name for name in LIVE if options.get(name) not in {None, False}]
    return f"--{given[0].replace('_', '-')}" if given else None


def restrained(target: Target, options: Mapping[str, Any]) -> Target:
    """The target with these options laid over it; raises SettingsError."""
    from conformance import SettingsError  # noqa: PLC0415 - heavy, and the options are read before it is wanted

    caps = {cap: options[name] for name, cap in _CAPS.items() if options.get(name) is not None}
    changed = replace(
        target, limits=replace(target.limits, **caps), read_only=target.read_only or bool(options.get("read_only"))
    )
    prefix = options.get("prefix")
    if prefix is None:
        return changed
    if not _PREFIX.fullmatch(prefix):
        raise SettingsError(
            f"expected --prefix of up to 20 letters, digits and - with a letter first but got {prefix!r}"
        )
    s3 = None if changed.s3 is None else replace(changed.s3, prefix=prefix)
    return replace(changed, prefix=prefix, own_only=True, s3=s3)


def restraints(target: Target) -> dict[str, Any]:
    """What a target is held to, as a record tells it."""
    from conformance import Limits  # noqa: PLC0415 - heavy, as above

    usual = Limits()
    values = {cap: getattr(target.limits, cap) for cap in _CAPS.values()}
    caps = {f"limit of {cap}": value for cap, value in values.items() if value != getattr(usual, cap)}
    return {
        **({"read only": True} if target.read_only else {}), **({"prefix": target.prefix} if target.own_only else {}), **caps,
    }  # fmt: skip

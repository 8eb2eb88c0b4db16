"""A dry run: the same plan against the bundled emulator, and what it cost."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from rich.console import Console
from rich.table import Table

from conformance import PROFILES, Costs, Credentials, Limits, Run, SettingsError, SourceStore, Target, costs_of, execute
from conformance.app.processes import object_store
from conformance.app.runner import embedded_target
from conformance.emulator.settings import APIS
from specs import Clause, Spec

_JOB_SECONDS = 0.05


def without_keys(content: Mapping[str, Any]) -> dict[str, Any]:
    """The content of a target file without the keys in it, which a dry run does not need."""
    bare = dict(content)
    if content.get("auth", {}).get("scheme", "none") != "none":
        bare["auth"] = {"scheme": content["auth"]["scheme"], "access_key": "none", "secret_key": "none"}
    if "s3" in content:
        bare["s3"] = {key: content["s3"][key] for key in ("endpoint", "bucket") if key in content["s3"]}
    return bare


def imagined(spec: Spec) -> Target:
    """A target of which nothing is known but its API: it asks for signatures, and reads source data."""
    credentials = Credentials(scheme=spec.auth.scheme)  # type: ignore[arg-type]
    return Target(api=spec.api, url="", edition=spec.edition, credentials=credentials, s3=SourceStore(endpoint=""))


def rehearse(
    spec: Spec, target: Target, clauses: Sequence[Clause], *, profile: str, seed: int, console: Console
) -> int:
    """Show what a run against the target would cost; 0. Nothing is sent to the target.

    Raises:
        SettingsError: the API has no emulator to rehearse with.
    """
    with _stand_in(spec, target) as stand_in:
        unsigned = target.credentials.scheme == "none"
        chosen = [each for each in clauses if not (unsigned and each.kind == "auth")]
        run = Run(spec=spec, target=stand_in, clauses=chosen, profile=PROFILES[profile], seed=seed)
        outcome = execute(run)
        store = run.context.stage.store
        uploads = (store.objects, store.size) if store is not None else (0, 0)
        costs = costs_of(spec, outcome.history, objects=uploads[0], size=uploads[1])
    _show(console, spec, target, costs)
    if outcome.interrupted:
        console.print(f"  the run would end early: {outcome.interrupted}", highlight=False)
    for reason, count in run.context.session.guard.withheld.items():
        console.print(f"  not sent, {count} times: {reason}", highlight=False, markup=False)
    console.print(
        "  counted with the bundled emulator, whose jobs take a moment: a target with longer jobs is asked more often"
        " whether they have ended, and what it refuses is tried again; nothing was sent to the target",
        highlight=False,
    )  # fmt: skip
    return 0


@contextlib.contextmanager
def _stand_in(spec: Spec, target: Target) -> Iterator[Target]:
    """The emulator with everything laid over it that decides what a run sends; time is no matter here."""
    if spec.api not in APIS:
        raise SettingsError(
            f"--dry-run counts what a run sends to the bundled emulator of its API, and {spec.api} has none: run it against "
            "a local stand-in first; --max-requests and --max-jobs bound what the run itself may cost"
        )
    limits = Limits(requests=target.limits.requests, jobs=target.limits.jobs)
    with object_store() as endpoint, embedded_target(spec, endpoint, job_seconds=_JOB_SECONDS) as emulator:
        s3 = None if target.s3 is None or emulator.s3 is None else replace(emulator.s3, prefix=target.s3.prefix)
        yield replace(
            emulator, s3=s3, limits=limits, exclusive=target.exclusive, prefix=target.prefix, own_only=target.own_only,
            read_only=target.read_only,
        )  # fmt: skip


def _show(console: Console, spec: Spec, target: Target, costs: Costs) -> None:
    table = Table("operation", "effect", "requests", title=f"{spec.title}: what a run would send", title_justify="left")
    for name, count in sorted(costs.requests.items(), key=lambda each: -each[1]):
        table.add_row(name, spec.operations[name].effect, str(count))
    total = sum(costs.requests.values())
    table.add_row("all", "", str(total), end_section=True)
    console.print(table)
    made = ", ".join(f"{count} {name}" for name, count in costs.made.items()) or "nothing"
    ended = ", ".join(f"{count} {name}" for name, count in costs.ended.items()) or "none"
    lines = [
        f"jobs started: {costs.jobs}", f"made: {made}", f"ended: {ended}",
        f"uploaded: {costs.objects} objects, {costs.size:,} bytes",
    ]  # fmt: skip
    if target.limits.requests_per_second is not None:
        lines.append(
            f"takes at least {total / target.limits.requests_per_second:.0f} s at {target.limits.requests_per_second:g} requests a second"
        )
    for line in lines:
        console.print(f"  {line}", highlight=False, markup=False)

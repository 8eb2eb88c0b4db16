"""What ``conformance run --resume`` does: takes up a run that was interrupted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console

from conformance import OtherInstanceError, SettingsError
from conformance.app.commands import Aim, aim, carry_out
from conformance.app.embedded import run_embedded
from conformance.app.history_file import described
from conformance.app.results import spec_hash
from conformance.app.runner import HISTORY, RECORD, Plan
from conformance.app.selection import Choice
from conformance.app.stored_history import StoredHistory, read_stored, require_whole
from reports import RecordError, read
from specs import load

#: What the interrupted run has settled, by option, with the name that a user knows.
_SETTLED = {
    "profile": "--profile", "seed": "--seed", "patterns": "--clause", "levels": "--level", "families": "--family",
    "mutant": "--mutant", "variant": "--variant",
}  # fmt: skip


def resume(console: Console, names: Sequence[str], options: Mapping[str, Any]) -> int:
    """Take up the run in a folder; the exit code.

    Raises:
        SettingsError: there is no such run, it has ended, it cannot be taken up again, or something else is asked now.
    """
    folder: Path = options["resume"]
    if options.get("dry_run"):
        raise SettingsError("--dry-run tells what a whole run would cost; leave out --resume")
    stored = _found(folder, options)
    settled = [flag for name, flag in _SETTLED.items() if options.get(name) not in (None, ())]
    if settled:
        raise SettingsError(f"{settled[0]} is settled by the run in {folder}; leave it out, or begin a new run")
    if names and list(names) != [stored.header["api"]]:
        raise SettingsError(f"the run in {folder} is about {stored.header['api']}, not {', '.join(names)}")
    if stored.cut_off:
        console.print("[yellow]the last line of the history was cut off; it is left out[/]")
    asked = stored.header["plan"]
    if asked["embedded"]:
        return _embedded(console, folder, stored, options)
    return _target(console, folder, stored, options)


def _found(folder: Path, options: Mapping[str, Any]) -> StoredHistory:
    path = folder / HISTORY
    if not path.is_file():
        inside = sorted(str(each.parent) for each in folder.glob(f"*/{HISTORY}")) if folder.is_dir() else []
        hint = f"; there are runs in {', '.join(inside)}" if inside else ""
        raise SettingsError(f"expected a run in {folder} but there is no {HISTORY} in it{hint}")
    if options.get("folder") is not None and Path(options["folder"]).resolve() != folder.resolve():
        raise SettingsError(
            f"the results of a run that is taken up again go into its own folder, {folder}; leave out --out"
        )
    stored = read_stored(path)
    require_whole(stored, path)
    if stored.finished and _is_whole(folder / RECORD):
        raise SettingsError(
            f"the run in {folder} has come to its end, and nothing is left to be done; `conformance judge {path}` judges it again"
        )
    spec = load(stored.header["api"], edition=stored.header["edition"])
    if stored.header["spec_sha256"] != spec_hash(spec):
        raise SettingsError(
            f"the run in {folder} was begun with other clauses of {spec.api} (suite {stored.header['suite']}); begin a new run, or "
            "go on with the version it was begun with"
        )
    return stored


def _is_whole(path: Path) -> bool:
    try:
        read(path.read_text("utf-8").splitlines(keepends=True))
    except (OSError, UnicodeDecodeError, RecordError):
        return False
    return True


def _choice(stored: StoredHistory) -> Choice:
    asked = stored.header["plan"]["choice"]
    several = {name: tuple(asked[name]) for name in ("patterns", "levels", "families")}
    return Choice(profile=asked["profile"], **several)


def _baseline(stored: StoredHistory, options: Mapping[str, Any]) -> Path | None:
    given = options.get("baseline") or stored.header["plan"]["baseline"]
    return None if given is None else Path(given)


def _embedded(console: Console, folder: Path, stored: StoredHistory, options: Mapping[str, Any]) -> int:
    """A bundled emulator ends with its run, and knows nothing of it when it is started again."""
    asked, choice = stored.header["plan"], _choice(stored)
    stray = [name for name in ("url", "target_file") if options.get(name) is not None]
    if stray:
        raise SettingsError(
            f"the run in {folder} was about the bundled emulator, and --{stray[0].replace('_file', '')} names another target"
        )
    _set_aside(console, folder, "the bundled emulator ended with the run")
    return run_embedded(
        console, [stored.header["api"]],
        {
            "edition": asked["edition"], "profile": choice.profile, "patterns": choice.patterns, "levels": choice.levels,
            "families": choice.families, "seed": asked["seed"], "folder": folder, "baseline": _baseline(stored, options),
            **asked["settings"],
        },
        options.get("s3_endpoint"),
    )  # fmt: skip


def _target(console: Console, folder: Path, stored: StoredHistory, options: Mapping[str, Any]) -> int:
    asked = stored.header["plan"]
    found = _aimed(folder, stored, options)
    plan = Plan(
        spec=found.spec, target=found.target, choice=_choice(stored), seed=asked["seed"], folder=folder,
        baseline=_baseline(stored, options), origin={key: asked[key] for key in ("target_file", "flags")}, resumes=stored,
    )  # fmt: skip
    anew = replace(plan, resumes=None)
    if found.command:
        _set_aside(console, folder, "the target is started anew by its own command")
        return carry_out(console, anew, found.command)
    try:
        return carry_out(console, plan, ())
    except OtherInstanceError as error:
        _set_aside(console, folder, str(error))
        return carry_out(console, anew, ())


def _aimed(folder: Path, stored: StoredHistory, options: Mapping[str, Any]) -> Aim:
    """The target as it is described now; raises SettingsError where that is not the run's."""
    asked = stored.header["plan"]
    flags = {name: value for name, value in asked["flags"].items() if value is not None}
    given = {name: value for name, value in options.items() if value is not None}
    merged = {**flags, **given}
    if "target_file" not in given and "url" not in given and asked["target_file"] is not None:
        merged["target_file"] = Path(asked["target_file"])
    found = aim([] if "target_file" in merged else [stored.header["api"]], merged)
    before, now = stored.header["target"], described(found.target)
    other = [name for name in before if before[name] != now.get(name)]
    if other:
        what = "; ".join(f"{name} was {before[name]!r} and is {now.get(name)!r}" for name in other)
        raise SettingsError(
            f"the run in {folder} was about another target: {what}; give it again as it was, secrets included, with --target or flags"
        )
    return found


def _set_aside(console: Console, folder: Path, why: str) -> None:
    """Keep the history of a target that is no more, and say that everything is driven anew."""
    number = next(n for n in range(1, 10_000) if not (folder / f"history.{n}.jsonl").exists())
    kept = folder / f"history.{number}.jsonl"
    (folder / HISTORY).rename(kept)
    console.print(
        f"[yellow]{why}: everything is driven anew; what was seen before is kept in {kept}[/]", highlight=False
    )

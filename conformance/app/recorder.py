"""``python -m conformance.app.recorder [API]...``: records the histories of ``tests/recorded`` anew, or judges them again.

Of each API: one history of the emulator without a fault in the standard profile, and of each family one of each of its first
mutants, driven for the clause that must catch it.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import click

from conformance import PROFILES, ConformanceError, Run, SettingsError, Target
from conformance.app.corpus import compared, expected_of, findings_of, recordings, write_verdicts
from conformance.app.history_file import HistoryFile
from conformance.app.processes import object_store
from conformance.app.trial import Trial, hosted, prepare
from conformance.emulator import APIS, Api
from conformance.emulator.mutants import Mutant, mutants
from specs import Clause, Spec, load

FOLDER = Path("tests") / "recorded"
CONFORMING = "conforming"
_EACH = 2


def chosen(api: Api, each: int = _EACH) -> list[Mutant]:
    """The mutants of an API that are recorded: the first of each family that its standard profile is sure to see."""
    seen: Counter[str] = Counter()
    found = []
    for mutant in mutants(api):
        if mutant.profile == "standard" and seen[mutant.family] < each:
            seen[mutant.family] += 1
            found.append(mutant)
    return found


def _record(job: tuple[Trial, Path]) -> tuple[str, dict[str, Any]]:
    """Drive one emulator and store what was said; returns the name of the history and what is expected of it.

    A mutant is driven for the clause that must catch it, and where that does not do, for all of its operation.

    Raises:
        SettingsError: that clause has not caught it, or the emulator without a fault is found to have one.
    """
    trial, folder = job
    spec = load(trial.api)
    name = trial.mutant or CONFORMING
    if trial.clause is None:
        selections: tuple[tuple[Clause, ...], ...] = (spec.clauses,)
    else:
        clause = spec.clause(trial.clause)
        selections = ((clause,), spec.operations[clause.operation].clauses)
    broken: set[str] = set()
    for selected in selections:
        expected = _recorded(trial, spec, selected, folder / f"{name}.jsonl.xz")
        broken = {*expected.get("fail", ()), *expected.get("warn", ())}
        if trial.clause in broken or (trial.clause is None and not broken):
            return name, {"mutant": trial.mutant, "clause": trial.clause, **expected}
    raise SettingsError(
        f"{trial.api} {name} is no history to keep: expected {trial.clause} broken, got {sorted(broken)}"
    )


def _recorded(trial: Trial, spec: Spec, selected: tuple[Clause, ...], path: Path) -> dict[str, list[str]]:
    """Drive for some clauses and store the history; what it decides."""
    with hosted(trial, spec) as target:
        run = Run(spec=spec, target=target, clauses=selected, profile=PROFILES[trial.profile], seed=trial.seed)
        # A mutant may end a run early; what was seen until then is kept.
        with contextlib.suppress(ConformanceError):
            run.preflight()
            run.drive(None if trial.clause is None else frozenset({selected[0].operation}))
        run.close()
        _store(run, target, path)
    return expected_of(findings_of(path))


def _store(run: Run, target: Target, path: Path) -> None:
    file = HistoryFile(path, run.spec, target)
    for call in run.history:
        file.add(call)
    file.close(run.notes)


def record(apis: Sequence[Api], folder: Path, *, jobs: int) -> int:
    """Record the histories of APIs anew, and what is expected of them; how many there are now."""
    total = 0
    context = multiprocessing.get_context("spawn")
    with object_store() as endpoint, ProcessPoolExecutor(jobs, mp_context=context, initializer=prepare) as pool:
        for api in apis:
            place = folder / api
            place.mkdir(parents=True, exist_ok=True)
            for stale in place.glob("*.jsonl.xz"):
                stale.unlink()
            trials = [Trial(api=api, s3_endpoint=endpoint, profile="standard")]
            trials += [
                Trial(api=api, s3_endpoint=endpoint, profile=mutant.profile, mutant=mutant.name, clause=mutant.clause)
                for mutant in chosen(api)
            ]
            found = dict(pool.map(_record, [(trial, place) for trial in trials]))
            write_verdicts(place, api, found)
            total += len(found)
    return total


def check(folder: Path) -> int:
    """Judge every recorded history again and print what changed; 1 where something did."""
    changed = 0
    for recording in recordings(folder):
        comparison = compared(recording)
        changed += len(comparison.changes)
        click.echo(
            f"{recording.api} {recording.name}: {len(recording.verdicts)} verdicts, {len(comparison.changes)} changed, "
            f"{len(comparison.unknown)} of clauses younger than it"
        )
        for change in comparison.changes:
            click.echo(f"    {change}")
    return 1 if changed else 0


@click.command()
@click.argument("apis", nargs=-1, type=click.Choice(APIS), metavar="[API]...")
@click.option("--check", "checking", is_flag=True, help="Judge what is recorded again; 1 where a verdict changed.")
@click.option("--folder", type=click.Path(path_type=Path), default=FOLDER, show_default=True)
@click.option("--jobs", type=click.IntRange(min=1), help="Emulators at a time; as many as there are cores by default.")
def main(apis: tuple[Api, ...], *, checking: bool, folder: Path, jobs: int | None) -> None:
    """Record the histories of the given APIs, or of all, anew."""
    try:
        if checking:
            raise SystemExit(check(folder))
        total = record(apis or APIS, folder, jobs=jobs or os.cpu_count() or 1)
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{total} histories in {folder}")


if __name__ == "__main__":
    main()

"""The command ``selftest``: runs mutants and correct variants of the emulators, and shows what the suite says of them."""

from __future__ import annotations

import contextlib
import difflib
import json
import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from conformance import SettingsError
from conformance.app.children import as_they_end
from conformance.app.exit_code import BROKEN, CONFORMING, MISUSE, UNPROVEN
from conformance.app.false_alarms import Alarms, chosen_variants, gathered, trials_of
from conformance.app.kill_table import show_outcome, show_trouble
from conformance.app.machine import machine
from conformance.app.processes import object_store
from conformance.app.proof import clause_rows
from conformance.app.results import prepared
from conformance.app.text_coverage import document_rows
from conformance.app.trial import Result, Trial, attempt, prepare
from conformance.emulator import APIS, Api
from conformance.emulator.mutants import Mutant, UnknownMutantError, find, mutants
from conformance.emulator.variants import Variant, variants
from reports import render_kill_matrix
from specs import load

SCHEMA = 1
_NOTCH = 50
"""How many trials lie between two lines that say how far it is, where no bar can be shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selftest:
    """What a selftest found: what came of every mutant, of the emulators without a fault, and of correct variants."""

    mutants: tuple[tuple[Mutant, Result], ...]
    controls: tuple[Result, ...]
    seconds: float
    jobs: int
    variants: tuple[Alarms, ...] = ()
    left_out: int = 0
    """Trials that were not made, since the user ended the selftest."""

    @property
    def survivors(self) -> tuple[Mutant, ...]:
        """The mutants that the clause which must catch them has not caught."""
        return tuple(mutant for mutant, result in self.mutants if not result.killed)

    @property
    def false_alarms(self) -> int:
        """How many clauses were called broken on correct variants, over all runs."""
        return sum(len(each.false) for each in self.variants)

    @property
    def exit_code(self) -> int:
        """0 when all mutants are killed and no correct emulator is accused, 2 for a fault of the suite itself, else 1.

        3 when it was ended early and all that was tried until then is as it should be.
        """
        faults = [result.fault for result in (*self.controls, *(result for _, result in self.mutants)) if result.fault]
        if faults or any(each.faults for each in self.variants):
            return MISUSE
        sound = not self.false_alarms and all(each.conforming for each in self.controls)
        if not sound or self.survivors:
            return BROKEN
        return UNPROVEN if self.left_out else CONFORMING

    def described(self) -> dict[str, Any]:
        """The content of ``selftest.json``."""
        return {
            "schema": SCHEMA,
            "machine": machine(),
            "seconds": round(self.seconds, 1),
            "jobs": self.jobs,
            "exit_code": self.exit_code,
            "left_out": self.left_out,
            "killed": len(self.mutants) - len(self.survivors),
            "catalogue": {api: len(mutants(api)) for api in APIS},
            "mutants": [_mutant(mutant, result) for mutant, result in self.mutants],
            "controls": [_control(result) for result in self.controls],
            "variants": [each.described() for each in self.variants],
            "variant_catalogue": {api: len(variants(api)) for api in APIS},
            "variant_runs": sum(len(each.results) for each in self.variants),
            "false_alarms": self.false_alarms,
            "unproven": self.unproven(),
            "clauses": clause_rows([result for _, result in self.mutants], self.controls),
            "documents": document_rows([load(result.trial.api) for result in self.controls]),
        }

    def unproven(self) -> list[str]:
        """Mandatory clauses, of the APIs that were tried whole, that no mutant was caught by."""
        proven = {identifier for _, result in self.mutants for identifier in result.broken}
        whole = [result.trial.api for result in self.controls if not result.trial.families]
        return [
            clause.id for api in whole for clause in load(api).clauses if clause.mandatory and clause.id not in proven
        ]


def _mutant(mutant: Mutant, result: Result) -> dict[str, Any]:
    return {
        "name": mutant.name,
        "api": mutant.api,
        "family": mutant.family,
        "clause": mutant.clause,
        "sentence": mutant.sentence,
        "needs": mutant.needs,
        "profile": result.trial.profile,
        "killed": result.killed,
        "verdict": result.verdict,
        "reason": result.fault or result.reason,
        "also": [identifier for identifier in result.broken if identifier != mutant.clause],
        "requests": result.requests,
        "seconds": result.seconds,
    }


def _control(result: Result) -> dict[str, Any]:
    return {
        "api": result.trial.api,
        "conforming": result.conforming,
        "broken": list(result.broken),
        "unproven": list(result.unproven),
        "fault": result.fault,
        "requests": result.requests,
        "seconds": result.seconds,
    }


def run_selftest(console: Console, names: Sequence[str], **options: Any) -> int:
    """Run the mutants, write and show what came of them; the exit code.

    Raises:
        SettingsError: an API or a mutant is unknown.
        OutputError: results cannot be written.
    """
    by_name = options.get("variants") or options.get("variant")
    alike = chosen_variants(names, options.get("variant")) if by_name else []
    faulty = options.get("mutants") or options.get("mutant") or not by_name
    asked = chosen_mutants(names, options.get("mutant"), options.get("family")) if faulty else []
    chosen = sampled(asked, options.get("sample")) if asked else []
    folder = prepared(options["folder"])
    found = tried(console, chosen, alike, **options)
    described = found.described()
    (folder / "selftest.json").write_text(json.dumps(described, indent=2, ensure_ascii=False) + "\n", "utf-8")
    page = Path(folder) / "selftest.html"
    page.write_text(render_kill_matrix(described), "utf-8", errors="replace")
    show_outcome(console, described, str(page))
    return found.exit_code


def chosen_mutants(names: Sequence[str], name: str | None, family: str | None) -> list[Mutant]:
    """The mutants that are asked for; raises SettingsError where there is none such."""
    strange = [each for each in names if each not in APIS]
    if strange:
        raise SettingsError(f"expected an API with an emulator but got api={strange[0]!r}; known: {', '.join(APIS)}")
    apis = [api for api in APIS if not names or api in names]
    if name is None:
        every = [mutant for api in apis for mutant in mutants(api)]
        chosen = [mutant for mutant in every if family is None or mutant.family == family]
        if not chosen:
            known = ", ".join(dict.fromkeys(mutant.family for mutant in every))
            raise SettingsError(f"expected a family with mutants but got family={family!r}; known: {known}")
        return chosen
    chosen = [mutant for api in apis for mutant in mutants(api) if mutant.name == name]
    if chosen:
        return chosen
    try:
        return [find(apis[0], name)] if len(apis) == 1 else [find(_nearest(apis, name), name)]
    except UnknownMutantError as error:
        raise SettingsError(str(error)) from error


def sampled(every: Sequence[Mutant], size: int | None) -> list[Mutant]:
    """That many mutants, evenly over the catalogue, which is in the order of families; all for None."""
    if size is None or size >= len(every):
        return list(every)
    return [every[number * len(every) // size] for number in range(size)]


def _nearest(apis: Sequence[Api], name: str) -> Api:
    """The API whose mutants have the names that are most like a wrong one."""
    best = {api: difflib.get_close_matches(name, [m.name for m in mutants(api)], n=1, cutoff=0.0) for api in apis}
    return max(apis, key=lambda api: difflib.SequenceMatcher(None, name, (best[api] or [""])[0]).ratio())


def tried(console: Console, chosen: Sequence[Mutant], alike: Sequence[Variant] = (), **options: Any) -> Selftest:
    """Try mutants in child processes, beside them each of their APIs without a fault, and correct variants.

    Options are those of the command: ``profile``, ``jobs``, ``seeds`` and ``family``.
    """
    began = time.monotonic()
    profile, jobs = options.get("profile"), options.get("jobs") or os.cpu_count() or 1
    with object_store() as endpoint:
        controls = [
            Trial(api=api, s3_endpoint=endpoint, profile=profile or "standard", families=_families(api, chosen))
            for api in dict.fromkeys(mutant.api for mutant in chosen)
        ]
        trials = [
            Trial(
                api=each.api, s3_endpoint=endpoint, profile=profile or each.profile, mutant=each.name, clause=each.clause
            )
            for each in chosen
        ]  # fmt: skip
        right = trials_of(
            alike, endpoint=endpoint, profile=profile or "standard", seeds=options.get("seeds") or 1,
            family=options.get("family"),
        )  # fmt: skip
        every = [*controls, *trials, *right]
        results = _gone_through(console, every, alike, jobs)
    if not results:
        raise KeyboardInterrupt
    return Selftest(
        mutants=tuple(
            (mutant, results[trial]) for mutant, trial in zip(chosen, trials, strict=True) if trial in results
        ),
        controls=tuple(results[trial] for trial in controls if trial in results),
        variants=gathered(alike, [results[trial] for trial in right if trial in results]),
        seconds=time.monotonic() - began,
        jobs=jobs,
        left_out=len(every) - len(results),
    )


def _gone_through(console: Console, every: Sequence[Trial], alike: Sequence[Variant], jobs: int) -> dict[Trial, Result]:
    """The results of trials, each that is not as it should be shown at once; fewer when the user ends it early."""
    results: dict[Trial, Result] = {}
    columns = (TextColumn("{task.description}"), BarColumn(24), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("emulators", total=len(every))
        with contextlib.suppress(KeyboardInterrupt):  # what was tried until then is kept
            for result in attempts(every, jobs):
                results[result.trial] = result
                show_trouble(console, result, gathered(alike, [result]))
                progress.advance(task)
                if not console.is_terminal and len(results) % _NOTCH == 0:
                    console.print(f"{len(results)} of {len(every)} emulators tried")
    return results


def _families(api: Api, chosen: Sequence[Mutant]) -> tuple[str, ...]:
    """The families that an API without a fault is tried for: none, which means all, when all with mutants are among them."""
    tried = dict.fromkeys(mutant.family for mutant in chosen if mutant.api == api)
    return () if set(tried) == {mutant.family for mutant in mutants(api)} else tuple(tried)


def attempts(trials: Sequence[Trial], jobs: int) -> Iterator[Result]:
    """The results of trials as they come; a child that dies costs the trials that it took with it, and no others."""
    for trial, future in as_they_end(attempt, trials, jobs=jobs, initializer=prepare):
        try:
            yield future.result()
        except BrokenProcessPool as error:
            yield Result(trial=trial, fault=f"a child process died: {error}")

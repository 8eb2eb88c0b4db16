"""The command ``selftest``: runs the mutants of the emulators, and shows which clause has killed which."""

from __future__ import annotations

import difflib
import json
import multiprocessing
import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from conformance import SettingsError
from conformance.app.exit_code import BROKEN, CONFORMING, MISUSE
from conformance.app.kill_table import show_outcome
from conformance.app.machine import machine
from conformance.app.processes import object_store
from conformance.app.proof import clause_rows
from conformance.app.results import prepared
from conformance.app.text_coverage import document_rows
from conformance.app.trial import Result, Trial, attempt, prepare
from conformance.emulator import APIS, Api
from conformance.emulator.mutants import Mutant, UnknownMutantError, find, mutants
from reports import render_kill_matrix
from specs import load

SCHEMA = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Selftest:
    """What a selftest found: what came of every mutant, and of the emulators without a fault."""

    mutants: tuple[tuple[Mutant, Result], ...]
    controls: tuple[Result, ...]
    seconds: float
    jobs: int

    @property
    def survivors(self) -> tuple[Mutant, ...]:
        """The mutants that the clause which must catch them has not caught."""
        return tuple(mutant for mutant, result in self.mutants if not result.killed)

    @property
    def exit_code(self) -> int:
        """0 when all are killed and the plain emulators conform, 2 for a fault of the suite itself, else 1."""
        if any(result.fault for result in (*self.controls, *(result for _, result in self.mutants))):
            return MISUSE
        return CONFORMING if not self.survivors and all(each.conforming for each in self.controls) else BROKEN

    def described(self) -> dict[str, Any]:
        """The content of ``selftest.json``."""
        return {
            "schema": SCHEMA,
            "machine": machine(),
            "seconds": round(self.seconds, 1),
            "jobs": self.jobs,
            "exit_code": self.exit_code,
            "killed": len(self.mutants) - len(self.survivors),
            "catalogue": {api: len(mutants(api)) for api in APIS},
            "mutants": [_mutant(mutant, result) for mutant, result in self.mutants],
            "controls": [_control(result) for result in self.controls],
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
    chosen = sampled(chosen_mutants(names, options.get("mutant"), options.get("family")), options.get("sample"))
    folder = prepared(options["folder"])
    jobs = options.get("jobs") or os.cpu_count() or 1
    found = tried(console, chosen, profile=options.get("profile"), jobs=jobs)
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


def tried(console: Console, chosen: Sequence[Mutant], *, profile: str | None, jobs: int) -> Selftest:
    """Try mutants in child processes, and beside them each of their APIs without a fault."""
    began = time.monotonic()
    results: dict[Trial, Result] = {}
    with object_store() as endpoint:
        controls = [
            Trial(api=api, s3_endpoint=endpoint, profile=profile or "standard", families=_families(api, chosen))
            for api in dict.fromkeys(mutant.api for mutant in chosen)
        ]
        trials = [
            Trial(
                api=mutant.api,
                s3_endpoint=endpoint,
                profile=profile or mutant.profile,
                mutant=mutant.name,
                clause=mutant.clause,
            )
            for mutant in chosen
        ]
        columns = (TextColumn("{task.description}"), BarColumn(24), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=console, transient=True) as progress:
            task = progress.add_task("mutants", total=len(controls) + len(trials))
            for result in attempts([*controls, *trials], jobs):
                results[result.trial] = result
                progress.advance(task)
    return Selftest(
        mutants=tuple((mutant, results[trial]) for mutant, trial in zip(chosen, trials, strict=True)),
        controls=tuple(results[trial] for trial in controls),
        seconds=time.monotonic() - began,
        jobs=jobs,
    )


def _families(api: Api, chosen: Sequence[Mutant]) -> tuple[str, ...]:
    """The families that an API without a fault is tried for: none, which means all, when all with mutants are among them."""
    tried = dict.fromkeys(mutant.family for mutant in chosen if mutant.api == api)
    return () if set(tried) == {mutant.family for mutant in mutants(api)} else tuple(tried)


def attempts(trials: Sequence[Trial], jobs: int) -> Iterator[Result]:
    """The results of trials as they come; a child that dies costs the trials that it took with it, and no others."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(jobs, len(trials)), mp_context=context, initializer=prepare) as pool:
        pending: dict[Future[Result], Trial] = {pool.submit(attempt, trial): trial for trial in trials}
        try:
            for future in as_completed(pending):
                try:
                    yield future.result()
                except BrokenProcessPool as error:
                    yield Result(trial=pending[future], fault=f"a child process died: {error}")
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise

"""Runs one API from target to reports."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from rich.console import Console

from conformance import (
    PROFILES,
    Call,
    Credentials,
    Finding,
    Listener,
    Outcome,
    Run,
    SourceStore,
    Target,
    View,
    execute,
    judge_across,
)
from conformance.app.baseline_file import KnownDeviations
from conformance.app.history_file import HistoryFile
from conformance.app.interrupts import Interrupts
from conformance.app.left_behind import NAME as LEFT_BEHIND
from conformance.app.left_behind import LeftBehind
from conformance.app.live_options import restraints
from conformance.app.processes import EMBEDDED_KEYS, Begun, embedded_flags, emulator
from conformance.app.progress import Display, show_summary
from conformance.app.results import Facts, prepared, write_record, write_reports
from conformance.app.selection import Choice, select
from conformance.app.stored_history import StoredHistory, read_stored
from reports import Baseline, Record
from specs import Clause, Spec, load

HISTORY, RECORD = "history.jsonl", "record.jsonl"
_Described = TypeVar("_Described", Target, SourceStore)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One API's run: what is asked, how much, where results go. ``embedded`` tells that the target is our emulator.

    ``baseline`` is the file with what is known of the target. ``origin`` is what is needed to ask for the same again, and
    ``resumes`` the history of the run that is taken up again, if one is.
    """

    spec: Spec
    target: Target
    choice: Choice
    seed: int
    folder: Path
    embedded: bool = False
    baseline: Path | None = None
    origin: Mapping[str, Any] = field(default_factory=dict)
    resumes: StoredHistory | None = None

    @property
    def asked(self) -> dict[str, Any]:
        """What a history says of what was asked, so that the run can be taken up again."""
        return {
            **self.origin, "choice": asdict(self.choice), "seed": self.seed, "embedded": self.embedded,
            "baseline": None if self.baseline is None else str(self.baseline),
        }  # fmt: skip

    @property
    def clauses(self) -> list[Clause]:
        """The clauses that are asked for."""
        return self.choice.clauses(self.spec)

    @property
    def facts(self) -> Facts:
        """What the record's header says."""
        return Facts(
            spec=self.spec, auth_scheme=self.target.credentials.scheme, region=self.target.region, url=self.target.url,
            shown_url="embedded emulator" if self.embedded else self.target.url, profile=self.choice.profile, seed=self.seed,
            settings={
                "clauses": len(self.clauses), "exclusive": self.target.exclusive, **self.choice.settings, **self._parts,
                **restraints(self.target),
            },
        )  # fmt: skip

    @property
    def _parts(self) -> dict[str, int]:
        return {} if self.resumes is None else {"parts": len(self.resumes.parts) + 1}


@contextlib.contextmanager
def embedded_target(spec: Spec, s3_endpoint: str, begun: Begun | None = None, **settings: Any) -> Iterator[Target]:
    """The bundled emulator of an API as a target, with signatures asked for; ``begun`` is one that is starting already."""
    credentials = Credentials(scheme=spec.auth.scheme, service=spec.auth.service, **EMBEDDED_KEYS)  # type: ignore[arg-type]
    flags = embedded_flags(s3_endpoint, edition=spec.edition, **settings)
    with contextlib.ExitStack() as stack:
        url = begun.started() if begun is not None else stack.enter_context(emulator(spec.api, flags))
        yield Target(
            api=spec.api, url=url, edition=spec.edition, credentials=credentials, exclusive=True,
            s3=SourceStore(endpoint=s3_endpoint, bucket=f"conformance-{spec.api}"),
        )  # fmt: skip


def run_one(plan: Plan, console: Console, listener: Listener | None = None) -> tuple[dict[str, Any], Outcome]:
    """Run, write everything, show the summary; returns summary and outcome.

    How it goes is told to the listener; without one, it is shown on the console.

    Raises:
        OutputError: results cannot be written.
        UnreachableError, WrongApiError: at the start; nothing is recorded then.
        OtherInstanceError: the run is taken up again, and its target is not the one it has spoken to.
    """
    known = None if plan.baseline is None else KnownDeviations.read(plan.baseline, plan.spec)
    folder = prepared(plan.folder)
    interrupts = Interrupts()
    with contextlib.ExitStack() as stack:
        if listener is None:
            listener = stack.enter_context(Display(console)).row(plan.spec.api)
        stack.enter_context(interrupts.watched())
        outcome = _driven(plan, folder, listener, interrupts)
        calls = {call.id: call for call in outcome.history}
        record = _recorded(
            folder, plan.facts, outcome.findings, calls, seconds=outcome.seconds, interrupted=outcome.interrupted,
            baseline=None if known is None else known.held(outcome.findings), left=outcome.left,
        )  # fmt: skip
        summary = write_reports(folder, record)
    show_summary(console, summary, record, str(folder / "report.html"))
    if outcome.interrupted:
        console.print(f"  [yellow]the run ended early: {outcome.interrupted}[/]")
    for left in outcome.left:
        console.print(f"  [yellow]left behind on the target: {left}[/]")
    return summary, outcome


def _driven(plan: Plan, folder: Path, listener: Listener, interrupts: Interrupts) -> Outcome:
    """Drive and judge; the history is written while that goes."""
    clauses = plan.clauses
    history = _history(plan, folder)
    earlier = None if plan.resumes is None else plan.resumes.earlier
    run = Run(
        spec=plan.spec, target=plan.target, clauses=clauses, profile=PROFILES[plan.choice.profile], seed=plan.seed,
        listener=listener, journal=history, earlier=earlier,
    )  # fmt: skip
    session = run.context.session
    history.part(run.context.stage.run, session.now())
    session.listeners.append(history.add)
    interrupts.govern(session)
    remains = LeftBehind(path=folder / LEFT_BEHIND, spec=plan.spec, target=plan.target, run=run.context.stage.run)
    if not plan.embedded:
        remains.begin()
    try:
        with history.kept(run.notes):
            outcome = execute(run)
    finally:
        remains.end(() if plan.embedded else run.clearance.left)
    history.close(run.notes, ended=outcome.interrupted, finished=outcome.interrupted is None)
    return outcome


def _history(plan: Plan, folder: Path) -> HistoryFile:
    path = folder / HISTORY
    if plan.resumes is not None:
        return HistoryFile.again(path, plan.resumes.whole, plan.resumes.unheard)
    # What lies there is about another run, and would be taken for this one's should this one be killed.
    (folder / RECORD).unlink(missing_ok=True)
    return HistoryFile(path, plan.spec, plan.target, plan=plan.asked)


def _recorded(
    folder: Path,
    facts: Facts,
    findings: Sequence[Finding],
    calls: Mapping[int, Call],
    *,
    seconds: float,
    interrupted: str | None,
    baseline: Baseline | None = None,
    left: Sequence[str] = (),
) -> Record:
    with (folder / RECORD).open("w", encoding="utf-8") as file:
        return write_record(
            file,
            facts,
            findings,
            calls,
            requests=len(calls),
            seconds=seconds,
            interrupted=interrupted,
            baseline=baseline,
            left=left,
        )


def judge_file(path: Path, folder: Path, console: Console, *, patterns: Sequence[str] = ()) -> dict[str, Any]:
    """Judge a recorded history again, offline, and write its reports; returns the summary.

    Raises:
        SettingsError: the file is not a history.
        OutputError: results cannot be written.
    """
    stored = read_stored(path)
    header, calls = stored.header, [*stored.calls, *stored.unheard]
    spec = load(header["api"], edition=header["edition"])
    clauses = select(spec, profile="standard", patterns=patterns)
    signed = header["auth"] != "none" and header.get("checked", True)
    view = functools.partial(View, spec, exclusive=header["exclusive"], signed=signed)
    findings = judge_across(clauses, calls, stored.seam, view, notes=stored.notes)
    prepared(folder)
    facts = Facts(
        spec=spec, auth_scheme=header["auth"], region=header["region"], url=header["url"], shown_url=header["url"],
        profile="offline", seed=None, settings={"history": path.name, "recorded by": header.get("suite", "")},
    )  # fmt: skip
    seconds = max((call.ended or call.started for call in calls), default=0.0)
    record = _recorded(folder, facts, findings, {call.id: call for call in calls}, seconds=seconds, interrupted=None)
    summary = write_reports(folder, record)
    show_summary(console, summary, record, str(folder / "report.html"))
    return summary


def over(described: _Described, **changes: Any) -> _Described:
    """A target, or its store, with flags of the command line laid over it."""
    return replace(described, **{name: value for name, value in changes.items() if value is not None})

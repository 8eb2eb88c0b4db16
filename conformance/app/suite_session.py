"""The suite inside a pytest session: which clauses are items, and one run for all of them."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

import pytest

from conformance import (
    PROFILES,
    BudgetError,
    ConformanceError,
    Finding,
    Run,
    SettingsError,
    Target,
    UnreachableError,
    Verdict,
)
from conformance.app.baseline_file import KnownDeviations
from conformance.app.history_file import HistoryFile
from conformance.app.interrupts import Interrupts
from conformance.app.live_options import restraints
from conformance.app.processes import command
from conformance.app.results import Facts, prepared, write_record, write_reports
from conformance.app.selection import Choice
from conformance.app.suite_outcome import conclude, explained
from conformance.app.target_file import read_target_file, target_from
from reports import Standing, State
from specs import Clause, Spec, SpecError, apis, load

_LEFT = "conformance_left"


def open_session(config: pytest.Config) -> SuiteSession:
    """The session that the options describe; raises UsageError."""
    try:
        return _opened(config)
    except (ConformanceError, SpecError) as error:
        raise pytest.UsageError(str(error)) from error


def _opened(config: pytest.Config) -> SuiteSession:
    option = config.getoption
    spec, target, content = _described(
        option("--conformance-target"), option("--conformance-api"), option("--conformance-url")
    )
    given = {
        "profile": option("--conformance-profile"), "patterns": option("--conformance-clause"),
        "levels": option("--conformance-level"), "families": option("--conformance-family"),
    }  # fmt: skip
    choice = Choice.of(given, content.get("checks"))
    if choice.profile not in PROFILES:
        raise SettingsError(
            f"expected a profile but got --conformance-profile {choice.profile}; known: {', '.join(PROFILES)}"
        )
    known: str | None = option("--conformance-baseline")
    out: str | None = option("--conformance-out")
    worker = _worker(config)
    return SuiteSession(
        config=config, spec=spec, target=target if worker is None else replace(target, exclusive=False),
        command=content.get("command", ()), clauses=choice.clauses(spec), profile=choice.profile,
        known=None if known is None else KnownDeviations.read(Path(known), spec),
        seed=option("--conformance-seed"), allow_unproven=option("--conformance-allow-unproven"),
        folder=None if out is None else prepared(Path(out) / (worker or "")), worker=worker,
    )  # fmt: skip


def _described(file: str | None, api: str | None, url: str | None) -> tuple[Spec, Target, dict[str, Any]]:
    """Specification, target, and the content of the target file, if there is one."""
    if url is not None and not url.startswith(("http://", "https://")):
        raise SettingsError(f"expected --conformance-url to begin with http:// or https:// but got {url}")
    if file is not None:
        content = read_target_file(Path(file))
        if api is not None and api != content["api"]:
            raise SettingsError(f"the target file is about api={content['api']!r}, but --conformance-api says {api!r}")
        spec = load(content["api"], edition=content.get("edition"))
        target = target_from(content, spec)
        return spec, target if url is None else replace(target, url=url.rstrip("/")), content
    if api is None or url is None:
        missing = "--conformance-api" if api is None else "--conformance-url"
        raise SettingsError(
            f"expected --conformance-api and --conformance-url, or --conformance-target; {missing} is missing (APIs: {', '.join(apis())})"
        )
    spec = load(api)
    return spec, Target(api=spec.api, url=url.rstrip("/"), edition=spec.edition), {}


def _worker(config: pytest.Config) -> str | None:
    """Name of this xdist worker; None where there is none."""
    return os.environ.get("PYTEST_XDIST_WORKER") if hasattr(config, "workerinput") else None


@dataclass(slots=True, kw_only=True, eq=False)
class SuiteSession:
    """What the options say, and the hooks and the fixture that work on it."""

    config: pytest.Config
    spec: Spec
    target: Target
    command: Sequence[str]
    clauses: Sequence[Clause]
    profile: str
    seed: int
    allow_unproven: bool
    folder: Path | None
    worker: str | None
    known: KnownDeviations | None = None
    left: list[str] = field(default_factory=list)
    _run: Run | None = None

    def pytest_report_header(self) -> str:
        """Say what is checked."""
        return f"conformance: {self.spec.title} at {self.target.url}, profile {self.profile}, seed {self.seed}"

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Generator[None, object, object]:
        """Start the target's own command and make sure that the API is there, once, before the first item."""
        if self.worker is None and not session.testsfailed and not session.config.option.collectonly:
            many = session.config.pluginmanager.hasplugin("dsession")
            if many or self._selected(session):
                self._begin(session, alone=not many)
        return (yield)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: object) -> object:
        """Give the clauses of one operation to one worker, since the same calls prove them."""
        if config.getoption("dist") != "load":
            return None
        from conformance.app.suite_schedule import OperationScheduling  # noqa: PLC0415 - only where xdist is there

        return OperationScheduling(config, log)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        """Hear from a worker of xdist what it could not remove from the target."""
        del error
        self.left += getattr(node, "workeroutput", {}).get(_LEFT, [])

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what is left behind."""
        for name in self.left:
            terminalreporter.write_line(f"conformance: left behind on the target: {name}")

    @contextlib.contextmanager
    def running(self, session: pytest.Session) -> Iterator[SuiteRun]:
        """The one run of the session; cleans up and writes results at its end, also after Ctrl-C."""
        run = SuiteRun(session=session, settings=self, run=self._run or self._new(session))
        try:
            yield run
        finally:
            run.finish()

    def _selected(self, session: pytest.Session) -> list[Clause]:
        """The clauses of the items that were collected and not deselected."""
        functions = [item for item in session.items if isinstance(item, pytest.Function)]
        ours = [item for item in functions if "conformance_run" in item.fixturenames and hasattr(item, "callspec")]
        return [cast("Clause", item.callspec.params["clause"]) for item in ours]

    def _new(self, session: pytest.Session) -> Run:
        clauses = self._selected(session) if hasattr(session, "items") else self.clauses
        return Run(spec=self.spec, target=self.target, clauses=clauses, profile=PROFILES[self.profile], seed=self.seed)

    def _begin(self, session: pytest.Session, *, alone: bool) -> None:
        try:
            if self.command:
                stack = contextlib.ExitStack()
                self.config.add_cleanup(stack.close)
                stack.enter_context(command(self.command, self.target.url))
            run = self._new(session)
            try:
                run.preflight()
            except BaseException:
                run.close()
                raise
        except ConformanceError as error:
            raise pytest.UsageError(str(error)) from error
        if alone:
            self._run = run
        else:
            run.close()


@dataclass(slots=True, kw_only=True)
class SuiteRun:
    """The run that items share: each drives what its clause still needs, and judges over all that was seen."""

    session: pytest.Session
    settings: SuiteSession
    run: Run
    _passed: dict[str, Clause] = field(default_factory=dict)
    _tried: dict[str, Clause] = field(default_factory=dict)
    _stopped: str | None = None
    _history: HistoryFile | None = None
    _interrupts: Interrupts = field(default_factory=Interrupts)

    def __post_init__(self) -> None:
        """Open the history's file, with the calls of the preflight in it."""
        self._interrupts.govern(self.run.context.session)
        if self.settings.folder is not None:
            self._history = HistoryFile(self.settings.folder / "history.jsonl", self.run.spec, self.run.target)
            for call in self.run.history:
                self._history.add(call)
            self.run.context.session.listeners.append(self._history.add)

    def prove(self, clause: Clause) -> None:
        """Drive what the clause needs, judge it, and end the item accordingly.

        Raises:
            KeyboardInterrupt: the user wants no more; once the request that was under way is answered.
        """
        try:
            with self._interrupts.watched():
                self._prove(clause)
        except KeyboardInterrupt:
            # pytest cannot show where it came from if there is no line of a source: it ends by a TypeError of its own.
            raise KeyboardInterrupt from None

    def _prove(self, clause: Clause) -> None:
        self._tried[clause.id] = clause
        self._drive(clause.operation)
        finding = self.run.judged([clause])[0]
        if finding.verdict is Verdict.PASS:
            self._passed[clause.id] = clause
        conclude(
            finding,
            lambda: self._explained(finding),
            allow_unproven=self.settings.allow_unproven,
            stopped=self._stopped,
            standing=self._standings([finding]).get(clause.id),
        )

    def _standings(self, findings: Sequence[Finding]) -> Mapping[str, Standing]:
        """What these findings make of the entries of the baseline that are about them."""
        known = self.settings.known
        return {} if known is None else known.held(findings).by_clause

    def _explained(self, finding: Finding) -> str:
        calls = {call.id: call for call in self.run.history}
        evidence = [calls[number] for number in finding.evidence]
        return explained(finding, evidence, target=self.run.target, service=self.run.spec.auth.service)

    def _drive(self, operation: str) -> None:
        if self._stopped is not None:
            return
        try:
            self.run.drive(frozenset({operation}))
        except BudgetError as error:
            self._stopped = str(error)
        except UnreachableError as error:
            self._stopped = str(error)
            self.session.shouldstop = f"the target stopped answering: {error}"

    def finish(self) -> None:
        """Clean up, write results, and fail if later traffic broke a clause that had passed.

        An interrupt only hurries the clean-up from here on, so that results are written all the same.
        """
        self._interrupts.over()
        with self._interrupts.watched():
            self._finish()

    def _finish(self) -> None:
        left = self.run.close()
        findings = self.run.judged(list(self._tried.values()))
        if self._history is not None:
            self._history.close(self.run.notes)
            self._write(findings, left)
        broken = [
            finding
            for finding in findings
            if finding.clause.id in self._passed and finding.verdict in {Verdict.FAIL, Verdict.ERROR}
        ]
        told = [
            f"later calls of the session broke what had passed: {finding.clause.id}: {finding.reason}"
            for finding in broken
        ]
        standings = self._standings(findings)
        told += [
            f"later calls of the session made an entry of the baseline stale: {finding.clause.id}"
            for finding in findings
            if finding.clause.id in standings
            and standings[finding.clause.id].state is State.STALE
            and finding.clause.id not in self._passed
        ]
        self.settings.left += left
        if self.settings.worker is not None:
            self.session.config.workeroutput[_LEFT] = list(left)  # type: ignore[attr-defined]
        if told:
            pytest.fail("\n".join(told), pytrace=False)

    def _write(self, findings: Sequence[Finding], left: Sequence[str]) -> None:
        settings, folder = self.settings, self.settings.folder
        assert folder is not None  # noqa: S101 - there is a history file in it
        target = self.run.target
        untried = len(self.run.clauses) - len(self._tried)
        interrupted = f"{untried} clauses were not tried" if untried and settings.worker is None else self._stopped
        facts = Facts(
            spec=self.run.spec, auth_scheme=target.credentials.scheme, region=target.region, url=target.url, shown_url=target.url,
            profile=settings.profile, seed=settings.seed, settings={"clauses": len(self._tried), "exclusive": target.exclusive, **restraints(target)},
        )  # fmt: skip
        calls = {call.id: call for call in self.run.history}
        seconds = self.run.context.session.now()
        with (folder / "record.jsonl").open("w", encoding="utf-8") as file:
            record = write_record(
                file, facts, findings, calls, requests=len(calls), seconds=seconds, interrupted=interrupted,
                baseline=None if settings.known is None else settings.known.held(findings), left=left,
            )  # fmt: skip
        write_reports(folder, record)

"""One mutant, or the emulator without a fault, against the suite; runs in a child process of the selftest."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

from conformance import (
    PROFILES,
    ConformanceError,
    Credentials,
    Finding,
    Run,
    SourceStore,
    Target,
    Timeouts,
    Verdict,
    execute,
)
from conformance.emulator import Settings, create_service
from conformance.emulator.server import Server
from conformance.emulator.variants import find
from specs import Basis, Clause, Family, Level, Spec, load

_JOB_SECONDS = 0.05
#: A mutant may keep its jobs from ending, and would be waited for each time.
_SHORT = Timeouts(request=5.0, job_end_max=8.0, list_lag_max=2.0, throttle_max=4.0)
_BROKEN = frozenset({Verdict.FAIL, Verdict.WARN})
#: Families whose programs take long, and which are driven only for mutants of their own.
_LONG = frozenset({Family.QUEUE, Family.DEPENDENCY, Family.LOAD_SEMANTICS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What is tried: a mutant with the clause that must catch it, or with neither, an API as it should be."""

    api: str
    s3_endpoint: str
    profile: str
    seed: int = 0
    mutant: str | None = None
    clause: str | None = None
    families: tuple[str, ...] = ()
    """Of an API as it should be, only clauses of these families are tried; all for none."""
    chance: bool = False
    """Whether only that is sent which the seed decides; of all else, another seed sends the same once more."""
    variant: str | None = None
    """What the API does in another way than the plain emulator, and as rightly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of a trial.

    ``broken`` holds the ids of all clauses that were found broken, ``unproven`` those of mandatory ones not proven kept;
    ``verdict`` and ``reason`` are those of the clause that must catch the mutant. ``alarms`` holds id, verdict and reason
    of every clause found broken.
    """

    trial: Trial
    killed: bool = False
    verdict: str = ""
    reason: str = ""
    broken: tuple[str, ...] = ()
    unproven: tuple[str, ...] = ()
    hits: tuple[tuple[str, int], ...] = ()
    """How often each clause was exercised; told of the emulator without a fault."""
    alarms: tuple[tuple[str, str, str], ...] = ()
    requests: int = 0
    seconds: float = 0.0
    fault: str | None = None
    """What went wrong with the suite itself, if anything."""

    @property
    def conforming(self) -> bool:
        """Whether nothing is broken and everything mandatory is proven; asked of the emulator without a fault."""
        return self.fault is None and not self.broken and not self.unproven


def prepare() -> None:
    """Make a child process ready: what failing mutants print is of no use to anybody."""
    sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - for the life of the process


def attempt(trial: Trial) -> Result:
    """Try once, narrowly first; never raises."""
    began = time.monotonic()
    try:
        spec = load(trial.api, edition=_edition(trial))
        result = _control(trial, spec) if trial.clause is None else _hunt(trial, spec, spec.clause(trial.clause))
    except Exception as error:  # noqa: BLE001 - one bad trial must not end all others
        result = Result(trial=trial, fault=f"{type(error).__name__}: {error}"[:500])
    return replace(result, seconds=round(time.monotonic() - began, 3))


def _edition(trial: Trial) -> str | None:
    """The edition that a variant is about; None for the usual one."""
    if trial.variant is None:
        return None
    edition = find(trial.api, trial.variant).settings.get("edition")  # type: ignore[arg-type]
    return None if edition is None else str(edition)


def _hunt(trial: Trial, spec: Spec, clause: Clause) -> Result:
    """Drive for the clause alone; where that does not kill, for all clauses of its operation."""
    judged = tuple(
        each
        for each in spec.operations[clause.operation].clauses
        if each.family not in _LONG or each.family == clause.family
    )
    sent = 0
    for selected in ((clause,), judged):
        with hosted(trial, spec) as target:
            findings, requests = _driven(trial, spec, target, selected, judged)
        sent += requests
        result = _judged(trial, clause, findings, sent)
        if result.killed:
            break
    return result


def _driven(
    trial: Trial, spec: Spec, target: Target, selected: tuple[Clause, ...], judged: tuple[Clause, ...]
) -> tuple[list[Finding], int]:
    run = Run(spec=spec, target=target, clauses=selected, profile=PROFILES[trial.profile], seed=trial.seed)
    # A mutant may end a run early, or not even look like its API: what was seen until then is judged.
    with contextlib.suppress(ConformanceError):
        run.preflight()
        run.drive(frozenset({selected[0].operation}))
    requests = len(run.history)
    findings = run.judged(judged)
    run.close()
    return findings, requests


def _judged(trial: Trial, clause: Clause, findings: list[Finding], requests: int) -> Result:
    own = next(finding for finding in findings if finding.clause.id == clause.id)
    due = Verdict.FAIL if clause.level is Level.MUST and clause.basis is not Basis.SILENT else Verdict.WARN
    return Result(
        trial=trial, killed=own.verdict is due, verdict=str(own.verdict), reason=own.reason,
        broken=tuple(finding.clause.id for finding in findings if finding.verdict in _BROKEN),
        requests=requests,
    )  # fmt: skip


def _control(trial: Trial, spec: Spec) -> Result:
    """The suite against the emulator as it should be."""
    clauses = [each for each in spec.clauses if not trial.families or each.family in trial.families]
    with hosted(trial, spec) as target:
        run = Run(spec=spec, target=target, clauses=clauses, profile=PROFILES[trial.profile], seed=trial.seed)
        outcome = execute(run, chance=trial.chance)
    kept = {Verdict.PASS, Verdict.NOT_APPLICABLE, Verdict.DISABLED, *_BROKEN}
    alarms = [finding for finding in outcome.findings if finding.verdict in {*_BROKEN, Verdict.ERROR}]
    return Result(
        trial=trial, requests=len(outcome.history), fault=outcome.interrupted,
        hits=tuple((finding.clause.id, finding.hits) for finding in outcome.findings),
        alarms=tuple((each.clause.id, str(each.verdict), f"{each.reason} {each.actual}"[:400].strip()) for each in alarms),
        broken=tuple(finding.clause.id for finding in alarms),
        unproven=() if trial.chance else tuple(
            finding.clause.id for finding in outcome.findings
            if finding.clause.mandatory and finding.verdict not in {*kept, Verdict.ERROR}
        ),
    )  # fmt: skip


@contextlib.contextmanager
def hosted(trial: Trial, spec: Spec) -> Iterator[Target]:
    """The emulator in a thread of this process, as a target; a process of its own would cost more than most trials."""
    keys = Credentials(
        scheme=spec.auth.scheme, access_key="conformance", secret_key="conformance-secret", service=spec.auth.service  # type: ignore[arg-type]  # noqa: S106 - keys of our own emulator
    )  # fmt: skip
    settings = Settings(
        api=trial.api, job_seconds=_JOB_SECONDS, auth=True, access_key=keys.access_key, secret_key=keys.secret_key,  # type: ignore[arg-type]
        s3_endpoint=trial.s3_endpoint, mutant=trial.mutant, variant=trial.variant, **({} if spec.edition is None else {"edition": spec.edition}),  # type: ignore[arg-type]
    )  # fmt: skip
    service = create_service(settings)
    with Server(service, settings) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield Target(
                api=trial.api, url=server.url, edition=spec.edition, credentials=keys, exclusive=True, timeouts=Timeouts() if trial.mutant is None else _SHORT,
                s3=SourceStore(endpoint=trial.s3_endpoint, bucket=f"conformance-{trial.api}-{os.getpid()}"),
            )  # fmt: skip
        finally:
            server.shutdown()
            thread.join()
            service.close()

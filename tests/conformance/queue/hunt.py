"""One mutant of the loader's queue, and what the suite finds of the clause that must catch it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import specs
from conformance import PROFILES, Credentials, Finding, Run, SourceStore, Target, Timeouts, Verdict
from conformance.app.processes import emulator
from conformance.emulator.mutants import mutants

if TYPE_CHECKING:
    from conformance.emulator.mutants import Mutant

TIMEOUTS = Timeouts(request=5.0, job_end_max=6.0, list_lag_max=2.0, throttle_max=4.0)
MUTANTS = {each.name: each for each in mutants("neptune") if each.family in {"queue", "dependency"}}
#: On a machine that is busy with other things a job may end before the queue is full; that is told, and tried again.
_TRIES = 3


def hunt(mutant: Mutant, s3_endpoint: str) -> Finding:
    """Run the programs written for the mutant's clause against it, again while undecided; the finding about the clause."""
    for _ in range(_TRIES):
        finding = _hunted(mutant, s3_endpoint)
        if finding.verdict is not Verdict.INCONCLUSIVE:
            break
    return finding


def _hunted(mutant: Mutant, s3_endpoint: str) -> Finding:
    spec = specs.load("neptune")
    clause = spec.clause(mutant.clause)
    with emulator("neptune", {"s3_endpoint": s3_endpoint, "mutant": mutant.name, "job_seconds": 0.05}) as url:
        target = Target(
            api="neptune", url=url, credentials=Credentials(), s3=SourceStore(endpoint=s3_endpoint), exclusive=True,
            timeouts=TIMEOUTS,
        )  # fmt: skip
        run = Run(spec=spec, target=target, clauses=(clause,), profile=PROFILES[mutant.profile], seed=1)
        try:
            run.preflight()
            run.drive(frozenset({clause.operation}))
            return run.judged()[0]
        finally:
            run.close()

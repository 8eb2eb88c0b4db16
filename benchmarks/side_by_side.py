"""What several connections save: the scenarios that only read, of a target at several distances.

The standard profile is driven against an emulator in a process of its own, but only those of its scenarios that may go side by side;
each time the emulator is a fresh one. Distance is time added to every exchange. The seconds are those of driving, with what these
scenarios need made before; the clean-up and judging are no part of them.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.result import RESULTS, write
from conformance import PROFILES, Earlier, Limits, Run, Target
from conformance.adapters.http import HttpConnection
from conformance.app.processes import object_store
from conformance.app.runner import embedded_target
from conformance.emulator import APIS
from conformance.lanes import only_reads
from conformance.target import Connection, Reply, Tampering
from specs import Request, Spec, load

SCHEMA = 1
_MILLISECONDS = (0, 20, 100)
_CONNECTIONS = (1, 2, 4, 8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Far:
    """A connection to a target that is some way off."""

    inner: Connection
    seconds: float

    def send(self, request: Request, /, *, tampering: Tampering | None = None) -> Reply:
        if self.seconds:
            time.sleep(self.seconds)
        return self.inner.send(request, tampering=tampering)

    def close(self) -> None:
        self.inner.close()


def measured(spec: Spec, endpoint: str, *, milliseconds: int, connections: int) -> dict[str, Any]:
    """One run of these scenarios."""
    seconds = milliseconds / 1000

    def connect() -> Far:
        return Far(inner=HttpConnection(target, stale_seconds=spec.auth.stale_seconds), seconds=seconds)

    with embedded_target(spec, endpoint) as there:
        target = replace(there, limits=Limits(connections=connections))
        run = _only_reading(spec, target)
        session = run.context.session
        session.connection, session.connect = Far(inner=session.connection, seconds=seconds), connect
        run.preflight()
        sent, began = len(run.history), time.perf_counter()
        run.drive()
        took = time.perf_counter() - began
        row = {
            "milliseconds": milliseconds, "connections": connections, "requests": len(run.history) - sent,
            "seconds": round(took, 2), "faults": len(run.faults),
        }  # fmt: skip
        run.close()
    return row


def _only_reading(spec: Spec, target: Target) -> Run:
    """A run that takes everything else for driven already."""
    profile = PROFILES["standard"]
    whole = Run(spec=spec, target=target, clauses=spec.clauses, profile=profile)
    others = frozenset(each[0] for each in whole.scenarios() if not only_reads(spec, each))
    whole.close()
    return Run(spec=spec, target=target, clauses=spec.clauses, profile=profile, earlier=Earlier(finished=others))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--api", choices=APIS, default="omics")
    parser.add_argument("--out", type=Path, default=RESULTS / "side_by_side.json", help="JSON file (%(default)s)")
    options = parser.parse_args()
    rows: list[dict[str, Any]] = []
    with object_store() as endpoint:
        spec = load(options.api)
        measured(spec, endpoint, milliseconds=0, connections=2)  # what is imported and compiled once is no part of it
        for milliseconds in _MILLISECONDS:
            some = [measured(spec, endpoint, milliseconds=milliseconds, connections=each) for each in _CONNECTIONS]
            for row in some:
                row["ratio"] = round(some[0]["seconds"] / row["seconds"], 2)
                print(row)
            rows += some
    write(options.out, {"schema": SCHEMA, "api": options.api, "rows": rows})


if __name__ == "__main__":
    main()

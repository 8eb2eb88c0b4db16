"""What judging costs: the evidence checker by observation, and all oracles together by call.

The evidence checker is fed made-up histories of a correct queue, 1,000 to 1,000,000 observations long: by one client, whose
calls follow each other; by pollers, whose calls overlap; with several slots; with dependencies. The observations are made
beforehand in blocks, so that only the judging is measured; the time is that of the processor. Peak memory is that of a process
of its own that makes and judges the longest history.

All oracles are fed the history of a run against the emulator: one that is recorded here, or, with ``--history``, another.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from conformance import PROFILES, Call, Credentials, Run, SourceStore, Target, View, execute, judge, read_lines
from conformance.app.machine import machine
from conformance.app.processes import emulator, object_store
from conformance.emulator import APIS
from conformance.evidence import Accepted, Checker, Discipline, Observation, Phase, Seen
from specs import load

RESULTS = Path(__file__).parent / "results" / "judging.json"
SIZES = (1_000, 10_000, 100_000, 1_000_000)
_BLOCK = 50_000
_LOOKS_A_JOB = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A kind of history: how many pollers look at once, how many slots there are, whether jobs depend on others."""

    pollers: int = 1
    slots: int = 1
    chained: bool = False

    @property
    def discipline(self) -> Discipline:
        return Discipline(slots=self.slots, capacity=64)

    def observations(self, size: int) -> Iterator[Observation]:
        """A correct queue: each job is accepted, seen waiting, running and over, while those behind it wait."""
        made, waiting, running = 0, 40, 20
        for number in itertools.count():
            clock = 10.0 * made
            after = (number - 1,) if self.chained and number else ()
            yield Accepted(job=number, began=clock, ended=clock + 5, after=after)
            made += 1
            for look in range(_LOOKS_A_JOB):
                if made >= size:
                    return
                clock = 10.0 * made
                # A poller's call begins while those of the others are under way.
                began = max(clock - 10.0 * min(look, self.pollers - 1), 10.0 * (made - look))
                phase: Phase = "waiting" if look < waiting else "running" if look < waiting + running else "succeeded"
                job = number
                if phase != "waiting":  # as many run at once as there are slots, and the first of them ends
                    job = max(0, number - (look % self.slots if phase == "running" else self.slots - 1))
                if phase == "succeeded" and number < self.slots - 1:
                    job, phase = number, "running"
                yield Seen(job=job, phase=phase, began=began, ended=clock + 5)
                made += 1


SHAPES = {
    "one client": Shape(),
    "16 pollers": Shape(pollers=16),
    "4 slots": Shape(slots=4),
    "chain of dependencies": Shape(chained=True),
}


def cost(shape: Shape, size: int) -> float:
    """Seconds of the processor for judging so many observations."""
    checker, spent = Checker(shape.discipline), 0.0
    told = shape.observations(size)
    while block := list(itertools.islice(told, _BLOCK)):
        gc.collect()
        began = time.process_time()
        for each in block:
            if checker.observe(each):
                raise SystemExit(f"a correct history was accused at {each}")
        spent += time.process_time() - began
    return spent


def peak(name: str) -> float:
    """Peak memory, in MB, of a process that judges the longest history."""
    done = subprocess.run(
        [sys.executable, __file__, "--only", name],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[1],
    )
    return float(done.stdout)


def recorded(api: str) -> list[Call]:
    """The history of a run of the standard profile against the emulator."""
    spec = load(api)
    with object_store() as endpoint, emulator(api, {"s3_endpoint": endpoint}) as url:
        target = Target(
            api=api, url=url, edition=spec.edition, exclusive=True, credentials=Credentials(),
            s3=SourceStore(endpoint=endpoint, bucket=f"bench-{api}"),
        )  # fmt: skip
        run = Run(spec=spec, target=target, clauses=spec.clauses, profile=PROFILES["standard"])
        return list(execute(run).history)


def oracles(api: str, calls: list[Call], rounds: int = 3) -> dict[str, float | int]:
    """How many calls a second all oracles together judge, the best of some rounds."""
    spec = load(api)
    best = float("inf")
    for _ in range(rounds):
        began = time.process_time()
        judge(spec.clauses, View(spec, calls, exclusive=True))
        best = min(best, time.process_time() - began)
    return {"calls": len(calls), "clauses": len(spec.clauses), "seconds": best, "calls_a_second": len(calls) / best}


def shown(
    console: Console,
    evidence: dict[str, dict[int, float]],
    memory: dict[str, float],
    by_api: dict[str, dict[str, float | int]],
) -> None:
    table = Table(title="evidence checker, microseconds of the processor an observation", title_justify="left")
    for column in ("history", *(f"{size:,}" for size in SIZES), "seconds for the longest", "peak MB"):
        table.add_column(column, justify="left" if column == "history" else "right")
    for name, sizes in evidence.items():
        cells = [f"{1e6 * seconds / size:.2f}" for size, seconds in sizes.items()]
        table.add_row(name, *cells, f"{sizes[SIZES[-1]]:.1f}", f"{memory[name]:.0f}")
    console.print(table)
    table = Table(title="all oracles, on the history of a standard run", title_justify="left")
    for column in ("API", "clauses", "calls", "seconds", "calls a second"):
        table.add_column(column, justify="left" if column == "API" else "right")
    for api, row in by_api.items():
        table.add_row(
            api, str(row["clauses"]), str(row["calls"]), f"{row['seconds']:.2f}", f"{row['calls_a_second']:,.0f}"
        )
    console.print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--out", type=Path, default=RESULTS, help="JSON file for the results (%(default)s)")
    parser.add_argument("--api", choices=APIS, action="append", help="whose oracles; all by default")
    parser.add_argument("--history", type=Path, help="a recorded history of the one API named by --api")
    parser.add_argument("--only", choices=SHAPES, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only:
        cost(SHAPES[options.only], SIZES[-1])
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        return
    evidence = {name: {size: cost(shape, size) for size in SIZES} for name, shape in SHAPES.items()}
    memory = {name: peak(name) for name in SHAPES}
    by_api = {}
    for api in options.api or APIS:
        calls = (
            list(read_lines(options.history.read_text("utf-8").splitlines()[1:])) if options.history else recorded(api)
        )
        by_api[api] = oracles(api, calls)
    shown(Console(width=max(Console().width, 110)), evidence, memory, by_api)
    content = {
        "machine": machine(),
        "evidence_seconds": evidence, "peak_mb": memory, "oracles": by_api,
    }  # fmt: skip
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(content, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()

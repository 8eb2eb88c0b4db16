"""Kill rate, requests, time and false accusations of the suite's profiles and of Schemathesis, on the same mutants.

Every contender is the command its user would type, run once on each mutant of the Neptune emulator and once for each control seed on
the emulator without a fault. All get a running target, a source object that can be loaded, the same seed, and an emulator of their
own that counts what it is asked. Schemathesis gets the OpenAPI document of ``conformance specs openapi neptune``, links included,
with that source filled in. A kill is a finding on the mutant that is in no run of the same contender without a fault. Signatures are
not asked for, as Schemathesis cannot make them, so mutants of that family take no part.
"""

from __future__ import annotations

import argparse
import copy
import functools
import itertools
import json
import os
import subprocess
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track

from benchmarks.contender import CONTENDERS, Place
from benchmarks.counted import counted
from benchmarks.result import RESULTS, write
from conformance import SourceStore
from conformance.adapters.objects import ObjectStore
from conformance.app.children import as_they_end
from conformance.app.processes import object_store
from conformance.app.selftest import sampled
from conformance.emulator import Settings
from conformance.emulator.mutants import Mutant, mutants
from specs import load, to_openapi

SCHEMA = 1
_BUCKET = "bench-peers"
_SOURCE = b"~id,~label,name:String\np1,person,Ada\np2,person,Alan\n"
_JOB_SECONDS = 0.05
_CONTROL_SEEDS = (0, 1, 2)
#: Families of faults that only a signed request shows.
_SIGNED = frozenset({"auth"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One contender on one emulator; without a mutant it is a control. ``exit_code`` is None where it did not end in time."""

    contender: str
    mutant: str | None
    seed: int
    exit_code: int | None
    requests: int
    wall_seconds: float
    cpu_seconds: float
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is to be tried."""

    contender: str
    mutant: str | None
    seed: int
    s3_endpoint: str
    source: str
    limit: float


def document(source: str) -> dict[str, Any]:
    """The exported OpenAPI document, in which the values that only a user can know are filled in."""
    exported = copy.deepcopy(to_openapi(load("neptune")))
    content = exported["paths"]["/loader"]["post"]["requestBody"]["content"]["application/json"]
    known = {"source": source, "iamRoleArn": "arn:aws:iam::123456789012:role/conformance", "region": "us-east-1"}
    for name, value in known.items():
        member = content["schema"]["properties"][name]
        member.pop("examples", None)
        member["enum"] = [value]
    content["example"] = {**known, "format": "csv"}
    return exported


def tried(task: Task) -> Attempt:
    """Run one contender against an emulator of its own."""
    contender = CONTENDERS[task.contender]
    settings = Settings(api="neptune", job_seconds=_JOB_SECONDS, s3_endpoint=task.s3_endpoint, mutant=task.mutant)
    with tempfile.TemporaryDirectory() as folder, counted(settings) as (url, counter):
        place = Place(
            url=url, s3_endpoint=task.s3_endpoint, bucket=_BUCKET, source=task.source, folder=Path(folder),
            openapi=document(task.source),
        )  # fmt: skip
        command = contender.command(place, task.seed)
        began = time.monotonic()
        exit_code, cpu = _run(command, place.folder, task.limit)
        return Attempt(
            contender=task.contender, mutant=task.mutant, seed=task.seed, exit_code=exit_code, requests=counter.requests,
            wall_seconds=round(time.monotonic() - began, 3), cpu_seconds=round(cpu, 3),
            findings=tuple(sorted(contender.findings(place))),
        )  # fmt: skip


def _run(command: Sequence[str], folder: Path, limit: float) -> tuple[int | None, float]:
    """Exit code and CPU seconds of a child; None where it had to be ended."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(["", *filter(None, [os.environ.get("PYTHONPATH")])])}
    environment["PYTHONPATH"] = str(Path(__file__).parents[1]) + environment["PYTHONPATH"]
    with (folder / "output.txt").open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=output, env=environment)
        until = time.monotonic() + limit
        ended = 0
        while not ended and time.monotonic() < until:
            ended, status, usage = os.wait4(process.pid, os.WNOHANG)
            time.sleep(0 if ended else 0.01)
        if not ended:
            process.kill()
            _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode if ended else None, usage.ru_utime + usage.ru_stime


def concluded(name: str, attempts: Sequence[Attempt]) -> dict[str, Any]:
    """What a contender came to."""
    controls = [each for each in attempts if each.mutant is None]
    excused = frozenset(itertools.chain.from_iterable(each.findings for each in controls))
    trials = [each for each in attempts if each.mutant is not None]
    killed = [each.mutant for each in trials if set(each.findings) - excused]
    exits: dict[str, int] = defaultdict(int)
    for each in trials:
        exits[str(each.exit_code)] += 1
    return {
        "name": CONTENDERS[name].name,
        "command": CONTENDERS[name].shown,
        "killed": len(killed),
        "of": len(trials),
        "survived": sorted({str(each.mutant) for each in trials} - {str(each) for each in killed}),
        "requests": _mean([each.requests for each in trials]),
        "wall_seconds": _mean([each.wall_seconds for each in trials]),
        "cpu_seconds": _mean([each.cpu_seconds for each in trials]),
        "exit_codes": dict(exits),
        "controls": len(controls),
        "control_exit_codes": [each.exit_code for each in controls],
        "false_accusations": _mean([len(each.findings) for each in controls]),
        "false_kinds": sorted(excused),
    }


def _mean(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), 2) if values else None


def measured(
    chosen: Sequence[Mutant], names: Sequence[str], *, jobs: int, limit: float, controls: int, known: Sequence[Attempt]
) -> Iterator[Attempt]:
    """Every contender on every mutant, and on the emulator without a fault; what is known is not tried again.

    They come as they end.
    """
    done = {(each.contender, each.mutant, each.seed) for each in known}
    with object_store() as endpoint:
        store = ObjectStore(SourceStore(endpoint=endpoint, bucket=_BUCKET), region="us-east-1")
        source = store.put("peers.csv", _SOURCE)
        store.close()
        task = functools.partial(Task, s3_endpoint=endpoint, source=source, limit=limit)
        tasks = [task(contender=name, mutant=None, seed=seed) for seed in _CONTROL_SEEDS[:controls] for name in names]
        # All contenders on one mutant, then the next: what else the machine does meets them alike.
        tasks += [task(contender=name, mutant=mutant.name, seed=0) for mutant in chosen for name in names]
        due = [each for each in tasks if (each.contender, each.mutant, each.seed) not in done]
        running = as_they_end(tried, due, jobs=jobs)
        for _, ended in track(running, total=len(due), console=Console(stderr=True), transient=True):
            yield ended.result()


def result(attempts: Sequence[Attempt], *, jobs: int, catalogue: int) -> dict[str, Any]:
    """The content of the file of results."""
    names = [name for name in CONTENDERS if any(each.contender == name for each in attempts)]
    sample = sorted({each.mutant for each in attempts if each.mutant is not None})
    return {
        "schema": SCHEMA,
        "jobs": jobs,
        "mutants": len(sample),
        "catalogue": catalogue,
        "sample": sample,
        "contenders": {name: concluded(name, [each for each in attempts if each.contender == name]) for name in names},
        "attempts": [asdict(attempt) for attempt in attempts],
    }


def known_attempts(path: Path) -> list[Attempt]:
    """The attempts of an earlier measurement; none where there is no file."""
    if not path.exists():
        return []
    found = json.loads(path.read_text("utf-8"))["attempts"]
    return [Attempt(**{**each, "findings": tuple(each["findings"])}) for each in found]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sample", type=int, help="that many mutants, evenly over the families; without it, all")
    parser.add_argument("--tools", default=",".join(CONTENDERS), help="contenders, by comma (%(default)s)")
    parser.add_argument("--jobs", type=int, default=1, help="attempts at a time (%(default)s)")
    parser.add_argument("--limit", type=float, default=900.0, help="seconds for one attempt (%(default)s)")
    parser.add_argument("--controls", type=int, choices=(1, 2, 3), default=3, help="runs without a fault (%(default)s)")
    parser.add_argument("--resume", action="store_true", help="keep what the file holds and try only what it lacks")
    parser.add_argument("--out", type=Path, default=RESULTS / "peers.json", help="JSON file (%(default)s)")
    options = parser.parse_args()
    names = options.tools.split(",")
    every = [mutant for mutant in mutants("neptune") if mutant.family not in _SIGNED]
    attempts = known_attempts(options.out) if options.resume else []
    fresh = measured(
        sampled(every, options.sample), names, jobs=options.jobs, limit=options.limit, controls=options.controls,
        known=tuple(attempts),
    )  # fmt: skip
    # Written after each attempt: a measurement that is ended early is not lost.
    for attempt in fresh:
        attempts.append(attempt)
        write(options.out, result(attempts, jobs=options.jobs, catalogue=len(every)))
    for name, row in result(attempts, jobs=options.jobs, catalogue=len(every))["contenders"].items():
        print(f"{name}: {row['killed']} of {row['of']} killed, {row['requests']} requests, {row['wall_seconds']} s, "
              f"{row['cpu_seconds']} s CPU, {row['false_accusations']} false accusations a run")  # fmt: skip


if __name__ == "__main__":
    main()

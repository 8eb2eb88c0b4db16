"""How fast the suite sends, beside a bare loop that sends the same requests.

The suite runs its standard profile against the Neptune emulator, once without signatures and once with SigV4. Every request it
sends is kept as it went out. Then, each time against a fresh emulator on the same port, a plain ``requests.Session`` with default
settings sends the same requests again, one after the other: same methods, paths, headers (signatures too) and bodies; and so does
the suite's own connection. Jobs have other ids then, so more of the answers are refusals, and no job is at work beside: the two
replays can be compared with each other, the suite's run with neither but roughly.

Two rates are given. *Whole*: requests over the time from the first to the last, with everything between them: the suite makes its
data, waits between polls of a job, and judges; a replay does nothing but send. *In flight*: requests over the time while one is
under way, from the call of the client (signing included, where it signs) to the complete answer.

A table of phases tells where a run of the suite spends its time: scenario by scenario the requests, the seconds, how many of them
it slept because a job took its time, and how many a request was under way. What is left is its own work. A run that sleeps cannot
send as many requests a second as a loop that never waits for a job: *awake* is its rate without the seconds asleep.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import requests
import urllib3
from rich.console import Console
from rich.table import Table

from conformance import PROFILES, Call, Credentials, Quiet, Run, SourceStore, Target, execute
from conformance.adapters.http import HttpConnection
from conformance.app.machine import machine
from conformance.app.processes import emulator, object_store
from conformance.emulator import APIS
from conformance.target import Reply, Tampering
from specs import Request, Spec, load

RESULTS = Path(__file__).parent / "results" / "throughput.json"
_KEYS = {"access_key": "conformance", "secret_key": "conformance-secret"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """How many requests in how much time: in all, while one was under way, and without the time asleep."""

    requests: int
    unanswered: int
    whole_seconds: float
    in_flight_seconds: float
    asleep_seconds: float = 0.0

    @property
    def awake(self) -> float:
        return self.requests / (self.whole_seconds - self.asleep_seconds)

    @property
    def whole(self) -> float:
        return self.requests / self.whole_seconds

    @property
    def in_flight(self) -> float:
        return self.requests / self.in_flight_seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """One scenario of a run, or what comes after the last."""

    name: str
    requests: int
    seconds: float
    asleep: float
    in_flight: float


@dataclass(slots=True, kw_only=True)
class Clocked(Quiet):
    """A listener that writes down what each scenario costs."""

    run: Run | None = None
    phases: list[Phase] = field(default_factory=list)
    _name: str = ""
    _marks: tuple[int, float, float, float] = (0, 0.0, 0.0, 0.0)
    _requests: int = 0
    _in_flight: float = 0.0

    def phase(self, name: str, done: int, total: int) -> None:
        del done, total
        asleep = self.run.context.session.asleep if self.run else 0.0
        now = (self._requests, time.perf_counter(), asleep, self._in_flight)
        if self._name:
            requests, seconds, slept, flown = (after - before for after, before in zip(now, self._marks, strict=True))
            row = Phase(name=self._name, requests=int(requests), seconds=seconds, asleep=slept, in_flight=flown)
            self.phases.append(row)
        self._name, self._marks = name, now

    def call(self, call: Call) -> None:
        self._requests += 1
        self._in_flight += call.ended - call.started if call.ended is not None else 0.0


@dataclass(slots=True, kw_only=True)
class Recorder:
    """A connection that keeps every request as it was sent."""

    inner: HttpConnection
    sent: list[Request] = field(default_factory=list)

    def send(self, request: Request, /, *, tampering: Tampering | None = None) -> Reply:
        reply = self.inner.send(request, tampering=tampering)
        self.sent.append(reply.sent)
        return reply

    def close(self) -> None:
        self.inner.close()


def target_of(spec: Spec, url: str, endpoint: str, *, signed: bool) -> Target:
    target = Target(
        api=spec.api,
        url=url,
        edition=spec.edition,
        exclusive=True,
        s3=SourceStore(endpoint=endpoint, bucket=f"bench-{spec.api}"),
    )
    if not signed:
        return target
    credentials = Credentials(scheme=spec.auth.scheme, service=spec.auth.service, **_KEYS)  # type: ignore[arg-type]
    return replace(target, credentials=credentials)


@contextlib.contextmanager
def fresh(api: str, endpoint: str, *, signed: bool, port: int = 0) -> Iterator[str]:
    """A new emulator; on a given port where the signatures of requests already made must hold."""
    flags: dict[str, object] = {"s3_endpoint": endpoint, **({"auth": True, **_KEYS} if signed else {})}
    if port:
        flags["port"] = port
    with emulator(api, flags) as url:
        yield url


def of_suite(spec: Spec, url: str, endpoint: str, *, signed: bool) -> tuple[Rate, list[Request], list[Phase]]:
    target = target_of(spec, url, endpoint, signed=signed)
    recorder = Recorder(inner=HttpConnection(target, stale_seconds=spec.auth.stale_seconds))
    clocked = Clocked()
    run = Run(
        spec=spec, target=target, clauses=spec.clauses, profile=PROFILES["standard"], connection=recorder, listener=clocked
    )  # fmt: skip
    clocked.run = run
    began = time.perf_counter()
    clocked.phase("preflight", 0, 0)
    outcome = execute(run)
    clocked.phase("", 0, 0)
    seconds = time.perf_counter() - began
    answered = [call for call in outcome.history if call.ended is not None]
    in_flight = sum(call.ended - call.started for call in answered if call.ended is not None)
    rate = Rate(
        requests=len(answered),
        unanswered=len(outcome.history) - len(answered),
        whole_seconds=seconds,
        in_flight_seconds=in_flight,
        asleep_seconds=run.context.session.asleep,
    )
    return rate, recorder.sent, clocked.phases


def replayed(sent: Sequence[Request], send: Callable[[Request], bool]) -> Rate:
    """Send again, one after the other; ``send`` tells whether an answer came."""
    in_flight, answered = 0.0, 0
    began = time.perf_counter()
    for request in sent:
        started = time.perf_counter()
        if send(request):
            in_flight += time.perf_counter() - started
            answered += 1
    seconds = time.perf_counter() - began
    return Rate(requests=answered, unanswered=len(sent) - answered, whole_seconds=seconds, in_flight_seconds=in_flight)


def of_loop(sent: Sequence[Request], url: str) -> Rate:
    with requests.Session() as session:

        def send(request: Request) -> bool:
            try:
                session.request(
                    request.method, url + request.target, headers=dict(request.headers), data=request.body, timeout=10
                )
            except requests.RequestException:
                return False
            return True

        return replayed(sent, send)


def of_pool(sent: Sequence[Request], url: str) -> Rate:
    """The floor of both: urllib3 alone, which knows no cookies, no proxies and no redirects."""
    with urllib3.PoolManager(retries=False, timeout=10.0) as pool:

        def send(request: Request) -> bool:
            try:
                pool.urlopen(
                    request.method,
                    url + request.target,
                    headers=dict(request.headers),
                    body=request.body,
                    redirect=False,
                )
            except (urllib3.exceptions.HTTPError, ValueError):
                return False
            return True

        return replayed(sent, send)


def of_connection(sent: Sequence[Request], url: str) -> Rate:
    with contextlib.closing(HttpConnection(Target(api="neptune", url=url))) as connection:
        return replayed(sent, lambda request: connection.send(request).response is not None)


def compared(endpoint: str, *, signed: bool) -> tuple[dict[str, Rate], list[Phase]]:
    spec = load("neptune")
    with fresh(spec.api, endpoint, signed=signed) as url:
        suite, sent, phases = of_suite(spec, url, endpoint, signed=signed)
    rates = {"run of the suite": suite}
    replays = {
        "replay by its connection": of_connection,
        "replay by requests.Session": of_loop,
        "replay by urllib3": of_pool,
    }
    for client, replay in replays.items():
        with fresh(spec.api, endpoint, signed=signed, port=int(url.rpartition(":")[2])) as again:
            rates[client] = replay(sent, again)
    return rates, phases


def of_command(api: str, profile: str) -> dict[str, float | int]:
    """Wall time of the whole command, with the start of its processes, and the requests it sent."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "conformance", "run", api, "--profile", profile, "--out", folder],
            check=False,
            capture_output=True,
        )
        seconds = time.perf_counter() - began
        summary = json.loads((Path(folder) / "summary.json").read_text("utf-8"))
    return {"seconds": round(seconds, 2), "requests": summary["requests"], "exit_code": done.returncode}


def shown(
    console: Console, rates: dict[str, dict[str, Rate]], commands: dict[str, dict[str, dict[str, float | int]]]
) -> None:
    table = Table(title="standard profile of neptune, requests a second", title_justify="left")
    for column in ("signatures", "client", "requests", "unanswered", "whole", "awake", "in flight"):
        table.add_column(column, justify="left" if column in {"signatures", "client"} else "right", no_wrap=True)
    for scheme, clients in rates.items():
        for client, rate in clients.items():
            table.add_row(
                scheme, client, str(rate.requests), str(rate.unanswered),
                f"{rate.whole:.0f}", f"{rate.awake:.0f}", f"{rate.in_flight:.0f}",
            )  # fmt: skip
    console.print(table)
    table = Table(title="conformance run API, whole command", title_justify="left")
    for column in ("API", "profile", "seconds", "requests", "exit code"):
        table.add_column(column, justify="left" if column in {"API", "profile"} else "right")
    for profile, by_api in commands.items():
        for api, row in by_api.items():
            table.add_row(api, profile, f"{row['seconds']:.1f}", str(row["requests"]), str(row["exit_code"]))
    console.print(table)
    console.print(
        "whole: from the first request to the last, waiting and judging included; in flight: only while a request is under way;\nawake: without the time it slept until a job had come further"
    )


def shown_phases(console: Console, phases: Sequence[Phase]) -> None:
    """Scenarios that cost anything worth a line, and all of them together; what comes after the last is clean-up and judging."""
    table = Table(title="where a signed run of neptune spends its time, seconds", title_justify="left")
    for column in ("scenario", "requests", "seconds", "asleep", "in flight", "own work"):
        table.add_column(column, justify="left" if column == "scenario" else "right", no_wrap=True)
    total = Phase(
        name="all", requests=sum(p.requests for p in phases), seconds=sum(p.seconds for p in phases),
        asleep=sum(p.asleep for p in phases), in_flight=sum(p.in_flight for p in phases),
    )  # fmt: skip
    for row in [*(p for p in phases if p.seconds >= total.seconds / 200), total]:
        own = row.seconds - row.asleep - row.in_flight
        times = (row.seconds, row.asleep, row.in_flight, own)
        table.add_row(row.name, str(row.requests), *(f"{seconds:.2f}" for seconds in times))
    console.print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--out", type=Path, default=RESULTS, help="JSON file for the results (%(default)s)")
    options = parser.parse_args()
    with object_store() as endpoint:
        measured = {scheme: compared(endpoint, signed=scheme != "none") for scheme in ("none", "sigv4")}
    rates = {scheme: clients for scheme, (clients, _) in measured.items()}
    commands = {profile: {str(api): of_command(api, profile) for api in APIS} for profile in ("smoke", "standard")}
    console = Console(width=max(Console().width, 100))
    shown(console, rates, commands)
    shown_phases(console, measured["sigv4"][1])
    content = {
        "machine": machine(),
        "rates": {
            scheme: {
                client: {**asdict(rate), "whole": rate.whole, "awake": rate.awake, "in_flight": rate.in_flight}
                for client, rate in clients.items()
            }
            for scheme, clients in rates.items()
        },
        "commands": commands,
        "phases": {scheme: [asdict(phase) for phase in phases] for scheme, (_, phases) in measured.items()},
    }
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(content, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()

"""Calls of one program against a loader with a queue, written down by hand, and records with their timeline."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from typing import Any

from conformance import Call, Finding, Intent, Verdict
from reports import Record, RecordWriter, timeline_of
from specs import Clause, Family, Request, Response, Spec, load
from tests.reports.sample import HEADER, HOSTILE

ORDER = "neptune.StartLoaderJob/queue/fifo"


def spec() -> Spec:
    return load("neptune")


def order_clause() -> Clause:
    return spec().clause(ORDER)


@dataclass
class Script:
    """Calls of a program, one after the other, each of a tenth of a second."""

    name: str = "order"
    group: int = 3
    clock: float = 5.0
    calls: list[Call] = field(default_factory=list)

    def start(self, job: str, *, after: tuple[str, ...] = (), status: int = 200, **changes: Any) -> Call:
        document: dict[str, Any] = {"status": "200 OK", "payload": {"loadId": f"id-{job}"}}
        if status != 200:
            document = {"code": "BadRequestException", "detailedMessage": "the queue is full", "requestId": "1"}
        arguments = {"queueRequest": True} | ({"dependencies": [f"id-{name}" for name in after]} if after else {})
        return self.add("StartLoaderJob", "POST", "start", job, document, status=status, arguments=arguments, **changes)

    def read(self, job: str, status: str, **changes: Any) -> Call:
        document = {"status": "200 OK", "payload": {"overallStatus": {"status": status}}}
        arguments = {"loadId": f"id-{job}"}
        return self.add("GetLoaderJobStatus", "GET", "read", job, document, arguments=arguments, **changes)

    def cancel(self, job: str) -> Call:
        return self.add("CancelLoaderJob", "DELETE", "cancel", job, {"status": "200 OK"})

    def add(
        self, operation: str, method: str, role: str, job: str, document: Any, *, status: int = 200,
        arguments: dict[str, Any] | None = None, **changes: Any,
    ) -> Call:  # fmt: skip
        self.clock += 0.2
        fields: dict[str, Any] = {
            "id": len(self.calls) + 10, "process": 0, "operation": operation,
            "started": self.clock - 0.1, "ended": self.clock,
            "request": Request(method=method, path="/loader"),
            "response": Response(
                status=status, headers={"content-type": "application/json"}, body=json.dumps(document).encode()
            ),
            "intent": Intent(
                scenario=f"program {self.name}", role=role, case=job, group=self.group, arguments=arguments or {}
            ),
        }  # fmt: skip
        self.calls.append(Call(**(fields | changes)))
        return self.calls[-1]

    def finding(self, *evidence: Call, verdict: Verdict = Verdict.FAIL, **changes: Any) -> Finding:
        fields: dict[str, Any] = {
            "clause": order_clause(), "verdict": verdict, "hits": 1, "expected": "a to start before b",
            "actual": "b was running while a was still waiting", "evidence": tuple(call.id for call in evidence),
        }  # fmt: skip
        return Finding(**(fields | changes))

    @property
    def by_id(self) -> dict[int, Call]:
        return {call.id: call for call in self.calls}


def overtaken() -> tuple[Script, Finding]:
    """A later job starts first; one job is refused, one is never answered, one is cancelled, one depends on two."""
    script = Script()
    script.start("hold")
    script.read("hold", "LOAD_IN_PROGRESS")
    script.start("a")
    script.start("b")
    script.start("c", after=("a", "b", "nobody"))
    script.start("d", status=400)
    script.start("e", response=None, ended=None, trouble="timeout")
    for job in ("a", "b", "c"):
        script.read(job, "LOAD_IN_QUEUE")
    script.cancel("hold")
    script.read("hold", "LOAD_CANCELLED_BY_USER")
    started = script.read("b", "LOAD_IN_PROGRESS")
    script.read("a", "LOAD_PAUSED")
    waits = script.read("a", "LOAD_IN_QUEUE")
    script.read("b", "LOAD_COMPLETED")
    script.read("a", "LOAD_IN_PROGRESS", response=Response(status=503, headers={}, body=b""))
    script.read("a", "LOAD_IN_PROGRESS")
    script.read("a", "LOAD_COMPLETED")
    script.read("c", "LOAD_COMPLETED")
    return script, script.finding(started, waits)


def crowded() -> tuple[Script, Finding]:
    """A queue filled beyond what it may hold, and a job that was looked at for long."""
    script = Script(name="fill")
    script.start("long")
    script.read("long", "LOAD_IN_PROGRESS")
    for number in range(100):
        script.start(f"q{number}")
    over = script.start("over")
    for _ in range(90):
        script.read("long", "LOAD_IN_PROGRESS")
    proof = script.read("long", "LOAD_IN_PROGRESS")
    for _ in range(20):
        script.read("long", "LOAD_IN_PROGRESS")
    return script, script.finding(over, proof)


def abused() -> tuple[Script, Finding]:
    """A target, and a history, that put markup wherever they can."""
    script = Script(name=HOSTILE)
    named: dict[str, Any] = {"case": HOSTILE, "scenario": f"program {HOSTILE}", "role": "start", "group": script.group}
    body = json.dumps({"status": "200 OK", "payload": {"loadId": HOSTILE}}).encode()
    script.start("x", intent=Intent(**named), response=Response(status=200, headers={}, body=body))
    body = json.dumps({"code": HOSTILE, "detailedMessage": HOSTILE}).encode()
    refusal = Response(status=400, headers={}, body=body)
    refused = script.start("y", intent=Intent(**(named | {"case": "y" * 300})), response=refusal)
    read = script.read("x", HOSTILE, intent=Intent(**(named | {"role": "read"})))
    return script, script.finding(refused, read)


def told(made: tuple[Script, Finding], *, stream: io.StringIO | None = None) -> Record:
    """The record of a run that found this and nothing else."""
    script, finding = made
    calls = script.by_id
    writer = RecordWriter(stream if stream is not None else io.StringIO(), HEADER)
    evidence = [calls[number] for number in finding.evidence]
    writer.write(finding, calls=evidence, timeline=timeline_of(spec(), finding, calls))
    return writer.finish(requests=len(calls), seconds=9.0)


def unrelated(script: Script) -> list[Finding]:
    """Findings that have no timeline."""
    other = Call(**{name: getattr(script.calls[0], name) for name in Call.__dataclass_fields__} | {"intent": Intent()})
    script.calls[0] = other
    clause = next(each for each in spec().clauses if each.family is Family.PARAMETER_RANGE)
    return [
        script.finding(*script.calls[1:3], verdict=Verdict.PASS), script.finding(verdict=Verdict.FAIL),
        script.finding(other), script.finding(*script.calls[1:3], clause=clause), script.finding(evidence=(9999,)),
    ]  # fmt: skip


def acted() -> tuple[Script, Finding]:
    """Something else is asked of a job than its end; one request about it is refused, and one is about nobody."""
    script = Script(name="unused")
    actions: dict[str, Any] = {"scenario": "actions taken", "group": script.group}
    script.start("job", intent=Intent(role="start", case="job", **actions))
    script.start("job again", intent=Intent(role="start", case="job again", **actions))
    seen = script.read("job", "LOAD_IN_PROGRESS", intent=Intent(role="read", case="job", **actions))
    document = {"code": "BadRequestException", "detailedMessage": "no", "requestId": "1"}
    for case in ("job touch", "job again", "nobody"):
        intent = Intent(role="act", case=case, **actions)
        script.add("CancelLoaderJob", "PUT", "act", case, document, status=400, intent=intent)
    script.read("job", "LOAD_PAUSED", intent=Intent(role="read", case="job", **actions))
    empty = Response(status=503, headers={}, body=b"")
    script.read("job", "", response=empty, intent=Intent(role="read", case="job", **actions))
    script.add("CancelLoaderJob", "DELETE", "cancel", "job", {}, intent=Intent(role="cancel", case="job", **actions))
    return script, script.finding(seen, script.calls[3])


def experimented() -> tuple[Script, Finding]:
    """An experiment of two jobs, one of which is refused."""
    script = Script(name="unused")
    clause = "neptune.StartLoaderJob/format/csv.gz"
    trial: dict[str, Any] = {"scenario": "experiment 0", "group": script.group, "clause": clause}
    script.start("first", intent=Intent(role="start", case="first", **trial))
    outcome = script.read("first", "LOAD_FAILED", intent=Intent(role="outcome", case="first", **trial))
    script.start("again", status=400, intent=Intent(role="start", case="again", **trial))
    found = next(each for each in spec().clauses if each.family is Family.LOAD_SEMANTICS)
    return script, script.finding(outcome, clause=found)

"""Records to render: a plausible run, a large one, and one of a hostile target."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from typing import Any

from conformance import Call, Finding, Intent, Verdict
from reports import Header, Record, RecordWriter, curl_script
from specs import Basis, Clause, Family, Level, Request, Response, Source

HEADER = Header(
    suite_version="0.1.0", api="neptune", title="Amazon Neptune bulk loader", edition="2026", spec_sha256="ab" * 32,
    target={"url": "http://127.0.0.1:8182", "auth": "sigv4", "exclusive": True}, seed=20261122, profile="full",
    settings={"requests_per_second": 200, "job_seconds": 2}, started="2026-11-22T05:31:46Z",
)  # fmt: skip
HOSTILE = (
    "</script><script>document.title='owned';alert(1)</script><!-- <img src=x onerror=alert(2)> ]]> &lt;b&gt; "
    "\x00\x07\x1b[31m \ud800 \u202etxt.exe {{ 7*7 }} '\"` $(id) %s http://evil.example/x"
)


def clause(subject: str = "limit/range-max", **changes: Any) -> Clause:
    fields: dict[str, Any] = {
        "operation": "ListLoaderJobs", "family": Family.PARAMETER_RANGE, "kind": "constraint", "level": Level.MUST,
        "basis": Basis.STATED, "statement": "`limit` is at most 100; greater values are refused.",
        "source": Source(document="000", section="URI Request Parameters", sentences=("b36f9eed85827f64",)),
    }  # fmt: skip
    fields |= changes
    fields.setdefault("id", f"neptune.{fields['operation']}/{subject}")
    return Clause(**fields)


def call(number: int = 1, **changes: Any) -> Call:
    fields: dict[str, Any] = {
        "id": number, "process": 0, "operation": "ListLoaderJobs",
        "started": number * 0.25, "ended": number * 0.25 + 0.031,
        "request": Request(
            method="GET", path="/loader", query=(("limit", "101"),), headers={"accept": "application/json"}
        ),
        "response": Response(
            status=200, headers={"content-type": "application/json", "server": "demo"},
            body=json.dumps({"status": "200 OK", "payload": {"loadIds": ["a" * 36, "b" * 36]}}).encode(),
        ),
        "intent": Intent(scenario="edges", role="outside", case="101"),
    }  # fmt: skip
    return Call(**(fields | changes))


def finding(verdict: Verdict = Verdict.FAIL, *, subject: str = "limit/range-max", **changes: Any) -> Finding:
    own = {key: changes.pop(key) for key in tuple(changes) if key in Clause.__dataclass_fields__}
    fields: dict[str, Any] = {"clause": clause(subject, **own), "verdict": verdict, "hits": 3}
    return Finding(**(fields | changes))


def record_of(
    findings: Sequence[tuple[Finding, Sequence[Call]]], *, header: Header = HEADER, stream: io.StringIO | None = None,
    curl: bool = True, **footer: Any,
) -> Record:  # fmt: skip
    writer = RecordWriter(stream if stream is not None else io.StringIO(), header)
    for found, calls in findings:
        script = ""
        if calls and curl:
            script = curl_script(
                calls, auth_scheme="sigv4", service="neptune-db", region="us-east-1", base_url="http://127.0.0.1:8182"
            )
        writer.write(found, calls=calls, curl=script)
    return writer.finish(**({"requests": 4210, "seconds": 38.4} | footer))


def plausible(*, stream: io.StringIO | None = None) -> Record:
    start = Request(
        method="POST", path="/loader", headers={"content-type": "application/json"},
        body=b'{"source":"s3://b/it\'s","format":"csv","iamRoleArn":"arn:aws:iam::1:role/r","queueRequest":"TRUE"}',
    )  # fmt: skip
    busy = Response(
        status=400, headers={"content-type": "application/json"},
        body=b'{"code":"BadRequestException","message":"Failed to start load because the queue is full",'
        b'"requestId":"0f4a"}',
    )  # fmt: skip
    start_calls = [
        call(40 + at, operation="StartLoaderJob", request=start, response=answer, started=4.1 + at / 10, ended=end,
             intent=Intent(scenario="burst", role=role, case=case), trouble=None if answer else "timeout")
        for at, (answer, end, role, case) in enumerate([
            (Response(status=200, body=b'{"status":"200 OK","payload":{"loadId":"7c"}}'), 4.13, "first", "runs alone"),
            (busy, 4.25, "burst", "job 12 of 64"), (None, None, "burst", "job 13 of 64"),
        ])
    ]  # fmt: skip
    found: list[tuple[Finding, Sequence[Call]]] = [
        (finding(expected="400 with BadRequestException or InvalidParameterException",
                 probes={"inside": 3, "outside": 2}, actual="200 for limit=101, in 2 of 2 tries",
                 reason="accepted a value outside of the range", evidence=(7,)), [call(7)]),
        (finding(subject="queueRequest/queue-capacity", operation="StartLoaderJob", family=Family.LIFECYCLE,
                 statement="While one job runs, 64 more are admitted to the queue before one is refused.",
                 expected="the 64 jobs of the burst are admitted", actual="job 12 of the burst is refused as too many",
                 reading="the running job is not counted", hits=1, evidence=(40, 41, 42),
                 source=Source(document="001", section="queueRequest", sentences=("0d6349ef7d1a949b", "67d6068601#6"))),
         start_calls),
        (finding(Verdict.WARN, subject="errors/request-id", family=Family.ERROR_MAPPING, level=Level.SHOULD,
                 statement="A refusal names the request it refuses.", expected="a requestId",
                 actual="none in 4 refusals", evidence=(41,)), [start_calls[1]]),
        (finding(Verdict.INCONCLUSIVE, subject="job/order", family=Family.LIFECYCLE, operation="StartLoaderJob", hits=0,
                 statement="Queued jobs start in the order they were admitted.",
                 reason="the queue emptied before a second job was seen"), []),
    ]  # fmt: skip
    subjects = ["type", "required", "default", "enum", "encoding", "max-length", "pattern"]
    operations = ["StartLoaderJob", "ListLoaderJobs", "GetLoaderJobStatus", "CancelLoaderJob"]
    for at in range(112):
        verdict, reason, hits = Verdict.PASS, "", 2 + at % 9
        if at % 17 == 3:
            verdict, reason, hits = Verdict.VACUOUS, "no job ended while the list was read", 0
        elif at % 29 == 5:
            verdict, reason, hits = Verdict.UNTESTABLE, "needs a bucket that is not declared", 0
        elif at % 31 == 7:
            verdict, reason, hits = Verdict.NOT_APPLICABLE, "declared: no dependencies", 0
        elif at == 60:
            verdict, reason, hits = Verdict.DISABLED, "disabled in conformance.toml", 0
        item = finding(
            verdict, subject=f"parameter{at // 7}/{subjects[at % 7]}", reason=reason, hits=hits,
            operation=operations[at % 4], family=list(Family)[at * 5 % 7],
            level=Level.SHOULD if at % 11 == 0 else Level.MUST,
            statement=f"`parameter{at // 7}` keeps what the documents say of its {subjects[at % 7]}.",
        )  # fmt: skip
        found.append((item, []))
    return record_of(found, stream=stream)


def hostile() -> Record:
    answer = Response(
        status=200,
        headers={"content-type": "text/html", "x-evil": HOSTILE},
        body=f"<html>{HOSTILE}".encode("utf-8", "replace"),
    )
    noise = Response(status=500, headers={}, body=bytes(range(256)) * 400)
    deep = Response(status=200, headers={}, body=b"[" * 20_000, truncated=True)
    request = Request(
        method="POST", path="/loader", headers={"x-own": HOSTILE}, body=HOSTILE.encode("utf-8", "replace")
    )
    calls = [
        call(at, request=request, response=each, detail=HOSTILE) for at, each in enumerate([answer, noise, deep], 1)
    ]
    return record_of([
        (finding(expected=HOSTILE, actual=HOSTILE * 50, reason=HOSTILE, reading=HOSTILE, statement=HOSTILE,
                 evidence=(1, 2, 3), probes={HOSTILE: 1}), calls),
        (finding(Verdict.VACUOUS, subject="hostile/vacuous", reason=HOSTILE), []),
        (finding(Verdict.ERROR, subject="hostile/error", reason=HOSTILE), []),
        (finding(Verdict.WARN, subject="hostile/warn", actual=HOSTILE), []),
    ])  # fmt: skip


def large(count: int = 10_000, *, kept: int = 17) -> Record:
    """Of ``kept`` + 3 clauses each, so many are kept, one is broken, one vacuous and one a warning."""
    verdicts = [Verdict.PASS] * kept + [Verdict.FAIL, Verdict.VACUOUS, Verdict.WARN]
    return record_of([
        (finding(verdicts[at % len(verdicts)], subject=f"field{at}/type", actual="200", operation=f"Operation{at % 12}",
                 family=list(Family)[at % 7]), [call(at)] if at % len(verdicts) == kept else [])
        for at in range(count)
    ], curl=False)  # fmt: skip

"""A whole run against hostile targets: it ends, says why, and judges what it saw."""

from __future__ import annotations

import threading
import time
from collections import Counter

import pytest

import specs
from conformance.engine import Outcome, Run, execute
from conformance.errors import UnreachableError, WrongApiError
from conformance.history import read_lines, write_line
from conformance.oracles import judge
from conformance.profile import PROFILES
from conformance.verdict import Verdict
from conformance.view import View
from tests.conformance.hostile import behaviours as b
from tests.conformance.hostile.client import SIGV4, target_of
from tests.conformance.hostile.server import Hostile

SPEC = specs.load("neptune")
XML_SPEC = specs.load("s3control")


def run_against(server: Hostile, spec: specs.Spec = SPEC, **settings) -> Run:
    settings = {"exclusive": True, "seconds": 0.25, **settings}
    target = target_of(server.url, **settings)
    return Run(spec=spec, target=target, clauses=spec.clauses, profile=PROFILES["smoke"], seed=1)


def ended(behaviour, spec: specs.Spec = SPEC, **settings) -> tuple[Outcome, Counter[Verdict]]:
    """The outcome of a whole run, judged again from what would be written, and its verdicts."""
    before = set(threading.enumerate())
    with Hostile(behaviour) as server:
        outcome = execute(run_against(server, spec, **settings))
    assert set(threading.enumerate()) <= before
    verdicts = Counter(finding.verdict for finding in outcome.findings)
    assert not [finding.reason for finding in outcome.findings if finding.verdict is Verdict.ERROR]
    return outcome, verdicts


@pytest.mark.parametrize(
    "behaviour",
    [
        b.never_answers, b.drips_its_head, b.drips_its_body, b.drips_its_chunks, b.closes_at_once, b.closes_in_the_body,
        b.not_http, b.binary_noise, b.like_http_0_9, b.long_header, b.many_headers, b.broken_chunk_size, b.not_gzip,
    ],
)  # fmt: skip
def test_a_target_that_gives_no_answer_is_unreachable(behaviour):
    with Hostile(behaviour) as server, pytest.raises(UnreachableError) as raised:
        execute(run_against(server))
    assert server.url in str(raised.value)
    assert str(raised.value).isprintable()


@pytest.mark.parametrize("spec", [SPEC, XML_SPEC], ids=lambda spec: spec.api)
def test_nothing_that_listens_is_unreachable(spec):
    with Hostile(b.never_answers) as server:
        server.stop_listening()
        began = time.monotonic()
        with pytest.raises(UnreachableError, match="expected a target at http://127"):
            execute(run_against(server, spec))
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("status", ["404 Not Found", "405 Method Not Allowed", "302 Found", "501 Not Implemented"])
def test_another_api_is_told_as_such(status):
    with Hostile(b.answering(b.message("nope", status))) as server, pytest.raises(WrongApiError, match=status[:3]):
        execute(run_against(server))


BODIES = {
    "html": b.HTML,
    "nothing": b.message(b""),
    "no content": b.message(b"", "204 No Content"),
    "null": b.message(b"null"),
    "list": b.message(b"[]"),
    "deep": b.message(b.DEEP_JSON),
    **{f"{depth} deep": b.message(b'{"payload":' * depth + b"1" + b"}" * depth) for depth in (199, 300, 900, 960, 980)},
    "long integer": b.message(b.LONG_INTEGER),
    "big integers": b.json_message({"status": 10**300, "payload": {"loadIds": [10**300]}}),
    "not a number": b.message(b'{"status": NaN, "payload": {"loadIds": [Infinity]}}'),
    "wrong charset": b.message('{"status": "é"}'.encode("latin-1"), "200 OK", "Content-Type: application/json"),
    "brotli": b.message(b"this is not brotli", "200 OK", "Content-Encoding: br"),
    "wrong types": b.json_message({"status": [], "payload": {"loadIds": {"a": 1}, "loadId": 7}}),
    "the same id for every job": b.json_message({"status": "200 OK", "payload": {"loadId": "x", "loadIds": ["x"] * 9}}),
    "lone surrogates": b.message(b'{"status": "\\ud800", "payload": {"loadId": "\\udfff", "loadIds": ["\\ud800"]}}'),
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_success_with_a_senseless_body_fails_and_breaks_nothing(body):
    outcome, verdicts = ended(b.answering(body), seconds=2)
    assert outcome.interrupted is None
    assert verdicts[Verdict.FAIL] > 0
    read = list(read_lines(map(write_line, outcome.history)))
    view = View(SPEC, read, exclusive=True, signed=False)
    again = [finding.verdict for finding in judge(SPEC.clauses, view)]
    first = [finding.verdict for finding in outcome.findings]
    told_from_notes = {Verdict.VACUOUS, Verdict.UNTESTABLE}
    assert [pair for pair in zip(first, again, strict=True) if len(set(pair) - told_from_notes) > 1] == []


@pytest.mark.parametrize("body", [b.LAUGHS, b.OUTSIDE % b"file:///etc/passwd", b.deep_xml(5_000), b.DEEP_JSON])
def test_xml_that_is_an_attack_is_a_malformed_body(body):
    outcome, verdicts = ended(b.answering(b.message(body, "200 OK", "Content-Type: application/xml")), XML_SPEC)
    assert verdicts[Verdict.FAIL] > 0
    shapes = [f for f in outcome.findings if f.clause.kind == "body-shape" and f.verdict is Verdict.FAIL]
    assert shapes
    assert all("not XML" in finding.actual or "root element" in finding.actual for finding in shapes)
    assert not [f for f in outcome.findings if "root:" in f.actual]


def test_an_external_entity_is_not_asked_for():
    with Hostile(b.answering(b.message(b""))) as elsewhere:
        body = b.OUTSIDE % f"{elsewhere.url}/evil.dtd".encode()
        ended(b.answering(b.message(body, "200 OK", "Content-Type: application/xml")), XML_SPEC)
        assert elsewhere.connections == 0


def test_server_errors_for_everything_fail_robustness_only():
    outcome, verdicts = ended(b.answering(b.message("no", "500 Internal Server Error")))
    assert outcome.interrupted is None
    failed = {finding.clause.kind for finding in outcome.findings if finding.verdict is Verdict.FAIL}
    assert failed == {"no-server-error"}
    assert verdicts[Verdict.PASS] <= len(SPEC.operations)


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
def test_a_target_that_is_always_busy_proves_nothing(status):
    began = time.monotonic()
    outcome, verdicts = ended(b.answering(b.json_message({"code": "x"}, status, "Retry-After: 3600")))
    assert time.monotonic() - began < 5
    assert outcome.interrupted is None
    assert not {Verdict.FAIL, Verdict.WARN} & set(verdicts)
    assert {f.clause.kind for f in outcome.findings if f.verdict is Verdict.PASS} <= {"answered"}


def test_a_redirect_does_not_carry_the_run_elsewhere():
    with Hostile(b.answering(b.HTML)) as elsewhere:
        ok = b.json_message({"status": "200 OK", "payload": {"loadIds": []}})
        away = b.message(b"", "307 Temporary Redirect", f"Location: {elsewhere.url}/loader")
        ended(b.answering(lambda request: ok if request.startswith(b"GET /loader ") else away), credentials=SIGV4)
        assert (elsewhere.connections, elsewhere.requests) == (0, [])


# -- targets that change in the middle of a run


def _loads() -> bytes:
    return b.json_message({"status": "200 OK", "payload": {"loadIds": []}})


def _after(calls: int, then):
    """Answer so many requests well, and then do something else for ever."""
    lock, seen = threading.Lock(), [0]

    def behave(peer):
        while peer.request() is not None:
            with lock:
                seen[0] += 1
                over = seen[0] > calls
            if over:
                then(peer)
                return
            peer.send(_loads())

    return behave


@pytest.mark.parametrize("then", [b.never_answers, lambda peer: peer.server.stop_listening()], ids=["hangs", "is gone"])
def test_a_target_that_stops_answering_ends_the_run(then):
    began = time.monotonic()
    outcome, verdicts = ended(_after(12, then))
    assert time.monotonic() - began < 5
    assert outcome.interrupted is not None
    assert "in a row were not answered" in outcome.interrupted
    assert sum(call.response is not None for call in outcome.history) == 12
    assert len(outcome.findings) == len(SPEC.clauses)
    assert verdicts[Verdict.PASS] > 0
    assert len(list(read_lines(map(write_line, outcome.history)))) == len(outcome.history)


def test_a_target_that_restarts_is_taken_up_again():
    def behave(peer):
        for _ in range(5):
            if peer.request() is None:
                return
            peer.send(_loads())
        peer.reset()

    outcome, _ = ended(behave)
    assert outcome.interrupted is None
    assert outcome.history.calls[-1].response is not None
    assert not [f for f in outcome.findings if f.clause.kind == "answered" and f.verdict is Verdict.FAIL]


def test_connections_closed_between_requests_are_never_the_targets_fault():
    outcome, _ = ended(b.once(_loads()))
    assert outcome.interrupted is None
    assert sum(call.trouble is not None for call in outcome.history) <= 1
    assert not [f for f in outcome.findings if f.clause.kind == "answered" and f.verdict is Verdict.FAIL]


def test_a_stopped_run_is_judged_by_what_it_saw():
    with Hostile(b.answering(_loads())) as server:
        run = run_against(server)
        session = run.context.session
        session.stopped = lambda: len(session.history) >= 20
        outcome = execute(run)
    assert outcome.interrupted == "interrupted by the user"
    assert len(outcome.history) == 20
    assert len(outcome.findings) == len(SPEC.clauses)


def test_nothing_stays_open_after_a_run_that_could_not_begin():
    closed = []
    with Hostile(b.never_answers) as server:
        run = run_against(server)
        assert run.connection is not None
        close = run.connection.close

        def closing() -> None:
            closed.append(True)
            close()

        run.connection.close = closing  # type: ignore[method-assign]
        with pytest.raises(UnreachableError):
            execute(run)
    assert closed == [True]

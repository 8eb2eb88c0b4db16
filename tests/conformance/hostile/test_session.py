"""A session over hostile connections: patience has an end, secrets are kept, and all is written down."""

from __future__ import annotations

import base64
import json
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

import specs
from conformance import session as session_module
from conformance.answer import Kind
from conformance.errors import BudgetError
from conformance.history import Intent, read_lines, write_line
from conformance.session import Session
from conformance.target import Credentials, Limits, SourceStore
from tests.conformance.hostile import behaviours as b
from tests.conformance.hostile.client import GET, POST, SIGV4, connected, target_of
from tests.conformance.hostile.server import Hostile

if TYPE_CHECKING:
    from collections.abc import Callable

SPEC = specs.load("neptune")
OPERATION = SPEC.operations["ListLoaderJobs"]
THROTTLED = {"code": "TooManyRequestsException", "detailedMessage": "later", "requestId": "1"}


def conversing(behaviour, act: Callable[[Session], object], **settings):
    """Let a function act on a session with a server of one behaviour; gives the session and the server."""
    with Hostile(behaviour) as server, connected(server.url, **settings) as connection:
        session = Session(spec=SPEC, target=target_of(server.url, **settings), connection=connection)
        act(session)
        return session, server


def get(session: Session):
    return session.call(OPERATION, {}, Intent(scenario="test"))


def many(session: Session, times: int) -> None:
    for _ in range(times):
        get(session)


def test_what_was_never_answered_stays_open():
    session, _ = conversing(b.never_answers, get)
    [call] = session.history
    assert (call.trouble, call.response, call.ended) == ("timeout", None, None)


@pytest.mark.parametrize(
    ("behaviour", "trouble"), [(b.closes_after_reading, "dropped"), (b.not_http, "garbage"), (b.not_gzip, "garbage")]
)
def test_what_breaks_is_tried_once_more(behaviour, trouble):
    session, server = conversing(behaviour, get)
    assert [call.trouble for call in session.history] == [trouble, trouble]
    assert len(server.requests) == 2


def test_what_is_too_large_or_late_is_not_tried_again():
    session, _ = conversing(b.long_header, get)
    assert [call.trouble for call in session.history] == ["too-large"]


def test_a_server_error_is_tried_once_more():
    session, _ = conversing(b.answering(b.message("no", "500 Oops")), get)
    assert [session.answer(call).kind for call in session.history] == [Kind.SERVER_ERROR] * 2


@pytest.mark.parametrize(
    "retry_after",
    [
        "3600", "0", "-1", "nan", "inf", "1e9", "99999999999999999999", "soon", "", "\xff", "0.01",
        "Fri, 01 Jan 2100 00:00:00 GMT",
        "Thu, 99 Foo 99999 99:99:99 GMT", "Mon, 01 Jan 0001 00:00:00 +2359",
    ],
)  # fmt: skip
@pytest.mark.parametrize("status", ["503 Service Unavailable", "429 Too Many Requests"])
def test_patience_with_a_busy_target_is_bounded(status, retry_after):
    answer = b.json_message(THROTTLED, status, f"Retry-After: {retry_after}")
    began = time.monotonic()
    session, _ = conversing(b.answering(answer), lambda session: [get(session) for _ in range(5)])
    assert time.monotonic() - began < 1.5
    assert {session.answer(call).kind for call in session.history} == {Kind.THROTTLED}


def test_a_target_busy_for_a_while_is_waited_for():
    answers = iter([b.json_message(THROTTLED, "429 Too Many Requests")] * 2)
    session, _ = conversing(b.answering(lambda _: next(answers, b.json_message({"status": "200 OK"}))), get)
    assert [session.answer(call).kind for call in session.history] == [Kind.THROTTLED, Kind.THROTTLED, Kind.SUCCESS]


def test_a_stopped_session_sends_nothing_more():
    def act(session: Session):
        get(session)
        session.stopped = lambda: True
        with pytest.raises(KeyboardInterrupt):
            get(session)

    session, server = conversing(b.answering(b.json_message({})), act)
    assert (len(session.history), len(server.requests)) == (1, 1)


@pytest.mark.parametrize("limits", [Limits(), Limits(requests_per_second=0.01)])
def test_a_session_can_be_stopped_while_it_waits(limits):
    stop = threading.Event()

    def act(session: Session):
        patient = replace(session.target, limits=limits, timeouts=replace(session.target.timeouts, throttle_max=60.0))
        session.target, session.stopped = patient, stop.is_set
        session.listeners.append(lambda _: threading.Timer(0.05, stop.set).start())
        with pytest.raises(KeyboardInterrupt):
            many(session, 2)

    began = time.monotonic()
    conversing(b.answering(b.json_message(THROTTLED, "429 x", "Retry-After: 30")), act)
    assert time.monotonic() - began < 3


def test_the_budget_counts_every_attempt():
    def act(session: Session):
        with pytest.raises(BudgetError):
            many(session, 9)

    session, server = conversing(b.answering(b.message("", "500 x")), act, limits=Limits(requests=5))
    assert len(session.history) == len(server.requests) == 5


def test_the_answers_of_a_run_do_not_fill_our_memory(monkeypatch):
    monkeypatch.setattr(session_module, "KEPT_CAP", 2500)
    session, _ = conversing(b.answering(b.message(b"x" * 1000)), lambda session: [get(session) for _ in range(4)])
    assert [call.trouble for call in session.history] == [None, None, "too-large", "too-large"]
    assert "2500 bytes" in session.history.calls[-1].detail


# -- secrets

SECRETS = [SIGV4.secret_key, 'a"b\\c/d+e=f&<g>\u00e9%20', "just-a-plain-secret"]


def spellings(secret: str) -> list[str]:
    content = secret.encode()
    return [
        secret, quote(secret, safe=""), quote(secret), quote(secret, safe="").lower() if secret.islower() else secret,
        json.dumps(secret), json.dumps(secret, ensure_ascii=False), json.dumps(secret).replace("/", "\\/"),
        *(base64.b64encode(b"ab"[:n] + content + b"tail").decode() for n in range(3)),
        base64.urlsafe_b64encode(b"user:" + content).decode(),
        secret.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"),
    ]  # fmt: skip


def echoing(secret: str):
    """Tell the client everything it must not tell others: its headers, and the secret in every spelling."""

    def answer(request: bytes) -> bytes:
        head = request.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
        told = {"spellings": spellings(secret), "headers": head, "raw": secret}
        body = json.dumps(told, ensure_ascii=False).encode() + " ".join(spellings(secret)).encode()
        echoed = [f"X-Echo-{line}" for line in head[1:] if ": " in line]
        raw = quote(secret) if not secret.isascii() else secret
        return b.message(body, "200 OK", *echoed, f"X-Secret: {raw}", f"X-Quoted: {quote(secret, safe='')}")

    return b.answering(answer)


@pytest.mark.parametrize("scheme", ["sigv4", "ncloud"])
@pytest.mark.parametrize("secret", SECRETS)
def test_no_secret_gets_into_the_history(secret, scheme):
    credentials = Credentials(scheme=scheme, access_key="AKIDEXAMPLE", secret_key=secret, service="neptune-db")
    session, server = conversing(
        echoing(secret), lambda session: [session.send("x", each, Intent()) for each in (GET, POST)],
        credentials=credentials, s3=SourceStore(endpoint="http://s3.invalid", secret_key=secret),
    )  # fmt: skip
    sent = dict(line.split(": ", 1) for line in server.requests[0].decode("latin-1").split("\r\n") if ": " in line)
    signature = sent.get("Authorization", sent.get("x-ncp-apigw-signature-v2", "")).rpartition("Signature=")[2]
    assert len(signature) >= 44
    written = "".join(write_line(call) for call in session.history)
    kept = [written, *(call.response.body.decode() for call in session.history)]
    inner = base64.b64encode(secret.encode() + b"xx").decode()[: len(secret.encode()) // 3 * 4]
    for secret_text in (secret, json.dumps(secret)[1:-1], quote(secret, safe=""), inner, signature):
        assert not [text for text in kept if secret_text in text], secret_text
    assert "[redacted]" in written
    assert "X-Echo-Host".lower() in written  # and nothing else is lost


def test_no_secret_gets_into_the_history_through_trouble():
    behaviour = b.once(f"{SIGV4.secret_key}\r\n".encode())
    session, _ = conversing(behaviour, get, credentials=SIGV4)
    assert session.history.calls[0].trouble == "garbage"
    assert SIGV4.secret_key not in "".join(map(write_line, session.history))


def test_a_short_secret_is_a_word_like_any_other():
    credentials = replace(SIGV4, secret_key="test")
    body = b'{"status": "latest"}'
    session, _ = conversing(b.answering(b.message(body)), get, credentials=credentials)
    assert session.history.calls[0].response.body == body


def test_a_body_without_secrets_is_kept_byte_by_byte():
    body = bytes(range(256)) * 10
    session, _ = conversing(b.answering(b.message(body)), get, credentials=SIGV4)
    assert session.history.calls[0].response.body == body
    assert [call.response.body for call in read_lines(map(write_line, session.history))] == [body]


def test_a_deliberate_mistake_in_a_signature_is_noted():
    session, server = conversing(
        b.answering(b.message(b"{}")),
        lambda session: session.call(OPERATION, {}, Intent(), tampering="wrong-signature"),
        credentials=SIGV4,
    )
    assert session.history.calls[0].request.headers["X-Conformance-Note"] == "signature: wrong-signature"
    assert b"X-Conformance-Note" not in server.requests[0]

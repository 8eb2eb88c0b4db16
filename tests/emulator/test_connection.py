"""What a connection does with slow clients, failing services and a wish for latency."""

from __future__ import annotations

import json
import socket
import threading
import time

import pytest
from werkzeug import Response

from conformance.emulator.__main__ import parse_settings
from conformance.emulator.connection import Connection
from conformance.emulator.server import Server
from conformance.emulator.settings import Settings


class Echo:
    def handle(self, request):
        if request.path == "/fail":
            raise LookupError("on purpose")
        return Response(json.dumps([request.method, request.environ["RAW_URI"], request.get_data().decode()]))

    def close(self):
        pass


class Wordy(Echo):
    def refuse(self, status, message):
        return Response(f"<Error>{message}</Error>", status=status, content_type="application/xml")


@pytest.fixture
def serve():
    servers = []

    def begin(service, **settings):
        server = Server(service, Settings(api="neptune", **settings))
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        servers.append(server)
        return server

    yield begin
    for server in servers:
        server.shutdown()
        server.server_close()


def ask(server, *pieces):
    with socket.create_connection(server.server_address, timeout=10) as connection:
        for piece in pieces:
            connection.sendall(piece)
        answer = b""
        while data := connection.recv(65_536):
            answer += data
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), head, body


def get(target):
    return f"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode("latin-1")


@pytest.mark.parametrize("target", ["/a%2Fb?x=%ff&y=+", "/%E4", "/\xe4?\xe4", "/a//b/../c"])
def test_the_target_is_handed_on_as_sent(serve, target):
    assert json.loads(ask(serve(Echo()), get(target))[2])[1] == target


@pytest.mark.parametrize("service", [Echo(), Wordy()])
def test_a_failing_service_gives_an_internal_error(serve, service, capfd):
    status, head, body = ask(serve(service), get("/fail"))
    assert status == 500
    assert "LookupError: on purpose" in capfd.readouterr().err
    assert (b"application/xml" in head) == isinstance(service, Wordy)
    assert b"emulator failed" in body


@pytest.mark.parametrize("piece", [b"GET /", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab"])
def test_a_request_that_does_not_arrive_times_out(serve, piece, monkeypatch):
    monkeypatch.setattr(Connection, "READ_SECONDS", 0.05)
    monkeypatch.setattr(Connection, "LINGER_SECONDS", 0.05)
    assert ask(serve(Echo()), piece)[0] == 408


def test_a_silent_connection_is_closed(serve, monkeypatch):
    monkeypatch.setattr(Connection, "IDLE_SECONDS", 0.05)
    with socket.create_connection(serve(Echo()).server_address, timeout=10) as connection:
        assert connection.recv(1) == b""


def test_answers_are_delayed_at_random_up_to_the_latency(serve):
    server = serve(Echo(), latency_seconds=0.05)
    begun = time.monotonic()
    for _ in range(20):
        ask(server, get("/"))
    # Twenty uniform delays below a hundredth of the bound each are not going to happen.
    assert time.monotonic() - begun > 0.01


def test_every_setting_has_a_flag():
    flags = "neptune --port 8182 --job-seconds 0.5 --auth --access-key K --secret-key S --s3-endpoint http://x"
    assert parse_settings(
        [*flags.split(), "--edition", "2023", "--max-stores", "2", "--latency-seconds", "1"]
    ) == Settings(
        api="neptune",
        port=8182,
        job_seconds=0.5,
        auth=True,
        access_key="K",
        secret_key="S",
        s3_endpoint="http://x",
        edition="2023",
        max_stores=2,
        latency_seconds=1,
    )
    assert parse_settings(["omics"]) == Settings(api="omics")

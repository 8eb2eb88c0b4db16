"""What the connection does not do: follow, remember, ask the environment, or tell secrets to others."""

from __future__ import annotations

import contextlib
import datetime as dt
import ipaddress
import socket
import ssl
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as AwsCredentials
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from conformance.adapters.signing import ncloud_signature
from conformance.target import Credentials
from specs import Request
from tests.conformance.hostile import behaviours as b
from tests.conformance.hostile.client import GET, POST, SIGV4, connected, talking
from tests.conformance.hostile.server import Hostile

if TYPE_CHECKING:
    from pathlib import Path

EMPTY = b.answering(b.message(b"{}"))


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
@pytest.mark.parametrize("request_", [GET, POST], ids=["GET", "POST"])
def test_a_redirect_is_an_answer_and_never_followed(status, request_):
    with Hostile(EMPTY) as elsewhere:
        answer = b.message(b"", status, f"Location: {elsewhere.url}/loader")
        with talking(b.answering(answer), credentials=SIGV4) as (server, connection):
            reply = connection.send(request_)
            assert reply.response.status == int(status[:3])
            assert len(server.requests) == 1
        assert (elsewhere.connections, elsewhere.requests) == (0, [])


@pytest.mark.parametrize("location", ["/loader", "//evil.invalid/", "\x01\xff", "http://[::1", ""])
def test_a_redirect_to_itself_or_to_nonsense_is_an_answer(location):
    with talking(b.answering(b.message(b"", "302 Found", f"Location: {location}"))) as (server, connection):
        assert connection.send(GET).response.status == 302
    assert len(server.requests) == 1


def test_cookies_are_not_sent_back():
    with talking(b.answering(b.message(b"{}", "200 OK", "Set-Cookie: session=1; Path=/", "Set-Cookie: b=2"))) as (
        server,
        connection,
    ):
        for _ in range(2):
            assert connection.send(GET).response.headers["set-cookie"] == "session=1; Path=/, b=2"
    assert not [request for request in server.requests if b"cookie" in request.lower()]


def test_proxies_and_netrc_of_the_environment_are_not_asked(monkeypatch, tmp_path: Path):
    (tmp_path / ".netrc").write_text("default login somebody password secret\n", "utf-8")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    with Hostile(EMPTY) as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY", "https_proxy"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        with talking(EMPTY) as (server, connection):
            assert connection.send(GET).response is not None
        assert proxy.connections == 0
    assert b"authorization" not in server.requests[0].lower()


# -- addresses


def test_an_address_of_ipv6_is_reached_and_signed():
    try:
        server = Hostile(EMPTY, host="::1")
    except OSError:
        pytest.skip("the kernel of this machine has no ::1 to listen on, so there is no address of IPv6 to reach")
    with server, connected(server.url, credentials=SIGV4) as connection:
        assert connection.send(GET).response is not None
        _assert_signed(server.requests[0], f"[::1]:{server.port}")


@pytest.mark.parametrize("prefix", ["", "/", "/a", "/a/b/", "/a%20b"])
def test_the_prefix_of_the_url_is_sent_and_signed(prefix):
    with Hostile(EMPTY) as server, connected(server.url + prefix, credentials=SIGV4) as connection:
        request = replace(POST, query=(("b", "2 3"), ("a", "ä/~")))
        assert connection.send(request).response is not None
        line = f"{prefix.rstrip('/')}/loader?b=2%203&a=%C3%A4%2F~"
        assert server.requests[0].startswith(f"POST {line} HTTP/1.1\r\n".encode())
        _assert_signed(server.requests[0], f"127.0.0.1:{server.port}")


def test_the_prefix_of_the_url_is_signed_for_ncloud_too():
    credentials = Credentials(scheme="ncloud", access_key="ACCESSKEY", secret_key="SECRETKEY-LONG")
    with Hostile(EMPTY) as server, connected(f"{server.url}/a", credentials=credentials) as connection:
        connection.send(replace(GET, query=(("page", "0"),)))
    headers = _headers(server.requests[0])
    assert headers["x-ncp-apigw-signature-v2"] == ncloud_signature(
        "GET", "/a/loader?page=0", timestamp=headers["x-ncp-apigw-timestamp"], access_key="ACCESSKEY",
        secret_key="SECRETKEY-LONG",
    )  # fmt: skip


def _headers(raw: bytes) -> dict[str, str]:
    lines = raw.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")[1:]
    return {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}


def _assert_signed(raw: bytes, host: str) -> None:
    """Sign what came by botocore itself, at the time it names, and compare."""
    headers = _headers(raw)
    assert headers["host"] == host
    method, line, _ = raw.split(b"\r\n", 1)[0].decode("ascii").split(" ")
    named = headers["authorization"].partition("SignedHeaders=")[2].partition(",")[0].split(";")
    assert {"host", "x-amz-date"} <= set(named)
    request = AWSRequest(
        method=method,
        url=f"http://{host}{line}",
        data=raw.partition(b"\r\n\r\n")[2],
        headers={name: headers[name] for name in named},
    )
    request.context["timestamp"] = headers["x-amz-date"]
    signer = SigV4Auth(AwsCredentials(SIGV4.access_key, SIGV4.secret_key), SIGV4.service, SIGV4.region)
    wanted = signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request)
    assert headers["authorization"].endswith(f"Signature={wanted}")


# -- kept connections


def test_a_connection_is_kept():
    with talking(EMPTY) as (server, connection):
        for request in (GET, POST, GET, POST):
            assert connection.send(request).response is not None
    assert server.connections == 1


def test_a_connection_closed_between_requests_is_nobodys_fault():
    closed = threading.Event()

    def behave(peer):
        peer.request()
        peer.send(b.message(b"{}"))
        peer.request()  # the next one is read, and the connection closed without an answer to it
        closed.set()

    with talking(behave) as (server, connection):
        replies = [connection.send(GET) for _ in range(5)]
    assert [reply.trouble for reply in replies] == [None] * 5
    assert closed.is_set()
    assert server.connections == 5


def test_a_request_that_may_have_happened_is_not_repeated_behind_the_histories_back():
    def behave(peer):
        peer.request()
        peer.send(b.message(b"{}"))
        peer.request()

    with talking(behave) as (server, connection):
        troubles = [connection.send(POST).trouble for _ in range(6)]
    assert troubles == [None, "dropped", None, None, None, None]  # from then on, each goes out on a new connection
    assert len(server.requests) == 6


def test_a_target_that_closes_after_each_answer_drops_at_most_one_request():
    with talking(b.once(b.message(b"{}"))) as (_, connection):
        troubles = [connection.send(POST).trouble for _ in range(50)]
        assert [connection.send(GET).trouble for _ in range(50)] == [None] * 50
    assert troubles.count("dropped") <= 1
    assert set(troubles) <= {None, "dropped"}


def test_a_target_that_says_it_closes_is_believed():
    with talking(b.once(b.message(b"{}", "200 OK", "Connection: close"))) as (_, connection):
        assert [connection.send(POST).trouble for _ in range(20)] == [None] * 20


def test_a_drop_on_a_new_connection_is_told():
    def behave(peer):
        if peer.number == 1:
            EMPTY(peer)
        peer.request()

    with talking(behave) as (server, connection):
        assert connection.send(GET).response is not None
        server.cut()
        assert connection.send(GET).trouble == "dropped"


def test_an_answer_too_late_is_not_taken_for_that_of_the_next_request():
    def behave(peer):
        if b"slow" in peer.request():
            peer.server.ended.wait(0.25)
        with contextlib.suppress(OSError):
            peer.send(b.message(b"late" if peer.number == 1 else b"right"))

    with talking(behave, seconds=0.15) as (_, connection):
        assert connection.send(Request(method="GET", path="/slow")).trouble == "timeout"
        assert connection.send(GET).response.body == b"right"


# -- TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> tuple[ssl.SSLContext, Path]:
    """A server's context, and the file of its self-signed certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("tls")
    pem = signed.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "both.pem").write_bytes(secret + pem)
    (folder / "certificate.pem").write_bytes(pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")
    return context, folder / "certificate.pem"


def test_a_certificate_nobody_vouches_for_is_refused(certificate):
    with Hostile(EMPTY, tls=certificate[0]) as server, connected(server.url, credentials=SIGV4) as connection:
        reply = connection.send(GET)
    assert reply.trouble == "refused"
    assert "certificate is not trusted: self-signed" in reply.detail
    assert server.requests == []


def test_a_certificate_that_is_vouched_for_is_trusted(certificate):
    context, file = certificate
    with Hostile(EMPTY, tls=context) as server, connected(server.url, ca_file=str(file)) as connection:
        for request in (GET, POST, GET):
            assert connection.send(request).response.body == b"{}"
    assert server.connections == 1


@pytest.mark.parametrize(
    ("behaviour", "trouble"),
    [
        (b.never_answers, "timeout"), (b.drips_its_head, "timeout"), (b.drips_its_body, "timeout"),
        (b.body_without_end, "too-large"), (b.closes_in_the_body, "dropped"), (b.closes_after_reading, "dropped"),
        (b.not_http, "garbage"),
    ],
)  # fmt: skip
def test_trouble_over_tls_is_the_same(certificate, behaviour, trouble):
    context, file = certificate
    with Hostile(behaviour, tls=context) as server, connected(server.url, ca_file=str(file), seconds=1.5) as connection:
        assert connection.send(GET).trouble == trouble


def refuses_at_the_first_byte(peer):
    peer.send(b.message(b"", "400 Bad Request"))


@pytest.mark.parametrize("behaviour", [b.closes_at_once, refuses_at_the_first_byte])
def test_a_plain_target_behind_an_https_url_is_refused(behaviour):
    with Hostile(behaviour) as server, connected(server.url.replace("http:", "https:")) as connection:
        reply = connection.send(GET)
    assert reply.trouble == "refused"
    assert reply.detail


def test_a_target_that_never_ends_its_handshake_is_a_timeout():
    with Hostile(b.never_answers) as server, connected(server.url.replace("http:", "https:")) as connection:
        assert connection.send(GET).trouble == "timeout"


def test_the_file_of_certificates_must_be_there(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"https://127.0.0.1:{listener.getsockname()[1]}"
        with connected(url, ca_file=str(tmp_path / "none.pem")) as connection:
            reply = connection.send(GET)
    assert reply.trouble == "refused"
    assert "none.pem" in reply.detail

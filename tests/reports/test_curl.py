"""Scripts that repeat evidence: they are run with sh and curl, and what arrives is compared with what was sent."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from conformance import Call, Intent
from reports import curl_script
from specs import Request
from tests.reports.sample import HOSTILE, call, hostile, plausible

SECRETS = ("AKIAEXAMPLE", "s3cr3t/key+value")
KEYS = {
    "AWS_ACCESS_KEY_ID": SECRETS[0], "AWS_SECRET_ACCESS_KEY": SECRETS[1],
    "NCLOUD_ACCESS_KEY": "ACCESSKEY", "NCLOUD_SECRET_KEY": "SECRETKEY",
}  # fmt: skip


@dataclass(frozen=True)
class Arrived:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Listener:
    url: str = ""
    arrived: list[Arrived] = field(default_factory=list)


@pytest.fixture
def listener() -> Iterator[Listener]:
    """A server that keeps what arrives."""
    heard = Listener()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            heard.arrived.append(Arrived(self.command, self.requestline.split()[1], headers, body))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def __getattr__(self, name: str) -> object:
            if name.startswith("do_"):
                return self.answer
            raise AttributeError(name)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    heard.url = f"http://127.0.0.1:{server.server_port}"
    yield heard
    server.shutdown()
    thread.join()
    server.server_close()


def script_of(
    *calls: Call, scheme: str = "none", base_url: str = "http://127.0.0.1:1", service: str = "neptune-db"
) -> str:
    return curl_script(calls, auth_scheme=scheme, service=service, region="us-east-1", base_url=base_url)


def run(script: str, folder: Path, *, shell: str = "sh", **environment: str) -> subprocess.CompletedProcess[str]:
    path = folder / "repeat.sh"
    path.write_text(script, encoding="utf-8", newline="\n")
    checked = subprocess.run([shell, "-n", str(path)], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    env = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(folder)} | environment
    return subprocess.run(
        [shell, str(path)],
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        env=env,
        cwd=folder,
        timeout=60,
    )


BODIES = {
    "none": b"",
    "json": b'{"a": "it\'s"}',
    "shell": b"$(touch owned) `touch owned` ${HOME} \\n \\\\ !! ; & | > x",
    "quotes": b"'\"'\"''''\"\"",
    "lines": b"\n\none\r\ntwo\n",
    "nul": b"a\x00b\x00",
    "utf8": "안녕, 世界 é \U0001f600".encode(),
    "bidi": "a\u202eb\u2028c".encode(),
    "every byte": bytes(range(256)) * 3,
    "file": b"@/etc/passwd",
    "percent": b"%s%d%%n\x01%45",
    "digits": b"\x011\x0177\xff8",
    "dash": b"--next\x00 --version",
    "heredoc": b"EOF\n$x\nEOF\n\x07",
    "large text": b"it's " * 60_000,
    "large bytes": bytes(range(256)) * 400,
}


@pytest.mark.parametrize("shell", ["dash", "bash"])
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_the_body_arrives_as_it_was(body: bytes, shell: str, listener: Listener, tmp_path: Path) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    request = Request(method="POST", path="/x", headers={"Content-Type": "application/json"}, body=body)
    done = run(script_of(call(request=request), base_url=listener.url), tmp_path, shell=shell)
    assert done.returncode == 0, done.stderr
    [arrived] = listener.arrived
    assert arrived.body == body
    assert arrived.headers["content-type"] == "application/json"
    assert arrived.headers["content-length"] == str(len(body))
    assert [path.name for path in tmp_path.iterdir()] == ["repeat.sh"]


@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE", "PUT", "OPTIONS", "BREW"])
def test_method_and_target_arrive_as_they_were(method: str, listener: Listener, tmp_path: Path) -> None:
    pairs = (("q", "a b&c=d'\"$(id)`id`{1,2}[3-9]%\n"), ("empty", ""), ("k", "한"))
    request = Request(method=method, path="/a/../b/%2e%2e/it's;{x,y}/[1-3]", query=pairs)
    assert run(script_of(call(request=request), base_url=listener.url), tmp_path).returncode == 0
    [arrived] = listener.arrived
    assert (arrived.method, arrived.target) == (method, request.target)


def test_headers_arrive_and_those_of_curl_are_its_own(listener: Listener, tmp_path: Path) -> None:
    own = {"X-Own": "a 'b' \"c\" $(id) `id` \\", "X-Empty": "", "Accept": "application/xml"}
    lent = {"Host": "evil", "Content-Length": "99", "Connection": "close", "User-Agent": "x", "Accept-Encoding": "br"}
    broken = {"@/etc/passwd": "x", "bad name": "x", "X-Line": "a\r\nx-injected: 1"}
    request = Request(method="POST", path="/", headers=own | lent | broken, body=b"x")
    script = script_of(call(request=request), base_url=listener.url)
    assert run(script, tmp_path).returncode == 0
    headers = listener.arrived[0].headers
    assert {name: headers[name.lower()] for name in own} == own
    assert headers["host"] == listener.url.removeprefix("http://")
    assert headers["content-length"] == "1"
    assert "content-type" not in headers
    assert "x-injected" not in headers
    assert headers["user-agent"].startswith("curl/")


def test_calls_are_repeated_in_their_order(listener: Listener, tmp_path: Path) -> None:
    calls = [call(at, request=Request(method="GET", path=f"/{at}")) for at in (3, 1, 2)]
    done = run(script_of(*calls), tmp_path, BASE_URL=f"{listener.url}")
    assert done.stdout.count("HTTP/1.1 200") == 3
    assert [each.target for each in listener.arrived] == ["/3", "/1", "/2"]


def test_a_path_cannot_lead_to_another_host(listener: Listener, tmp_path: Path) -> None:
    for path in ("@127.0.0.2/", ".evil.example/", "//double/", "/with#fragment"):
        run(script_of(call(request=Request(method="GET", path=path)), base_url=listener.url), tmp_path)
    assert [each.target for each in listener.arrived] == [
        "/@127.0.0.2/",
        "/.evil.example/",
        "//double/",
        "/with%23fragment",
    ]


def test_nothing_a_target_says_leaves_its_quotes(tmp_path: Path, listener: Listener) -> None:
    evil = "x\ntouch owned\n'; touch owned; '$(touch owned)`touch owned`\u2028\u2029\x0b\x0c\r touch owned " + HOSTILE
    intent = Intent(role=evil, case=evil, scenario=evil)
    request = Request(
        method="GET",
        path="/" + evil,
        query=((evil, evil),),
        headers={"X-Evil": evil},
        body=evil.encode("utf-8", "replace"),
    )
    evil_call = call(request=request, intent=intent, operation=evil, trouble=evil, response=None, detail=evil)
    for scheme in ("none", "sigv4", "ncloud"):
        script = script_of(evil_call, scheme=scheme, base_url=listener.url + "/'$(touch owned)`touch owned`\"}")
        run(script, tmp_path, **KEYS)
    assert [path.name for path in tmp_path.iterdir()] == ["repeat.sh"]
    assert {each.body for each in listener.arrived} == {evil.encode("utf-8", "replace")}
    assert len(listener.arrived) == 3


def test_every_script_of_the_samples_is_sound_shell(tmp_path: Path) -> None:
    scripts = [entry.curl for record in (plausible(), hostile()) for entry in record.entries if entry.curl]
    assert len(scripts) > 3
    for at, script in enumerate(scripts):
        path = tmp_path / f"{at}.sh"
        path.write_text(script, encoding="utf-8")
        for shell in ("sh", "bash"):
            assert subprocess.run([shell, "-n", str(path)], check=False).returncode == 0


VECTORS = [
    ("GET", "/api/v1/jobs", (("page", "0"), ("limit", "1000")), "G2ylB19MzjqxJB9rQfSwcknzRhMVTYR8TTQHX1dHa0I="),
    ("GET", "/api/v1/jobs", (), "EYd9Kgk7yrFJXCd/2XdxAjUql+DhiR4aNtCiCCDdeHc="),
    ("POST", "/api/v1/jobs", (), "f1oAt605LpVGl/A/LhpoWBGCDOXR0WAujSMcBWbTHSA="),
]


@pytest.mark.parametrize("vector", VECTORS)
def test_ncloud_signatures(
    vector: tuple[str, str, tuple[tuple[str, str], ...], str], listener: Listener, tmp_path: Path
) -> None:
    method, path, query, signature = vector
    clock = tmp_path / "bin" / "date"
    clock.parent.mkdir()
    clock.write_text("#!/bin/sh\necho 1700000000\n", encoding="utf-8")
    clock.chmod(0o755)
    script = script_of(
        call(request=Request(method=method, path=path, query=query)), scheme="ncloud", base_url=listener.url
    )
    done = run(script, tmp_path, **(KEYS | {"PATH": f"{clock.parent}:{os.environ['PATH']}"}))
    assert done.returncode == 0, done.stderr
    headers = listener.arrived[0].headers
    assert headers["x-ncp-apigw-signature-v2"] == signature
    assert headers["x-ncp-apigw-timestamp"] == "1700000000000"
    assert headers["x-ncp-iam-access-key"] == "ACCESSKEY"


def test_the_ncloud_signature_covers_the_path_of_the_base_url(listener: Listener, tmp_path: Path) -> None:
    run(
        script_of(call(request=Request(method="GET", path="/jobs")), scheme="ncloud"),
        tmp_path,
        BASE_URL=f"{listener.url}/proxy",
        **KEYS,
    )
    [arrived] = listener.arrived
    text = f"GET {arrived.target}\n{arrived.headers['x-ncp-apigw-timestamp']}\nACCESSKEY"
    digest = hmac.new(b"SECRETKEY", text.encode(), hashlib.sha256).digest()
    assert arrived.target == "/proxy/jobs"
    assert arrived.headers["x-ncp-apigw-signature-v2"] == base64.b64encode(digest).decode()


def test_sigv4_signatures_are_those_of_botocore(listener: Listener, tmp_path: Path) -> None:
    body = b'{"source": "it\'s"}'
    request = Request(method="POST", path="/loader", headers={"content-type": "application/json"}, body=body)
    done = run(script_of(call(request=request), scheme="sigv4", base_url=listener.url), tmp_path, **KEYS)
    assert done.returncode == 0, done.stderr
    [arrived] = listener.arrived
    signed_names = arrived.headers["authorization"].partition("SignedHeaders=")[2].partition(",")[0].split(";")
    again = AWSRequest("POST", f"{listener.url}/loader", {n: arrived.headers[n] for n in signed_names}, body)
    again.context["timestamp"] = arrived.headers["x-amz-date"]
    signer = SigV4Auth(Credentials(*SECRETS), "neptune-db", "us-east-1")
    signature = signer.signature(signer.string_to_sign(again, signer.canonical_request(again)), again)
    assert arrived.headers["authorization"].endswith(f"Signature={signature}")
    assert "/us-east-1/neptune-db/aws4_request" in arrived.headers["authorization"]


def test_a_script_holds_no_secret() -> None:
    headers = {
        "Authorization": f"AWS4-HMAC-SHA256 Credential={SECRETS[0]}/2026/x, SignedHeaders=host, Signature=abcdef",
        "X-Amz-Security-Token": SECRETS[1], "Cookie": SECRETS[1], "x-ncp-iam-access-key": SECRETS[0],
        "x-ncp-apigw-signature-v2": SECRETS[1], "X-Amz-Date": "20261122T000000Z",
    }  # fmt: skip
    basic = headers | {"Authorization": f"Basic {SECRETS[1]}, Signature=x"}
    address = f"http://{SECRETS[0]}:secret@127.0.0.1:1/?token={SECRETS[1]}"
    for sent in (headers, basic):
        for case in ("", "stale", "tampered-query", "tampered-body", "wrong-signature", "unknown-key"):
            for scheme in ("none", "sigv4", "ncloud"):
                intent = Intent(role="auth" if case else "control", case=case)
                probe = call(request=Request(method="GET", path="/", headers=sent, query=(("a", "b"),)), intent=intent)
                script = script_of(probe, scheme=scheme, base_url=address)
                assert not any(secret in script for secret in (*SECRETS, "abcdef", ":secret@"))


PLAIN = {"Content-Type": "application/json"}


def probed(way: str, body: bytes = b"", query: tuple[tuple[str, str], ...] = ()) -> Call:
    """A call that was signed wrongly on purpose, as the history keeps it."""
    headers = {
        "Content-Type": "application/json",
        "Authorization": "[redacted]",
        "X-Amz-Date": "19990101T000000Z",
        "x-ncp-apigw-timestamp": "915148800000",
    }
    request = Request(
        method="POST", path="/loader", headers=PLAIN if way == "unsigned" else headers, body=body, query=query
    )
    return call(request=request, intent=Intent(role="auth", case=way))


@pytest.mark.parametrize(
    "way", ["unsigned", "unknown-key", "wrong-signature", "stale", "tampered-body"]
)  # fmt: skip
def test_a_wrong_signature_is_as_wrong_again(way: str, listener: Listener, tmp_path: Path) -> None:
    """What arrives is signed by SigV4 over what it should be, but for the one thing that was wrong."""
    body = b'{"a": 1} ' if way == "tampered-body" else b'{"a": 1}'
    done = run(script_of(probed(way, body), scheme="sigv4", base_url=listener.url), tmp_path, **KEYS)
    assert done.returncode == 0, done.stderr
    [arrived] = listener.arrived
    assert arrived.body == body
    if way == "unsigned":
        assert "authorization" not in arrived.headers
        return
    key = "AKIDNOBODYHASTHISKEY" if way == "unknown-key" else SECRETS[0]
    secret = {"unknown-key": "nobody", "wrong-signature": f"{SECRETS[1]}x"}.get(way, SECRETS[1])
    assert f"Credential={key}/" in arrived.headers["authorization"]
    assert (arrived.headers["x-amz-date"] == "19990101T000000Z") is (way == "stale")
    names = arrived.headers["authorization"].partition("SignedHeaders=")[2].partition(",")[0].split(";")
    again = AWSRequest("POST", f"{listener.url}/loader", {name: arrived.headers[name] for name in names}, b'{"a": 1}')
    again.context["timestamp"] = arrived.headers["x-amz-date"]
    signer = SigV4Auth(Credentials(key, secret), "neptune-db", "us-east-1")
    signature = signer.signature(signer.string_to_sign(again, signer.canonical_request(again)), again)
    assert arrived.headers["authorization"].endswith(f"Signature={signature}")


@pytest.mark.parametrize("way", ["unsigned", "unknown-key", "wrong-signature", "stale", "tampered-query"])
def test_a_wrong_signature_of_naver_cloud_is_as_wrong_again(way: str, listener: Listener, tmp_path: Path) -> None:
    query = (("a", "b"), ("tampered", "1")) if way == "tampered-query" else (("a", "b"),)
    keys = {"NCLOUD_ACCESS_KEY": SECRETS[0], "NCLOUD_SECRET_KEY": SECRETS[1]}
    done = run(script_of(probed(way, query=query), scheme="ncloud", base_url=listener.url), tmp_path, **keys)
    assert done.returncode == 0, done.stderr
    [arrived] = listener.arrived
    if way == "unsigned":
        assert "x-ncp-apigw-signature-v2" not in arrived.headers
        return
    key = "AKIDNOBODYHASTHISKEY" if way == "unknown-key" else SECRETS[0]
    secret = {"unknown-key": "nobody", "wrong-signature": f"{SECRETS[1]}x"}.get(way, SECRETS[1])
    timestamp = arrived.headers["x-ncp-apigw-timestamp"]
    assert arrived.headers["x-ncp-iam-access-key"] == key
    assert (timestamp == "915148800000") is (way == "stale")
    message = f"POST /loader?a=b\n{timestamp}\n{key}".encode()
    wanted = base64.b64encode(hmac.new(secret.encode(), message, hashlib.sha256).digest()).decode()
    assert arrived.headers["x-ncp-apigw-signature-v2"] == wanted


def test_a_query_changed_after_signing_is_told_to_be_beyond_curl() -> None:
    script = script_of(probed("tampered-query", query=(("a", "b"), ("tampered", "1"))), scheme="sigv4")
    assert "which curl cannot do" in script
    assert "REDACTED" in script


def test_missing_keys_are_asked_for_by_name(tmp_path: Path) -> None:
    for scheme, name in (("sigv4", "AWS_ACCESS_KEY_ID"), ("ncloud", "NCLOUD_ACCESS_KEY")):
        done = run(script_of(call(), scheme=scheme), tmp_path)
        assert done.returncode != 0
        assert name in done.stderr


def test_an_unknown_scheme_is_refused() -> None:
    with pytest.raises(ValueError, match="'oauth'"):
        script_of(call(), scheme="oauth")

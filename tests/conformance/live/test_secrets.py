"""No secret gets into anything that a run writes or says, though the target repeats them all in its answers."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from conformance.redaction import REDACTED
from tests.conformance.live.house import house

COMMAND = [sys.executable, "-m", "conformance"]
SECRETS = {
    "ACCESS_SECRET": "wJalrXUtnFEMI/K7MDENG+bPxRfiCY/acc&s=",
    "SESSION_TOKEN": "FwoGZXIvYXdzEBYaDHqa0AP/+tok<en>/x==",
    "S3_SECRET": 's3-sEcReT/with+"quotes"-and=more',
    "S3_TOKEN": "IQoJb3JpZ2luX2VjE-s3-token/+/abc==",
}  # fmt: skip
FILE = """
api = "{api}"
url = "{url}"
exclusive = true
[auth]
scheme = "{scheme}"
access_key = "AKIDOFTHETEST"
secret_key = "env:ACCESS_SECRET"
{token}
[s3]
endpoint = "{s3}"
bucket = "secrets-{api}"
access_key = "AKIDOFS3"
secret_key = "env:S3_SECRET"
session_token = "env:S3_TOKEN"
"""


def spellings(secret: str) -> set[str]:
    """What a secret may look like in a file."""
    found = {secret, quote(secret), quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1]}
    found |= {base64.b64encode(secret.encode()).decode().rstrip("=")[:-1], secret.replace("/", "\\/")}
    return {each for each in found if len(each) >= 8}


class Echo:
    """Repeats all secrets in a header of each answer, and in the message of each refusal."""

    def __init__(self, found) -> None:
        self.inner = found.inner
        self.said = 0

    def __call__(self, request, _):
        response = self.inner.handle(request)
        told = " ".join(SECRETS.values())
        response.headers["X-Echo"] = quote(told)
        response.headers["X-Echo-Plain"] = told
        body = response.get_data()
        for mark in (b'"detailedMessage": "', b'"message": "', b"<Message>"):
            if response.status_code >= 400 and mark in body:
                inside = json.dumps(told)[1:-1] if mark != b"<Message>" else quote(told)
                response.set_data(body.replace(mark, mark + inside.encode() + b" ", 1))
                self.said += 1
                break
        return response


@pytest.mark.parametrize(
    ("api", "scheme", "mutant"),
    [
        ("neptune", "sigv4", "undocumented-format-accepted"),
        ("omics", "sigv4", None),
        ("ncloud", "ncloud", None),
    ],
)  # fmt: skip
def test_no_secret_is_in_any_output(api, scheme, mutant, s3_endpoint, tmp_path):
    keys = {"access_key": "AKIDOFTHETEST", "secret_key": SECRETS["ACCESS_SECRET"]}
    settings = {} if mutant is None else {"mutant": mutant}
    with house(api, s3_endpoint, keys=keys, **settings) as (target, found):
        found.odd = echo = Echo(found)
        token = 'session_token = "env:SESSION_TOKEN"' if scheme == "sigv4" else ""
        text = FILE.format(api=api, url=target.url, scheme=scheme, s3=s3_endpoint, token=token)
        (tmp_path / "target.toml").write_text(text, "utf-8")
        said = []
        for words in (
            ["target", "check", "target.toml", "--jobs"],
            ["run", "--target", "target.toml", "--out", "out", "--family", "parameter-range", "--family", "auth"],
            ["judge", "out/history.jsonl", "--out", "judged"],
            ["report", "out/record.jsonl", "--out", "again"],
        ):
            done = subprocess.run(
                [*COMMAND, *words],
                cwd=tmp_path,
                env={**os.environ, **SECRETS},
                capture_output=True,
                text=True,
                check=False,
            )
            assert "Traceback" not in done.stderr
            said.append(done.stdout + done.stderr)
    assert echo.said > 20
    signed = [
        visit for visit in found.visits if any("Authorization" in name or "Ncp" in name for name in visit.headers)
    ]
    assert len(signed) > 50
    if scheme == "sigv4":
        assert any(visit.headers.get("X-Amz-Security-Token") == SECRETS["SESSION_TOKEN"] for visit in found.visits)
    files = [path for path in tmp_path.rglob("*") if path.is_file() and path.name != "target.toml"]
    assert {"history.jsonl", "record.jsonl", "report.html", "junit.xml", "summary.md", "summary.json"} <= {
        p.name for p in files
    }
    texts = {str(path.relative_to(tmp_path)): path.read_text("utf-8", errors="replace") for path in files}
    texts["what was said"] = "\n".join(said)
    secrets = {name: secret for name, secret in SECRETS.items() if name != "SESSION_TOKEN" or token}
    found_in = [
        (name, where) for name, secret in secrets.items() for where, text in texts.items() if any(s in text for s in spellings(secret))
    ]  # fmt: skip
    assert found_in == []
    assert texts["out/history.jsonl"].count(REDACTED) > 50
    if mutant is not None:
        assert "curl" in texts["out/record.jsonl"]
        assert '"fail"' in texts["out/record.jsonl"]
    assert Path(tmp_path / "target.toml").read_text("utf-8") == text

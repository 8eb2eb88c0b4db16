"""Takes secrets out of what is kept of a conversation, in every spelling a target may echo them in."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import escape

from conformance.target import Credentials, Target
from specs import Request, Response

REDACTED = "[redacted]"
#: Shorter ones are words that stand in many bodies; nobody protects anything with them.
_LEAST = 8
_PERCENT = re.compile("%[0-9A-F]{2}")
_SECRET_HEADERS = frozenset({
    "authorization", "x-amz-security-token", "x-ncp-apigw-signature-v2", "x-ncp-iam-access-key", "cookie",
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Redaction:
    """The spellings of a target's secrets, longest first."""

    needles: tuple[str, ...] = ()

    @classmethod
    def of(cls, target: Target) -> Redaction:
        """What is to be taken out of a conversation with a target."""
        secrets = {target.credentials.secret_key, target.credentials.session_token}
        if target.s3 is not None:
            secrets |= {target.s3.secret_key, target.s3.session_token}
        return cls._of(secrets)

    @classmethod
    def _of(cls, secrets: Iterable[str], known: Iterable[str] = ()) -> Redaction:
        found = {spelling for secret in secrets if len(secret) >= _LEAST for spelling in _spellings(secret)}
        return cls(needles=tuple(sorted({*found, *known}, key=lambda each: (-len(each), each))))

    def knowing(self, credentials: Credentials) -> Redaction:
        """The same with the secrets of other keys taken out as well."""
        secrets = {each for each in (credentials.secret_key, credentials.session_token) if each not in self.needles}
        return self._of(secrets, self.needles) if any(len(each) >= _LEAST for each in secrets) else self

    def request(self, request: Request) -> Request:
        """A request without its signature."""
        headers = request.headers.items()
        return replace(
            request, headers={name: REDACTED if name.lower() in _SECRET_HEADERS else v for name, v in headers}
        )

    def response(self, response: Response, sent: Request) -> Response:
        """A response without the secrets, and without the signature of the request it answers."""
        needles = (*self.needles, *_signature(sent.headers))
        body = response.body
        for needle in needles:
            spelled = needle.encode("utf-8", "surrogatepass")
            if spelled in body:
                body = body.replace(spelled, REDACTED.encode())
        headers = {_without(name, needles): _without(value, needles) for name, value in response.headers.items()}
        if body is response.body and headers == response.headers:
            return response
        return replace(response, headers=headers, body=body)

    def text(self, text: str, sent: Request) -> str:
        """A text without the secrets and the signature of a request."""
        return _without(text, (*self.needles, *_signature(sent.headers)))


def _without(text: str, needles: Iterable[str]) -> str:
    for needle in needles:
        if needle in text:
            text = text.replace(needle, REDACTED)
    return text


def _signature(headers: Mapping[str, str]) -> Iterable[str]:
    """What in the headers of a request proves who sent it; the id of a key does not."""
    for name, value in headers.items():
        lowered = name.lower()
        if lowered == "authorization":
            secret = value.rpartition("Signature=")[2]
        elif lowered in {"x-amz-security-token", "x-ncp-apigw-signature-v2", "cookie"}:
            secret = value
        else:
            continue
        if len(secret) >= _LEAST:
            yield secret
            if not secret.isalnum():
                yield from {quote(secret, safe=""), secret.replace("/", "\\/")} - {secret}


def _spellings(secret: str) -> set[str]:
    """A secret as it is, escaped for URLs, JSON and XML, and inside a text in base64 at each of the three offsets."""
    escaped = json.dumps(secret)[1:-1]
    percent = {quote(secret, safe=""), quote(secret), quote_plus(secret)}
    percent |= {_PERCENT.sub(lambda found: found[0].lower(), each) for each in percent}
    found = {secret, escaped, escaped.replace("/", "\\/"), escape(secret), html.escape(secret)}
    content = secret.encode("utf-8", "surrogatepass")
    for offset in range(3):
        coded = base64.b64encode(b"\0" * offset + content).decode("ascii").rstrip("=")
        # The first and the last characters also hold bits of what stands around the secret.
        inner = coded[(0, 2, 3)[offset] : len(coded) if (offset + len(content)) % 3 == 0 else -1]
        found |= {inner, inner.translate(str.maketrans("+/", "-_"))}
    return found | percent

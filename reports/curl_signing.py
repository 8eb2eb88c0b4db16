"""How curl repeats what was signed wrongly on purpose: each way is wrong in the same place again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace

from conformance import Call
from reports import shell
from reports.location import location

#: The role of calls that probe signatures; their case names the way.
PROBE = "auth"
_NOBODY = ("AKIDNOBODYHASTHISKEY", "nobody")

NCLOUD = """\
# The keys are taken from the environment: NCLOUD_ACCESS_KEY and NCLOUD_SECRET_KEY. Needs openssl.
: "${NCLOUD_ACCESS_KEY:?set it to your access key}" "${NCLOUD_SECRET_KEY:?set it to your secret key}"
prefix="${BASE_URL#*://}"
case "$prefix" in */*) prefix="/${prefix#*/}" ;; *) prefix="" ;; esac

# Signature v2 of a method and a path with its query: HMAC-SHA256 over both, the time and the access key.
# Another access key, secret key and time may be given.
sign() {
  key="${3:-$NCLOUD_ACCESS_KEY}"
  timestamp="${5:-$(date +%s)000}"
  signature="$(printf '%s %s\\n%s\\n%s' "$1" "$prefix$2" "$timestamp" "$key" |
    openssl dgst -sha256 -hmac "${4:-$NCLOUD_SECRET_KEY}" -binary | openssl base64 -A)"
}
"""

NCLOUD_OPTIONS = (
    '--header "x-ncp-apigw-timestamp: $timestamp"',
    '--header "x-ncp-iam-access-key: $key"',
    '--header "x-ncp-apigw-signature-v2: $signature"',
)


def way_of(call: Call) -> str | None:
    """What was wrong with a signature on purpose; None where it was right."""
    return call.intent.case if call.intent.role == PROBE else None


def is_repeatable(call: Call, scheme: str) -> bool:
    """Whether curl can sign a call as it was; it signs what it sends, so that it cannot change the query after that."""
    return not (scheme == "sigv4" and way_of(call) == "tampered-query")


def sigv4_options(call: Call, service: str) -> Iterator[str]:
    """The options by which curl signs a call, right, or wrong as it was."""
    way = way_of(call)
    user = {"unknown-key": ":".join(_NOBODY), "wrong-signature": "$AWS_ACCESS_KEY_ID:${AWS_SECRET_ACCESS_KEY}x"}
    yield f'--aws-sigv4 "aws:amz:$REGION:{service}" --user "{user.get(way or "", "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY")}"'
    yield '${AWS_SESSION_TOKEN:+--header} ${AWS_SESSION_TOKEN:+"x-amz-security-token: $AWS_SESSION_TOKEN"}'
    if way == "stale":
        sent = {name.lower(): value for name, value in call.request.headers.items()}
        yield f"--header {shell.word('x-amz-date: ' + sent.get('x-amz-date', ''))}"
    if way == "tampered-body":
        signed = hashlib.sha256(call.request.body[:-1]).hexdigest()
        yield f"--header {shell.word('x-amz-content-sha256: ' + signed)}"


def ncloud_line(call: Call) -> str:
    """The call of ``sign`` for a call, right, or wrong as it was."""
    way, request = way_of(call), call.request
    if way == "tampered-query":
        request = replace(request, query=request.query[:-1])
    words = [shell.word(request.method), shell.word(location(request))]
    sent = {name.lower(): value for name, value in request.headers.items()}
    more = {
        "unknown-key": list(_NOBODY), "wrong-signature": ['"$NCLOUD_ACCESS_KEY"', '"${NCLOUD_SECRET_KEY}x"'],
        "stale": ['""', '""', shell.word(sent.get("x-ncp-apigw-timestamp", "1"))],
    }  # fmt: skip
    return " ".join(["sign", *words, *more.get(way or "", [])])

"""Scripts that repeat the calls of an evidence with curl, for a reader who has nothing else at hand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote, urlsplit

from conformance import Call
from reports import shell
from reports.curl_signing import NCLOUD, NCLOUD_OPTIONS, is_repeatable, ncloud_line, sigv4_options, way_of
from reports.location import location
from reports.prelude import Prelude

_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_OF_CURL = frozenset({
    "host", "content-length", "transfer-encoding", "connection", "keep-alive", "accept-encoding", "user-agent",
    "expect",
})  # fmt: skip
_OF_SIGNATURE = frozenset({
    "authorization", "proxy-authorization", "cookie", "x-amz-date", "x-amz-content-sha256", "x-amz-security-token",
    "x-ncp-apigw-timestamp", "x-ncp-iam-access-key", "x-ncp-apigw-signature-v2", "x-ncp-apigw-api-key",
})  # fmt: skip
_SECRET = _OF_SIGNATURE - {"authorization", "x-amz-date", "x-amz-content-sha256", "x-ncp-apigw-timestamp"}
_CREDENTIAL = re.compile(r"(?i)\b(credential|signature)=[^,\s]*")
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
_EXPECTING = 1_000_000
"""Above a megabyte curl asks for leave before it sends a body."""

_NOTHING = Prelude()
_SIGV4 = """\
# The access key is taken from the environment: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, and AWS_SESSION_TOKEN if any.
# curl 7.75 or newer; where a query has several parameters or reserved characters, 8.3 or newer signs it right.
: "${AWS_ACCESS_KEY_ID:?set it to your access key}" "${AWS_SECRET_ACCESS_KEY:?set it to your secret key}"
REGION="${REGION:-%s}"
"""


def curl_script(
    calls: Iterable[Call], *, auth_scheme: str, service: str, region: str, base_url: str, prelude: Prelude = _NOTHING
) -> str:
    """A POSIX shell script that repeats the calls in their order; it holds no credentials.

    Args:
        calls: the calls of an evidence, with whole bodies.
        prelude: what must be made anew first.
        auth_scheme: how the target's requests are signed: ``none``, ``sigv4`` or ``ncloud``.
        service: name the SigV4 signature is scoped to.
        region: region it is scoped to, unless the environment says otherwise.
        base_url: where the target listened, unless the environment says otherwise.

    Raises:
        ValueError: there is no such scheme.
    """
    if auth_scheme not in ("none", "sigv4", "ncloud"):
        raise ValueError(f"Expected auth_scheme none, sigv4 or ncloud but got {auth_scheme!r}")
    evidence = list(calls)
    repeated = [*prelude.calls, *evidence]
    schemes = [_scheme_of(call, auth_scheme) for call in repeated]
    parts = [_preamble(len(evidence), len(prelude.calls), base_url)]
    if "sigv4" in schemes:
        parts.append(_SIGV4 % _name(region, default="us-east-1"))
    if "ncloud" in schemes:
        parts.append(NCLOUD)
    for position, (call, scheme) in enumerate(zip(repeated, schemes, strict=True), start=1):
        lines = list(_call_lines(call, scheme=scheme, service=_name(service, default="execute-api")))
        lines = _with_ids(lines, call, prelude)
        if position == len(prelude.calls) + 1 and prelude.calls:
            parts.append("# -- what shows it\n")
        parts.append(f"{shell.comment(_heading(call, position))}\n" + "\n".join(lines) + "\n")
    return "\n".join(parts)


def _with_ids(lines: list[str], call: Call, prelude: Prelude) -> list[str]:
    """The lines with ids that answers before have given in their places; an answer that gives one is kept for it."""
    names = {made.identifier: f"id{number}" for number, made in enumerate(prelude.made, start=1)}
    known = sorted((m for m in prelude.made if m.call < call.id), key=lambda made: -len(made.identifier))
    for made in known:
        variable = "'\"$" + names[made.identifier] + "\"'"
        for form in dict.fromkeys((made.identifier, quote(made.identifier, safe=""))):
            lines = [line.replace(form, variable) if not line.startswith("#") else line for line in lines]
    gives = [made for made in prelude.made if made.call == call.id]
    if not gives:
        return lines
    lines[0] = f"answer=$({lines[0]}"
    lines[-1] = "printf '%s\\n' \"$answer\""
    lines[-2] += ")"
    for made in gives:
        member = re.escape(made.member)
        pattern = f"<{member}>\\([^<]*\\)<" if made.xml else f'"{member}" *: *"\\([^"]*\\)"'
        extract = f"tr -d '\\r\\n' | sed -n 's|.*{pattern}.*|\\1|p'"
        lines.append(f"{names[made.identifier]}=$(printf '%s' \"$answer\" | {extract})")
    return lines


def _preamble(count: int, before: int, base_url: str) -> str:
    calls = "1 call" if count == 1 else f"{count} calls"
    anew = f", after {before} that make{'s' if before == 1 else ''} anew what they need" if before else ""
    ids = (
        "# Ids that the target gives are taken from its answers.\n"
        if before
        else "# Names and ids stand as they were in the run: make them anew where the target keeps no trace of that run.\n"
    )
    return (
        "#!/bin/sh\n"
        f"# Repeats {calls} of a run, in their order, and prints the answers{anew}.\n"
        f"{ids}"
        "set -u\n"
        f'BASE_URL="${{BASE_URL:-{_address(base_url)}}}"\n'
    )


def _address(base_url: str) -> str:
    parts = urlsplit(base_url)
    host = parts.netloc.rpartition("@")[2]
    return quote(f"{parts.scheme}://{host}{parts.path}".rstrip("/"), safe=":/[]%._~-")


def _name(text: str, *, default: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]", "", text) or default


def _scheme_of(call: Call, scheme: str) -> str:
    """How a call is signed when it is repeated: as the target asks for, wrong on purpose as it was, or not at all."""
    if scheme == "none" or way_of(call) == "unsigned":
        return "none"
    return scheme if is_repeatable(call, scheme) else "as-sent"


def _heading(call: Call, position: int) -> str:
    asked = f"{position}. {call.operation} (call {call.id}"
    what = ", ".join(part for part in (call.intent.role, call.intent.case[:200]) if part)
    answer = f"answered {call.response.status}" if call.response else f"not answered: {call.trouble or 'no answer'}"
    return f"{asked}{', ' + what if what else ''}) was {answer}"


def _call_lines(call: Call, *, scheme: str, service: str) -> Iterator[str]:
    method, target = call.request.method, location(call.request)
    options = ["curl --disable --silent --show-error --include --globoff --path-as-is --http1.1 --max-time 60"]
    options.append("--head" if method == "HEAD" else f"--request {shell.word(method)}")
    if scheme == "sigv4":
        options += sigv4_options(call, service)
    elif scheme == "ncloud":
        yield ncloud_line(call)
        options += NCLOUD_OPTIONS
    elif scheme == "as-sent":
        yield "# Its query was changed after signing, which curl cannot do: what it was signed with is replaced by REDACTED."
    options += [f"--header {shell.word(header)}" for header in _headers(call, as_sent=scheme == "as-sent")]
    body = call.request.body
    data = shell.literal(body)
    # "@" would make curl read a file.
    piped = data is None or body.startswith(b"@")
    if body or method in _WITH_BODY:
        options.append("--data-binary " + ("@-" if piped else data or "''"))
    options.append(f'--url "$BASE_URL"{shell.word(target)}')
    if piped:
        yield "{"
        yield from (f"  {line}" for line in shell.printf_lines(body))
        yield "} |"
    yield " \\\n  ".join(options)
    yield "echo"


def _headers(call: Call, *, as_sent: bool) -> Iterator[str]:
    given = {name.lower() for name in call.request.headers}
    for name, value in call.request.headers.items():
        lower = name.lower()
        default = lower == "accept" and value == "*/*"
        if not _TOKEN.fullmatch(name) or lower in _OF_CURL or default or (lower in _OF_SIGNATURE and not as_sent):
            continue
        shown = _redacted(lower, value) if as_sent else value
        yield f"{name}: {shown}" if shown.strip() else f"{name};"
    if (call.request.body or call.request.method in _WITH_BODY) and "content-type" not in given:
        yield "content-type:"
    if len(call.request.body) > _EXPECTING:
        yield "expect:"


def _redacted(name: str, value: str) -> str:
    if name in _SECRET:
        return "REDACTED" if value else ""
    if name != "authorization":
        return value
    scheme, _, rest = value.partition(" ")
    if scheme == "AWS4-HMAC-SHA256" and _CREDENTIAL.search(rest):
        return f"{scheme} " + _CREDENTIAL.sub(r"\1=REDACTED", rest)
    return f"{scheme} REDACTED" if rest else ("REDACTED" if scheme else "")

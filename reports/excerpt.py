"""What a record keeps of a call: bounded bodies and headers, and arguments that are plain JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from conformance import Call
from reports.record import Exchange

BODY_CAP = 16 * 1024
HEADER_CAP = 4 * 1024
TEXT_CAP = 16 * 1024


def excerpt(call: Call, *, cap: int = BODY_CAP) -> Exchange:
    """The call with bodies of at most ``cap`` bytes, and how much was left out."""
    request_body, request_omitted = _cut(call.request.body, cap)
    request = replace(call.request, body=request_body, headers=_headers(call.request.headers))
    response, response_omitted = call.response, 0
    if response is not None:
        body, response_omitted = _cut(response.body, cap)
        response = replace(response, body=body, headers=_headers(response.headers))
    arguments = plain(call.intent.arguments)
    if len(json.dumps(arguments)) > cap:
        arguments = {"omitted": f"arguments of more than {cap} bytes"}
    kept = replace(
        call, request=request, response=response, detail=shorten(call.detail),
        intent=replace(call.intent, arguments=arguments),
    )  # fmt: skip
    return Exchange(call=kept, request_omitted=request_omitted, response_omitted=response_omitted)


def plain(value: Mapping[str, Any]) -> dict[str, Any]:
    """The mapping as JSON knows it: other objects and numbers that JSON lacks become text."""
    try:
        content: dict[str, Any] = json.loads(json.dumps(value, default=str), parse_constant=str)
    except RecursionError:
        return {"omitted": "nested too deeply"}
    return content


def shorten(text: str, *, cap: int = TEXT_CAP) -> str:
    """The text, or its beginning and how much is missing."""
    return text if len(text) <= cap else f"{text[:cap]} [{len(text) - cap} more characters]"


def _headers(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: shorten(value, cap=HEADER_CAP) for name, value in headers.items()}


def _cut(body: bytes, cap: int) -> tuple[bytes, int]:
    if len(body) <= cap:
        return body, 0
    end = cap
    # A character is not cut in two: the rest of the body would then be kept as base64.
    while end > cap - 4 and body[end] & 0xC0 == 0x80:
        end -= 1
    return body[:end], len(body) - end

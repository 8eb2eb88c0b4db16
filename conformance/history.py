"""The one history that drivers write and oracles read."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from specs import Request, Response

SCHEMA_VERSION = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """Why a driver sent a call.

    Attributes:
        scenario: name of the driver.
        role: what the call is in it (``control``, ``inside``, ``outside``, ``walk``, …).
        clause: id of the clause it probes, if it probes one.
        case: the value or side tried, in words.
        group: calls that belong together have the same number; 0 is no group.
        arguments: the arguments the request was built from.
    """

    scenario: str = ""
    role: str = ""
    clause: str | None = None
    case: str = ""
    group: int = 0
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One invocation and its completion.

    ``started`` and ``ended`` are seconds since the beginning of the run, ``ended`` is None for a call that was never
    answered: it may or may not have happened. ``trouble`` says what went wrong below HTTP: ``timeout``, ``dropped``,
    ``refused``, ``garbage``, ``too-large``, ``unsendable``; or ``unheard``, where the suite itself ended before the answer.
    """

    id: int
    process: int
    operation: str
    request: Request
    response: Response | None
    started: float
    ended: float | None
    trouble: str | None = None
    detail: str = ""
    intent: Intent = field(default_factory=Intent)

    def precedes(self, other: Call) -> bool:
        """Whether this call was answered before another one was sent; of two that overlap, neither precedes."""
        return self.ended is not None and self.ended <= other.started and self.id < other.id


@dataclass(slots=True)
class History:
    """The calls of a run in the order of their completion."""

    calls: list[Call] = field(default_factory=list)

    def append(self, call: Call) -> None:
        """Add a call."""
        self.calls.append(call)

    def __iter__(self) -> Iterator[Call]:
        return iter(self.calls)

    def __len__(self) -> int:
        return len(self.calls)


def to_json(call: Call) -> dict[str, Any]:
    """A call as a JSON object; bodies that are not UTF-8 are kept in base64."""
    intent = call.intent
    return {
        "id": call.id, "process": call.process, "operation": call.operation,
        "started": round(call.started, 6), "ended": None if call.ended is None else round(call.ended, 6),
        "request": {
            "method": call.request.method, "path": call.request.path, "query": [list(pair) for pair in call.request.query],
            "headers": dict(call.request.headers), **_body(call.request.body),
        },
        "response": None if call.response is None else {
            "status": call.response.status, "headers": dict(call.response.headers),
            "truncated": call.response.truncated, **_body(call.response.body),
        },
        "trouble": call.trouble, "detail": call.detail,
        "intent": {
            "scenario": intent.scenario, "role": intent.role, "clause": intent.clause, "case": intent.case,
            "group": intent.group, "arguments": intent.arguments,
        },
    }  # fmt: skip


def _body(body: bytes) -> dict[str, str]:
    try:
        return {"body": body.decode("utf-8")}
    except UnicodeDecodeError:
        return {"body64": base64.b64encode(body).decode("ascii")}


def _bytes(content: Mapping[str, Any]) -> bytes:
    if "body64" in content:
        return base64.b64decode(content["body64"], validate=True)
    return str.encode(content["body"], "utf-8")


def from_json(content: Mapping[str, Any]) -> Call:
    """The call that :func:`to_json` wrote; raises KeyError or TypeError for anything else."""
    request, response, intent = content["request"], content["response"], content["intent"]
    return Call(
        id=content["id"], process=content["process"], operation=content["operation"],
        started=content["started"], ended=content["ended"], trouble=content["trouble"], detail=content["detail"],
        request=Request(
            method=request["method"], path=request["path"], query=tuple((n, v) for n, v in request["query"]),
            headers=request["headers"], body=_bytes(request),
        ),
        response=None if response is None else Response(
            status=response["status"], headers=response["headers"], truncated=response["truncated"], body=_bytes(response),
        ),
        intent=Intent(**intent),
    )  # fmt: skip


def write_line(call: Call) -> str:
    """One line of ``history.jsonl``; lone surrogates and binary cases survive through escapes."""
    return json.dumps(to_json(call), ensure_ascii=True, separators=(",", ":"), default=str)


def read_lines(lines: Iterable[str]) -> Iterator[Call]:
    """The calls of a ``history.jsonl``, without its header line.

    A last line that was cut off in the middle is passed over: the calls before it are whole.

    Raises:
        ValueError: a line other than the last is not a call; the message names its number.
    """
    pending: tuple[int, str] | None = None
    for number, line in enumerate(lines, start=1):
        if pending is not None:
            yield _parsed(*pending)
        pending = (number, line)
    if pending is not None:
        try:
            yield _parsed(*pending)
        except ValueError:
            return


def _parsed(number: int, line: str) -> Call:
    try:
        return from_json(json.loads(line))
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"line {number} is not a call of a history: {error}") from error

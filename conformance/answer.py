"""What an answer says: success, refusal, not now, or the service's own failure."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any

from specs import MISSING, MalformedBodyError, Operation, Response, Spec, decode_json, decode_xml, point


class Kind(enum.StrEnum):
    """The kinds of answers."""

    SUCCESS = "success"
    REFUSAL = "refusal"
    THROTTLED = "throttled"
    SERVER_ERROR = "server-error"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer, read by the API's error envelopes; ``name``, ``message`` and ``request_id`` are None where absent."""

    kind: Kind
    status: int | None = None
    name: str | None = None
    message: str | None = None
    request_id: str | None = None
    malformed: str | None = None

    @property
    def refused(self) -> bool:
        """Whether the request was refused for what it is."""
        return self.kind is Kind.REFUSAL

    @property
    def success(self) -> bool:
        """Whether the request was accepted."""
        return self.kind is Kind.SUCCESS

    def described(self) -> str:
        """The answer in a few words."""
        if self.kind is Kind.NONE:
            return "no answer"
        return f"HTTP {self.status}" + (f" {self.name}" if self.name else "")


def answer_of(spec: Spec, response: Response | None) -> Answer:
    """Read a response; a pure function of it and the specification."""
    if response is None:
        return Answer(kind=Kind.NONE)
    status = response.status
    if 200 <= status < 300:
        return Answer(kind=Kind.SUCCESS, status=status)
    tree, malformed = _error_tree(spec, response)
    parts = _parts(spec, response, tree)
    name = parts["code"]
    errors = spec.errors
    throttled = status in errors.throttled_statuses or (name is not None and name in errors.throttled_names)
    kind = Kind.THROTTLED if throttled else Kind.SERVER_ERROR if status >= 500 else Kind.REFUSAL
    return Answer(
        kind=kind,
        status=status,
        name=name,
        message=parts["message"],
        request_id=parts["request_id"],
        malformed=malformed,
    )


def _error_tree(spec: Spec, response: Response) -> tuple[Any, str | None]:
    try:
        if spec.media == "xml":
            return decode_xml(response.body, {}), None
        return decode_json(response.body), None
    except MalformedBodyError as error:
        return None, str(error)


def _parts(spec: Spec, response: Response, tree: Any) -> dict[str, str | None]:
    best: dict[str, str | None] = {"code": None, "message": None, "request_id": None}
    for envelope in spec.errors.envelopes:
        found = {
            "code": _first(envelope.code, response, tree),
            "message": _first(envelope.message, response, tree),
            "request_id": _first(envelope.request_id, response, tree),
        }
        if found["code"] is not None:
            found["code"] = found["code"].rpartition("#")[2].partition(":")[0]
        if sum(value is not None for value in found.values()) > sum(value is not None for value in best.values()):
            best = found
    return best


def _first(places: tuple[str, ...], response: Response, tree: Any) -> str | None:
    for place in places:
        if place.startswith("header:"):
            value: Any = response.headers.get(place.removeprefix("header:").lower(), MISSING)
        else:
            value = point(tree, place)
        if isinstance(value, str) and value.strip():
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
    return None


def body_of(operation: Operation, response: Response) -> Any:
    """The decoded body of a successful answer, MISSING where it is empty; raises MalformedBodyError."""
    if not response.body.strip():
        return MISSING
    spec = operation.response
    if spec.media == "xml":
        return decode_xml(response.body, spec.schema, root=spec.root)
    return decode_json(response.body)


def tree_of(operation: Operation, response: Response | None) -> Any:
    """The decoded body of an answer, MISSING where there is none or it is malformed."""
    if response is None:
        return MISSING
    try:
        return body_of(operation, response)
    except MalformedBodyError:
        return MISSING

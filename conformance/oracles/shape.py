"""Response shape: status, media type, body, and every member of successful answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.answer import body_of
from conformance.history import Call
from conformance.oracles.registry import Tally, oracle
from conformance.view import View
from specs import MISSING, Clause, MalformedBodyError, checker, gather


def successes(clause: Clause, view: View) -> list[Call]:
    """The calls of the clause's operation that were accepted."""
    return view.successes(clause.operation)


@oracle("success-status")
def success_status(clause: Clause, view: View, tally: Tally) -> None:
    """Success has a documented status."""
    statuses = view.spec.operations[clause.operation].response.statuses
    for call in successes(clause, view):
        status = view.answer(call).status
        if status in statuses:
            tally.hit(str(status))
        else:
            tally.breach(call, expected=f"HTTP {' or '.join(map(str, statuses))}", actual=f"HTTP {status}")


@oracle("media-type")
def media_type(clause: Clause, view: View, tally: Tally) -> None:
    """A successful answer names the media type its body has."""
    media = view.spec.operations[clause.operation].response.media
    empty = 0
    for call in successes(clause, view):
        response = call.response
        if response is None or not response.body.strip():
            empty += 1
            continue
        said = response.media_type
        if said.endswith(("/json", "+json")) or "json" in said if media == "json" else "xml" in said:
            tally.hit(said)
        else:
            tally.breach(
                call,
                expected=f"a media type of {media.upper()}",
                actual=f"Content-Type: {response.headers.get('content-type', '(none)')}"[:200],
            )
    if empty and not tally.hits and not tally.broken and view.spec.operations[clause.operation].response.body_optional:
        tally.inapplicable = "the target answers with an empty body, which the documents allow here"


@oracle("body-shape")
def body_shape(clause: Clause, view: View, tally: Tally) -> None:
    """The body of a successful answer can be read, and its root is of the documented type."""
    operation = view.spec.operations[clause.operation]
    schema = operation.response.schema
    check = checker({key: schema[key] for key in ("type", "const") if key in schema})
    for call in successes(clause, view):
        tree = view.tree(call)
        if tree is MISSING:
            assert call.response is not None  # noqa: S101 - a success has a response
            try:
                body_of(operation, call.response)
            except MalformedBodyError as error:
                tally.breach(call, expected=f"a body of {operation.response.media.upper()}", actual=str(error))
                continue
            if operation.response.body_optional:
                tally.hit("empty")
            else:
                tally.breach(call, expected="a body", actual="an empty body")
            continue
        wrong = check(tree)
        if wrong:
            tally.breach(call, expected=f"a body of type {schema['type']}", actual=wrong)
        else:
            tally.hit("body")


@oracle("member")
def member(clause: Clause, view: View, tally: Tally) -> None:
    """A member is there if it must be, and keeps to its type and limits wherever it is."""
    path: list[str] = list(clause.data["path"])
    schema: Mapping[str, Any] = clause.data["schema"]
    required: bool = clause.data["required"]
    check = checker(schema)
    empty = 0
    for call in successes(clause, view):
        tree = view.tree(call)
        if tree is MISSING:
            empty += 1
            continue
        if required:
            for parent in gather(tree, path[:-1]):
                if isinstance(parent, dict) and path[-1] not in parent:
                    tally.breach(
                        call,
                        expected=f"{'.'.join(path)} to be there",
                        actual=f"an object with {', '.join(sorted(parent)[:8]) or 'no members'}",
                    )
        for value in gather(tree, path):
            if value is None and not required and view.spec.nulls_absent:
                continue
            wrong = check(value)
            if wrong:
                tally.breach(call, expected=f"{'.'.join(path)} to keep to {dict(schema)}"[:300], actual=wrong)
            else:
                tally.hit()
    if empty and not tally.hits and not tally.broken and view.spec.operations[clause.operation].response.body_optional:
        tally.inapplicable = "the target answers with an empty body, which the documents allow here"

"""Breaks the form of successful answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from conformance.history import Call
from conformance.view import View
from specs import MISSING, Clause, gather
from tests.conformance.corruption.answers import successes
from tests.conformance.corruption.body import as_xml, retold
from tests.conformance.corruption.draft import Draft
from tests.conformance.corruption.registry import corruption
from tests.conformance.corruption.values import breaking


def _told(clause: Clause, view: View) -> list[Call]:
    """Accepted calls whose answer has a body."""
    return [call for call in successes(view, clause.operation) if view.tree(call) is not MISSING]


@corruption("success has another status", "success-status")
def other_success(clause: Clause, view: View) -> Draft | None:
    calls = successes(view, clause.operation)
    if not calls or calls[0].response is None:
        return None
    documented = view.spec.operations[clause.operation].response.statuses
    status = next(each for each in (203, 200, 299) if each not in documented)
    return Draft(view).answer(calls[0], replace(calls[0].response, status=status))


@corruption("an answer says to be plain text", "media-type")
def other_media(clause: Clause, view: View) -> Draft | None:
    calls = _told(clause, view)
    if not calls or calls[0].response is None:
        return None
    headers = {**calls[0].response.headers, "content-type": "text/plain"}
    return Draft(view).answer(calls[0], replace(calls[0].response, headers=headers))


def _body(name: str, change: Callable[[bytes, bool], bytes], *, empties: bool = False) -> None:
    @corruption(name, "body-shape")
    def changed(clause: Clause, view: View) -> Draft | None:
        spec = view.spec.operations[clause.operation].response
        calls = _told(clause, view)
        if not calls or calls[0].response is None or (empties and spec.body_optional):
            return None
        body = change(calls[0].response.body, spec.media == "xml")
        return Draft(view).answer(calls[0], replace(calls[0].response, body=body))


_body("a body is cut off", lambda body, _: body[: len(body.rstrip()) // 2])
_body("a body is something else", lambda _, xml: as_xml("SomethingElse", {}, {}) if xml else b'["something else"]')
_body("a body is not there", lambda _, __: b"", empties=True)


def _inside(tree: Any, path: Sequence[str]) -> list[dict[str, Any]]:
    """The objects that hold the last member of a path."""
    return [parent for parent in gather(tree, path[:-1]) if isinstance(parent, dict) and path[-1] in parent]


def _holder(clause: Clause, view: View) -> Call | None:
    path = clause.data["path"]
    return next((call for call in _told(clause, view) if any(True for _ in gather(view.tree(call), path))), None)


@corruption("a member that must be there is left out", "member")
def left_out(clause: Clause, view: View) -> Draft | None:
    path, call = clause.data["path"], _holder(clause, view)
    if call is None or not clause.data["required"]:
        return None

    def change(tree: Any) -> None:
        _inside(tree, path)[0].pop(path[-1])

    return Draft(view).answer(call, retold(view, call, change))


@corruption("a member has a value it must not have", "member")
def wrong_value(clause: Clause, view: View) -> Draft | None:
    path, call = clause.data["path"], _holder(clause, view)
    schema: Mapping[str, Any] = clause.data["schema"]
    if call is None:
        return None
    xml = view.spec.operations[clause.operation].response.media == "xml"
    for value in breaking(schema):
        if xml and not _tells_in_xml(value, schema):
            continue
        return Draft(view).answer(call, retold(view, call, lambda tree, value=value: _replaced(tree, path, value)))
    return None


def _tells_in_xml(value: Any, schema: Mapping[str, Any]) -> bool:
    """Whether XML can show that a value is wrong: in it, every scalar is text, and so are an empty object and list."""
    if value in (None, [], [[]]):
        return False
    if schema.get("type") == "string":
        return isinstance(value, str | dict)
    if schema.get("type") in {"object", "array"}:
        return isinstance(value, str) and bool(value)
    return True


def _replaced(tree: Any, path: Sequence[str], value: Any) -> None:
    if path[-1] == "[]":
        next(found for found in gather(tree, path[:-1]) if found)[0] = value
    else:
        _inside(tree, path)[0][path[-1]] = value

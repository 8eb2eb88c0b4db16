"""Bodies taken apart, changed and put together again."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from conformance.history import Call
from conformance.view import View
from specs import MISSING, Operation, Response, point, text_of


def encoded(operation: Operation, tree: Any) -> bytes:
    """The body of an answer of an operation that shows a tree."""
    if operation.response.media != "xml":
        return json.dumps(tree).encode()
    return as_xml(operation.response.root or "Result", tree, operation.response.schema)


def as_xml(root: str, tree: Any, schema: Mapping[str, Any]) -> bytes:
    element = Element(root)
    _fill(element, tree, schema)
    return tostring(element, encoding="utf-8")


def _fill(element: Element, value: Any, schema: Mapping[str, Any]) -> None:
    if isinstance(value, Mapping):
        for name, member in value.items():
            _fill(SubElement(element, name), member, schema.get("properties", {}).get(name, {}))
    elif isinstance(value, list):
        for member in value:
            _fill(SubElement(element, (schema.get("xmlItem") or ["member"])[0]), member, schema.get("items", {}))
    else:
        element.text = text_of(value)


def retold(view: View, call: Call, change: Callable[[Any], Any]) -> Response:
    """The answer of a call with its tree changed; ``change`` works on a copy in place, or returns another tree."""
    assert call.response is not None
    tree = copy.deepcopy(view.tree(call))
    assert tree is not MISSING, f"call {call.id} shows no tree"
    changed = change(tree)
    operation = view.spec.operations[call.operation]
    return replace(call.response, body=encoded(operation, tree if changed is None else changed))


def put(tree: Any, pointer: str, value: Any) -> Any:
    """Set what a pointer leads to, making objects on the way; returns the tree."""
    if not pointer:
        return value
    *way, last = pointer.split("/")[1:]
    inner = tree
    for part in way:
        inner = inner[int(part)] if isinstance(inner, list) else inner.setdefault(part, {})
    inner[last] = value
    return tree


def cut(tree: Any, pointer: str) -> Any:
    """Take away what a pointer leads to; returns the tree."""
    head, _, last = pointer.rpartition("/")
    parent = point(tree, head)
    if isinstance(parent, dict):
        parent.pop(last, None)
    return tree


def items_of(tree: Any, pointer: str) -> list[Any]:
    """The list of items in a tree, put there empty where it is missing."""
    found = point(tree, pointer)
    if not isinstance(found, list):
        put(tree, pointer, [])
        found = point(tree, pointer)
    return list(found)


def with_items(view: View, call: Call, change: Callable[[list[Any]], list[Any]]) -> Response:
    """The list answer of a call with other items."""
    listing = view.spec.operations[call.operation].listing
    assert listing is not None
    pointer = listing.items
    return retold(view, call, lambda tree: put(tree, pointer, change(items_of(tree, pointer))))

"""From arguments to a request, and from a body on the wire to a tree of values."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from specs.message import Request
from specs.operation import Operation

_PLACE = re.compile(r"\{([^}]+)\}")
_INTEGER = re.compile(r"[+-]?\d{1,40}")
#: How deep a body may be nested. Without a limit of ours, it would depend on the interpreter's stack at the moment of
#: reading, and the same body would be read in one place and not in another.
_DEEPEST = 200


class MalformedBodyError(ValueError):
    """A body is not of the media type it should be; the message says why."""


def build(operation: Operation, arguments: Mapping[str, Any], *, headers: Mapping[str, str] | None = None) -> Request:
    """The request of an operation with these arguments, by parameter name; nothing is checked.

    A list in the query is sent as a repeated key; booleans become ``true`` and ``false`` in text.
    """
    path: dict[str, str] = {}
    query: list[tuple[str, str]] = []
    sent = dict(headers or {})
    body: dict[str, Any] = {}
    for parameter in operation.parameters:
        if parameter.name not in arguments:
            continue
        value = arguments[parameter.name]
        if parameter.location == "path":
            path[parameter.name] = quote(text_of(value), safe="", errors="surrogatepass")
        elif parameter.location == "query":
            query.extend((parameter.name, text_of(each)) for each in (value if isinstance(value, list) else [value]))
        elif parameter.location == "header":
            sent[parameter.name] = text_of(value)
        else:
            body[parameter.name] = value
    content = encode(operation, body) if operation.media_sent else b""
    if operation.media_sent:
        sent["Content-Type"] = operation.media_sent
    return Request(
        method=operation.method, path=_PLACE.sub(lambda found: path.get(found[1], ""), operation.path),
        query=tuple(query), headers=sent, body=content,
    )  # fmt: skip


def text_of(value: Any) -> str:
    """A scalar as it stands in a path, a query, a header, or an XML element."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def encode(operation: Operation, body: Mapping[str, Any]) -> bytes:
    """The body of a request as bytes."""
    if operation.body_root is None:
        return json.dumps(body).encode("utf-8")
    root = Element(operation.body_root)
    if operation.body_namespace is not None:
        root.set("xmlns", operation.body_namespace)
    for parameter in operation.parameters:
        if parameter.name in body:
            _element(root, parameter.name, body[parameter.name], parameter.schema)
    text: bytes = tostring(root, encoding="utf-8", xml_declaration=False)
    return b'<?xml version="1.0" encoding="UTF-8"?>' + text


def _element(parent: Element, name: str, value: Any, schema: Mapping[str, Any]) -> None:
    if not _XML_NAME.fullmatch(name):
        return
    child = SubElement(parent, name)
    if isinstance(value, Mapping):
        for key, member in value.items():
            _element(child, key, member, schema.get("properties", {}).get(key, {}))
    elif isinstance(value, list):
        item = (schema.get("xmlItem") or ["member"])[0]
        for member in value:
            _element(child, item, member, schema.get("items", {}))
    else:
        child.text = _xml_text(text_of(value))


_XML_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _xml_text(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)


def decode_json(body: bytes) -> Any:
    """The value of a JSON body; raises MalformedBodyError, also for nesting beyond what can be read, and for NaN."""
    try:
        tree = _DECODER.decode(body.decode(json.detect_encoding(body), "surrogatepass"))
    except (ValueError, RecursionError) as error:
        raise MalformedBodyError(f"not JSON: {error}"[:300]) from error
    if body.count(b"[") + body.count(b"{") > _DEEPEST and _too_deep(tree):
        raise MalformedBodyError(f"not readable: JSON nested more than {_DEEPEST} deep")
    return tree


def _too_deep(tree: Any) -> bool:
    level = [tree]
    for _ in range(_DEEPEST + 1):
        containers = [each for each in level if isinstance(each, dict | list)]
        level = [child for each in containers for child in (each.values() if isinstance(each, dict) else each)]
        if not level:
            return False
    return True


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)


def decode_xml(body: bytes, schema: Mapping[str, Any], *, root: str | None = None) -> Any:
    """The tree of an XML body below its root, typed by a schema as far as there is one.

    Entities and external references are refused (an XML bomb is a malformed body).

    Raises:
        MalformedBodyError: not XML, a forbidden construct, nested too deep, or another root element.
    """
    try:
        element = fromstring(body)
        if root is not None and _local(element.tag) != root:
            raise MalformedBodyError(f"expected the root element {root} but got {_local(element.tag)[:80]}")
        return _tree(element, schema)
    except (ParseError, DefusedXmlException, RecursionError, LookupError, ValueError) as error:
        if isinstance(error, MalformedBodyError):
            raise
        raise MalformedBodyError(f"not XML: {type(error).__name__}: {error}"[:300]) from error


def _local(tag: Any) -> str:
    return str(tag).rpartition("}")[2]


def _tree(element: Element, schema: Mapping[str, Any], depth: int = 0) -> Any:
    if depth > _DEEPEST:
        raise MalformedBodyError(f"not readable: XML nested more than {_DEEPEST} deep")
    kind = schema.get("type")
    if kind in {"array", "object"} and not len(element) and (element.text or "").strip():
        return element.text  # text where a structure is due: kept, so that a schema can tell
    if kind == "array":
        spellings = schema.get("xmlItem")
        items = schema.get("items", {})
        found = [_tree(c, items, depth + 1) for c in element if not spellings or _local(c.tag) in spellings]
        return found if found or not len(element) else {_local(c.tag): _tree(c, {}, depth + 1) for c in element}
    if kind == "object" or len(element):
        properties = schema.get("properties", {})
        return {_local(child.tag): _tree(child, properties.get(_local(child.tag), {}), depth + 1) for child in element}
    return _scalar(element.text or "", kind)


def _scalar(text: str, kind: str | None) -> Any:
    stripped = text.strip()
    if kind == "integer" and _INTEGER.fullmatch(stripped):
        return int(stripped)
    if kind == "boolean" and stripped in {"true", "false"}:
        return stripped == "true"
    if kind == "number":
        try:
            return float(stripped)
        except ValueError:
            return text
    return text

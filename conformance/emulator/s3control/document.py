"""XML documents: requests read along a table of rules, answers written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from conformance.emulator.rule import Items, Pairs, Structure, Text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from xml.etree.ElementTree import Element

    from conformance.emulator.table import Table

_INEXPRESSIBLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


class MalformedXmlError(ValueError):
    """A body is no XML, or not the XML that was asked for."""


def read(body: bytes, *, root: str, table: Table) -> dict[str, Any]:
    """Read a request; namespaces and elements without a rule are ignored.

    Raises:
        MalformedXmlError: The body is not XML, defines entities, has another root, or an element repeats or is a
            structure where text is due, or the other way round.

    """
    try:
        element = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, LookupError, ValueError) as error:
        raise MalformedXmlError("The body is not well-formed XML") from error
    if _local(element) != root:
        raise MalformedXmlError(f"The root element must be {root}")
    return _structure(element, "", table)


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _structure(element: Element, path: str, table: Table) -> dict[str, Any]:
    _refuse_text(element)
    members: dict[str, Any] = {}
    for child in element:
        name = _local(child)
        inner = f"{path}.{name}" if path else name
        if inner not in table:
            continue
        if name in members:
            raise MalformedXmlError(f"Element {inner} occurs twice")
        members[name] = _value(child, inner, table)
    return members


def _value(element: Element, path: str, table: Table) -> Any:
    rule = table[path]
    if isinstance(rule, Structure):
        return _structure(element, path, table)
    if isinstance(rule, Items):
        return _items(element, path, table)
    if isinstance(rule, Pairs):
        return _pairs(element, path)
    text = _scalar(element, path)
    return rule.coerced(text if isinstance(rule, Text) else text.strip())


def _items(element: Element, path: str, table: Table) -> list[Any]:
    _refuse_text(element)
    rule = table[path]
    names = rule.names if isinstance(rule, Items) else ()
    for child in element:
        if _local(child) not in names:
            raise MalformedXmlError(f"Element {path} holds something else than {' or '.join(names)}")
    return [_value(child, f"{path}[]", table) for child in element]


def _pairs(element: Element, path: str) -> dict[str, str]:
    _refuse_text(element)
    pairs: dict[str, str] = {}
    for entry in element:
        parts = {_local(part): _scalar(part, path) for part in entry}
        if _local(entry) != "entry" or set(parts) != {"key", "value"} or len(entry) != len(parts):
            raise MalformedXmlError(f"Element {path} holds something else than entries of a key and a value")
        if parts["key"] in pairs:
            raise MalformedXmlError(f"A key of {path} occurs twice")
        pairs[parts["key"]] = parts["value"]
    return pairs


def _scalar(element: Element, path: str) -> str:
    if len(element):
        raise MalformedXmlError(f"Element {path} must hold text only")
    return element.text or ""


def _refuse_text(element: Element) -> None:
    texts = [element.text, *(child.tail for child in element)]
    if any(text and text.strip() for text in texts):
        raise MalformedXmlError(f"Element {_local(element)} must not hold text")


def is_expressible(text: str) -> bool:
    """Whether XML 1.0 has a way to write a text."""
    return not _INEXPRESSIBLE.search(text)


def escaped(text: str) -> str:
    """Write a text; what XML 1.0 cannot express becomes the replacement character."""
    return _INEXPRESSIBLE.sub("\ufffd", text).translate(_ESCAPES)


def document(content: str) -> str:
    """Complete a root element to a document."""
    return _DECLARATION + content


def element(name: str, content: str) -> str:
    """Write an element around content that is XML already."""
    return f"<{name}>{content}</{name}>"


def leaf(name: str, value: object) -> str:
    """Write an element with one value; nothing for None."""
    if value is None:
        return ""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"<{name}>{escaped(text)}</{name}>"


def written(name: str, value: Any, *, path: str, table: Table) -> str:
    """Write back a value that was read from a request, at a path of that request's table."""
    if value is None:
        return ""
    rule = table[path]
    if isinstance(rule, Structure):
        return element(name, members(value, path=path, table=table))
    if isinstance(rule, Items):
        items = (written(rule.names[0], item, path=f"{path}[]", table=table) for item in value)
        return element(name, "".join(items))
    if isinstance(rule, Pairs):
        return element(
            name, "".join(element("entry", leaf("key", key) + leaf("value", text)) for key, text in value.items())
        )
    return leaf(name, value)


def members(value: Mapping[str, Any], *, path: str, table: Table) -> str:
    """Write the members of a structure."""
    return "".join(written(name, part, path=f"{path}.{name}", table=table) for name, part in value.items())

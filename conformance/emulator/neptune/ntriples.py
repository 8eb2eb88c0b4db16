"""The line-based RDF formats, N-Triples and N-Quads (W3C Recommendations of 2014)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conformance.emulator.neptune.datatype import is_literal
from conformance.emulator.neptune.element import FlawError, Statement
from conformance.emulator.neptune.term import literal, unescaped
from conformance.emulator.neptune.text_line import is_clean, text_lines

if TYPE_CHECKING:
    from typing import BinaryIO

    from conformance.emulator.neptune.element import Sink
    from conformance.emulator.neptune.start_request import StartRequest

# Possessive (`*+`): a way back through millions of characters would have to be kept in memory.
_IRI = r"""<[A-Za-z][A-Za-z0-9+.-]*:(?:[^\x00-\x20<>"{}|\\^`]++|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+>"""
_BLANK = r"_:[\w:](?:[\w:.\-·]*[\w:\-·])?"
_STRING = r'"(?:[^"\\\n\r]++|\\[tbnrf"\'\\]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+"'
_LITERAL = rf"(?P<string>{_STRING})(?:\^\^(?P<type>{_IRI})|@(?P<language>[a-zA-Z]+(?:-[a-zA-Z0-9]+)*))?"
_TRIPLE = rf"(?P<subject>{_IRI}|{_BLANK})[ \t]*(?P<predicate>{_IRI})[ \t]*(?P<object>{_IRI}|{_BLANK}|{_LITERAL})"
_END = r"[ \t]*\.[ \t]*(?:#.*)?"
_NTRIPLES = re.compile(rf"[ \t]*{_TRIPLE}{_END}")
_NQUADS = re.compile(rf"[ \t]*{_TRIPLE}[ \t]*(?P<graph>{_IRI}|{_BLANK})?{_END}")
_EMPTY = re.compile(r"[ \t]*(?:#.*)?")


class NTriplesParser:
    """Reads one statement a line."""

    PATTERN = _NTRIPLES

    def __init__(self, request: StartRequest) -> None:
        self._default_graph = f"<{request.parser.named_graph_uri}>"

    def parse(self, stream: BinaryIO, sink: Sink) -> None:
        """Give every statement of ``stream`` to ``sink``; the record number is that of the line."""
        for number, line in enumerate(text_lines(stream), start=1):
            bare = line.rstrip("\r\n")
            if not _EMPTY.fullmatch(bare):
                sink(number, self._statement(bare))

    def _statement(self, line: str) -> Statement | FlawError:
        matched = self.PATTERN.fullmatch(line)
        if not matched or not is_clean(line):
            return FlawError("The line is not a statement")
        parts = matched.groupdict()
        value = unescaped(parts["object"])
        if parts["string"]:
            text, datatype = unescaped(parts["string"][1:-1]), unescaped((parts["type"] or "")[1:-1])
            if datatype and not is_literal(text, datatype):
                return FlawError("The literal does not fit its datatype", count="datatype_mismatch_errors")
            value = literal(text, datatype=datatype, language=parts["language"])
        return Statement(
            subject=unescaped(parts["subject"]),
            predicate=unescaped(parts["predicate"]),
            object=value,
            graph=unescaped(parts.get("graph") or self._default_graph),
        )


class NQuadsParser(NTriplesParser):
    """Reads one statement a line, with its graph."""

    PATTERN = _NQUADS

"""The RDF formats with a grammar of their own, Turtle and RDF/XML, read by rdflib."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any
from xml.sax import SAXException

import rdflib
from rdflib.exceptions import ParserError
from rdflib.parser import InputSource
from rdflib.plugins.parsers.notation3 import BadSyntax
from rdflib.plugins.stores.memory import SimpleMemory

from conformance.emulator.neptune.datatype import is_literal
from conformance.emulator.neptune.element import FeedError, FlawError, Statement
from conformance.emulator.neptune.term import literal

if TYPE_CHECKING:
    from typing import BinaryIO

    from conformance.emulator.neptune.element import Item, Sink
    from conformance.emulator.neptune.start_request import StartRequest

# rdflib reports every literal it cannot convert; those are counted here anyway.
logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)
logging.getLogger("rdflib.plugins.parsers").setLevel(logging.CRITICAL)


class RdfParser:
    """Gives rdflib's statements to a sink one by one, so that none is kept.

    rdflib reads RDF/XML as a stream, but holds the text of a Turtle document in memory.
    """

    NAMES = {"turtle": "turtle", "rdfxml": "xml"}  # noqa: RUF012 - read only

    def __init__(self, request: StartRequest) -> None:
        self._request = request

    def parse(self, stream: BinaryIO, sink: Sink) -> None:
        """Give every statement of ``stream`` to ``sink``; after a syntax error nothing more can be read."""
        store = _SinkStore(sink, f"<{self._request.parser.named_graph_uri}>")
        graph = rdflib.Graph(store=store, bind_namespaces="none")
        try:
            graph.parse(self._source(stream), format=self.NAMES[self._request.format])
        except (BadSyntax, ParserError, SAXException, UnicodeError, RecursionError, ValueError) as error:
            message = str(error).partition("\n")[0]
            raise FeedError(f"The document cannot be read: {message[:200]}") from None

    def _source(self, stream: BinaryIO) -> InputSource:
        source = InputSource()
        source.setByteStream(stream)
        source.setPublicId(self._request.parser.base_uri)
        return source


class _SinkStore(SimpleMemory):
    """A store that passes statements on."""

    def __init__(self, sink: Sink, graph: str) -> None:
        super().__init__()
        self._sink = sink
        self._graph_name = graph
        self._number = 0

    def add(self, triple: Any, context: Any, quoted: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
        self._number += 1
        self._sink(self._number, self._item(triple))

    def _item(self, triple: Any) -> Item:
        subject, predicate, value = triple
        if isinstance(value, rdflib.Literal) and value.datatype and not is_literal(str(value), str(value.datatype)):
            return FlawError("The literal does not fit its datatype", count="datatype_mismatch_errors")
        return Statement(
            subject=_term(subject), predicate=_term(predicate), object=_term(value), graph=self._graph_name
        )


def _term(found: Any) -> str:
    """A term as the formats with lines give it; rdflib's own text of a number is not always the one that was read."""
    if isinstance(found, rdflib.Literal):
        return literal(str(found), datatype=found.datatype and str(found.datatype), language=found.language)
    return f"_:{found}" if isinstance(found, rdflib.BNode) else f"<{found}>"

"""The RDF formats with a grammar of their own, Turtle and RDF/XML, read by rdflib."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, cast
from xml.sax import SAXException

import rdflib
from rdflib.exceptions import ParserError
from rdflib.parser import InputSource
from rdflib.plugins.parsers.notation3 import BadSyntax, RDFSink, SinkParser
from rdflib.plugins.stores.memory import SimpleMemory

from conformance.emulator.neptune.datatype import is_literal
from conformance.emulator.neptune.element import FeedError, FlawError, Statement
from conformance.emulator.neptune.term import literal
from conformance.emulator.neptune.turtle_text import whole_statements

if TYPE_CHECKING:
    from typing import BinaryIO

    from conformance.emulator.neptune.element import Item, Sink
    from conformance.emulator.neptune.start_request import StartRequest

# rdflib reports every literal it cannot convert; those are counted here anyway.
logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)
logging.getLogger("rdflib.plugins.parsers").setLevel(logging.CRITICAL)


# The last three are what rdflib meets, unprepared, in texts that are cut off or nested wrongly.
_BROKEN = (
    BadSyntax,
    ParserError,
    SAXException,
    UnicodeError,
    RecursionError,
    ValueError,
    AssertionError,
    LookupError,
    AttributeError,
)


class RdfParser:
    """Gives rdflib's statements to a sink one by one, so that none is kept.

    rdflib reads RDF/XML as a stream; Turtle is given to it statement by statement.
    """

    def __init__(self, request: StartRequest) -> None:
        self._request = request

    def parse(self, stream: BinaryIO, sink: Sink) -> None:
        """Give every statement of ``stream`` to ``sink``; after a syntax error nothing more can be read."""
        store = _SinkStore(sink, f"<{self._request.parser.named_graph_uri}>")
        graph = rdflib.Graph(store=store, bind_namespaces="none")
        try:
            if self.is_turtle():
                self._feed(graph, stream)
            else:
                graph.parse(self._source(cast("BinaryIO", _Bounded(stream, store))), format="xml")
        except _BROKEN as error:
            message = str(error).partition("\n")[0]
            raise FeedError(f"The document cannot be read: {message[:200]}") from None

    def is_turtle(self) -> bool:
        """Tell whether the text is Turtle, and not RDF/XML."""
        return self._request.format == "turtle"

    def _feed(self, graph: rdflib.Graph, stream: BinaryIO) -> None:
        parser: Any = SinkParser(RDFSink(graph), baseURI=self._request.parser.base_uri, turtle=True)
        parser.startDoc()
        for text in whole_statements(stream):
            parser.feed(text)
        parser.endDoc()

    def _source(self, stream: BinaryIO) -> InputSource:
        source = InputSource()
        source.setByteStream(stream)
        source.setPublicId(self._request.parser.base_uri)
        return source


class _Bounded:
    """A stream that ends in an error where a long part of it holds no statement: the parser would keep all of it."""

    MAX_PART = 16 * 1_024 * 1_024

    def __init__(self, inner: BinaryIO, store: _SinkStore) -> None:
        self._inner = inner
        self._store = store
        self._seen = 0
        self._bytes = 0

    def read(self, size: int = -1) -> bytes:
        if self._store.number != self._seen:
            self._seen, self._bytes = self._store.number, 0
        data = self._inner.read(size)
        self._bytes += len(data)
        if self._bytes > self.MAX_PART:
            raise FeedError(f"{self.MAX_PART} bytes hold no statement")
        return data

    def close(self) -> None:
        self._inner.close()


class _SinkStore(SimpleMemory):
    """A store that passes statements on."""

    def __init__(self, sink: Sink, graph: str) -> None:
        super().__init__()
        self._sink = sink
        self._graph_name = graph
        self.number = 0

    def add(self, triple: Any, context: Any, quoted: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
        self.number += 1
        self._sink(self.number, self._item(triple))

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

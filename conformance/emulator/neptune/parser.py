"""Which parser reads which format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from conformance.emulator.neptune.gremlin import GremlinParser
from conformance.emulator.neptune.ntriples import NQuadsParser, NTriplesParser
from conformance.emulator.neptune.opencypher import OpenCypherParser

if TYPE_CHECKING:
    from typing import BinaryIO

    from conformance.emulator.neptune.element import Sink
    from conformance.emulator.neptune.start_request import StartRequest


class Parser(Protocol):
    """Reads one feed; a parser is made anew for each."""

    def parse(self, stream: BinaryIO, sink: Sink) -> None:
        """Give everything found to ``sink``; raise FeedError when the rest cannot be understood."""
        ...


def parser_for(request: StartRequest) -> Parser:
    """Return the parser of the request's format."""
    match request.format:
        case "csv":
            return GremlinParser(request)
        case "opencypher":
            return OpenCypherParser(request)
        case "ntriples":
            return NTriplesParser(request)
        case "nquads":
            return NQuadsParser(request)
    # rdflib takes a third of a second to import, which a service that never loads Turtle need not spend.
    from conformance.emulator.neptune.rdf import RdfParser  # noqa: PLC0415

    return RdfParser(request)

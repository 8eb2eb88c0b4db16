"""Neptune with a fault in how it reads its formats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.emulator.mutants.registry import declarer
from conformance.emulator.neptune.element import FlawError, Statement, Vertex
from conformance.emulator.neptune.gremlin import GremlinParser
from conformance.emulator.neptune.load_run import LoadRun
from conformance.emulator.neptune.loader import Loader
from conformance.emulator.neptune.ntriples import NTriplesParser
from conformance.emulator.neptune.opencypher import OpenCypherParser
from conformance.emulator.neptune.rdf import RdfParser
from conformance.emulator.neptune.service import NeptuneService

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import BinaryIO

    from conformance.emulator.neptune.element import Edge, Item
    from conformance.emulator.neptune.load import Feed
    from conformance.emulator.neptune.parser import Parser

mutant = declarer("neptune", "load-semantics")
NEED_DATA = "load data of the format, and some of it again"


class ReadingRun(LoadRun):
    """A run whose feeds of one format are read by another parser."""

    FORMAT = ""
    PARSER: type[Any] = GremlinParser

    def parser(self, feed: Feed) -> Parser:
        """Return the other parser for that format."""
        if self.load.request.format != self.FORMAT:
            return super().parser(feed)
        parser: Parser = self.PARSER(self.load.request)
        return parser


@mutant("dates-not-known", clause="StartLoaderJob/format/csv-vertices", needs="load a column of dates")
class DatesUnknown(NeptuneService):
    """A column of the type Date is not known to Gremlin's format."""

    class LOADER(Loader):
        class RUN(ReadingRun):
            FORMAT = "csv"

            class PARSER(GremlinParser):
                def column(self, cell: str) -> Any:
                    return super().column(cell.replace(":Date", ":Day"))


@mutant("eleventh-row-lost", clause="StartLoaderJob/format/csv-vertices", needs=NEED_DATA)
class EleventhRowLost(NeptuneService):
    """The eleventh vertex of a file is passed over, without a word."""

    class LOADER(Loader):
        class RUN(LoadRun):
            def _take(self, feed: Feed, number: int, item: Item) -> None:
                if number != 11 or not isinstance(item, Vertex) or self.load.request.format != "csv":
                    super()._take(feed, number, item)


@mutant("ninth-edge-lost", clause="StartLoaderJob/format/csv-edges", needs=NEED_DATA)
class NinthEdgeLost(NeptuneService):
    """Edges behind the eighth of a file are passed over, without a word."""

    class LOADER(Loader):
        class RUN(ReadingRun):
            FORMAT = "csv"

            class PARSER(GremlinParser):
                def parse(self, stream: BinaryIO, sink: Any) -> None:
                    super().parse(stream, lambda n, item: None if self._edges and n > 8 else sink(n, item))


@mutant("quotes-not-read", clause="StartLoaderJob/format/csv-line-ends", needs="load a value with a comma in it")
class QuotesUnread(NeptuneService):
    """Quotes around a value are not read, so that a comma in it begins another."""

    class LOADER(Loader):
        class RUN(ReadingRun):
            FORMAT = "csv"

            class PARSER(GremlinParser):
                def parse(self, stream: BinaryIO, sink: Any) -> None:
                    wrapped: Any = _Plain(stream)
                    super().parse(wrapped, sink)


class _Plain:
    """A stream without quotes."""

    def __init__(self, inner: BinaryIO) -> None:
        self._inner = inner

    def readline(self, size: int = -1) -> bytes:
        return self._inner.readline(size).replace(b'"', b"")


@mutant("doubles-not-known-in-opencypher", clause="StartLoaderJob/format/opencypher-nodes", needs=NEED_DATA)
class DoublesUnknown(NeptuneService):
    """A column of the type Double is not known to openCypher's format."""

    class LOADER(Loader):
        class RUN(ReadingRun):
            FORMAT = "opencypher"

            class PARSER(OpenCypherParser):
                def column(self, cell: str) -> Any:
                    return super().column(cell if self._edges else cell.replace(":Double", ":Decimal"))


@mutant(
    "repeated-relationship-is-error",
    clause="StartLoaderJob/format/opencypher-relationships",
    needs="load a relationship twice from one file",
)
class RepeatedRelationship(NeptuneService):
    """A relationship that stands twice in a file is an error the second time."""

    class LOADER(Loader):
        class RUN(ReadingRun):
            FORMAT = "opencypher"

            class PARSER(OpenCypherParser):
                def build(self, header: Sequence[str], row: Sequence[str]) -> Vertex | Edge:
                    built = super().build(header, row)
                    seen: set[str] = self.__dict__.setdefault("seen", set())
                    if self._edges and built.id in seen:
                        raise FlawError("The relationship is there already", count="insert_errors")
                    seen.add(built.id)
                    return built


@mutant("languages-not-read", clause="StartLoaderJob/format/ntriples", needs="load a text with a language")
class LanguagesUnread(NeptuneService):
    """Texts with a language are passed over in N-Triples."""

    class LOADER(Loader):
        class RUN(LoadRun):
            def _take(self, feed: Feed, number: int, item: Item) -> None:
                tagged = isinstance(item, Statement) and '"@' in item.object
                if not tagged or self.load.request.format != "ntriples":
                    super()._take(feed, number, item)


@mutant(
    "duplicate-quads-not-counted", clause="StartLoaderJob/format/nquads", needs="load a file with the same quad twice"
)
class DuplicateQuads(NeptuneService):
    """A quad that stands in a file twice is counted once."""

    class LOADER(Loader):
        class RUN(LoadRun):
            def _take(self, feed: Feed, number: int, item: Item) -> None:
                seen: set[Any] = self.__dict__.setdefault("seen", set())
                known = self.load.request.format == "nquads" and item in seen
                seen.add(item)
                if not known:
                    super()._take(feed, number, item)


@mutant("turtle-cut-short", clause="StartLoaderJob/format/turtle", needs="load a document of more than 20 statements")
class TurtleCutShort(NeptuneService):
    """Of a Turtle document the first 20 statements are loaded."""

    class LOADER(Loader):
        class RUN(LoadRun):
            def _take(self, feed: Feed, number: int, item: Item) -> None:
                if number <= 20 or self.load.request.format != "turtle":
                    super()._take(feed, number, item)


@mutant("typed-xml-refused", clause="StartLoaderJob/format/rdfxml", needs="load RDF/XML with a typed literal")
class TypedXmlRefused(NeptuneService):
    """A literal with a datatype is an error in RDF/XML."""

    class LOADER(Loader):
        class RUN(LoadRun):
            def _take(self, feed: Feed, number: int, item: Item) -> None:
                typed = isinstance(item, Statement) and "^^<" in item.object
                flawed = typed and self.load.request.format == "rdfxml"
                super()._take(feed, number, FlawError("A typed literal") if flawed else item)


class GuessingRun(ReadingRun):
    """A run that reads what it finds in a file rather than the format asked for."""

    FOUND: type[Any] = GremlinParser
    MARK = b""

    def parser(self, feed: Feed) -> Parser:
        """Return the parser of what the file holds."""
        if self.load.request.format != self.FORMAT:
            return super().parser(feed)
        with self._open(feed) as stream:
            found = self.MARK in stream.read(4_096)
        other: Parser = self.FOUND(self.load.request)
        return other if found else LoadRun.parser(self, feed)


@mutant("tables-found-in-ntriples", clause="StartLoaderJob/format/csv-read-as-ntriples", needs="name the wrong format")
class TablesFound(NeptuneService):
    """A table is loaded although the request says N-Triples."""

    class LOADER(Loader):
        class RUN(GuessingRun):
            FORMAT, FOUND, MARK = "ntriples", GremlinParser, b"~id"


@mutant("triples-found-in-tables", clause="StartLoaderJob/format/ntriples-read-as-csv", needs="name the wrong format")
class TriplesFound(NeptuneService):
    """N-Triples are loaded although the request says Gremlin's table."""

    class LOADER(Loader):
        class RUN(GuessingRun):
            FORMAT, FOUND, MARK = "csv", NTriplesParser, b"<http"


class _Turtle(RdfParser):
    """Reads whatever it is given as Turtle."""

    def is_turtle(self) -> bool:
        """Say that it is, always."""
        return True


@mutant("turtle-found-in-xml", clause="StartLoaderJob/format/turtle-read-as-rdfxml", needs="name the wrong format")
class TurtleFound(NeptuneService):
    """Turtle is loaded although the request says RDF/XML."""

    class LOADER(Loader):
        class RUN(GuessingRun):
            FORMAT, FOUND, MARK = "rdfxml", _Turtle, b"@prefix"

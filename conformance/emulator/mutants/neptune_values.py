"""Neptune with a fault in which values it keeps, under which ids and in which graph."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.emulator.mutants.neptune_formats import ReadingRun
from conformance.emulator.mutants.registry import declarer
from conformance.emulator.neptune.element import CARDINALITY_VIOLATED, Edge, FlawError, Statement
from conformance.emulator.neptune.graph import Graph
from conformance.emulator.neptune.load_run import LoadRun
from conformance.emulator.neptune.loader import Loader
from conformance.emulator.neptune.opencypher import OpenCypherParser
from conformance.emulator.neptune.service import NeptuneService
from conformance.emulator.neptune.start_request import ParserConfiguration, StartRequestReader

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from conformance.emulator.neptune.element import Item, Property, Vertex
    from conformance.emulator.neptune.load import Feed

mutant = declarer("neptune", "load-semantics")
NEED_VALUES = "load another value of a property that holds one"
NEED_RELATIONS = "load relationships of openCypher"

# --- Properties that hold one value -----------------------------------------------------------------------------------


@mutant(
    "new-value-passed-over",
    clause="StartLoaderJob/updateSingleCardinalityProperties/refuses-new-value",
    needs=NEED_VALUES,
)
class PassedOver(NeptuneService):
    """A new value of a property that holds one is passed over, and is no error."""

    class LOADER(Loader):
        class RUN(LoadRun):
            def _record(self, feed: Feed, number: int, flaw: FlawError) -> None:
                if flaw.code != CARDINALITY_VIOLATED:
                    super()._record(feed, number, flaw)


@mutant(
    "text-false-updates",
    clause="StartLoaderJob/updateSingleCardinalityProperties/refuses-by-text",
    needs="send the flag as text",
)
class TextUpdates(NeptuneService):
    """The text FALSE for `updateSingleCardinalityProperties` is taken for true, as any text."""

    class START(StartRequestReader):
        def flag(self, body: Mapping[str, Any], name: str, *, default: bool) -> bool:
            said = name == "updateSingleCardinalityProperties" and body.get(name) == "FALSE"
            return said or super().flag(body, name, default=default)


@mutant("value-never-replaced", clause="StartLoaderJob/updateSingleCardinalityProperties/replaces", needs=NEED_VALUES)
class NeverReplaced(NeptuneService):
    """A new value is accepted, and the old one stays."""

    class LOADER(Loader):
        class GRAPH(Graph):
            def admit_properties(
                self, kind: str, owner: str, properties: Iterable[Property], *, replace_single: bool
            ) -> None:
                places = [self.place(kind, owner, each) for each in properties]
                before = {place: self.ledger.get(place) for place in places}
                super().admit_properties(kind, owner, properties, replace_single=replace_single)
                for place, value in before.items():
                    if value is not None:
                        self.ledger.put(place, value)


@mutant("all-values-kept", clause="StartLoaderJob/updateSingleCardinalityProperties/one-of-several", needs=NEED_VALUES)
class AllKept(NeptuneService):
    """Of several new values in one load all are kept, and each of them counts as there."""

    class LOADER(Loader):
        class GRAPH(Graph):
            def admit_properties(
                self, kind: str, owner: str, properties: Iterable[Property], *, replace_single: bool
            ) -> None:
                kept: set[int] = self.__dict__.setdefault("kept", set())
                known = {each: hash((kind, owner, each.name, each.value)) for each in properties}
                if replace_single:
                    kept.update(known.values())
                left = [each for each in properties if known[each] not in kept or replace_single]
                super().admit_properties(kind, owner, left, replace_single=replace_single)


@mutant("edges-hold-many-values", clause="StartLoaderJob/updateSingleCardinalityProperties/edges", needs=NEED_VALUES)
class EdgesHoldMany(NeptuneService):
    """A new value of a property of an edge is put beside the old one."""

    class LOADER(Loader):
        class GRAPH(Graph):
            def admit_properties(
                self, kind: str, owner: str, properties: Iterable[Property], *, replace_single: bool
            ) -> None:
                if kind != "e":
                    super().admit_properties(kind, owner, properties, replace_single=replace_single)


@mutant(
    "opencypher-values-replaced",
    clause="StartLoaderJob/updateSingleCardinalityProperties/opencypher",
    needs="update a value of openCypher data",
)
class CypherReplaced(NeptuneService):
    """A new value takes the place of the old one for openCypher data too."""

    class LOADER(Loader):
        class RUN(LoadRun):
            def replaces_single(self) -> bool:
                return self.load.request.update_single_cardinality


# --- Ids of relationships ---------------------------------------------------------------------------------------------


@mutant("given-ids-not-kept", clause="StartLoaderJob/userProvidedEdgeIds/given", needs=NEED_RELATIONS)
class GivenNotKept(NeptuneService):
    """Relationships get new ids, whatever ids their file gives them."""

    class LOADER(Loader):
        class RUN(ReadingRun):
            FORMAT = "opencypher"

            class PARSER(OpenCypherParser):
                def build(self, header: Sequence[str], row: Sequence[str]) -> Vertex | Edge:
                    built = super().build(header, row)
                    return replace(built, id=f"{built.id}-{id(self)}") if isinstance(built, Edge) else built


@mutant(
    "ids-generated-by-default",
    clause="StartLoaderJob/userProvidedEdgeIds/given-by-default",
    needs="load relationships with ids and leave the flag out",
)
class GeneratedByDefault(NeptuneService):
    """Without `userProvidedEdgeIds` files of relationships must have no ids."""

    class START(StartRequestReader):
        def flag(self, body: Mapping[str, Any], name: str, *, default: bool) -> bool:
            return super().flag(body, name, default=default and name != "userProvidedEdgeIds")


class LaxParser(OpenCypherParser):
    """A parser that takes relationships without ids as well."""

    def required_roles(self) -> tuple[str, ...]:
        """Do without the id of a relationship."""
        return tuple(role for role in super().required_roles() if role != "ID" or not self._edges)

    def build(self, header: Sequence[str], row: Sequence[str]) -> Vertex | Edge:
        """Make up an id where there is none."""
        if self._edges and "ID" not in self._roles:
            self._roles = {**self._roles, "ID": len(header)}
        return super().build(header, [*row, f"made-up-{hash(tuple(row))}"])


@mutant("missing-ids-made-up", clause="StartLoaderJob/userProvidedEdgeIds/needed", needs=NEED_RELATIONS)
class MadeUp(NeptuneService):
    """Relationships without ids are loaded although `userProvidedEdgeIds` is TRUE."""

    class LOADER(Loader):
        class RUN(ReadingRun):
            FORMAT, PARSER = "opencypher", LaxParser


@mutant(
    "missing-ids-made-up-by-default",
    clause="StartLoaderJob/userProvidedEdgeIds/needed-by-default",
    needs="load relationships without ids and leave the flag out",
)
class MadeUpByDefault(NeptuneService):
    """Relationships without ids are loaded where nothing is said of ids."""

    class LOADER(Loader):
        class RUN(ReadingRun):
            FORMAT, PARSER = "opencypher", LaxParser


@mutant("given-ids-always-taken", clause="StartLoaderJob/userProvidedEdgeIds/forbidden", needs=NEED_RELATIONS)
class AlwaysTaken(NeptuneService):
    """A column of ids of relationships is taken although `userProvidedEdgeIds` is FALSE."""

    class LOADER(Loader):
        class RUN(ReadingRun):
            FORMAT = "opencypher"

            class PARSER(OpenCypherParser):
                def check_header(self, header: Sequence[str]) -> None:
                    given = self.request
                    self.request = replace(given, user_provided_edge_ids=True) if ":ID" in header else given
                    super().check_header(header)


@mutant("ids-always-needed", clause="StartLoaderJob/userProvidedEdgeIds/generated", needs=NEED_RELATIONS)
class AlwaysNeeded(NeptuneService):
    """A file of relationships must have ids although `userProvidedEdgeIds` is FALSE."""

    class LOADER(Loader):
        class RUN(ReadingRun):
            FORMAT = "opencypher"

            class PARSER(OpenCypherParser):
                def required_roles(self) -> tuple[str, ...]:
                    return tuple(dict.fromkeys(("ID", *super().required_roles())))


# --- Parser configuration ---------------------------------------------------------------------------------------------


class ConfiguringReader(StartRequestReader, ABC):
    """A reader that changes the configuration of the parser."""

    @abstractmethod
    def changed(self, found: ParserConfiguration, children: Mapping[str, Any]) -> ParserConfiguration:
        """Return what the parser is given."""

    def parser(self, body: Mapping[str, Any]) -> ParserConfiguration:
        """Change it."""
        return self.changed(super().parser(body), body.get("parserConfiguration") or {})


@mutant(
    "text-false-keeps-empty",
    clause="StartLoaderJob/parserConfiguration.allowEmptyStrings/drops",
    needs="load empty strings",
)
class FalseKeeps(NeptuneService):
    """Whatever `allowEmptyStrings` says, empty strings are kept if it is there."""

    class START(ConfiguringReader):
        def changed(self, found: ParserConfiguration, children: Mapping[str, Any]) -> ParserConfiguration:
            return replace(found, allow_empty_strings="allowEmptyStrings" in children)


@mutant(
    "empty-kept-by-default",
    clause="StartLoaderJob/parserConfiguration.allowEmptyStrings/drops-by-default",
    needs="load empty strings without a configuration",
)
class DefaultKeeps(NeptuneService):
    """Empty strings are kept where nothing is said of them."""

    class START(ConfiguringReader):
        def changed(self, found: ParserConfiguration, children: Mapping[str, Any]) -> ParserConfiguration:
            return found if "allowEmptyStrings" in children else replace(found, allow_empty_strings=True)


@mutant(
    "empty-never-kept", clause="StartLoaderJob/parserConfiguration.allowEmptyStrings/keeps", needs="load empty strings"
)
class NeverKept(NeptuneService):
    """Empty strings are dropped, whatever `allowEmptyStrings` says."""

    class START(ConfiguringReader):
        def changed(self, found: ParserConfiguration, children: Mapping[str, Any]) -> ParserConfiguration:
            return replace(found, allow_empty_strings=False)


class MovingRun(LoadRun, ABC):
    """A run that puts some statements into another graph."""

    FORMAT = ""

    @abstractmethod
    def graph_of(self, found: Statement) -> str:
        """Return the graph a statement goes to."""

    def _take(self, feed: Feed, number: int, item: Item) -> None:
        if isinstance(item, Statement) and self.load.request.format == self.FORMAT:
            item = replace(item, graph=self.graph_of(item))
        super()._take(feed, number, item)


@mutant(
    "graph-of-triples-ignored",
    clause="StartLoaderJob/parserConfiguration.namedGraphUri/triples",
    needs="load triples into a graph, and quads of that graph",
)
class GraphIgnored(NeptuneService):
    """N-Triples are loaded into the default graph, whatever graph is asked for."""

    class LOADER(Loader):
        class RUN(MovingRun):
            FORMAT = "ntriples"

            def graph_of(self, found: Statement) -> str:
                return f"<{ParserConfiguration().named_graph_uri}>"


@mutant(
    "graph-of-turtle-ignored",
    clause="StartLoaderJob/parserConfiguration.namedGraphUri/triples",
    needs="load Turtle into a graph, and quads of that graph",
)
class TurtleGraphIgnored(NeptuneService):
    """Turtle is loaded into the default graph, whatever graph is asked for."""

    class LOADER(Loader):
        class RUN(MovingRun):
            FORMAT = "turtle"

            def graph_of(self, found: Statement) -> str:
                return f"<{ParserConfiguration().named_graph_uri}>"


@mutant(
    "named-quads-moved",
    clause="StartLoaderJob/parserConfiguration.namedGraphUri/quads",
    needs="load quads with a graph of their own while another is asked for",
)
class QuadsMoved(NeptuneService):
    """Quads go into the graph that is asked for, even if they name their own."""

    class LOADER(Loader):
        class RUN(MovingRun):
            FORMAT = "nquads"

            def graph_of(self, found: Statement) -> str:
                return f"<{self.load.request.parser.named_graph_uri}>"


class BaselessReader(StartRequestReader):
    """A reader that passes over the base of one format."""

    FORMAT = ""

    def parser(self, body: Mapping[str, Any]) -> ParserConfiguration:
        """Keep it for the others."""
        found = super().parser(body)
        return replace(found, base_uri=ParserConfiguration().base_uri) if body.get("format") == self.FORMAT else found


@mutant(
    "base-of-turtle-ignored",
    clause="StartLoaderJob/parserConfiguration.baseUri/turtle",
    needs="load relative URIs of Turtle",
)
class TurtleBase(NeptuneService):
    """Relative URIs of Turtle are read against the default base."""

    class START(BaselessReader):
        FORMAT = "turtle"


@mutant(
    "base-of-xml-ignored",
    clause="StartLoaderJob/parserConfiguration.baseUri/rdfxml",
    needs="load relative URIs of RDF/XML",
)
class XmlBase(NeptuneService):
    """Relative URIs of RDF/XML are read against the default base."""

    class START(BaselessReader):
        FORMAT = "rdfxml"


@mutant("oversubscribed-rows-lost", clause="StartLoaderJob/parallelism/same-data", needs="load with each parallelism")
class RowsLost(NeptuneService):
    """With the highest parallelism every seventh entry is lost."""

    class LOADER(Loader):
        class RUN(LoadRun):
            def _take(self, feed: Feed, number: int, item: Item) -> None:
                if self.load.request.parallelism != "OVERSUBSCRIBE" or number % 7:
                    super()._take(feed, number, item)

"""Property graphs as tables: Gremlin CSV and openCypher CSV, with errors planted and all of it counted."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from specs import SourceFile
from strategies.property_graph import Column, Edge, GraphMaker, Vertex, spread
from strategies.tally import FLAWS, Tally

Row = list[str]
_EMPTY = Column(name="note")


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphTable:
    """One table of vertices or of edges."""

    file: SourceFile
    maker: GraphMaker

    def written(self, tally: Tally) -> str:
        """The text of the table; counts what it writes."""
        ending = "\r\n" if self.file.newline == "crlf" else "\n"
        text = io.StringIO()
        writer = csv.writer(text, lineterminator=ending)
        writer.writerow(self._header())
        writer.writerows(self._rows(tally))
        return text.getvalue()

    # -- the form of the columns

    @property
    def _is_cypher(self) -> bool:
        return self.file.form == "opencypher"

    @property
    def _is_edges(self) -> bool:
        return self.file.part == "edges"

    def _header(self) -> Row:
        if self._is_edges:
            system = [":ID", ":START_ID", ":END_ID", ":TYPE"] if self._is_cypher else ["~id", "~from", "~to", "~label"]
            if not self.file.ids:
                system = system[1:]
        else:
            system = [":ID", ":LABEL"] if self._is_cypher else ["~id", "~label"]
        notes = [_EMPTY.declared] if self.file.empties else []
        return [*system, *(column.declared for column in self.maker.columns), *notes]

    # -- rows

    def _rows(self, tally: Tally) -> Iterator[Row]:
        file = self.file
        numbers = range(file.first, file.first + file.rows)
        for number in spread(numbers, [kind for kind, times in file.flaws.items() for _ in range(times)]):
            yield self._flawed(number, tally) if isinstance(number, str) else self._sound(number, tally)
        for number in numbers[: file.duplicates]:
            yield self._sound(number, tally, repeated=True)

    def _sound(self, number: int, tally: Tally, *, repeated: bool = False) -> Row:
        element = self._element(number)
        noted = self._notes(number)
        empty = bool(noted) and noted[0] == ""
        tally.empties += empty
        values = [value for each in element.values for value in each]
        own = 1 if isinstance(element, Edge) else max(1, len(element.labels))
        records = own + len(values) + len([note for note in noted if note])
        tally.row(records=records, cells=4 + own + len(values) + len(noted), repeated=repeated)
        return [*self._system(element), *_cells(element.values), *noted]

    def _element(self, number: int) -> Vertex | Edge:
        if self._is_edges:
            return self.maker.edge(number, among=self._vertices)
        return self.maker.vertex(number, labels=self.file.labels)

    @property
    def _vertices(self) -> int:
        return self.file.among or max(1, self.file.rows)

    def _notes(self, number: int) -> list[str]:
        if not self.file.empties:
            return []
        return ["" if number - self.file.first < self.file.empties else f"note {number}"]

    def _system(self, element: Vertex | Edge) -> Row:
        if isinstance(element, Vertex):
            return [element.id, ";".join(element.labels)]
        ends = [element.start, element.end, element.label]
        return [element.id, *ends] if self.file.ids else ends

    # -- planted errors

    def _flawed(self, kind: str, tally: Tally) -> Row:
        """A row that must not be loaded as it stands; its id is one that no other row has, unless that is the error."""
        serial = tally.planted[kind]
        element = self._element(1_000_000 + 10_000 * FLAWS.index(kind) + serial)
        row = [*self._system(element), *_cells(element.values), *(["x"] if self.file.empties else [])]
        getattr(self, f"_with_{kind}")(row, serial)
        tally.flaw(kind, cells=4 + len(row) + sum(len(each) for each in element.values))
        return row

    def _with_parsing(self, row: Row, serial: int) -> None:
        del serial
        row.extend(["one", "too", "many"])

    def _with_mismatches(self, row: Row, serial: int) -> None:
        row[self._place(lambda column: column.type not in {"String", "Date"})] = f"no number {serial}"

    def _with_missing(self, row: Row, serial: int) -> None:
        row[self._at("~to", ":END_ID")] = f"{self.maker.own}-nobody{serial}"

    def _with_reused(self, row: Row, serial: int) -> None:
        """The id of an edge above, with another label, so that it cannot be the same edge."""
        row[0] = self.maker.edge(self.file.first + serial, among=self._vertices).id
        row[self._at("~label", ":TYPE")] = "another-edge"

    def _with_violations(self, row: Row, serial: int) -> None:
        """The id of a vertex above, with another value of a property that holds one only, and nothing beside it."""
        place = self._place(lambda column: column.is_single)
        above = self.maker.vertex(self.file.first + serial, labels=self.file.labels)
        other = self.maker.vertex(1_000_000 + serial)
        row[:] = [above.id, ";".join(above.labels), *("" for _ in row[2:])]
        row[place] = str(9_000_000 + int(other.values[place - 2][0]) % 1_000_000)

    def _place(self, fits: Callable[[Column], bool]) -> int:
        """Where in a row the first column of a kind stands."""
        before = len(self._header()) - len(self.maker.columns) - bool(self.file.empties)
        return before + next(at for at, column in enumerate(self.maker.columns) if fits(column))

    def _at(self, *names: str) -> int:
        return next(at for at, cell in enumerate(self._header()) if cell in names)


def _cells(values: Iterable[Sequence[str]]) -> list[str]:
    return [";".join(each) for each in values]

"""Rows of the two CSV formats: the header, and one row at a time."""

from __future__ import annotations

import csv
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.emulator.neptune.datatype import column_test
from conformance.emulator.neptune.element import Edge, FeedError, FlawError, Property, Vertex
from conformance.emulator.neptune.text_line import MAX_LINE, is_clean, text_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import BinaryIO

    from conformance.emulator.neptune.element import Sink
    from conformance.emulator.neptune.start_request import StartRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A property column."""

    name: str
    test: Callable[[str], bool]
    is_array: bool = False
    is_single: bool = False


csv.field_size_limit(MAX_LINE)


class TableParser(ABC):
    """Reads one CSV feed; the subclasses know the columns of their format."""

    def __init__(self, request: StartRequest) -> None:
        self.request = request

    def parse(self, stream: BinaryIO, sink: Sink) -> None:
        """Give every row of ``stream`` to ``sink`` as vertex, edge or flaw; the header is row 0."""
        rows = csv.reader(text_lines(stream), strict=True)
        header = self._header(rows)
        if header is None:
            return
        for number, row in enumerate(self._rows(rows), start=1):
            if isinstance(row, FlawError):
                sink(number, row)
            elif row:
                sink(number, self._element(header, row))

    def is_edge_feed(self, stream: BinaryIO) -> bool:
        """Tell from the header whether a feed holds edges; loading it will tell if the header is broken."""
        try:
            header = next(csv.reader(text_lines(stream)), [])
        except csv.Error:
            return False
        return self.is_edge_header([cell.strip() for cell in header])

    @abstractmethod
    def is_edge_header(self, header: Sequence[str]) -> bool:
        """Tell whether a header is one of edges."""

    @abstractmethod
    def check_header(self, header: Sequence[str]) -> None:
        """Raise a FeedError unless the system columns are right."""

    @abstractmethod
    def build(self, header: Sequence[str], row: Sequence[str]) -> Vertex | Edge:
        """Make the element of a row."""

    def column(self, cell: str) -> Column:
        """Return the property column a header cell declares."""
        name, colon, declared = cell.rpartition(":")
        if not colon:
            name, declared = cell, "String"
        is_single = declared.lower().endswith("(single)")
        bare = declared.removesuffix("(single)").removesuffix("(set)")
        is_array = bare.endswith("[]")
        test = column_test(bare.removesuffix("[]"))
        if not name or test is None:
            raise FeedError(f"The header has the unknown column '{cell}'")
        return Column(name=name, test=test, is_array=is_array, is_single=is_single or self.ALL_SINGLE)

    ALL_SINGLE = False
    """Whether every property holds at most one value."""

    def properties(self, cells: Sequence[tuple[Column, str]]) -> tuple[Property, ...]:
        """Return the values of a row's property cells; a value of the wrong type spoils the row."""
        found = []
        for column, cell in cells:
            for value in cell.split(";") if column.is_array else [cell]:
                if not value and not self.keeps_empty(column):
                    continue
                if not column.test(value):
                    raise FlawError(
                        f"'{value[:100]}' does not fit the type of column '{column.name}'",
                        count="datatype_mismatch_errors",
                    )
                found.append(Property(name=column.name, value=value, single=column.is_single))
        return tuple(found)

    def keeps_empty(self, column: Column) -> bool:
        """Tell whether an empty cell is a value (user guide, ``allowEmptyStrings``)."""
        return self.request.parser.allow_empty_strings and column.test("")

    def _header(self, rows: Iterator[list[str]]) -> list[str] | None:
        try:
            header = next(rows, None)
        except csv.Error as error:
            raise FeedError(f"The header cannot be read: {error}") from None
        if header is None:
            return None
        cells = [cell.strip() for cell in header]
        if len(set(cells)) < len(cells) or not all(cells) or not is_clean("".join(cells)):
            raise FeedError("The header has empty, repeated or unreadable columns")
        self.check_header(cells)
        return cells

    def _rows(self, rows: Iterator[list[str]]) -> Iterator[list[str] | FlawError]:
        while True:
            try:
                row = next(rows, None)
            except csv.Error as error:
                yield FlawError(f"The row cannot be read: {error}")
                continue
            if row is None:
                return
            yield row

    def _element(self, header: Sequence[str], row: Sequence[str]) -> Vertex | Edge | FlawError:
        if len(row) != len(header):
            return FlawError(f"The row has {len(row)} columns, the header {len(header)}")
        if not all(map(is_clean, row)):
            return FlawError("The row is not valid UTF-8")
        try:
            return self.build(header, row)
        except FlawError as flaw:
            return flaw

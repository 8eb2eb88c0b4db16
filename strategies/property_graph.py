"""Property graphs made from numbers: what an element says follows from its number, a version and a seed alone."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

_WORDS = ("amber", "birch", "coral", "delta", "ember", "fjord", "häfen", "iris", "日本", 'so "called"', "a, b")
#: Datatypes of both CSV formats, and how a value of each is made.
_MADE: dict[str, Callable[[random.Random], str]] = {
    "String": lambda draw: f"{draw.choice(_WORDS)} {draw.randrange(10_000)}",
    "Int": lambda draw: str(draw.randrange(-(2**31), 2**31)),
    "Long": lambda draw: str(draw.randrange(-(2**63), 2**63)),
    "Short": lambda draw: str(draw.randrange(-(2**15), 2**15)),
    "Byte": lambda draw: str(draw.randrange(-128, 128)),
    "Double": lambda draw: repr(round(draw.uniform(-1e6, 1e6), 3)),
    "Float": lambda draw: repr(round(draw.uniform(-1e3, 1e3), 2)),
    "Bool": lambda draw: draw.choice(("true", "false")),
    "Date": lambda draw: f"{draw.randrange(1970, 2030)}-{draw.randrange(1, 13):02}-{draw.randrange(1, 29):02}",
}
TYPES = tuple(_MADE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A property: its name, its datatype, whether it takes several values at once, and whether it holds only one."""

    name: str
    type: str = "String"
    is_array: bool = False
    is_single: bool = False

    @classmethod
    def of(cls, declared: str) -> Column:
        """The column that a header cell such as ``age:Int(single)`` or ``nick:String[]`` declares."""
        name, _, kind = declared.partition(":")
        single = kind.endswith("(single)")
        bare = kind.removesuffix("(single)").removesuffix("(set)")
        return cls(name=name, type=bare.removesuffix("[]") or "String", is_array=bare.endswith("[]"), is_single=single)

    @property
    def declared(self) -> str:
        """The header cell."""
        return f"{self.name}:{self.type}{'[]' if self.is_array else ''}{'(single)' if self.is_single else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vertex:
    """A vertex; ``values`` holds the values of each column, none where it has no such property."""

    id: str
    labels: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """An edge between two vertices."""

    id: str
    label: str
    start: str
    end: str
    values: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphMaker:
    """Makes elements by number. ``own`` is a text that nobody else uses, by which all ids begin."""

    own: str
    seed: int = 0
    version: int = 0
    columns: tuple[Column, ...] = field(default=())

    def vertex(self, number: int, *, labels: int = 1) -> Vertex:
        """The vertex of a number."""
        draw = random.Random(f"{self.seed}/v{number}")  # noqa: S311 - data, not secrets
        first = draw.randrange(7)
        chosen = tuple(f"kind-{(first + step) % 7}" for step in range(labels))
        return Vertex(id=f"{self.own}-v{number}", labels=chosen, values=self._values(f"v{number}"))

    def edge(self, number: int, *, among: int) -> Edge:
        """The edge of a number, between two of the first ``among`` vertices."""
        draw = random.Random(f"{self.seed}/e{number}")  # noqa: S311 - data, not secrets
        start, end = draw.randrange(among), draw.randrange(among)
        return Edge(
            id=f"{self.own}-e{number}", label=f"knows-{draw.randrange(3)}", start=f"{self.own}-v{start}",
            end=f"{self.own}-v{end}", values=self._values(f"e{number}"),
        )  # fmt: skip

    def _values(self, element: str) -> tuple[tuple[str, ...], ...]:
        return tuple(self._of(element, column) for column in self.columns)

    def _of(self, element: str, column: Column) -> tuple[str, ...]:
        draw = random.Random(f"{self.seed}/{element}/{column.name}/{self.version}")  # noqa: S311 - data, not secrets
        wanted = draw.randrange(1, 4) if column.is_array else 1
        if column.is_single and column.type == "Int":
            # Of two versions no value is the same, whatever is drawn.
            return (str(self.version * 1_000_000 + draw.randrange(1_000_000)),)
        found = {_MADE[column.type](draw): None for _ in range(wanted)}
        return tuple(value.replace(";", "") for value in found)


def spread(rows: Sequence[int], planted: Sequence[str]) -> Iterator[int | str]:
    """The rows with planted errors between them, evenly, each behind at least one row if there is one."""
    gap = max(1, len(rows) // (len(planted) + 1))
    left = list(planted)
    for place, row in enumerate(rows, start=1):
        yield row
        if left and place % gap == 0:
            yield left.pop(0)
    yield from left

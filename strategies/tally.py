"""What source data holds, counted while it is written."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Tally:
    """Counts of one object of source data.

    A row is one entry: a line of a table, a statement, a sequence. ``records`` are what the well-formed rows are worth
    where each label, each edge, each property value and each statement is one; ``cells`` bounds what they can be worth in
    any reading. ``duplicates`` are records that this object holds more than once. ``spoiled`` are the cells of rows with a
    planted error, of which ``planted`` counts the kinds.
    """

    rows: int = 0
    records: int = 0
    cells: int = 0
    duplicates: int = 0
    empties: int = 0
    spoiled: int = 0
    planted: Counter[str] = field(default_factory=Counter)

    def row(self, *, records: int, cells: int, repeated: bool = False) -> None:
        """A well-formed row was written."""
        self.rows += 1
        self.records += records
        self.cells += cells
        self.duplicates += records if repeated else 0

    def flaw(self, kind: str, *, cells: int) -> None:
        """A row with a planted error was written."""
        self.planted[kind] += 1
        self.spoiled += cells

    def counts(self) -> dict[str, int]:
        """All of it by name, as specifications write it."""
        return {
            "rows": self.rows, "records": self.records, "cells": self.cells, "duplicates": self.duplicates,
            "empties": self.empties, "spoiled": self.spoiled, "errors": self.planted.total(),
            **{kind: self.planted[kind] for kind in FLAWS},
        }  # fmt: skip


FLAWS = ("parsing", "mismatches", "missing", "reused", "violations")
"""Kinds of errors that can be planted: a row that cannot be read, a value that does not fit its type, an edge without one
of its ends, the id of another edge, a second value where there may be one only."""

"""Runs of one API beside one another: what each says of each clause, and what changed against one of them."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from conformance import Finding, Verdict
from reports.errors import ComparisonError
from reports.outcome import NOT_RUN
from reports.record import Entry, Record
from specs import Clause

PREVIOUS = "previous"
"""As a base: each run is compared to the one before it."""


class Change(enum.StrEnum):
    """What became of a clause from one run to another."""

    BROKE = "broken now"
    UNPROVEN = "no longer proven"
    DROPPED = "no longer asked"
    FIXED = "fixed"
    PROVEN = "proven now"
    UNSEEN = "no longer seen broken"
    NEW = "new"
    GONE = "gone"
    OTHER = "changed"
    SAME = "same"

    @property
    def direction(self) -> str:
        """``worse``, ``better``, ``other``, or nothing where nothing changed."""
        return _DIRECTIONS.get(self, "other")


_DIRECTIONS = {
    Change.BROKE: "worse", Change.UNPROVEN: "worse", Change.DROPPED: "worse",
    Change.FIXED: "better", Change.PROVEN: "better", Change.SAME: "",
}  # fmt: skip
_BROKEN = frozenset({Verdict.FAIL, Verdict.WARN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A run to compare: what its column is called, its record, and where its page lies, if it lies beside."""

    label: str
    record: Record
    report: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What one run says of one clause; ``change`` is None where there is nothing to compare to."""

    entry: Entry | None
    change: Change | None = None

    @property
    def verdict(self) -> Verdict | None:
        """Its verdict; None where the run knows no such clause."""
        return None if self.entry is None else self.entry.finding.verdict

    @property
    def finding(self) -> Finding | None:
        """Its finding."""
        return None if self.entry is None else self.entry.finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One clause: a cell a column."""

    clause: Clause
    cells: tuple[Cell, ...]

    @property
    def differs(self) -> bool:
        """Whether the runs do not all say the same of it."""
        return len({cell.verdict for cell in self.cells}) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One run, and what to know of it before its cells are compared to those of its base."""

    subject: Subject
    base: int | None
    notes: tuple[str, ...] = ()
    asked_alike: bool = True
    """Whether it has specification and profile of its base: a clause of that which is missing here was left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The runs of one API: a column each, a row a clause."""

    api: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...] = field(default=())

    def changes(self, at: int) -> dict[Change, list[Row]]:
        """The rows in which a column differs from its base, by what changed, the worst first."""
        found: dict[Change, list[Row]] = {change: [] for change in Change if change is not Change.SAME}
        for row in self.rows:
            change = row.cells[at].change
            if change is not None and change is not Change.SAME:
                found[change].append(row)
        return {change: rows for change, rows in found.items() if rows}

    def count(self, direction: str) -> int:
        """How many cells changed in a direction, over all columns."""
        return sum(
            cell.change is not None and cell.change.direction == direction for row in self.rows for cell in row.cells
        )

    @property
    def differing(self) -> int:
        """How many clauses the runs do not agree about."""
        return sum(row.differs for row in self.rows)


def compare(subjects: Sequence[Subject], *, base: str | None = None) -> tuple[Comparison, ...]:
    """The comparisons, one an API, in the order in which the APIs come up.

    Args:
        subjects: the runs, in the order of their columns.
        base: the label of the column that the others are compared to; ``previous`` compares each to the one before it;
            without it, the first of each API is the base.

    Raises:
        ComparisonError: there are fewer than two runs, two of an API have one label, or no column is called ``base``.
    """
    if len(subjects) < 2:
        raise ComparisonError(f"Expected at least two records to compare but got {len(subjects)}.")
    groups: dict[str, list[Subject]] = {}
    for subject in subjects:
        groups.setdefault(subject.record.header.api, []).append(subject)
    for api, group in groups.items():
        twice = [label for label, count in Counter(each.label for each in group).items() if count > 1]
        if twice:
            raise ComparisonError(f"Expected a label for each record of {api} but two have label={twice[0]!r}.")
    if base not in (None, PREVIOUS, *(subject.label for subject in subjects)):
        known = ", ".join(dict.fromkeys(subject.label for subject in subjects))
        raise ComparisonError(f"Expected the base to be {PREVIOUS!r} or one of {known} but got base={base!r}.")
    return tuple(_comparison(api, group, base) for api, group in groups.items())


def _comparison(api: str, group: Sequence[Subject], base: str | None) -> Comparison:
    columns = tuple(_column(at, group, base) for at in range(len(group)))
    known = [{entry.finding.clause.id: entry for entry in subject.record.entries} for subject in group]
    rows = tuple(_row(identifier, known, columns) for identifier in _order(group))
    return Comparison(api=api, title=group[-1].record.header.title, columns=columns, rows=rows)


def _column(at: int, group: Sequence[Subject], base: str | None) -> Column:
    if base == PREVIOUS:
        against = at - 1 if at else None
    else:
        labels = [subject.label for subject in group]
        chosen = 0 if base is None else labels.index(base) if base in labels else None
        against = None if chosen == at else chosen
    headers = [group[place].record.header for place in (at, at if against is None else against)]
    return Column(
        subject=group[at], base=against, notes=tuple(_notes(group, at, against)),
        asked_alike=len({(header.spec_sha256, header.profile) for header in headers}) == 1,
    )  # fmt: skip


def _notes(group: Sequence[Subject], at: int, against: int | None) -> Iterator[str]:
    record = group[at].record
    if record.footer.interrupted is not None:
        yield f"the run ended before its time: {record.footer.interrupted}"
    if against is None:
        return
    header, other = record.header, group[against].record.header
    for what, own, its in (
        ("edition", header.edition, other.edition), ("profile", header.profile, other.profile),
        ("suite", header.suite_version, other.suite_version),
    ):  # fmt: skip
        if own != its:
            yield f"{what} {own or 'none'}, the base has {its or 'none'}"
    if header.spec_sha256 != other.spec_sha256:
        yield "its clauses are not all those of the base"


def _order(group: Iterable[Subject]) -> list[str]:
    """The ids of all clauses: operations, and clauses in them, in the order in which they come up."""
    operations: dict[str, dict[str, None]] = {}
    for subject in group:
        for finding in subject.record.findings:
            operations.setdefault(finding.clause.operation, {})[finding.clause.id] = None
    return list(dict.fromkeys(identifier for clauses in operations.values() for identifier in clauses))


def _row(identifier: str, known: Sequence[dict[str, Entry]], columns: Sequence[Column]) -> Row:
    entries = [entries.get(identifier) for entries in known]
    cells = tuple(
        Cell(entry=entry, change=None if column.base is None else _change(column, entries[column.base], entry))
        for entry, column in zip(entries, columns, strict=True)
    )
    newest = next(entry for entry in reversed(entries) if entry is not None)
    return Row(clause=newest.finding.clause, cells=cells)


def _change(column: Column, before: Entry | None, after: Entry | None) -> Change | None:
    if before is None:
        return None if after is None else Change.NEW
    was = before.finding.verdict
    if after is None:
        # Of another specification or profile it cannot be told whether the clause was there to be asked for.
        return Change.DROPPED if column.asked_alike and was is Verdict.PASS else Change.GONE
    return change(was, after.finding.verdict)


def change(was: Verdict, now: Verdict) -> Change:
    """What became of a clause that both runs know."""
    if was is now:
        return Change.SAME
    if now is Verdict.PASS:
        return Change.FIXED if was in _BROKEN else Change.PROVEN
    if now in _BROKEN:
        return Change.OTHER if was in _BROKEN else Change.BROKE
    if was in _BROKEN:
        return Change.UNSEEN
    if was is Verdict.PASS:
        return Change.DROPPED if now in NOT_RUN else Change.UNPROVEN
    return Change.OTHER

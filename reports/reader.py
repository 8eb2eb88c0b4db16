"""Reading a run record, and refusing what is not one."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from reports.baseline import Baseline
from reports.baseline_line import baseline_from
from reports.errors import BrokenLineError, CutOffError, ForeignLineError, MisplacedLineError, SchemaVersionError
from reports.line import entry_from, footer_from, header_from
from reports.record import SCHEMA_VERSION, Entry, Footer, Header, Record, footer_for

_KINDS = ("header", "finding", "baseline", "footer")


def read(lines: Iterable[str], *, partial: bool = False) -> Record:
    """The record that :class:`reports.RecordWriter` wrote.

    Args:
        lines: the lines of the file.
        partial: whether a record without footer is accepted; its last line may then be cut off in the middle, and the
            result is not ``complete``, counts as interrupted, and can never conform.

    Raises:
        CutOffError: there is no footer.
        SchemaVersionError: another version of the schema wrote it.
        BrokenLineError: a line is not JSON or not what its kind must be.
        ForeignLineError: a line is of no kind that a record has.
        MisplacedLineError: lines in an order that no single run writes.
    """
    reading = _Reading()
    pending: tuple[int, str] | None = None
    last = 0
    for last, line in enumerate(lines, start=1):
        if pending is not None:
            reading.take(*pending)
        pending = (last, line)
    if pending is not None:
        reading.take_last(*pending, partial=partial)
    return reading.record(last, partial=partial)


class _Reading:
    """What has been read so far."""

    def __init__(self) -> None:
        self._header: Header | None = None
        self._entries: dict[str, Entry] = {}
        self._baseline: Baseline | None = None
        self._footer: Footer | None = None

    def take(self, number: int, text: str) -> None:
        try:
            content: Any = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise BrokenLineError(number, f"it is not JSON ({error})") from error
        kind = content.get("line") if isinstance(content, dict) else None
        if kind not in _KINDS:
            raise ForeignLineError(number, kind)
        if self._footer is not None:
            raise MisplacedLineError(number, f"a {kind} behind the footer")
        if (kind == "header") is not (self._header is None):
            raise MisplacedLineError(number, "a second header" if kind == "header" else f"a {kind} before the header")
        self._place(kind, number, content)

    def _place(self, kind: str, number: int, content: dict[str, Any]) -> None:
        if kind == "header":
            version = content.get("schema")
            if version != SCHEMA_VERSION or isinstance(version, bool):
                raise SchemaVersionError(got=version, expected=SCHEMA_VERSION)
            self._header = header_from(content, number)
        elif kind == "finding":
            entry = entry_from(content, number)
            if entry.finding.clause.id in self._entries:
                raise MisplacedLineError(number, f"a second finding of clause {entry.finding.clause.id!r}")
            self._entries[entry.finding.clause.id] = entry
        elif kind == "baseline":
            if self._baseline is not None:
                raise MisplacedLineError(number, "a second baseline")
            self._baseline = baseline_from(content, number)
        else:
            self._footer = footer_from(content, number)

    def take_last(self, number: int, text: str, *, partial: bool) -> None:
        # Only the newline shows that a line was written whole.
        whole = text.endswith("\n")
        try:
            self.take(number, text)
        except BrokenLineError as error:
            if whole or self._header is None:
                raise
            if not partial:
                raise CutOffError(number) from error

    def record(self, lines: int, *, partial: bool) -> Record:
        entries = tuple(self._entries.values())
        if self._header is None or (self._footer is None and not partial):
            raise CutOffError(lines)
        if self._footer is not None:
            return Record(header=self._header, entries=entries, footer=self._footer, baseline=self._baseline)
        footer = footer_for(
            tuple(entry.finding for entry in entries), requests=None, seconds=None, interrupted="the record is cut off",
            baseline=self._baseline,
        )  # fmt: skip
        return Record(header=self._header, entries=entries, footer=footer, complete=False, baseline=self._baseline)

"""Writing a run record while the run goes on."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import IO

from conformance import Call, Finding
from reports.baseline import Baseline
from reports.baseline_line import baseline_line
from reports.excerpt import excerpt
from reports.line import Line, entry_from, finding_line, footer_line, header_line
from reports.record import Entry, Header, Record, footer_for
from reports.timeline import Timeline


class RecordWriter:
    """Writes header, findings and footer, each line flushed: what was found before an interruption is kept.

    Secrets in the calls must have been redacted before; the writer cannot know them.
    """

    def __init__(self, to: IO[str], header: Header) -> None:
        self._to = to
        self._header = header
        self._entries: dict[str, Entry] = {}
        self._finished = False
        self._write(header_line(header))

    def write(
        self, finding: Finding, *, calls: Iterable[Call] = (), curl: str = "", timeline: Timeline | None = None
    ) -> None:
        """Append one finding.

        Args:
            finding: what was found; one a clause.
            calls: the calls of its evidence, in full; the record keeps at most 16 KiB of each body.
            curl: a script that repeats them, see :func:`reports.curl_script`.
            timeline: the jobs of the program they belong to, see :func:`reports.timeline_of`.

        Raises:
            ValueError: the clause has a finding already, or the record is finished.
        """
        if self._finished or finding.clause.id in self._entries:
            why = "the record is finished" if self._finished else "the clause has a finding already"
            raise ValueError(f"Cannot write a finding of clause={finding.clause.id!r}: {why}")
        exchanges = tuple(excerpt(call) for call in calls)
        line = finding_line(Entry(finding=finding, exchanges=exchanges, curl=curl, timeline=timeline))
        self._write(line)
        # Read back, so that the record at hand equals the one that is read from the file later.
        self._entries[finding.clause.id] = entry_from(line, len(self._entries) + 2)

    def finish(
        self,
        *,
        requests: int,
        seconds: float,
        interrupted: str | None = None,
        baseline: Baseline | None = None,
        left: Iterable[str] = (),
    ) -> Record:
        """Write the footer and return the whole record.

        Args:
            requests: how many requests the run sent.
            seconds: how long it took.
            interrupted: why the run ended before its time, if it did.
            baseline: what was known of the target before, held against these findings.
            left: what the run has made and could not remove.

        Raises:
            ValueError: the record is finished already.
        """
        if self._finished:
            raise ValueError("Cannot finish a record twice")
        self._finished = True
        entries = tuple(self._entries.values())
        footer = footer_for(
            tuple(entry.finding for entry in entries), requests=requests, seconds=round(seconds, 3),
            interrupted=interrupted, baseline=baseline, left=tuple(left),
        )  # fmt: skip
        if baseline is not None:
            self._write(baseline_line(baseline))
        self._write(footer_line(footer))
        return Record(header=self._header, entries=entries, footer=footer, baseline=baseline)

    def _write(self, line: Line) -> None:
        self._to.write(json.dumps(line, ensure_ascii=True, separators=(",", ":"), allow_nan=False) + "\n")
        self._to.flush()

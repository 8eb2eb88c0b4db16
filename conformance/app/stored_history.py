"""Reads histories back from files: JSON lines, compressed where the name ends in ``.xz``."""

from __future__ import annotations

import itertools
import json
import lzma
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from conformance import SCHEMA_VERSION, Call, Earlier, Progress, Seam, SettingsError, from_json
from conformance.app.history_file import opened

_VERSIONS = range(1, SCHEMA_VERSION + 1)
_HEADER = ("api", "edition", "exclusive", "auth", "region", "url")
#: Later than anything that was measured before, whatever the clock of the machine says.
_LATER = 0.001


@dataclass(slots=True, kw_only=True)
class StoredHistory:
    """A history as its file tells it.

    ``unheard`` are calls that were under way when the run was killed; they stand behind all others, and the file does not
    have them yet. ``whole`` is how many bytes of the file are whole lines, ``cut_off`` whether there is more behind them.
    """

    header: Mapping[str, Any]
    calls: list[Call] = field(default_factory=list)
    unheard: list[Call] = field(default_factory=list)
    notes: dict[str, list[str]] = field(default_factory=dict)
    progress: Progress = field(default_factory=Progress)
    finished: bool = False
    ended: str | None = None
    scenarios: set[str] = field(default_factory=set)
    cut: set[int] = field(default_factory=set)
    """Calls of scenarios that were cut off and driven anew, by a later part or in the same."""
    cut_last: set[int] = field(default_factory=set)
    """Those of the last part, which may still be driven anew."""
    settled: set[int] = field(default_factory=set)
    parts: list[tuple[str, float]] = field(default_factory=list)
    whole: int = 0
    cut_off: bool = False

    @property
    def seam(self) -> Seam:
        """The calls that cannot be taken for what they were sent for; what was cut off last is judged as it is."""
        return Seam(cut=frozenset(self.cut), settled=frozenset(self.settled))

    @property
    def earlier(self) -> Earlier:
        """What another part of the run has to know."""
        calls = (*self.calls, *self.unheard)
        seam = Seam(cut=frozenset(self.cut | self.cut_last), settled=frozenset(self.settled))
        last = max((call.started if call.ended is None else call.ended for call in calls), default=0.0)
        return Earlier(
            calls=calls, finished=frozenset(self.scenarios), seam=seam, progress=self.progress,
            names=tuple(name for name, _ in self.parts), moment=max(last + _LATER, time.time() - self.header["began"]),
            active=self._active(), parts=len(self.parts),
        )  # fmt: skip

    def _active(self) -> float:
        """For how long something was sent, in all parts together."""
        bounds = [*(at for _, at in self.parts), float("inf")]
        active = 0.0
        for begin, end in itertools.pairwise(bounds):
            inside = [c.started if c.ended is None else c.ended for c in self.calls if begin <= c.started < end]
            active += max(inside, default=begin) - begin
        return active


def read_history(path: Path) -> tuple[Mapping[str, Any], list[Call], dict[str, list[str]]]:
    """Header, calls and notes of a ``history.jsonl``; raises SettingsError where it is none."""
    stored = read_stored(path)
    return stored.header, stored.calls, stored.notes


def read_stored(path: Path) -> StoredHistory:
    """Everything that a ``history.jsonl`` tells.

    A last line that was cut off in the middle is passed over: what stands before it is whole.

    Raises:
        SettingsError: the file is no history, or one of another version; the message says what is wrong with it.
    """
    try:
        with opened(path, "rt") as file:
            text = file.read()
    except (OSError, EOFError, ValueError, lzma.LZMAError) as error:
        raise SettingsError(f"expected a history at {path} but: {error}") from error
    lines = text.split("\n")
    stored = StoredHistory(header=_header(path, lines[0]))
    reading = _Reading(stored)
    stored.whole = len(lines[0].encode()) + 1
    for number, line in enumerate(lines[1:], start=1):
        last = number >= len(lines) - 1
        if last and not line:
            break
        try:
            reading.take(json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            if last:
                stored.cut_off = True
                break
            raise SettingsError(f"{path}: line {number + 1} is not one of a history: {error}") from error
        stored.whole += len(line.encode()) + (not last)
    reading.finish()
    return stored


def _header(path: Path, line: str) -> Mapping[str, Any]:
    try:
        header = json.loads(line) if line else {}
    except ValueError as error:
        raise SettingsError(f"expected a history at {path} but: {error}") from error
    missing = set(_HEADER) - set(header) if isinstance(header, dict) else {"header"}
    if missing or header.get("kind") != "history":
        raise SettingsError(
            f"expected the first line of {path} to be the header of a history; it lacks {', '.join(sorted(missing)) or 'its kind'}"
        )
    version = header.get("schema")
    if version not in _VERSIONS or isinstance(version, bool):
        raise SettingsError(
            f"{path} was written with version {version!r} of the schema of histories, but this suite reads {', '.join(map(str, _VERSIONS))}; "
            "read it with the version that wrote it"
        )
    return dict(header)


class _Reading:
    """What is known while the lines of a file are read one by one."""

    def __init__(self, stored: StoredHistory) -> None:
        self._stored = stored
        self._announced: dict[tuple[int, float], Call] = {}
        self._inside = False
        self._since: set[int] = set()

    def take(self, content: Mapping[str, Any]) -> None:
        kind = content.get("kind")
        if kind is None:
            self._call(from_json(content))
        elif kind == "scenario":
            self._scenario(content)
        elif kind == "sending":
            call = from_json(content["call"])
            self._announced[call.process, call.started] = call
        elif kind == "part":
            self._cut()
            self._stored.cut |= self._stored.cut_last
            self._stored.cut_last = set()
            self._stored.parts.append((content["name"], float(content["at"])))
            self._stored.finished = False
        elif kind == "put-off":
            self._stored.cut |= set(content["calls"])
        elif kind == "settled":
            self._stored.settled |= set(content["calls"])
        elif kind == "notes":
            self._stored.notes = {name: list(reasons) for name, reasons in content["notes"].items()}
            self._stored.finished = bool(content.get("finished"))
            self._stored.ended = content.get("ended")
        else:
            raise ValueError(f"kind={kind!r} is none that a line has")

    def _call(self, call: Call) -> None:
        self._announced.pop((call.process, round(call.started, 6)), None)
        self._stored.calls.append(call)
        if self._inside:
            self._since.add(call.id)

    def _scenario(self, content: Mapping[str, Any]) -> None:
        names, step = content["names"] if "names" in content else [content["name"]], content["step"]
        if step == "begun":
            self._inside, self._since = True, set()
        elif step == "ended":
            self._inside, self._since = False, set()
            self._stored.scenarios.update(names)
            self._stored.progress = Progress(
                notes=content["notes"], faults=content["faults"], size=int(content["size"])
            )
        else:
            self._cut()

    def _cut(self) -> None:
        """What was under way did not come to its end."""
        self._stored.cut_last |= self._since
        self._inside, self._since = False, set()

    def finish(self) -> None:
        """The file has ended: what was under way by then was cut off."""
        stored = self._stored
        if not stored.finished:
            for number, call in enumerate(self._announced.values(), start=len(stored.calls) + 1):
                stored.unheard.append(replace(call, id=number))
                if self._inside:
                    self._since.add(number)
        self._cut()


def require_whole(stored: StoredHistory, path: Path) -> None:
    """Make sure that a run can be taken up again from what there is; raises SettingsError."""
    header = stored.header
    if header.get("plan") is None:
        raise SettingsError(
            f"{path} was not written by `conformance run`, or by an older version of it, and does not tell what was asked; "
            "it can be judged, but not gone on with"
        )
    if [call.id for call in stored.calls] != list(range(1, len(stored.calls) + 1)):
        raise SettingsError(
            f"{path} lacks calls in the middle, so the run cannot be taken up again; it can still be judged"
        )

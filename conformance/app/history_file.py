"""Writes the history of a run while it goes, and enough beside it to take the run up again."""

from __future__ import annotations

import contextlib
import json
import lzma
import threading
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Literal, Self, cast

from conformance import SCHEMA_VERSION, Call, OutputError, Progress, Step, Target, to_json, write_line
from conformance.app.results import spec_hash, suite_version
from specs import Spec


def opened(path: Path, mode: Literal["rt", "wt", "at"]) -> IO[str]:
    """The file, to be read or written as text; compressed where its name ends in ``.xz``."""
    if path.suffix == ".xz":
        preset = None if mode == "rt" else 9 | lzma.PRESET_EXTREME
        return cast("IO[str]", lzma.open(path, mode, preset=preset, encoding="utf-8"))
    return cast("IO[str]", path.open(mode, encoding="utf-8"))


def described(target: Target) -> dict[str, Any]:
    """What must be the same of a target when a run is taken up again; nothing of it is secret."""
    store = target.s3
    return {
        "url": target.url, "api": target.api, "edition": target.edition, "auth": target.credentials.scheme,
        "region": target.region, "account_id": target.account_id, "exclusive": target.exclusive,
        "s3": None if store is None else {"endpoint": store.endpoint, "bucket": store.bucket, "prefix": store.prefix},
    }  # fmt: skip


class HistoryFile:
    """Writes ``history.jsonl`` line by line; each line is with the operating system when the call returns.

    The first line is a header, the last tells why operations were not driven, and how the run ended. Between them are calls,
    and marks: a scenario begins or ends, a request that may have an effect is about to be sent, another part of the run begins.
    """

    def __init__(self, path: Path, spec: Spec, target: Target, *, plan: Mapping[str, Any] | None = None) -> None:
        self._open(path, "wt")
        self._write({
            "kind": "history", "schema": SCHEMA_VERSION, "suite": suite_version(), "api": spec.api, "edition": spec.edition,
            "exclusive": target.exclusive, "auth": target.credentials.scheme, "region": target.region, "url": target.url,
            "checked": target.credentials.checked, "spec_sha256": spec_hash(spec), "began": time.time(), "target": described(target), "plan": plan,
        })  # fmt: skip

    @classmethod
    def again(cls, path: Path, whole: int, unheard: Collection[Call]) -> Self:
        """The file of a run that is taken up again.

        Args:
            path: the file.
            whole: how many bytes of it are whole lines; what stands behind them is cut off.
            unheard: the calls that were under way when the run ended.
        """
        self = cls.__new__(cls)
        try:
            with path.open("r+b") as file:
                file.truncate(whole)
                file.seek(max(0, whole - 1))
                ending = file.read(1)
            self._open(path, "at")
        except OSError as error:
            raise OutputError(f"expected to go on writing {path} but: {error.strerror or error}") from error
        if ending not in {b"", b"\n"}:
            self._file.write("\n")
        for call in unheard:
            self.add(call)
        return self

    def _open(self, path: Path, mode: Literal["wt", "at"]) -> None:
        self._file = opened(path, mode)
        self._lock = threading.Lock()

    def _write(self, content: Mapping[str, Any]) -> None:
        self._put(json.dumps(content, ensure_ascii=True, separators=(",", ":"), default=str))

    def _put(self, line: str) -> None:
        with self._lock:
            self._file.write(line + "\n")
            self._file.flush()

    def part(self, name: str, moment: float) -> None:
        """A part of the run begins; ``name`` is what the names of its own things begin with."""
        self._write({"kind": "part", "name": name, "at": round(moment, 6)})

    def add(self, call: Call) -> None:
        """Write one call."""
        self._put(write_line(call))

    def sending(self, call: Call) -> None:
        """Write that a request is about to be sent."""
        self._write({"kind": "sending", "call": to_json(call)})

    def scenarios(self, names: Sequence[str], step: Step, progress: Progress) -> None:
        """Write that scenarios have come to a step, in one line: all of them have, or none."""
        which = {"name": names[0]} if len(names) == 1 else {"names": list(names)}
        told: dict[str, Any] = {"kind": "scenario", **which, "step": step}
        if step == "ended":
            told |= {"notes": progress.notes, "faults": progress.faults, "size": progress.size}
        self._write(told)

    def put_off(self, calls: Collection[int]) -> None:
        """Write which calls are of scenarios that are driven anew."""
        self._write({"kind": "put-off", "calls": sorted(calls)})

    def settled(self, calls: Collection[int]) -> None:
        """Write which unanswered calls are over."""
        self._write({"kind": "settled", "calls": sorted(calls)})

    def close(self, notes: Mapping[str, list[str]], *, ended: str | None = None, finished: bool = False) -> None:
        """Write the notes and close; ``ended`` is why the run ended early, ``finished`` tells that it did not."""
        self._write({"kind": "notes", "notes": notes, "finished": finished, "ended": ended})
        self._file.close()

    @contextlib.contextmanager
    def kept(self, notes: Mapping[str, list[str]]) -> Iterator[None]:
        """Close the file also where what is inside fails."""
        try:
            yield
        except BaseException as error:
            self.close(notes, ended=f"{type(error).__name__}: {error}"[:300])
            raise

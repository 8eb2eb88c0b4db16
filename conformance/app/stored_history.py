"""Histories in files: JSON lines, compressed where the name ends in ``.xz``."""

from __future__ import annotations

import json
import lzma
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, Literal, cast

from conformance import SCHEMA_VERSION, Call, SettingsError, Target, read_lines, write_line
from conformance.app.results import suite_version
from specs import Spec


def opened(path: Path, mode: Literal["rt", "wt"]) -> IO[str]:
    """The file, to be read or written as text."""
    if path.suffix == ".xz":
        preset = 9 | lzma.PRESET_EXTREME if mode == "wt" else None
        return cast("IO[str]", lzma.open(path, mode, preset=preset, encoding="utf-8"))
    return cast("IO[str]", path.open(mode, encoding="utf-8"))


class HistoryFile:
    """Writes ``history.jsonl`` call by call: a header line, the calls, and at the end why operations were not driven."""

    def __init__(self, path: Path, spec: Spec, target: Target) -> None:
        self._file = opened(path, "wt")
        header = {
            "kind": "history", "schema": SCHEMA_VERSION, "suite": suite_version(), "api": spec.api, "edition": spec.edition,
            "exclusive": target.exclusive, "auth": target.credentials.scheme, "region": target.region, "url": target.url,
        }  # fmt: skip
        self._file.write(json.dumps(header) + "\n")

    def add(self, call: Call) -> None:
        """Write one call; it is on disk when this returns, whatever happens next."""
        self._file.write(write_line(call) + "\n")
        self._file.flush()

    def close(self, notes: Mapping[str, list[str]]) -> None:
        """Write the notes and close."""
        self._file.write(json.dumps({"kind": "notes", "notes": notes}) + "\n")
        self._file.close()


def read_history(path: Path) -> tuple[dict[str, Any], list[Call], dict[str, list[str]]]:
    """Header, calls and notes of a ``history.jsonl``; raises SettingsError where it is none."""
    try:
        with opened(path, "rt") as file:
            lines = file.read().splitlines()
        header = json.loads(lines[0]) if lines else {}
    except (OSError, EOFError, ValueError, lzma.LZMAError) as error:
        raise SettingsError(f"expected a history at {path} but: {error}") from error
    missing = (
        {"api", "edition", "exclusive", "auth", "region", "url"} - set(header)
        if isinstance(header, dict)
        else {"header"}
    )
    if missing or header.get("kind") != "history":
        raise SettingsError(
            f"expected the first line of {path} to be the header of a history; it lacks {', '.join(sorted(missing)) or 'its kind'}"
        )
    notes: dict[str, list[str]] = {}
    body = lines[1:]
    if body and body[-1].startswith('{"kind": "notes"'):
        notes = json.loads(body.pop())["notes"]
    try:
        return header, list(read_lines(body)), notes
    except ValueError as error:
        raise SettingsError(f"{path}: {error}") from error

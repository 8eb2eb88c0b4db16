"""Numbers by numbers, in bounded memory: what came last is held here, the rest is on disk."""

from __future__ import annotations

import sqlite3

_FILTER_BYTES = 16 * 1_024 * 1_024
_FILTER_MASK = 8 * _FILTER_BYTES - 1


class Ledger:
    """A map of 64-bit numbers; for one thread at a time.

    Once there are ``LIMIT`` new entries they go into a database that SQLite keeps in a file of its own and deletes with
    it. Most keys that are asked for are new, which a filter tells without asking the file.
    """

    LIMIT = 500_000
    CACHE_KIB = 16 * 1_024

    def __init__(self) -> None:
        self.recent: dict[int, int] = {}
        self._file: sqlite3.Connection | None = None
        self._filter = bytearray()

    def get(self, key: int) -> int | None:
        """Return the value of a key, or None."""
        found = self.recent.get(key)
        if found is not None or self._file is None or not self._may_hold(key):
            return found
        row = self._file.execute("SELECT value FROM entries WHERE key = ?", (key,)).fetchone()
        return None if row is None else int(row[0])

    def put(self, key: int, value: int = 1) -> None:
        """Set the value of a key."""
        self.recent[key] = value
        if len(self.recent) >= self.LIMIT:
            self._write()

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _write(self) -> None:
        if self._file is None:
            self._file = sqlite3.connect("", check_same_thread=False, isolation_level=None)
            self._file.execute("PRAGMA journal_mode = OFF")
            self._file.execute("PRAGMA synchronous = OFF")
            self._file.execute(f"PRAGMA cache_size = -{self.CACHE_KIB}")
            self._file.execute("CREATE TABLE entries (key INTEGER PRIMARY KEY, value INTEGER NOT NULL)")
            self._filter = bytearray(_FILTER_BYTES)
        for key in self.recent:
            for bit in (key & _FILTER_MASK, (key >> 32) & _FILTER_MASK):
                self._filter[bit >> 3] |= 1 << (bit & 7)
        self._file.execute("BEGIN")
        # In order of keys, neighbours are written together.
        entries = ((key, self.recent[key]) for key in sorted(self.recent))
        self._file.executemany("INSERT OR REPLACE INTO entries VALUES (?, ?)", entries)
        self._file.execute("COMMIT")
        self.recent.clear()

    def _may_hold(self, key: int) -> bool:
        first, second = key & _FILTER_MASK, (key >> 32) & _FILTER_MASK
        return bool(self._filter[first >> 3] >> (first & 7) & 1 and self._filter[second >> 3] >> (second & 7) & 1)

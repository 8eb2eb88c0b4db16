"""Source data of the specification, put where the target reads it, all below a prefix of our own."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

from conformance.adapters.objects import ObjectStore
from conformance.errors import SourceStoreError, StageError
from conformance.guard import READ_ONLY
from conformance.session import Session

_LONG_LINES = (20_000, 80_000, 320_000, 1_280_000)
SIZES = len(_LONG_LINES)


@dataclass(slots=True, kw_only=True)
class Fixtures:
    """The objects of a run, each uploaded when it is first asked for; ``unique`` gives a text nobody else uses."""

    session: Session
    store: ObjectStore | None
    run: str
    unique: Callable[[], str]
    filled: Callable[[str], str]
    """Fills in the placeholders of a text."""
    _uris: dict[str, str] = field(default_factory=dict)
    _etags: dict[str, str] = field(default_factory=dict)
    _number: int = 0
    _size: int = 0

    def open_store(self) -> ObjectStore:
        """The store, to be written to; raises StageError where there is none, or nothing may be written."""
        if self.session.target.read_only:
            raise StageError(READ_ONLY)
        if self.store is None:
            raise StageError("no S3 endpoint for source data is given; pass --s3-endpoint and --bucket")
        return self.store

    def described(self, name: str, form: str) -> str:
        """An object in one of the forms a specification may ask for: its URI, ``new``, ``etag``, ``key`` or ``arn``."""
        uri = self.uri(name, fresh=form == "new")
        if form == "etag":
            return self._etags[name]
        if form == "key":
            return uri.split("/", 3)[3]
        return f"arn:aws:s3:::{uri.removeprefix('s3://')}" if form == "arn" else uri

    def uri(self, name: str, *, fresh: bool = False) -> str:
        """S3 URI of an object, or of a fresh copy that nobody else names; raises StageError."""
        store = self.open_store()
        if fresh or name not in self._uris:
            uri = self._uploaded(store, name, fresh=fresh)
            if fresh:
                return uri
            self._uris[name] = uri
        return self._uris[name]

    def _uploaded(self, store: ObjectStore, name: str, *, fresh: bool) -> str:
        described = self.session.spec.objects[name]
        text = described.text.replace("${unique}", self.unique())
        if described.repeat:
            before, _, behind = described.repeat.replace("${unique}", self.run).partition("${number}")
            count = described.lines or _LONG_LINES[self._size]
            # Joined at once: there are millions of lines where a target is quick.
            text += before + (behind + before).join(map(str, range(count))) + behind
        else:
            text = self.filled(text)
        self._number += 1
        key = f"{self.run}/{self._number}-{described.key}" if fresh else f"{self.run}/{described.key}"
        content = text.encode("utf-8")
        self._etags[name] = hashlib.md5(content, usedforsecurity=False).hexdigest()
        try:
            return store.put(key, content)
        except SourceStoreError as error:
            raise StageError(str(error)) from error

    @property
    def size(self) -> int:
        """How often long work was made longer."""
        return self._size

    def longer(self) -> bool:
        """Make objects of long jobs larger from now on; False when they are as large as they get."""
        if self._size + 1 >= SIZES:
            return False
        self._size += 1
        for name, described in self.session.spec.objects.items():
            if described.repeat and described.lines is None:
                self._uris.pop(name, None)
        return True

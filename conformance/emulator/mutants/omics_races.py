"""HealthOmics with a fault that shows only where requests race."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.emulator.mutants.registry import declarer
from conformance.emulator.omics.service import OmicsService

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.emulator.omics.reading import Call
    from conformance.emulator.omics.record import ImportJob, SourceFile, Store

mutant = declarer("omics", "lifecycle")
_GAP = 0.1


@mutant(
    "token-looked-up-before-entry",
    clause="StartReferenceImportJob/clientToken/racing",
    needs="start imports with one token from several clients at once, and once more behind them",
)
class TokenGap(OmicsService):
    """Whether a token is known is looked up some time before the import is entered, without keeping others out."""

    def known_job(self, store: Store, request: dict[str, Any]) -> ImportJob | None:
        job = super().known_job(store, request)
        self.lock.release()
        time.sleep(_GAP)
        self.lock.acquire()
        return job


@mutant(
    "racing-imports-share-an-id",
    clause="StartReferenceImportJob/importJob/racing-ids",
    needs="start different imports from several clients at once",
)
class SharedIds(OmicsService):
    """The number that makes an id is read some time before the import is entered."""

    def new_job(
        self, store: Store, request: dict[str, Any], *, files: Mapping[str, SourceFile], now: float
    ) -> ImportJob:
        job = super().new_job(store, request, files=files, now=now)
        number = len(store.jobs)
        self.lock.release()
        time.sleep(_GAP / 4)
        self.lock.acquire()
        return replace(job, id=f"{store.id[:6]}{number:04d}")


@mutant(
    "other-connections-see-the-past",
    clause="GetReferenceImportJob/importJob/racing-reads",
    needs="read an import from several clients while it changes",
)
class OthersSeeThePast(OmicsService):
    """A connection that was not the first to read an import is shown for a second what it was shown first."""

    def get_import(self, call: Call) -> dict[str, Any]:
        copies: dict[Any, tuple[float, dict[str, Any]]] = self.__dict__.setdefault("copies", {})
        owners: dict[str, int] = self.__dict__.setdefault("owners", {})
        key, now = (str(call.labels), threading.get_ident()), time.monotonic()
        if owners.setdefault(key[0], key[1]) == key[1]:
            return super().get_import(call)
        if key not in copies or now - copies[key][0] > 1:
            copies[key] = (now, super().get_import(call))
        return copies[key][1]

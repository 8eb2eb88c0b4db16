"""The state of an emulated HealthOmics, and what every operation needs from it."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any

from conformance.emulator.omics.reading import Reading
from conformance.emulator.omics.rendering import Rendering
from conformance.emulator.paging import Paging
from conformance.emulator.refusal import RefusalError
from conformance.emulator.rule import date_from

if TYPE_CHECKING:
    import threading
    from collections.abc import Mapping

    from conformance.emulator.omics.record import ImportJob, Store


class Catalog(Reading, Rendering, Paging):
    """Stores by id; all changes happen under the lock."""

    lock: threading.Lock

    default_page_size = 100
    """No document names a default; this is the maximum."""

    def __init__(self) -> None:
        super().__init__()
        self.stores: dict[str, Store] = {}
        self._ids: set[str] = set()
        self._made = 0

    def next_number(self) -> int:
        """Return the number of the next thing made."""
        self._made += 1
        return self._made

    def new_id(self) -> str:
        """Return an id nothing else has: ten digits, as the ids in the user guide."""
        while True:
            candidate = str(10**9 + secrets.randbelow(9 * 10**9))
            if candidate not in self._ids:
                self._ids.add(candidate)
                return candidate

    def store(self, store_id: str, now: float) -> Store:
        """Return a store with everything that has come into it by now, or refuse."""
        store = self.stores.get(store_id)
        if store is None:
            raise self.not_found("reference store")
        self.settle(store, now)
        return store

    def job(self, store: Store, job_id: str) -> ImportJob:
        """Return an import job of a store, or refuse; an id from another store is unknown here."""
        job = next((job for job in reversed(store.jobs) if job.id == job_id), None)
        if job is None:
            raise self.not_found("reference import job")
        return job

    def not_found(self, kind: str) -> RefusalError:
        """Return the refusal for something unknown."""
        return RefusalError(status=404, name="ResourceNotFoundException", message=f"The {kind} was not found")

    def over_quota(self, message: str) -> RefusalError:
        """Return the refusal for something too many; 402 is the model's status."""
        return RefusalError(status=402, name="ServiceQuotaExceededException", message=message)

    def conflict(self, message: str) -> RefusalError:
        """Return the refusal for something that does not fit the state of the resource."""
        return RefusalError(status=409, name="ConflictException", message=message)

    def page_size(self, wanted: int | None) -> int:
        """Return how many items a page may hold."""
        return self.default_page_size if wanted is None else wanted

    def token_scope(self, listed: str, wanted: Mapping[str, Any]) -> str:
        """Return what a token is good for: one list and one filter, but any page size."""
        return f"{listed} {json.dumps(self.filter_of(wanted), sort_keys=True)}"

    def start_of(self, wanted: Mapping[str, Any], scope: str) -> int:
        """Return where a page begins; a token that was not given out for this list is a breach."""
        token = wanted.get("nextToken")
        if token is None:
            return self.first_position
        position = self.position_of(token, scope)
        if position is None:
            raise self.invalid("Value at 'nextToken' is no token of this list")
        return position

    def filter_of(self, wanted: Mapping[str, Any]) -> dict[str, Any]:
        """Return the members of the filter that say something."""
        members = wanted.get("filter") or {}
        return {name: value for name, value in members.items() if value is not None}

    def is_created_within(self, created: float, conditions: Mapping[str, str]) -> bool:
        """Whether something was made in the period of a filter; both bounds are outside, as their names suggest."""
        date = self.clock.date(created)
        after, before = (date_from(conditions.get(name, "")) for name in ("createdAfter", "createdBefore"))
        return (after is None or after < date) and (before is None or date < before)

    def is_equal(self, conditions: Mapping[str, str], name: str, value: object) -> bool:
        """Whether something has exactly the value a filter asks for."""
        return name not in conditions or conditions[name] == value

    def list_answer(self, name: str, items: list[dict[str, Any]], token: str | None) -> dict[str, Any]:
        """Write a page; it has a token only if there is more."""
        return {name: items} if token is None else {name: items, "nextToken": token}

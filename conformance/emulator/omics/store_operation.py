"""The operations on reference stores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.emulator.omics.catalog import Catalog
from conformance.emulator.omics.record import Store

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.emulator.omics.reading import Call


class StoreOperations(Catalog):
    """Creates, lists, shows and deletes stores."""

    def create_store(self, call: Call) -> dict[str, Any]:
        """Carry out CreateReferenceStore."""
        request = self.read_body(call, self.create_store_rules)
        with self.lock:
            store = self.known_store(request)
            if store is None:
                store = self.new_store(request)
                self.stores[store.id] = store
            return self.store_members(store)

    def known_store(self, request: dict[str, Any]) -> Store | None:
        """Return the store an earlier call with the same client token has made."""
        token = request.get("clientToken")
        if token is None:
            return None
        store = next((store for store in self.stores.values() if store.request.get("clientToken") == token), None)
        if store is not None and store.request != request:
            raise self.invalid("The client token was used with another request")
        return store

    def new_store(self, request: dict[str, Any]) -> Store:
        """Make a store, or refuse."""
        if len(self.stores) >= self.store_quota():
            raise self.over_quota("The account has as many reference stores as it may")
        return Store(number=self.next_number(), id=self.new_id(), request=request, created=self.clock.now())

    def store_quota(self) -> int:
        """Return how many stores there may be."""
        return self.settings.max_stores

    def list_stores(self, call: Call) -> dict[str, Any]:
        """Carry out ListReferenceStores."""
        wanted = self.read_list(call, self.list_stores_rules)
        conditions = self.filter_of(wanted)
        scope = self.token_scope("stores", wanted)
        with self.lock:
            page = self.page_of(
                list(self.stores.values()),
                matches=lambda store: self.is_wanted_store(store, conditions),
                limit=self.page_size(wanted["maxResults"]),
                position=self.start_of(wanted, scope),
                scope=scope,
            )
            return self.list_answer("referenceStores", [self.store_members(store) for store in page.items], page.token)

    def is_wanted_store(self, store: Store, conditions: Mapping[str, str]) -> bool:
        """Whether a store passes the filter."""
        named = self.is_equal(conditions, "name", store.request.get("name"))
        return named and self.is_created_within(store.created, conditions)

    def get_store(self, call: Call) -> dict[str, Any]:
        """Carry out GetReferenceStore."""
        wanted = self.read_labels(call, self.one_store_rules)
        with self.lock:
            return self.store_members(self.store(wanted["id"], self.clock.now()))

    def delete_store(self, call: Call) -> None:
        """Carry out DeleteReferenceStore."""
        wanted = self.read_labels(call, self.one_store_rules)
        with self.lock:
            store = self.store(wanted["id"], self.clock.now())
            if self.is_in_use(store):
                raise self.conflict("The reference store is not empty")
            del self.stores[store.id]

    def is_in_use(self, store: Store) -> bool:
        """Whether a store holds references (operation text), or an import is about to bring some."""
        return bool(store.references or store.unsettled)

"""The operations on references, which are needed to see what an import brought and to empty a store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.emulator.omics.catalog import Catalog

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.emulator.omics.reading import Call
    from conformance.emulator.omics.record import Reference, Store


class ReferenceOperations(Catalog):
    """Lists, shows and deletes references."""

    def reference_in(self, store: Store, reference_id: str) -> Reference:
        """Return a reference of a store, or refuse."""
        reference = next((reference for reference in store.references if reference.id == reference_id), None)
        if reference is None:
            raise self.not_found("reference")
        return reference

    def list_references(self, call: Call) -> dict[str, Any]:
        """Carry out ListReferences."""
        wanted = self.read_list(call, self.list_references_rules)
        conditions = self.filter_of(wanted)
        with self.lock:
            store = self.store(wanted["referenceStoreId"], self.clock.now())
            scope = self.token_scope(f"references of {store.id}", wanted)
            page = self.page_of(
                store.references,
                matches=lambda reference: self.is_wanted_reference(reference, conditions),
                limit=self.page_size(wanted["maxResults"]),
                position=self.start_of(wanted, scope),
                scope=scope,
            )
            items = [self.reference_item_members(reference) for reference in page.items]
            return self.list_answer("references", items, page.token)

    def is_wanted_reference(self, reference: Reference, conditions: Mapping[str, str]) -> bool:
        """Whether a reference passes the filter."""
        named = self.is_equal(conditions, "name", reference.source.request.get("name"))
        hashed = self.is_equal(conditions, "md5", reference.source.file.md5)
        return named and hashed and self.is_created_within(reference.created, conditions)

    def get_reference_metadata(self, call: Call) -> dict[str, Any]:
        """Carry out GetReferenceMetadata."""
        wanted = self.read_labels(call, self.one_reference_rules)
        with self.lock:
            store = self.store(wanted["referenceStoreId"], self.clock.now())
            return self.reference_members(self.reference_in(store, wanted["id"]))

    def delete_reference(self, call: Call) -> None:
        """Carry out DeleteReference; nothing emulated here can use a reference, so it never conflicts."""
        wanted = self.read_labels(call, self.one_reference_rules)
        with self.lock:
            store = self.store(wanted["referenceStoreId"], self.clock.now())
            store.references.remove(self.reference_in(store, wanted["id"]))

"""HealthOmics with a fault in what it takes as a parameter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.emulator.mutants.registry import declarer
from conformance.emulator.omics import constraint
from conformance.emulator.omics.service import OmicsService

if TYPE_CHECKING:
    from conformance.emulator.omics.reading import Call
    from conformance.emulator.table import Table

mutant = declarer("omics", "parameter-range")


@mutant(
    "page-above-maximum-accepted", clause="ListReferenceImportJobs/maxResults/maximum", needs="list with 101 a page"
)
class PageAboveMaximum(OmicsService):
    """A page of 101 jobs may be asked for."""

    list_imports_rules = constraint.LIST_IMPORTS.replaced("maxResults", max=101)


@mutant("page-maximum-refused", clause="ListReferenceImportJobs/maxResults/maximum", needs="list with 100 a page")
class PageMaximumRefused(OmicsService):
    """The largest documented page is refused."""

    list_imports_rules = constraint.LIST_IMPORTS.replaced("maxResults", max=99)


@mutant("page-of-nothing-accepted", clause="ListReferenceStores/maxResults/minimum", needs="list with 0 a page")
class PageOfNothing(OmicsService):
    """A page of no stores may be asked for."""

    list_stores_rules = constraint.LIST_STORES.replaced("maxResults", min=0)


@mutant("page-word-ignored", clause="ListReferenceImportJobs/maxResults/type", needs="list with a word as maxResults")
class PageWordIgnored(OmicsService):
    """A maxResults that is no number is ignored."""

    def coerced(self, call: Call, name: str, table: Table) -> object:
        value = super().coerced(call, name, table)
        return None if name == "maxResults" and isinstance(value, str) else value


@mutant(
    "unknown-status-accepted",
    clause="ListReferenceImportJobs/filter.status/allowed-values",
    needs="filter by a status there is not",
)
class UnknownStatusAccepted(OmicsService):
    """A filter by a status there is not gives an empty list."""

    list_imports_rules = constraint.LIST_IMPORTS.replaced("filter.status", values=None)


@mutant(
    "cancelled-status-refused",
    clause="ListReferenceImportJobs/filter.status/allowed-values",
    needs="filter by every status",
)
class CancelledStatusRefused(OmicsService):
    """A filter by CANCELLED, which no job of this service ever becomes, is refused."""

    list_imports_rules = constraint.LIST_IMPORTS.replaced(
        "filter.status",
        values=("SUBMITTED", "IN_PROGRESS", "CANCELLING", "FAILED", "COMPLETED", "COMPLETED_WITH_FAILURES"),
    )


@mutant(
    "long-token-accepted",
    clause="ListReferenceImportJobs/nextToken/max-length",
    needs="list with a token of 6145 characters",
)
class LongTokenAccepted(OmicsService):
    """A token that cannot be one, because it is too long, begins the list anew."""

    def coerced(self, call: Call, name: str, table: Table) -> object:
        value = super().coerced(call, name, table)
        return None if name == "nextToken" and isinstance(value, str) and len(value) > 6144 else value


@mutant("filter-of-any-type", clause="ListReferenceImportJobs/filter/type", needs="list with a text as filter")
class FilterOfAnyType(OmicsService):
    """A filter that is no object is ignored."""

    def members(self, body: bytes) -> dict[str, Any]:
        members = super().members(body)
        return {name: value for name, value in members.items() if name != "filter" or isinstance(value, dict)}


@mutant("role-optional", clause="StartReferenceImportJob/roleArn/required", needs="start without a role")
class RoleOptional(OmicsService):
    """An import without a role is accepted."""

    start_import_rules = constraint.START_IMPORT.replaced("roleArn", required=False)


@mutant(
    "short-role-accepted",
    clause="StartReferenceImportJob/roleArn/min-length",
    needs="start with a role of 19 characters",
)
class ShortRole(OmicsService):
    """A role of 19 characters is accepted."""

    start_import_rules = constraint.START_IMPORT.replaced("roleArn", min=19)


@mutant("too-many-sources-accepted", clause="StartReferenceImportJob/sources/max-items", needs="start with 101 sources")
class TooManySources(OmicsService):
    """An import of 101 sources is accepted."""

    start_import_rules = constraint.START_IMPORT.replaced("sources", max=101)


@mutant(
    "no-sources-accepted",
    clause="StartReferenceImportJob/sources/min-items",
    needs="start with an empty list of sources",
)
class NoSources(OmicsService):
    """An import of nothing is accepted."""

    start_import_rules = constraint.START_IMPORT.replaced("sources", min=0)


@mutant(
    "any-address-as-source",
    clause="StartReferenceImportJob/sources[].sourceFile/pattern",
    needs="start with a source that is not in S3",
)
class AnyAddress(OmicsService):
    """A source may be any text."""

    start_import_rules = constraint.START_IMPORT.replaced("sources[].sourceFile", pattern=None)


@mutant(
    "control-characters-in-names",
    clause="StartReferenceImportJob/sources[].name/alphabet",
    needs="start with a control character in a name",
)
class ControlCharacters(OmicsService):
    """Names may hold control characters."""

    start_import_rules = constraint.START_IMPORT.replaced("sources[].name", categories="LMZSNPC")


@mutant(
    "accents-refused-in-names", clause="CreateReferenceStore/name/alphabet", needs="make a store with an accented name"
)
class AccentsRefused(OmicsService):
    """A store's name may hold ASCII only."""

    create_store_rules = constraint.CREATE_STORE.replaced("name", pattern=r"[\x20-\x7e]*")


@mutant(
    "long-store-name-accepted",
    clause="CreateReferenceStore/name/max-length",
    needs="make a store with a name of 128 characters",
)
class LongStoreName(OmicsService):
    """A store's name may have 128 characters."""

    create_store_rules = constraint.CREATE_STORE.replaced("name", max=128)


@mutant(
    "longest-description-refused",
    clause="StartReferenceImportJob/sources[].description/max-length",
    needs="start with the longest description",
)
class DescriptionTooShort(OmicsService):
    """The longest documented description is refused."""

    start_import_rules = constraint.START_IMPORT.replaced("sources[].description", max=254)

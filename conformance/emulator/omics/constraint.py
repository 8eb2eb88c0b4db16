"""The rules of every request, from the ListReferenceImportJobs document and the HealthOmics model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.emulator.omics.record import Status
from conformance.emulator.rule import Items, Moment, Pairs, Structure, Text, Whole
from conformance.emulator.table import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.emulator.rule import Rule

_CATEGORIES = "LMZSNP"
_ID = Text(required=True, min=10, max=36, pattern=r"[0-9]+")
_STORE_NAME = Text(min=1, max=127, categories=_CATEGORIES)
_DESCRIPTION = Text(min=1, max=255, categories=_CATEGORIES)
_CLIENT_TOKEN = Text(min=1, max=127, categories=_CATEGORIES)


def _tags(path: str) -> dict[str, Rule]:
    # The number is the user guide's; the model has none.
    return {path: Pairs(max=50), f"{path}{{key}}": Text(min=1, max=128), f"{path}{{value}}": Text(max=256)}


_PAGE: Mapping[str, Rule] = {
    "maxResults": Whole(min=1, max=100),
    "nextToken": Text(min=1, max=6144, categories=_CATEGORIES),
}
_PERIOD: Mapping[str, Rule] = {
    "filter": Structure(),
    "filter.createdAfter": Moment(),
    "filter.createdBefore": Moment(),
}

CREATE_STORE = Table(
    {
        "name": Text(required=True, min=1, max=127, categories=_CATEGORIES),
        "description": _DESCRIPTION,
        "sseConfig": Structure(),
        "sseConfig.type": Text(required=True, values=("KMS",)),
        "sseConfig.keyArn": Text(min=20, max=2048, pattern=r".*arn:([^: ]*):([^: ]*):([^: ]*):([0-9]{12}):([^: ]*).*"),
        **_tags("tags"),
        "clientToken": _CLIENT_TOKEN,
    }
)
LIST_STORES = Table({**_PAGE, **_PERIOD, "filter.name": _STORE_NAME})
ONE_STORE = Table({"id": _ID})

START_IMPORT = Table(
    {
        "referenceStoreId": _ID,
        "roleArn": Text(required=True, min=20, max=2048, pattern=r"arn:.*"),
        "sources": Items(required=True, min=1, max=100),
        "sources[]": Structure(),
        "sources[].sourceFile": Text(required=True, pattern=r"s3://([a-z0-9][a-z0-9-.]{1,61}[a-z0-9])/(.{1,1024})"),
        "sources[].name": Text(required=True, min=3, max=255, categories=_CATEGORIES),
        "sources[].description": _DESCRIPTION,
        **_tags("sources[].tags"),
        "clientToken": _CLIENT_TOKEN,
    }
)
ONE_IMPORT = Table({"referenceStoreId": _ID, "id": _ID})
LIST_IMPORTS = Table({"referenceStoreId": _ID, **_PAGE, **_PERIOD, "filter.status": Text(values=tuple(Status))})

LIST_REFERENCES = Table(
    {
        "referenceStoreId": _ID,
        **_PAGE,
        **_PERIOD,
        "filter.name": Text(min=3, max=255, categories=_CATEGORIES),
        # The doubled bars of the documented class are read as a union, not as bars.
        "filter.md5": Text(min=1, max=255, categories="LN"),
    }
)
ONE_REFERENCE = Table({"referenceStoreId": _ID, "id": _ID})

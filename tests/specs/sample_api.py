"""A small API as YAML content, to be changed by tests and written into a folder."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import yaml

API: dict[str, Any] = {
    "api": "tiny",
    "title": "Tiny jobs",
    "media": "json",
    "documents": [],
    "errors": {
        "table": {"BadJob": [400], "NoJob": [404]},
        "envelopes": [{"id": "e", "code": ["/c"], "message": ["/m"]}],
    },
    "refusals": {"length": {"names": ["BadJob"]}},
    "auth": {"scheme": "none"},
    "resources": {"job": {"create": {"operation": "StartJob"}, "id": "/id"}},
}
START: dict[str, Any] = {
    "operation": "StartJob",
    "effect": "create",
    "summary": "Starts a job.",
    "request": {
        "method": "POST",
        "path": "/jobs",
        "base": {"name": "first"},
        "parameters": {
            "name": {"in": "body", "required": True, "schema": {"type": "string", "minLength": 3, "maxLength": 20}}
        },
    },
    "response": {"schema": {"type": "object", "properties": {"id": {"type": "string"}}}},
    "errors": ["BadJob"],
}
LIST: dict[str, Any] = {
    "operation": "ListJobs",
    "effect": "read",
    "summary": "Lists the jobs.",
    "request": {"method": "GET", "path": "/jobs"},
    "response": {},
    "errors": ["BadJob"],
    "listing": {"resource": "job", "items": "/jobs", "itemId": "/id"},
}


class SampleApi:
    """The files of a small API; tests change them, then write them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "tiny"
        self.api = copy.deepcopy(API)
        self.start = copy.deepcopy(START)
        self.list = copy.deepcopy(LIST)

    def write(self) -> Path:
        """Write the files and name their folder."""
        self.folder.mkdir(exist_ok=True)
        for name, content in (("api", self.api), ("StartJob", self.start), ("ListJobs", self.list)):
            (self.folder / f"{name}.yaml").write_text(yaml.safe_dump(content), "utf-8")
        return self.folder

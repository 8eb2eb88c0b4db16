"""Loads the specification of an API from its folder of YAML files; the only importer of yaml."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from specs.assembly import assemble
from specs.errors import SpecError, UnknownApiError
from specs.spec import Spec
from specs.validation import file_validator

ROOT = Path(__file__).parent
EXPERIMENTS = "experiments.yaml"
_OTHER = frozenset({"api.yaml", EXPERIMENTS})


def apis() -> list[str]:
    """Names of the APIs that have a folder of specifications."""
    return sorted(path.parent.name for path in ROOT.glob("*/api.yaml"))


@functools.cache
def load(api: str, *, edition: str | None = None) -> Spec:
    """The specification of a bundled API.

    Args:
        api: name of the API's folder.
        edition: edition of the documents; the default edition where it is None.

    Raises:
        UnknownApiError: there is no such folder.
        SpecError: a file is wrong; the message names file and JSON pointer.
    """
    if api not in apis():
        raise UnknownApiError(api, apis())
    return load_folder(ROOT / api, edition=edition)


def load_folder(folder: Path, *, edition: str | None = None) -> Spec:
    """The specification in a folder: ``api.yaml``, one file an operation, and its experiments; raises SpecError."""
    api = read_checked(folder / "api.yaml", "api")
    operations = [read_checked(path, "operation") for path in sorted(folder.glob("*.yaml")) if path.name not in _OTHER]
    trials = folder / EXPERIMENTS
    experiments = read_checked(trials, "experiments") if trials.exists() else None
    editions = tuple(sorted(api.get("editions", {})))
    chosen = edition if edition is not None else api.get("defaultEdition")
    if chosen is not None and chosen not in editions:
        known = ", ".join(editions) or "none: this API has one edition only"
        raise SpecError(
            f"{folder.name}/api.yaml",
            "/editions",
            f"expected a known edition but got edition={chosen!r}; known: {known}",
        )
    if chosen is not None:
        api = merge(api, api["editions"].get(chosen) or {})
        operations = [_in_edition(document, chosen) for document in operations]
        operations = [document for document in operations if document]
    return assemble(api, operations, edition=chosen, editions=editions, experiments=experiments)


def _in_edition(document: dict[str, Any], edition: str) -> dict[str, Any]:
    changes = document.get("editions", {})
    if edition in changes and changes[edition] is None:
        return {}
    merged = merge(document, changes.get(edition, {}))
    merged["file"] = document["file"]
    return merged


def merge(base: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """JSON merge patch (RFC 7396): members of ``patch`` replace those of ``base``, null removes, objects merge."""
    result = dict(base)
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        elif isinstance(value, Mapping):
            old = result.get(key)
            result[key] = merge(old if isinstance(old, Mapping) else {}, value)
        else:
            result[key] = value
    return result


def read_checked(path: Path, kind: str) -> dict[str, Any]:
    """Read one YAML file and check it against the schema of its kind; raises SpecError."""
    label = f"{path.parent.name}/{path.name}"
    try:
        content = yaml.load(path.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - safe loader
    except OSError as error:
        raise SpecError(label, "", f"cannot be read: {error.strerror}; every API folder needs this file") from error
    except yaml.YAMLError as error:
        raise SpecError(label, "", f"is not YAML: {' '.join(str(error).split())}") from error
    for problem in sorted(
        file_validator(kind).iter_errors(content), key=lambda each: list(each.absolute_path), reverse=True
    ):
        pointer = "".join(f"/{part}" for part in problem.absolute_path)
        raise SpecError(label, pointer, f"{problem.message}; see specs/schemas/{kind}.schema.json")
    content["file"] = label
    return dict(content)

"""Every specification there is: each API in each of its editions."""

from __future__ import annotations

import yaml

from specs import apis
from specs.document import ROOT

Named = tuple[str, str | None]


def every_edition(*only: str) -> list[Named]:
    """Name each API with each edition, without loading: a broken file must fail its own tests and no others."""
    found: list[Named] = []
    for api in only or apis():
        content = yaml.safe_load((ROOT / api / "api.yaml").read_text("utf-8"))
        editions = content.get("editions") if isinstance(content, dict) else None
        found += [(api, edition) for edition in sorted(editions or {})] or [(api, None)]
    return found


def label(named: Named) -> str:
    """Name a specification in test ids."""
    return "-".join(filter(None, named))

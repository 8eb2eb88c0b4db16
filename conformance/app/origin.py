"""Refuses to run when a package of ours is shadowed by another of the same name."""

from __future__ import annotations

import importlib.util
from pathlib import Path

_PACKAGES = ("specs", "strategies", "conformance", "reports")


def shadowed() -> str | None:
    """What is wrong with where our packages are found, or None; nothing is imported to find out."""
    here = Path(__file__).resolve().parents[2]
    for name in _PACKAGES:
        found = importlib.util.find_spec(name)
        if found is None or found.origin is None:
            return f"expected the package {name!r} at {here / name} but there is none; install the suite again"
        place = Path(found.origin).resolve().parent
        if place != here / name:
            return (
                f"expected the package {name!r} at {here / name} but another one of that name comes first on the path: {place}. "
                "Run the `conformance` console script, or `python -P -m conformance`, outside of that folder."
            )
    return None

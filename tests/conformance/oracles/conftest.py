"""Recordings of faithful implementations, one an API and session."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

import specs
from tests.conformance.corruption.recording import Recording
from tests.conformance.oracles.recorder import record_all, recorded

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(scope="session")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Recording]:
    """Give the recording of an API; it is made when first asked for."""
    base = tmp_path_factory.getbasetemp()
    # Workers of xdist have folders of their own below one of the whole session.
    shared = "PYTEST_XDIST_WORKER" in os.environ
    folder = base.parent if shared else base
    if shared:
        record_all(folder)
    known: dict[str, Recording] = {}

    def made(api: str) -> Recording:
        if api not in known:
            spec = specs.load(api)
            known[api] = Recording(spec, recorded(spec, folder))
        return known[api]

    return made

"""What the tests of live endpoints share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from conformance.app.processes import object_store


@pytest.fixture(scope="package")
def s3_endpoint() -> Iterator[str]:
    with object_store() as url:
        yield url

"""One item a clause; what an item does stands in :mod:`conformance.app.suite_session`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from conformance.app.plugin import session_of
from conformance.app.suite_session import SuiteRun
from specs import Clause


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One item a clause, with the clause's id."""
    clauses = session_of(metafunc.config).clauses
    metafunc.parametrize("clause", clauses, ids=[clause.id for clause in clauses])


@pytest.fixture(scope="session")
def conformance_run(request: pytest.FixtureRequest) -> Iterator[SuiteRun]:
    """The run that all items share."""
    with session_of(request.config).running(request.session) as run:
        yield run


def test_clause(clause: Clause, conformance_run: SuiteRun) -> None:
    """The target keeps the clause."""
    conformance_run.prove(clause)

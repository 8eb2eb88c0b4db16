"""Cleaning up asks no more of a target than it takes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from conformance import Intent, Run
from conformance.app.processes import object_store
from conformance.instance import Instance
from specs import load
from tests.conformance.live.house import house

NEPTUNE = load("neptune")
STATUS, CANCEL = NEPTUNE.operations["GetLoaderJobStatus"], NEPTUNE.operations["CancelLoaderJob"]


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with object_store() as url:
        yield url


@contextmanager
def ended(endpoint: str) -> Iterator[tuple[Run, Instance]]:
    """A load at its end, which the stage has not looked at: it was read for another reason."""
    with house("neptune", endpoint) as (target, _):
        run = Run(spec=NEPTUNE, target=target, clauses=NEPTUNE.clauses)
        stage = run.context.stage
        made = stage.make(NEPTUNE.resources["loadJob"])
        made.status = None

        def over() -> bool:
            call = stage.session.call(STATUS, {"loadId": made.id}, Intent(scenario="test", role="read"))
            return made.resource.is_terminal(stage.status_in(made.resource, call))

        assert stage.session.pace.until("over", over, seconds=30.0)
        yield run, made
        run.close()


def test_what_has_ended_is_looked_at_once_and_not_cancelled(endpoint: str) -> None:
    with ended(endpoint) as (run, _):
        before = len(run.history)
        assert run.close() == ()
        assert [call.operation for call in run.history.calls[before:]] == [STATUS.name]


def test_a_cancel_that_finds_nothing_is_believed_of_what_a_read_has_shown(endpoint: str) -> None:
    """Of what no read has shown it is asked for again: it may be too new."""
    with ended(endpoint) as (run, made):
        assert made.resource.cancel is not None
        before = len(run.history)
        run.context.stage.use(made, made.resource.cancel, role="cancel", scenario="test")
        assert [call.operation for call in run.history.calls[before:]] == [CANCEL.name]

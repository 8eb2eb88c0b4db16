"""Cleaning up asks no more of a target than it takes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from conformance import Intent, Run, clearance
from conformance.app.processes import object_store
from conformance.instance import Instance
from specs import load
from tests.conformance.live.house import house

NEPTUNE = load("neptune")
OMICS = load("omics")
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


def test_what_our_jobs_have_brought_into_a_thing_of_ours_goes_with_it(endpoint: str) -> None:
    """A store that holds references cannot be deleted, and imports are what brings them."""
    with house("omics", endpoint) as (target, _):
        run = Run(spec=OMICS, target=target, clauses=OMICS.clauses)
        stage = run.context.stage
        imported = stage.make(OMICS.resources["importJob"])
        assert stage.wait(imported) == "COMPLETED"
        before = len(run.history)

        assert run.close() == ()

        sent = [call.operation for call in run.history.calls[before:]]
        assert sent == [
            "DeleteReferenceStore",
            "ListReferences",
            "DeleteReference",
            "ListReferences",
            "DeleteReferenceStore",
        ]


def test_what_cannot_be_emptied_is_told(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clearance, "_inside", lambda *_: ["9900000000"])
    with house("omics", endpoint) as (target, _):
        run = Run(spec=OMICS, target=target, clauses=OMICS.clauses)
        stage = run.context.stage
        stage.wait(stage.make(OMICS.resources["importJob"]))
        before = len(run.history)

        (left,) = run.close()

        assert left.startswith("store ")
        assert [c.operation for c in run.history.calls[before:]] == [
            "DeleteReferenceStore",
            "ListReferences",
            "DeleteReference",
        ]

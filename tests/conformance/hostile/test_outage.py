"""Targets that are away for a second and come back empty, and answers of several clients that come in another order."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

import specs
from conformance import PROFILES, Run, execute, read_lines, write_line
from conformance.app.processes import object_store
from conformance.emulator import APIS, Api, Settings, create_service
from conformance.emulator.server import Server
from conformance.target import Limits, SourceStore, Target
from conformance.verdict import Verdict
from reports import exit_code
from tests.conformance.hostile.test_any_moment import BREAKS, FAMILIES, REQUESTS, SHORT, accused
from tests.conformance.soak.hall import hall

if TYPE_CHECKING:
    from collections.abc import Iterator

    from werkzeug import Request, Response

AWAY_SECONDS = 1.0
NIGHTLY = bool(os.environ.get("CONFORMANCE_NIGHTLY"))
#: By API: after how many requests of the suite.
OUTAGES: list[tuple[Api, int]] = (
    [(api, after) for api in APIS for after in range(20, 200, 20)] if NIGHTLY else [("omics", 40), ("s3control", 150)]
)
RACING: tuple[Api, ...] = APIS if NIGHTLY else ("ncloud", "omics", "s3control")


class _Severable(Server):
    """A server whose connections can be cut."""

    def __init__(self, *arguments: Any) -> None:
        self.open: list[socket.socket] = []
        super().__init__(*arguments)

    def process_request(self, request: Any, client_address: Any) -> None:
        self.open.append(request)
        super().process_request(request, client_address)


class Door:
    """Where a service is reached. After some requests it is shut, connections are refused, and a new service comes."""

    def __init__(self, settings: Settings, *, after: int) -> None:
        self.after = after
        self.lock = threading.Lock()
        self.came_back = threading.Event()
        self._begin(settings)
        self.url = self.server.url
        self.settings = replace(settings, port=self.server.server_address[1])

    def _begin(self, settings: Settings) -> None:
        self.service = create_service(settings)
        self.server = _Severable(self, settings)
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self.thread.start()

    def handle(self, request: Request) -> Response:
        with self.lock:
            self.after -= 1
            if self.after == 0:
                threading.Thread(target=self._leave, daemon=True).start()
        return self.service.handle(request)

    def _leave(self) -> None:
        self.shut()
        time.sleep(AWAY_SECONDS)  # the outage itself, which has to last; nothing asserts for how long
        self._begin(self.settings)
        self.came_back.set()

    def shut(self) -> None:
        """End the server, and cut its connections."""
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
        for each in self.server.open:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self.service.close()


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with object_store() as url:
        yield url


@pytest.mark.parametrize(("api", "after"), OUTAGES)
def test_a_target_that_is_away_for_a_second(api: Api, after: int, endpoint: str) -> None:
    spec = specs.load(api)
    edition = {} if spec.edition is None else {"edition": spec.edition}
    door = Door(Settings(api=api, job_seconds=0.03, s3_endpoint=endpoint, max_stores=64, **edition), after=after)  # type: ignore[arg-type]
    target = Target(
        api=api, url=door.url, edition=spec.edition, timeouts=SHORT, limits=Limits(requests=REQUESTS), exclusive=True,
        s3=SourceStore(endpoint=endpoint, bucket=f"outage-{api}"),
    )  # fmt: skip
    clauses = [clause for clause in spec.clauses if clause.family in FAMILIES]
    try:
        outcome = execute(Run(spec=spec, target=target, clauses=clauses, profile=PROFILES["standard"]))
    finally:
        assert door.came_back.wait(30)
        door.shut()
    assert outcome.interrupted is not None
    assert "in a row were not answered" in outcome.interrupted or "budget" in outcome.interrupted
    assert accused(outcome, BREAKS["restarting"]) == []
    broken = any(finding.verdict is Verdict.FAIL for finding in outcome.findings)
    assert exit_code(outcome.findings, interrupted=True) == (1 if broken else 3)
    assert len(list(read_lines(map(write_line, outcome.history)))) == len(outcome.history)


class Reordering:
    """Holds an answer back until a later request was answered, or for a moment."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner
        self.answered = 0
        self.overtaken = 0
        self.turn = threading.Condition()

    def handle(self, request: Request) -> Response:
        response: Response = self.inner.handle(request)
        with self.turn:
            self.answered += 1
            mine = self.answered
            self.turn.notify_all()
            self.overtaken += self.turn.wait_for(lambda: self.answered > mine, timeout=0.03)
        return response

    def close(self) -> None:
        self.inner.close()


@pytest.mark.parametrize("api", RACING)
def test_answers_that_overlap_and_come_in_another_order(api: Api, endpoint: str) -> None:
    with hall(api, endpoint, job_seconds=0.05, wrap=lambda inner, _: Reordering(inner)) as found:
        clauses = [c for c in found.spec.clauses if c.kind == "race"]
        target = replace(found.target, exclusive=True)
        run = Run(spec=found.spec, target=target, clauses=clauses, profile=PROFILES["standard"])
        try:
            for name, driver, _ in run.scenarios():
                if name.startswith("races"):
                    driver()
            assert accused_by(run) == []
        finally:
            run.close()
        assert found.service.overtaken > 5


def accused_by(run: Run) -> list[str]:
    """What is said against a target by the clauses about races."""
    return [f"{f.clause.id}: {f.reason}" for f in run.judged() if f.verdict not in {Verdict.PASS, Verdict.INCONCLUSIVE}]

"""Histories of a loader, written by hand."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import specs
from conformance.history import Call, Intent
from conformance.oracles.performance import Performance, performances
from conformance.oracles.registry import judge_clause
from conformance.oracles.rule import RULES, Breach
from conformance.view import View
from specs import Request, Response

if TYPE_CHECKING:
    from conformance.verdict import Finding

STATUS = {
    "waiting": "LOAD_IN_QUEUE", "due": "LOAD_NOT_STARTED", "running": "LOAD_IN_PROGRESS", "succeeded": "LOAD_COMPLETED",
    "failed": "LOAD_FAILED", "invalid": "LOAD_FAILED_INVALID_REQUEST", "cancelled": "LOAD_CANCELLED_BY_USER",
    "errors": "LOAD_CANCELLED_DUE_TO_ERRORS", "conflicts": "LOAD_COMMITTED_W_WRITE_CONFLICTS",
    "unmet": "LOAD_FAILED_BECAUSE_DEPENDENCY_NOT_SATISFIED",
}  # fmt: skip
REFUSED = (400, "BadRequestException")
THROTTLED = (429, "TooManyRequestsException")
BROKEN = (500, "InternalFailureException")
_REQUESTS = {
    "StartLoaderJob": Request(method="POST", path="/loader"),
    "GetLoaderJobStatus": Request(method="GET", path="/loader/id"),
    "CancelLoaderJob": Request(method="DELETE", path="/loader/id"),
}


@functools.cache
def neptune(capacity: int | None = None, running: int | None = None) -> specs.Spec:
    """Give the specification of Neptune, with another capacity and number of slots if they are named."""
    spec = specs.load("neptune")
    if capacity is None and running is None:
        return spec
    job = spec.resources["loadJob"]
    assert job.queue is not None
    queue = replace(job.queue, capacity=capacity or job.queue.capacity, running=running or job.queue.running)
    return replace(spec, resources={**spec.resources, "loadJob": replace(job, queue=queue)})


@dataclass(kw_only=True)
class Book:
    """A history in the making: one program, each call a second long and right behind the one before, unless told."""

    program: str = "order"
    exclusive: bool = True
    capacity: int | None = None
    running: int | None = None
    calls: list[Call] = field(default_factory=list)
    clock: float = 0.0

    def start(  # noqa: PLR0917
        self, name: str, queued: Any = True,  # noqa: FBT002
        after: tuple[str, ...] = (), answer: tuple[int, str] | None = (200, ""),
        span: tuple[float, float] | None = None, work: str = "good",
    ) -> Book:  # fmt: skip
        arguments = {
            "source": f"s3://bucket/{work}",
            "queueRequest": queued,
            "dependencies": [f"id-{each}" for each in after],
        }
        if queued is None:
            del arguments["queueRequest"]
        tree = {"status": "200 OK", "payload": {"loadId": f"id-{name}"}}
        return self._add("StartLoaderJob", "start", name, arguments, _response(answer, tree), span)

    def look(self, name: str, shown: str | None, span: tuple[float, float] | None = None) -> Book:
        tree = {"status": "200 OK", "payload": {"overallStatus": {"status": STATUS.get(shown or "", shown)}}}
        return self._add(
            "GetLoaderJobStatus",
            "read",
            name,
            {"loadId": f"id-{name}"},
            _response((200, "") if shown else None, tree),
            span,
        )

    def cancel(
        self, name: str, answer: tuple[int, str] | None = (200, ""), span: tuple[float, float] | None = None
    ) -> Book:
        return self._add(
            "CancelLoaderJob", "cancel", name, {"loadId": f"id-{name}"}, _response(answer, {"status": "200 OK"}), span
        )

    def _add(  # noqa: PLR0917
        self,
        operation: str,
        role: str,
        name: str,
        arguments: dict[str, Any],
        response: Response | None,
        span: tuple[float, float] | None,
    ) -> Book:
        begin, end = span or (self.clock, self.clock + 1)
        self.clock = max(self.clock, end)
        self.calls.append(
            Call(
                id=len(self.calls) + 1, process=0, operation=operation, request=_REQUESTS[operation], response=response, started=begin,
                ended=None if response is None else end, trouble="timeout" if response is None else None,
                intent=Intent(scenario=f"program {self.program}", role=role, case=name, group=1, arguments=arguments),
            )
        )  # fmt: skip
        return self

    def in_order(self) -> Book:
        """Put the calls into the order of their completion, as a session does."""
        ordered = sorted(self.calls, key=lambda call: float("inf") if call.ended is None else call.ended)
        self.calls = [replace(call, id=number) for number, call in enumerate(ordered, start=1)]
        return self

    @property
    def view(self) -> View:
        return View(neptune(self.capacity, self.running), self.calls, exclusive=self.exclusive)

    @property
    def performance(self) -> Performance:
        view = self.view
        return performances(view, view.spec.resources["loadJob"])[0]

    def breaches(self, rule: str) -> list[Breach]:
        return list(RULES[rule](self.performance))

    def broken(self) -> set[str]:
        performance = self.performance
        return {name for name, rule in RULES.items() if next(iter(rule(performance)), None) is not None}

    def finding(self, aspect: str) -> Finding:
        clause = next(
            each
            for each in neptune(self.capacity, self.running).clauses
            if each.kind == "queue-rule" and each.data["aspect"] == aspect
        )
        return judge_clause(clause, self.view)


def _response(answer: tuple[int, str] | None, tree: dict[str, Any]) -> Response | None:
    if answer is None:
        return None
    status, name = answer
    body = tree if status < 300 else {"requestId": "r", "code": name, "detailedMessage": "no"}
    return Response(status=status, headers={"content-type": "application/json"}, body=json.dumps(body).encode())


def held(**settings: Any) -> Book:
    """Give a history whose first job runs."""
    return Book(**settings).start("long", work="long").look("long", "running")

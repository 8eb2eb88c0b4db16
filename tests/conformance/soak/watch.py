"""A watch at the door of a service, and a slow way to it."""

from __future__ import annotations

import random
import re
import threading
import time
from typing import TYPE_CHECKING

import specs
from conformance.answer import tree_of

if TYPE_CHECKING:
    from werkzeug import Request, Response

    from conformance.emulator import Service

FOREIGN = "X-Somebody-Else"
_PLACE = re.compile(r"\\\{[^}]+\\\}")


class Slow:
    """A way to a service that takes its time in both directions, ``seconds`` on average, never the same."""

    def __init__(self, inner: Service, *, seconds: float, seed: int) -> None:
        self.inner = inner
        self._seconds = seconds
        self._chance = random.Random(seed)  # noqa: S311 - the same delays in every run

    def handle(self, request: Request) -> Response:
        """Pass a request on, and its answer back."""
        self._travel()
        response = self.inner.handle(request)
        self._travel()
        return response

    def _travel(self) -> None:
        """One way."""
        if self._seconds:
            time.sleep(self._seconds * self._chance.random())  # the distance, which is what is tested; asserted nowhere

    def close(self) -> None:
        """Close the service."""
        self.inner.close()


class Watch:
    """Sees every request: who made what, and who changed, cancelled or deleted what is not theirs."""

    def __init__(self, inner: Service, spec: specs.Spec) -> None:
        self.inner = inner
        self.ours: dict[str, specs.Resource] = {}
        self.theirs: set[str] = set()
        self.trespasses: list[str] = []
        self.changes = 0
        self.seen = 0
        """Requests of ours."""
        self._lock = threading.Lock()
        self._spec = spec
        self._routes = [(o, re.compile(_PLACE.sub("([^/?]+)", re.escape(o.path)))) for o in spec.operations.values()]

    def handle(self, request: Request) -> Response:
        """Pass a request on, and note what came of it."""
        response = self.inner.handle(request)
        with self._lock:
            self._note(request, response)
        return response

    def _note(self, request: Request, response: Response) -> None:
        path, _, _ = request.environ["RAW_URI"].partition("?")
        foreign = FOREIGN in request.headers
        self.seen += not foreign
        for operation, route in self._routes:
            found = route.fullmatch(path)
            if operation.method != request.method or found is None:
                continue
            if operation.creates is not None and response.status_code < 300:
                self._made(operation, response, foreign=foreign)
            elif operation.effect in {"change", "cancel", "delete"} and not foreign:
                self.changes += 1
                if {*found.groups(), *request.args.values()} & self.theirs:
                    self.trespasses.append(f"{request.method} {request.environ['RAW_URI']}")
            return

    def _made(self, operation: specs.Operation, response: Response, *, foreign: bool) -> None:
        resource = self._spec.resources[operation.creates or ""]
        headers = {name.lower(): value for name, value in response.headers.items()}
        answer = specs.Response(status=response.status_code, headers=headers, body=response.get_data())
        identifier = specs.point(tree_of(operation, answer), resource.id)
        if not isinstance(identifier, str):
            return
        if foreign:
            self.theirs.add(identifier)
        elif identifier not in self.theirs:
            self.ours[identifier] = resource

    def close(self) -> None:
        """Close the service."""
        self.inner.close()

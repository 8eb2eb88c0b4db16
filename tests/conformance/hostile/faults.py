"""Services that go wrong at random moments, the same in every run: wrappers around a good one."""

from __future__ import annotations

import random
import re
import threading
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from werkzeug import Response

from conformance.emulator import create_service

if TYPE_CHECKING:
    from werkzeug import Request

    from conformance.emulator import Service, Settings

_STATUS = {
    "neptune": re.compile(rb'("status": ")(LOAD_[A-Z_]+)(")'),
    "omics": re.compile(rb'("status": ")([A-Z_]+)(")'),
    "ncloud": re.compile(rb'("(?:status|lastExecutionStatus)": ")([A-Z]+)(")'),
    "s3control": re.compile(rb"(<Status>)([A-Za-z]+)(</Status>)"),
}
_DATE = re.compile(rb"\b(20\d\d-\d\d-\d\dT)(\d\d)(:\d\d:\d\d)")
_SECONDS = re.compile(rb'("startTime": )(\d+)')


class Faulty(ABC):
    """Passes requests on; what it does to answers, a subclass says."""

    def __init__(self, inner: Service, settings: Settings, seed: int) -> None:
        self.inner = inner
        self.settings = settings
        self.chance = random.Random(seed)  # noqa: S311 - the same moments in every run
        self.lock = threading.Lock()

    def handle(self, request: Request) -> Response:
        """Answer, one way or another."""
        with self.lock:
            return self.answered(request)

    @abstractmethod
    def answered(self, request: Request) -> Response:
        """The answer to a request."""

    def close(self) -> None:
        """Close the service."""
        self.inner.close()


class Changing(Faulty):
    """Changes one good answer in ``every``."""

    every = 6

    def answered(self, request: Request) -> Response:
        """A good answer, at times changed."""
        response = self.inner.handle(request)
        if self.chance.randrange(self.every):
            return response
        return self.changed(request, response)

    @abstractmethod
    def changed(self, request: Request, response: Response) -> Response:
        """What becomes of an answer."""


class Strange(Changing):
    """Statuses outside the documented set."""

    def changed(self, request: Request, response: Response) -> Response:
        del request
        word = self.chance.choice([rb"PONDERING", rb"complete?", b"", rb"LOAD_MAYBE"])
        response.set_data(_STATUS[self.settings.api].sub(rb"\1" + word + rb"\3", response.get_data()))
        return response


class Backwards(Changing):
    """Answers that were right some time ago."""

    every = 3

    def __init__(self, inner: Service, settings: Settings, seed: int) -> None:
        super().__init__(inner, settings, seed)
        self.old: dict[str, list[Response]] = {}

    def answered(self, request: Request) -> Response:
        response = super().answered(request)
        if response.status_code < 300:
            self.old.setdefault(f"{request.method} {request.environ['RAW_URI']}", []).append(response)
        return response

    def changed(self, request: Request, response: Response) -> Response:
        known = self.old.get(f"{request.method} {request.environ['RAW_URI']}")
        is_read = request.method == "GET" or request.environ["RAW_URI"].endswith(("importjobs", "referencestores"))
        return self.chance.choice(known) if known and is_read else response


class Jumping(Changing):
    """A clock that jumps by hours and days, in all dates of an answer."""

    every = 3

    def changed(self, request: Request, response: Response) -> Response:
        del request
        day, hour = self.chance.choice([b"19", b"20", b"99"]), b"%02d" % self.chance.randrange(24)
        data = _DATE.sub(lambda found: day + found[1][2:] + hour + found[3], response.get_data())
        seconds = b"%d" % self.chance.choice([0, 1, 10**9, 10**12])
        response.set_data(_SECONDS.sub(rb"\g<1>" + seconds, data))
        return response


class Vanishing(Changing):
    """Ids that are not known any more, some for once and some for ever."""

    def __init__(self, inner: Service, settings: Settings, seed: int) -> None:
        super().__init__(inner, settings, seed)
        self.gone: set[str] = set()

    def answered(self, request: Request) -> Response:
        raw = request.environ["RAW_URI"].partition("?")[0]
        if raw in self.gone:
            return self.nobody(request)
        return super().answered(request)

    def changed(self, request: Request, response: Response) -> Response:
        raw = request.environ["RAW_URI"].partition("?")[0]
        if raw.count("/") < 2 or request.method == "POST" or raw.rstrip("/").endswith("/jobs"):
            return response
        if self.chance.random() < 0.5:
            self.gone.add(raw)
        return self.nobody(request)

    def nobody(self, request: Request) -> Response:
        """What the service says of an id that it never gave out."""
        raw = request.environ["RAW_URI"]
        for strange in (r"[0-9a-f]{8}-[0-9a-f-]{27}", r"[0-9]{10}", r"[A-Za-z0-9]{12}"):
            other, times = re.subn(strange, lambda found: "".join(sorted(found[0], reverse=True)), raw)
            if times:
                request.environ["RAW_URI"] = other
                request.environ["PATH_INFO"] = other.partition("?")[0]
                break
        return self.inner.handle(request)


class Busy(Faulty):
    """Bursts of 429 and 503, with and without Retry-After."""

    burst = 0
    every = 25

    def answered(self, request: Request) -> Response:
        if not self.burst and not self.chance.randrange(self.every):
            self.burst = self.chance.randrange(1, 6)
        if not self.burst:
            return self.inner.handle(request)
        self.burst -= 1
        after = self.chance.choice([None, None, "0", "soon", "Wed, 21 Oct 2015 07:28:00 GMT"])
        headers = {} if after is None else {"Retry-After": after}
        return Response("not now", status=self.chance.choice([429, 503]), headers=headers)


class Restarting(Changing):
    """A target that is started anew now and then, and has forgotten everything."""

    every = 60

    def changed(self, request: Request, response: Response) -> Response:
        del request
        self.inner.close()
        self.inner = create_service(self.settings)
        return response


class Everything(Faulty):
    """All of it, one after the other."""

    def __init__(self, inner: Service, settings: Settings, seed: int) -> None:
        super().__init__(inner, settings, seed)
        layers: Any = inner
        for layer in (Restarting, Vanishing, Backwards, Strange, Jumping, Busy):
            layers = layer(layers, settings, seed)
        self.inner = layers

    def answered(self, request: Request) -> Response:
        return self.inner.handle(request)


FAULTS = {
    fault.__name__.lower(): fault
    for fault in (Strange, Backwards, Jumping, Vanishing, Busy, Restarting, Everything)
}  # fmt: skip

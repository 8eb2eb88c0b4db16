"""An emulator in a thread that writes down every request it gets and what it answered, and may answer in another way."""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import specs
from conformance.emulator import Settings, create_service
from conformance.emulator.server import Server
from conformance.target import Credentials, SourceStore, Target, Timeouts

KEYS = {"access_key": "conformance", "secret_key": "conformance-secret"}
#: What only reads though it is posted, written down without the specifications: paths by API.
_READS = {
    "neptune": "", "s3control": "", "ncloud": "/api/v1/jobs/verify", "omics": r"/referencestores|/referencestore/[^/]+/importjobs",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request and its answer."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    status: int
    answer: bytes


@dataclass(slots=True)
class House:
    """Who came in; ``odd`` may answer in the place of the service."""

    inner: Any
    api: str
    visits: list[Visit] = field(default_factory=list)
    odd: Callable[[Any, int], Any] | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def handle(self, request: Any) -> Any:
        with self.lock:
            number = len(self.visits)
        response = self.odd(request, number) if self.odd is not None else None
        if response is None:
            response = self.inner.handle(request)
        path, _, _ = request.environ["RAW_URI"].partition("?")
        visit = Visit(
            method=request.method, path=path, query=dict(request.args), headers=dict(request.headers),
            body=request.get_data(), status=response.status_code, answer=response.get_data(),
        )  # fmt: skip
        with self.lock:
            self.visits.append(visit)
        return response

    @property
    def effects(self) -> list[Visit]:
        """The requests that do more than read, or may."""
        return [each for each in self.visits if not self._reads(each)]

    def _reads(self, visit: Visit) -> bool:
        if visit.method in {"GET", "HEAD", "OPTIONS"}:
            return True
        return visit.method == "POST" and re.fullmatch(_READS[self.api], visit.path) is not None

    def close(self) -> None:
        self.inner.close()


@contextlib.contextmanager
def house(
    api: str, s3_endpoint: str | None, *, signed: bool = True, seconds: float = 0.02, **settings: Any
) -> Iterator[tuple[Target, House]]:
    """An emulator and the target that it is."""
    spec, keys = specs.load(api), settings.pop("keys", KEYS)
    given: dict[str, Any] = {"max_stores": 64, **keys, **settings}
    if spec.edition is not None:
        given["edition"] = spec.edition
    chosen = Settings(api=api, job_seconds=seconds, auth=signed, s3_endpoint=s3_endpoint, **given)  # type: ignore[arg-type]
    found = House(create_service(chosen), api)
    credentials = Credentials(scheme=spec.auth.scheme, service=spec.auth.service, **keys) if signed else Credentials()  # type: ignore[arg-type]
    with Server(found, chosen) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield Target(
                api=api, url=server.url, edition=spec.edition, credentials=credentials, exclusive=True,
                timeouts=Timeouts(job_end_max=20.0, throttle_max=4.0),
                s3=None if s3_endpoint is None else SourceStore(endpoint=s3_endpoint, bucket=f"live-{api}"),
            ), found  # fmt: skip
        finally:
            server.shutdown()
            thread.join()
            found.close()

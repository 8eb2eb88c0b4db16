"""Our own side of a conversation with a hostile server."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from conformance.adapters.http import HttpConnection
from conformance.target import Credentials, Reply, Target, Timeouts
from specs import Request
from tests.conformance.hostile.server import Hostile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conformance.hostile.server import Behaviour

GET = Request(method="GET", path="/loader")
POST = Request(method="POST", path="/loader", body=b"{}", headers={"Content-Type": "application/json"})
SIGV4 = Credentials(
    scheme="sigv4", access_key="AKIDEXAMPLE", secret_key="wJalrXUtnFEMI/K7MDENG+bPxRfiCY", service="neptune-db"
)
#: Long enough for an answer that comes at all, short enough for those that never do.
SHORT = 0.4


def target_of(url: str, *, seconds: float = SHORT, **settings: Any) -> Target:
    timeouts = Timeouts(request=seconds, job_end_max=1.0, list_lag_max=0.2, throttle_max=0.3)
    return Target(api="neptune", url=url, timeouts=timeouts, **settings)


@contextlib.contextmanager
def connected(url: str, **settings: Any) -> Iterator[HttpConnection]:
    connection = HttpConnection(target_of(url, **settings))
    try:
        yield connection
    finally:
        connection.close()


@contextlib.contextmanager
def talking(behaviour: Behaviour, **settings: Any) -> Iterator[tuple[Hostile, HttpConnection]]:
    """A server of one behaviour, and a connection to it."""
    with Hostile(behaviour) as server, connected(server.url, **settings) as connection:
        yield server, connection


def reply_to(behaviour: Behaviour, request: Request = GET, **settings: Any) -> Reply:
    """What comes of one request to a server of one behaviour."""
    with talking(behaviour, **settings) as (_, connection):
        return connection.send(request)

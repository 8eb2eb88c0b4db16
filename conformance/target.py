"""The target: where the implementation under test is, and how it is spoken to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol

from specs import Request, Response

Trouble = Literal["timeout", "dropped", "refused", "garbage", "too-large", "unsendable"]
Tampering = Literal["unsigned", "unknown-key", "wrong-signature", "stale", "tampered-query", "tampered-body"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """What a signature is made with; a session token goes with keys that expire."""

    access_key: str
    secret_key: str = field(repr=False)
    session_token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """How requests are signed; with the scheme ``none`` they are not.

    ``checked`` says that the target looks at signatures; one that does not may still need them to tell services apart.
    ``renew`` gives the keys to sign with now, where they come from a place that renews them; it raises CredentialsError
    where there are none any more.
    """

    scheme: Literal["none", "sigv4", "ncloud"] = "none"
    access_key: str = ""
    secret_key: str = field(default="", repr=False)
    session_token: str = field(default="", repr=False)
    region: str = "us-east-1"
    service: str = ""
    checked: bool = True
    renew: Callable[[], Keys] | None = field(default=None, repr=False, compare=False)

    def current(self) -> Credentials:
        """The same with the keys of this moment; raises CredentialsError."""
        if self.renew is None:
            return self
        keys = self.renew()
        return replace(self, access_key=keys.access_key, secret_key=keys.secret_key, session_token=keys.session_token)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStore:
    """The S3 endpoint that both the suite and the target reach, and where in it source data is put."""

    endpoint: str
    bucket: str = "conformance"
    access_key: str = "conformance"
    secret_key: str = field(default="conformance-secret", repr=False)
    session_token: str = field(default="", repr=False)
    prefix: str = "conformance-suite"
    renew: Callable[[], Keys] | None = field(default=None, repr=False, compare=False)

    def keys(self) -> Keys:
        """The keys of this moment; raises CredentialsError."""
        if self.renew is not None:
            return self.renew()
        return Keys(access_key=self.access_key, secret_key=self.secret_key, session_token=self.session_token)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """Named deadlines, in seconds; what is not over by then is inconclusive, never a failure.

    Attributes:
        request: for one answer, from the first byte sent to the last received.
        job_end_max: for a job to reach its end.
        list_lag_max: for a list to show what a read shows.
        throttle_max: for a target that says *not now* to accept again.
    """

    request: float = 10.0
    job_end_max: float = 60.0
    list_lag_max: float = 5.0
    throttle_max: float = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a run may cost at most; None is no limit.

    Attributes:
        requests: requests in all, those that clean up among them.
        requests_per_second: requests a second.
        jobs: jobs that are started, or may have been; what needs more of them is untestable.
        seconds: for driving; the clean-up comes after.
        connections: operations that only read are driven side by side, so many at a time.
    """

    requests: int | None = None
    requests_per_second: float | None = None
    jobs: int | None = None
    seconds: float | None = None
    connections: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One implementation under test.

    ``exclusive`` promises that nobody else uses it during the run. ``ca_file`` holds the certificates that are trusted
    instead of the usual ones. ``prefix`` is what names of our own begin with; with ``own_only`` nothing is made that
    does not begin so. With ``read_only`` no request is sent that may have an effect.
    """

    api: str
    url: str
    edition: str | None = None
    credentials: Credentials = field(default_factory=Credentials)
    account_id: str = "123456789012"
    region: str = "us-east-1"
    role: str = "arn:aws:iam::123456789012:role/conformance"
    s3: SourceStore | None = None
    timeouts: Timeouts = field(default_factory=Timeouts)
    limits: Limits = field(default_factory=Limits)
    exclusive: bool = False
    prefix: str = "conformance"
    own_only: bool = False
    read_only: bool = False
    ca_file: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came of sending a request: a response, or the trouble below HTTP and its detail.

    ``timeout``: no complete answer in time. ``dropped``: the connection ended before the answer did. ``refused``: there
    was no connection, and nothing was sent. ``garbage``: what came is not HTTP. ``too-large``: more came than is read.
    ``unsendable``: HTTP cannot carry the request, and nothing was sent.
    """

    sent: Request
    response: Response | None = None
    trouble: Trouble | None = None
    detail: str = ""


class Connection(Protocol):
    """A way to a target; one thread uses it at a time."""

    def send(self, request: Request, /, *, tampering: Tampering | None = None) -> Reply:
        """Sign and send a request. Never raises for anything the target does; CredentialsError where keys are gone."""

    def close(self) -> None:
        """Give the connection back."""

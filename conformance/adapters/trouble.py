"""What kind of trouble below HTTP an exception stands for."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Iterator

from urllib3.exceptions import (
    ConnectTimeoutError,
    DecodeError,
    InvalidChunkLength,
    InvalidHeader,
    NewConnectionError,
    ReadTimeoutError,
)

from conformance.adapters.exchange import Exchange, TooLargeError
from conformance.target import Trouble

#: The first kind of exception among the causes decides; more special kinds stand before their parents.
_AFTER_SENDING: tuple[tuple[Trouble, tuple[type[BaseException], ...]], ...] = (
    ("too-large", (TooLargeError, http.client.LineTooLong)),
    ("timeout", (ReadTimeoutError, TimeoutError)),
    ("garbage", (InvalidChunkLength,)),
    ("dropped", (http.client.RemoteDisconnected, http.client.IncompleteRead, ConnectionError)),
    ("dropped", (ssl.SSLEOFError, ssl.SSLZeroReturnError)),
    ("garbage", (InvalidHeader, DecodeError, http.client.BadStatusLine, http.client.UnknownProtocol, ssl.SSLError)),
)


def causes(error: BaseException) -> Iterator[BaseException]:
    """An exception and everything it wraps, from the outside in."""
    pending: list[BaseException] = [error]
    seen: set[int] = set()
    while pending:
        each = pending.pop(0)
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        wrapped = (*each.args, getattr(each, "reason", None), each.__cause__, each.__context__)
        pending += [inner for inner in wrapped if isinstance(inner, BaseException)]


def trouble_of(error: BaseException, exchange: Exchange) -> Trouble:
    """The trouble an exception stands for, given how far the exchange had come."""
    found = list(causes(error))
    if not exchange.sent:
        return _before_sending(found)
    if any(type(each) is http.client.HTTPException and "headers" in str(each) for each in found):
        return "too-large"
    for trouble, kinds in _AFTER_SENDING:
        if any(isinstance(each, kinds) for each in found):
            return trouble
    return "dropped" if exchange.ended else "garbage"


def _before_sending(found: list[BaseException]) -> Trouble:
    if any(isinstance(each, NewConnectionError | ConnectTimeoutError | ssl.SSLError) for each in found):
        return "refused"
    if any(isinstance(each, TimeoutError | ReadTimeoutError) for each in found):
        return "timeout"
    ours = any(isinstance(each, http.client.InvalidURL | UnicodeError) or type(each) is ValueError for each in found)
    return "unsendable" if ours else "refused"


def detail_of(error: BaseException) -> str:
    """The innermost cause in words, fit for a terminal; a certificate that is not trusted is called so."""
    found = list(causes(error))
    for each in found:
        if isinstance(each, ssl.SSLCertVerificationError):
            return f"the certificate is not trusted: {each.verify_message or each}"[:300]
    told = [each for each in found if str(each).strip()]
    inner = told[-1] if told else error
    text = f"{type(inner).__name__}: {inner}".strip()[:300]
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)

"""What a page shows of one clause: the finding, its exchanges, when their calls happened, and the jobs they are about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from conformance import Verdict
from reports.body import Body, body_for
from reports.drawing import Drawing, draw
from reports.location import location
from reports.record import Entry, Exchange
from reports.text import visible

_VALUE = 600
_LINE = 1_500
_SCALE = 1_000
_NARROWEST = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One half of an exchange: first line, headers, body."""

    first: str
    headers: tuple[tuple[str, str], ...]
    body: Body


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """When a call happened, in thousandths of the time that the evidence covers."""

    start: int
    width: int
    words: str
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """One call of the evidence as it is shown."""

    id: int
    operation: str
    role: str
    request: Message
    response: Message | None
    status: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The section of one clause; ``left_out`` is the number of exchanges that only the record has."""

    entry: Entry
    talks: tuple[Talk, ...]
    left_out: int = 0
    drawing: Drawing | None = None

    @property
    def is_open(self) -> bool:
        """Whether its exchanges are shown at once."""
        return self.entry.finding.verdict in (Verdict.FAIL, Verdict.ERROR)


def section_for(entry: Entry, *, with_exchanges: bool = True, with_drawing: bool = True) -> Section:
    """The section of an entry, with or without its exchanges and, if it has any, with or without its jobs."""
    if not with_exchanges:
        return Section(entry=entry, talks=(), left_out=len(entry.exchanges))
    begin, length = _covered(entry.exchanges)
    talks = tuple(_talk(exchange, begin=begin, length=length) for exchange in entry.exchanges)
    return Section(entry=entry, talks=talks, drawing=_drawing(entry) if with_drawing else None)


def _drawing(entry: Entry) -> Drawing | None:
    if entry.timeline is None:
        return None
    calls = [exchange.call for exchange in entry.exchanges]
    spans = {
        call.id: (call.started, entry.timeline.ended if call.ended is None else call.ended, call.operation)
        for call in calls
    }
    return draw(entry.timeline, spans)


def _covered(exchanges: Sequence[Exchange]) -> tuple[float, float]:
    moments = [moment for each in exchanges for moment in (each.call.started, each.call.ended) if moment is not None]
    begin = min(moments, default=0.0)
    length = max(max(moments, default=0.0) - begin, 1e-6)
    # Room at the end shows that a call without an answer goes on after all others.
    return begin, length * (1.15 if any(each.call.ended is None for each in exchanges) else 1)


def _talk(exchange: Exchange, *, begin: float, length: float) -> Talk:
    call = exchange.call
    response = None
    status = f"no answer: {call.trouble or 'open'}"
    if call.response is not None:
        body = body_for(call.response.body, omitted=exchange.response_omitted, truncated=call.response.truncated)
        status = str(call.response.status)
        response = Message(first=f"HTTP {status}", headers=_headers(call.response.headers), body=body)
    request = Message(
        first=_cut(f"{call.request.method} {location(call.request)}", _LINE), headers=_headers(call.request.headers),
        body=body_for(call.request.body, omitted=exchange.request_omitted),
    )  # fmt: skip
    role = ", ".join(part for part in (call.intent.role, call.intent.case) if part)
    return Talk(
        id=call.id, operation=call.operation, role=_cut(role, _VALUE), request=request, response=response,
        status=status, span=_span(call.started, call.ended, begin=begin, length=length),
    )  # fmt: skip


def _span(started: float, ended: float | None, *, begin: float, length: float) -> Span:
    start = min(round((started - begin) / length * _SCALE), _SCALE - _NARROWEST)
    stop = _SCALE if ended is None else round((ended - begin) / length * _SCALE)
    words = f"{started:.3f} s, never answered" if ended is None else f"{started:.3f} to {ended:.3f} s"
    return Span(start=start, width=max(stop - start, _NARROWEST), words=words, is_open=ended is None)


def _headers(headers: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((visible(name, multiline=False), _cut(value, _VALUE)) for name, value in headers.items())


def _cut(text: str, length: int) -> str:
    short = text if len(text) <= length else f"{text[:length]}… ({len(text) - length:,} more characters)"
    return visible(short, multiline=False)

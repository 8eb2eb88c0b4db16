"""Requests drawn by Schemathesis from an OpenAPI document: malformed bodies, wrong methods, odd media types.

Import it only where its cases are wanted: the first random draw lets Schemathesis patch Hypothesis for the whole
process (no values are printed in counterexamples any more, and draws may be longer).
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import parse_qsl, quote, urlencode

import schemathesis
from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import seed as seeded
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import SearchStrategy
from schemathesis import GenerationMode

Origin = Literal["probe", "boundary", "positive", "negative"]
Drawn = tuple[Origin, "schemathesis.Case[Any]"]

_PLACE = re.compile(r"\{([^{}]+)\}")
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE = re.compile(r"(?:[^\s\x00-\x1f\x7f](?:[^\x00-\x08\x0a-\x1f\x7f]*[^\s\x00-\x1f\x7f])?)?")
#: Headers that Schemathesis adds by itself and that tell nothing about the case.
_ADDED = frozenset({"user-agent", "accept", "accept-encoding", "connection", "x-schemathesis-testcaseid"})
#: Scenarios about the shape of a request rather than about a value in it.
_PROBES = ("unspecified_http_method", "malformed_content_type", "unsupported_content_type", "missing_parameter")
_BASE = "http://target"


class UnsendableError(ValueError):
    """A drawn case has no form on the wire; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawCase:
    """A request as Schemathesis wants it sent, whether or not the documents allow it.

    ``path`` is percent-encoded, ``query`` is decoded and keeps its order; ``origin`` tells how it was drawn: by a
    *probe* of methods and media types, at a *boundary* of a schema, at random with *positive* or *negative* data.
    """

    operation: str
    origin: Origin
    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    media_type: str = ""


class Cases(Iterator[RawCase]):
    """The cases of a run, drawn while they are taken; ``skipped`` counts those that cannot be put on the wire."""

    def __init__(self, drawn: Iterable[tuple[str, Origin, schemathesis.Case[Any]]], pinned: Mapping[str, str]) -> None:
        self._drawn = iter(drawn)
        self._pinned = pinned
        self._taken = 0
        self._sent: set[bytes] = set()
        self.skipped = 0

    def __next__(self) -> RawCase:
        for operation, origin, case in self._drawn:
            self._taken += 1
            pinned = self._pinned if self._taken % 2 else {}
            try:
                raw = to_raw(case, operation=operation, origin=origin, pinned=pinned)
                if pinned and self._is_repeated(raw):
                    # Where hardly anything else varies, pinning makes all cases the same.
                    raw = to_raw(case, operation=operation, origin=origin)
            except UnsendableError:
                self.skipped += 1
            else:
                return raw
        raise StopIteration

    def _is_repeated(self, raw: RawCase) -> bool:
        text = repr((raw.method, raw.path, raw.query, sorted(raw.headers.items()), raw.body))
        digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        repeated = digest in self._sent
        self._sent.add(digest)
        return repeated


def cases(
    document: dict[str, Any],
    operation_ids: Sequence[str],
    *,
    count: int,
    seed: int,
    pinned: Mapping[str, str] | None = None,
) -> Cases:
    """Draw up to ``count`` requests, shared out evenly over the operations, the same for the same seed.

    Half of them come from Schemathesis' coverage phase, the rest is random, with positive and negative data. There
    are fewer where an operation has no more to offer.

    Args:
        document: an OpenAPI document, as made by ``specs``.
        operation_ids: the operations to draw for.
        count: the most cases that are drawn, those that are skipped included.
        seed: decides what is drawn.
        pinned: values that path parameters and headers of these names take in every second case.

    """
    text = json.dumps(document)
    shares = [count // len(operation_ids) + (place < count % len(operation_ids)) for place in range(len(operation_ids))]

    def drawn() -> Iterator[tuple[str, Origin, schemathesis.Case[Any]]]:
        for identifier, share in zip(operation_ids, shares, strict=True):
            for origin, case in _share(text, identifier, share, seed):
                yield identifier, origin, case

    return Cases(drawn() if operation_ids else (), pinned or {})


def _loaded(text: str) -> Any:
    """What Schemathesis makes of a document."""
    # The configuration is given so that no schemathesis.toml of the working folder is looked for.
    return schemathesis.openapi.from_dict(json.loads(text), config=schemathesis.Config())


#: Kept for what is drawn at random, where nothing is remembered from one operation to the next.
_schema = functools.lru_cache(maxsize=4)(_loaded)


def _share(text: str, identifier: str, share: int, seed: int) -> Iterator[Drawn]:
    """Cases of one operation: half from the coverage phase, the rest at random."""
    operation = _schema(text).find_operation_by_id(identifier)
    probes, boundaries = (list(each) for each in _coverage(text, identifier))
    breakable = any(_is_negative(case) for _, case in boundaries)
    chooser = random.Random(f"{seed}:{operation.label}")  # noqa: S311 - a choice of test cases, not a secret
    chooser.shuffle(boundaries)
    if len(probes) > share // 4:
        probes = chooser.sample(probes, share // 4)
    boundaries = boundaries[: (share + 1) // 2 - len(probes)]
    yield from probes
    yield from boundaries
    rest = share - len(probes) - len(boundaries)
    positive = _random(text, identifier, GenerationMode.POSITIVE, rest // 2, seed)
    yield from (("positive", case) for case in positive)
    if breakable:  # where no boundary breaks the schema nothing can, and a search takes a second to find nothing
        negative = _random(text, identifier, GenerationMode.NEGATIVE, rest - len(positive), seed)
        yield from (("negative", case) for case in negative)


def _is_negative(case: schemathesis.Case[Any]) -> bool:
    """Tell whether a case breaks the schema."""
    return case.meta is not None and case.meta.generation.mode is GenerationMode.NEGATIVE


@functools.lru_cache(maxsize=32)
def _coverage(text: str, identifier: str) -> tuple[tuple[Drawn, ...], tuple[Drawn, ...]]:
    """All cases of the coverage phase: probes, and the others.

    Few of them are sent, but all must be drawn to choose from: of a large schema that takes seconds, so they are kept
    for the next run in the same process. Schemathesis probes a path's methods once for all the operations of a schema
    that was loaded, so each operation has one of its own: its cases are the same whatever was drawn before.
    """
    operation = _loaded(text).find_operation_by_id(identifier)
    probes: list[Drawn] = []
    boundaries: list[Drawn] = []
    schema = operation.schema
    for case in schema.iter_coverage_cases(
        operation,
        generation_modes=[GenerationMode.POSITIVE, GenerationMode.NEGATIVE],
        generation_config=schema.config.generation_for(operation=operation, phase="coverage"),
    ):
        scenario = getattr(case.meta.phase.data, "scenario", None) if case.meta else None
        if scenario in _PROBES:
            probes.append(("probe", case))
        else:
            boundaries.append(("boundary", case))
    return tuple(probes), tuple(boundaries)


@functools.lru_cache(maxsize=64)
def _random(
    text: str, identifier: str, mode: GenerationMode, count: int, seed: int
) -> tuple[schemathesis.Case[Any], ...]:
    """Draw random cases; fewer, or none, where there are not that many of the mode.

    Kept for the next run of this seed in the same process: where few cases fit, hundreds are drawn to find them.
    """
    if count < 1:
        return ()
    operation = _schema(text).find_operation_by_id(identifier)
    strategy: SearchStrategy[schemathesis.Case[Any]] = operation.as_strategy(generation_mode=mode)
    found: list[schemathesis.Case[Any]] = []

    @seeded(f"{seed}:{operation.label}:{mode.value}")
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        derandomize=False,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
    )
    @given(strategy)
    def collect(case: schemathesis.Case[Any]) -> None:
        found.append(case)

    run: Callable[[], None] = collect
    with contextlib.suppress(Unsatisfiable):
        run()
    return tuple(found[:count])


def to_raw(
    case: schemathesis.Case[Any], *, operation: str, origin: Origin, pinned: Mapping[str, str] | None = None
) -> RawCase:
    """Put a drawn case into the form in which it goes on the wire; raises UnsendableError."""
    try:
        arguments = case.as_transport_kwargs(base_url=_BASE)
        headers = _headers(arguments["headers"], case, pinned or {})
        return RawCase(
            operation=operation,
            origin=origin,
            method=str(case.method),
            path=_path(case, pinned or {}),
            query=_query(arguments.get("params")),
            headers=headers,
            body=_body(arguments),
            media_type=next((value for name, value in headers.items() if name.lower() == "content-type"), ""),
        )
    except UnsendableError:
        raise
    # Foreign code on odd data: whatever it fails with, the case cannot be sent.
    except Exception as error:
        raise UnsendableError(f"{type(error).__name__}: {error}"[:300]) from error


def _path(case: schemathesis.Case[Any], pinned: Mapping[str, str]) -> str:
    quoted = {name: quote(value, safe="") for name, value in pinned.items()}
    values = {**case.path_parameters, **quoted}
    filled = _PLACE.sub(lambda place: str(values[place[1]]), case.path)
    return quote(filled, safe="/%:@!$&'()*+,;=~")


def _query(params: Any) -> tuple[tuple[str, str], ...]:
    if not params:
        return ()
    text = params if isinstance(params, str) else urlencode(_sendable(params), doseq=True)
    return tuple(parse_qsl(text.lstrip("?"), keep_blank_values=True, errors="strict"))


def _sendable(params: Any) -> Any:
    """Leave out what is None, as an HTTP client does."""
    return (
        {name: value for name, value in params.items() if value is not None} if isinstance(params, Mapping) else params
    )


def _headers(sent: Mapping[str, Any], case: schemathesis.Case[Any], pinned: Mapping[str, str]) -> dict[str, str]:
    generated = {name.lower() for name in case.headers or {}}
    fixed = {name.lower(): value for name, value in pinned.items()}
    result = {}
    for name, value in sent.items():
        if name.lower() in _ADDED and name.lower() not in generated:
            continue
        text = fixed.get(name.lower(), str(value))
        if not _HEADER_NAME.fullmatch(name) or not _HEADER_VALUE.fullmatch(text):
            raise UnsendableError(f"expected a header of HTTP but got {name!r}: {text[:80]!r}")
        text.encode("latin-1")
        result[name] = text
    return result


def _body(arguments: Mapping[str, Any]) -> bytes:
    if arguments.get("files") or arguments.get("cookies"):
        raise UnsendableError("form files and cookies have no place in a raw case")
    if "json" in arguments:
        return json.dumps(arguments["json"], allow_nan=False).encode("utf-8")
    data = arguments.get("data")
    if data is None:
        return b""
    if isinstance(data, bytes):
        return data
    return (data if isinstance(data, str) else urlencode(data, doseq=True)).encode("utf-8")

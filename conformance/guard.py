"""What a run may send at all: nothing that harms what is not its own, whatever a driver asks for."""

from __future__ import annotations

import contextlib
import functools
import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from conformance.answer import Answer, Kind
from conformance.errors import WithheldError
from conformance.target import Target
from specs import (
    ITEM,
    MISSING,
    MalformedBodyError,
    Operation,
    Parameter,
    Request,
    Spec,
    decode_json,
    decode_xml,
    places,
)
from strategies import satisfies

READ_ONLY = "read-only: nothing that may have an effect is sent"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_PLACE = re.compile(r"\{([^}]+)\}")
_LIMITS = ("minLength", "maxLength", "pattern", "textCategories")


@dataclass(slots=True, kw_only=True)
class Guard:
    """Stands between drivers and a target; the clients of a run share it.

    - Of a read-only target only operations without effect are asked, in their documented form.
    - A change, a cancel or a delete, and a creation under a parent, name only what this run has made or was given, or an id
      that cannot be anybody's.
    - With ``own_only``, what is made or changed carries the target's prefix in every field that the specification marks.
    - No more jobs are started than the target's limit; one whose request was not answered counts as started.

    Attributes:
        jobs: jobs that were started, or may have been.
        run: text that stands in every name this run has made up.
        withheld: how often each reason kept a request from being sent.
        closing: whether the run cleans up, so that nothing is made any more.
    """

    spec: Spec
    target: Target
    run: str = ""
    jobs: int = 0
    withheld: dict[str, int] = field(default_factory=dict)
    closing: bool = False
    _ours: set[str] = field(default_factory=set)
    _lent: set[str] = field(default_factory=set)
    _refers: dict[str, list[Parameter]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def adopt(self, identifier: str) -> None:
        """From now on this id is one of ours."""
        with self._lock:
            self._ours.add(identifier)

    def lend(self, identifier: str) -> None:
        """From now on this id may be named as the parent of what is made, though it is not ours."""
        with self._lock:
            self._lent.add(identifier)

    def admit(self, name: str, request: Request, arguments: Mapping[str, Any]) -> bool:
        """Let a request through; whether it may start a job, which :meth:`settle` must be told the answer of.

        Raises:
            WithheldError: it must not be sent.
        """
        operation = asked(self.spec, request) or self.spec.operations[name]
        reason = self._objection(operation, request, arguments)
        if reason is None:
            resource = self.spec.resources.get(operation.creates or "")
            if resource is None or not resource.is_job:
                return False
            with self._lock:
                cap = self.target.limits.jobs
                if cap is None or self.jobs < cap:
                    self.jobs += 1
                    return True
            reason = f"the cap of {cap} jobs is used up"
        with self._lock:
            self.withheld[reason] = self.withheld.get(reason, 0) + 1
        raise WithheldError(reason)

    def settle(self, answer: Answer) -> None:
        """A request that might have started a job was answered: one that was refused has not."""
        if answer.kind in {Kind.REFUSAL, Kind.THROTTLED}:
            with self._lock:
                self.jobs -= 1

    def forgo(self) -> None:
        """A request that was let through, and might have started a job, was not sent after all."""
        with self._lock:
            self.jobs -= 1

    def _objection(self, operation: Operation, request: Request, arguments: Mapping[str, Any]) -> str | None:
        if self.target.read_only and not is_harmless(self.spec, request):
            return READ_ONLY
        if operation.effect == "read":
            return None
        if self.closing and operation.effect == "create":
            return "nothing is made any more while the run cleans up"
        return self._foreign(operation, request, arguments) or (
            self._unmarked(operation, request) if self.target.own_only else None
        )

    def _foreign(self, operation: Operation, request: Request, arguments: Mapping[str, Any]) -> str | None:
        """The objection to a request that acts on something that may be somebody else's."""
        with self._lock:
            known = self._ours | self._lent if operation.effect == "create" else frozenset(self._ours)
        for parameter in self._referring(operation):
            named = _named(operation, parameter, request, arguments)
            if isinstance(named, str) and named and named not in known and not self._nobodys(parameter, named):
                return f"{parameter.name} may name something that this run has not made"
        return None

    def _referring(self, operation: Operation) -> list[Parameter]:
        known = self._refers.get(operation.name)
        if known is None:
            known = [each for each in operation.parameters if each.schema.get("refers") in self.spec.resources]
            self._refers[operation.name] = known
        return known

    def _nobodys(self, parameter: Parameter, value: str) -> bool:
        """Whether a text that is no id of ours is none of anybody else either."""
        schema = parameter.schema
        if value in schema.get("absent", ()) or (self.run and self.run in value):
            return True
        return any(limit in schema for limit in _LIMITS) and not satisfies(value, schema)

    def _unmarked(self, operation: Operation, request: Request) -> str | None:
        """The objection to a request that makes something without our prefix."""
        marked = [each for each in operation.fields() if each.schema.get("ours")]
        if operation.effect not in {"create", "change"} or not marked:
            return None
        try:
            tree = decode_xml(request.body, {}) if operation.body_root is not None else decode_json(request.body)
        except MalformedBodyError:
            return f"a body that cannot be read may make something without the prefix {self.target.prefix!r}"
        for each in marked:
            values = list(_at(tree, each.path))
            if not values and each.required and len(each.path) == 1:
                values = [MISSING]
            if not all(self._is_marked(value) for value in values):
                return f"{each.name} does not begin with the prefix {self.target.prefix!r}"
        return None

    def _is_marked(self, value: Any) -> bool:
        """Whether a name begins with our prefix; of the address of an object in S3, its key."""
        if not isinstance(value, str):
            return False
        for scheme in ("s3://", "arn:aws:s3:::"):
            if value.startswith(scheme):
                value = value.removeprefix(scheme).partition("/")[2]
        marked: bool = value.startswith(self.target.prefix)
        return marked


def marks(operation: Operation) -> list[str]:
    """The parameters by whose value what an operation makes is known as ours."""
    return [each.name for each in operation.parameters if each.schema.get("ours")]


def asked(spec: Spec, request: Request) -> Operation | None:
    """The operation that a request asks for, whatever it was meant to be; None where it is in no documented form."""
    for each in spec.operations.values():
        if each.method == request.method and _form(each.path, whole=True).fullmatch(request.path):
            return each
    return None


def is_harmless(spec: Spec, request: Request) -> bool:
    """Whether a request can have no effect: it only reads by its method, or is one of the operations that only read."""
    fitting = {
        each.effect == "read"
        for each in spec.operations.values()
        if each.method == request.method and _form(each.path, whole=True).fullmatch(request.path)
    }
    return all(fitting) if request.method in _SAFE else fitting == {True}


def _named(operation: Operation, parameter: Parameter, request: Request, arguments: Mapping[str, Any]) -> Any:
    """What a request names as the value of a parameter, whatever else is odd about it; MISSING for nothing."""
    if parameter.name in arguments and parameter.location != "path":
        return arguments[parameter.name]
    if parameter.location == "body":
        with contextlib.suppress(MalformedBodyError):
            tree = decode_json(request.body) if operation.body_root is None else decode_xml(request.body, {})
            return tree.get(parameter.name, MISSING) if isinstance(tree, Mapping) else MISSING
    if parameter.location != "path":
        return dict(request.query).get(parameter.name, MISSING)
    found = _form(operation.path, whole=False).match(request.path)
    if found is None:
        return MISSING
    return unquote(found[places(operation).index(parameter.name) + 1]).partition("/")[0]


@functools.lru_cache(maxsize=256)
def _form(path: str, *, whole: bool) -> re.Pattern[str]:
    """The paths of an operation; a whole one is written in the one way that every server reads alike."""
    parts = _PLACE.split(path)
    place = "([A-Za-z0-9._~:-]*[A-Za-z0-9_~:-])" if whole else "([^/]*)"
    return re.compile("".join(place if number % 2 else re.escape(part) for number, part in enumerate(parts)))


def _at(tree: Any, path: tuple[str, ...]) -> Iterator[Any]:
    """The values at a field's path."""
    if not path:
        yield tree
    elif path[0] == ITEM:
        for each in tree if isinstance(tree, list) else ():
            yield from _at(each, path[1:])
    elif isinstance(tree, Mapping) and path[0] in tree:
        yield from _at(tree[path[0]], path[1:])

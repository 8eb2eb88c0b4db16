"""What a resource promises of its instances over time, beside their statuses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from specs.clause import Source
from specs.operation import Refusal

Outcome = Literal["same", "new", "refused"]
Company = Literal["refused", "waits", "together"]
_INFERRED = Source(document="inferred")


@dataclass(frozen=True, slots=True, kw_only=True)
class Idempotency:
    """A token of a creation: what the same token brings with the same request, and with another one.

    ``vary`` are arguments that make it another request; ``same`` and ``other`` list what the documents permit: the
    ``same`` instance, a ``new`` one, or a refusal as ``refusal`` says.
    """

    parameter: str
    vary: Mapping[str, Any]
    same: tuple[Outcome, ...]
    other: tuple[Outcome, ...]
    refusal: Refusal = field(default_factory=Refusal)
    source: Source = _INFERRED


@dataclass(frozen=True, slots=True, kw_only=True)
class Alone:
    """Jobs of one parent go one at a time; ``readings`` are what that may mean for a second one, ``refusal`` what it is told."""

    parent: str
    readings: tuple[Company, ...]
    refusal: Refusal = field(default_factory=Refusal)
    source: Source = _INFERRED


@dataclass(frozen=True, slots=True, kw_only=True)
class Counters:
    """Numbers in a read that only rise.

    Attributes:
        rise: pointers of numbers that never fall; within one ``run`` only, where that pointer is given.
        run: pointer of a number that never falls itself, and with which the others may begin anew.
        total: pointer of a number that the sum of ``parts`` never exceeds.
        parts: pointers of what adds up.
        whole: statuses in which ``parts`` have come up to ``total``.
        rest: pointers of what stays as it is once a job has ended, within the same run.
        same: creation parameters by which a creation may take up an earlier job under its id, as another run of it.
        anew: by creation parameter, the values with which no earlier job is taken up.
    """

    rise: tuple[str, ...] = ()
    run: str | None = None
    total: str | None = None
    parts: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    anew: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    source: Source = _INFERRED

    def may_take_up(self, arguments: Mapping[str, Any], earlier: Mapping[str, Any]) -> bool:
        """Whether a creation may have taken up the job of an earlier one, by the arguments of both."""
        alike = self.same and all(arguments.get(name) == earlier.get(name) for name in self.same)
        return bool(alike) and not any(arguments.get(name) in values for name, values in self.anew.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """Parts of a job that have statuses of their own.

    Attributes:
        pointer: where the list of them stands in a read.
        key: pointer in one of them of what tells it from the others.
        status: pointer in one of them of its status.
        final: statuses of an item that never change.
        every: by status of the job, the statuses one of which every item has.
        some: by status of the job, the statuses each of which at least one item has.
    """

    pointer: str
    key: str
    status: str
    final: tuple[str, ...]
    every: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    some: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    source: Source = _INFERRED


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A creation parameter that makes a job wait in ``status`` until an action in ``released`` lets it go, for good.

    With ``value`` the job shows none of ``beyond`` before it was let go; with ``free`` it never shows ``status``.
    """

    parameter: str
    value: Any
    free: Any
    status: str
    released: tuple[str, ...]
    beyond: tuple[str, ...]
    source: Source = _INFERRED


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """A member of a read that hangs on the status: shown in ``needed``, not shown in ``never``."""

    pointer: str
    needed: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    source: Source = _INFERRED


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """Jobs that wait for others of their kind, where there is no queue to go with it.

    Attributes:
        parameter: the creation parameter that lists what a job waits for.
        member: the member of an item that names a job; an item that has others beside it says something else.
        unless: creation parameters with which a job is no plain one, whether it waits or is waited for.
        first: by name, arguments of a job that takes a while, for another to wait for.
    """

    parameter: str
    member: str
    unless: tuple[str, ...] = ()
    first: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    source: Source = _INFERRED

    def named(self, arguments: Mapping[str, Any]) -> tuple[str, ...]:
        """The jobs that a creation with these arguments plainly waits for."""
        listed = arguments.get(self.parameter)
        if not isinstance(listed, list) or not self.plain(arguments):
            return ()
        names = (each[self.member] for each in listed if isinstance(each, Mapping) and [*each] == [self.member])
        return tuple(dict.fromkeys(each for each in names if isinstance(each, str)))

    def plain(self, arguments: Mapping[str, Any]) -> bool:
        """Whether a creation with these arguments makes a plain job."""
        return all(arguments.get(name) is None for name in self.unless)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrays:
    """Jobs made of numbered children, whose ids are that of the parent, a colon, and the number.

    Attributes:
        asked: pointer in the arguments of a creation of how many children are asked for.
        size: pointer in a read of the parent of how many there are.
        parent: the parameter of the list that takes the id of the parent.
        index: pointer in an item of the list of its number.
        sizes: arguments of a creation with children.
        looks: arguments of the list, each of which may show other children; the first while the job goes on.
    """

    asked: str
    size: str
    parent: str
    index: str
    sizes: Mapping[str, Any]
    looks: tuple[Mapping[str, Any], ...] = ({},)
    source: Source = _INFERRED

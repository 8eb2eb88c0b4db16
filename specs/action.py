"""What can be done to one instance, and in which of its statuses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from specs.clause import Source
from specs.parameter import ITEM

_INFERRED = Source(document="inferred")


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """An operation applied to one instance: ``parameter`` takes the id, ``arguments`` are sent beside it.

    A parameter written ``name[]`` takes a list of ids, of which one is sent.
    """

    operation: str
    parameter: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name of the parameter that takes the id."""
        return self.parameter.removesuffix(ITEM)

    @property
    def many(self) -> bool:
        """Whether the operation takes a list of ids, and tells of those that are there."""
        return self.parameter.endswith(ITEM)

    def naming(self, identifier: str) -> dict[str, Any]:
        """The argument that names an instance."""
        return {self.name: [identifier] if self.many else identifier}

    def named(self, arguments: Mapping[str, Any]) -> str | None:
        """The id of the one instance that arguments name; None where they name none, or several."""
        value = arguments.get(self.name)
        if self.many:
            value = value[0] if isinstance(value, list) and len(value) == 1 else None
        return value if isinstance(value, str) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What an action sets: the argument that holds it, values to try, and the pointers where it shows.

    ``answer`` leads into the answer of the action, ``read`` into a single read, ``list`` into an item of the list.
    """

    argument: str
    values: tuple[Any, ...]
    read: str
    answer: str | None = None
    list: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """An operation applied to an instance whose status decides what comes of it.

    Attributes:
        name: the name of the action.
        use: the operation, and the arguments that tell this action from others of the same operation.
        state: pointer of what decides, in a read; None for the status of the resource.
        accepts: statuses in which the action is accepted. No status outside of them lies between two of them.
        refuses: statuses in which it is refused. In any status named in neither, both are permitted.
        refusal: the kind of refusal due to a status, as in the operation's ``refusals``.
        leads: statuses of which one is seen in the end, once the action was accepted.
        instead: ends that a job which moved by itself may come to before the action takes effect.
        sets: what the action changes beside the status.
        source: where this stands.
    """

    name: str
    use: Use
    state: str | None = None
    accepts: tuple[str, ...] = ()
    refuses: tuple[str, ...] = ()
    refusal: str = ""
    leads: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()
    sets: Change | None = None
    source: Source = _INFERRED

    def matches(self, operation: str, arguments: Mapping[str, Any]) -> bool:
        """Whether a call of an operation with these arguments is this action."""
        free = self.sets.argument if self.sets else None
        return operation == self.use.operation and all(
            arguments.get(name) == value for name, value in self.use.arguments.items() if name != free
        )

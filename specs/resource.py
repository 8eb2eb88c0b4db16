"""What operations create, read, list, cancel and delete: jobs, and what jobs need beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from specs.action import Action, Use
from specs.clause import Source
from specs.operation import Refusal
from specs.pointer import MISSING, point
from specs.promise import Alone, Arrays, Counters, Hold, Idempotency, Items, Showing, Waits
from specs.queue import Dependencies, Queue
from specs.race import Race

TERMINAL = ("succeeded", "failed", "cancelled", "dependency-failed")
PHASES = ("waiting", "running", *TERMINAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A way to bring an instance into a state: arguments of its creation, what is done after, statuses to wait for."""

    arguments: Mapping[str, Any] = field(default_factory=dict)
    then: tuple[Use, ...] = ()
    statuses: tuple[str, ...] = ()
    holds: bool = False
    """Whether the state lasts until somebody acts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A creation that must come to nothing: refused, or accepted and over without success.

    ``refusal`` is what a refusal may carry; ``done`` points to the number in a read that tells how much a job did: one that
    says it succeeded and did nothing came to nothing too.
    """

    statement: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    refused: bool = False
    """Whether nothing less than a refusal will do."""
    refusal: Refusal = field(default_factory=Refusal)
    done: str | None = None
    source: Source = field(default_factory=lambda: Source(document="inferred"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What comes into an instance by jobs and not by a creation of ours, and keeps the instance from being deleted.

    ``list`` lists it, with the items and their ids at two pointers; ``delete`` removes one, and takes the id of the instance
    as its parameter ``parent``.
    """

    list: Use
    items: str
    id: str
    delete: Use
    parent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A kind of thing an API keeps. Pointers lead into the answers of the operations named.

    ``status`` and ``phases`` are given for jobs only; ``fingerprint`` is the creation parameter and the pointer in a
    read by which an instance is known as ours; ``late_refusal`` are statuses by which a job that was accepted says
    that its request was not valid.
    """

    name: str
    create: Use
    id: str
    read: Use | None = None
    cancel: Use | None = None
    delete: Use | None = None
    list: str | None = None
    status: str | None = None
    read_id: str | None = None
    phases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    transitions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    scenes: Mapping[str, Scene] = field(default_factory=dict)
    immutable: tuple[str, ...] = ()
    created_at: str | None = None
    ended_at: str | None = None
    late_refusal: tuple[str, ...] = ()
    attempts: Mapping[str, Attempt] = field(default_factory=dict)
    observable: tuple[str, ...] = ()
    """Pointers of a read that tell what a job did, compared when two requests must mean the same."""
    queue: Queue | None = None
    dependencies: Dependencies | None = None
    actions: Mapping[str, Action] = field(default_factory=dict)
    idempotency: Idempotency | None = None
    alone: Alone | None = None
    counters: Counters | None = None
    items: Items | None = None
    hold: Hold | None = None
    waits: Waits | None = None
    arrays: Arrays | None = None
    showing: tuple[Showing, ...] = ()
    deleted: tuple[Use, ...] = ()
    """Uses that an instance takes no more once it was deleted."""
    works: tuple[str, ...] = ()
    """Scenes that random programs start jobs in."""
    aliases: Mapping[str, str] = field(default_factory=dict)
    """Other names of an instance: by the word that stands for it in placeholders, where a creation's answer has it."""
    ready: tuple[str, ...] = ()
    """Statuses in which a new instance, or one that was changed, can be used; empty where it can be used at once."""
    before_delete: tuple[Use, ...] = ()
    """What must be done to an instance before it can be deleted."""
    contents: Contents | None = None
    """What must be removed from an instance before it can be deleted."""
    deleting: tuple[str, ...] = ()
    """Statuses that an instance may show on its way out, once a delete was accepted."""
    race: Race | None = None
    reuse: bool = False
    """Whether an instance found in the list may be used where one cannot be created."""

    @property
    def is_job(self) -> bool:
        """Whether instances have a status that moves by itself."""
        return bool(self.phases)

    def phase(self, status: str | None) -> str | None:
        """The phase a status belongs to; None for a status outside the documented set."""
        for phase, statuses in self.phases.items():
            if status in statuses:
                return phase
        return None

    def reachable(self, status: str) -> frozenset[str] | None:
        """The statuses a job may come to from one, that itself included; None where no document draws the ways."""
        if not self.transitions:
            return frozenset({status}) if self.is_terminal(status) else None
        reached, frontier = {status}, [status]
        while frontier:
            for state in self.transitions.get(frontier.pop(), ()):
                if state not in reached:
                    reached.add(state)
                    frontier.append(state)
        return frozenset(reached)

    @property
    def resting(self) -> frozenset[str]:
        """The statuses an instance stays in as long as nobody acts on it."""
        held = {status for scene in self.scenes.values() if scene.holds for status in scene.statuses}
        return frozenset(held | {s for phase in TERMINAL for s in self.phases.get(phase, ())})

    def is_absent(self, tree: Any) -> bool:
        """Whether the body of a successful read tells that there is no such instance: that of several, by leaving it out."""
        if self.read is None or not self.read.many or self.read_id is None:
            return False
        return tree is not MISSING and point(tree, self.read_id) is MISSING

    def is_terminal(self, status: str | None) -> bool:
        """Whether a status never changes any more."""
        return self.phase(status) in TERMINAL

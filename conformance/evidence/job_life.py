"""Single jobs as a model: the statuses they go through by themselves, and what requests make of them."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field

from conformance.evidence.model import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class See:
    """A read of a job; answered with the status it shows."""

    job: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A request about a job; answered with the status it has then, ``accepted`` where none is told, or ``refused``."""

    job: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobLife:
    """The model; a state is the status of one job, as jobs are independent of each other.

    Attributes:
        first: the statuses a job may have when it is first looked at.
        moves: where it goes by itself, from each status.
        shows: the status that a read shows, for those that are more than a status.
        asked: by request and status, the statuses an accepted request leads to; a status that is not there refuses it.
        stubborn: by request, the statuses in which it must not be refused.
    """

    first: frozenset[str]
    moves: Mapping[str, frozenset[str]]
    shows: Mapping[str, str] = field(default_factory=dict)
    asked: Mapping[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)
    stubborn: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def initial(self) -> Iterator[str]:
        """A job nobody has looked at yet."""
        yield from self.first

    def part(self, event: Event) -> Hashable:
        """Each job is a thing of its own."""
        return event.asked.job if isinstance(event.asked, See | Ask) else None

    def changes(self, event: Event) -> bool:
        """Only requests do."""
        return isinstance(event.asked, Ask)

    def hidden(self, state: str) -> Iterator[str]:
        """The job moves on."""
        yield from self.moves.get(state, ())

    def step(self, state: str, event: Event) -> list[str]:
        """A call takes effect."""
        asked, told = event.asked, event.answered
        if not isinstance(asked, Ask):
            return [state] if told in {None, self.shows.get(state, state)} else []
        found = []
        if told != "refused":
            reached = self.asked.get(asked.what, {}).get(state, frozenset())
            found += [each for each in sorted(reached) if told in {None, "accepted", self.shows.get(each, each)}]
        if told is None or (told == "refused" and state not in self.stubborn.get(asked.what, ())):
            found.append(state)
        return found

"""Races as data: what several clients do at once, written down before anything is sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from specs import Resource

Verb = Literal[
    "start",
    "cancel",
    "confirm",
    "delete",
    "look",
    "proof",
    "until-running",
    "until-held",
    "until-ended",
    "unwind",
    "drain",
]
Work = Literal["plain", "hold", "step", "distinct", "token", "one-of"]
Admission = Literal["admit", "refuse", "none"]

#: Clients of the races below at most.
CLIENTS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One thing a client does.

    Attributes:
        verb: ``start`` a job, ``cancel``, ``confirm`` or ``delete`` it, ``look`` at one or at all of them, give ``proof``
            by looking at the whole crowd where more was accepted than there is place for, wait ``until-running``,
            ``until-held`` or ``until-ended``, ``unwind`` the queue by ending each job once it is seen running, or ``drain`` by cancelling the newest first.
        job: name of the job; empty for all of them.
        work: what the job does: ``hold`` keeps the slot, ``step`` can be seen running, ``distinct`` work differs from any other.
        admission: whether the request asks to be queued; ``none`` where there is no queue.
        alike: creations with the same word here are the same request, byte by byte.
        beside: a job to look at before each look at ``job`` while waiting for it.
    """

    verb: Verb
    job: str = ""
    work: Work = "plain"
    admission: Admission = "none"
    alike: str = ""
    beside: str = ""


Lane = tuple[Act, ...]
Phase = tuple[Lane, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Race:
    """A named list of phases, written for the clauses of these aspects.

    The lanes of a phase are run by clients of their own, let go at the same moment; a phase ends when all have. A phase of
    one lane is what happens between.
    """

    name: str
    aspects: tuple[str, ...]
    phases: tuple[Phase, ...]

    @property
    def jobs(self) -> tuple[str, ...]:
        """The names of the jobs that are started, in order."""
        return tuple(act.job for phase in self.phases for lane in phase for act in lane if act.verb == "start")


def races_for(resource: Resource) -> tuple[Race, ...]:
    """The races of a resource: of its queue, of its tokens and of requests about one job, as far as it has them."""
    race = resource.race
    if race is None:
        return ()
    found: list[Race] = []
    if resource.queue is not None:
        found += _queue_races(resource.queue.capacity, cancellable=resource.cancel is not None)
    if race.one_of:
        found.append(_one_of_race())
    if resource.is_job and resource.read is not None:
        found += _life_races(resource)
    if resource.idempotency is not None:
        found.append(_token_race())
    if race.deletes is not None:
        found.append(_delete_race())
    return tuple(found)


def _one(*acts: Act) -> Phase:
    return (acts,)


def _start(job: str, work: Work = "plain", admission: Admission = "admit") -> Act:
    return Act(verb="start", job=job, work=work, admission=admission)


def _do(verb: Verb, job: str = "", beside: str = "") -> Act:
    return Act(verb=verb, job=job, beside=beside)


_HELD = _one(_start("long", "hold"), _do("until-running", "long"))
_END = _one(_do("drain"))


def _queue_races(capacity: int | None, *, cancellable: bool) -> Iterator[Race]:
    """Starts while nothing runs, for the last place, and in several orders at once; cancels of what waits or starts."""
    idle: Phase = tuple((_start(f"r{lane}", "hold", "refuse"),) for lane in range(3))
    yield Race(name="starts", aspects=("racing-starts",), phases=(idle, _one(_do("look"), _do("look")), _END))
    lanes: Phase = tuple(tuple(_start(f"{name}{number}", "hold") for number in (1, 2)) for name in "ab")
    yield Race(
        name="order", aspects=("racing-order",),
        phases=(_HELD, lanes, _one(_do("look"), _do("cancel", "long"), _do("unwind")), _END),
    )  # fmt: skip
    if cancellable:
        look = _do("look", "s")
        waiting = _one(_start("s", "step"), _start("t", "step"), look)  # a cancel need not know what is too new
        yield Race(
            name="cancel-and-start", aspects=("racing-cancel", "racing-reads"),
            phases=(
                _HELD, waiting, ((_do("cancel", "long"),), (_do("cancel", "s"),), (look, look)),
                _one(look, _do("until-ended", "t", "s"), look), _END,
            ),
        )  # fmt: skip
        yield Race(
            name="cancels-of-one", aspects=("racing-cancel", "racing-reads"),
            phases=(_HELD, _one(_start("s", "step"), look), ((_do("cancel", "s"),), (_do("cancel", "s"),), (look,)), _one(look, _do("look", "long")), _END, _one(look)),
        )  # fmt: skip
    if capacity is not None and capacity > CLIENTS + 1:
        crowd = tuple(_start(f"c{number}") for number in range(capacity - CLIENTS - 1))
        room: Phase = tuple((_start(f"room{lane}"),) for lane in range(CLIENTS))
        last: Phase = tuple((_start(f"last{lane}"),) for lane in range(CLIENTS))
        yield Race(
            name="places", aspects=("racing-places", "racing-below-capacity"),
            phases=(_HELD, _one(*crowd), room, _one(_do("look", "long")), last, _one(_do("look", "long"), _do("proof")), _END),
        )  # fmt: skip


def _life_races(resource: Resource) -> Iterator[Race]:
    """Creations at once, readers at once, and requests about one job at once."""
    race = resource.race
    assert race is not None  # noqa: S101 - asked by the caller
    admission: Admission = "admit" if resource.queue is not None else "none"
    if race.distinct:
        lanes: Phase = tuple(
            tuple(_start(f"d{lane}{number}", "distinct", admission) for number in (1, 2)) for lane in range(3)
        )
        yield Race(name="creations", aspects=("racing-ids",), phases=(lanes, _END))
    work: Work = "step" if resource.queue is not None else "distinct"
    readers: Phase = tuple((_do("look", "s"),) * 3 for _ in range(3))
    yield Race(
        name="readers", aspects=("racing-reads",),
        phases=(_one(_start("s", work, admission), _do("look", "s")), readers, _one(_do("cancel", "s"), _do("until-ended", "s")), readers),
    )  # fmt: skip
    if resource.cancel is not None and race.confirm is not None:
        look = _do("look", "s")
        held = _one(_start("s", "hold", admission), _do("until-held", "s"))
        confirm, cancel = (_do("confirm", "s"),), (_do("cancel", "s"),)
        ends = _one(_do("until-ended", "s"), look)
        aspects = ("racing-cancel", "racing-reads")
        yield Race(name="cancel-and-confirm", aspects=aspects, phases=(held, (confirm, cancel, (look, look)), ends))
        yield Race(name="cancels-of-one", aspects=aspects, phases=(held, (cancel, cancel, (look,)), ends))


def _token_race() -> Race:
    same: Phase = tuple((Act(verb="start", job=f"t{lane}", work="token", alike="one"),) for lane in range(CLIENTS))
    return Race(
        name="token",
        aspects=("racing",),
        phases=(same, _one(Act(verb="start", job="again", work="token", alike="one")), _END),
    )


def _one_of_race() -> Race:
    """While one is active another is asked for, first one after the other, then at once, over another of the same kind."""
    first = Act(verb="start", job="first", work="one-of", alike="first")
    second = Act(verb="start", job="second", work="one-of", alike="first")
    look = _do("look", "first")
    lanes: Phase = tuple((Act(verb="start", job=f"o{lane}", work="one-of", alike="others"),) for lane in range(3))
    return Race(
        name="one-of",
        aspects=("racing-starts",),
        phases=(_one(first, look, second, look), lanes, _one(_do("look"), _do("look")), _END),
    )


def _delete_race() -> Race:
    look = _do("look", "j")
    return Race(
        name="deletes", aspects=("racing-deletes",),
        phases=(_one(_start("j", admission="none"), look), ((_do("delete", "j"),), (_do("delete", "j"),), (look,)), (((look, look)), (look, look))),
    )  # fmt: skip

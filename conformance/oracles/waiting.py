"""Jobs that wait for others, judged by what reads of both of them show, and in which order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from conformance.history import Call
from conformance.oracles.deed import WRONG
from conformance.oracles.registry import Tally, oracle
from conformance.view import Sighting, View
from specs import Clause, Resource

_STARTED = ("running", "succeeded")
_ACTIVE = ("waiting", "running")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A job and one that it waits for: what single reads showed of each."""

    resource: Resource
    job: str
    needed: str
    seen: list[Sighting]
    first: list[Sighting]

    def of(self, sightings: list[Sighting], *phases: str) -> list[Sighting]:
        """The sightings that show one of these phases."""
        return [each for each in sightings if self.resource.phase(each.status) in phases]


def sole(view: View, resource: Resource) -> dict[str, Call]:
    """By id, the creations whose requests kept to every constraint, and whose ids were given once."""
    times = Counter(identifier for identifier, _ in view.creations.get(resource.name, ()))
    made = view.created(resource.name)
    return {each: call for each, call in made.items() if times[each] == 1 and call.intent.role not in WRONG}


def pairs(view: View, resource: Resource) -> Iterator[Pair]:
    """Every job that plainly waits for another plain one, both of them ours."""
    assert resource.waits is not None  # noqa: S101 - derived only then
    made, sightings = sole(view, resource), view.sightings(resource)
    for job, call in made.items():
        for needed in resource.waits.named(call.intent.arguments):
            if needed in made and resource.waits.plain(made[needed].intent.arguments):
                yield Pair(
                    resource=resource, job=job, needed=needed, seen=sightings.get(job, []), first=sightings.get(needed, [])
                )  # fmt: skip


@oracle("waits")
def waits(clause: Clause, view: View, tally: Tally) -> None:
    """Nothing that was seen started waits for what is seen active afterwards."""
    for pair in pairs(view, view.spec.resources[clause.data["resource"]]):
        active = _active(pair)
        started = pair.of(pair.seen, *_STARTED)
        early = next(((s, f) for s in started for f in active if f.started >= s.ended), None)
        if early is not None:
            tally.breach(
                early[0].call, early[1].call, expected=f"{pair.job} to wait until {pair.needed} has ended",
                actual=f"{early[0].status} while {pair.needed} was {early[1].status}",
            )  # fmt: skip
        elif any(f.started >= s.ended for s in pair.of(pair.seen, "waiting") for f in active):
            tally.hit("seen waiting")


def _active(pair: Pair) -> list[Sighting]:
    """When what is waited for was not over; what was seen to end before says nothing, as one of the two looks is wrong."""
    ended = min((each.started for each in pair.first if pair.resource.is_terminal(each.status)), default=float("inf"))
    return [each for each in pair.of(pair.first, *_ACTIVE) if each.ended <= ended]


@oracle("waits-failure")
def waits_failure(clause: Clause, view: View, tally: Tally) -> None:
    """What waits for a job that has failed is never seen started; it is seen to fail."""
    for pair in pairs(view, view.spec.resources[clause.data["resource"]]):
        failed = pair.of(pair.first, "failed")
        if not failed or pair.of(pair.first, "succeeded"):
            continue
        started = pair.of(pair.seen, *_STARTED)
        if started:
            tally.breach(
                *sorted((failed[0].call, started[0].call), key=lambda call: call.id), expected=f"{pair.job} to fail, since {pair.needed} has failed",
                actual=str(started[0].status),
            )  # fmt: skip
        elif (ended := pair.of(pair.seen, "failed")) and not _stopped(view, pair.job, ended[0]):
            tally.hit("seen failed")
        else:
            tally.undecided(f"{pair.job}, which waits for a job that has failed, was not seen to end by itself")


def _stopped(view: View, job: str, ended: Sighting) -> bool:
    """Whether a request of ours may have ended a job before it was seen at its end."""
    ending = (each.name for each in view.spec.operations.values() if each.effect in {"cancel", "delete"})
    calls = (call for name in ending for call in view.by_operation[name])
    return any(job in view.names(call) and call.started < ended.ended for call in calls)

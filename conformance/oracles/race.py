"""Races: whether any documented behaviour explains what several clients were told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from conformance.evidence.job_queue import JobQueue
from conformance.evidence.judgement import Answer
from conformance.evidence.model import Event, Model
from conformance.evidence.proof import explained, refuted
from conformance.evidence.token_register import TokenRegister
from conformance.history import Call
from conformance.oracles.contest import Contest, contests, overlap, undisturbed
from conformance.oracles.registry import Tally, oracle
from conformance.oracles.retold import Retelling
from conformance.oracles.statuses import deleted, read_only, requested
from conformance.view import View
from specs import Clause, Resource

_MOST_EVIDENCE = 3
_ABOUT_SEVERAL = frozenset({"racing-starts", "racing-places", "racing-below-capacity"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Calls to be explained, with a model for each reading of the documents, and what about them counts as a hit.

    ``case`` is None where the calls did not put the clause to the test; ``open`` says why.
    """

    models: Mapping[str, Model[Any]]
    events: Sequence[Event]
    case: str | None
    open: str = ""
    expected: str = ""


Trials = Callable[[View, Resource, Clause], Iterator[Trial]]


@oracle("race")
def race(clause: Clause, view: View, tally: Tally) -> None:
    """A clause is broken if under every reading some race has no explanation; else each race that tried it is a hit."""
    resource = view.spec.resources[clause.data["resource"]]
    trials = list(_TRIALS[clause.data["aspect"]](view, resource, clause))
    readings = list(dict.fromkeys(name for trial in trials for name in trial.models))
    surviving = []
    for name in readings:
        answers = [explained(trial.models[name], trial.events).answer for trial in trials if name in trial.models]
        if Answer.IMPOSSIBLE not in answers:
            surviving.append(name)
    if readings and not surviving:
        _broken(view, trials, readings, tally)
        return
    for trial in trials:
        found = [explained(trial.models[name], trial.events) for name in surviving if name in trial.models]
        undecided = next((each.reason for each in found if each.answer is Answer.UNDECIDED), None)
        if undecided is not None:
            tally.undecided(undecided)
        elif trial.case is None:
            tally.undecided(trial.open)
        else:
            tally.hit(trial.case)
    if any(
        _at_odds(resource, clause, Retelling(view=view, resource=resource, contest=c)) for c in contests(view, resource)
    ):
        tally.undecided("what reads show of a job goes back, so that they prove nothing of several")
    if len(readings) > 1 and len(surviving) == 1 and tally.hits:
        tally.reading = surviving[0]


def _broken(view: View, trials: Iterable[Trial], readings: Sequence[str], tally: Tally) -> None:
    calls = {call.id: call for call in view.calls}
    for trial in trials:
        model = trial.models.get(readings[0])
        found = refuted(model, trial.events) if model is not None else None
        if found is not None:
            core = [calls[identifier] for identifier in found.core]
            answers = "; ".join(f"call {call.id}: {_told(view, trial, call)}" for call in core)
            tally.breach(
                *core[-_MOST_EVIDENCE:],
                expected=trial.expected,
                actual=f"no order of the calls explains {answers}"[:600],
            )


def _told(view: View, trial: Trial, call: Call) -> str:
    event = next(event for event in trial.events if event.id == call.id)
    return f"{call.intent.role} {call.intent.case} of client {call.process} {view.answer(call).described()}: {event.answered}"


def _held(resource: Resource, view: View, clause: Clause, *names: str) -> Iterator[tuple[Contest, Retelling]]:
    """The races of these names, of all for none; of jobs among each other, only where the reads of each make sense."""
    for contest in contests(view, resource):
        retold = Retelling(view=view, resource=resource, contest=contest)
        if (not names or contest.race in names) and not _at_odds(resource, clause, retold):
            yield contest, retold


def _at_odds(resource: Resource, clause: Clause, retold: Retelling) -> bool:
    """Whether a clause is about several jobs, and what reads show of a single one goes back: nothing follows from it."""
    if clause.data["aspect"] not in _ABOUT_SEVERAL:
        return False
    events = list(retold.reads(retold.contest.calls))
    return explained(read_only(resource), events).answer is Answer.IMPOSSIBLE


def _queue(resource: Resource, contest: Contest, **more: Any) -> JobQueue:
    queue = resource.queue
    return JobQueue(
        slots=queue.running if queue else 1, capacity=queue.capacity if queue else None, alone=contest.alone, **more
    )


def _before_cancel(contest: Contest) -> list[Call]:
    """The calls before anybody asked for an end."""
    until = min((call.started for call in contest.calls if call.intent.role == "cancel"), default=float("inf"))
    return [call for call in contest.calls if call.started < until]


def _not_apart(calls: Sequence[Call]) -> str:
    """Why requests, as far as they were answered, were no race; empty where they were."""
    return (
        ""
        if overlap(call for call in calls if call.response is not None)
        else "the requests of different clients did not overlap"
    )


# -- queues


def _starts(view: View, resource: Resource, clause: Clause) -> Iterator[Trial]:
    if resource.queue is None:
        yield from _one_of(view, resource, clause)
        return
    for contest, retold in _held(resource, view, clause, "starts"):
        events = retold.queue(_before_cancel(contest))
        ours = len(contest.accepted())
        why = _not_apart(contest.starts()) or (
            "" if 0 < ours <= resource.queue.running else "a job ended before the others were looked at" if ours else
            "none was accepted, and others may use the queue"
        )  # fmt: skip
        yield Trial(
            models={"": _queue(resource, contest)}, events=events, case=None if why else f"{len(contest.starts())} at once", open=why,
            expected="no more than one of the racing requests to be accepted while it stays active",
        )  # fmt: skip


def _one_of(view: View, resource: Resource, clause: Clause) -> Iterator[Trial]:
    """Whether the target limits them shows one after the other; in a race it must be the same limit."""
    limits = {"one at a time": 1, "two at a time": 2, "no limit": None}
    for contest, retold in _held(resource, view, clause, "one-of"):
        alone = undisturbed(view, resource, contest, *(resource.race.one_of if resource.race is not None else ()))
        models = {name: JobQueue(slots=1_000, limit=limit, alone=alone) for name, limit in limits.items()}
        expected = "the refusal that is given where requests do not race"
        first = retold.queue(call for call in contest.calls if call.intent.case in {"first", "second"})
        limited = bool(contest.accepted("first")) and not contest.accepted("second")
        yield Trial(models=models, events=first, case="one after the other", expected=expected)
        why = _not_apart(contest.starts("o")) or (
            "" if limited else "the target does not limit them, or they end too quickly"
        )
        yield Trial(
            models=models, events=retold.queue(c for c in contest.calls if c.intent.case.startswith("o")), expected=expected,
            case=None if why else "at once", open=why,
        )  # fmt: skip


def _places(view: View, resource: Resource, clause: Clause) -> Iterator[Trial]:
    yield from _full(view, resource, clause, crowd=("c", "room"), racing="last")


def _below(view: View, resource: Resource, clause: Clause) -> Iterator[Trial]:
    yield from _full(view, resource, clause, crowd=("c",), racing="room")


def _full(view: View, resource: Resource, clause: Clause, *, crowd: tuple[str, ...], racing: str) -> Iterator[Trial]:
    """Requests behind a crowd: how many of it surely waited is told by looks behind the race."""
    capacity = resource.queue.capacity if resource.queue is not None else None
    assert capacity is not None  # noqa: S101 - derived only then
    for contest, retold in _held(resource, view, clause, "places"):
        starts = contest.starts(racing)
        if not starts:
            continue
        over = max(call.ended or call.started for call in starts)
        behind = set(contest.accepted(*crowd))
        shown = {
            c.intent.case
            for c in _before_cancel(contest)
            if c.started > over and resource.phase(retold.status(c)) == "waiting"
        }
        ghosts = len(contest.starts(*crowd)) - len(behind)
        plain = _queue(resource, contest, crowd=len(behind) + ghosts, stay=len(behind & shown))
        models = {
            "the running job takes no place": plain,
            "the running job takes one of the places": replace(plain, capacity=capacity - 1),
        }
        mine = [call for call in _before_cancel(contest) if call.intent.case.startswith(racing)]
        got = len(contest.accepted(racing))
        why = _not_apart(starts) or _unfit(racing, got, len(starts), len(behind), capacity)
        yield Trial(
            models=models, events=retold.queue(mine), case=None if why else f"{len(starts)} at once", open=why,
            expected=f"no more than {capacity} jobs to wait" if racing == "last" else "each to be queued, since there are places for all",
        )  # fmt: skip


def _unfit(racing: str, got: int, asked: int, behind: int, capacity: int) -> str:
    if racing == "room":
        return "" if got == asked else "others may use the queue, or have a place in it"
    if behind < capacity - 1 or got == asked:
        return "the queue did not fill: jobs may end too quickly, or others use it too"
    return "" if behind + got <= capacity else "jobs may have left the queue meanwhile"


def _order(view: View, resource: Resource, clause: Clause) -> Iterator[Trial]:
    for contest, retold in _held(resource, view, clause, "order"):
        started = [c for c in contest.starts("a", "b") if contest.job(c) in contest.ids]
        seen = {
            c.intent.case
            for c in contest.calls
            if retold.status(c) is not None and resource.phase(retold.status(c)) == "waiting"
        }
        why = _not_apart(started) or (
            "" if len(seen & set(contest.accepted("a", "b"))) > 2 else "the jobs did not wait for each other"
        )
        yield Trial(
            models={"": _queue(resource, contest)}, events=retold.queue(contest.calls), case=None if why else "two clients", open=why,
            expected="jobs of requests that do not overlap to start in their order",
        )  # fmt: skip


# -- single jobs


def _cancel(view: View, resource: Resource, clause: Clause) -> Iterator[Trial]:
    for contest, retold in _held(resource, view, clause, "cancel-and-start", "cancels-of-one", "cancel-and-confirm"):
        asked = [call for call in contest.calls if call.intent.role in {"cancel", "confirm"}]
        why = _not_apart(asked)
        told = resource.race.told if resource.race is not None else None
        if resource.queue is not None:
            models: dict[str, Model[Any]] = {"": _queue(resource, contest)}
            events = retold.queue(contest.calls)
        else:
            models = {"": requested(resource, alone=view.exclusive)}
            events = [*retold.reads(contest.calls), *retold.requests(contest.calls, told=told)]
        yield Trial(
            models=models,
            events=events,
            case=None if why else contest.race,
            open=why,
            expected="one outcome of the racing requests",
        )


def _reads(view: View, resource: Resource, clause: Clause) -> Iterator[Trial]:
    for contest, retold in _held(resource, view, clause):
        looks = [call for call in contest.calls if call.intent.role == "read"]
        if len({call.process for call in looks}) > 1:
            events = list(retold.reads(looks))
            shown = len({event.answered for event in events}) > 1 or _seen_over(resource, looks, events)
            why = "" if shown else "no client saw the job change, or looked at it when another had seen its end"
            yield Trial(
                models={"": read_only(resource)}, events=events, case=None if why else contest.race, open=why,
                expected="no status that was left behind before another client asked",
            )  # fmt: skip


def _seen_over(resource: Resource, looks: Sequence[Call], events: Sequence[Event]) -> bool:
    """Whether a client looked at a job after another had been told that it was over."""
    client = {call.id: call.process for call in looks}
    over = [event for event in events if resource.is_terminal(str(event.answered))]
    return any(later.began >= each.ended and client[later.id] != client[each.id] for each in over for later in events)


def _deletes(view: View, resource: Resource, clause: Clause) -> Iterator[Trial]:
    gone = resource.race.deletes if resource.race is not None else None
    for contest, retold in _held(resource, view, clause, "deletes"):
        events = list(retold.deletes(contest.calls, gone or ()))
        why = _not_apart([call for call in contest.calls if call.intent.role == "delete"])
        yield Trial(
            models={"": deleted(alone=view.exclusive)}, events=events, case=None if why else "two at once", open=why,
            expected="one of the deletes to succeed, and nothing to be there behind it",
        )  # fmt: skip


# -- ids


def _ids(view: View, resource: Resource, clause: Clause) -> Iterator[Trial]:
    for contest, retold in _held(resource, view, clause, "creations"):
        events = [event for event in retold.claims(None) if event.answered not in {None, "refused"}]
        why = _not_apart(contest.starts()) or ("" if len(events) > 1 else "fewer than two creations were accepted")
        yield Trial(
            models={"": TokenRegister(honoured=False, refuses=True)}, events=events, case=None if why else f"{len(events)} creations",
            open=why, expected="another id for each creation",
        )  # fmt: skip


def _token(view: View, resource: Resource, clause: Clause) -> Iterator[Trial]:
    del clause
    token = resource.idempotency
    assert token is not None  # noqa: S101 - derived only then
    names = {"same": "a token used again gives the same", "new": "a token means nothing"}
    models: dict[str, Model[Any]] = {
        names[gives]: TokenRegister(honoured=gives == "same", refuses="refused" in token.same)
        for gives in token.same if gives in names
    }  # fmt: skip
    for contest in contests(view, resource):
        if contest.race != "token":
            continue
        retold = Retelling(view=view, resource=resource, contest=contest)
        events = [e for e in retold.claims(token.parameter) if e.answered != "refused" or "refused" in token.same]
        accepted = sum(event.answered not in {None, "refused"} for event in events)
        why = _not_apart(contest.starts()) or ("" if accepted else "no creation with the token was accepted")
        yield Trial(
            models=models if accepted else {}, events=events, case=None if why else f"{len(events)} with one token", open=why,
            expected="what the token gives when requests do not race",
        )  # fmt: skip


_TRIALS: dict[str, Trials] = {
    "racing-starts": _starts, "racing-places": _places, "racing-below-capacity": _below, "racing-order": _order,
    "racing-cancel": _cancel, "racing-reads": _reads, "racing-deletes": _deletes, "racing-ids": _ids, "racing": _token,
}  # fmt: skip

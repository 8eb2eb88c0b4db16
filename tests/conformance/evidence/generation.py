"""Small histories of racing clients, made by letting a model run; some are spoilt afterwards."""

from __future__ import annotations

import random
from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import Any

from conformance.evidence.job_life import Ask, JobLife, See
from conformance.evidence.job_queue import Cancel, JobQueue, Look, Start
from conformance.evidence.model import FOREVER, Event, Model
from conformance.evidence.token_register import Claim, TokenRegister

_PHASES = ("waiting", "running", "succeeded", "failed", "cancelled", "dependency-failed")
LIFE = JobLife(
    first=frozenset({"held"}),
    moves={
        "held": frozenset({"failed"}), "ready": frozenset({"active", "failed"}), "active": frozenset({"complete", "failed"}),
        "cancelling": frozenset({"cancelled"}),
    },
    asked={
        "confirm": {"held": frozenset({"ready"}), "ready": frozenset({"ready"})},
        "cancel": {status: frozenset({"cancelling", "cancelled"}) for status in ("held", "ready", "active", "cancelling")},
    },
    stubborn={"confirm": frozenset({"held"}), "cancel": frozenset({"held", "ready"})},
)  # fmt: skip


def queue(dice: random.Random) -> JobQueue:
    """A queue of some reading."""
    crowd = dice.choice([0, 0, 0, 2])
    return JobQueue(
        slots=dice.choice([1, 1, 1, 2]), capacity=dice.choice([None, 1, 2, 3]), alone=dice.random() < 0.7,
        counts_running=dice.random() < 0.3, crowd=crowd, stay=dice.randint(0, crowd),
        after={"b": ("a",)} if dice.random() < 0.3 else {},
    )  # fmt: skip


def _queue_requests(dice: random.Random) -> list[Hashable]:
    found: list[Hashable] = []
    for job in "abc"[: dice.randint(1, 3)]:
        found.append(Start(job=job, queued=dice.random() < 0.7))
        found += [Cancel(job=job) for _ in range(dice.choice([0, 0, 1, 2]))]
        found += [Look(job=job) for _ in range(dice.choice([0, 1, 1, 2]))]
    return found


def _answers(asked: Hashable) -> Sequence[Hashable]:
    if isinstance(asked, Start):
        return ("accepted", "busy", "full")
    if isinstance(asked, Cancel | Ask):
        return ("accepted", "refused", "ready", "cancelled") if isinstance(asked, Ask) else ("accepted", "refused")
    if isinstance(asked, Claim):
        return ("one", "two", "refused")
    return (
        _PHASES
        if isinstance(asked, Look)
        else ("held", "ready", "active", "complete", "cancelling", "cancelled", "failed")
    )


def case(dice: random.Random, most: int = 5) -> tuple[Model[Any], list[Event]]:
    """A model, and calls whose answers mostly come from letting it run."""
    kind = dice.choice(["queue", "queue", "queue", "life", "token"])
    model: Model[Any]
    requests: list[Hashable]
    if kind == "queue":
        model, requests = queue(dice), _queue_requests(dice)
    elif kind == "life":
        model = LIFE
        requests = [
            dice.choice([See(job=job), See(job=job), Ask(job=job, what="cancel"), Ask(job=job, what="confirm")])
            for job in dice.choices("jk", k=most)
        ]
    else:
        model = TokenRegister(honoured=dice.random() < 0.7, refuses=dice.random() < 0.5)
        requests = [Claim(token=token) for token in dice.choices("st", k=most)]
    return model, _history(model, requests[:most] if kind != "queue" else requests[: most + 1], dice)


def _history(model: Model[Any], requests: Sequence[Hashable], dice: random.Random) -> list[Event]:
    """Requests in an order, each answered as the model may at that point, within a window around it."""
    width = dice.choice([0.0, 0.4, 1.5, 3.0])
    states: dict[Hashable, Any] = {}
    events = []
    for place, asked in enumerate(requests, start=1):
        bare = Event(id=place, began=0.0, ended=0.0, asked=asked, answered=None)
        state = states.get(model.part(bare)) or dice.choice(list(model.initial()))
        for _ in range(dice.choice([0, 0, 1, 2])):
            state = dice.choice([*model.hidden(state), state])
        permitted = [
            (each, after) for each in _answers(asked) for after in model.step(state, replace(bare, answered=each))
        ]
        told, state = dice.choice(permitted) if permitted else (dice.choice(_answers(asked)), state)
        if dice.random() < 0.12:
            told = dice.choice(_answers(asked))
        states[model.part(bare)] = state
        began, ended = place - dice.random() * width, place + dice.random() * width
        made = replace(bare, began=round(began, 6), ended=round(ended, 6), answered=told)
        events.append(made.forgotten() if dice.random() < 0.1 else made)
    return events


def is_open(event: Event) -> bool:
    """Whether a call was never answered."""
    return event.ended == FOREVER

"""Random programs of actions on a resource: drawn whole, in macros, by indices into what is there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from specs import Resource
from strategies.programs import Command, Program, do, start

Kind = Literal["burst", "chain", "act", "look", "list", "wait"]
_MOST_JOBS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Several commands in one.

    ``burst`` starts jobs one after the other, ``chain`` starts one, waits until it is where its scene leads, and acts on
    it with each of ``indices``; ``act`` acts on a job, and ``wait`` waits until it is where its scene leads; ``look`` and
    ``list`` are about what is there. All indices are taken modulo what there is.
    """

    kind: Kind
    works: tuple[int, ...]
    indices: tuple[int, ...]
    job: int


def random_action_programs(resource: Resource) -> SearchStrategy[Program]:
    """Programs of starts, actions, looks, lists and waits, of which some have only few of these kinds (swarm)."""
    numbers = st.lists(st.integers(min_value=0, max_value=11), min_size=1, max_size=3).map(tuple)
    kinds: tuple[Kind, ...] = ("look", "list", "wait", *(("act", "chain") if resource.actions else ()))

    def of(features: frozenset[Kind]) -> SearchStrategy[tuple[Deed, ...]]:
        deed = st.builds(
            Deed, kind=st.sampled_from(("burst", *sorted(features))), works=numbers, indices=numbers,
            job=st.integers(min_value=0, max_value=_MOST_JOBS),
        )  # fmt: skip
        return st.lists(deed, min_size=1, max_size=5).map(tuple)

    swarm = st.frozensets(st.sampled_from(kinds), min_size=1)
    return swarm.flatmap(of).map(lambda deeds: action_program(deeds, resource))


def action_program(deeds: Sequence[Deed], resource: Resource) -> Program:
    """The program that deeds make on a resource; everything is looked at once more at its end."""
    jobs: dict[str, str] = {}
    commands = [command for deed in deeds for command in _commands(deed, jobs, resource)]
    return Program(name="random", aspects=(), commands=(*commands, do("look")))


def _commands(deed: Deed, jobs: dict[str, str], resource: Resource) -> Iterator[Command]:
    works, actions = resource.works, list(resource.actions.values())
    if deed.kind in {"burst", "chain"}:
        for index in deed.works[: 1 if deed.kind == "chain" else _MOST_JOBS - len(jobs)]:
            if len(jobs) < _MOST_JOBS:
                name, work = f"r{len(jobs)}", works[index % len(works)]
                jobs[name] = work
                yield start(name, work)
    if not jobs:
        return
    job = list(jobs)[-1 if deed.kind == "chain" else deed.job % len(jobs)]
    if deed.kind in {"chain", "wait"}:
        yield Command(verb="until-there", job=job, work=jobs[job])
    if deed.kind in {"act", "chain"}:
        for index in deed.indices if actions else ():
            yield Command(verb="act", job=job, action=actions[index % len(actions)].name, value=index)
    elif deed.kind in {"look", "list"}:
        yield Command(verb=deed.kind, job=job if deed.kind == "look" else "")

"""Random programs for a queue: the whole list of commands is drawn first, in macros, by indices into what is there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from strategies.programs import Command, Program, Work, do, start

Kind = Literal["burst", "chain", "cancel", "look", "wait"]
_MOST_JOBS = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Macro:
    """Several commands in one.

    ``burst`` starts jobs, each of which may depend on others by ``indices``, modulo what was started before; ``chain``
    starts jobs that each depend on the one before; ``cancel``, ``look`` and ``wait`` are about one job by its index.
    """

    kind: Kind
    works: tuple[Work, ...]
    indices: tuple[int, ...]


def random_programs(*, dependent: bool) -> SearchStrategy[Program]:
    """Programs of which each is behind a long job, so that a queue forms, or is not; features by swarm.

    Args:
        dependent: whether jobs can depend on others.
    """
    works = st.lists(st.sampled_from(("good", "good", "step", "bad")), min_size=1, max_size=5).map(tuple)
    indices = st.lists(st.integers(min_value=0, max_value=_MOST_JOBS), max_size=2).map(tuple)
    kinds: tuple[Kind, ...] = ("burst", "cancel", "look", "wait", *(("chain",) if dependent else ()))

    def of(features: frozenset[Kind]) -> SearchStrategy[tuple[Macro, ...]]:
        macro = st.builds(
            Macro, kind=st.sampled_from(("burst", *sorted(features - {"burst"}))), works=works, indices=indices
        )
        return st.lists(macro, min_size=1, max_size=6).map(tuple)

    swarm = st.frozensets(st.sampled_from(kinds), max_size=len(kinds))
    return st.builds(
        lambda macros, held, linked: program(macros, held=held, linked=linked and dependent),
        swarm.flatmap(of), st.sampled_from((True, True, True, False)), st.booleans(),
    )  # fmt: skip


def program(macros: Sequence[Macro], *, held: bool, linked: bool) -> Program:
    """The program that macros make; a long job holds the slot until all of them are done, if ``held``."""
    jobs: list[str] = []
    commands: list[Command] = [start("long", "long"), do("until-running", "long")] if held else []
    for macro in macros:
        commands += _commands(macro, jobs, linked=linked)
    commands += [do("look"), do("cancel", "long")] if held else []
    return Program(name="random", aspects=(), commands=(*commands, do("watch"), do("look")))


def _commands(macro: Macro, jobs: list[str], *, linked: bool) -> Iterator[Command]:
    if macro.kind in {"burst", "chain"}:
        for work in macro.works[: _MOST_JOBS - len(jobs)]:
            after = tuple(_chosen(jobs, macro.indices)) if linked and macro.kind == "burst" else ()
            if macro.kind == "chain" and jobs:
                after = (jobs[-1],)
            jobs.append(f"r{len(jobs)}")
            yield start(jobs[-1], work, after=after)
        return
    for job in _chosen(jobs, macro.indices[:1]):
        if macro.kind == "look":
            yield do("look", job)
        else:
            # A cancel is given the time to take effect, before anything is concluded from what the job does next.
            yield from (do("cancel", job), do("until-ended", job)) if macro.kind == "cancel" else (do("look"),)


def _chosen(jobs: Sequence[str], indices: Sequence[int]) -> Iterator[str]:
    if jobs:
        yield from (jobs[index % len(jobs)] for index in indices)

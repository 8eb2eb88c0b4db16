"""Programs as data: whole conversations with a queue, drawn or written down before anything is sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from specs import Resource

Verb = Literal[
    "start", "cancel", "look", "list", "until-running", "until-ended", "watch", "drain",
    "act", "until-there", "until-accepts", "again", "otherwise", "delete", "touch",
]  # fmt: skip
Work = str
Admission = Literal["admit", "admit-text", "refuse", "refuse-text", "absent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command of a program.

    Attributes:
        verb: ``start`` a job, ``cancel`` it, ``look`` at one or at all of them (newest first), ``list``, wait
            ``until-running`` or ``until-ended``, ``watch`` all of them to their end, ``drain`` by cancelling newest first;
            ``act`` on one by an action, wait ``until-there`` where its scene leads or ``until-accepts`` the action, start it
            ``again`` with the same token or ``otherwise`` with the token and another request, ``delete`` it, and ``touch``
            it by everything that what was deleted takes no more.
        job: the name of the job in the program; empty for all of them.
        work: what the job does: in a queue ``long`` keeps the slot, ``step`` can be seen running, ``good`` is quick, ``bad``
            fails; elsewhere the scene it is started for.
        admission: whether the request asks to be queued, and how it says so.
        after: names of the jobs it depends on; a name that no job has stands for an id that nobody has.
        action: the name of the action.
        value: which of the values it sets, modulo what there are.
        beside: names of the jobs to look at before each look at ``job`` while waiting for it.
        patient: whether a start that is refused is asked for again for a while: a place may be free only a moment after
            the job that had it is seen at its end.
    """

    verb: Verb
    job: str = ""
    work: Work = "good"
    admission: Admission = "admit"
    after: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    action: str = ""
    value: int = 0
    patient: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A named list of commands, written for the clauses of these aspects."""

    name: str
    aspects: tuple[str, ...]
    commands: tuple[Command, ...]


def programs_for(resource: Resource) -> tuple[Program, ...]:
    """The scripted portfolio of a resource: of its queue, and of its dependencies if it has any."""
    if resource.queue is None:
        return ()
    capacity = resource.queue.capacity
    found = list(queue_programs(capacity))
    if resource.dependencies is not None:
        found += dependency_programs(capacity)
    return tuple(found)


def start(job: str, work: Work = "good", admission: Admission = "admit", after: tuple[str, ...] = ()) -> Command:
    """Start a job."""
    return Command(verb="start", job=job, work=work, admission=admission, after=after)


def insist(job: str, admission: Admission = "admit") -> Command:
    """Start a job that there must be a place for, at the latest a little later."""
    return Command(verb="start", job=job, admission=admission, patient=True)


def do(verb: Verb, job: str = "", beside: tuple[str, ...] = ()) -> Command:
    """Any other command."""
    return Command(verb=verb, job=job, beside=beside)


def held(name: str, aspects: tuple[str, ...], *commands: Command) -> Program:
    """A program whose commands run behind a long job, and end with a look at everything and a drain."""
    return Program(
        name=name, aspects=aspects,
        commands=(start("long", "long"), do("until-running", "long"), *commands, do("drain")),
    )  # fmt: skip


def _full_programs(capacity: int) -> Iterator[Program]:
    """Programs that fill the queue."""
    names = [f"q{number}" for number in range(capacity)]
    # The first of them keeps the slot in its turn, so that it is known how many wait when it has started.
    fill = [start(names[0], "long"), *map(start, names[1:])]
    middle = names[capacity // 2]
    yield Program(
        name="fill", aspects=("capacity", "capacity-usable", "full-refusal", "returned-by-cancel", "returned-by-start", "fifo"),
        commands=(
            start("before"), do("until-ended", "before"), start("long", "long"), do("until-running", "long"),
            *fill, start("over"), do("look", "long"), do("cancel", middle), do("until-ended", middle), insist("again"),
            start("over2"), do("look", "long"), do("cancel", "long"), do("until-running", names[0], ("again", names[1])),
            insist("after-start"), do("look", names[0]), do("drain"),
        ),
    )  # fmt: skip
    # It waits in front, so that it fails soon by either reading: at once, or when its turn comes.
    doomed = start("doomed", "good", after=("long",))
    yield held(
        "fill-with-dependent", ("returned-by-failure", "dependent-counts"),
        doomed, *fill[: capacity - 1], start("over"), do("look", "long"), do("cancel", "long"), do("until-ended", "doomed"),
        do("until-running", names[0]), insist("again"), insist("again2"), do("look", names[0]), do("look", "doomed"),
    )  # fmt: skip


def queue_programs(capacity: int | None) -> Iterator[Program]:
    """The scripted portfolio of a queue: for each clause one program that makes its antecedent happen."""
    if capacity is not None:
        yield from _full_programs(capacity)
    yield held(
        "busy", ("busy-refusal", "busy-error", "absent", "text"),
        start("refused", admission="refuse"), start("refused-text", admission="refuse-text"), start("absent", admission="absent"),
        do("look", "long"), start("queued"), start("queued-text", admission="admit-text"), do("look"),
    )  # fmt: skip
    yield Program(name="idle", aspects=("idle-accepts",), commands=(start("before"), do("until-ended", "before"), insist("alone", "refuse"), do("until-ended", "alone"), insist("text", "refuse-text"), do("until-ended", "text"), insist("absent", "absent"), do("until-ended", "absent")))  # fmt: skip
    steps = [start(f"s{number}", "step") for number in range(4)]
    yield Program(
        name="order",
        aspects=("fifo", "one-running"),
        commands=(
            start("long", "long"),
            do("until-running", "long"),
            *steps,
            do("look"),
            do("cancel", "long"),
            do("watch"),
        ),
    )
    yield Program(
        name="order-after-cancel", aspects=("fifo-after-cancel", "one-running", "cancelled-never-runs"),
        commands=(start("long", "long"), do("until-running", "long"), *steps, do("look", "s1"), do("cancel", "s1"), do("until-ended", "s1"), do("look"), do("cancel", "long"), do("watch"), do("look", "s1")),
    )  # fmt: skip
    yield Program(
        name="order-with-dependents", aspects=("fifo-with-dependents", "one-running"),
        commands=(
            start("long", "long"), do("until-running", "long"), start("a", "step"), start("b", "step", after=("a",)),
            start("c", "step"), start("d", "step", after=("b", "a")), do("look"), do("cancel", "long"), do("watch"),
        ),
    )  # fmt: skip


def dependency_programs(capacity: int | None) -> Iterator[Program]:
    """The scripted portfolio of dependencies: that succeed, that fail, and that are linked in other ways."""
    yield from _success_programs()
    yield from _failure_programs()
    yield from _graph_programs(capacity)


def _success_programs() -> Iterator[Program]:
    yield Program(
        name="waits", aspects=("waits", "success-runs"),
        commands=(start("a", "long"), do("until-running", "a"), start("b", after=("a",)), do("look"), do("look"), do("cancel", "a"), do("watch")),
    )  # fmt: skip
    yield Program(
        name="success", aspects=("success-runs", "several", "repeated"),
        commands=(
            start("a", "step"), start("b", "step"), start("one", after=("a",)), start("both", after=("a", "b")), start("back", after=("b", "a")),
            start("twice", after=("a", "a")), start("last"), do("watch"),
        ),
    )  # fmt: skip
    yield Program(
        name="finished",
        aspects=("finished",),
        commands=(
            start("a"),
            do("until-ended", "a"),
            start("hold", "step"),
            start("b", after=("a",)),
            start("last"),
            do("watch"),
        ),
    )

    yield Program(
        name="unqueued",
        aspects=("unqueued",),
        commands=(start("a"), do("until-ended", "a"), start("b", "good", "refuse", ("a",)), do("watch")),
    )


def _failure_programs() -> Iterator[Program]:
    yield Program(
        name="failure", aspects=("failure-direct", "unmet-status", "several-one-fails"),
        commands=(
            start("hold", "step"), start("bad", "bad"), start("good", "good"), start("worse", "bad"), start("direct", after=("bad",)),
            start("mixed", after=("good", "bad")), start("mixed-back", after=("bad", "good")),
            start("mixed-late", after=("good", "worse")), start("free", after=("good",)), do("watch"),
        ),
    )  # fmt: skip
    yield Program(
        name="failed-before",
        aspects=("failed-before",),
        commands=(start("bad", "bad"), do("until-ended", "bad"), start("late", after=("bad",)), do("watch")),
    )
    yield Program(
        name="cancelled", aspects=("cancelled-dependency", "unmet-status"),
        commands=(
            start("long", "long"), do("until-running", "long"), start("a"), start("b", after=("a",)), do("cancel", "a"),
            do("cancel", "long"), do("watch"),
        ),
    )  # fmt: skip


def _graph_programs(capacity: int | None) -> Iterator[Program]:
    depth = 6
    chain = [start("c0", "bad")] + [start(f"c{n}", after=(f"c{n - 1}",)) for n in range(1, depth)]
    yield Program(
        name="chain",
        aspects=("cascade", "unmet-status"),
        commands=(start("hold", "step"), *chain, start("last"), do("watch")),
    )
    good = [start("g0", "good")] + [start(f"g{n}", after=(f"g{n - 1}",)) for n in range(1, depth)]
    yield Program(
        name="good-chain",
        aspects=("success-runs", "fifo-with-dependents"),
        commands=(start("hold", "step"), *good, do("watch")),
    )
    yield Program(
        name="diamond", aspects=("cascade", "several-one-fails", "success-runs"),
        commands=(
            start("hold", "step"), start("top", "good"), start("left", "bad", after=("top",)), start("right", after=("top",)),
            start("bottom", after=("left", "right")), start("beside", after=("right",)), do("watch"),
        ),
    )  # fmt: skip
    width = (capacity or 20) - 1  # with the root, as many as may wait
    fan = [start(f"f{n}", after=("root",)) for n in range(width)]
    yield Program(
        name="fan",
        aspects=("failure-direct", "unmet-status"),
        commands=(
            start("long", "long"),
            do("until-running", "long"),
            start("root", "bad"),
            *fan,
            do("cancel", "long"),
            do("watch"),
        ),
    )
    yield Program(
        name="unknown", aspects=("unknown-dependency",), commands=(start("nobody", after=("no-such-job",)), do("watch"))
    )

"""A tiny queue whose clock is a number, correct or with one fault, and clients that talk to it through windows of time."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from tests.conformance.queue.book import REFUSED, THROTTLED, Book

OVER = ("succeeded", "failed", "cancelled", "unmet", "invalid", "conflicts", "errors")
CAPACITY = 3


@dataclass(slots=True, kw_only=True, eq=False)
class Job:
    """A job of the queue; ``left`` is how long it will run."""

    name: str
    left: int = 0
    fails: bool = False
    after: tuple[Job | None, ...] = ()
    status: str = "waiting"
    foreign: bool = False
    cancelled: bool = False


@dataclass(slots=True, kw_only=True)
class Queue:
    """The queue. What the documents leave open is drawn once a queue, so that many conforming ones are met."""

    dice: random.Random
    fault: str | None = None
    waiting: list[Job] = field(default_factory=list)
    running: list[Job] = field(default_factory=list)
    starts: int = 0
    counts_running: bool = field(init=False)
    refuses_failed: bool = field(init=False)
    cascade: str = field(init=False)
    late: bool = field(init=False)

    def __post_init__(self) -> None:
        self.counts_running = self.fault is None and self.dice.random() < 0.3
        self.refuses_failed = self.dice.random() < 0.3
        self.cascade = self.dice.choice(("unmet", "unmet", "cancelled", "errors"))
        self.late = self.fault is None and self.dice.random() < 0.2

    def start(self, job: Job, *, queued: bool) -> bool:
        places = {"one more": CAPACITY + 1, "two fewer": CAPACITY - 2}.get(self.fault or "", CAPACITY)
        if queued and len(self.waiting) + (len(self.running) if self.counts_running else 0) >= places:
            return False
        idle = not self.waiting and not self.running and self.fault != "always busy"
        if not queued and not idle and self.fault != "lets in":
            return False
        if any(each is None for each in job.after):
            return False
        if any(each is not None and each.status in OVER and each.status != "succeeded" for each in job.after):
            if self.refuses_failed:
                return False
            if not self._careless(job):
                self._end(job, "unmet")
                return True
        self.waiting.append(job)
        if self.fault == "starts at once" and job.after:
            job.status = "running"
        self.promote()
        return True

    def cancel(self, job: Job) -> bool:
        if job.status in OVER:
            return False
        if job.cancelled:
            return True
        if job in self.waiting:
            if self.fault != "cancel ignored":
                self.waiting.remove(job)
                self._end(job, "cancelled")
        else:
            # The slot is free at once, while the status lags behind.
            job.cancelled = True
            if self.dice.random() < 0.5:
                job.status = "cancelled"
            self.running.remove(job)
            self._fell(job)
            self.promote()
        return True

    def tick(self) -> None:
        for job in list(self.running):
            job.left -= 1
            if job.left < 0:
                self._finish(job)
        if self.late and self.waiting and self.dice.random() < 0.1:
            job = self.dice.choice(self.waiting)
            self.waiting.remove(job)
            self._end(job, "invalid")
        self.promote()

    def promote(self) -> None:
        while self.waiting and len(self.running) < (2 if self.fault == "two at once" else 1):
            job = self._next()
            self.waiting.remove(job)
            spoiled = self.fault == "success fails" and bool(job.after)
            if spoiled or (
                not self._careless(job) and any(each is not None and each.status != "succeeded" for each in job.after)
            ):
                self._end(job, "unmet")
                continue
            job.status = self.dice.choice(("running", "due"))
            self.running.append(job)
            if job.left == 0:
                self._finish(job)

    def seen(self, job: Job) -> str:
        if job.status == "due":
            job.status = "running"
            return "due"
        if job.cancelled and self.dice.random() < 0.5:
            job.status = "cancelled"
        return job.status

    def _next(self) -> Job:
        self.starts += 1
        several = len(self.waiting) > 1
        if self.fault == "last first":
            return self.waiting[-1]
        return (
            self.waiting[1]
            if self.fault == "sometimes second" and several and self.starts % 3 == 0
            else self.waiting[0]
        )

    def _careless(self, job: Job) -> bool:
        return self.fault == "failure ignored" or (
            self.fault == "one level"
            and all(each is None or each.status in {"unmet", "succeeded"} for each in job.after)
        )

    def _finish(self, job: Job) -> None:
        self.running.remove(job)
        self._end(job, self.dice.choice(("failed", "conflicts")) if job.fails else "succeeded")
        self.promote()

    def _end(self, job: Job, status: str) -> None:
        if status == "unmet" and self.fault == "wrong status":
            status = "failed"
        elif status == "unmet" and any(
            each is not None and each.status in {"unmet", self.cascade} and each.after for each in job.after
        ):
            status = self.cascade
        job.status = status
        if status != "succeeded":
            self._fell(job)

    def _fell(self, job: Job) -> None:
        for each in [other for other in self.waiting if job in other.after]:
            if each in self.waiting and not self._careless(each):
                self.waiting.remove(each)
                self._end(each, "unmet")


@dataclass(slots=True, kw_only=True)
class Conversation:
    """Clients that talk to a queue; what they see of it becomes a history."""

    dice: random.Random
    queue: Queue
    book: Book
    jobs: list[Job] = field(default_factory=list)
    known: dict[str, float] = field(default_factory=dict)
    now: float = 0.0
    width: float = 0.0

    def hold(self) -> None:
        """The beginning of most programs: a job that runs long."""
        self._start(Job(name="long", left=self.dice.randint(5, 60)), queued=True)
        for job in self.jobs:
            self._look(job)

    def begin(self) -> None:
        """The first of many jobs."""
        self._start(Job(name="first", left=self.dice.choice((0, 3))), queued=self.dice.random() < 0.5)

    def step(self) -> None:
        dice = self.dice
        for _ in range(dice.choice((0, 0, 0, 1, 3))):
            self.queue.tick()
        kind = dice.random()
        if kind < 0.45:
            after: tuple[Job | None, ...] = tuple(
                dice.sample(self.jobs, min(len(self.jobs), dice.choice((0, 0, 0, 1, 1, 2))))
            )
            if dice.random() < 0.1:
                after = (*after, *after[:1])
            if dice.random() < 0.03:
                after = (*after, None)
            job = Job(
                name=f"j{len(self.known)}", left=dice.choice((0, 0, 1, 4)), fails=dice.random() < 0.2, after=after
            )
            self._start(job, queued=dice.random() < 0.85)
        elif kind < 0.5 and self.jobs:
            self._cancel(dice.choice(self.jobs))
        elif kind < 0.55 and not self.book.exclusive:
            self.queue.start(Job(name="foreign", left=dice.choice((0, 2, 5)), foreign=True), queued=True)
        elif self.jobs:
            for job in dice.choice((list(reversed(self.jobs)), [dice.choice(self.jobs)], [dice.choice(self.jobs)])):
                self._look(job)

    def finish(self) -> None:
        """The end of every program: looks at all, and later once more."""
        for _ in range(2):
            for job in reversed(self.jobs):
                self._look(job)
            for _ in range(self.dice.choice((3, 40))):
                self.queue.tick()

    def _span(self, *jobs: Job | None) -> tuple[float, float]:
        """The window of a call whose effect is now; it begins when all that it names are known."""
        dice = self.dice
        least = max((self.known[job.name] for job in jobs if job is not None), default=0.0)
        self.now = max(self.now + 0.1, least)
        return max(least, self.now - dice.random() * self.width), self.now + 0.01 + dice.random() * self.width

    def _start(self, job: Job, *, queued: bool) -> None:
        span = self._span(*job.after)
        named = tuple("nobody" if each is None else each.name for each in job.after)
        self.known[job.name] = span[1]
        if self.dice.random() < 0.03:
            self.book.start(job.name, queued, named, answer=THROTTLED, span=span, work="same")
            return
        accepted = self.queue.start(job, queued=queued)
        lost = self.dice.random() < 0.03
        self.book.start(
            job.name, queued, named, answer=None if lost else (200, "") if accepted else REFUSED, span=span, work="same"
        )
        if accepted and not lost:
            self.jobs.append(job)

    def _cancel(self, job: Job) -> None:
        span = self._span(job)
        # Nothing happens at a later moment than that of the call, so it is carried out before the window is known to others.
        accepted = self.queue.cancel(job)
        self.book.cancel(job.name, answer=(200, "") if accepted else (404, "BulkLoadIdNotFoundException"), span=span)

    def _look(self, job: Job) -> None:
        if self.dice.random() < 0.2:
            self.queue.tick()
        span = self._span(job)
        self.book.look(job.name, None if self.dice.random() < 0.03 else self.queue.seen(job), span=span)


def history(seed: int, fault: str | None = None) -> Book:
    """Give the history of a random conversation with a random queue."""
    dice = random.Random(seed)  # noqa: S311 - not for secrets
    book = Book(program="random", capacity=CAPACITY, exclusive=dice.random() < 0.8)
    talk = Conversation(
        dice=dice, queue=Queue(dice=dice, fault=fault), book=book, width=dice.choice((0.0, 0.0, 0.2, 1.0))
    )
    if dice.random() < 0.8:
        talk.hold()
    talk.begin()
    for _ in range(dice.randint(1, 24)):
        talk.step()
    talk.finish()
    return book.in_order()

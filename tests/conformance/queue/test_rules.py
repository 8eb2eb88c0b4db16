"""Every rule of the queue accepts what any documented reading permits, and rejects what none does."""

from __future__ import annotations

import pytest

from conformance import Verdict
from tests.conformance.queue.book import BROKEN, REFUSED, THROTTLED, Book, held

NOT_FOUND = (404, "BulkLoadIdNotFoundException")


def filled(waiting: int, **settings: object) -> Book:
    """Give a history of a running job and so many that wait."""
    book = held(capacity=3, **settings)
    for number in range(waiting):
        book.start(f"q{number}")
    return book


def ended(book: Book, waiting: int) -> Book:
    """Show the slot held to the last, and all that waited cancelled by us, which they can only be while active."""
    book.look("long", "running")
    for number in reversed(range(waiting)):
        book.cancel(f"q{number}").look(f"q{number}", "cancelled")
    return book


BROKEN_HISTORIES = {
    "a later job runs, an earlier one waits": (
        "fifo",
        held().start("a").start("b").look("b", "running").look("a", "waiting"),
    ),
    "a later job is over, an earlier one waits": (
        "fifo",
        held().start("a").start("b").look("b", "succeeded").look("a", "waiting"),
    ),
    "passed over, with its dependency completed": (
        "held-back",
        Book()
        .start("a")
        .start("b", after=("a",))
        .start("c")
        .look("a", "succeeded")
        .look("c", "running")
        .look("b", "waiting"),
    ),
    "passed over, with its dependency failed": (
        "held-back",
        Book()
        .start("a")
        .start("b", after=("a",))
        .start("c")
        .look("a", "failed")
        .look("c", "running")
        .look("b", "waiting"),
    ),
    "one runs between two looks at another": (
        "one-at-a-time",
        Book().start("a").start("b").look("a", "running").look("b", "running").look("a", "running"),
    ),
    "three run at once, of two that may": (
        "one-at-a-time",
        Book(running=2)
        .start("a")
        .start("b")
        .start("c")
        .look("a", "running")
        .look("b", "running")
        .look("c", "running")
        .look("b", "running")
        .look("a", "running"),
    ),
    "one more than may wait, behind two that run": (
        "capacity-exceeded",
        Book(running=2, capacity=1)
        .start("a")
        .start("b")
        .look("a", "running")
        .look("b", "running")
        .start("c")
        .start("d")
        .look("a", "running")
        .look("b", "running")
        .look("d", "succeeded")
        .look("c", "succeeded"),
    ),
    "one more than may wait": ("capacity-exceeded", ended(filled(4), 4)),
    "refused with one waiting": ("refused-below-capacity", filled(1).start("x", answer=REFUSED)),
    "refused with two waiting where three did": (
        "refused-below-capacity",
        ended(
            filled(3)
            .look("long", "running")
            .cancel("q2")
            .look("q2", "cancelled")
            .start("x", answer=REFUSED)
            .look("long", "running"),
            2,
        ),
    ),
    "let in unqueued": ("accepted-while-busy", held().start("x", queued=False).look("long", "running")),
    "let in without a word": ("accepted-while-busy", held().start("x", queued=None).look("long", "running")),
    "refused while nothing runs": (
        "refused-while-idle",
        Book().start("a").look("a", "succeeded").start("b", queued=False, answer=REFUSED),
    ),
    "cancelled, and then runs": (
        "started-after-cancel",
        held().start("a").cancel("a").look("a", "cancelled").look("a", "running"),
    ),
    "cancelled while it waited, and completed": (
        "started-after-cancel",
        held().start("a").cancel("a").look("a", "waiting").look("long", "running").look("a", "succeeded"),
    ),
    "runs while its dependency waits": (
        "started-before-dependency",
        held().start("a").start("b", after=("a",)).look("b", "running").look("a", "waiting"),
    ),
    "runs though its dependency failed": (
        "success-without-dependency",
        Book().start("a").start("b", after=("a",)).look("a", "failed").look("b", "running"),
    ),
    "completes though its dependency was not met": (
        "success-without-dependency",
        Book().start("a").start("b", after=("a",)).look("a", "unmet").look("b", "succeeded"),
    ),
    "runs though nobody has its dependency": (
        "success-without-dependency",
        Book().start("b", after=("nobody",)).look("b", "running"),
    ),
    "fails for a dependency that completed": (
        "failed-for-no-reason",
        Book().start("a").start("b", after=("a",)).look("a", "succeeded").look("b", "unmet"),
    ),
    "refused for a dependency that has completed": (
        "failed-for-no-reason",
        Book().start("a").look("a", "succeeded").start("b", after=("a",), answer=NOT_FOUND),
    ),
    "not met, and shown as failed": (
        "not-cascaded",
        Book().start("a").start("b", after=("a",)).look("a", "failed").look("b", "failed"),
    ),
    "not met, and shown as cancelled": (
        "not-cascaded",
        Book().start("a").start("b", after=("a",)).look("a", "failed").look("b", "cancelled"),
    ),
}


@pytest.mark.parametrize("name", BROKEN_HISTORIES)
def test_rule_rejects(name: str) -> None:
    rule, book = BROKEN_HISTORIES[name]
    breaches = book.breaches(rule)
    assert breaches
    assert all(1 <= len(breach.calls) <= 3 for breach in breaches)


KEPT_HISTORIES = {
    "looks overlap": held().start("a").start("b").look("b", "running", (5, 7)).look("a", "waiting", (6, 8)),
    "looks at two running jobs overlap": (
        Book()
        .start("a")
        .start("b")
        .look("a", "running", (2, 4))
        .look("b", "running", (3, 5))
        .look("a", "running", (4.5, 6))
    ),
    "two run at once, as two may": (
        Book(running=2).start("a").start("b").look("a", "running").look("b", "running").look("a", "running")
    ),
    "one runs after the other, seen once each": Book().start("a").start("b").look("a", "running").look("b", "running"),
    "from waiting to completed without being seen running": (
        held()
        .start("a")
        .start("b")
        .look("a", "waiting")
        .look("long", "succeeded")
        .look("a", "succeeded")
        .look("b", "succeeded")
    ),
    "all end at once": Book().start("a").start("b", after=("a",)).look("b", "succeeded").look("a", "succeeded"),
    "an earlier job that was being cancelled still waits": (
        held().start("a").start("b").cancel("a").look("b", "running").look("a", "waiting")
    ),
    "a job that is being cancelled still shows as running": (
        Book().start("a").start("b").look("a", "running").cancel("a").look("b", "running").look("a", "running")
    ),
    "a job that ended with write conflicts goes on saying so": (
        Book().start("a").start("b").look("a", "conflicts").look("b", "running").look("a", "conflicts")
    ),
    "a later job was found invalid while it waited": held()
    .start("a")
    .start("b")
    .look("b", "invalid")
    .look("a", "waiting"),
    "a later job fell with another, an earlier one waits": (
        held()
        .start("a")
        .start("x", work="bad")
        .start("y", after=("x",))
        .start("z", after=("y",))
        .look("z", "errors")
        .look("a", "waiting")
    ),
    "starts that overlap have no order": (
        Book().start("a", span=(0, 5)).start("b", span=(1, 4)).look("b", "running", (6, 7)).look("a", "waiting", (7, 8))
    ),
    "as many as may, all wait": ended(filled(3), 3),
    "one more than may, but one may have failed unseen": filled(4).look("long", "running").look("q0", "failed"),
    "one more than may, but the slot may have been free": filled(4).look("long", "succeeded"),
    "one more than may, but the cancel of one may have come first": ended(
        filled(3).cancel("q1", answer=None).start("q3"), 4
    ),
    "refused with all places but the running one's taken": ended(filled(2).start("q2", answer=REFUSED), 2),
    "refused, and others use the queue": filled(0, exclusive=False).start("q0").start("x", answer=REFUSED),
    "refused, but a request without an answer may have taken the place": (
        filled(1).start("lost", answer=None).start("lost2", answer=BROKEN).start("x", answer=REFUSED)
    ),
    "refused for something else": filled(1).start("x", answer=(400, "S3Exception")),
    "refused, but such a request was never accepted": filled(0).start("x", work="other", answer=REFUSED),
    "put off": filled(1).start("x", answer=THROTTLED),
    "unqueued, when the slot may have been free": held().start("x", queued=False).look("long", "succeeded"),
    "unqueued, let in and refused late": held().start("x", queued=False).look("long", "running").look("x", "invalid"),
    "unqueued, refused with an open request": (
        Book().start("a").look("a", "succeeded").start("lost", answer=None).start("b", queued=False, answer=REFUSED)
    ),
    "unqueued, refused where others are": (
        Book(exclusive=False).start("a").look("a", "succeeded").start("b", queued=False, answer=REFUSED)
    ),
    "cancelled too late": held().start("a").look("a", "running").cancel("a").look("a", "succeeded"),
    "cancel refused": held()
    .start("a")
    .cancel("a", answer=NOT_FOUND)
    .look("a", "waiting")
    .look("long", "running")
    .look("a", "succeeded"),
    "a dependent of a failed job refused": (
        Book().start("a").look("a", "failed").start("b", after=("a",), answer=REFUSED)
    ),
    "an unknown dependency refused": Book().start("b", after=("nobody",), answer=NOT_FOUND),
    "an unknown dependency not met": Book().start("b", after=("nobody",)).look("b", "unmet"),
    "refused with a completed dependency, but others fill the queue": (
        Book(exclusive=False).start("a").look("a", "succeeded").start("b", after=("a",), answer=REFUSED)
    ),
    "indirectly not met, shown as cancelled": (
        Book()
        .start("a")
        .start("b", after=("a",))
        .start("c", after=("b",))
        .look("a", "failed")
        .look("b", "unmet")
        .look("c", "cancelled")
    ),
    "indirectly not met, shown as cancelled for errors": (
        Book().start("a").start("b", after=("a",)).start("c", after=("b",)).look("b", "errors").look("c", "errors")
    ),
    "its own request was not valid": Book()
    .start("a")
    .start("b", after=("a",))
    .look("a", "failed")
    .look("b", "invalid"),
    "looks without an answer": held().start("a").look("a", None).look("a", "no such status").look("long", "succeeded"),
}


@pytest.mark.parametrize("name", KEPT_HISTORIES)
def test_no_rule_accuses(name: str) -> None:
    assert KEPT_HISTORIES[name].broken() == set()


def test_a_target_that_counts_the_running_job_passes_with_that_reading() -> None:
    book = filled(2, program="fill").start("q2", answer=REFUSED)
    finding = ended(book, 2).finding("capacity")
    assert finding.verdict is Verdict.PASS
    assert finding.reading == "the running job takes one of the places"


def test_a_target_that_does_not_count_the_running_job_passes_with_that_reading() -> None:
    book = filled(3, program="fill").start("q3", answer=REFUSED)
    finding = ended(book, 3).finding("capacity")
    assert finding.verdict is Verdict.PASS
    assert finding.reading == "the running job takes none of the places"


def test_a_queue_that_was_never_full_shows_no_reading() -> None:
    assert ended(filled(2, program="fill"), 2).finding("capacity").reading is None


def test_a_place_is_given_back_only_if_the_request_took_the_last_one() -> None:
    full = filled(3, program="fill").start("over", answer=REFUSED)
    full.cancel("q1").look("q1", "cancelled").start("again").look("long", "running").look("again", "waiting")
    full.look("q2", "waiting").look("q0", "waiting").look("long", "running")
    assert full.finding("returned-by-cancel").verdict is Verdict.PASS
    let_go = filled(3, program="fill").start("over", answer=REFUSED)
    let_go.cancel("q1").look("q1", "cancelled").start("again").look("long", "succeeded").look("again", "succeeded")
    assert let_go.finding("returned-by-cancel").verdict is Verdict.INCONCLUSIVE


def test_jobs_that_end_too_quickly_leave_the_capacity_open() -> None:
    book = Book(program="fill", capacity=3)
    for number in range(5):
        book.start(f"q{number}").look(f"q{number}", "succeeded")
    assert book.finding("capacity").verdict is Verdict.INCONCLUSIVE


def test_programs_that_were_not_carried_out_are_vacuous() -> None:
    assert Book(program="order").start("a").finding("capacity").verdict is Verdict.VACUOUS

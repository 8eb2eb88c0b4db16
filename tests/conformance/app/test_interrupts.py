"""When an interrupt is raised, and when it only counts."""

from __future__ import annotations

import pytest

from conformance.app.interrupts import Interrupts


def test_the_first_is_raised_and_the_second_hurries() -> None:
    interrupts = Interrupts()
    with pytest.raises(KeyboardInterrupt):
        interrupts.handle()
    assert not interrupts.hurry()
    interrupts.handle()
    assert interrupts.hurry()


def _answered(interrupts: Interrupts, *, signals: int, answered: list[bool]) -> None:
    with interrupts.sheltered():
        for _ in range(signals):
            interrupts.handle()
        answered.append(True)


def test_a_request_under_way_is_answered_first() -> None:
    interrupts, answered = Interrupts(), list[bool]()
    with pytest.raises(KeyboardInterrupt):
        _answered(interrupts, signals=1, answered=answered)
    assert answered
    with interrupts.sheltered():
        pass


def test_a_request_that_is_never_answered_is_left_by_the_second() -> None:
    interrupts, answered = Interrupts(), list[bool]()
    with pytest.raises(KeyboardInterrupt):
        _answered(interrupts, signals=2, answered=answered)
    assert not answered


def test_once_all_is_driven_nothing_is_raised() -> None:
    interrupts = Interrupts()
    interrupts.over()
    with interrupts.sheltered():
        interrupts.handle()
    interrupts.handle()
    assert interrupts.hurry()

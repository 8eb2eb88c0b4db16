"""How often things are looked at that take their time; the clock is ours, so nothing here takes any."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from conformance import pace
from conformance.pace import Pace


@dataclass(slots=True)
class World:
    """A clock that moves when somebody naps or looks."""

    now: float = 0.0
    looks: int = 0

    def monotonic(self) -> float:
        return self.now

    def nap(self, seconds: float) -> None:
        assert seconds >= 0
        self.now += seconds

    def wait(self, pace: Pace, seconds: float, *, most: float = 60.0) -> tuple[int, float]:
        """Wait for something that takes some seconds; how many looks it took, and how late its end was noticed."""
        began, self.looks = self.now, 0

        def look() -> bool:
            self.looks += 1
            self.now += 0.002
            return self.now - began >= seconds

        assert pace.until("kind", look, seconds=most) == (seconds <= most)
        return self.looks, self.now - began - seconds


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    found = World()
    monkeypatch.setattr(pace, "time", found)
    return found


@pytest.mark.parametrize("seconds", [0.02, 0.2, 2.0, 20.0])
def test_what_was_waited_for_before_is_looked_at_a_few_times_and_noticed_soon(world: World, seconds: float) -> None:
    pace = Pace(nap=world.nap)
    first, _ = world.wait(pace, seconds)
    later = [world.wait(pace, seconds) for _ in range(10)]
    assert first <= 30
    assert max(looks for looks, _ in later) <= 5
    assert max(late for _, late in later) <= 0.15 * seconds + 0.01


def test_what_ends_at_once_is_looked_at_once(world: World) -> None:
    pace = Pace(nap=world.nap)
    assert [world.wait(pace, 0.001)[0] for _ in range(3)] == [1, 1, 1]


def test_one_long_wait_does_not_make_the_next_ones_long_for_ever(world: World) -> None:
    pace = Pace(nap=world.nap)
    world.wait(pace, 20.0)
    later = [world.wait(pace, 0.2)[1] for _ in range(8)]
    assert later[-1] < 0.1


def test_a_deadline_is_kept(world: World) -> None:
    pace = Pace(nap=world.nap)
    world.wait(pace, 20.0)
    began = world.now
    world.wait(pace, 100.0, most=1.0)
    assert world.now - began < 1.1

"""State set and search for an order agree with the enumeration of all orders, and cores are proofs."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from conformance.evidence.judgement import Answer, Caps
from conformance.evidence.linearizability import linearized
from conformance.evidence.model import overlapping
from conformance.evidence.proof import explained, refuted
from conformance.evidence.state_set import tracked
from tests.conformance.evidence.enumeration import enumerated, together
from tests.conformance.evidence.generation import case, is_open

HISTORIES = 1_000
CAPS = Caps()


@pytest.mark.parametrize("seed", range(4))
def test_both_tiers_agree_with_the_enumeration_of_all_orders(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - a test wants the same histories each time
    seen: Counter[object] = Counter()
    for _ in range(HISTORIES):
        model, events = case(dice)
        whole = together(model, events)
        wanted = Answer.POSSIBLE if enumerated(whole, events) else Answer.IMPOSSIBLE
        assert linearized(whole, events, CAPS).answer is wanted, (model, events)
        assert tracked(whole, events, CAPS).answer is wanted, (model, events)
        assert explained(model, events).answer is wanted, (model, events)
        seen[wanted] += 1
        seen["overlapping"] += overlapping(events)
        seen["open"] += any(map(is_open, events))
    assert min(seen[Answer.POSSIBLE], seen[Answer.IMPOSSIBLE]) > HISTORIES / 10
    assert min(seen["overlapping"], seen["open"]) > HISTORIES / 5


def test_a_core_proves_the_whole_impossible_and_is_small() -> None:
    dice = random.Random(99)  # noqa: S311 - a test wants the same histories each time
    sizes: Counter[int] = Counter()
    while sizes.total() < 200:
        model, events = case(dice, most=5)
        found = refuted(model, events)
        if found is None:
            continue
        known = {event.id for event in events if event.answered is not None}
        assert set(found.core) <= known
        kept = [event if event.id in found.core else event.forgotten() for event in found.events]
        assert not enumerated(model, kept)
        for left_out in found.core:
            assert enumerated(model, [event.forgotten() if event.id == left_out else event for event in kept])
        sizes[len(found.core)] += 1
    assert sum(number for size, number in sizes.items() if size <= 3) >= 0.95 * sizes.total(), sizes


def test_forgetting_answers_never_makes_a_possible_history_impossible() -> None:
    dice = random.Random(7)  # noqa: S311 - a test wants the same histories each time
    for _ in range(500):
        model, events = case(dice)
        if explained(model, events).answer is Answer.POSSIBLE:
            less = [event.forgotten() if dice.random() < 0.4 else event for event in events]
            assert explained(model, less).answer is Answer.POSSIBLE, (model, less)

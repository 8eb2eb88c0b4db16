"""No rule ever accuses a correct queue, whatever it does and whatever is seen of it; faulty ones are accused by the right rule."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conformance.queue.simulator import history

FAULTS = {
    "last first": "fifo",
    "sometimes second": "fifo",
    "two at once": "one-at-a-time",
    "one more": "capacity-exceeded",
    "two fewer": "refused-below-capacity",
    "lets in": "accepted-while-busy",
    "always busy": "refused-while-idle",
    "cancel ignored": "started-after-cancel",
    "starts at once": "started-before-dependency",
    "failure ignored": "success-without-dependency",
    "one level": "success-without-dependency",
    "success fails": "failed-for-no-reason",
    "wrong status": "not-cascaded",
}
SEEDS = st.integers(min_value=0, max_value=2**48)


@settings(max_examples=2000, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(SEEDS)
def test_correct_queue_is_never_accused(seed: int) -> None:
    assert history(seed).broken() == set()


@pytest.mark.parametrize("fault", FAULTS)
def test_faulty_queue_is_accused_by_the_right_rule(fault: str) -> None:
    assert any(FAULTS[fault] in history(seed, fault).broken() for seed in range(600))

"""Times of services, the senseless among them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.moment import moment, spelled


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("1970-01-01T00:00:00Z", 0.0),
        ("1970-01-01t00:00:00z", 0.0),
        ("1970-01-01T00:00:00.250Z", 0.25),
        ("1970-01-01T09:00:00+09:00", 0.0),
        ("1969-12-31T19:00:00-05:00", 0.0),
        ("1970-01-01 00:00:01", 1.0),
        (" 1970-01-01T00:00:01Z\n", 1.0),
        ("1970-01-02", 86400.0),
        ("2023-10-20T13:45:15.000", 1697809515.0),
        ("2025-03-20T08:54:03+09:00", 1742428443.0),
        (7, 7.0),
        (-1.5, -1.5),
        (1_700_000_000_000, 1_700_000_000_000.0),
    ],
)
def test_a_time_is_read(value, seconds):
    assert moment(value) == seconds


@pytest.mark.parametrize(
    "value",
    [
        None, True, False, "", "soon", "2023-13-01", "2023-02-30T00:00:00Z", "1697809515", "T", "-2023-01-01", b"1970",
        [], {}, float("nan"), float("inf"), float("-inf"), 10**309, -(10**4000), "\uff12023-01-01", "2023-01-01T00:00:60Z",
        "\ud800", "9" * 10_000,
    ],
)  # fmt: skip
def test_what_is_no_time_is_none(value):
    assert moment(value) is None


@given(st.one_of(st.text(), st.floats(), st.integers(), st.none(), st.binary(), st.datetimes().map(str)))
def test_a_moment_never_raises_and_can_be_spelled(value):
    found = moment(value)
    assert found is None or isinstance(found, float)
    if found is not None:
        assert moment(spelled(found)) is not None


@given(st.datetimes(timezones=st.just(dt.UTC)))
def test_a_time_is_spelled_and_read_again(time):
    found = moment(spelled(time.timestamp()))
    assert found is not None
    assert abs(found - time.timestamp()) < 1e-4


@pytest.mark.parametrize("value", ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"])
def test_times_at_the_end_of_the_calendar_do_not_break_what_is_near_them(value):
    found = moment(value)
    assert found is not None
    assert spelled(found - 3600).endswith("Z")
    assert spelled(found + 3600).endswith("Z")


def test_a_spelled_time_has_microseconds_and_z():
    assert spelled(0.5) == "1970-01-01T00:00:00.500000Z"

"""Numbers as people read them: two figures, ranges, small counts (standards R4 and R14)."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posada.model.errors import InvalidValueError
from posada.report.numbers import (
    is_indicative,
    number_range,
    people,
    people_range,
    percent,
    round_modelled,
    round_needed,
)

COUNTS = st.floats(min_value=0, max_value=5e6, allow_nan=False)


@pytest.mark.parametrize(
    ("x", "rounded"),
    [
        (0, 0),
        (0.4, 0),
        (0.5, 1),  # halves away from zero, and nothing finer than a person
        (7.2, 7),
        (47.4, 47),
        (99.5, 100),
        (149, 150),
        (1249, 1200),
        (1250, 1300),
        (995, 1000),
        (18_400, 18_000),
        (-1250, -1300),
    ],
)
def test_round_modelled_by_hand(x, rounded):
    assert round_modelled(x) == rounded


@pytest.mark.parametrize(
    ("x", "rounded"),
    [(0, 0), (0.2, 1), (23.2, 24), (60, 60), (60.000000000000007, 60), (101, 110), (24_210, 25_000), (18_000, 18_000)],
)
def test_round_needed_by_hand(x, rounded):
    """What has to be fetched is rounded up, but 60 that only floating point made more than 60 stay 60."""
    assert round_needed(x) == rounded


@given(COUNTS)
def test_rounding_keeps_two_figures_and_its_direction(x):
    near, up = round_modelled(x), round_needed(x)
    for rounded in (near, up):
        assert float(f"{rounded:.1e}") == rounded
    # Half a step of the second figure is at most 5 % of the number; below 10 it is half a person.
    assert abs(near - x) <= max(0.5, 0.05 * x) + 1e-9
    assert up >= x * (1 - 1e-6) - 1e-9


@given(COUNTS, COUNTS)
def test_rounding_keeps_order(x, y):
    low, high = sorted((x, y))
    assert round_modelled(low) <= round_modelled(high)
    assert round_needed(low) <= round_needed(high)


def test_missing_stays_missing():
    assert math.isnan(round_modelled(math.nan))
    assert math.isnan(round_needed(math.nan))


@pytest.mark.parametrize("x", [math.inf, -math.inf])
def test_infinite_counts_are_refused(x):
    with pytest.raises(InvalidValueError, match="inf"):
        round_modelled(x)
    with pytest.raises(InvalidValueError, match="inf"):
        round_needed(x)


def test_negative_needs_are_refused():
    with pytest.raises(InvalidValueError, match="-1"):
        round_needed(-1)


@pytest.mark.parametrize(
    ("low", "middle", "high", "indicative"),
    [
        (600, 800, 1000, False),  # ±200 of 800: 25 %
        (400, 800, 1200, False),  # ±400 of 800: 50 %, not more
        (390, 800, 1210, True),
        (0, 0, 40, True),
        (0, 0, 0, False),
        (math.nan, 800, 900, True),
    ],
)
def test_indicative_by_hand(low, middle, high, indicative):
    assert is_indicative(low, middle, high) is indicative


@pytest.mark.parametrize(
    ("x", "text"), [(0, "0"), (0.3, "0"), (1, "<10"), (9.4, "<10"), (9.5, "10"), (10, "10"), (1234, "1,200")]
)
def test_people_by_hand(x, text):
    assert people(x) == text


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (880, 1310, "880–1,300"),
        (3, 35, "<10–35"),
        (0, 6, "<10"),
        (2, 6, "<10"),
        (0, 46, "0–46"),
        (1190, 1210, "1,200"),
        (0, 0, "0"),
    ],
)
def test_people_range_by_hand(low, high, text):
    assert people_range(low, high) == text


@given(COUNTS, COUNTS)
def test_no_range_shows_a_small_count(x, y):
    """From one to nine people nothing but '<10' is ever written."""
    ends = people_range(*sorted((x, y))).split("–")
    assert not {str(n) for n in range(1, 10)} & set(ends)


def test_number_range():
    assert number_range(1, 2) == "1–2"
    assert number_range(1.1, 1.3) == "1"


@pytest.mark.parametrize(
    ("share", "text"), [(0, "<1%"), (0.004, "<1%"), (0.01, "1%"), (0.934, "93%"), (0.99, "99%"), (1, ">99%")]
)
def test_percent_is_never_certain(share, text):
    assert percent(share) == text


@pytest.mark.parametrize("share", [-0.1, 1.1, math.nan])
def test_percent_refuses_what_is_no_chance(share):
    with pytest.raises(InvalidValueError):
        percent(share)

"""What a reported figure says, and several that contradict: every case worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posada.forecast.readings import Reading, combine, read_figure, weighted_median
from posada.model.start import Range
from tests.forecast.runs import report


def read(role="reporter", weight=0.6, **figure) -> Reading:
    return read_figure(report("r", 1, "headcount", speaker_role=role, **figure), weight)


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        ({"value": 1000}, (900, 1000, 1100)),  # about: 10 % to either side
        ({"value": 1000, "value_low": 1000}, (1000, 1000, 1250)),  # at least
        ({"value_low": 1000}, (1000, 1000, 1250)),
        ({"value": 1000, "value_high": 1000}, (800, 1000, 1000)),  # up to: 1000 / 1.25
        ({"value_low": 800, "value_high": 1000}, (800, 900, 1000)),  # a range: its middle
        ({"value_low": 800, "value": 850, "value_high": 1000}, (800, 850, 1000)),
        ({"value": 1000, "value_low": 700}, (700, 1000, 1100)),
        ({"value": 0}, (0, 0, 0)),  # nobody is a count, not a missing one
    ],
)
def test_one_figure(figure, expected):
    reading = read(**figure)
    assert (reading.low, reading.middle, reading.high) == pytest.approx(expected)


def test_no_figure_is_not_zero():
    assert read() is None


def test_counts_that_contradict_widen_the_range():
    """4,000 and 1,000 of equal weight: from 900 to 4,400; the middle of both, for want of a better."""
    assert combine([read(value=4000), read(value=1000)]) == Range(900, 2500, 4400)


def test_the_more_reliable_source_holds_the_middle():
    """Weights 0.9 and 0.3: half of the weight is reached within the first."""
    assert combine([read(value=1000, weight=0.9), read(value=4000, weight=0.3)]) == Range(900, 1000, 4400)


def test_an_organiser_beside_a_count_only_raises_the_upper_end():
    """Count 1,000 gives 900 to 1,100; the organiser's 1,700 is a ceiling and nothing else."""
    assert combine([read(value=1000), read("organiser", value=1700)]) == Range(900, 1000, 1700)


def test_a_small_figure_of_an_organiser_changes_nothing():
    assert combine([read(value=1000), read("organiser", value=700)]) == Range(900, 1000, 1100)


def test_an_organiser_alone_is_divided():
    """2,600 / 2.6 = 1,000; 2,600 / 1.7 = 1,529.4; and at most what was said."""
    assert combine([read("organiser", value=2600)]) == Range(1000, 1529, 2600)


def test_of_nothing_nothing():
    assert combine([]) is None


def test_sources_without_weight_count_alike():
    assert combine([read(value=100, weight=0), read(value=300, weight=0)]) == Range(90, 200, 330)


ROWS = st.lists(
    st.builds(
        lambda middle, weight, organiser: Reading(middle * 0.9, middle, middle * 1.1, weight, organiser),
        st.floats(0, 10_000),
        st.floats(0, 1),
        st.booleans(),
    ),
    min_size=1,
    max_size=8,
)


@given(ROWS)
def test_a_range_is_in_order_whatever_was_said(rows):
    found = combine(rows)
    assert 0 <= found.low <= found.likely <= found.high


@given(ROWS)
def test_the_median_is_within_what_was_said_and_does_not_mind_the_order(rows):
    found = weighted_median(rows)
    assert min(row.middle for row in rows) <= found <= max(row.middle for row in rows)
    assert weighted_median(rows[::-1]) == found


def test_readings_with_one_middle_weigh_together():
    """Half lies on 1 and half on 3, whichever of the two readings of 1 is heard first."""
    rows = [Reading(low, low, low, weight, False) for low, weight in ((3.0, 0.5), (1.0, 0.5), (1.0, 1e-80), (2.0, 0.0))]
    assert weighted_median(rows) == weighted_median(rows[::-1]) == 2.0

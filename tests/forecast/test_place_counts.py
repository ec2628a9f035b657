"""What happened in each place, counted in one go: by hand, against NumPy, and on any number of threads."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from posada.forecast import place_counts
from posada.forecast.place_counts import count_places
from posada.model.forecast_file import FILE_LEVELS
from posada.model.outlook import LEVELS
from tests.forecast.runs import PLACES, run, scenario

BIRCH = PLACES.index("birch")
FIELDS = ("people", "arrived", "short", "peak", "worst_short", "peak_day", "first_day")


def test_a_place_by_hand():
    """Birch in three members: 0 5 7 7, 0 0 0 0 and 4 0 4 0 people; 2 places short at most in the first."""
    people, short = np.zeros((3, 4, 3), np.int32), np.zeros((3, 4, 3), np.int32)
    people[0, :, BIRCH], people[2, :, BIRCH] = [0, 5, 7, 7], [4, 0, 4, 0]
    short[0, :, BIRCH] = [0, 1, 2, 1]
    found = count_places(run(scenario(), members=3, days=4, people=people, places_short=short))
    assert found.peak[BIRCH].tolist() == [7, 0, 4]
    assert found.peak_day[BIRCH].tolist() == [2, 0, 0]
    assert found.first_day[BIRCH].tolist() == [1, 0, 0]
    assert found.worst_short[BIRCH].tolist() == [2, 0, 0]
    # Of 0, 4 and 7 on day 2 the level 0.75 is halfway from the second to the third.
    assert found.bands(found.people, BIRCH)[LEVELS.index(0.75)].tolist() == [2, 2.5, 5.5, 3.5]
    assert not found.bands(found.people, BIRCH).flags.writeable
    assert not found.people[PLACES.index("alder")].any()


@given(counts=arrays(np.int32, (7, 5, 3), elements=st.integers(0, 2000)))
def test_quantiles_are_those_of_numpy(counts):
    found = count_places(
        run(scenario(), members=7, days=5, people=counts, arrived=counts[:, ::-1], places_short=counts)
    )
    expected = np.quantile(counts, FILE_LEVELS, axis=0)  # (levels, days, places)
    np.testing.assert_allclose(found.people, expected.transpose(2, 0, 1), atol=1e-6)
    np.testing.assert_allclose(found.arrived, expected.transpose(2, 0, 1)[:, :, ::-1], atol=1e-6)
    np.testing.assert_array_equal(found.short, found.people)


@pytest.mark.parametrize("cells", [1, 50, 2**21])
def test_the_same_in_any_blocks_on_any_number_of_threads(cells, monkeypatch):
    counts = np.random.default_rng(3).integers(0, 50, (10, 4, 3)).astype(np.int32)
    whole = run(scenario(), members=10, days=4, people=counts, arrived=counts, places_short=counts)
    expected = count_places(whole)
    monkeypatch.setattr(place_counts, "_BLOCK_CELLS", cells)
    found = count_places(whole, workers=3)
    for name in FIELDS:
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))

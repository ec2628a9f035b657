"""Naive forecasts by hand: three camps, four days, nobody registered on the first of them."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from hypothesis import given

from posada.forecast.baselines import (
    BASELINES,
    by_capacity,
    evenly,
    first_registrations,
    last_shares,
    last_value,
    shares_of_day,
    stay_put,
)
from tests.displaced_strategies import camp_counts

N = np.nan
REGISTERED = np.array([[0, 0, 0], [30, 10, 0], [60, 20, 40], [100, 50, 50]])
CAPACITIES = np.array([60.0, 30.0, 10.0])
BY_HAND = [
    (partial(stay_put, after=0), [[N, N, N], [N, N, N], [30, 10, 0], [30, 10, 0]]),
    (partial(stay_put, after=1), [[N, N, N], [N, N, N], [N, N, N], [60, 20, 40]]),
    (partial(shares_of_day, after=0), [[N, N, N], [N, N, N], [90, 30, 0], [150, 50, 0]]),
    (partial(shares_of_day, after=1), [[N, N, N], [N, N, N], [N, N, N], [100, 200 / 6, 200 / 3]]),
    (evenly, [[0, 0, 0], [40 / 3] * 3, [40, 40, 40], [200 / 3] * 3]),
    (by_capacity, [[0, 0, 0], [24, 12, 4], [72, 36, 12], [120, 60, 20]]),
    (last_value, [[N, N, N], [0, 0, 0], [30, 10, 0], [60, 20, 40]]),
    (last_shares, [[N, N, N], [N, N, N], [90, 30, 0], [100, 200 / 6, 200 / 3]]),
]


@pytest.mark.parametrize(("make", "expected"), BY_HAND, ids=[str(number) for number in range(len(BY_HAND))])
def test_by_hand(make, expected):
    np.testing.assert_allclose(make(REGISTERED, CAPACITIES), expected)


def test_not_defined_without_what_it_is_made_of():
    """Days after the last one, a capacity that is not known, nobody ever registered."""
    assert np.isnan(shares_of_day(REGISTERED, CAPACITIES, after=30)).all()
    assert np.isnan(by_capacity(REGISTERED, np.array([60.0, N, 10.0]))).all()
    nobody = np.zeros_like(REGISTERED)
    assert first_registrations(nobody) is None
    assert np.isnan(stay_put(nobody, CAPACITIES, after=0)).all()


@given(camp_counts())
def test_whoever_knows_the_total_spreads_all_of_it(counts):
    """All of them but two, which know no total of the day."""
    _, registered = counts
    capacities = np.arange(1.0, registered.shape[1] + 1)
    for baseline in BASELINES:
        made = baseline.make(registered, capacities).sum(axis=1)
        if baseline.name not in ("stay put", "last value"):
            defined = ~np.isnan(made)
            np.testing.assert_allclose(made[defined], registered.sum(axis=1)[defined])

"""Quantiles over members: by hand, and against numpy's own."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from posada.forecast.quantiles import band, quantiles
from posada.model.outlook import LEVELS

COUNTS = arrays(np.int32, st.tuples(st.integers(1, 4), st.integers(1, 60)), elements=st.integers(0, 5000))


def test_by_hand():
    """Eleven members 0, 10, … 100: the quantile at q is 100 q, since there are ten steps between them."""
    values = np.arange(0, 101, 10)[::-1]
    assert np.allclose(quantiles(values), [100 * level for level in LEVELS])


def test_between_two_members():
    """Of 0 and 100 alone, 0.1 lies a tenth of the way."""
    assert quantiles(np.array([100, 0]))[LEVELS.index(0.1)] == 10


@given(COUNTS)
def test_equals_numpy(values):
    """The exact partner: numpy's linear quantile, to the last digits of a double."""
    assert np.allclose(quantiles(values), np.quantile(values, LEVELS, axis=-1), rtol=1e-9, atol=1e-6)


@given(COUNTS)
def test_levels_are_in_order_and_within_the_members(values):
    found = quantiles(values)
    assert (np.diff(found, axis=0) >= 0).all()
    assert (found >= values.min(axis=-1)).all()
    assert (found <= values.max(axis=-1)).all()


def test_no_members_give_no_number():
    assert np.isnan(quantiles(np.empty((3, 0)))).all()


def test_a_band_leaves_out_what_is_not_defined():
    """Of four members one has no number and one is not counted: 2 and 4 remain, their middle is 3."""
    found = band(np.array([2.0, math.nan, 4.0, 900.0]), np.array([True, True, True, False]))
    assert found.at(0.5) == 3
    assert found.defined_share == 0.5
    assert not found.values.flags.writeable


def test_a_band_of_nothing_is_nan_not_zero():
    found = band(np.array([math.nan, math.nan]))
    assert math.isnan(found.at(0.5))
    assert found.defined_share == 0

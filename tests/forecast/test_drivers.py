"""Drivers of a number: rank correlation by hand, against scipy's, and what may be chance."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import rankdata, spearmanr

from posada.forecast.drivers import (
    ColumnRanks,
    Drawn,
    drivers,
    mean_ranks,
    noise_level,
    rank_correlations,
    rank_drivers,
)
from posada.model.errors import InvalidValueError
from tests.forecast.runs import in_alder, run, scenario, stays

MEMBERS = 200


def made(members: int = MEMBERS):
    """Arrival in Birch is on day 1 or 2 by the first number; the second falls with it, the third is constant."""
    late = np.arange(members) >= members // 2
    journeys = [[0, 0, 1] if is_late else [0, 1, 1] for is_late in late]
    noise = np.random.default_rng(5).random(members)
    drawn = np.column_stack([np.arange(members), -np.arange(members) * 2.0, np.full(members, 3.0), noise])
    names = ("walk_km_per_day", "lift_share", "covered_m2_per_person", "made_up")
    return run(scenario(), members=members, days=3, at=in_alder(), drawn=drawn, drawn_names=names, **stays(journeys))


def test_by_hand():
    """Ranks 1, 2, 3, 4 against 1, 3, 2, 4: 1 - 6 (0 + 1 + 1 + 0) / (4 (16 - 1)) = 0.8."""
    drawn = np.array([[10.0], [20.0], [30.0], [40.0]])
    assert rank_correlations(drawn, np.array([1.0, 9.0, 4.0, 16.0]))[0] == pytest.approx(0.8)


def test_ranks_with_ties():
    """Two values share the ranks 2 and 3."""
    assert mean_ranks(np.array([5.0, 1.0, 5.0, 9.0])).tolist() == [2.5, 1.0, 2.5, 4.0]


@given(arrays(np.float64, st.tuples(st.integers(3, 40), st.just(2)), elements=st.integers(0, 9)))
def test_equals_scipy(table):
    """The exact partner, with many ties."""
    x, y = table.T
    assert np.array_equal(mean_ranks(x), rankdata(x))
    found = rank_correlations(x[:, None], y)[0]
    if len(set(x)) == 1 or len(set(y)) == 1:
        assert np.isnan(found)
    else:
        assert found == pytest.approx(spearmanr(x, y).statistic, abs=1e-12)


def test_the_strongest_is_first_and_the_constant_is_left_out():
    """A step function of the ranks has the correlation sqrt(3)/2 · n/sqrt(n² - 1), 0.866 for 200 members."""
    found = rank_drivers(made(), "arrival:birch")
    assert [row.name for row in found.rows] == ["walk_km_per_day", "lift_share", "made_up"]
    assert found.rows[0].correlation == pytest.approx(0.866, abs=5e-4)
    assert found.rows[1].correlation == pytest.approx(-0.866, abs=5e-4)
    assert found.members == MEMBERS
    assert found.compared == 3
    assert "walks" in found.rows[0].meaning


def test_what_may_be_chance_is_no_driver():
    assert [row.name for row in drivers(Drawn(made()), "arrival:birch")] == ["walk_km_per_day", "lift_share"]
    assert len(drivers(Drawn(made()), "arrival:birch", top=1)) == 1


def test_the_noise_of_one_number_is_two_over_root_n():
    """1.96 / sqrt(999) = 0.0620; of a hundred numbers the strongest is allowed 3.48 / sqrt(999) = 0.1101."""
    assert noise_level(1000, 1) == pytest.approx(0.0620, abs=1e-4)
    assert noise_level(1000, 100) == pytest.approx(0.1101, abs=1e-4)


def test_unrelated_numbers_stay_below_the_noise():
    """Of 100 ensembles of unrelated numbers about five may exceed it; the seed is fixed, so that it stays so."""
    generator = np.random.default_rng(11)
    exceeded = 0
    for _ in range(100):
        found = rank_correlations(generator.random((200, 50)), generator.random(200))
        exceeded += bool(np.abs(found).max() > noise_level(200, 50))
    assert exceeded <= 12  # five are expected; twelve or more happen once in two hundred times


def test_too_few_members_are_refused_and_give_no_driver():
    with pytest.raises(InvalidValueError, match=r"only 29 of 29 members.*Run more members"):
        rank_drivers(made(29), "arrival:birch")
    assert drivers(Drawn(made(29)), "arrival:birch") == ()
    assert rank_drivers(made(30), "arrival:birch").members == 30


def test_a_number_that_never_varies_has_no_driver():
    assert rank_drivers(made(), "arrival:alder").rows == ()


def test_top_must_be_positive():
    with pytest.raises(InvalidValueError, match="top is 0"):
        rank_drivers(made(), "arrival:birch", top=0)


@given(
    arrays(np.float64, st.tuples(st.integers(3, 30), st.just(3)), elements=st.integers(0, 9)),
    st.lists(st.booleans(), min_size=30, max_size=30),
)
def test_ranks_among_some_rows_are_those_of_these_rows_alone(table, chosen):
    rows = np.array(chosen[: len(table)])
    found = ColumnRanks(table).among(rows)
    for ranks, column in zip(found.T, table.T, strict=True):
        assert np.array_equal(ranks, rankdata(column[rows]))

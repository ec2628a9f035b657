"""Numbers that are learned: priors, what they mean in a scenario, which draws are kept, how members are spread."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posada.forecast.conflict_numbers import (
    CAPACITY_POWER,
    LEARNED_NUMBERS,
    attraction_of,
    fixed_movement,
    movement_with,
    prior_draws,
)
from posada.forecast.conflict_spread import ARRIVALS_SIGMA, COUNTS_SIGMA, spread_shares
from posada.forecast.conflict_totals import TOTAL_NUMBERS
from posada.forecast.conflict_weights import best_draws, best_spread
from posada.model.conflict_evidence import ConflictEvidence, PastConflict
from posada.model.displacement import Movement
from posada.model.errors import InvalidValueError, UnknownNameError
from tests.conflicts import made_evidence, read_conflict

NUMBERS = (*LEARNED_NUMBERS, *TOTAL_NUMBERS)


@pytest.mark.parametrize("number", NUMBERS, ids=[number.name for number in NUMBERS])
def test_a_prior_is_what_its_shares_say(number):
    u = np.array([0.0, 0.25, 0.5, 1.0])
    values = number.quantile(u)
    assert values[[0, -1]] == pytest.approx([number.low, number.high])
    assert number.share(values) == pytest.approx(u)
    middle = math.sqrt(number.low * number.high) if number.by_ratio else (number.low + number.high) / 2
    assert values[2] == pytest.approx(middle)


def test_draws_fill_their_priors_and_have_names():
    """Of 400 draws each tenth of a prior holds 40 in the mean, with a standard deviation of 6."""
    values = prior_draws(400, 3)
    for at, number in enumerate(LEARNED_NUMBERS):
        counts, _ = np.histogram(number.share(values[:, at]), bins=10, range=(0, 1))
        assert counts.sum() == 400
        assert counts.min() > 15
    assert (prior_draws(5, 3) == values[:5]).all()  # more draws do not change the first ones
    assert not (prior_draws(5, 4) == values[:5]).any()
    fewer = prior_draws(5, 3, LEARNED_NUMBERS[2:4])
    assert (fewer == values[:5, 2:4]).all()  # nor do other numbers


def test_every_learned_number_is_a_setting_within_its_bounds():
    values = prior_draws(20, 1)
    for row in values:
        own = dict(zip((number.name for number in LEARNED_NUMBERS), row, strict=True))
        movement = movement_with(Movement(), own)
        assert all(getattr(movement, name) == value for name, value in own.items() if name != CAPACITY_POWER)
    assert fixed_movement(Movement(), 7).people_per_simulated == 7


def test_a_number_out_of_bounds_or_unknown_is_refused():
    with pytest.raises(InvalidValueError, match="the learned capacity_buffer is"):
        movement_with(Movement(), {"capacity_buffer": 1.2})
    with pytest.raises(UnknownNameError, match="softening_km"):
        movement_with(Movement(), {"softning_km": 3.0})


def test_attraction_by_hand(tmp_path):
    """Cedar has room for 800; dogwood has no stated capacity. With one camp known the mean is its own capacity."""
    scenario = read_conflict(tmp_path / "made-up")
    assert attraction_of(scenario, 2.0).tolist() == [1, 1, 1, 1]
    dogwood = next(row for row in scenario.places if row.id == "dogwood")
    wider = tuple(dataclasses.replace(row, capacity=3200) if row is dogwood else row for row in scenario.places)
    both = scenario.replace(places=wider)  # the geometric mean is 1600
    assert attraction_of(both, 1.0) == pytest.approx([1, 1, 0.5, 2])
    assert attraction_of(both, 0.5, {"cedar": 4.0}) == pytest.approx([1, 1, 4 * math.sqrt(0.5), math.sqrt(2)])


def evidence_of(errors):
    table = np.array(errors, float)
    conflicts = tuple(PastConflict(f"c{at}", dt.date(2000 + at, 1, 1)) for at in range(table.shape[1]))
    return ConflictEvidence(conflicts, ("x",), np.arange(len(table), dtype=float)[:, None], table)


def test_the_draws_kept_are_the_best_on_the_others():
    evidence = evidence_of([[0.1, 0.9, 0.9], [0.5, 0.2, 0.3], [0.9, 0.3, 0.1]])
    assert best_draws(evidence, [1, 2], 2).tolist() == [2, 1]
    assert best_draws(evidence, [0], 1).tolist() == [0]
    own = np.array([0.9, 0.1, 0.9])  # the first days of the conflict itself count as one more
    assert best_draws(evidence, [1, 2], 1, own).tolist() == [1]
    with pytest.raises(InvalidValueError, match="no other conflict"):
        best_draws(evidence, [], 1)


def test_what_the_conflict_itself_said_changes_nothing():
    one, other = ([[first, 0.2], [first / 2, 0.1], [1 - first, 0.3]] for first in (0.1, 0.8))
    assert best_draws(evidence_of(one), [1], 3).tolist() == best_draws(evidence_of(other), [1], 3).tolist()


def test_a_copy_under_another_name_is_left_out():
    evidence = evidence_of([[0.1, 0.2, 0.3]])
    assert evidence.others("c1", dt.date(1999, 1, 1)) == (0, 2)
    assert evidence.others("a-copy", dt.date(2001, 1, 1)) == (0, 2)
    assert evidence.others("unknown", dt.date(1999, 1, 1)) == (0, 1, 2)


def test_evidence_must_be_whole():
    conflicts = (PastConflict("a", dt.date(2000, 1, 1)),)
    with pytest.raises(InvalidValueError, match="one value for each number"):
        ConflictEvidence(conflicts, ("x",), np.zeros((2, 1)), np.zeros((1, 1)))
    with pytest.raises(InvalidValueError, match="missing"):
        ConflictEvidence(conflicts, ("x",), np.zeros((1, 1)), np.full((1, 1), np.nan))


def test_the_spread_is_the_sharpest_that_holds_enough():
    """The narrow one has the better CRPS and holds half of the camp-days; the wide one holds 80 %."""
    assert best_spread(made_evidence(), [0, 1]) == {ARRIVALS_SIGMA: 0.6, COUNTS_SIGMA: 0.1}


PEOPLE = st.lists(st.lists(st.integers(0, 500), min_size=3, max_size=3), min_size=4, max_size=4)


@given(PEOPLE, st.lists(st.integers(0, 300), min_size=3, max_size=3), st.floats(0, 1.5), st.floats(0, 0.5))
def test_shares_sum_to_one_and_without_spread_are_those_simulated(people, at_start, arrivals, counts):
    run, start = np.array([people], float), np.array(at_start, float)
    spread = {ARRIVALS_SIGMA: arrivals, COUNTS_SIGMA: counts}
    shares = spread_shares(run, start, ("a", "b", "c"), spread, members=5, seed=2)
    assert shares.shape == (5, 4, 3)
    assert (shares >= 0).all()
    assert shares.sum(axis=2) == pytest.approx(1.0)
    plain = spread_shares(run, start, ("a", "b", "c"), {ARRIVALS_SIGMA: 0.0, COUNTS_SIGMA: 0.0}, members=1, seed=2)
    total = run[0].sum(axis=1, keepdims=True)
    filled = total[:, 0] > 0
    assert plain[0][filled] == pytest.approx((run[0] / np.maximum(total, 1))[filled])


def test_only_who_came_is_spread_by_arrivals():
    """Of two camps, one has its people of the start and no more; its share changes only with that of the other."""
    run, start = np.array([[[100.0, 300.0]]]), np.array([100.0, 0.0])
    shares = spread_shares(run, start, ("a", "b"), {ARRIVALS_SIGMA: 0.5, COUNTS_SIGMA: 0.0}, members=400, seed=1)
    ratio = np.log(shares[:, 0, 1] / shares[:, 0, 0] / 3)  # normal with 0.5: 400 of them, within 4 standard errors
    assert ratio.std() == pytest.approx(0.5, abs=4 * 0.5 / math.sqrt(800))
    assert abs(ratio.mean()) < 4 * 0.5 / math.sqrt(400)


def test_before_anybody_is_anywhere_shares_are_those_of_the_start_or_even():
    nobody = np.zeros((1, 2, 2))
    spread = {ARRIVALS_SIGMA: 0.5, COUNTS_SIGMA: 0.1}
    assert spread_shares(nobody, np.array([30.0, 10.0]), ("a", "b"), spread, members=1, seed=1)[0, 0] == pytest.approx(
        [0.75, 0.25]
    )
    assert (spread_shares(nobody, np.zeros(2), ("a", "b"), spread, members=1, seed=1) == 0.5).all()

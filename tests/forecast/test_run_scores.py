"""A run written by hand, and all that is said of it: what is left out is counted, not scored as right."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math

import numpy as np
import pytest

from posada.forecast.run_scores import score_run
from posada.model.dispersal_run import DispersalRun
from tests.displaced import read_displaced

# Two members, three days, the camps cedar (capacity 800) and dogwood (none stated).
# Registered: nobody on day 1; then 100 in cedar only; then 60 and 40.
REGISTERED = [[0, 0], [100, 0], [60, 40]]
PEOPLE = [[[5, 5], [90, 10], [60, 40]], [[0, 0], [30, 30], [50, 50]]]


@pytest.fixture
def run_of(tmp_path):
    scenario = read_displaced(tmp_path / "made-up")

    def make(people=PEOPLE, registered=REGISTERED, scenario=scenario) -> DispersalRun:
        people, registered = np.array(people, np.int32), np.array(registered, np.int64)
        by_day = np.zeros(people.shape[:2], np.int32)
        days = registered.sum(axis=1)
        return DispersalRun(
            scenario=scenario,
            seed=1,
            first_member=0,
            dates=tuple(dt.date(2030, 3, day + 1) for day in range(people.shape[1])),
            place_ids=("cedar", "dogwood"),
            camp_ids=("cedar", "dogwood"),
            people=people,
            under_way=by_day,
            entered=by_day,
            registered=registered,
            newly_registered=days,
            raw_total=days,
            debt=days,
        )

    return make


def test_relative_differences_by_hand(run_of):
    """Member 1: 20/100 and 0. Member 2: 30, 30 become 50, 50, which is 100/100; then 20/100. Means 0.1 and 0.6.

    As Flee computes it, day 1 counts as 0: 0.2/3 and 1.2/3.
    """
    scores = score_run(run_of())
    assert scores.difference == pytest.approx(0.35)
    assert (scores.difference_low, scores.difference_high) == pytest.approx((0.1, 0.6))
    assert scores.flee_difference == pytest.approx(0.7 / 3)
    # Not rescaled, member 2 has (70 + 30)/100 and 20/100 as well; Flee takes day 1 for (5 + 5)/1 and 0.
    assert scores.difference_normal == pytest.approx(0.35)
    assert scores.flee_difference_normal == pytest.approx((0.2 + 10 + 1.2) / 6)


def test_what_is_left_out_is_counted(run_of):
    """Day 1, and of 6 camp-days three; there are 10 + 10 + 30 of the 370 people simulated."""
    scores = score_run(run_of())
    assert (scores.days, scores.days_without) == (3, 1)
    assert (scores.camp_days, scores.camp_days_without) == (6, 3)
    assert scores.misplaced_share == pytest.approx(50 / 370)
    assert scores.camps_without == ()


def test_crps_and_bands_by_hand(run_of):
    """Cedar day 2: members 90, 30, happened 100: 40 off, 60 apart: 40 - 30 = 10. Day 3: 60, 50, happened 60: 5 - 5 = 0.

    Dogwood day 3: 40, 50, happened 40: 5 - 5 = 0. No band of two members reaches 100 or its own ends.
    """
    scores = score_run(run_of())
    assert scores.crps == pytest.approx(10 / 3)
    assert scores.registered == pytest.approx(200 / 3)
    assert scores.crps_relative == pytest.approx(0.05)
    assert scores.coverage == (0, 0, 0)
    assert scores.coverage_expected == pytest.approx((0.5 / 3, 0.8 / 3, 0.95 / 3))
    cedar, dogwood = scores.camps
    assert (cedar.name, cedar.days, cedar.registered, cedar.simulated, cedar.crps) == ("Cedar", 2, 80, 57.5, 5)
    assert (dogwood.days, dogwood.registered, dogwood.simulated, dogwood.crps) == (1, 40, 45, 0)


def test_bands_hold_what_lies_within(run_of):
    """Members 0, 100 in each camp and day; 50 % is 25 to 75, so that 60 and 40 are in it and 100 is in none."""
    scores = score_run(run_of(people=[np.zeros((3, 2)), np.full((3, 2), 100)]))
    assert scores.coverage == pytest.approx((2 / 3, 2 / 3, 2 / 3))
    assert scores.camps[1].coverage == (1, 1, 1)


def test_a_camp_without_registrations_has_no_score(run_of):
    """Not a perfect one, though nobody is simulated there either."""
    scores = score_run(run_of(people=[[[1, 0], [9, 0], [9, 0]]], registered=[[1, 0], [8, 0], [9, 0]]))
    assert scores.camps_without == ("Dogwood",)
    assert scores.camps[1].days == 0
    assert all(math.isnan(value) for value in (scores.camps[1].crps, *scores.camps[1].coverage))
    assert scores.crps == pytest.approx(1 / 3)  # the mean of the three days of Cedar


def test_naive_forecasts_by_hand(run_of):
    """First shares: day 2 has all in cedar, so day 3 as well: (40 + 40)/100 off; the simulation is 0 and 0.2 off.

    Its CRPS is 0 on the two camps of that day.
    """
    naive = {row.name: row for row in score_run(run_of()).baselines}
    first = naive["first shares"]
    assert (first.days, first.camp_days) == (1, 2)
    assert first.difference == pytest.approx(0.8)
    assert first.difference_ratio == pytest.approx(0.1 / 0.8)
    assert (first.error, first.crps_ratio) == (40, 0)
    assert naive["evenly"].days == 2
    # Cedar has no more than 50, dogwood 50: 50 off, then 10 and 10.
    assert naive["evenly"].error == pytest.approx(70 / 3)
    assert naive["evenly"].crps_ratio == pytest.approx((10 / 3) / (70 / 3))


def test_a_naive_forecast_that_is_not_defined_has_no_score(run_of):
    """Dogwood has no capacity; three days are not thirty; and over no error at all there is no ratio."""
    naive = {row.name: row for row in score_run(run_of()).baselines}
    for name in ("by capacity", "shares of day 30"):
        assert naive[name].days == 0
        assert math.isnan(naive[name].crps_ratio)
    still = score_run(run_of(registered=[[60, 40]] * 3))
    assert next(row for row in still.baselines if row.name == "stay put").error == 0
    assert math.isnan(next(row for row in still.baselines if row.name == "stay put").crps_ratio)


def test_capacities_that_are_made_of_registrations_are_counted(run_of):
    """Cedar takes 800: 780 at most is within 5 % of it, 700 is not; nothing is said of a camp without capacity."""
    assert score_run(run_of(registered=[[0, 0], [780, 9], [60, 9]])).capacities_at_peak == 1
    assert score_run(run_of(registered=[[0, 0], [700, 9], [60, 9]])).capacities_at_peak == 0


def test_scores_are_in_people(run_of, tmp_path):
    """Where one simulated person stands for ten, CRPS is ten times as large and shares are the same."""
    plain = score_run(run_of())
    scenario = read_displaced(tmp_path / "ten")
    ten = scenario.replace(movement=dataclasses.replace(scenario.movement, people_per_simulated=10))
    tenfold = score_run(run_of(scenario=ten))
    assert tenfold.crps == pytest.approx(10 * plain.crps)
    assert tenfold.difference == pytest.approx(plain.difference)
    assert tenfold.coverage == plain.coverage


def test_camps_that_are_sensitive_are_not_listed(run_of, tmp_path):
    """They are in the sums all the same."""
    scenario = read_displaced(tmp_path / "hidden")
    places = tuple(dataclasses.replace(row, sensitive=row.id == "dogwood") for row in scenario.places)
    plain, hidden = score_run(run_of()), score_run(run_of(scenario=scenario.replace(places=places)))
    assert [camp.place for camp in hidden.camps] == ["cedar"]
    assert (hidden.camps_hidden, hidden.camp_count) == (1, 2)
    assert hidden.difference == plain.difference
    assert hidden.camp_days == plain.camp_days

"""Scores of journeys that were left out, by hand, and that nothing of them is in what is held against them."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from scipy.stats import betabinom

from posada.forecast.journey_priors import learn
from posada.forecast.journeys_left_out import score_left_out
from posada.io.folder import read_scenario
from posada.io.past_journeys import read_past_journeys
from posada.model.past_journeys import PastJourney, PastJourneys, Reading
from posada.model.rates import RATES
from tests.past_journeys import write_past_journeys


@pytest.fixture(scope="module")
def valley():
    return read_scenario("valley")


@pytest.fixture
def past(tmp_path):
    return read_past_journeys([write_past_journeys(tmp_path / "past")])


def score_of(scores, rate, journey):
    return next(row for row in scores if (row.rate, row.journey) == (rate, journey))


def normal_crps(value, mean, sd):
    """Return the score of a normal distribution (T. Gneiting and A. E. Raftery, 2007, equation 21)."""
    z = (value - mean) / sd
    density, below = math.exp(-z * z / 2) / math.sqrt(2 * math.pi), (1 + math.erf(z / math.sqrt(2))) / 2
    return sd * (z * (2 * below - 1) + 2 * density - 1 / math.sqrt(math.pi))


def test_a_value_by_the_closed_form(past, valley):
    """The second journey walked 35 km a day; the first alone, 24 and 32 km, and the default say what it would do."""
    found = score_of(score_left_out(past, valley, "passed"), "walk_km_per_day", "two")
    median, sigma = learn(RATES["walk_km_per_day"], past.readings[:2]).values
    assert found.value == pytest.approx(35)
    assert found.crps == pytest.approx(normal_crps(math.log(35), math.log(median), sigma), rel=0.01)
    assert found.crps_default == pytest.approx(normal_crps(math.log(35), math.log(32), 0.3), rel=0.01)
    # One other journey: its mean logarithm is a forecast without a spread, whose score is how far off it is.
    assert found.crps_others == pytest.approx(math.log(35) - (math.log(24) + math.log(32)) / 2)


def test_a_count_by_the_beta_binomial_of_another_library(past, valley):
    """Two of five mornings, when the first journey rested on one of four."""
    found = score_of(score_left_out(past, valley, "passed"), "rest_probability_per_day", "two")
    own = betabinom(5, *learn(RATES["rest_probability_per_day"], past.readings[3:4]).values)
    steps = np.arange(5)
    assert found.crps == pytest.approx(float(np.sum((own.cdf(steps) - (steps >= 2)) ** 2) / 5))
    assert found.rank == pytest.approx(float(own.cdf(1) + own.pmf(2) / 2))


def test_what_one_journey_alone_tells_has_the_default_as_its_forecast(past, valley):
    found = score_of(score_left_out(past, valley, "passed"), "site_uptake_share", "three")
    assert found.crps == found.crps_default
    assert math.isnan(found.crps_others)


def test_a_changed_reading_changes_the_scores_of_others_and_not_what_is_held_against_itself(past, valley):
    """Another distance of the second journey leaves the forecast for it as it was; the first journey's is another."""
    before = score_left_out(past, valley, "passed")
    changed = [dataclasses.replace(row, value=20.0) if row.value == 35 else row for row in past.readings]
    after = score_left_out(dataclasses.replace(past, readings=tuple(changed)), valley, "passed")
    median, sigma = learn(RATES["walk_km_per_day"], past.readings[:2]).values
    own = score_of(after, "walk_km_per_day", "two")
    assert own.crps == pytest.approx(normal_crps(math.log(20), math.log(median), sigma), rel=0.01)
    assert score_of(after, "walk_km_per_day", "one").crps != score_of(before, "walk_km_per_day", "one").crps


def test_ranks_are_even_when_readings_come_from_what_is_learned(valley):
    """Of 200 journeys that rest on a third of their days, four in five lie within the band of 80 %."""
    rng = np.random.default_rng(1)
    journeys = tuple(PastJourney(f"j{i}", "", "", "passed") for i in range(200))
    readings = tuple(
        Reading("rest_probability_per_day", row.id, row.id, float(rng.binomial(30, rng.beta(8, 16))), 30.0)
        for row in journeys
    )
    ranks = [row.rank for row in score_left_out(PastJourneys(journeys, readings, (), {}), valley, "passed")]
    assert np.mean([0.1 <= rank <= 0.9 for rank in ranks]) == pytest.approx(0.8, abs=0.08)
    assert np.mean(ranks) == pytest.approx(0.5, abs=0.06)


def test_journeys_to_learn_nothing_from_teach_no_other(past, valley):
    scores = score_left_out(past, valley, "passed", without=["one"])
    assert score_of(scores, "walk_km_per_day", "two").crps == score_of(scores, "walk_km_per_day", "two").crps_default

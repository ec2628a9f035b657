"""Scores by hand, against another implementation, against an integral, against Flee's own figures, and by property."""

from __future__ import annotations

import csv
import gzip

import numpy as np
import pytest
import scoringrules
from hypothesis import given
from hypothesis import strategies as st

from posada.forecast.quantiles import quantiles
from posada.forecast.scores import (
    averaged_relative_difference,
    coverage,
    coverage_of_a_perfect_ensemble,
    ensemble_crps,
    flee_averaged_relative_difference,
    relative_differences,
    weighted_interval_score,
)
from posada.io.folder import read_scenario
from posada.model.errors import InvalidValueError
from posada.model.outlook import LEVELS
from posada.model.registrations import registered_series
from tests.architecture.source_tree import ROOT
from tests.displaced_strategies import camp_counts

FIGURES = ROOT / "tests" / "flee" / "figures" / "conflicts"

# Three days, two camps; nobody is registered on the second day.
SIMULATED = np.array([[50, 50], [7, 3], [30, 10]])
REGISTERED = np.array([[60, 40], [0, 0], [80, 20]])
COUNTED_BY_FLEE = {"mali2012": (0.331, 0.329, 0.332), "burundi2015": (0.474, 0.472, 0.475)}
"""What Flee's own script says of five of its runs, setting modern125: their mean, the least and the greatest."""


def test_relative_differences_by_hand():
    """Day 1: (10 + 10) / 100. Day 2: nothing to compare with. Day 3: 30, 10 become 75, 25; (5 + 5) / 100."""
    np.testing.assert_allclose(relative_differences(SIMULATED, REGISTERED), [0.2, np.nan, 0.1])
    assert averaged_relative_difference(SIMULATED, REGISTERED) == pytest.approx(0.15)


def test_relative_differences_without_rescaling_by_hand():
    """Day 1: as before. Day 3: (50 + 10) / 100."""
    np.testing.assert_allclose(relative_differences(SIMULATED, REGISTERED, rescaled=False), [0.2, np.nan, 0.6])
    assert averaged_relative_difference(SIMULATED, REGISTERED, rescaled=False) == pytest.approx(0.4)


def test_a_day_without_data_is_right_for_flee_only():
    """Flee: (0.2 + 0 + 0.1) / 3; without rescaling (0.2 + (7 + 3) / 1 + 0.6) / 3."""
    assert flee_averaged_relative_difference(SIMULATED, REGISTERED) == pytest.approx(0.1)
    assert flee_averaged_relative_difference(SIMULATED, REGISTERED, rescaled=False) == pytest.approx(3.6)
    nothing = np.zeros_like(REGISTERED)
    assert np.isnan(averaged_relative_difference(nothing, nothing))
    assert flee_averaged_relative_difference(nothing, nothing) == 0


def test_where_nobody_is_simulated_everybody_is_missing():
    assert averaged_relative_difference(np.array([[0, 0]]), np.array([[5, 15]])) == 1


def test_flee_rounds_each_difference():
    """1, 1, 1 become 10/3 each: 10/3 - 3 = 0.3333 twice and 4 - 10/3 = 0.6667; in all 1.3333 / 10."""
    simulated, registered = np.array([[1, 1, 1]]), np.array([[3, 3, 4]])
    assert flee_averaged_relative_difference(simulated, registered) == pytest.approx(0.13333, abs=1e-12)
    assert averaged_relative_difference(simulated, registered) == pytest.approx(4 / 30, abs=1e-12)


@pytest.mark.parametrize("conflict", COUNTED_BY_FLEE)
def test_what_flee_says_of_its_own_runs(conflict):
    """The people whom Flee (snapshot 02cd2cb, all people) had in each camp, with seeds 1 to 5."""
    with gzip.open(FIGURES / f"{conflict}-modern125-everybody.csv.gz", "rt", encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    camps = [at for at, name in enumerate(header) if at >= 2 and not name.startswith("*")]
    registered = registered_series(read_scenario(conflict)).camps
    counts = np.array(rows, np.int64)
    runs = np.stack([counts[counts[:, 0] == seed][:, camps] for seed in range(1, 6)])
    found = flee_averaged_relative_difference(runs, registered)
    mean, least, greatest = COUNTED_BY_FLEE[conflict]
    assert found.mean() == pytest.approx(mean, abs=0.001)
    assert (round(found.min(), 3), round(found.max(), 3)) == (least, greatest)
    # Somebody is registered on each of the days, so that both forms are the same but for the rounding.
    np.testing.assert_allclose(averaged_relative_difference(runs, registered), found, atol=1e-8)


@given(camp_counts())
def test_relative_differences_are_within_their_bounds(counts):
    """Rescaled, everybody can be in the wrong camp, and then counts twice."""
    simulated, registered = counts
    found = relative_differences(simulated, registered)
    assert (np.isnan(found) == (registered.sum(axis=1) == 0)).all()
    assert (found[~np.isnan(found)] >= 0).all()
    assert (found[~np.isnan(found)] <= 2 + 1e-9).all()


@given(camp_counts(), st.integers(2, 9))
def test_rescaled_differences_do_not_see_the_number_of_people(counts, times):
    """Nor do those without rescaling when everybody counts as several, simulated and registered."""
    simulated, registered = counts
    rescaled = relative_differences(simulated, registered)
    np.testing.assert_allclose(relative_differences(simulated * times, registered), rescaled, atol=1e-12)
    plain = relative_differences(simulated, registered, rescaled=False)
    np.testing.assert_allclose(relative_differences(simulated * times, registered * times, rescaled=False), plain)


@given(camp_counts())
def test_a_right_forecast_has_no_difference(counts):
    _, registered = counts
    for rescaled in (True, False):
        found = relative_differences(registered, registered, rescaled=rescaled)
        assert np.nanmax(np.append(found, 0.0)) == pytest.approx(0, abs=1e-12)


def test_crps_by_hand():
    """1 and 3, 2 happened: each is 1 off; the one pair is 2 apart. Fair 1 - 2 / 2; otherwise 1 - 2 / 4."""
    members = np.array([[1.0], [3.0]])
    assert ensemble_crps(members, np.array([2.0])) == pytest.approx([0.0])
    assert ensemble_crps(members, np.array([2.0]), fair=False) == pytest.approx([0.5])
    assert ensemble_crps(members, np.array([7.0])) == pytest.approx([4.0])  # (6 + 4) / 2 - 2 / 2


def test_an_ensemble_of_nobody_has_no_score():
    with pytest.raises(InvalidValueError, match="without members"):
        ensemble_crps(np.empty((0, 3)), np.zeros(3))


@given(camp_counts())
def test_crps_is_that_of_another_program(counts):
    """Of scoringrules, whose fair estimator wants two members at least."""
    members, observed = counts
    ours = ensemble_crps(members, observed, fair=False)
    np.testing.assert_allclose(
        ours, scoringrules.crps_ensemble(observed * 1.0, members * 1.0, m_axis=0, estimator="nrg"), atol=1e-8
    )
    if len(members) > 1:
        fair = scoringrules.crps_ensemble(observed * 1.0, members * 1.0, m_axis=0, estimator="fair")
        np.testing.assert_allclose(ensemble_crps(members, observed), fair, atol=1e-8)


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=8), st.integers(-60, 60))
def test_crps_is_the_integral_of_its_definition(values, observed):
    """The square of the distribution of the members less the step at what happened: constant between the numbers."""
    edges = np.unique([*values, observed])
    below = np.array([np.mean(np.array(values) <= edge) - (observed <= edge) for edge in edges[:-1]])
    integral = (below**2 * np.diff(edges)).sum()
    found = ensemble_crps(np.array(values), np.array(observed), fair=False)
    assert found == pytest.approx(integral, abs=1e-9)


@given(camp_counts())
def test_crps_of_one_member_is_its_error(counts):
    members, observed = counts
    np.testing.assert_allclose(ensemble_crps(members[:1], observed), np.abs(members[0] - observed))


@given(camp_counts(), st.integers(2, 9), st.integers(-500, 500))
def test_crps_grows_with_the_unit_and_does_not_see_where_zero_is(counts, times, shift):
    members, observed = counts
    score = ensemble_crps(members, observed)
    np.testing.assert_allclose(ensemble_crps(members * times, observed * times), score * times, atol=1e-7)
    np.testing.assert_allclose(ensemble_crps(members + shift, observed + shift), score, atol=1e-7)


def test_fair_crps_does_not_depend_on_the_number_of_members():
    """Standard normal members and observation: 1 / sqrt(pi) in the mean, for 3 members as for 30; not fair, more.

    The error of the mean over 40,000 cases is about 0.0035 for 3 members; four times that is allowed.
    """
    generator = np.random.default_rng(5)
    observed = generator.normal(size=40_000)
    for count in (3, 30):
        members = generator.normal(size=(count, observed.size))
        assert ensemble_crps(members, observed).mean() == pytest.approx(1 / np.sqrt(np.pi), abs=0.014)
    few = ensemble_crps(generator.normal(size=(3, observed.size)), observed, fair=False).mean()
    assert few > 1 / np.sqrt(np.pi) + 0.1


def test_interval_score_by_hand():
    """Quantiles 1, 2, 4 and 6 happened. Middle: 4 / 2. Interval of 50 %: 3 + 2 / 0.5 * 2 = 11, a quarter of it 2.75."""
    found = weighted_interval_score(np.array([1.0, 2.0, 4.0]), (0.25, 0.5, 0.75), np.array(6.0))
    assert found == pytest.approx((2 + 2.75) / 1.5)


@pytest.mark.parametrize("levels", [(0.25, 0.75), (0.2, 0.5, 0.75), (0.5, 0.25, 0.75)])
def test_levels_that_are_no_intervals(levels):
    """The nearest that is accepted is that of the test above."""
    with pytest.raises(InvalidValueError, match="symmetrical"):
        weighted_interval_score(np.zeros(len(levels)), levels, np.array(1.0))


@given(camp_counts())
def test_interval_score_is_the_mean_of_pinball_losses(counts):
    """The exact partner: twice the mean over all levels of ``(1{y < q} - level) (q - y)``; and another program."""
    members, observed = counts
    bands = quantiles(np.moveaxis(members, 0, -1))
    levels = np.array(LEVELS)[:, None, None]
    losses = np.where(observed < bands, 1 - levels, -levels) * (bands - observed)
    found = weighted_interval_score(bands, LEVELS, observed)
    np.testing.assert_allclose(found, 2 * losses.mean(axis=0), atol=1e-8)
    middle = len(LEVELS) // 2
    low, high = np.moveaxis(bands[:middle], 0, -1), np.moveaxis(bands[:middle:-1], 0, -1)
    alphas = 2 * np.array(LEVELS[:middle])
    theirs = scoringrules.weighted_interval_score(observed * 1.0, bands[middle], low, high, alphas)
    np.testing.assert_allclose(found, theirs, atol=1e-8)


def test_coverage_by_hand():
    """Of four, three are looked at, and two of them lie within; bounds are within."""
    low, high = np.array([0, 5, 5, 0]), np.array([4, 9, 9, 9])
    observed, among = np.array([4, 5, 10, 3]), np.array([True, True, True, False])
    assert coverage(low, high, observed, among) == pytest.approx(2 / 3)
    assert np.isnan(coverage(low, high, observed, np.zeros(4, bool)))


def test_a_perfect_ensemble_covers_as_much_as_is_said():
    """9 members and one more of the same law; the error of the mean of 40,000 cases is 0.0025, four times allowed."""
    generator = np.random.default_rng(6)
    members, observed = generator.uniform(size=(40_000, 9)), generator.uniform(size=40_000)
    bands = quantiles(members)
    for width in (0.5, 0.8, 0.95):
        low, high = (LEVELS.index(round((1 + sign * width) / 2, 9)) for sign in (-1, 1))
        found = coverage(bands[low], bands[high], observed, np.ones(40_000, bool))
        assert found == pytest.approx(coverage_of_a_perfect_ensemble(width, 9), abs=0.01)

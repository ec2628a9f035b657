"""Scores of forecast files: by hand, against scoringrules, against the integral of the definition, over units."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
import scoringrules
from hypothesis import given
from hypothesis import strategies as st

from posada.forecast.file_scores import quantile_crps, score_rows, shared_bands
from posada.forecast.score_table import Case, score_cases
from posada.forecast.skill import compare_scores, relative_difference_of_rows, resampled_units
from posada.model.errors import InvalidValueError, UnknownNameError
from posada.model.forecast_file import FILE_LEVELS, ForecastFile, Series
from posada.model.truth import TruthRow, make_truth

ORIGIN = dt.date(2030, 3, 1)
DAYS = np.arange("2030-03-01", "2030-03-06", dtype="datetime64[D]")
LEVELS = np.array(FILE_LEVELS)
numbers = st.lists(st.floats(0, 1e4), min_size=21, max_size=21).map(sorted).map(np.array)


def day(number: int) -> dt.date:
    return ORIGIN + dt.timedelta(days=number)


def people(location: str, *rows: list[float]) -> Series:
    return Series("people_tonight", location, DAYS[: len(rows)], np.array(rows, np.float64))


def flat(value: float) -> list[float]:
    return [value] * LEVELS.size


def arrival(*chances: float) -> Series:
    return Series("arrived_by", "a", DAYS, np.array(chances))


def truth(*rows: tuple[str, str, int, float], **fields):
    return make_truth(TruthRow(target, place, day(at), value, **fields) for target, place, at, value in rows)


def scores(series: Series, *rows: tuple[str, str, int, float], **fields):
    return score_rows(ForecastFile(ORIGIN, (series,)), truth(*rows, **fields))


@given(quantiles=numbers, observed=st.floats(0, 1e4))
def test_interval_score_is_that_of_another_implementation(quantiles, observed):
    """With symmetrical levels it is twice the mean pinball loss, which scoringrules calls CRPS from quantiles."""
    found = scores(people("a", quantiles), ("people_tonight", "a", 0, observed))
    assert found.score[0] == pytest.approx(scoringrules.crps_quantile(observed, quantiles, LEVELS), rel=1e-9, abs=1e-7)


@given(quantiles=numbers, observed=st.floats(0, 1e4))
def test_crps_is_the_integral_of_its_definition(quantiles, observed):
    """2 * integral of the pinball loss over levels, here as a sum over 20,000 of them."""
    steps = 20_000
    level = (np.arange(steps) + 0.5) / steps
    q = np.interp(level, LEVELS, quantiles)
    integral = 2 * np.mean(((observed < q) - level) * (q - observed))
    assert quantile_crps(quantiles[None], FILE_LEVELS, np.array([observed]))[0] == pytest.approx(
        integral, rel=1e-3, abs=0.5
    )


@pytest.mark.parametrize("observed", [0.0, 0.31, 0.5, 0.9, 1.4])
def test_crps_of_a_uniform_law_is_nearly_that_of_its_formula(observed):
    """The quantiles of the law between 0 and 1; what lies beyond the outermost levels is cut off, 0.025 each."""
    assert quantile_crps(LEVELS[None], FILE_LEVELS, np.array([observed]))[0] == pytest.approx(
        scoringrules.crps_uniform(observed, 0, 1), abs=2e-3
    )


def test_a_single_number_has_its_absolute_error():
    found = scores(people("a", flat(70)), ("people_tonight", "a", 0, 100))
    assert (found.score[0], found.crps[0], found.middle[0]) == (pytest.approx(30), pytest.approx(30), 70)
    assert found.inside.tolist() == [[0, 0, 0]]


def test_bands_hold_their_bounds():
    """Quantiles 0 to 20: the 50 % band is 5 to 15, the 80 % band 2 to 18, the 95 % band 0 to 20."""
    rows = people("a", *[list(range(21))] * 5)
    seen = [("people_tonight", "a", at, value) for at, value in enumerate((15, 16, 19, 20, 21))]
    assert scores(rows, *seen).inside.tolist() == [[1, 1, 1], [0, 1, 1], [0, 0, 1], [0, 0, 1], [0, 0, 0]]


def test_shared_bands_by_hand():
    """Nobody up to the level 0.6, then 1, 2, … at 0.65, 0.7, …: *nobody* takes the levels from 0 to 0.6.

    Of them 0.25 to 0.6 lie in the 50 % band: 0.35 / 0.6; 0.1 to 0.6 in the 80 % band: 0.5 / 0.6. Two is the level 0.7,
    inside all; twelve is above all; and nobody for sure is not looked at.
    """
    some = [max(round((level - 0.6) * 20), 0) if level < 0.96 else 8 for level in FILE_LEVELS]
    rows = people("a", some, some, some, flat(0), flat(0))
    seen = [("people_tonight", "a", at, value) for at, value in enumerate((0, 2, 12, 0, 1))]
    found = scores(rows, *seen).shared
    np.testing.assert_allclose(found[0], [0.35 / 0.6, 0.5 / 0.6, 0.575 / 0.6])
    np.testing.assert_allclose(found[1], [1, 1, 1])
    np.testing.assert_allclose(found[2], [0, 0, 0])
    assert np.isnan(found[3]).all()
    np.testing.assert_allclose(found[4], [0, 0, 0])


def test_shared_bands_of_a_right_forecast_have_their_widths():
    """What happens is drawn from the forecast itself: nobody with the chance 0.4, else 1 to 21, evenly."""
    level = (np.arange(2000) + 0.5) / 2000
    drawn = np.where(level < 0.4, 0, np.ceil((level - 0.4) / 0.6 * 20))
    quantiles = np.where(LEVELS <= 0.4, 0, np.ceil((LEVELS - 0.4) / 0.6 * 20))
    found = np.array([shared_bands(quantiles, float(value), FILE_LEVELS) for value in drawn]).mean(axis=0)
    np.testing.assert_allclose(found, [0.5, 0.8, 0.95], atol=0.05)


def test_arrival_by_hand():
    """Chances 0, 0.5, 0.5, 1, 1; arrived on day 3: 0.5² + 0.5² before it and nothing after: 0.5 days.

    The chance reaches a half on day 1.
    """
    found = scores(arrival(0, 0.5, 0.5, 1, 1), ("arrived_by", "a", 3, 1))
    assert (found.score[0], found.middle[0], found.observed[0]) == (0.5, 1, 3)


def test_arrival_between_two_days_by_hand():
    """Not yet on day 1, there on day 3: day 2 is not counted. 0² + 0.5² and then 0² + 0²."""
    found = scores(arrival(0, 0.5, 0.5, 1, 1), ("arrived_by", "a", 1, 0), ("arrived_by", "a", 3, 1))
    assert found.fate == ("repeated", "scored")
    assert found.score[1] == 0.25


def test_nobody_had_arrived_by_hand():
    """Not yet on day 2: 0² + 0.5² + 0.5², and nothing is known of days 3 and 4. Never: all days count."""
    assert scores(arrival(0, 0.5, 0.5, 1, 1), ("arrived_by", "a", 2, 0)).score[0] == 0.5
    never = scores(arrival(0, 0, 0, 0.1, 0.3), ("arrived_by", "a", 9, 1))
    assert never.score[0] == pytest.approx(0.1)  # 0.1² + 0.3²: it came after the last day
    assert np.isnan(never.middle[0])


@given(st.lists(st.floats(0, 1), min_size=5, max_size=5).map(sorted), st.integers(0, 4))
def test_the_right_day_for_sure_is_the_best_arrival(chances, at):
    sure = [float(number >= at) for number in range(5)]
    best, any_other = (scores(arrival(*one), ("arrived_by", "a", at, 1)).score[0] for one in (sure, chances))
    assert best == 0
    assert any_other >= 0


def test_why_a_row_is_not_scored():
    series = people("a", flat(1), flat(1))
    rows = [("people_tonight", "a", -1, 1), ("people_tonight", "a", 1, 1), ("people_tonight", "a", 2, 1)]
    assert scores(series, *rows).fate == ("before", "scored", "not forecast")
    assert scores(series, ("people_tonight", "b", 0, 1)).fate == ("not forecast",)
    assert scores(series, ("people_tonight", "a", 1, 1), published=ORIGIN).fate == ("known",)
    assert scores(series, ("people_tonight", "a", 1, 1), published=day(1)).fate == ("scored",)
    known = truth(("people_tonight", "a", 1, 1))
    assert score_rows(ForecastFile(ORIGIN, (series,)), known, horizon_days=0).fate == ("beyond",)


def test_skill_by_hand():
    """Unit a: 1 + 3 against 2 + 6; unit b: 8 against 4. Ratio 12 / 12; by unit sqrt(0.5 * 2)."""
    found = compare_scores(np.array([1.0, 3, 8, np.nan]), np.array([2.0, 6, 4, 9]), ["a", "a", "b", "c"])
    assert (found.rows, found.units, found.score, found.naive, found.ratio) == (3, 2, 4, 4, 1)
    assert found.by_unit == pytest.approx(1)
    # Two units: a quarter of resamples has only a (0.5), a quarter only b (2), a half both (1).
    assert (found.low, found.high) == (0.5, 2)


def test_skill_of_one_unit_has_no_interval():
    found = compare_scores(np.array([1.0, 2.0]), np.array([2.0, 2.0]), ["a", "a"])
    assert found.ratio == 0.75
    assert np.isnan([found.low, found.high]).all()
    nothing = compare_scores(np.array([np.nan]), np.array([1.0]), ["a"])
    assert (nothing.rows, nothing.units) == (0, 0)
    assert np.isnan(nothing.ratio)
    with pytest.raises(InvalidValueError, match="2 units"):
        compare_scores(np.array([1.0]), np.array([1.0]), ["a", "b"])


def test_resamples_have_their_names():
    """The same seed and name give the same units; another name others; each unit is drawn equally often."""
    again = resampled_units.__wrapped__(10, 1, "one")
    np.testing.assert_array_equal(resampled_units(10, 1, "one"), again)
    assert (resampled_units(10, 1, "other") != again).any()
    assert (resampled_units(10, 2, "one") != again).any()
    shares = np.bincount(again.ravel(), minlength=10) / again.size
    assert np.abs(shares - 0.1).max() < 0.01  # 20,000 draws: a standard error of 0.002


def test_relative_difference_of_rows_by_hand():
    """Day 0: (10 + 20) / 100. Day 1: 5 / 50, the row without a forecast left out. Day 2 has nobody."""
    days = np.array([0, 0, 1, 1, 2]).astype("datetime64[D]")
    found = relative_difference_of_rows(np.array([50.0, 20, 45, np.nan, 3]), np.array([60.0, 40, 50, 50, 0]), days)
    assert found == pytest.approx((0.3 + 0.1) / 2)
    assert np.isnan(relative_difference_of_rows(np.array([1.0]), np.array([0.0]), days[:1]))


def test_scores_by_target_and_unit():
    """Two journeys are the units; of one, blocks of days are."""
    forecast = ForecastFile(ORIGIN, (people("a", *[flat(10)] * 5), arrival(0, 0, 1, 1, 1)))
    naive = {"zero": ForecastFile(ORIGIN, (people("a", *[flat(0)] * 5),))}
    seen = truth(*[("people_tonight", "a", at, 20) for at in range(4)], ("arrived_by", "a", 1, 1))
    one = score_cases([Case("x", forecast, seen, naive)], block_days=2)
    by_name = {row.target: row for row in one}
    assert list(by_name) == ["people_tonight", "arrived_by"]
    row = by_name["people_tonight"]
    assert (row.rows, row.units, row.unit) == (4, 2, "people")
    assert (row.score, row.error, row.observed, row.relative_difference) == (pytest.approx(10), 10, 20, 0.5)
    assert row.skills["zero"].ratio == pytest.approx(0.5)
    assert row.best_naive == ("zero", row.skills["zero"])
    assert (by_name["arrived_by"].score, by_name["arrived_by"].unit, by_name["arrived_by"].error) == (1, "days", 1)
    assert by_name["arrived_by"].best_naive is None
    two = score_cases([Case("x", forecast, seen, naive), Case("y", forecast, seen)])
    assert {row.target: row.units for row in two} == {"people_tonight": 2, "arrived_by": 2}
    assert two[0].skills["zero"].rows == 4  # the other case has no naive forecast


def test_all_people_are_added_up():
    together = Series("still_together", "_journey", DAYS[:1], np.array([flat(30)]))
    forecast = ForecastFile(ORIGIN, (people("a", flat(10)), together))
    found = score_cases(
        [Case("", forecast, truth(("people_tonight", "a", 0, 20), ("still_together", "_journey", 0, 60)))]
    )
    assert [(row.target, row.score) for row in found] == [
        ("people_tonight", pytest.approx(10)),
        ("still_together", pytest.approx(30)),
        ("all of people", pytest.approx(20)),
    ]


def test_truth_that_cannot_be():
    with pytest.raises(UnknownNameError, match="people_tonight"):
        truth(("people_to_night", "a", 0, 1))
    with pytest.raises(InvalidValueError, match="told twice"):
        truth(("people_tonight", "a", 0, 1), ("people_tonight", "a", 0, 2))
    with pytest.raises(InvalidValueError, match="value nan"):
        truth(("people_tonight", "a", 0, float("nan")))

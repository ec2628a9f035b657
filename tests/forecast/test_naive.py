"""Naive forecasts of journeys and of counts in camps, by hand; and that they know nothing of later."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from posada.forecast.naive import (
    KEEP_PACE,
    LAST_RATIO,
    LAST_VALUE,
    NAIVE_MEANINGS,
    STAY_PUT,
    naive_forecasts,
)
from posada.forecast.naive_counts import COUNT_MEANINGS, naive_counts
from posada.forecast.registered_truth import registered_truth
from posada.io.folder import read_folder
from posada.model.errors import InvalidValueError
from posada.model.forecast_file import FILE_LEVELS, ForecastFile, Series
from posada.model.truth import TruthRow, make_truth
from tests.displaced import write_displaced
from tests.forecast.runs import FIRST, day, report, scenario

# From alder on day 0 to birch, 40 km on, on day 2: 20 km a day, so cedar, 40 km further, on day 4.
ON_THE_WAY = (
    report("a", 0, "headcount", place="alder", value=1000),
    report("b", 2, "headcount", place="birch", value=810),
    report("gone", 2, "repatriated", value=50, unit="people_cumulative"),
)


def middle(forecast: ForecastFile, target: str, place: str = "_journey") -> list[float]:
    series = forecast.find(target, place)
    assert series is not None
    return (series.values[:, 10] if series.values.ndim == 2 else series.values).tolist()


@pytest.fixture(scope="module")
def made():
    return naive_forecasts(scenario(reports=ON_THE_WAY), day(2), last_day=day(5))


def test_each_says_what_it_does(made):
    assert set(made) == set(NAIVE_MEANINGS)
    for forecast in made.values():
        assert (forecast.origin_date, forecast.last_day, forecast.levels) == (day(2), day(5), FILE_LEVELS)


def test_stay_put(made):
    """Two counts within three days: 1,000 and 810, the middle one of equal weight is the lower."""
    size = middle(made[STAY_PUT], "still_together")[0]
    assert middle(made[STAY_PUT], "people_tonight", "birch") == [size] * 4
    assert middle(made[STAY_PUT], "people_tonight", "cedar") == [0] * 4
    assert middle(made[STAY_PUT], "arrived_by", "alder") == [1] * 4
    assert middle(made[STAY_PUT], "arrived_by", "cedar") == [0] * 4
    assert middle(made[STAY_PUT], "returned_cumulative") == [50] * 4


def test_keep_pace(made):
    """Two days further by 20 km a day is cedar; 50 returned in two days are 25 a day."""
    size = middle(made[KEEP_PACE], "still_together")[0]
    assert middle(made[KEEP_PACE], "people_tonight", "birch") == [size, size, 0, 0]
    assert middle(made[KEEP_PACE], "people_tonight", "cedar") == [0, 0, size, size]
    assert middle(made[KEEP_PACE], "arrivals_today", "cedar") == [0, 0, size, 0]
    assert middle(made[KEEP_PACE], "arrived_by", "cedar") == [0, 0, 1, 1]
    assert middle(made[KEEP_PACE], "returned_cumulative") == [50, 75, 100, 125]
    assert middle(made[KEEP_PACE], "permits_cumulative") == [0] * 4


def test_last_ratio(made):
    """From 1,000 to 810 in two days is 0.9 a day."""
    size = middle(made[STAY_PUT], "still_together")[0]
    assert middle(made[LAST_RATIO], "people_tonight", "cedar") == pytest.approx([0, 0, size * 0.81, size * 0.729])


def test_last_value(made):
    """Alder keeps the people counted there, and the group stays where it is."""
    assert middle(made[LAST_VALUE], "people_tonight", "alder") == [1000] * 4
    assert middle(made[LAST_VALUE], "people_tonight", "birch") == middle(made[STAY_PUT], "people_tonight", "birch")


def test_nobody_is_counted_who_is_not_of_the_journey():
    many = (*ON_THE_WAY[:2], report("gone", 2, "repatriated", value=900, unit="people_cumulative"))
    found = naive_forecasts(scenario(reports=many), day(2), last_day=day(9))[KEEP_PACE]
    assert max(middle(found, "returned_cumulative")) == 900 + middle(found, "still_together")[0]


def test_nothing_later_is_known(made):
    later = report("late", 4, "headcount", place="cedar", value=9, about=2)
    found = naive_forecasts(scenario(reports=(*ON_THE_WAY, later)), day(2), last_day=day(5))
    for name, forecast in found.items():
        for one, other in zip(forecast.series, made[name].series, strict=True):
            np.testing.assert_array_equal(one.values, other.values)


def test_people_ahead_of_a_group_are_not_the_group(made):
    """They count where they are: only who keeps the last count of each town hears of them."""
    seen = report("seen", 2, "headcount", place="cedar", value=9, ahead=True)
    found = naive_forecasts(scenario(reports=(*ON_THE_WAY, seen)), day(2), last_day=day(5))
    assert middle(found[LAST_VALUE], "people_tonight", "cedar") == [9] * 4
    for name in set(found) - {LAST_VALUE}:
        for one, other in zip(found[name].series, made[name].series, strict=True):
            np.testing.assert_array_equal(one.values, other.values)


def test_a_group_seen_days_ago_has_gone_on():
    """On day 3 it was seen a day ago, so it is at cedar on day 4, one day ahead."""
    found = naive_forecasts(scenario(reports=ON_THE_WAY), day(3), last_day=day(5))[KEEP_PACE]
    assert middle(found, "arrived_by", "cedar") == [0, 1, 1]


def test_no_group():
    with pytest.raises(InvalidValueError, match="no group is under way"):
        naive_forecasts(scenario(), FIRST)


# --- counts in camps ---------------------------------------------------------------------------------------------


def counts(*rows: tuple[str, int, float], published: int | None = None):
    known = None if published is None else day(published)
    return make_truth(TruthRow("registered", camp, day(at), value, published=known) for camp, at, value in rows)


def forecast_of(camps: tuple[str, ...], origin: int) -> ForecastFile:
    days = np.array([day(origin) + dt.timedelta(days=at) for at in range(1, 4)], "datetime64[D]")
    return ForecastFile(day(origin), tuple(Series("registered", camp, days, np.zeros((3, 21))) for camp in camps))


def test_counts_by_hand():
    """Camp a from 100 to 170 in seven days: 10 a day. Both camps from 200 to 270: the seventh root of 1.35 a day."""
    seen = counts(("a", 0, 100), ("a", 7, 170), ("b", 0, 100), ("b", 7, 100), ("a", 8, 999))
    made = naive_counts(seen, forecast_of(("a", "b"), 7))
    assert set(made) == set(COUNT_MEANINGS)
    assert middle(made["last value"], "registered", "a") == [170] * 3
    assert middle(made["last pace"], "registered", "a") == [180, 190, 200]
    assert middle(made["last pace"], "registered", "b") == [100] * 3
    ratio = (270 / 200) ** (1 / 7)
    assert middle(made["last ratio"], "registered", "b") == pytest.approx([100 * ratio**at for at in (1, 2, 3)])


def test_counts_that_fall_end_at_nobody():
    seen = counts(("a", 0, 700), ("a", 7, 7))
    assert middle(naive_counts(seen, forecast_of(("a",), 7))["last pace"], "registered", "a") == [0] * 3


def test_without_counts_there_is_no_naive_forecast():
    assert naive_counts(counts(("a", 9, 5)), forecast_of(("a",), 7)) == {}
    assert naive_counts(counts(("a", 5, 5), published=8), forecast_of(("a",), 7)) == {}
    assert (
        naive_counts(counts(("a", 5, 5), published=7), forecast_of(("a", "b"), 7))["last value"].find("registered", "b")
        is None
    )


def test_registrations_as_truth(tmp_path):
    """Cedar: 100, 200 and 150 on the 1st, 5th and 6th; a correction on the 6th scales what stands before by 150 / 200.

    So 75 on the 1st and 150 on the 5th; the 3rd is half way, 112.5 cut to 112, and known only on the 5th.
    """
    found = {
        (row.location, row.day.day): row
        for row in registered_truth(read_folder(write_displaced(tmp_path / "a"))).rows()
    }
    assert [found["cedar", at].value for at in (1, 3, 5, 6, 10)] == [75, 112, 150, 150, 150]
    assert [found["cedar", at].published and found["cedar", at].published.day for at in (1, 3, 5, 6, 10)] == [
        1,
        5,
        5,
        6,
        None,
    ]

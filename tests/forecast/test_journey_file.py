"""From a run to a forecast file: by hand on runs written down, and against NumPy's quantiles."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posada.forecast.journey_file import forecast_file_of_run, member_quantiles
from posada.model.forecast_file import FILE_LEVELS, JOURNEY_TARGETS
from posada.model.start import StartingState
from tests.forecast.runs import PLACES, day, group, report, run, scenario, stays


def found(forecast, target, place="_journey"):
    series = forecast.find(target, place)
    assert series is not None
    return series.values


def test_every_target_has_its_series():
    made = forecast_file_of_run(run(scenario(), members=3, days=4, **stays([[0, 1, 1, 2]] * 3)))
    assert {row.target for row in made.series} == set(JOURNEY_TARGETS)
    assert len(made.series) == 3 * len(PLACES) + 7
    assert (made.origin_date, made.last_day) == (day(0), day(3))


def test_people_and_status_counts_by_hand():
    """Of two members one has 100 people in birch on day 1; permits and returns are those who ever got them."""
    whole = scenario()
    entries = np.zeros((2, 2, 5), np.int32)
    names = run(whole, members=2, days=2).status_ids
    entries[:, 1, names.index("permit")] = (10, 30)
    entries[:, 1, names.index("returned")] = (4, 4)
    made = forecast_file_of_run(run(whole, members=2, days=2, entries=entries, **stays([[0, 1], [0, 0]])))
    middle = FILE_LEVELS.index(0.5)
    assert found(made, "people_tonight", "birch")[:, middle].tolist() == [0, 50]
    assert found(made, "people_tonight", "alder")[0].tolist() == [100] * 21
    assert found(made, "permits_cumulative")[1, middle] == 20
    assert found(made, "returned_cumulative")[1].tolist() == [4] * 21
    assert found(made, "crossed_cumulative").max() == 0


def test_reached_in_passing_and_in_sleep():
    """Of four members two sleep in birch on day 1, one goes from alder to cedar in a day, one stays.

    All have reached alder; birch three of four on day 1; cedar one of four on day 1, three of four on day 2. One
    that is under way on day 1 has reached birch and cedar when it sleeps in cedar.
    """
    nights = [[0, 1, 2], [0, 1, 2], [0, 2, 2], [0, 0, 0]]
    made = forecast_file_of_run(run(scenario(), members=4, days=3, **stays(nights)))
    assert found(made, "arrived_by", "alder").tolist() == [1, 1, 1]
    assert found(made, "arrived_by", "birch").tolist() == [0, 0.75, 0.75]
    assert found(made, "arrived_by", "cedar").tolist() == [0, 0.25, 0.75]
    under_way = forecast_file_of_run(run(scenario(), members=1, days=3, **stays([[0, -1, 2]])))
    assert found(under_way, "arrived_by", "birch").tolist() == [0, 0, 1]


def test_what_was_reached_before_the_first_night():
    """The group is seen in cedar by then, having passed birch on its road; the other group's reports do not count."""
    reports = (report("a", 0, "arrival", place="birch"), report("b", 0, "arrival", place="cedar", group="second"))
    whole = scenario(reports=reports, groups=(group(), group("second", size_likely=10, size_low=5)))
    made = forecast_file_of_run(
        run(whole, members=1, days=2, at=StartingState(day(0)), people=np.zeros((1, 2, 3), np.int32))
    )
    assert found(made, "arrived_by", "birch").tolist() == [1, 1]
    assert found(made, "arrived_by", "cedar").tolist() == [0, 0]


def test_sensitive_places_are_left_out():
    from dataclasses import replace

    whole = scenario()
    hidden = whole.replace(places=(replace(whole.places[0], sensitive=True), *whole.places[1:]))
    made = forecast_file_of_run(run(hidden, members=2, days=2, **stays([[0, 0]] * 2)))
    assert made.find("people_tonight", "alder") is None
    assert made.find("people_tonight", "birch") is not None


@given(st.lists(st.lists(st.integers(0, 50), min_size=3, max_size=3), min_size=1, max_size=30))
def test_quantiles_are_those_of_numpy(members):
    counts = np.array(members, np.int32)
    expected = np.quantile(counts, FILE_LEVELS, axis=0).T
    np.testing.assert_allclose(member_quantiles(counts, FILE_LEVELS), expected, atol=1e-6)
    assert member_quantiles(counts * 0, FILE_LEVELS).sum() == pytest.approx(0)

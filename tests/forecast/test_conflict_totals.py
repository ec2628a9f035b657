"""How registrations go on: what is known on a day, the formula by hand, and no look ahead."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math

import numpy as np
import pytest

from posada.forecast.conflict_totals import KnownTotal, known_total, past_totals, total_error, total_paths
from posada.forecast.conflict_vintage import conflict_as_known
from posada.model.displacement import Condition
from posada.model.errors import InvalidValueError
from tests.conflicts import CEDAR, HEADER, START, conflict_files, read_conflict
from tests.displaced import read_displaced

PLAIN = {
    "floor_per_day": 0.0,
    "slowing_days": 50.0,
    "slowing_power": 2.0,
    "rise_sigma": 0.0,
    "count_sigma": 0.0,
    "conflict_power": 0.0,
}
KNOWN = KnownTotal(day=30, people=1000.0, people_per_day=10.0, conflict=4.0)


def day(number: int) -> dt.date:
    return START + dt.timedelta(days=number)


def test_the_formula_by_hand():
    """With power 2, A(h) = 50 * (1 - 1 / (1 + h / 50)): 25 days' pace after 50 days, 50 after endless ones."""
    paths = total_paths(KNOWN, np.array([0.0, 50.0, 1e9]), [PLAIN], members=2, seed=1)
    assert paths == pytest.approx(np.array([[1000, 1250, 1500]] * 2))
    evenly = total_paths(KNOWN, np.array([50.0]), [PLAIN | {"slowing_power": 1.0}], members=1, seed=1)
    assert evenly[0, 0] == pytest.approx(1000 + 10 * 50 * math.log(2), rel=1e-4)


def test_conflict_and_floor_by_hand():
    """Four times as much conflict to the power 0.5 doubles the pace; the floor adds 1000 * 0.002 a day."""
    own = PLAIN | {"conflict_power": 0.5, "floor_per_day": 0.002}
    assert total_paths(KNOWN, np.array([50.0]), [own], members=1, seed=1)[0, 0] == pytest.approx(1000 + 25 * 22)


def test_falling_counts_are_no_pace():
    falling = KnownTotal(30, 1000.0, -10.0, 1.0)
    assert total_paths(falling, np.array([50.0]), [PLAIN], members=1, seed=1)[0, 0] == 1000


def test_members_are_spread_as_said():
    """Of 400 members the logarithm of the rise has the spread 0.8, within 4 standard errors; sets take turns."""
    wide = PLAIN | {"rise_sigma": 0.8}
    rise = total_paths(KNOWN, np.array([50.0]), [wide], members=400, seed=3)[:, 0] - 1000
    assert np.log(rise / 250).std() == pytest.approx(0.8, abs=4 * 0.8 / math.sqrt(800))
    turns = total_paths(KNOWN, np.array([50.0]), [PLAIN, PLAIN | {"slowing_days": 1e9}], members=4, seed=3)[:, 0]
    assert turns == pytest.approx([1250, 1500, 1250, 1500])


def test_what_is_known_by_hand(tmp_path):
    """On day 35 cedar has its count of day 30, dogwood that of day 35; on day 5 there was cedar 100, dogwood 40."""
    scenario = read_conflict(tmp_path / "made-up")
    found = known_total(conflict_as_known(scenario, day(35)), 35)
    assert (found.day, found.people) == (35, 330 + 200)
    assert found.people_per_day == pytest.approx((530 - (100 + 50 // 2) - (40 + 20 // 3)) / 30)
    # Alder with 9000 residents in conflict on all days, birch with 4000 at half of it on days 3 to 6.
    assert found.conflict == pytest.approx(9000 / (9000 + 2000 * 4 / 36))


def test_nothing_later_is_known(tmp_path):
    """Counts after the day, corrections that lead up to them, and conflict after it."""
    scenario = read_conflict(tmp_path / "one")
    known = conflict_as_known(scenario, day(35))
    assert max(row.event_date for row in known.reports) == day(35)
    assert max(row.date for row in known.conflicts) <= day(35)
    later = {at: people * (5 if at > 35 else 1) for at, people in CEDAR.items()}
    changed = read_conflict(tmp_path / "two", cedar=later)
    assert conflict_as_known(changed, day(35)).hash == known.hash != changed.hash
    assert conflict_as_known(scenario, day(7)).conflicts[-1].date == day(7)
    assert conflict_as_known(scenario, day(6)).conflicts[-1].date == day(3)


def test_people_who_set_out_by_high_water_are_not_forecast_as_those_of_a_conflict(tmp_path):
    scenario = read_conflict(tmp_path / "made-up")
    by_water = dataclasses.replace(
        scenario.movement, spawn_by_high_water=True, displaced_per_high_water_day=(0.0, 10.0)
    )
    water = Condition("high_water", "alder", day(3), 1.0, scenario.places[0].source)
    with pytest.raises(InvalidValueError, match="'made-up' people set out by high water"):
        conflict_as_known(scenario.replace(movement=by_water, conditions=(water,)), day(35))


def test_before_conflict_there_is_nothing_to_forecast(tmp_path):
    scenario = read_conflict(tmp_path / "made-up")
    with pytest.raises(InvalidValueError, match="no place of 'made-up' is in conflict"):
        conflict_as_known(scenario, START - dt.timedelta(days=1))


def test_the_series_of_totals_stands_in_where_no_camp_was_counted(tmp_path):
    total = f"{HEADER}\nt1,{day(4)},{day(4)},registered,people,un,yes,counts,,900,\n"
    later = f"c1,{day(40)},{day(40)},registered,people,un,yes,counts,cedar,500,\n"
    scenario = read_displaced(tmp_path / "made-up", conflict_files() | {"reports.csv": total + later})
    found = known_total(conflict_as_known(scenario, day(10)), 10)
    assert (found.day, found.people) == (4, 900)
    with pytest.raises(InvalidValueError, match="nobody has been counted"):
        conflict_as_known(scenario, day(3))


def test_a_past_that_repeats_itself_has_no_error(tmp_path):
    """Counts that rise evenly, and a pace that does not slow: only what the integer days cut off is missed."""
    evenly = {at: 100 + 10 * at for at in range(0, 76, 5)}
    scenario = read_conflict(tmp_path / "made-up", cedar=evenly, dogwood={0: 40})
    past = past_totals(scenario)
    assert len(past) == 1  # day 30; day 60 has fewer than 30 days after it
    straight = PLAIN | {"slowing_days": 1e9}
    assert total_error(past, straight, members=3) < 1e-6
    assert total_error(past, PLAIN, members=3) > 0.05
    assert math.isnan(total_error([], PLAIN, members=3))

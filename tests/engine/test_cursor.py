"""An ensemble run day by day is the ensemble run at once, until members are chosen anew."""

import numpy as np
import pytest

from posada.engine.cursor import SHRINK, Cursor
from posada.engine.simulate import simulate_ensemble
from posada.io.folder import read_scenario
from posada.model.rates import RATES
from posada.model.start import StartingState

MEMBERS, DAYS = 200, 6
ARRAYS = ("people", "arrived", "without_roof", "entries", "current", "together", "main_place", "total", "under_way")


@pytest.fixture(scope="module")
def valley():
    return read_scenario("valley")


@pytest.fixture
def cursor(valley):
    at = Cursor(valley, MEMBERS, 5, workers=2)
    for _ in range(DAYS):
        at.advance()
    return at


@pytest.fixture(scope="module")
def whole(valley):
    return simulate_ensemble(valley, members=MEMBERS, seed=5)


def test_it_runs_the_same_days_as_a_simulation(cursor, whole):
    night = cursor.night()
    assert night.date == whole.dates[DAYS - 1]
    np.testing.assert_array_equal(night.people, whole.people[:, DAYS - 1])
    np.testing.assert_array_equal(night.entries_before, whole.entries[:, DAYS - 2])
    np.testing.assert_array_equal(night.together_most, whole.together[:, :DAYS].max(axis=1))


def test_run_on_it_ends_as_a_simulation_does(cursor, whole):
    ahead = cursor.run_on(MEMBERS, StartingState(cursor.date))
    assert ahead.dates == whole.dates[DAYS - 1 :]
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(ahead, name), getattr(whole, name)[:, DAYS - 1 :], name)


def test_some_of_the_members_can_be_run_on(cursor, whole):
    ahead = cursor.run_on(50, StartingState(cursor.date))
    np.testing.assert_array_equal(ahead.people[:, 0], whole.people[::4, DAYS - 1])


def test_where_a_main_body_is_can_be_seen_on_the_road_too(cursor, whole):
    night = cursor.night()
    towns = {row.id: row for row in whole.scenario.places}
    for at, group in enumerate(whole.group_ids):
        settled = whole.main_place[:, DAYS - 1, at] >= 0
        for row in np.flatnonzero(settled)[:20]:
            town = towns[whole.place_ids[whole.main_place[row, DAYS - 1, at]]]
            assert night.away_km(group, town.lat, town.lon)[row] == pytest.approx(0, abs=1e-6)
    assert np.isfinite(night.lat).any()


def test_copies_have_the_state_of_their_ancestor_and_go_their_own_ways(cursor):
    before = cursor.night().people
    ancestors = np.zeros(MEMBERS, np.int64)
    cursor.select(ancestors, np.full(MEMBERS, 1 / MEMBERS))
    np.testing.assert_array_equal(cursor.night().people, before[ancestors])
    cursor.advance()
    cursor.advance()
    assert len({row.tobytes() for row in cursor.night().people}) > 1


def test_a_choice_keeps_the_mean_and_the_spread_of_the_numbers_drawn_once(valley):
    at = Cursor(valley, 4000, 5, workers=2)
    at.advance()
    name = "walk_km_per_day"
    before = np.log(at.rate(name))
    for _ in range(5):
        at.select(np.arange(4000), np.full(4000, 1 / 4000))
    after = np.log(at.rate(name))
    assert after.mean() == pytest.approx(before.mean(), abs=4 * before.std() / np.sqrt(4000))
    assert after.std() == pytest.approx(before.std(), rel=0.06)
    assert np.corrcoef(before, after)[0, 1] == pytest.approx(SHRINK**5, abs=0.03)
    assert all(at.rate(rate).min() >= RATES[rate].minimum for rate in RATES)


def test_people_whose_end_was_not_seen_are_counted_and_nobody_is_lost(cursor):
    status = next(row.id for row in cursor.course.given.statuses if row.role == "final")
    index = cursor.status_ids.index(status)
    before = cursor.night().entries[:, index]
    cursor.add_to_final(status, np.full(MEMBERS, 37))
    assert (cursor.night().entries[:, index] == before + 37).all()
    cursor.advance()  # raises when the books do not add up
    assert (cursor.night().entries[:, index] >= before + 37).all()

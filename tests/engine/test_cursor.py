"""An ensemble run day by day is the ensemble run at once, until members are chosen anew."""

import numpy as np
import pytest

from posada.engine.chunks import even_chunks
from posada.engine.cursor import Cursor
from posada.engine.scores import PRIOR_COUNTS, SHRINK
from posada.engine.simulate import new_members, plan_course, run_days, simulate_ensemble
from posada.engine.state import OF_ONE_DAY, new_books
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
    ahead = cursor.run_on(np.arange(MEMBERS), StartingState(cursor.date))
    assert ahead.dates == whole.dates[DAYS - 1 :]
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(ahead, name), getattr(whole, name)[:, DAYS - 1 :], name)


def test_some_of_the_members_can_be_run_on(cursor, whole):
    kept = np.array([4, 4, 8, 100])
    ahead = cursor.run_on(kept, StartingState(cursor.date))
    np.testing.assert_array_equal(ahead.people[:, 0], whole.people[kept, DAYS - 1])


def test_it_goes_on_from_a_night_that_was_kept(valley, cursor):
    """After a choice as well, which the other cursor never made."""
    cursor.select(np.arange(MEMBERS) // 2, np.full(MEMBERS, 1 / MEMBERS))
    kept = {name: array.copy() for name, array in cursor.state().items()}
    other = Cursor(valley, MEMBERS, 5, workers=1)
    other.restore(kept)
    assert (other.date, other.days_left) == (cursor.date, cursor.days_left)
    for at in (cursor, other):
        at.advance()
        at.select(np.arange(MEMBERS)[::-1], np.full(MEMBERS, 1 / MEMBERS))
    for name, array in cursor.state().items():
        np.testing.assert_array_equal(other.state()[name], array, name)
    np.testing.assert_array_equal(other.night().lat_before, cursor.night().lat_before)


def test_who_sets_out_on_the_first_day_slept_at_its_origin_before(valley):
    """The walkers leave Alder on the first day; the riders gather there five days later."""
    at = Cursor(valley, 3, 5)
    at.advance()
    alder = valley.place("alder")
    assert at.night().away_km("walkers", alder.lat, alder.lon, before=True) == pytest.approx(0, abs=1e-6)
    assert np.isinf(at.night().away_km("riders", alder.lat, alder.lon, before=True)).all()


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
    away = cursor.night().lat_before.copy()
    ancestors = np.zeros(MEMBERS, np.int64)
    cursor.select(ancestors, np.full(MEMBERS, 1 / MEMBERS))
    np.testing.assert_array_equal(cursor.night().people, before[ancestors])
    np.testing.assert_array_equal(cursor.night().lat_before, away[ancestors])
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


def test_a_choice_among_few_draws_numbers_back_towards_their_law(valley):
    """Of five members: half way, as the law counts as five; the spread is then the mean of both variances."""
    at = Cursor(valley, 4000, 5, workers=2)
    at.advance()
    before = np.log(at.rate("walk_km_per_day"))
    five, weights = np.arange(4000) % 5, np.zeros(4000)
    weights[:5] = 1 / 5
    at.select(five, weights)
    after = np.log(at.rate("walk_km_per_day"))
    share = 5 / (5 + PRIOR_COUNTS)
    law_mean, law_sd = before.mean(), before.std()
    assert after.mean() == pytest.approx(share * before[:5].mean() + (1 - share) * law_mean, abs=0.1 * law_sd)
    expected = np.sqrt(share * before[:5].var() + (1 - share) * law_sd**2)
    assert after.std() == pytest.approx(expected, rel=0.1)


def test_copies_draw_their_destination_anew(valley):
    """All are copies of one member, whose riders make for one city; Elm has a quarter of the chances again."""
    at = Cursor(valley, 4000, 5, workers=2, is_wider=True)
    for _ in range(8):
        at.advance()
    at.select(np.zeros(4000, np.int64), np.full(4000, 1 / 4000))
    elm = at.night().place_ids.index("elm")
    assert (at.destination("riders") == elm).mean() == pytest.approx(0.25, abs=0.03)


def test_people_whose_end_was_not_seen_are_counted_and_nobody_is_lost(cursor):
    status = next(row.id for row in cursor.course.given.statuses if row.role == "final")
    index = cursor.status_ids.index(status)
    before = cursor.night().entries[:, index]
    cursor.add_to_final(status, np.full(MEMBERS, 37))
    assert (cursor.night().entries[:, index] == before + 37).all()
    cursor.advance()  # raises when the books do not add up
    assert (cursor.night().entries[:, index] >= before + 37).all()


def test_what_is_of_one_day_says_nothing_of_a_night(valley, whole):
    """So it is neither kept nor copied: a day is the same when its tables were scribbled over the night before."""
    course = plan_course(valley, 5)
    chunk, crowd = new_members(course, MEMBERS)
    books = new_books(course.world, MEMBERS, course.days)
    luck = course.maker.draw(0, MEMBERS)
    for day in range(course.days):
        run_days(course, (chunk, crowd), luck, books, 0, days=range(day, day + 1), page=day)
        assert not chunk.tally.came.any()
        assert not chunk.tally.came_alone.any()
        pieces = {name: getattr(chunk, name) for name in OF_ONE_DAY}
        for array in (*pieces["rates"], *pieces["plans"], *pieces["seats"], pieces["tally"].set_out):
            array.view(np.uint8)[:] = 1
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(books, name), getattr(whole, name), name)


@pytest.mark.parametrize(
    ("members", "most", "workers", "size"),
    [(1500, 512, 2, 375), (20_000, 512, 2, 500), (3, 512, 2, 2), (10, 512, 1, 10)],
)
def test_chunks_are_even(members, most, workers, size):
    """1,500 are three chunks of 512, so four for two threads: 375 each, and no thread waits for another."""
    assert even_chunks(members, most, workers) == size

"""What a filter adds to the engine: moves to where a group is reported, weighed by hand, and regimes that change."""

from dataclasses import replace

import numpy as np
import pytest

from posada.engine import wider
from posada.engine.cursor import Cursor
from posada.io.folder import read_scenario
from posada.model.great_circle import great_circle_km
from posada.model.rates import RATES
from posada.model.start import StartingState
from tests.engine.worlds import line, town

MEMBERS = 1000


@pytest.fixture(scope="module")
def valley():
    return read_scenario("valley")


@pytest.fixture
def cursor(valley):
    at = Cursor(valley, MEMBERS, 7, workers=2, is_wider=True)
    for _ in range(4):
        at.advance()
    return at


def _away_km(cursor, place):
    town = next(row for row in cursor.course.given.places if row.id == place)
    return cursor.night().away_km("walkers", town.lat, town.lon)


def test_nearer_places_are_likelier_and_chances_add_up_to_one():
    km, scale = np.array([[0.0, 100.0, 200.0]]), np.array([100.0])
    pull = np.exp([0.0, -1.0, -2.0])
    np.testing.assert_allclose(wider.chances_of_places(km, scale), [pull / pull.sum()])


def test_the_numbers_of_the_wider_model_are_log_uniform_within_their_bounds():
    ends = wider.wider_numbers(np.array([[0.0, 0.0], [0.5, 0.5], [1.0, 1.0]]))
    for (low, high), found in zip((wider.CHANCE_PER_NIGHT, wider.SCALE_KM), ends, strict=True):
        np.testing.assert_allclose(found, [low, np.sqrt(low * high), high])


def test_half_of_those_who_are_elsewhere_are_moved_and_weighed_by_what_the_model_makes_of_it(cursor):
    """The weight of a move is its chance in the model over one half; of no move, the chance of none over one half."""
    before, nights = cursor.night(), 2
    far = _away_km(cursor, "fir") > wider.NEAR_KM
    places = cursor.course.ordered.places
    km = great_circle_km(
        before.lat[:, -1:], before.lon[:, -1:], [row.lat for row in places], [row.lon for row in places]
    )
    assert before.group_ids[-1] == "walkers"
    numbers = wider.wider_numbers(cursor.wider)
    log = cursor.relocate("walkers", ("fir",), nights)
    moved = far & (_away_km(cursor, "fir") < 1e-6)
    assert far.mean() > 0.5
    assert moved.sum() / far.sum() == pytest.approx(wider.TRIED, abs=4 * np.sqrt(0.25 / far.sum()))
    chance = 1 - (1 - numbers[0]) ** nights
    near = wider.chances_of_places(km, numbers[1] * nights)[:, [row.id for row in places].index("fir")]
    np.testing.assert_allclose(log[moved], np.log(chance * near / wider.TRIED)[moved])  # all make for fir
    np.testing.assert_allclose(log[far & ~moved], np.log((1 - chance) / (1 - wider.TRIED))[far & ~moved])
    np.testing.assert_allclose(log[~far], np.log(1 - chance)[~far])


def test_a_move_takes_the_main_body_along_in_the_books_of_the_night_and_loses_nobody(cursor):
    before = cursor.night()
    cursor.relocate("walkers", ("elm",), 1)
    night, elm = cursor.night(), before.place_ids.index("elm")
    moved = (_away_km(cursor, "elm") < 1e-6) & (night.people[:, elm] > before.people[:, elm])
    at = night.group_ids.index("walkers")
    assert moved.sum() > MEMBERS / 5
    assert (night.people[moved, elm] >= before.people[moved, elm] + night.main_people[moved, at]).all()
    run = cursor.run_on(np.arange(MEMBERS), StartingState(cursor.date))  # raises when the books do not add up
    final = [row.id for row in cursor.course.given.statuses if row.role == "final"]
    ended = run.current[:, 0, [run.status_ids.index(name) for name in final]].sum(axis=1)
    np.testing.assert_array_equal(run.people[:, 0].sum(axis=1) + run.under_way[:, 0] + ended, run.total[:, 0])


@pytest.mark.parametrize(("kind", "nights"), [("city", 3), ("town", 1)])
def test_a_body_that_is_moved_halts_as_one_that_arrives(kind, nights):
    """Three nights in a city, where the engine halts for certain: two more after the one of the move."""
    world = line(25, 25, 25, 500, days=9, rates={"city_halt_probability": 1})
    places = (replace(town(row.id, kind=kind), lat=10.0 + at) for at, row in enumerate(world.places))
    world = world.replace(places=tuple(places))
    at = Cursor(world, 200, 7, is_wider=True)
    for _ in range(2):
        at.advance()
    before = at.night()
    at.relocate("main", ("dogwood",), 1)
    dogwood = before.place_ids.index("dogwood")
    moved = (at.night().people[:, dogwood] > 0) & (before.people[:, dogwood] == 0)
    assert moved.sum() > 50
    stays = np.ones(moved.sum(), int)
    for _ in range(3):
        at.advance()
        stays += at.night().people[moved, dogwood] > 0
    assert (stays == nights).all()


def test_people_who_joined_unseen_are_in_the_group_and_nobody_is_lost(cursor):
    before = cursor.night()
    at = before.group_ids.index("walkers")
    cursor.add_to_group("walkers", np.full(MEMBERS, 55))
    night = cursor.night()
    there = before.main_people[:, at] > 0
    assert (night.main_people[there, at] == before.main_people[there, at] + 55).all()
    assert (night.together[there] == before.together[there] + 55).all()
    cursor.advance()  # raises when the books do not add up


def test_what_sets_the_pace_changes_in_a_tenth_of_the_members_a_day_and_nothing_else_does(cursor):
    names = [*wider.OF_REGIME, "leave_rate_at_halt_per_day"]
    before = {name: cursor.rate(name).copy() for name in names}
    cursor.advance()
    changed = {name: np.mean(cursor.rate(name) != before[name]) for name in names}
    error = 4 * np.sqrt(0.09 / MEMBERS)
    assert changed.pop("leave_rate_at_halt_per_day") == 0
    assert all(share == pytest.approx(1 / wider.REGIME_DAYS, abs=error) for share in changed.values())
    assert all(cursor.rate(rate).min() >= RATES[rate].minimum for rate in RATES)


def test_a_wider_run_ahead_is_the_same_on_any_number_of_threads_and_reaches_further(valley):
    def ahead(workers, *, is_wider):
        at = Cursor(valley, 200, 7, workers=workers, is_wider=is_wider)
        for _ in range(3):
            at.advance()
        return at.run_on(np.arange(200), StartingState(at.date))

    one, two, narrow = ahead(1, is_wider=True), ahead(2, is_wider=True), ahead(2, is_wider=False)
    np.testing.assert_array_equal(one.people, two.people)
    np.testing.assert_array_equal(one.main_place, two.main_place)
    assert (one.main_place != narrow.main_place).any()


def test_where_a_group_makes_for_is_drawn_anew_among_what_the_way_so_far_was_no_detour_for(cursor):
    """Elm lies on the way from Alder to Fir; both are possible for the riders, one in four makes for Elm."""
    destination, members = cursor.destination("riders"), np.arange(MEMBERS)
    places = [row.id for row in cursor.course.ordered.places]
    share = (destination == places.index("elm")).mean()
    assert share == pytest.approx(0.25, abs=4 * np.sqrt(0.1875 / MEMBERS))
    for _ in range(6):
        cursor.advance()
    later = cursor.destination("riders")
    changed = (later != destination).mean()
    assert 0 < changed < 0.375  # drawn anew in a tenth a day; 0.375 is the chance that another draw differs
    assert (later == places.index("elm")).mean() == pytest.approx(0.25, abs=0.1)
    assert set(np.unique(later[members])) <= {places.index("elm"), places.index("fir")}

"""People ahead of their group: where they are put, whom they leave, and what they say of where it makes for."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from posada.engine.ahead import MOST_AHEAD
from posada.engine.alone import GO_ELSEWHERE
from posada.engine.cursor import Cursor
from posada.engine.wider import DETOUR_KM, detours_km
from posada.model.journeys import Destination
from posada.model.start import StartingState
from tests.engine.worlds import SAYS, group, line, road, town

MEMBERS = 40


def _cursor(*gaps_km, members=MEMBERS, days=9, nights=2, **tables):
    """Return the members of a line of towns a degree apart, some nights on their way."""
    world = line(*gaps_km, days=days, **tables)
    world = world.replace(places=tuple(replace(row, lat=10.0 + at) for at, row in enumerate(world.places)))
    cursor = Cursor(world, members, 7, is_wider=True)
    for _ in range(nights):
        cursor.advance()
    return cursor


def _people(cursor, place):
    night = cursor.night()
    return night.people[:, night.place_ids.index(place)]


def _run_on(cursor):
    """Go on, which raises when the books do not add up."""
    return cursor.run_on(np.arange(cursor.members), StartingState(cursor.date))


def test_people_ahead_leave_the_main_body_and_nobody_is_lost():
    """100 people in Birch after a stage of 25 km; 30 of them are said to be in Dogwood."""
    cursor = _cursor(25, 25, 25, 25)
    assert (_people(cursor, "birch") == 100).all()
    cursor.put_ahead("main", "dogwood", np.full(MEMBERS, 30))
    night = cursor.night()
    assert (_people(cursor, "dogwood") == 30).all()
    assert (_people(cursor, "birch") == 70).all()
    assert (night.main_people == 70).all()
    assert (night.group_people == 100).all()
    assert (night.together == 100).all()
    run = _run_on(cursor)
    assert (run.arrived[:, 0, run.place_index("dogwood")] == 30).all()
    assert (run.people[:, 1, run.place_index("elm")] == 30).all()
    assert (run.total == 100).all()


def test_those_ahead_are_at_least_so_many_and_not_all():
    cursor = _cursor(25, 25, 25, 25)
    cursor.put_ahead("main", "dogwood", np.full(MEMBERS, 30))
    cursor.put_ahead("main", "dogwood", np.full(MEMBERS, 20))
    assert (_people(cursor, "dogwood") == 30).all()
    cursor.put_ahead("main", "dogwood", np.full(MEMBERS, 45))
    assert (_people(cursor, "dogwood") == 45).all()
    cursor.put_ahead("main", "dogwood", np.full(MEMBERS, 1000))
    assert (_people(cursor, "dogwood") == 45 + int(55 * MOST_AHEAD)).all()


def test_those_who_are_ahead_already_come_first():
    cursor = _cursor(25, 25, 25, 25)
    cursor.put_ahead("main", "cedar", np.full(MEMBERS, 30))
    cursor.put_ahead("main", "dogwood", np.full(MEMBERS, 40))
    assert (_people(cursor, "cedar") == 0).all()
    assert (_people(cursor, "dogwood") == 40).all()
    assert (_people(cursor, "birch") == 60).all()
    _run_on(cursor)


def test_those_who_have_come_further_stay_there():
    cursor = _cursor(25, 25, 25, 25)
    cursor.put_ahead("main", "dogwood", np.full(MEMBERS, 30))
    cursor.put_ahead("main", "cedar", np.full(MEMBERS, 20))
    assert [_people(cursor, place)[0] for place in ("birch", "cedar", "dogwood")] == [50, 20, 30]
    _run_on(cursor)


def test_where_the_main_body_is_nobody_is_ahead():
    cursor = _cursor(25, 25, 25, 25)
    cursor.put_ahead("main", "birch", np.full(MEMBERS, 30))
    assert (cursor.night().main_people == 100).all()
    assert (_people(cursor, "birch") == 100).all()


def test_all_statuses_and_needs_go_ahead_in_proportion():
    """Of 100 people 40 are children, 20 older: 15 of 30 who go ahead, or one more or less of each."""
    shares = {"share_children": 0.4, "share_older": 0.2}
    cursor = _cursor(25, 25, 25, 25, groups=(group(to="elm", **shares),))
    before = cursor.state()["parts.people"].sum(axis=(1, 2))
    cursor.put_ahead("main", "dogwood", np.full(MEMBERS, 50))
    people = cursor.state()["parts.people"]
    np.testing.assert_array_equal(people.sum(axis=(1, 2)), before)
    ahead = people[:, 1:].sum(axis=(1, 2))
    assert (ahead.sum(axis=1) == 50).all()
    assert (np.abs(ahead - before / 2) <= 1).all()


def _fork(members=4000):
    """Return members whose group makes for Elm or for Fir, which lie 100 and 300 km beyond a fork in Cedar."""
    roads = (
        road("alder", "birch", 25),
        road("birch", "cedar", 25),
        road("cedar", "elm", 100),
        road("cedar", "fir", 300),
    )
    places = tuple(town(name, kind="border_crossing" if name in ("elm", "fir") else "town") for name in NAMES)
    return _cursor(
        25,
        members=members,
        nights=1,
        places=places,
        routes=roads,
        groups=(group(to="elm"),),
        destinations=(Destination("main", "fir", 0.25, SAYS),),
    )


NAMES = ("alder", "birch", "cedar", "elm", "fir")


@pytest.mark.parametrize("seen", [("fir",), ("cedar", "fir")])
def test_a_group_likely_makes_for_where_those_ahead_were_seen(seen):
    """By Fir the way to Elm is 600 km longer, so it is e to the -3 times as likely, but for those who go elsewhere."""
    cursor = _fork()
    fir = cursor.night().place_ids.index("fir")
    assert (cursor.destination("main") == fir).mean() == pytest.approx(0.25, abs=0.03)
    cursor.make_for("main", seen, anew=True)
    elm = GO_ELSEWHERE + (1 - GO_ELSEWHERE) * np.exp(-600 / DETOUR_KM)
    expected = 0.25 / (0.25 + 0.75 * elm)
    error = 4 * np.sqrt(expected * (1 - expected) / cursor.members)
    assert (cursor.destination("main") == fir).mean() == pytest.approx(expected, abs=error)


def test_where_all_ways_lead_by_nothing_changes():
    cursor = _fork(200)
    before = cursor.state()["goals"].copy()
    cursor.make_for("main", ("cedar",), anew=False)
    np.testing.assert_allclose(cursor.state()["goals"], before)


def test_what_was_seen_before_does_not_count_twice():
    cursor = _fork(200)
    cursor.make_for("main", ("fir",), anew=False)
    once = cursor.state()["goals"].copy()
    cursor.make_for("main", ("fir",), anew=False)
    np.testing.assert_allclose(cursor.state()["goals"], once)
    assert once.sum() == pytest.approx(100)  # people of the group, by where it may go


def test_a_place_says_nothing_of_a_destination_without_a_way():
    """By Birch, 5 km off the road of 30, the way is 10 km longer; Elm cannot be reached from either."""
    way = np.full((4, 4), np.inf)
    way[2, :3] = 30.0, 25.0, 0.0  # to Cedar, from Alder, Birch and Cedar
    way[1, 0] = 15.0  # from Birch back to Alder, where the group began
    bodies = SimpleNamespace(origin=np.array([0]), goals=np.array([2, 3]))
    land = SimpleNamespace(way_to=way, bodies=bodies)
    np.testing.assert_array_equal(detours_km(land, 0, np.array([1])), [[10.0, 0.0]])

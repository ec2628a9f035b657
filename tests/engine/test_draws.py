"""Luck: the same on any number of threads, for any range of members, whatever else a scenario holds.

What differs with the order of rows is said here: transitions are taken in the order of their table, by
intention. Nothing else does.
"""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from posada.model.errors import ScenarioError
from posada.model.offers import Stance
from tests.engine.conftest import play_checked
from tests.engine.worlds import (
    FIRST,
    SAYS,
    busy,
    day,
    group,
    road,
    signal,
    site,
    town,
    transition,
    vehicle,
)
from tests.strategies import scenarios

BY_DAY = (
    "people",
    "arrived",
    "without_roof",
    "places_short",
    "entries",
    "current",
    "together",
    "main_people",
    "under_way",
    "total",
    "main_place",
)
BY_MEMBER = (*BY_DAY, "arrival_hour", "drawn")
SMALL_CHUNKS = 5
ONE_DAY = dt.timedelta(days=1)


def assert_same(one, other, names=BY_MEMBER):
    for name in names:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)


def _differ(one, other):
    return any(not np.array_equal(getattr(one, name), getattr(other, name)) for name in BY_DAY)


@pytest.fixture(autouse=True, scope="module")
def _small_chunks():
    """Let a dozen members be several chunks, so that threads have something to share out."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("posada.engine.simulate.CHUNK_MEMBERS", SMALL_CHUNKS)
        yield


@given(scenarios(), st.integers(0, 2**63 - 1))
@settings(max_examples=25)
def test_section_10_any_number_of_threads_gives_the_same(scenario, seed):
    runs = [play_checked(scenario, members=12, seed=seed, workers=workers) for workers in (1, 2, 3)]
    assert_same(runs[0], runs[1])
    assert_same(runs[0], runs[2])


@given(scenarios(), st.integers(0, 2**63 - 1), st.integers(1, 11))
@settings(max_examples=25)
def test_section_10_members_do_not_depend_on_one_another(scenario, seed, cut):
    """The first members of a long run are those of a short one, and ranges glued together are the whole."""
    whole = play_checked(scenario, members=12, seed=seed)
    first = play_checked(scenario, members=cut, seed=seed)
    rest = play_checked(scenario, members=12 - cut, seed=seed, first_member=cut)
    for name in BY_MEMBER:
        glued = np.concatenate([getattr(first, name), getattr(rest, name)])
        np.testing.assert_array_equal(glued, getattr(whole, name), err_msg=name)


def test_section_10_many_members_on_many_threads(play):
    assert_same(play(busy(), members=600, workers=1), play(busy(), members=600, workers=7))


def test_section_10_a_seed_is_a_seed_and_zero_is_one_too(play):
    runs = {seed: play(busy(), members=10, seed=seed) for seed in (0, 1, 2, 2**32, 2**63 - 1)}
    assert_same(runs[0], play(busy(), members=10, seed=0))
    pairs = [(one, other) for one in runs for other in runs if one < other]
    assert all(_differ(runs[one], runs[other]) for one, other in pairs)
    members = runs[0].people
    assert all(not np.array_equal(members[0], members[k]) for k in range(1, 10))


FREE_ORDER = ("routes", "destinations", "itinerary", "sites", "stances", "signals", "parameters", "sources", "reports")


@given(scenarios(), st.randoms(use_true_random=False))
@settings(max_examples=25)
def test_section_9_the_order_of_rows_does_not_matter(scenario, random):
    tables = {}
    for name in FREE_ORDER:
        rows = list(scenario.table(name))
        random.shuffle(rows)
        tables[name] = tuple(rows)
    other = play_checked(scenario.replace(**tables), members=8)
    assert_same(play_checked(scenario, members=8), other, BY_DAY)


def _by_name(run, name, axis_ids):
    """Return an array with its last axis in the order of the identifiers."""
    order = np.argsort(axis_ids)
    return getattr(run, name)[..., order]


def assert_same_by_name(one, other):
    for name in ("people", "arrived", "without_roof", "places_short", "largest_departure", "arrival_hour"):
        np.testing.assert_array_equal(
            _by_name(one, name, one.place_ids), _by_name(other, name, other.place_ids), err_msg=name
        )
    for name in ("entries", "current"):
        np.testing.assert_array_equal(
            _by_name(one, name, one.status_ids), _by_name(other, name, other.status_ids), err_msg=name
        )
    np.testing.assert_array_equal(
        _by_name(one, "main_people", one.group_ids), _by_name(other, "main_people", other.group_ids)
    )
    assert_same(one, other, ("together", "under_way", "total"))


@pytest.mark.parametrize("table", ["places", "groups", "statuses", "vehicles"])
def test_section_9_the_order_of_places_and_groups_does_not_matter(play, table):
    world = busy()
    backwards = world.replace(**{table: world.table(table)[::-1]})
    assert_same_by_name(play(world, members=40), play(backwards, members=40))


def test_section_9_the_order_of_rows_does_not_matter_in_a_journey_that_uses_everything(play):
    world = busy()
    for table in FREE_ORDER:
        backwards = world.replace(**{table: world.table(table)[::-1]})
        assert_same(play(world, members=20), play(backwards, members=20), BY_DAY)


@given(scenarios(), st.integers(0, 7))
@settings(max_examples=25)
def test_a_place_far_away_changes_nothing(scenario, position):
    """Two towns with a road between them and none to the others, somewhere in the table."""
    far = (town("far-one", kind="city"), town("far-two"))
    places = list(scenario.places)
    places[position:position] = far
    routes = (*scenario.routes, road("far-one", "far-two", 12))
    other = scenario.replace(places=tuple(places), routes=routes, sites=(*scenario.sites, site("far-one")))
    one, two = play_checked(scenario, members=6), play_checked(other, members=6)
    kept = [two.place_index(place) for place in one.place_ids]
    for name in ("people", "arrived", "without_roof", "places_short", "largest_departure", "arrival_hour"):
        np.testing.assert_array_equal(getattr(two, name)[..., kept], getattr(one, name), err_msg=name)
    assert_same(one, two, ("entries", "current", "together", "main_people", "under_way", "total"))
    assert two.people[:, :, two.place_index("far-one")].sum() == 0


CHANGE_DAY = 6


def _place(world, table, *, there):
    """Return a place after the first that has, or has not, a row in a table; one half way."""
    having = {row.place for row in world.table(table)}
    fitting = [place.id for place in world.places[1:] if (place.id in having) is there]
    return fitting[len(fitting) // 2] if fitting else world.places[1].id


def _first_final(world):
    return next(row.id for row in world.statuses if row.role == "final")


def _initial(world):
    return next(row.id for row in world.statuses if row.initial)


def _third(world, goal, first_night):
    origin = world.groups[0].origin
    return group(500, goal, id="third", origin=origin, departs=first_night + ONE_DAY)


def _elsewhere(world):
    known = (world.groups[0].origin, *(row.destination for row in world.groups))
    return next((row.id for row in world.places if row.id not in known), world.groups[0].destination)


CHANGES = {
    "a site opens where there are others": lambda w, d: {
        "sites": (*w.sites, site(_place(w, "sites", there=True), 900, id="new", open_from=d))
    },
    "a site opens where there was none": lambda w, d: {
        "sites": (*w.sites, site(_place(w, "sites", there=False), 900, id="new", open_from=d))
    },
    "sites close": lambda w, d: {
        "sites": tuple(
            dataclasses.replace(row, open_to=min(row.open_to or d, d - ONE_DAY))
            for row in w.sites
            if row.open_from is None or row.open_from < d
        )
        + tuple(row for row in w.sites if row.open_from is not None and row.open_from >= d)
    },
    "a vehicle comes where there are others": lambda w, d: {
        "vehicles": (*w.vehicles, vehicle(_place(w, "vehicles", there=True), 900, id="new", open_from=d, range_km=80))
    },
    "a vehicle comes where there was none": lambda w, d: {
        "vehicles": (*w.vehicles, vehicle(_place(w, "vehicles", there=False), 900, id="new", open_from=d, range_km=95))
    },
    "offers are withdrawn": lambda w, d: {
        "vehicles": tuple(
            dataclasses.replace(row, withdrawn_on=min(row.withdrawn_on or d, d), open_to=None) for row in w.vehicles
        )
    },
    "a signal on a rate": lambda w, d: {"signals": (*w.signals, signal("walk_km_per_day", 3, (d - FIRST).days))},
    "a signal on a transition": lambda w, d: {
        "signals": (*w.signals, *(signal(row.id, 9, (d - FIRST).days) for row in w.procedure))
    },
    "a transition": lambda w, d: {
        "procedure": (
            *w.procedure,
            transition(_initial(w), _first_final(w), "hazard_per_day", 0.2, id="new", open_from=d),
        )
    },
    "a stance": lambda w, d: {
        "stances": (
            *(row for row in w.stances if row.since < d),
            *(Stance(place.id, d, "refuse", SAYS) for place in w.places),
        )
    },
    "roads close": lambda w, d: {
        "routes": tuple(
            dataclasses.replace(row, open_to=d - ONE_DAY)
            if row.mode == "road" and row.open_to is None and (row.open_from is None or row.open_from < d)
            else row
            for row in w.routes
        )
    },
    "a group": lambda w, d: {
        "groups": (
            *w.groups,
            group(500, w.groups[0].destination, id="third", origin=w.groups[0].origin, departs=d + ONE_DAY),
        )
    },
    "a group that goes elsewhere": lambda w, d: {"groups": (*w.groups, _third(w, _elsewhere(w), d))},
}
"""Changes of any scenario that begin on a day: what is not named stays as it is."""


def assert_same_before(one, other, number):
    for name in BY_DAY:
        before, after = getattr(one, name), getattr(other, name)
        if name in ("main_people", "main_place"):
            after = after[..., [other.group_ids.index(group_id) for group_id in one.group_ids]]
        np.testing.assert_array_equal(before[:, :number], after[:, :number], err_msg=name)


@pytest.mark.parametrize("change", CHANGES)
def test_section_10_what_begins_on_a_day_changes_nothing_before(play, change):
    world = busy()
    other = world.replace(**CHANGES[change](world, day(CHANGE_DAY)))
    one, two = play(world, members=60), play(other, members=60)
    assert_same_before(one, two, CHANGE_DAY)
    assert _differ(one, two), "the change matters from its day on"


@given(scenarios(), st.sampled_from(sorted(CHANGES)), st.data())
@settings(max_examples=60)
def test_section_10_in_generated_journeys_nothing_changes_before_its_day(scenario, change, data):
    number = data.draw(st.integers(1, (scenario.settings.end - scenario.settings.start).days))
    if change == "offers are withdrawn":
        always = tuple(dataclasses.replace(row, open_to=None, withdrawn_on=None) for row in scenario.vehicles)
        scenario = scenario.replace(vehicles=always)
    try:
        other = scenario.replace(**CHANGES[change](scenario, day(number)))
    except ScenarioError:
        reject()  # a road that closes may leave a destination without a way
    one, two = play_checked(scenario, members=6), play_checked(other, members=6)
    assert_same_before(one, two, number)

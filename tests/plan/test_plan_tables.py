"""The rows of a plan: spreads by hand, seats never over-filled, families whole, people conserved, names kept back."""

from __future__ import annotations

import dataclasses
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posada.model.demand import DEMAND_CLASSES, FAMILIES
from posada.model.sensitive import NOT_NAMED, ShownNames
from posada.plan.planning import make_plan
from posada.plan.seating import seat_people
from posada.plan.shopping import supply_rows
from posada.plan.spread import by_future, spread, weighted_quantile, whole_people
from posada.plan.standards import read_standards
from posada.plan.tables import load_rows, lodging_rows, opening_rows, reserve_rows, trip_rows
from tests.plan.corridors import EXACT, FIRST, buses, corridor, problem, site, walk
from tests.plan.test_plan_by_hand import STAMP


def test_quantiles_of_weighted_futures_by_hand():
    values, weights = np.array([30.0, 10.0, 20.0]), np.array([0.3, 0.2, 0.5])
    assert [weighted_quantile(values, weights, level) for level in (0.1, 0.2, 0.3, 0.7, 0.9)] == [10, 10, 20, 20, 30]
    # 0.3 × 30 + 0.2 × 10 + 0.5 × 20
    assert spread(values, weights) == (21.0, 10.0, 30.0)
    # Ten tenths add up to a trifle less than one: the last value is found all the same.
    assert weighted_quantile(np.arange(10.0), np.full(10, 0.1), 0.1) == 0
    assert weighted_quantile(np.arange(10.0), np.full(10, 0.1), 0.9) == 8
    assert [whole_people(number) for number in (600.0018, 600.02, 0.004, 0.0)] == [600, 601, 0, 0]


def test_a_row_for_all_futures_counts_in_each():
    found = by_future([("a", 0, 1.0), ("a", -1, 2.0), ("b", 1, 4.0)], 2)
    assert {key: list(values) for key, values in found.items()} == {"a": [3, 2], "b": [0, 4]}


def test_families_and_adults_in_two_trips_by_hand():
    # Five families of 4 go 3 and 2; the 10 adults fill both trips to 15 people.
    seated = seat_people(np.array([10.0, 20.0, 0.0, 0.0]), 2, 20, 4)
    assert seated[:, FAMILIES].tolist() == [12, 8]
    assert seated[:, 0].tolist() == [3, 7]


def test_a_family_that_fits_in_no_trip_rides_all_the_same():
    # Two trips of 3 seats, one family of 4: nobody is left behind, and it is torn apart.
    seated = seat_people(np.array([0.0, 4.0, 0.0, 0.0]), 2, 3, 4)
    assert seated[:, FAMILIES].sum() == pytest.approx(4)
    assert (seated.sum(axis=1) <= 3 + 1e-9).all()


@given(
    trips=st.integers(1, 6),
    seats=st.integers(1, 50),
    size=st.integers(2, 6),
    shares=st.lists(st.floats(0, 1), min_size=4, max_size=4),
    filled=st.floats(0, 1),
)
def test_nobody_is_lost_and_no_trip_is_fuller_than_its_seats(trips, seats, size, shares, filled):
    total = sum(shares)
    people = np.array(shares) / total * trips * seats * filled if total > 0 else np.zeros(4)
    seated = seat_people(people, trips, seats, size)
    assert seated.sum(axis=0) == pytest.approx(people, abs=1e-6)
    assert (seated >= -1e-9).all()
    assert (seated.sum(axis=1) <= seats + 1e-6).all()


@given(trips=st.integers(1, 5), families=st.integers(0, 40), size=st.integers(2, 5), more=st.integers(0, 3))
def test_whole_families_stay_whole_where_each_trip_has_room_for_its_share(trips, families, size, more):
    seats = size * -(-families // trips) + more
    if seats == 0:
        return
    seated = seat_people(np.array([0.0, families * size, 0.0, 0.0]), trips, seats, size)
    assert np.allclose(seated[:, FAMILIES] % size, 0)


@pytest.fixture(scope="module")
def made():
    """Three futures of a walk through four towns, with buses from the first and too few places in the second."""
    scenario = corridor(4)
    groups = [[40, 8, 2, 2], [80, 16, 2, 2], [160, 32, 4, 4]]
    demand = walk(scenario, groups, 6, nights=1, weights=[0.2, 0.5, 0.3])
    options = dataclasses.replace(EXACT, near_days=2, family_size=4)
    sites = [site("t0", 300), site("t1", 60, 80), site("t1", 20, id="t1-house", sensitive=True), site("t2", 500)]
    fleets = [buses("t0", 2, 30, accessible=True, honoured=0.8, range_km=35.0), buses("t2", 1, 20)]
    parts = problem(scenario, demand, sites, fleets, options)
    return scenario, parts, make_plan(parts, STAMP)


def names_of(made, *hidden: str) -> ShownNames:
    scenario, _, plan = made
    return dataclasses.replace(ShownNames.of(scenario, plan.sites, plan.fleets), hidden=frozenset(hidden))


def tables(made, *hidden: str):
    scenario, parts, plan = made
    names = names_of(made, *hidden)
    kept = {fleet.id: parts.fleet_kept[:, index].astype(float) for index, fleet in enumerate(parts.fleets)}
    standards = {held.id: "by hand" for held in plan.sites}
    return (
        opening_rows(plan, names, standards),
        lodging_rows(plan, names),
        trip_rows(plan, names, kept),
        load_rows(plan, names, {place.id: place.population for place in scenario.places}),
    )


@pytest.mark.parametrize("hidden", [(), ("t1", "t1-site", "t1-house"), ("t1-house",)])
def test_people_are_conserved_across_tables(made, hidden):
    _, _, plan = made
    openings, lodging, trips, loads = tables(made, *hidden)
    weights = np.array(plan.weights)
    promised = sum(weights[row.scenario] * row.people for row in plan.lodging)
    assert sum(row.people_expected for row in lodging) == pytest.approx(promised, rel=1e-4)
    assert sum(row.people_expected for row in loads) == pytest.approx(promised, rel=1e-4)
    by_town, by_site, nowhere = defaultdict(float), defaultdict(float), defaultdict(float)
    for row in lodging:
        by_town[row.place, row.night] += row.people_expected
        (nowhere if row.site is None else by_site)[row.place, row.site, row.night] += row.people_expected
    for load in loads:
        assert load.people_expected == pytest.approx(by_town[load.place, load.night], abs=0.01)
        assert load.without_expected == pytest.approx(nowhere[load.place, None, load.night], abs=0.01)
    for opening in openings:
        there = by_site[opening.place, opening.site, opening.night]
        assert opening.people_expected == pytest.approx(there, abs=0.01)
    came, left = defaultdict(float), defaultdict(float)
    for trip in trips:
        came[trip.to_place, trip.day] += trip.people_expected
        left[trip.from_place, trip.day] += trip.people_expected
    for load in loads:
        assert load.came_by_vehicle == pytest.approx(came[load.place, load.night], abs=0.01)
        assert load.left_by_vehicle == pytest.approx(left[load.place, load.night], abs=0.01)
    rides = sum(weights[row.scenario] * row.people for row in plan.rides)
    assert rides > 0
    assert sum(trip.people_expected for trip in trips) == pytest.approx(rides, rel=1e-3)


def test_no_seat_and_no_place_is_over_filled_in_the_tables(made):
    openings, _, trips, _ = tables(made)
    for trip in trips:
        assert trip.people_high <= trip.seats + 1e-3 or trip.decision == "later"
        assert trip.people_expected <= trip.seats + 1e-3
        classes = trip.adults + trip.families + trip.limited_mobility + trip.medical
        assert classes == pytest.approx(trip.people_expected, abs=0.01)
        assert trip.people_if_honoured >= trip.people_expected - 1e-6
    for opening in openings:
        assert opening.people_high <= opening.places_low + 1e-3
    assert {trip.decision for trip in trips} == {"now", "later"}
    numbered = [(trip.vehicle, trip.day, trip.trip) for trip in trips if trip.trip]
    assert len(set(numbered)) == len(numbered)


def test_a_way_is_half_of_there_and_back(made):
    _, _, trips, _ = tables(made)
    assert {trip.km for trip in trips} <= {30.0, 60.0, 90.0}


def test_what_is_hidden_has_one_name_and_no_way_to_it(made):
    hidden = ("t1", "t1-site", "t1-house", "t0-buses")
    openings, lodging, trips, loads = tables(made, *hidden)
    text = repr((openings, lodging, trips, loads))
    assert "t1" not in text
    assert "T1" not in text
    assert "t0-buses" not in text
    assert NOT_NAMED in {row.place for row in loads}
    assert all(trip.km is None for trip in trips if NOT_NAMED in (trip.from_place, trip.to_place))
    # Both sites of the hidden town are one row for each night.
    nights = [row.night for row in openings if row.place == NOT_NAMED]
    assert len(nights) == len(set(nights))
    assert {row.places for row in openings if row.place == NOT_NAMED} == {80}


def test_a_hidden_site_does_not_hide_its_town(made):
    openings, lodging, _, _ = tables(made, "t1-house")
    assert {row.site for row in openings if row.place == "t1"} == {"t1-site", NOT_NAMED}
    assert {row.name for row in openings if row.site == NOT_NAMED} == {NOT_NAMED}
    assert {row.town for row in lodging if row.site == NOT_NAMED} == {"T1"}


def test_reserves_are_those_of_the_plan(made):
    _, _, plan = made
    rows = reserve_rows(plan, names_of(made))
    assert sum(row.quantity for row in rows) == sum(row.quantity for row in plan.reserves)
    assert {row.what for row in rows} <= {"places", "vehicles"}


def test_supplies_of_a_town_by_hand():
    """100 adults, one night in each town: 5 toilets at the target, of which the second has 2."""
    scenario = corridor(2)
    demand = walk(scenario, [[100, 0, 0, 0]], 3, nights=1)
    options = dataclasses.replace(EXACT, near_days=1)
    parts = problem(scenario, demand, [site("t0", 200), site("t1", 200)], [], options)
    plan = make_plan(parts, STAMP)
    names = ShownNames.of(scenario, plan.sites, plan.fleets)
    rows = supply_rows(plan, names, read_standards(), {("t1", "toilets"): 2.0})
    held = {(row.place, row.phase, row.item): row for row in rows}
    first = held["t0", "first_days", "toilets"]
    assert (first.first_night, first.people, first.person_nights, first.stay) == (FIRST, 100, 100, "overnight")
    assert (first.standing_low, first.standing_target, first.quantity_target) == (2, 5, 5)
    assert first.verified
    # In the second town they stay two nights, later: five toilets at the target of which two are there.
    later = held["t1", "later", "toilets"]
    assert (later.people, later.person_nights, later.stay) == (100, 200, "days_2_5")
    assert (later.ready, later.quantity_low, later.quantity_target) == (2, 0, 3)
    # Water is used up: 15 L for 100 people on each of two days.
    water = held["t1", "later", "water"]
    assert (water.unit, water.daily, water.standing_target, water.quantity_target) == ("L", True, 1500, 3000)
    assert ("t1", "first_days", "toilets") not in held
    assert not [row for row in rows if row.item in ("buses", "convoys")]


def test_what_stays_is_brought_once():
    """100 people in the first days and the same later: the blankets are there, the water is used up."""
    scenario = corridor(2)
    demand = walk(scenario, [[100, 0, 0, 0]], 5, nights=4)
    options = dataclasses.replace(EXACT, near_days=2)
    plan = make_plan(problem(scenario, demand, [site("t0", 200), site("t1", 200)], [], options), STAMP)
    rows = supply_rows(plan, ShownNames.of(scenario, plan.sites, plan.fleets), read_standards(), {})
    held = {(row.place, row.phase, row.item): row for row in rows}
    assert held["t0", "first_days", "blankets"].quantity_target == 100
    assert held["t0", "later", "blankets"].quantity_target == 0
    assert held["t0", "later", "water"].quantity_target == 3000


def test_every_class_of_a_demand_has_a_column():
    from posada.model.fields import fields_of
    from posada.model.plan_tables import TripRow

    assert set(DEMAND_CLASSES) <= {field.name for field in fields_of(TripRow)}


def test_shares_are_of_what_is_brought():
    """Of the toilets that are still missing three in four are for women and girls."""
    scenario = corridor(2)
    demand = walk(scenario, [[400, 0, 0, 0]], 3, nights=1)
    parts = problem(scenario, demand, [site("t0", 500), site("t1", 500)], [], dataclasses.replace(EXACT, near_days=1))
    plan = make_plan(parts, STAMP)
    names = ShownNames.of(scenario, plan.sites, plan.fleets)
    rows = supply_rows(plan, names, read_standards(), {("t0", "toilets"): 12.0})
    held = {row.item: row for row in rows if row.place == "t0"}
    # 400 people: 8 by the low figure, 20 by the target; 12 are there, so 0 and 8 are brought.
    assert (held["toilets"].quantity_low, held["toilets"].quantity_target) == (0, 8)
    assert (held["toilets_female"].quantity_target, held["toilets_male"].quantity_target) == (6, 2)

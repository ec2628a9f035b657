"""Plans against all plans of tiny corridors, and properties that every plan has."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posada.model.plan import Priority
from posada.plan.highs import violation
from posada.plan.objectives import build_model
from posada.plan.reading import assign_beds, people_in_towns, road_person_nights
from posada.plan.rule import rule_solution
from posada.plan.solve import Solution, solve_model
from tests.plan.brute_force import Bus, best_plan
from tests.plan.corridors import EXACT, buses, corridor, problem, site, walk

FEW = settings(max_examples=6, deadline=None)


def solved(whole, **more):
    model = build_model(whole)
    return model, solve_model(model, time_limit_s=20, **{"gap_share": 0.0, **more})


def value(solution: Solution, priority: Priority) -> float:
    return next(stage.value for stage in solution.stages if stage.priority is priority)


@given(data=st.data())
@settings(max_examples=20, deadline=None)
def test_no_plan_of_a_tiny_corridor_is_better(data):
    towns = data.draw(st.integers(2, 4))
    days = data.draw(st.integers(2, 4))
    people = data.draw(st.integers(1, 4))
    places = tuple(data.draw(st.lists(st.integers(0, 4), min_size=towns, max_size=towns)))
    homes = data.draw(st.lists(st.integers(0, towns - 2), min_size=0, max_size=2, unique=True))
    fleet = [Bus(home, 1, data.draw(st.integers(1, 3)), data.draw(st.sampled_from([30.0, 90.0]))) for home in homes]
    scenario = corridor(towns)
    names = [place.id for place in scenario.places]
    offers = [buses(names[bus.town], bus.count, bus.seats, range_km=bus.reach_km) for bus in fleet]
    demand = walk(scenario, [[people, 0, 0, 0]], days)
    sites = [site(name, number) for name, number in zip(names, places, strict=True)]
    _, solution = solved(problem(scenario, demand, sites, offers))
    nights, foot = best_plan(people, places, tuple(fleet), days)
    assert value(solution, Priority.WITHOUT_PLACE) == pytest.approx(nights, abs=1e-4)
    assert value(solution, Priority.ON_FOOT) == pytest.approx(foot, abs=1e-2)


def test_a_solution_is_the_one_whose_value_was_reported():
    # HiGHS 1.16 reports 0 for this one, and returns the plan of the rule from which it began, with 2. One person finds
    # a place in t1 on the first night and in t2 on the last one.
    scenario = corridor(4)
    fleet = [buses("t1", 1, 1, range_km=30.0), buses("t2", 1, 2, range_km=30.0)]
    sites = [site(f"t{n}", places) for n, places in enumerate((0, 1, 1, 0))]
    _, solution = solved(problem(scenario, walk(scenario, [[1, 0, 0, 0]], 4), sites, fleet))
    assert value(solution, Priority.WITHOUT_PLACE) == pytest.approx(0, abs=1e-4)


def test_no_plan_of_six_towns_is_better():
    scenario = corridor(6)
    names = [place.id for place in scenario.places]
    places = (1, 0, 2, 1, 3, 4)
    fleet = (Bus(0, 1, 2, 90.0), Bus(2, 1, 1, 60.0))
    offers = [buses(names[bus.town], bus.count, bus.seats, range_km=bus.reach_km) for bus in fleet]
    sites = [site(name, number) for name, number in zip(names, places, strict=True)]
    _, solution = solved(problem(scenario, walk(scenario, [[3, 0, 0, 0]], 6), sites, offers))
    nights, foot = best_plan(3, places, fleet, 6)
    assert value(solution, Priority.WITHOUT_PLACE) == pytest.approx(nights, abs=1e-4)
    assert value(solution, Priority.ON_FOOT) == pytest.approx(foot, abs=1e-2)


def drawn_problem(data, *, more: int = 0, order=None):
    towns = 4
    names = order or [f"t{number}" for number in range(towns)]
    scenario = corridor(towns, names=names)
    rng = np.random.default_rng(data)
    groups = rng.integers(0, 40, (2, 4)) * np.array([1, 2, 1, 1])
    demand = walk(scenario, groups.tolist(), 5, road_nights=int(rng.integers(0, 2)), weights=[0.25, 0.75])
    target = rng.integers(0, 80, towns)
    sites = [site(name, int(n) + more, int(n * 1.2) + more) for name, n in zip(names, target, strict=True)]
    fleet = [
        buses(names[0], int(rng.integers(1, 4)) + more, 20, range_km=80.0, honoured=0.7, id="first"),
        buses(names[1], 1 + more, 6, accessible=True, type="van", id="vans"),
        buses(names[1], 1, 2, accessible=True, type="ambulance", id="ambulances"),
    ]
    options = dataclasses.replace(EXACT, near_days=2, ride_uptake_share=0.8)
    return problem(scenario, demand, sites, fleet, options)


@given(seed=st.integers(0, 2**20), more=st.integers(1, 20))
@FEW
def test_more_places_and_vehicles_never_leave_more_people_without_a_place(seed, more):
    _, few = solved(drawn_problem(seed), last=Priority.WITHOUT_PLACE)
    _, many = solved(drawn_problem(seed, more=more), last=Priority.WITHOUT_PLACE)
    assert value(many, Priority.WITHOUT_PLACE) <= value(few, Priority.WITHOUT_PLACE) + 1e-3


@given(seed=st.integers(0, 2**20))
@FEW
def test_other_names_of_towns_change_nothing(seed):
    renamed = drawn_problem(seed, order=["zeta", "beta", "omega", "alpha"])
    _, one = solved(drawn_problem(seed), last=Priority.MEDICAL_UNMET)
    _, other = solved(renamed, last=Priority.MEDICAL_UNMET)
    for priority in (Priority.WITHOUT_PLACE, Priority.MEDICAL_UNMET):
        assert value(one, priority) == pytest.approx(value(other, priority), rel=1e-4, abs=1e-3)


@given(seed=st.integers(0, 2**20))
@FEW
def test_people_are_conserved_and_no_bed_or_seat_is_filled_twice(seed):
    whole = drawn_problem(seed)
    model, solution = solved(whole, last=Priority.MEDICAL_UNMET, gap_share=0.01)
    x, held, demand = solution.x, model.held, whole.demand
    assert violation(model.matrix, x) <= 1e-4
    legs = demand.legs
    on_road = np.zeros((demand.scenarios, len(demand.dates), 4))
    walking = legs.people.copy()
    for table in (held.leg_new, held.leg_old):
        walking[table.at] -= x[table.column]
    for leg in range(legs.size):
        on_road[legs.scenario[leg], legs.leaves[leg] : legs.arrives[leg]] += walking[leg]
    in_towns = people_in_towns(model, x).sum(axis=2)
    whole_groups = demand.people[:, 0].sum(axis=1)
    assert np.allclose(in_towns + on_road, whole_groups[:, None], atol=1e-3)
    beds = assign_beds(model, x)
    opened = np.where(held.opened.lookup < 0, 0.0, x[held.opened.lookup])
    assert (beds.inside.sum(axis=3) <= opened * whole.site_low + 1e-3).all()
    s, d, arc, _ = held.rides.at
    riders = np.zeros(held.trips.lookup.shape)
    np.add.at(riders, (s, d, arc), x[held.rides.column])
    seats = np.array([fleet.seats for fleet in whole.fleets])[whole.arcs.fleet]
    trips = np.where(held.trips.lookup < 0, 0.0, x[held.trips.lookup])
    assert (riders <= seats * trips + 1e-3).all()
    lacking = np.einsum("s,sdpc->", demand.weights, beds.without) + demand.weights @ road_person_nights(model, x)
    assert lacking == pytest.approx(value(solution, Priority.WITHOUT_PLACE), abs=1e-2)


@given(seed=st.integers(0, 2**20))
@FEW
def test_the_rule_is_a_plan_and_never_beats_the_optimum_or_its_bound(seed):
    whole = drawn_problem(seed)
    model, solution = solved(whole, last=Priority.MEDICAL_UNMET, gap_share=0.01)
    x = rule_solution(model)
    assert violation(model.matrix, x) <= 1e-9
    first = solution.stages[0]
    assert first.relaxed_bound <= first.bound + 1e-4 <= first.value + 2e-4
    assert first.value <= model.objectives[0].value(x) + 1e-6

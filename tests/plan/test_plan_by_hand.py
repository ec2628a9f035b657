"""Plans whose numbers were worked out by hand, and demands that cannot be met."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pytest

from posada.model.demand import DemandScenarios, joined_legs
from posada.model.errors import InvalidValueError
from posada.model.plan import (
    Change,
    ChangeKind,
    CureKind,
    PlanOptions,
    PlanStamp,
    Priority,
    SolveStatus,
    SupplyStock,
    Unusable,
    WhyUnused,
)
from posada.model.sensitive import ShownNames
from posada.plan.highs import Solver
from posada.plan.objectives import build_model
from posada.plan.planning import make_plan
from posada.plan.problem import build_problem
from posada.plan.program import Program
from posada.plan.replan import changed_sites
from posada.plan.rule import rule_solution
from posada.plan.solve import solve_model
from posada.report.cures import cure_text
from posada.report.phrases import Phrases
from tests.plan.corridors import EXACT, FIRST, buses, corridor, problem, site, walk

STAMP = PlanStamp("0", "corridor", "hash", 1, None, "by hand")


def plan_of(*parts, options=EXACT, **more):
    return make_plan(problem(*parts, options=options, **more), STAMP)


def values(plan):
    return {stage.priority: stage.value for stage in plan.stages}


def test_one_bus_makes_five_trips_for_those_who_have_no_place():
    # 100 people come to t0, where 60 fit. A bus of 20 seats to t1, 60 km away, takes 2 h there and back, so five trips
    # a day: in two of them 40 people ride who have no place, in the others those who would walk.
    scenario = corridor(2, km=60.0)
    demand = walk(scenario, [[100, 0, 0, 0]], 2)
    plan = plan_of(scenario, demand, [site("t0", 60), site("t1", 100)], [buses("t0", 1, 20)])
    assert values(plan)[Priority.WITHOUT_PLACE] == pytest.approx(0, abs=1e-6)
    evening = [row for row in plan.trips if row.date == FIRST]
    assert [(row.trips, row.hours_each) for row in evening] == [(5, 2.0)]
    assert sum(row.people for row in plan.rides if row.date == FIRST) == pytest.approx(100)
    assert plan.status is SolveStatus.OPTIMAL


def test_stocks_of_one_item_that_disagree_are_refused():
    scenario = corridor(2)
    stocks = [SupplyStock("water", "t0", 450.0, 3.0, "L"), SupplyStock("water", "t1", 450.0, 2.5, "L")]
    with pytest.raises(InvalidValueError, match=r"water counts 2\.5 L a person and night, another 3 L"):
        build_problem(scenario, walk(scenario, [[100, 0, 0, 0]], 2), EXACT, [site("t0", 100)], [], supplies=stocks)


@pytest.mark.parametrize(("reach", "limit", "without"), [(59.0, None, 40), (None, "t0", 40), (60.0, "t1", 0)])
def test_no_vehicle_goes_beyond_its_range_or_its_limit_place(reach, limit, without):
    scenario = corridor(2, km=60.0)
    demand = walk(scenario, [[100, 0, 0, 0]], 2)
    fleet = [buses("t0", 2, 20, range_km=reach, limit_place=limit)]
    plan = plan_of(scenario, demand, [site("t0", 60), site("t1", 100)], fleet)
    assert values(plan)[Priority.WITHOUT_PLACE] == pytest.approx(without, abs=1e-6)


@pytest.mark.parametrize(
    ("reach", "limit", "night_km", "without"),
    [
        (60.0, None, 60.0, 0),
        (59.0, None, 60.0, 40),
        (60.0, None, 59.0, 40),
        (60.0, "t0", 60.0, 40),
        (None, "t1", 60.0, 0),
    ],
)
def test_people_without_a_place_sleep_in_the_town_behind_them_and_are_back_in_the_morning(
    reach, limit, night_km, without
):
    # 100 people sleep in t0, then in t1, where 60 fit, then in t2. A bus of 20 seats stands in t0, with places free by
    # then. It makes two trips: 60 km empty, 60 km with 20 people and home; in the morning the same the other way.
    scenario = corridor(3, km=60.0)
    demand = walk(scenario, [[100, 0, 0, 0]], 3)
    options = dataclasses.replace(EXACT, night_km=night_km)
    fleet = [buses("t0", 1, 20, range_km=reach, limit_place=limit)]
    plan = plan_of(scenario, demand, [site("t0", 100), site("t1", 60), site("t2", 100)], fleet, options=options)
    assert values(plan)[Priority.WITHOUT_PLACE] == pytest.approx(without, abs=1e-6)
    night = [row for row in plan.trips if row.for_night]
    assert len(night) == (without == 0)
    for row in night:
        assert (row.from_place, row.to_place, row.trips) == ("t1", "t0", 2)
        assert (row.hours_each, row.km_each, row.empty_km_each) == (2.0, 120.0, 120.0)
    beds = {(row.place_id, row.site_id): row.people for row in plan.lodging if row.date == FIRST + dt.timedelta(days=1)}
    assert beds.get(("t0", "t0-site"), 0.0) == pytest.approx(40 - without)
    assert beds["t1", "t1-site"] == pytest.approx(60)


@pytest.mark.parametrize(("fetch_km", "without"), [(60.0, 0), (59.0, 40)])
def test_no_vehicle_is_fetched_from_too_far(fetch_km, without):
    scenario = corridor(3, km=60.0)
    demand = walk(scenario, [[100, 0, 0, 0]], 2)
    options = dataclasses.replace(EXACT, fetch_km=fetch_km)
    fleet = [buses("t2", 2, 20, range_km=60.0)]
    plan = plan_of(scenario, demand, [site("t0", 100), site("t1", 60)], fleet, options=options)
    assert values(plan)[Priority.WITHOUT_PLACE] == pytest.approx(without, abs=1e-6)


def test_a_night_away_takes_the_hours_of_the_evening_and_of_the_morning_after():
    # 80 people: 40 without a place in t1 on each of two nights, t0 with places. A bus of 20 seats needs two hours in
    # the evening and two in the morning. On the day between the nights both count: with two hours a day it goes once
    # in all, with four twice.
    scenario = corridor(3, km=60.0)
    demand = walk(scenario, [[80, 0, 0, 0]], 5, nights=2)
    sites = [site("t0", 80), site("t1", 40), site("t2", 80)]
    found = []
    for hours in (2.0, 4.0):
        options = dataclasses.replace(EXACT, driver_hours=hours)
        plan = plan_of(scenario, demand, sites, [buses("t0", 1, 20, range_km=60.0)], options=options)
        found.append(values(plan)[Priority.WITHOUT_PLACE])
    assert found == pytest.approx([80 - 20, 80 - 40], abs=1e-6)


def test_hours_of_drivers_limit_the_trips_of_a_day():
    # 150 km there and back at 60 km/h are 5 h: two trips a day and vehicle, so one bus of 10 seats carries 20.
    scenario = corridor(2, km=150.0)
    demand = walk(scenario, [[100, 0, 0, 0]], 2)
    plan = plan_of(scenario, demand, [site("t0", 60), site("t1", 100)], [buses("t0", 1, 10)])
    assert values(plan)[Priority.WITHOUT_PLACE] == pytest.approx(20, abs=1e-6)


def test_only_those_who_want_to_ride_are_carried():
    scenario = corridor(2, km=60.0)
    demand = walk(scenario, [[100, 0, 0, 0]], 2)
    options = dataclasses.replace(EXACT, ride_uptake_share=0.25)
    plan = plan_of(scenario, demand, [site("t0", 60), site("t1", 100)], [buses("t0", 9, 20)], options=options)
    assert values(plan)[Priority.WITHOUT_PLACE] == pytest.approx(15, abs=1e-6)


def test_medical_cases_ride_in_ambulances_and_accessible_vehicles_only():
    scenario = corridor(2)
    demand = walk(scenario, [[10, 0, 0, 4]], 2)
    sites = [site("t0", 99), site("t1", 99)]
    bus = plan_of(scenario, demand, sites, [buses("t0", 9, 40)])
    assert values(bus)[Priority.MEDICAL_UNMET] == 4
    ambulance = plan_of(scenario, demand, sites, [buses("t0", 1, 2, type="ambulance", accessible=True, range_km=40)])
    assert values(ambulance)[Priority.MEDICAL_UNMET] == pytest.approx(0)
    assert {row.need_class for row in ambulance.rides} == {"medical"}


def test_families_are_not_split_between_sites_while_they_fit_whole():
    # Families of 4 and sites of 6 places: each takes one family whole, so 8 of 12 people are inside, none split.
    scenario = corridor(2)
    demand = walk(scenario, [[0, 12, 0, 0]], 2)
    options = dataclasses.replace(EXACT, family_size=4)
    sites = [site("t0", 6, id="a"), site("t0", 6, id="b"), site("t1", 40)]
    plan = plan_of(scenario, demand, sites, options=options)
    found = values(plan)
    assert (found[Priority.WITHOUT_PLACE], found[Priority.FAMILIES_SPLIT]) == pytest.approx((0, 4), abs=1e-6)


def test_overcrowding_is_used_before_anybody_is_left_outside_and_not_otherwise():
    scenario = corridor(2)
    demand = walk(scenario, [[100, 0, 0, 0]], 2)
    plan = plan_of(scenario, demand, [site("t0", 60, 90), site("t1", 100)])
    assert values(plan)[Priority.WITHOUT_PLACE] == pytest.approx(10)
    assert values(plan)[Priority.OVERCROWDED] == pytest.approx(30)


def test_the_rule_fills_each_site_to_its_lower_standard_first_come_and_carries_nobody():
    # 70 fit by the target and 100 by the low standard, of 130 people: 30 are left outside, 30 sleep too close.
    scenario = corridor(2)
    sites = [site("t0", 40, 60, id="a"), site("t0", 30, 40, id="b"), site("t1", 200)]
    model = build_model(problem(scenario, walk(scenario, [[130, 0, 0, 0]], 2), sites, [buses("t0", 9, 40)]))
    x = rule_solution(model)
    found = {goal.priority: goal.value(x) for goal in model.objectives}
    assert (found[Priority.WITHOUT_PLACE], found[Priority.OVERCROWDED]) == pytest.approx((30, 30))
    assert x[model.held.rides.column].sum() == 0


def test_supplies_are_brought_to_where_people_are_and_what_is_short_is_said():
    scenario = corridor(2)
    demand = walk(scenario, [[100, 0, 0, 0]], 2)
    sites = [site("t0", 100), site("t1", 100)]
    whole = build_problem(scenario, demand, EXACT, sites, [], supplies=[SupplyStock("water", "t0", 450.0, 3.0, "L")])
    plan = make_plan(whole, STAMP)
    assert values(plan)[Priority.SUPPLIES_SHORT] == pytest.approx(50)  # 600 L are needed: 50 person-days of 3 L short
    assert sum(row.quantity for row in plan.supplies) == pytest.approx(450)


def test_two_stocks_of_an_item_are_one_supply():
    # 100 people for two nights need 600 L; 250 L are in t0 and 300 L in t1, so 50 L are short: 16.7 person-days.
    scenario = corridor(2)
    demand = walk(scenario, [[100, 0, 0, 0]], 2)
    stocks = [SupplyStock("water", "t0", 250.0, 3.0, "L"), SupplyStock("water", "t1", 300.0, 3.0, "L")]
    whole = build_problem(scenario, demand, EXACT, [site("t0", 100), site("t1", 100)], [], supplies=stocks)
    plan = make_plan(whole, STAMP)
    assert values(plan)[Priority.SUPPLIES_SHORT] == pytest.approx(50 / 3)
    brought = [sum(row.quantity for row in plan.supplies if row.from_place == town) for town in ("t0", "t1")]
    assert brought == pytest.approx([250, 300])


def test_who_sleeps_elsewhere_is_supplied_there():
    # 40 of 100 people sleep in t0 instead of t1 on the second night: 300 L for t0, 180 L for t1 and 120 L for t0. The
    # bus comes from t2, so it carries nobody on.
    scenario = corridor(3, km=60.0)
    demand = walk(scenario, [[100, 0, 0, 0]], 2)
    stock = [SupplyStock("water", "t0", 600.0, 3.0, "L")]
    fleet = [buses("t2", 1, 20, range_km=60.0)]
    whole = build_problem(scenario, demand, EXACT, [site("t0", 100), site("t1", 60)], fleet, supplies=stock)
    plan = make_plan(whole, STAMP)
    found = {town: sum(row.quantity for row in plan.supplies if row.to_place == town) for town in ("t0", "t1")}
    assert values(plan)[Priority.WITHOUT_PLACE] == pytest.approx(0, abs=1e-6)
    assert found == pytest.approx({"t0": 420, "t1": 180})


def test_decisions_of_near_days_are_the_same_in_all_scenarios_and_whole():
    scenario = corridor(3)
    demand = walk(scenario, [[30, 0, 0, 0], [90, 0, 0, 0]], 4)
    options = dataclasses.replace(EXACT, near_days=2)
    sites = [site(f"t{n}", 50) for n in range(3)]
    plan = plan_of(scenario, demand, sites, [buses("t0", 2, 25)], options=options)
    near = [row for row in plan.trips if row.date in plan.near_dates]
    assert near
    assert all(row.scenario == -1 and row.trips == int(row.trips) for row in near)
    assert all(row.scenario == -1 for row in plan.openings if row.date in plan.near_dates)
    assert all(row.scenario >= 0 for row in plan.openings if row.date not in plan.near_dates)


def test_nobody_is_told_to_open_a_site_that_a_change_closed():
    scenario = corridor(3)
    demand = walk(scenario, [[100, 0, 0, 0]], 3)
    (shut,) = changed_sites([site("t0", 200, id="dome")], [Change(ChangeKind.CLOSED, "dome", FIRST)])
    plan = plan_of(scenario, demand, [shut, site("t1", 300), site("t2", 300)])
    assert [cure.kind for cure in plan.shortages[0].cures] == [CureKind.BUSES]


def test_a_demand_that_cannot_be_met_says_what_where_when_how_many_and_what_would_do():
    scenario = corridor(3)
    demand = walk(scenario, [[100, 0, 0, 0]], 3)
    closed = site("t0", 200, id="dome", open_from=FIRST + dt.timedelta(days=1))
    plan = plan_of(scenario, demand, [closed, site("t1", 300), site("t2", 300)])
    first = plan.shortages[0]
    assert (first.what, first.place_id, first.date, first.likely) == ("places to sleep", "t0", FIRST, 100)
    assert first.one_is_enough
    names = ShownNames.of(scenario, plan.sites, plan.fleets)
    assert cure_text(first, names, Phrases("en")) == (
        "100 places in T0 for the night of 1 May 2030: opening dome that night (200 places) or 3 buses of 40 seats "
        "to T1, which has 300 places free would do."
    )
    assert cure_text(first, names, Phrases("es")) == (
        "100 lugares en T0 para la noche del 1 may 2030: bastaría con abrir dome esa noche (200 lugares) o con "
        "3 autobuses de 40 asientos a T1, con 300 lugares libres."
    )


def test_what_is_not_enough_alone_is_added_up_with_what_is_still_missing():
    scenario = corridor(3)
    demand = walk(scenario, [[100, 0, 0, 0]], 3)
    closed = site("t0", 30, id="dome", open_from=FIRST + dt.timedelta(days=1))
    plan = plan_of(scenario, demand, [closed, site("t1", 40)])
    names = ShownNames.of(scenario, plan.sites, plan.fleets)
    assert cure_text(plan.shortages[0], names, Phrases("en")) == (
        "100 places in T0 for the night of 1 May 2030: opening dome that night (30 places) and 1 bus of 40 seats "
        "to T1, which has 40 places free and covered places for 30 people would do."
    )


def test_medical_cases_without_transport_are_said_with_the_offers_that_nobody_has_verified():
    # 12 medical cases go on from t0 on the second day in one scenario of two, 4 in the other.
    scenario = corridor(2)
    demand = walk(scenario, [[50, 0, 0, 12], [50, 0, 0, 4]], 2)
    idle = (
        Unusable("ambulances", "t0", WhyUnused.NOT_VERIFIED, accessible=True),
        Unusable("cars", "t0", WhyUnused.NOT_VERIFIED),
        Unusable("beyond", "t1", WhyUnused.NOT_VERIFIED, accessible=True),
    )
    sites = [site("t0", 100), site("t1", 100)]
    whole = build_problem(scenario, demand, EXACT, sites, [buses("t0", 9, 40)], unusable=idle)
    plan = make_plan(whole, STAMP)
    (row,) = plan.shortages
    assert (row.what, row.date, row.place_id) == ("medical transport", FIRST + dt.timedelta(days=1), "t0")
    assert (row.low, row.likely, row.high) == pytest.approx((4, 4, 12))
    names = ShownNames.of(scenario, plan.sites, plan.fleets)
    assert cure_text(row, names, Phrases("en")) == (
        "12 medical cases who go on from T0 on 2 May 2030 have nothing to ride in: seats in ambulances or accessible "
        "vehicles (verify ambulances) would do."
    )
    few = dataclasses.replace(row, high=4.0)
    assert cure_text(few, names, Phrases("es")) == (
        "<10 casos médicos que siguen desde T0 el 2 may 2030 no tienen en qué ir: bastaría con asientos en ambulancias "
        "o vehículos accesibles (falta verificar ambulances)."
    )


def test_medical_cases_who_ride_are_not_short_of_transport():
    scenario = corridor(2)
    demand = walk(scenario, [[50, 0, 0, 12]], 2)
    sites = [site("t0", 100), site("t1", 100)]
    assert plan_of(scenario, demand, sites, [buses("t0", 1, 12, type="van", accessible=True)]).shortages == ()


def test_without_time_the_plan_is_the_rule_and_can_be_used():
    scenario = corridor(3)
    demand = walk(scenario, [[100, 0, 0, 0]], 3)
    options = dataclasses.replace(EXACT, time_limit_s=1e-3)
    whole = problem(scenario, demand, [site("t0", 60), site("t1", 80)], [buses("t0", 1, 20)], options=options)

    solution = solve_model(build_model(whole), time_limit_s=0.0)
    assert solution.status is SolveStatus.RULE
    assert solution.stages[0].value == 40 + 20 + 100


def test_no_number_is_read_of_a_program_that_has_no_solution():
    program = Program()
    column = program.add_columns("x", 1, upper=1.0)
    program.add_rows("too much", 1, [(np.zeros(1, np.int64), column, 1.0)], lower=2.0)
    solved = Solver(program.finish()).solve(5.0)
    assert solved.status is SolveStatus.INFEASIBLE
    assert solved.solution is None
    assert np.isnan(solved.value)


@pytest.mark.parametrize(
    ("people", "leaving", "message"), [(10.0, 11.0, "11 adults leave 't0'"), (-1.0, 0.0, "negative")]
)
def test_a_demand_that_contradicts_itself_is_refused(people, leaving, message):
    counts = np.zeros((1, 2, 2, 4))
    counts[0, 0, 0, 0] = people
    legs = joined_legs([(0, 1, 0, 1, 1, (leaving, 0.0, 0.0, 0.0))])
    dates = (FIRST, FIRST + dt.timedelta(days=1))
    with pytest.raises(InvalidValueError, match=message):
        DemandScenarios(dates, ("t0", "t1"), np.ones(1), counts, legs, ("a",))


def test_options_out_of_bounds_are_refused():
    with pytest.raises(InvalidValueError, match="ride_uptake_share is 2"):
        PlanOptions(ride_uptake_share=2.0)

"""Plans from scenarios, forecasts and tables; and the offer of 160 buses of 2 November 2018."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt

import numpy as np
import pytest

from posada.io.folder import read_scenario, write_scenario
from posada.io.plan_files import read_changes, read_plan_file
from posada.model.errors import InputFileError, InvalidValueError
from posada.model.geography import Place, Route
from posada.model.offers import Site, Supply, Vehicle
from posada.model.plan import Plan, PlanOptions, PlanStamp, Priority, SolveStatus, Unusable, WhyUnused
from posada.model.sensitive import pseudonyms
from posada.ops.demand import choose_members, forecast_demand, members_demand
from posada.ops.planning import PlanRequest, demand_of, plan_scenario
from posada.ops.simulation import simulate
from posada.plan.recourse import try_plan
from tests.plan.corridors import buses

NOVEMBER = dt.date(2018, 11, 2)

PLAN = Plan(
    PlanStamp("0", "x", "hash", 1, None, "by hand"),
    PlanOptions(),
    (NOVEMBER,),
    (1.0,),
    SolveStatus.OPTIMAL,
    (),
    fleets=(buses("sayula", 1, 40, id="red_buses"),),
    unusable=(Unusable("lorries", "sayula", WhyUnused.NOT_VERIFIED),),
)
"""With one offer that it uses and one that it does not."""


@pytest.fixture(scope="module")
def forecast():
    return simulate(read_scenario("valley"), 200, 1)


def test_demand_of_a_forecast_has_the_people_of_its_members_and_their_means(forecast):
    demand = forecast_demand(forecast, 8, 12)
    chosen, weights = choose_members(forecast, 8, 12, PlanOptions())
    for index, member in enumerate(chosen):
        assert np.array_equal(demand.people[index].sum(axis=2), forecast.people[member, :12])
    mean = forecast.people[:, :12].sum(axis=(1, 2)).mean()
    assert weights.sum() == pytest.approx(1)
    assert weights @ demand.people.sum(axis=(1, 2, 3)) == pytest.approx(mean, rel=0.05)
    assert (demand.people[..., 1] % 4 == 0).all()  # whole families


def test_a_plan_made_for_some_members_beats_the_rule_on_others(tmp_path):
    scenario = read_scenario("valley")
    vehicles = tuple(dataclasses.replace(row, verified=True) for row in scenario.vehicles)
    write_scenario(scenario.replace(vehicles=vehicles), tmp_path / "valley")
    request = PlanRequest(
        str(tmp_path / "valley"), members=200, scenarios=6, days=10, options=PlanOptions(time_limit_s=4.0)
    )
    answer = plan_scenario(request)
    others = members_demand(simulate(scenario, 12, 7), range(12), np.full(12, 1 / 12), 10)
    trial = try_plan(answer.plan, answer.scenario, others, seed=7)
    assert (trial.by_plan <= trial.by_rule + 1e-3).all()
    assert trial.by_plan.mean() < trial.by_rule.mean()


def test_vehicles_that_are_planned_carry_nobody_in_the_forecast_that_is_planned_for():
    """Else their seats would count twice: nobody is left in the forecast whom they could still carry."""
    scenario = read_scenario("valley")
    verified = tuple(dataclasses.replace(row, verified=True) for row in scenario.vehicles)
    offered = scenario.replace(vehicles=verified)
    nobody = scenario.replace(vehicles=tuple(dataclasses.replace(row, count=0) for row in verified))
    request = PlanRequest("valley", members=30, scenarios=3, days=8)
    demand, known = demand_of(request, offered)
    idle, _ = demand_of(request, nobody)
    driven = forecast_demand(simulate(offered, 30, 1), 3, 8)
    assert np.array_equal(demand.people, idle.people)
    assert not np.array_equal(demand.people.sum(axis=0), driven.people.sum(axis=0))
    assert [row.count for row in known.vehicles] == [row.count for row in scenario.vehicles]


def test_stocks_of_the_scenario_are_planned(tmp_path):
    scenario = read_scenario("valley")
    stock = Supply("water", "birch", 900.0, 7.5, "L", (scenario.sources[0].id,))
    write_scenario(scenario.replace(supplies=(stock,)), tmp_path / "valley")
    request = PlanRequest(str(tmp_path / "valley"), members=20, scenarios=2, days=6)
    plan = plan_scenario(request).plan
    # a later priority may take a millionth of what is short, 5,444 person-days of 7.5 L: 0.04 L
    assert sum(row.quantity for row in plan.supplies) == pytest.approx(900, abs=0.05)
    assert {(row.item, row.from_place, row.unit) for row in plan.supplies} == {("water", "birch", "L")}


def test_only_verified_vehicles_are_used_and_the_others_are_listed(tmp_path):
    answer = plan_scenario(PlanRequest("valley", members=50, scenarios=4, days=8, out=tmp_path / "plan"))
    assert not answer.plan.trips
    assert {row.id for row in answer.plan.unusable} >= {"birch_buses", "elm_van"}
    again = read_plan_file(tmp_path / "plan", pseudonyms(answer.scenario))
    assert [dataclasses.astuple(row) for row in again.openings] == [
        (row.scenario, row.site_id, row.place_id, row.date, pytest.approx(row.share, abs=1e-5))
        for row in answer.plan.openings
    ]
    assert (again.stamp, again.options, again.dates) == (answer.plan.stamp, answer.plan.options, answer.plan.dates)


@pytest.fixture(scope="module")
def november(tmp_path_factory):
    """The caravan at Sayula, with the numbers and roads that were published; places of sites are made up."""
    folder = tmp_path_factory.mktemp("november")
    valley = read_scenario("valley")
    said = (valley.sources[0].id,)
    towns = (
        ("sayula", 17.88191, -94.95986, 13980),
        ("isla", 18.0278, -95.52946, 26287),
        ("cordoba", 18.88, -96.92, 140896),
    )
    places = tuple(
        Place(id=name, name=name.title(), country="MEX", lat=lat, lon=lon, kind="town", source=said, population=people)
        for name, lat, lon, people in towns
    )
    routes = (
        Route(from_place="sayula", to_place="isla", km=75, mode="road", source=said),
        Route(from_place="isla", to_place="cordoba", km=200, mode="road", source=said),
    )
    sites = tuple(
        Site(
            id=f"{name}_hall",
            place=name,
            name=f"{name} hall",
            type="stadium",
            covered=True,
            source=said,
            capacity=number,
        )
        for name, number in (("sayula", 3000), ("isla", 2000), ("cordoba", 8000))
    )
    next_day = NOVEMBER + dt.timedelta(days=1)
    offers = (("governor_buses", "sayula", 160, None, next_day), ("isla_buses", "isla", 4, 220.0, None))
    vehicles = tuple(
        Vehicle(
            id=name,
            place=place,
            type="bus",
            count=count,
            seats=40,
            source=said,
            range_km=reach,
            verified=True,
            open_from=start,
        )
        for name, place, count, reach, start in offers
    )
    start, end = NOVEMBER, NOVEMBER + dt.timedelta(days=9)
    settings = dataclasses.replace(valley.settings, id="november-2018", start=start, end=end, as_of=None)
    group = dataclasses.replace(valley.groups[0], origin="sayula", destination="cordoba", departs=start, source=said)
    scenario = valley.replace(
        settings=settings, places=places, routes=routes, sites=sites, vehicles=vehicles, groups=(group,), stances=(),
        itinerary=(), destinations=(), reports=(), signals=(), procedure=(),
    )  # fmt: skip
    write_scenario(scenario, folder / "scenario")
    with (folder / "people.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["scenario", "weight", "date", "place", "class", "people", "onward", "next"])
        for name, weight, people in (("low", 0.25, 5000), ("likely", 0.5, 6000), ("high", 0.25, 7200)):
            for day, place, target in ((2, "sayula", "isla"), (3, "isla", "cordoba"), (4, "cordoba", "")):
                for need, share in (("adults", 0.7), ("families", 0.3)):
                    count = round(people * share)
                    rows.writerow(
                        [name, weight, f"2018-11-0{day}", place, need, count, count if target else "", target]
                    )
    (folder / "change.csv").write_text("kind,id,since\nwithdrawn,governor_buses,2018-11-03\n", encoding="utf-8")
    return folder


def test_buses_that_are_withdrawn_three_hours_later_are_in_no_plan_and_no_seat_counts_twice(november, tmp_path):
    request = PlanRequest(
        str(november / "scenario"), demand=str(november / "people.csv"), out=tmp_path / "first",
        options=PlanOptions(near_days=3, time_limit_s=20.0, gap_share=0.01),
    )  # fmt: skip
    first = plan_scenario(request).plan
    promised = [row for row in first.trips if row.vehicle_id == "governor_buses" and row.date > NOVEMBER]
    assert promised
    change = dataclasses.replace(
        request, from_plan=str(tmp_path / "first"), change=str(november / "change.csv"), out=tmp_path / "second"
    )
    answer = plan_scenario(change)
    second = answer.plan
    assert not [row for row in second.trips if row.vehicle_id == "governor_buses" and row.date > NOVEMBER]
    kept = [[row for row in plan.trips if row.date == NOVEMBER] for plan in (first, second)]
    assert kept[0] == kept[1]  # the evening of the 2nd has happened
    seats = {}
    for trip in second.trips:
        seats[trip.vehicle_id, trip.date] = seats.get((trip.vehicle_id, trip.date), 0.0) + trip.trips * trip.seats_each
    riders = {}
    for ride in second.rides:
        key = (ride.vehicle_id, ride.date, ride.scenario)
        riders[key] = riders.get(key, 0.0) + ride.people
    for (vehicle, date, _), people in riders.items():
        assert people <= seats[vehicle, date] + 1e-3
    gone = [row for row in answer.changes if row.id == "governor_buses"]
    assert gone
    assert all(row.after == 0 and row.tell[0] == "sayula" for row in gone)
    worse = second.stage(Priority.WITHOUT_PLACE).value - first.stage(Priority.WITHOUT_PLACE).value
    assert worse > 0


def test_faults_of_tables_and_requests_are_named(november, tmp_path):
    bad = tmp_path / "bad.csv"
    bad.write_text("date,place,class,peopel\n", encoding="utf-8")
    scenario = str(november / "scenario")
    with pytest.raises(InputFileError, match="unknown column 'peopel'"):
        plan_scenario(PlanRequest(scenario, demand=str(bad)))
    bad.write_text("date,place,class,people\n2018-11-02,sayulla,adults,5\n", encoding="utf-8")
    with pytest.raises(InputFileError, match=r"bad.csv:2: 'sayulla' in 'place' is not known. Did you mean 'sayula'"):
        plan_scenario(PlanRequest(scenario, demand=str(bad)))
    bad.write_text("date,place,class,people\n2018-11-02,sayula,adults,many\n", encoding="utf-8")
    with pytest.raises(InputFileError, match=r"bad.csv:2: 'many'"):
        plan_scenario(PlanRequest(scenario, demand=str(bad)))
    bad.write_text("kind,id,since\nwithdrawed,x,2018-11-02\n", encoding="utf-8")
    with pytest.raises(InputFileError, match=r"bad.csv:2: 'withdrawed' in 'kind' .* 'withdrawn'"):
        read_changes(bad, PLAN)
    bad.write_text("kind,id,since\nwithdrawn,red_bus,2018-11-02\n", encoding="utf-8")
    with pytest.raises(InputFileError, match=r"bad.csv:2: 'red_bus' in 'id' is not known. Did you mean 'red_buses'"):
        read_changes(bad, PLAN)
    bad.write_text("kind,id,since\nwithdrawn,lorries,2018-11-02\n", encoding="utf-8")
    with pytest.raises(InputFileError, match=r"bad.csv:2: the plan does not use 'lorries', .* nobody has verified"):
        read_changes(bad, PLAN)
    with pytest.raises(InvalidValueError, match="belong together"):
        plan_scenario(PlanRequest(scenario, change=str(bad)))
    with pytest.raises(InputFileError, match="there is no plan"):
        read_plan_file(tmp_path)

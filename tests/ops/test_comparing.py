"""Comparisons from scenarios: the same on any number of workers, rounds with the forecast, tables without secrets."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import math

import numpy as np
import pytest

from posada.io.folder import read_scenario, write_scenario
from posada.model.comparison import MEASURES, CompareOptions, Measure
from posada.model.errors import InvalidValueError
from posada.model.plan import PlanOptions, Trip
from posada.ops.comparing import CompareRequest, compare_scenario
from posada.ops.comparison_tables import comparison_tables
from posada.ops.means import Means
from posada.ops.planned_forecast import planned_forecast, without_used
from posada.ops.planning import PlanRequest, problem_of
from posada.ops.standing import standing_of

SMALL = {"members": 40, "scenarios": 3, "days": 6}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The valley with vehicles that somebody has verified, and a town that is marked sensitive."""
    scenario = read_scenario("valley")
    vehicles = tuple(dataclasses.replace(row, verified=True, state="ready") for row in scenario.vehicles)
    places = tuple(dataclasses.replace(row, sensitive=row.id == "cedar") for row in scenario.places)
    target = tmp_path_factory.mktemp("compare") / "valley"
    write_scenario(scenario.replace(vehicles=vehicles, places=places), target)
    return target


def request_of(folder, *, demand=None, **more):
    plan = PlanRequest(str(folder), **SMALL, demand=demand, options=PlanOptions(time_limit_s=60.0, gap_share=0.05))
    return CompareRequest(plan, CompareOptions(shown=2, rounds=2, most_tries=6), **more)


@pytest.fixture(scope="module")
def answer(folder, tmp_path_factory):
    out = tmp_path_factory.mktemp("out") / "compared"
    return compare_scenario(request_of(folder, out=out, workers=1), made_at=dt.datetime(2030, 5, 1, tzinfo=dt.UTC))


def test_it_is_the_same_on_any_number_of_workers(folder, answer):
    other = compare_scenario(request_of(folder, workers=2))
    for name, table in comparison_tables(answer).items():
        for column, values in comparison_tables(other)[name].items():
            assert np.array_equal(values, table[column], equal_nan=values.dtype.kind == "f"), (name, column)


def test_both_regimes_have_the_same_people_and_the_plan_fewer_without_a_place(answer):
    weights, regimes = answer.problem.demand.weights, answer.regimes
    alone, together = (weights @ row.corridor(Measure.WITHOUT_PLACE) for row in _accounts(regimes))
    assert together <= alone + 1e-3
    assert together < alone  # dogwood refuses, birch pushes on
    nights = answer.problem.demand.people.sum(axis=(1, 2, 3))
    for row in _accounts(regimes):
        # Whoever rides is not on the road that night, so there can be more nights in towns and never fewer.
        assert (row.corridor(Measure.LOAD) >= nights - 1e-2).all()


def _accounts(regimes):
    return regimes.alone_account, regimes.coordinated_account


def test_tables_carry_the_stamp_and_no_place_that_is_marked_sensitive(answer):
    folder = answer.request.out
    assert {path.name for path in answer.files} >= {"stamp.json", "towns.csv", "corridor.csv", "offers.csv"}
    for name in ("towns", "corridor", "offers", "rounds"):
        text = (folder / f"{name}.csv").read_text(encoding="utf-8")
        assert "posada" in text
        assert answer.stamp.scenario_hash in text
        assert "cedar" not in text
    with (folder / "towns.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["measure"] for row in rows} == {measure.name.lower() for measure in MEASURES}
    with (folder / "corridor.csv").open(encoding="utf-8", newline="") as file:
        prices = {row["measure"]: row for row in csv.DictReader(file) if row["regime"] == "price_of_going_alone"}
    assert float(prices["without_place"]["mean"]) > 1


def test_a_town_opens_what_its_stance_opens_in_the_simulation(answer):
    standing = standing_of(answer.scenario, answer.problem.demand, CompareOptions(remote_km_per_night=3.0))
    ids, dates = answer.problem.demand.place_ids, answer.problem.demand.dates
    birch, dogwood, alder = (ids.index(name) for name in ("birch", "dogwood", "alder"))
    assert standing.pushes[:, [birch, dogwood]].all()
    assert not standing.pushes[:, alder].any()
    assert standing.welcomes[:, alder].all()
    assert standing.refuses[0].tolist() == [place == "dogwood" for place in ids]
    # lodging_push_on is triangular on 0.5, 0.8, 1.0: half of it lies below 1 - sqrt(0.5 * 0.5 * 0.2) = 0.776 ...
    low, mode, high = 0.5, 0.8, 1.0
    middle = low + math.sqrt(0.5 * (high - low) * (mode - low))
    assert standing.places_share[0, birch] == pytest.approx(middle)
    assert standing.places_share[0, alder] == 1  # a welcome opens no more than there is
    assert standing.remote_km[0, [birch, dogwood, alder]].tolist() == [3.0, 0.0, 0.0]
    assert len(dates) == standing.pushes.shape[0]


def test_trips_that_are_decided_enter_the_forecast_and_no_seat_is_planned_twice(folder):
    request = PlanRequest(str(folder), **SMALL)
    scenario = read_scenario(str(folder))
    forecast = planned_forecast(request, scenario, Means(2))
    idle = forecast.demand
    day = idle.dates[1]
    trips = (Trip(-1, "birch_buses", day, "birch", "cedar", False, 7.0, 2.0, 60.0, 60.0, 0.0, 40),)
    moved = forecast.again(trips)
    assert moved.labels == idle.labels
    assert np.array_equal(moved.weights, idle.weights)
    assert np.array_equal(forecast.again(()).people, idle.people)  # the same luck, so the same people
    problem = without_used(problem_of(request, scenario, idle), trips)
    row = [fleet.id for fleet in problem.fleets].index("birch_buses")
    assert problem.fleet_on[row].tolist() == [date != day for date in idle.dates]


def test_rounds_end_at_a_fixed_point_or_say_that_they_were_used_up(answer):
    rounds = answer.rounds
    assert [row.round for row in rounds] == list(range(len(rounds)))
    assert rounds[0].moved_share == 0
    assert rounds[-1].new_trips == 0 or len(rounds) == 3
    assert all(row.new_trips > 0 for row in rounds[:-1])


def test_a_table_of_people_can_be_compared_and_then_no_forecast_follows(folder, tmp_path):
    table = tmp_path / "people.csv"
    rows = ["date,place,class,people,onward,next", "2030-05-02,birch,adults,300,300,dogwood"]
    rows += ["2030-05-03,dogwood,adults,300,,"]
    table.write_text("\n".join(rows) + "\n", encoding="utf-8")
    answer = compare_scenario(request_of(folder, demand=str(table)))
    assert answer.rounds == ()
    alone = answer.regimes.alone_account.corridor(Measure.WITHOUT_PLACE)
    together = answer.regimes.coordinated_account.corridor(Measure.WITHOUT_PLACE)
    assert alone[0] > together[0]  # dogwood refuses


@pytest.mark.parametrize("name", ["site_places", "bus_seats", "most_turns"])
def test_numbers_out_of_bounds_are_refused(name):
    with pytest.raises(InvalidValueError, match=f"{name} is 0. It must be more than 0"):
        CompareOptions(**{name: 0})


def test_dispersed_people_cannot_be_compared():
    with pytest.raises(InvalidValueError, match="dispersed people"):
        compare_scenario(CompareRequest(PlanRequest("mali2012")))

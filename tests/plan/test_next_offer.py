"""One offer more and one town less, against plans that are made with it."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posada.model.comparison import CompareOptions
from posada.model.plan import PlanFleet, PlanSite, Priority
from posada.plan.highs import Solver
from posada.plan.next_offer import BUS, SITE, Trials
from posada.plan.objectives import build_model
from posada.plan.problem import build_problem
from tests.plan.corridors import EXACT, buses, corridor, problem, site, walk

OPTIONS = CompareOptions(site_places=100, bus_seats=40, bus_range_km=70.0)


def least(whole) -> float:
    """Return the person-nights without a place of the relaxed whole."""
    model = build_model(whole)
    objective = model.objectives[0]
    assert objective.priority is Priority.WITHOUT_PLACE
    solver = Solver(model.matrix)
    solver.relax(True)
    solver.set_cost(objective.cost)
    return objective.constant + solver.solve(20.0).value


def test_what_one_more_site_or_bus_does_by_hand():
    # 100 people, places 60, 70, 100: 40 without in t0, 30 in t1. A site of 100 gives t0 40 places, t1 30. A bus of 40
    # seats in t0 or in t1 takes 40 from t0 to t1 for the night, where 70 fit, and next evening 30 from t1 to t0 or t2.
    # A bus in t2 goes 70 km at most, so it cannot fetch anybody in t0, 120 km away: it helps the 30 in t1.
    scenario = corridor(3, km=60.0)
    demand = walk(scenario, [[100, 0, 0, 0]], 3)
    whole = problem(scenario, demand, [site("t0", 60), site("t1", 70), site("t2", 100)])
    ranking = Trials(scenario, whole, OPTIONS).rank(OPTIONS)
    found = {(row.what, row.place_id): row.mean for row in ranking.effects}
    assert found == pytest.approx(
        {(BUS, "t0"): 70, (BUS, "t1"): 70, (SITE, "t0"): 40, (SITE, "t1"): 30, (BUS, "t2"): 30}, abs=1e-2
    )
    assert [row.mean for row in ranking.effects] == sorted((row.mean for row in ranking.effects), reverse=True)


def test_a_refusal_by_hand():
    # t0 lodges 60 of 100, t1 70, t2 100. Whoever refuses leaves as many without a place; there is no bus.
    scenario = corridor(3, km=60.0)
    demand = walk(scenario, [[100, 0, 0, 0]], 3)
    whole = problem(scenario, demand, [site("t0", 60), site("t1", 70), site("t2", 100)])
    refusals = Trials(scenario, whole, OPTIONS).refusals(OPTIONS)
    assert [(row.place_id, round(row.mean)) for row in refusals] == [("t2", 100), ("t1", 70), ("t0", 60)]
    assert all(row.low == row.likely == row.high for row in refusals)  # one scenario has no range


def test_where_everybody_has_a_place_no_offer_is_the_next_best():
    scenario = corridor(3, km=60.0)
    whole = problem(scenario, walk(scenario, [[10, 0, 0, 0]], 3), [site(f"t{n}", 10) for n in range(3)])
    ranking = Trials(scenario, whole, OPTIONS).rank(OPTIONS)
    assert (ranking.effects, ranking.tried) == ((), 0)


@given(seed=st.integers(0, 2**20))
@settings(max_examples=5, deadline=None)
def test_every_effect_is_that_of_a_problem_with_the_offer_and_below_its_bound(seed):
    rng = np.random.default_rng(seed)
    scenario = corridor(4, km=60.0)
    groups = (rng.integers(1, 60, (2, 4)) * np.array([1, 2, 1, 0])).tolist()
    demand = walk(scenario, groups, 5, weights=[0.4, 0.6])
    sites = [site(f"t{n}", int(places)) for n, places in enumerate(rng.integers(0, 80, 4))]
    fleets = [buses("t1", 1, int(rng.integers(5, 20)), honoured=0.5)]
    options = dataclasses.replace(EXACT, near_days=2)
    whole = problem(scenario, demand, sites, fleets, options)
    trials = Trials(scenario, whole, OPTIONS)
    bounds = {(row.what, row.place_id): row.bound for row in trials.candidates}
    ranking = trials.rank(dataclasses.replace(OPTIONS, shown=99))
    base, best = least(whole), {(row.what, row.place_id): row.mean for row in ranking.effects}
    for (what, place), bound in bounds.items():
        more_sites = [PlanSite("new", place, "new", 100, 100)] if what == SITE else []
        more_fleets = [PlanFleet("new", place, "bus", 1, 40, 70.0, None, False)] if what == BUS else []
        offers = ([*sites, *more_sites], [*fleets, *more_fleets])
        other = build_problem(scenario, demand, options, *offers, shortfall=trials.model.problem.shortfall)
        gain = base - least(other)
        assert gain <= bound + 1e-3
        assert best.get((what, place), 0.0) == pytest.approx(gain, abs=1e-2)
    few = trials.rank(dataclasses.replace(OPTIONS, shown=2))
    ranked = [row.mean for row in ranking.effects[:2]]
    assert [row.mean for row in few.effects] == pytest.approx(ranked, abs=1e-2)

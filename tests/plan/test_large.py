"""The way of large programs, taken with small ones whose optimum is known: bounds hold, what is whole is whole."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posada.model.plan import Priority, SolveStatus
from posada.plan import solve
from posada.plan.diving import Dive
from posada.plan.highs import Solver, violation
from posada.plan.objectives import build_model
from posada.plan.program import Program
from posada.plan.solve import solve_model
from tests.plan.test_plan_proof import FEW, drawn_problem


def solved_as_large(model, **more):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(solve, "LARGE", 0)
        return solve_model(model, time_limit_s=60, **more)


@given(seed=st.integers(0, 2**20))
@FEW
def test_a_plan_of_the_large_way_keeps_every_row_and_no_bound_is_above_the_optimum(seed):
    model = build_model(drawn_problem(seed))
    large = solved_as_large(model)
    exact = solve_model(model, time_limit_s=20, gap_share=0.0, last=Priority.WITHOUT_PLACE)
    whole = large.x[model.matrix.integer]
    assert violation(model.matrix, large.x) <= 1e-4
    assert np.array_equal(whole, np.rint(whole))
    first = large.stages[0]
    assert first.bound <= exact.stages[0].value + 1e-3
    assert first.value >= exact.stages[0].bound - 1e-3
    for stage, objective in zip(large.stages, model.objectives, strict=True):
        assert stage.bound <= stage.value + 1e-3
        assert objective.value(large.x) <= stage.value + 1e-3 * max(1.0, abs(stage.value))


@given(seed=st.integers(0, 2**20))
@FEW
def test_no_plan_that_keeps_the_earlier_priorities_is_below_a_bound(seed):
    """Whole families are the only ones that the search over the near days leaves out, so the bounds are below."""
    model = build_model(drawn_problem(seed))
    large = solved_as_large(model)
    solver = Solver(model.matrix)
    for stage, objective in zip(large.stages, model.objectives, strict=True):
        solver.set_cost(objective.cost)
        solver.relax(False)
        best = solver.solve(20.0, gap_share=0.0, start=large.x)
        assert stage.relaxed_bound <= stage.bound <= objective.constant + best.bound + 1e-3 * max(1.0, abs(stage.bound))
        solver.cap(objective.cost, stage.value - objective.constant + 1e-6 * max(1.0, abs(stage.value)))


def test_the_search_over_the_near_days_lifts_a_bound():
    """It would lift none if what it proves were lost; seed 3 is one in which a part of a trip is worth something."""
    large = solved_as_large(build_model(drawn_problem(3)))
    assert any(stage.bound > stage.relaxed_bound + 1e-3 for stage in large.stages)


def test_the_same_program_has_the_same_plan_twice():
    model = build_model(drawn_problem(7))
    one, other = solved_as_large(model), solved_as_large(model)
    assert np.array_equal(one.x, other.x)
    assert [stage.bound for stage in one.stages] == [stage.bound for stage in other.stages]


def test_without_time_the_large_way_leaves_the_rule():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(solve, "LARGE", 0)
        solution = solve_model(build_model(drawn_problem(7)), time_limit_s=0.0)
    assert solution.status is SolveStatus.RULE


def knapsack():
    """Three kinds of trips of 3, 5 and 4 hours in 10 hours: 2 of the first and 1 of the last carry 26, the most."""
    program = Program()
    trips = program.add_columns("trips", 3, upper=5.0, integer=True)
    program.add_rows("hours", 1, [(np.zeros(3, np.int64), trips, np.array([3.0, 5.0, 4.0]))], upper=10.0)
    return program.finish(), np.array([-8.0, -12.5, -10.0])


def dive_of(least):
    """Return the bound, and what a dive finds when so many trips of the first kind are made at least."""
    matrix, cost = knapsack()
    solver = Solver(matrix)
    solver.relax(True)
    solver.set_cost(cost)
    loose = solver.solve_on(5.0, steps=100)
    dive = Dive(solver, matrix.lower.copy(), matrix.upper.copy(), lambda: 5.0)
    dive.set(np.array([0]), np.array([least]), np.array([5.0]))
    return loose.value, dive.to_whole(loose.solution, np.arange(3), 20), cost


def test_a_dive_ends_whole_within_the_hours_and_no_lower_than_the_bound():
    bound, found, cost = dive_of(0.0)
    assert bound == pytest.approx(-8.0 * 10 / 3)
    assert np.allclose(found, np.rint(found))
    assert np.array([3.0, 5.0, 4.0]) @ found <= 10 + 1e-6
    assert bound <= cost @ found <= -24.0  # 3 of the first kind at least


def test_a_dive_with_more_trips_than_there_are_hours_for_finds_nothing():
    assert dive_of(3.0)[1] is not None  # 9 of 10 hours
    assert dive_of(4.0)[1] is None

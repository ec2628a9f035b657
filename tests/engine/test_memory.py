"""The memory of recent travel as classes: by hand, against every way to cut a row, and against none.

Agreement with Flee, which keeps the memory of each person, is tested in ``tests/flee``.
"""

from __future__ import annotations

import dataclasses
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posada.engine.dispersal import grouping
from posada.engine.dispersal.grouping import grouped
from posada.engine.dispersal.memory import Fine, Habits
from posada.engine.dispersal.simulate import prepare_dispersal, simulate_dispersal
from posada.io.folder import read_scenario
from tests.flee.folders import WORLDS

MODERN = WORLDS / "chance-modern"


def _loss(cuts, differing, people):
    """What a row cut before these cells loses, with the cost of its groups."""
    total = 0.0
    for begin, end in zip((0, *cuts), (*cuts, len(people)), strict=True):
        own, many = differing[begin:end], people[begin:end]
        mean = (own * many).sum() / many.sum()
        total += many.sum() * np.sqrt((many * (own - mean) ** 2).sum() / many.sum()) + grouping.CLASS_COST
    return total


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_other_cut_loses_less(data):
    cells = data.draw(st.integers(1, 7))
    steps = data.draw(st.lists(st.integers(1, 9), min_size=cells, max_size=cells))
    many = data.draw(st.lists(st.integers(0, 9), min_size=cells, max_size=cells))
    differing = np.cumsum([0, *steps[1:]]) / 1000
    people = np.array(many) / 10
    found = grouped(differing[None], people[None], most=1000)
    cuts = tuple(np.flatnonzero(np.diff(found.of_cell[0])) + 1)
    people = people + grouping.STRAY / cells
    every = [cut for size in range(cells) for cut in combinations(range(1, cells), size)]
    least = min(_loss(cut, differing, people) for cut in every)
    assert _loss(cuts, differing, people) == pytest.approx(least, rel=1e-6)


def test_cells_that_decide_alike_are_one_group():
    groups = grouped(np.array([[0.0, 0.0, 0.4, 0.4], [0.0, 0.0, 0.0, 0.0]]), np.ones((2, 4)), most=64)
    assert groups.of_cell.tolist() == [[0, 0, 1, 1], [0, 0, 0, 0]]
    assert groups.used.tolist() == [[True, True], [True, False]]
    assert groups.of_cell[0, groups.standing[0]].tolist() == [0, 1]


def test_the_cell_nearest_to_the_mean_of_its_people_stands_for_a_group():
    differing = np.array([[0.0, 0.00001, 0.00002]])
    assert grouped(differing, np.array([[0.0, 0.0, 9.0]]), most=64).standing.tolist() == [[2]]
    assert grouped(differing, np.array([[9.0, 0.0, 0.0]]), most=64).standing.tolist() == [[0]]


def _fine():
    world = prepare_dispersal(read_scenario(MODERN)).world
    places, steps = world.place.key.size, world.nodes.step.size
    habits = Habits(
        chance=np.full(places, 0.5),
        chance_as_town=np.full(places, 0.5),
        share=np.full(steps, 0.5),
        sets_out=np.full(places, 1 / places),
        is_town=np.ones(places, np.bool_),
        max_move_km=360.0,
        max_walk_km=35.0,
        starts_on_foot=True,
    )
    return Fine(world.nodes, habits)


@pytest.mark.parametrize(
    ("cell", "after"),
    [
        (0, 0),  # nothing remembered, nothing moved
        (32, 16),  # half of what was remembered
        (1, 0),  # half a cell goes down, so that memory ends
    ],
)
def test_memory_after_a_night_by_hand(cell, after):
    assert _fine().night(0).cell[cell] == after


@pytest.mark.parametrize(
    ("moved_km", "remembered", "after"),
    [
        (360.0, 0.0, 0.5),  # (0 + 1) / 2
        (360.0, 0.5, 0.75),  # (1/2 + 1) / 2
        (180.0, 1.0, 0.75),  # (1 + 1/2) / 2
        (90.0, 0.0, 0.125),
    ],
)
def test_memory_after_a_day_that_ends_where_one_lands(moved_km, remembered, after):
    """Memory and way of today are added on landing, and halved together at night."""
    fine = _fine()
    landed = fine.to_landing(0, fine.remembered, moved_km, 1.0).cell[int(remembered / 2 * fine.grid)]
    assert landed / fine.parts == pytest.approx(remembered + moved_km / 360.0)
    assert fine.landed(0).cell[landed] * 2 / fine.grid == after


def test_less_than_a_days_way_stays_less():
    """Who remembers nothing and has moved less than a day's way goes on from a town, however little less."""
    fine = _fine()
    for moved_km in np.linspace(0.1, 359.9, 50):
        assert fine.to_landing(0, fine.remembered, moved_km, 1.0).cell[0] < fine.parts


def test_who_does_not_avoid_short_stints_has_one_class():
    scenario = read_scenario(MODERN)
    movement = dataclasses.replace(scenario.movement, avoid_short_stints=False)
    assert prepare_dispersal(scenario.replace(movement=movement)).world.memory.cells == 0
    assert prepare_dispersal(scenario).world.memory.cells > 1


def test_finer_classes_give_the_same_means(monkeypatch):
    """Means of 400 members agree with those of classes that tell everything apart; 5 standard errors, 1 in 20,000."""
    scenario = read_scenario(MODERN)
    coarse = simulate_dispersal(scenario, members=400, seed=1).people.astype(float)
    monkeypatch.setattr(grouping, "CLASS_COST", 1e-9)
    fine = simulate_dispersal(scenario, members=400, seed=2).people.astype(float)
    error = np.sqrt((coarse.var(axis=0, ddof=1) + fine.var(axis=0, ddof=1)) / 400 + 0.001)
    assert (np.abs(coarse.mean(axis=0) - fine.mean(axis=0)) / error).max() < 5

"""Variants of a prepared ensemble are what preparing it anew gives, bit by bit."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from posada.engine.dispersal.simulate import prepare_dispersal, run_prepared
from posada.engine.dispersal.variants import from_day, with_movement
from posada.model.errors import InvalidValueError
from tests.conflicts import conflict_files, read_conflict
from tests.displaced import read_displaced


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    return prepare_dispersal(read_conflict(tmp_path_factory.mktemp("conflict") / "made-up"), days=40)


def people_of(ensemble):
    return run_prepared(ensemble, members=3, seed=5).people


def test_the_same_numbers_are_the_same_run(prepared):
    assert (people_of(with_movement(prepared, prepared.scenario.movement)) == people_of(prepared)).all()
    ones = np.ones(len(prepared.scenario.places))
    assert (people_of(with_movement(prepared, prepared.scenario.movement, ones)) == people_of(prepared)).all()


def test_other_numbers_are_the_run_of_a_scenario_with_them(prepared):
    movement = dataclasses.replace(
        prepared.scenario.movement, distance_power=1.7, softening_km=40.0, weight_camp=3.0, move_chance_default=0.9
    )
    anew = prepare_dispersal(prepared.scenario.replace(movement=movement), days=40)
    varied = with_movement(prepared, movement)
    assert (people_of(varied) == people_of(anew)).all()
    assert not (people_of(varied) == people_of(prepared)).all()
    assert varied.scenario.hash == anew.scenario.hash != prepared.scenario.hash


def test_nobody_comes_to_a_place_that_does_not_attract(prepared):
    """Of two camps the nearer one attracts nobody; people of the first day stay in it, none comes."""
    attraction = np.ones(len(prepared.scenario.places))
    cedar = prepared.place_ids.index("cedar")
    movement = dataclasses.replace(prepared.scenario.movement, move_chance_camp=0.0)
    assert (people_of(with_movement(prepared, movement))[:, -1, cedar] > 100).all()
    attraction[cedar] = 0.0
    assert (people_of(with_movement(prepared, movement, attraction))[:, -1, cedar] == 100).all()


@pytest.mark.parametrize("attraction", [np.ones(2), np.full(4, -1.0), np.full(4, np.nan)])
def test_an_attraction_that_cannot_be_is_refused(prepared, attraction):
    with pytest.raises(InvalidValueError, match="4 numbers from 0 on"):
        with_movement(prepared, prepared.scenario.movement, attraction)


def test_what_the_graph_depends_on_cannot_be_varied(prepared):
    movement = dataclasses.replace(prepared.scenario.movement, awareness_steps=1)
    with pytest.raises(InvalidValueError, match="'awareness_steps' changes the graph"):
        with_movement(prepared, movement)


def test_from_the_first_day_is_the_whole_run(prepared):
    begun = from_day(prepared, 0, prepared.world.start.in_camp)
    assert (people_of(begun) == people_of(prepared)).all()


def test_from_a_later_day_people_are_those_given_and_those_who_set_out(prepared):
    in_place = np.array([0, 0, 200, 70])
    new_people = np.array([7, 0, 3, *[0] * 7])
    run = run_prepared(from_day(prepared, 30, in_place, new_people), members=2, seed=1)
    assert run.dates == prepared.dates[30:]
    assert (run.entered[:, 0] == 277).all()
    assert (run.entered[:, -1] == 280).all()
    assert (run.people.sum(axis=2) + run.under_way == run.entered).all()
    assert len(from_day(prepared, 30, in_place, new_people, days=4).dates) == 4


def test_where_conflict_has_ended_people_set_out_from_where_they_did_last(tmp_path):
    ended = "place,date,intensity,source\nbirch,2030-03-01,1,events\nbirch,2030-03-03,0,events\n"
    files = conflict_files(cedar={0: 100}, dogwood={0: 40}) | {"conflicts.csv": ended}
    scenario = read_displaced(tmp_path / "ended", files)
    ensemble = prepare_dispersal(scenario, days=12)
    new_people = np.array([50, 0])
    frozen = with_movement(ensemble, dataclasses.replace(scenario.movement, move_chance_default=0.0))
    run = run_prepared(from_day(frozen, 10, np.zeros(4, np.int64), new_people), members=1, seed=1)
    assert run.people[0, 0].tolist() == [0, 50, 0, 0]


def test_before_any_conflict_nobody_can_set_out(tmp_path):
    begins = "place,date,intensity,source\nbirch,2030-04-01,1,events\n"
    files = conflict_files(cedar={0: 100}, dogwood={0: 40}) | {"conflicts.csv": begins}
    ensemble = prepare_dispersal(read_displaced(tmp_path / "peace", files), days=12)
    with pytest.raises(InvalidValueError, match="no place with residents is or was in conflict"):
        from_day(ensemble, 10, np.zeros(4, np.int64), np.array([50, 0]))
    assert from_day(ensemble, 10, np.zeros(4, np.int64), np.array([0, 0])).dates == ensemble.dates[10:]


def test_a_day_or_shape_that_does_not_fit_is_refused(prepared):
    with pytest.raises(InvalidValueError, match="no day 40 among 40"):
        from_day(prepared, 40, np.zeros(4, np.int64))
    with pytest.raises(InvalidValueError, match="4 places and 10 days"):
        from_day(prepared, 30, np.zeros(4, np.int64), np.zeros(9, np.int64))
    with pytest.raises(InvalidValueError, match="4 places and 10 days"):
        from_day(prepared, 30, np.zeros(3, np.int64), np.zeros(10, np.int64))


def test_more_people_than_numbers_hold_are_refused(prepared):
    most = np.full(10, 200_000_000)
    with pytest.raises(InvalidValueError, match="2,000,000,004 people"):
        from_day(prepared, 30, np.ones(4, np.int64), most)
    assert from_day(prepared, 30, np.zeros(4, np.int64), most).dates == prepared.dates[30:]

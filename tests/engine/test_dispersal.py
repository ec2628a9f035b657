"""Dispersed people: nobody is lost, threads change nothing, luck does not spill over, and the sequences are right.

Agreement with Flee is tested in ``tests/flee``.
"""

from __future__ import annotations

import dataclasses
import datetime as dt

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from posada.engine.compiling import kernel
from posada.engine.dispersal.memory import MOST_CELLS
from posada.engine.dispersal.simulate import given_of, prepare_dispersal, simulate_dispersal
from posada.engine.dispersal.stream import State, begin, binomial_of, following, normal_of, poisson_of
from posada.io.folder import read_scenario
from posada.model.displacement import Closure
from posada.model.errors import InvalidValueError, UnknownNameError
from posada.model.registrations import newly_displaced, registered_series
from tests.displaced import FILES, read_displaced
from tests.displaced_strategies import displacements
from tests.flee.folders import WORLDS

LEAST_P = 1e-4
"""A right sampler, tried with another seed, would fail one such test in ten thousand."""

DRAWS = 20_000
MODERN = WORLDS / "chance-modern"


@settings(max_examples=40, deadline=None)
@given(displacements(), st.sampled_from(("flee", "posada")), st.integers(1, 2))
def test_nobody_is_lost(scenario, semantics, workers):
    """Entered = present + under way, in every member on every day, whatever a scenario says."""
    scenario = scenario.replace(movement=dataclasses.replace(scenario.movement, semantics=semantics))
    try:
        run = simulate_dispersal(scenario, members=3, seed=2, workers=workers)
    except InvalidValueError:
        return  # settings that contradict each other, or nobody to set out
    assert (run.people.sum(axis=2) + run.under_way == run.entered).all()
    assert run.people.min() >= 0
    assert run.under_way.min() >= 0
    assert (np.diff(run.entered, axis=1) >= 0).all()


@settings(max_examples=25, deadline=None)
@given(displacements())
def test_whoever_is_registered_has_entered(scenario):
    """People on the last day are those there at the start and all rises, but for what falls cancelled."""
    movement = dataclasses.replace(scenario.movement, insert_day0=False, empty_camps_on_day0=False)
    scenario = scenario.replace(movement=movement, present=())
    try:
        run = simulate_dispersal(scenario, members=2, seed=2)
    except InvalidValueError:
        return
    rises = newly_displaced(registered_series(scenario), movement)
    assert (run.entered[:, -1] == rises.sum() + run.debt[-1]).all()


@pytest.mark.parametrize(("people", "is_refused"), [(1_900_000_000, False), (2_900_000_000, True)])
def test_more_people_than_numbers_hold_are_refused(people, is_refused, tmp_path):
    """What follows from day to day has 32 bits: 2.9e9 people were less than none, a fault found only after the run."""
    reports = FILES["reports.csv"].replace("cedar,200,", f"cedar,{people},").replace("cedar,150,", f"cedar,{people},")
    scenario = read_displaced(tmp_path / "many", {"reports.csv": reports})
    if is_refused:
        with pytest.raises(InvalidValueError, match="people_per_simulated"):
            simulate_dispersal(scenario, members=1, seed=1)
        return
    run = simulate_dispersal(scenario, members=1, seed=1)
    assert run.entered[0, -1] >= people
    assert run.people.min() >= 0


def test_residents_of_a_place_can_all_set_out_and_no_more(tmp_path):
    """Of 900 million 0.3 a day: where they are then no longer there, 9e8 in all; else 2.7e8 on each of ten days."""
    places = FILES["places.csv"].replace(",9000,", ",900000000,")
    movement = {"spawn_mode": "population_share", "displaced_per_conflict_day": 0.3}
    scenario = read_displaced(tmp_path / "share", {"places.csv": places})
    for takes, is_refused in ((True, False), (False, True)):
        changed = dataclasses.replace(scenario.movement, take_from_population=takes, **movement)
        if is_refused:
            with pytest.raises(InvalidValueError, match="people_per_simulated"):
                prepare_dispersal(scenario.replace(movement=changed))
        else:
            run = simulate_dispersal(scenario.replace(movement=changed), members=1, seed=1)
            assert 5e8 < run.entered[0, -1] < 9.1e8


def test_threads_and_ranges_change_nothing():
    scenario = read_scenario(MODERN)
    whole = simulate_dispersal(scenario, members=40, seed=4, workers=1)
    threads = simulate_dispersal(scenario, members=40, seed=4, workers=3)
    behind = simulate_dispersal(scenario, members=15, seed=4, workers=2, first_member=25)
    assert (whole.people == threads.people).all()
    assert (whole.people[25:] == behind.people).all()
    assert (whole.people != simulate_dispersal(scenario, members=40, seed=0).people).any()


@pytest.mark.parametrize("day", [3, 7])
def test_a_closure_changes_nothing_before_its_day(day):
    """Two policies are compared under the same luck."""
    scenario = read_scenario(MODERN)
    date = scenario.settings.start + dt.timedelta(days=day)
    source = scenario.routes[0].source
    shut = scenario.replace(closures=(Closure("place", "c1", source, None, date, None),))
    before, after = (simulate_dispersal(each, members=30, seed=4).people for each in (scenario, shut))
    assert (before[:, :day] == after[:, :day]).all()
    assert (before[:, day:] != after[:, day:]).any()


def test_kept_places_are_those_of_the_whole():
    scenario = read_scenario(MODERN)
    whole = simulate_dispersal(scenario, members=5, seed=4)
    some = simulate_dispersal(scenario, members=5, seed=4, places=["c2", "a"])
    assert some.place_ids == ("c2", "a")
    for place in some.place_ids:
        assert (some.people[:, :, some.place_index(place)] == whole.people[:, :, whole.place_index(place)]).all()
    with pytest.raises(UnknownNameError, match="c3"):
        simulate_dispersal(scenario, members=1, places=["c3"])


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"days": 0}, "days is 0"),
        ({"days": 99_999}, "days is 99999"),
        ({"memory_cells": MOST_CELLS + 1}, "memory_cells is 65"),
        ({"members": 0}, "members is 0"),
        ({"workers": 0}, "workers is 0"),
    ],
)
def test_numbers_out_of_bounds(asked, says):
    scenario = read_scenario(MODERN)
    with pytest.raises(InvalidValueError, match=says):
        simulate_dispersal(scenario, **{"members": 1, **asked})
    assert simulate_dispersal(scenario, members=1, days=1, memory_cells=MOST_CELLS).members == 1


@kernel
def _fill(state: State, kind: int, people: int, number: float, out: np.ndarray) -> None:
    for i in range(out.size):
        if kind == 0:
            out[i] = following(state)
        elif kind == 1:
            out[i] = binomial_of(state, people, number)
        elif kind == 2:
            out[i] = poisson_of(state, number)
        else:
            out[i] = normal_of(state)


def _draw(kind, people, number, entity):
    state, out = np.zeros(1, np.uint64), np.empty(DRAWS)
    begin(state, 7, 1, 2, 3, entity)
    _fill(state, kind, people, number, out)
    return out


def _p_value(drawn, law):
    """Chi-square over cells of at least ten expected draws."""
    values = np.arange(int(law.ppf(1e-9)), int(law.ppf(1 - 1e-9)) + 2)
    edges = [0.0]
    for value in values:
        if law.cdf(value) - edges[-1] >= 10 / DRAWS and 1 - law.cdf(value) >= 10 / DRAWS:
            edges.append(law.cdf(value))
    edges.append(1.0)
    upper = law.ppf(np.array(edges[1:-1]) - 1e-12)
    counts = np.bincount(np.searchsorted(upper, drawn - 0.5), minlength=len(edges) - 1)
    return stats.chisquare(counts, np.diff(edges) * DRAWS).pvalue


@pytest.mark.parametrize(
    ("people", "chance"),
    [
        *((1, 0.5), (12, 0.3), (13, 0.7), (40, 0.2), (200, 0.04), (600, 0.5), (10**8, 0.0000002)),
        *((810, 0.5), (1000, 0.5), (21_000, 0.01), (10**6, 0.9), (10**8, 0.3)),  # from a normal number
    ],
)
def test_how_many_take_a_way_is_binomial(people, chance):
    assert _p_value(_draw(1, people, chance, people), stats.binom(people, chance)) > LEAST_P


@pytest.mark.parametrize("mean", [0.3, 4.0, 9.9, 10.1, 300.0, 1e6])
def test_numbers_by_conflict_are_poisson(mean):
    assert _p_value(_draw(2, 0, mean, int(mean)), stats.poisson(mean)) > LEAST_P


def test_normal_numbers():
    assert stats.kstest(_draw(3, 0, 0.0, 5), "norm").pvalue > LEAST_P
    tail = _draw(3, 0, 0.0, 6)
    # 20,000 numbers: 80.7 of them are expected beyond 2.878, and a Poisson number is at most 119 in all but 1e-4.
    assert 45 < (np.abs(tail) > 2.878).sum() < 120


@pytest.mark.parametrize("chance", [0.001, 0.01, 0.1, 0.3, 0.45, 0.5])
@pytest.mark.parametrize("variance", [200, 1000, 30_000])
def test_a_normal_number_is_nowhere_too_seldom_for_a_binomial_one(variance, chance):
    """What rejection from a normal number rests on: the bounds that its docstring states."""
    people = round(variance / chance / (1 - chance))
    variance = (people + 1) * chance * (1 - chance)
    sd, middle = variance**0.5, (people + 1) * chance - 0.5
    k = np.unique(np.round(middle + sd * np.linspace(-14, 14, 4001)))
    k = k[(k >= 0) & (k <= people)]
    w = k - middle
    series = -(w**2) / 2 / variance + (1 - 2 * chance) / 6 / variance**2 * w * (w**2 - 0.25)
    near = np.argmin(np.abs(w))
    log = stats.binom.logpmf(k, people, chance)
    log += series[near] - log[near]
    error = (np.abs(w) + 1) ** 4 / 6 / variance**3
    within = np.abs(w) < variance / 2
    assert (np.abs(log - series)[within] < error[within] + 2 * error[near] + 1e-6).all()
    farthest = (np.abs(w) + 0.5) / (sd + 3.0)  # of the normal numbers that give k
    assert (log + farthest**2 / 2).max() < 0.024 / sd


def test_numbers_of_a_sequence_are_uniform_and_its_own():
    drawn = _draw(0, 0, 0.0, 5)
    assert stats.kstest(drawn, "uniform").pvalue > LEAST_P
    assert abs(np.corrcoef(drawn[:-1], drawn[1:])[0, 1]) < 4 / DRAWS**0.5
    assert abs(np.corrcoef(drawn, _draw(0, 0, 0.0, 6))[0, 1]) < 4 / DRAWS**0.5
    assert (drawn == _draw(0, 0, 0.0, 5)).all()


def test_whole_numbers_given_in_code_do_not_compile_the_engine_again(tmp_path):
    """For kernels 20 and 20.0 are of two types, and each type of their arguments is half a minute of compiling."""
    scenario = read_displaced(tmp_path / "made-up")
    rules = {"spawn_mode": "constant", "capacity_buffer": 1, "weight_power": 2}
    whole = dataclasses.replace(scenario.movement, **rules, displaced_per_conflict_day=20)
    decimal = dataclasses.replace(scenario.movement, **rules, displaced_per_conflict_day=20.0)
    given = [given_of(prepare_dispersal(scenario.replace(movement=one)).world) for one in (whole, decimal)]
    assert numba.typeof(given[0]) == numba.typeof(given[1])
    assert numba.typeof(given[0].rules) != numba.typeof(given[0].rules._replace(displaced_rate=20))

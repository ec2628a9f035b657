"""Runs of a conflict with drawn sets of numbers: people in camps by set, day and camp."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from posada.engine.dispersal.demand import setting_out
from posada.engine.dispersal.simulate import Prepared, prepare_dispersal, run_prepared
from posada.engine.dispersal.variants import from_day, with_movement
from posada.forecast.conflict_numbers import CAPACITY_POWER, attraction_of, fixed_movement, movement_with
from posada.model.displacement import Movement
from posada.model.registrations import reception_places, registered_series
from posada.model.scenario import Scenario

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Numbers = Mapping[str, float]

SIMULATED_PEOPLE = 5000
"""About how many people are simulated: what a camp gets of them is uncertain by far more than by their number."""


@dataclass(frozen=True)
class ConflictRuns:
    """A conflict that can be run with any set of numbers.

    Attributes
    ----------
    scenario : Scenario
        With the settings that all sets have in common.
    prepared : Prepared
        Its graph and calendar, from the first day on.
    camps : tuple of str
        Camps whose people are kept.
    """

    scenario: Scenario
    prepared: Prepared
    camps: tuple[str, ...]

    @cached_property
    def people_per_simulated(self) -> int:
        """People whom one simulated person stands for."""
        assert self.scenario.movement is not None
        return self.scenario.movement.people_per_simulated

    @property
    def days(self) -> int:
        """Days of the scenario."""
        return len(self.prepared.dates)


@dataclass(frozen=True)
class Beginning:
    """From where runs begin.

    Attributes
    ----------
    day : int
        The first day, from that of the scenario.
    at_start : (camps,)
        People in camps in the night before.
    totals : (paths, days from there)
        People registered in all camps; run ``r`` follows path ``r % paths``, and after its last day nobody sets out.
    """

    day: int
    at_start: Floats
    totals: Floats


def prepare_conflict(scenario: Scenario, people: float) -> ConflictRuns:
    """Prepare a conflict whose camps hold about so many people in all.

    Raises
    ------
    InvalidValueError
        When the scenario cannot be run.
    """
    each = max(round(people / SIMULATED_PEOPLE), 1)
    fixed = scenario.replace(movement=fixed_movement(scenario.movement or Movement(), each))
    camps = reception_places(fixed)
    return ConflictRuns(fixed, prepare_dispersal(fixed, places=camps), camps)


def counted_in(scenario: Scenario, camps: Sequence[str]) -> Floats:
    """Return the people registered in camps on each day, ``(days, camps)``; 0 in a camp that nobody has counted."""
    series = registered_series(scenario)
    each = scenario.movement.people_per_simulated if scenario.movement else 1
    made = np.zeros((len(series.camps), len(camps)))
    for column, place in enumerate(series.places):
        if place in camps:
            made[:, camps.index(place)] = series.camps[:, column] * float(each)
    return made


def run_numbers(
    runs: ConflictRuns,
    numbers: Sequence[Numbers],
    beginning: Beginning,
    *,
    seed: int,
    days: int | None = None,
    workers: int = 1,
    progress: Callable[[], None] | None = None,
) -> Floats:
    """Return the people in camps of one run for each set of numbers, ``(sets, days, camps)``.

    Parameters
    ----------
    days : int or None
        Days from the beginning on; to the end of the scenario when ``None``.
    workers : int
        Threads, for one set each.
    progress : callable, optional
        Called after each run.
    """

    def one(at: int) -> Floats:
        made = _run_one(runs, numbers[at], beginning, at, seed=seed, days=days)
        if progress:
            progress()
        return made

    with ThreadPoolExecutor(max_workers=workers) as pool:
        return np.stack(list(pool.map(one, range(len(numbers)))))


def _run_one(runs: ConflictRuns, own: Numbers, beginning: Beginning, at: int, *, seed: int, days: int | None) -> Floats:
    movement = runs.scenario.movement
    assert movement is not None
    each = runs.people_per_simulated
    varied = with_movement(
        runs.prepared, movement_with(movement, own), attraction_of(runs.scenario, own[CAPACITY_POWER])
    )
    at_start = (beginning.at_start // each).astype(np.int64)
    total = np.rint(beginning.totals[at % len(beginning.totals)] / each).astype(np.int64)
    new_people, _ = setting_out(np.diff(total, prepend=at_start.sum()), first_day_waits=False)
    later = np.zeros(runs.days - beginning.day - new_people.size, np.int64)
    in_place = np.zeros(len(runs.scenario.places), np.int64)
    position = {row.id: index for index, row in enumerate(runs.scenario.places)}
    in_place[[position[camp] for camp in runs.camps]] = at_start
    begun = from_day(varied, beginning.day, in_place, np.concatenate([new_people, later]), days=days)
    run = run_prepared(begun, members=1, seed=seed, workers=1, first_member=at)
    return np.asarray(run.people[0].astype(np.float64) * each)

"""Members of a forecast of a conflict from a date on: numbers learned elsewhere, totals known or forecast.

What happens, in this order: the sets of numbers are chosen by the other conflicts, and by the first days of this one
(:mod:`~posada.forecast.conflict_weights`); the total of all camps is taken as known, or forecast from what was
registered by then (:mod:`~posada.forecast.conflict_totals`); people set out as it rises, and are simulated with each
set from the camps as they were counted (:mod:`~posada.forecast.conflict_runs`); members are spread by what such
simulations have missed elsewhere (:mod:`~posada.forecast.conflict_spread`).
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posada.forecast.conflict_runs import Beginning, ConflictRuns, Numbers, counted_in, prepare_conflict, run_numbers
from posada.forecast.conflict_spread import spread_shares
from posada.forecast.conflict_totals import KnownTotal, known_total, total_paths
from posada.forecast.conflict_vintage import conflict_as_known
from posada.forecast.conflict_weights import KEPT_DRAWS, KEPT_TOTALS, best_draws, best_spread
from posada.forecast.scores import averaged_relative_difference
from posada.model.conflict_evidence import ConflictEvidence, LearnedFromConflicts
from posada.model.conflict_forecast import ConflictForecast
from posada.model.errors import InvalidValueError
from posada.model.registrations import registered_series
from posada.model.scenario import Scenario

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEAST_FIRST_DAYS = 30
"""Days of a conflict from which on they say something of its numbers."""

MOST_FIRST_DAYS = 90
"""Of how many of its last known days what is simulated is compared with registrations."""

CANDIDATES = 2 * KEPT_DRAWS
"""Sets of numbers among which the first days of the conflict itself choose."""


@dataclass(frozen=True, slots=True)
class ForecastOptions:
    """How a forecast of a conflict is made.

    ``totals_known`` gives it the totals of all days and all of conflict, as Flee has them; without, it knows no more
    than what was published by its date. ``first_days`` lets the days before speak of the numbers.
    """

    members: int = 100
    seed: int = 1
    totals_known: bool = False
    first_days: bool = True
    workers: int = 1


def day_number(scenario: Scenario, as_of: dt.date | int) -> int:
    """Return days after the first one of the scenario for a date, or for such days.

    Raises
    ------
    InvalidValueError
        When no day of the scenario comes after it, or it comes before the first.
    """
    first, last = scenario.settings.start, scenario.settings.end - dt.timedelta(days=1)
    day = as_of if isinstance(as_of, int) else (as_of - first).days
    if not 0 <= day <= (last - first).days:
        raise InvalidValueError(
            f"{as_of} is not a day with days ahead of it. Name one from {first} to {last}, or from 0 to "
            f"{(last - first).days}."
        )
    return day


def conflict_members(
    scenario: Scenario,
    day: int,
    learned: LearnedFromConflicts,
    options: ForecastOptions | None = None,
    *,
    progress: Callable[[], None] | None = None,
) -> ConflictForecast:
    """Return a forecast of the people registered in camps from a day on, to the end of the scenario.

    Parameters
    ----------
    day : int
        Days after the first one of the scenario; registrations up to it are known.
    progress : callable, optional
        Called after each run of :func:`runs_needed`.

    Raises
    ------
    InvalidValueError
        When there is no such day, nobody has been counted by then, or the scenario cannot be run.
    """
    how = options or ForecastOptions()
    day_number(scenario, day)
    if how.members < 1:
        raise InvalidValueError(f"members is {how.members}; it must be at least 1.")
    as_of = scenario.settings.start + dt.timedelta(days=day)
    known = conflict_as_known(scenario, as_of)
    others = learned.movement.others(scenario.settings.id, scenario.settings.start)
    totals = _known_totals(scenario, day) if how.totals_known else _forecast_totals(known, day, learned, others, how)
    runs = prepare_conflict(scenario if how.totals_known else known, float(np.median(totals, axis=0).max()))
    at_start = counted_in(known, runs.camps)[day]
    first_days = day if how.first_days and _counted_enough(known, day) else 0
    numbers = _chosen_numbers(runs, _Known(known, first_days, others), learned, how, progress)
    people = run_numbers(
        runs,
        numbers,
        Beginning(day, at_start, totals),
        seed=how.seed,
        workers=how.workers,
        progress=progress,
    )
    spread = best_spread(learned, others)
    shares = spread_shares(people, at_start, runs.camps, spread, members=how.members, seed=how.seed)
    paths = totals[np.arange(how.members) % len(totals)]
    return ConflictForecast(
        scenario_id=scenario.settings.id,
        scenario_title=scenario.settings.title,
        scenario_hash=known.hash,
        as_of=as_of,
        seed=how.seed,
        dates=tuple(as_of + dt.timedelta(days=ahead) for ahead in range((scenario.settings.end - as_of).days + 1)),
        camps=runs.camps,
        people=shares * paths[:, :, None],
        totals_known=how.totals_known,
        learned_from=tuple(learned.movement.conflicts[at].id for at in others),
        first_days_used=first_days,
    )


def runs_needed(scenario: Scenario, day: int, options: ForecastOptions) -> int:
    """Return how many runs a forecast makes."""
    known = conflict_as_known(scenario, scenario.settings.start + dt.timedelta(days=day))
    return KEPT_DRAWS + (CANDIDATES if options.first_days and _counted_enough(known, day) else 0)


def _counted_enough(known: Scenario, day: int) -> bool:
    """Tell whether the first days say anything: there are enough of them, and two camps have people."""
    counts = registered_series(known).camps[day]
    return day >= LEAST_FIRST_DAYS and int((counts > 0).sum()) >= 2


def _known_totals(scenario: Scenario, day: int) -> Floats:
    """Return the people registered in all camps, ``(1, days from there)``."""
    each = scenario.movement.people_per_simulated if scenario.movement else 1
    return np.asarray(registered_series(scenario).camps[day:].sum(axis=1)[None] * float(each))


def _forecast_totals(
    known: Scenario, day: int, learned: LearnedFromConflicts, others: Sequence[int], how: ForecastOptions
) -> Floats:
    """Return paths of the people registered in all camps, ``(members, days from there)``."""
    found: KnownTotal | None = known_total(known, day)
    if found is None:
        date = known.settings.start + dt.timedelta(days=day)
        raise InvalidValueError(
            f"up to {date} nobody has been counted in '{known.settings.id}', neither in a camp nor in all of them, so "
            "there is nothing to go on from. Forecast from a later day."
        )
    kept = best_draws(learned.totals, others, KEPT_TOTALS)
    length = (known.settings.end - known.settings.start).days + 1
    ahead = np.arange(day, length, dtype=np.float64) - found.day
    return total_paths(found, ahead, named(learned.totals, kept), members=how.members, seed=how.seed)


def named(evidence: ConflictEvidence, kept: Ints) -> list[dict[str, float]]:
    """Return the kept sets of numbers by name."""
    return [dict(zip(evidence.names, map(float, evidence.values[at]), strict=True)) for at in kept]


@dataclass(frozen=True)
class _Known:
    """A conflict as it was known, how many of its first days count, and the conflicts that it is learned from."""

    scenario: Scenario
    first_days: int
    others: Sequence[int]


def _chosen_numbers(
    runs: ConflictRuns,
    known: _Known,
    learned: LearnedFromConflicts,
    how: ForecastOptions,
    progress: Callable[[], None] | None,
) -> Sequence[Numbers]:
    """Return the sets of numbers: the best on other conflicts, and on the first days of this one where they count."""
    evidence = learned.movement
    if not known.first_days:
        return named(evidence, best_draws(evidence, known.others, KEPT_DRAWS))
    candidates = best_draws(evidence, known.others, CANDIDATES)
    begin = max(known.first_days - MOST_FIRST_DAYS, 0)
    registered = counted_in(known.scenario, runs.camps)[begin : known.first_days + 1]
    people = run_numbers(
        runs,
        named(evidence, candidates),
        Beginning(begin, registered[0], registered.sum(axis=1)[None]),
        seed=how.seed,
        days=len(registered),
        workers=how.workers,
        progress=progress,
    )
    own = averaged_relative_difference(people, registered)
    among = dataclasses.replace(evidence, values=evidence.values[candidates], errors=evidence.errors[candidates])
    return named(among, best_draws(among, known.others, KEPT_DRAWS, own))

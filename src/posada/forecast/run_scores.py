"""A run of dispersed movement against what was registered: all scores, by camp, and against naive forecasts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posada.forecast.baselines import BASELINES, Baseline
from posada.forecast.quantiles import quantiles
from posada.forecast.scores import (
    averaged_relative_difference,
    coverage,
    coverage_of_a_perfect_ensemble,
    ensemble_crps,
    flee_averaged_relative_difference,
    relative_differences,
    weighted_interval_score,
)
from posada.model.dispersal_run import DispersalRun
from posada.model.outlook import LEVELS
from posada.model.validation import BAND_WIDTHS, NEAR_PEAK, BaselineScores, CampScores, Scores

Floats = NDArray[np.float64]
Numbers = NDArray[Any]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class _Compared:
    """What is compared, in people: ``(members, days, camps)`` with ``(days, camps)``, and what comes of it."""

    simulated: Numbers
    registered: Numbers
    has_data: Bools  # (days, camps): anybody is registered
    crps: Floats  # (days, camps)
    bands: tuple[tuple[Floats, Floats], ...]  # for each width
    interval_score: Floats  # (days, camps)


def score_run(run: DispersalRun) -> Scores:
    """Return how a run compares with the registrations of its scenario.

    Camps and days on which nobody is registered are counted, and left out of CRPS and coverage: there a forecast of
    nobody is right for no merit. The relative difference has them, because people sent to the wrong camp are missing
    in another one; it leaves out days on which nobody is registered anywhere.
    """
    both = _compare(run)
    total = both.simulated.sum()
    members = run.members
    shown = [column for column, place in enumerate(run.camp_ids) if not run.scenario.place(place).sensitive]
    by_member = averaged_relative_difference(both.simulated, both.registered)
    crps, registered = _mean(both.crps, both.has_data), _mean(both.registered, both.has_data)
    return Scores(
        days=len(run.dates),
        days_without=int((both.registered.sum(axis=1) <= 0).sum()),
        camp_days=both.has_data.size,
        camp_days_without=int((~both.has_data).sum()),
        misplaced_share=float(both.simulated[:, ~both.has_data].sum() / total) if total else float("nan"),
        difference=float(by_member.mean()),
        difference_low=float(by_member.min()),
        difference_high=float(by_member.max()),
        difference_normal=_difference(both, averaged_relative_difference),
        flee_difference=float(flee_averaged_relative_difference(both.simulated, both.registered).mean()),
        flee_difference_normal=_difference(both, flee_averaged_relative_difference),
        coverage=tuple(coverage(low, high, both.registered, both.has_data) for low, high in both.bands),
        coverage_expected=tuple(coverage_of_a_perfect_ensemble(width, members) for width in BAND_WIDTHS),
        crps=crps,
        crps_relative=crps / registered,
        interval_score=_mean(both.interval_score, both.has_data),
        registered=registered,
        simulated=_mean(both.simulated.mean(axis=0), both.has_data),
        capacities_at_peak=_capacities_at_peak(run, both.registered),
        camps_hidden=len(run.camp_ids) - len(shown),
        camps=tuple(_camp(run, both, column) for column in shown),
        baselines=tuple(_baseline(run, both, baseline) for baseline in BASELINES),
    )


def _difference(both: _Compared, measure: Any) -> float:
    return float(measure(both.simulated, both.registered, rescaled=False).mean())


def _compare(run: DispersalRun) -> _Compared:
    simulated = run.in_camps().astype(np.int64) * run.people_per_simulated
    registered = run.registered * run.people_per_simulated
    # Members last and together in memory, so that each sort runs over neighbours.
    levels = quantiles(np.ascontiguousarray(np.moveaxis(simulated, 0, -1)))
    edges = [(round((1 - width) / 2, 9), round((1 + width) / 2, 9)) for width in BAND_WIDTHS]
    return _Compared(
        simulated=simulated,
        registered=registered,
        has_data=registered > 0,
        crps=ensemble_crps(simulated, registered),
        bands=tuple((levels[LEVELS.index(low)], levels[LEVELS.index(high)]) for low, high in edges),
        interval_score=weighted_interval_score(levels, LEVELS, registered),
    )


def _camp(run: DispersalRun, both: _Compared, column: int) -> CampScores:
    among = both.has_data[:, column]
    registered = both.registered[:, column]
    place = run.camp_ids[column]
    return CampScores(
        place=place,
        name=run.scenario.place(place).name,
        days=int(among.sum()),
        registered=_mean(registered, among),
        simulated=_mean(both.simulated[:, :, column].mean(axis=0), among),
        crps=_mean(both.crps[:, column], among),
        coverage=tuple(coverage(low[:, column], high[:, column], registered, among) for low, high in both.bands),
    )


def _baseline(run: DispersalRun, both: _Compared, baseline: Baseline) -> BaselineScores:
    made = baseline.make(both.registered, _capacities(run))
    days = ~np.isnan(made).any(axis=1) & (both.registered.sum(axis=1) > 0)
    among = both.has_data & days[:, None]
    difference = _mean(relative_differences(made, both.registered), days)
    error = _mean(np.abs(made - both.registered), among)
    own = relative_differences(both.simulated, both.registered).mean(axis=0)
    return BaselineScores(
        name=baseline.name,
        meaning=baseline.meaning,
        days=int(days.sum()),
        camp_days=int(among.sum()),
        difference=difference,
        error=error,
        difference_ratio=_ratio(_mean(own, days), difference),
        crps_ratio=_ratio(_mean(both.crps, among), error),
        knows_later=baseline.knows_later,
    )


def _capacities(run: DispersalRun) -> Floats:
    """Return the capacity of each camp, ``nan`` where none is known, which is no limit."""
    known = (run.scenario.place(place).capacity for place in run.camp_ids)
    return np.array([np.nan if capacity is None else capacity for capacity in known], np.float64)


def _capacities_at_peak(run: DispersalRun, registered: Numbers) -> int:
    peaks = registered.max(axis=0)
    return int(((np.abs(_capacities(run) - peaks) <= NEAR_PEAK * peaks) & (peaks > 0)).sum())


def _mean(values: Numbers, among: Bools) -> float:
    return float(values[among].mean()) if among.any() else float("nan")


def _ratio(score: float, naive: float) -> float:
    """Return a score over that of a naive forecast; not defined over one without any error."""
    return score / naive if naive > 0 else float("nan")

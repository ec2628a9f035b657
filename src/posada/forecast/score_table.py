"""Scores of forecast files by target, beside naive forecasts, over one or several journeys or conflicts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from posada.forecast.file_scores import REPEATED, SCORED, RowScores, score_rows
from posada.forecast.skill import compare_scores, relative_difference_of_rows
from posada.model.file_scores import Skill, TargetScores
from posada.model.forecast_file import AT_PLACE, CDF, TARGETS, ForecastFile
from posada.model.truth import Truth
from posada.model.validation import BAND_WIDTHS

Floats = NDArray[np.float64]

BLOCK_DAYS = 7
"""Days of one block, when a single journey or conflict is scored: nearer days tell of the same event."""

ALL_PEOPLE = "all of people"
"""Name of the sum over all targets whose unit is people."""


@dataclass(frozen=True)
class Case:
    """A forecast, what happened, and naive forecasts for the same.

    ``unit`` is what the rows are of: a journey, a conflict. Several cases may be of one, as of several dates.
    """

    unit: str
    forecast: ForecastFile
    truth: Truth
    naive: Mapping[str, ForecastFile] = field(default_factory=dict)


@dataclass(frozen=True)
class _Rows:
    """The rows of all cases under each other."""

    target: NDArray[np.object_]
    unit: NDArray[np.object_]
    day: NDArray[np.datetime64]
    doubt: Floats
    fate: NDArray[np.object_]
    own: RowScores
    naive: dict[str, Floats]


def score_cases(
    cases: Sequence[Case], *, block_days: int = BLOCK_DAYS, horizon_days: int | None = None, seed: int = 1
) -> tuple[TargetScores, ...]:
    """Return the scores by target, in the order of :data:`~posada.model.forecast_file.TARGETS`, and over all people.

    Units of independence are the journeys or conflicts when there are several, and blocks of ``block_days`` days from
    the first origin date on when there is one. A naive forecast that a case lacks is left out there.

    Parameters
    ----------
    horizon_days : int, optional
        Only what happened up to so many days after an origin date is scored.
    seed : int
        Of the bootstrap.
    """
    rows = _rows(cases, block_days, horizon_days)
    made = []
    for target in TARGETS:
        among = rows.target == target
        if among.any():
            made.append(_target(rows, among, target, seed))
    people = np.array([TARGETS[name].output_type != CDF for name in rows.target], bool)
    if sum(TARGETS[found.target].output_type != CDF for found in made) > 1:
        made.append(_target(rows, people, ALL_PEOPLE, seed))
    return tuple(made)


def _rows(cases: Sequence[Case], block_days: int, horizon_days: int | None) -> _Rows:
    several = len({case.unit for case in cases}) > 1
    first = min((case.forecast.origin_date for case in cases), default=None)
    names = list(dict.fromkeys(name for case in cases for name in case.naive))
    parts = [score_rows(case.forecast, case.truth, horizon_days=horizon_days) for case in cases]
    naive = {name: _joined([_naive_scores(case, name, horizon_days) for case in cases]) for name in names}
    days = np.concatenate([case.truth.days for case in cases]) if cases else np.zeros(0, "datetime64[D]")
    if several or first is None:
        unit = [case.unit for case in cases for _ in range(case.truth.size)]
    else:
        unit = [str((day - np.datetime64(first)).astype(int) // block_days) for day in days]
    return _Rows(
        target=np.array([target for case in cases for target in case.truth.targets], object),
        unit=np.array(unit, object),
        day=days,
        doubt=_joined([(case.truth.highs - case.truth.lows) / 2 for case in cases]),
        fate=np.array([fate for part in parts for fate in part.fate], object),
        own=RowScores(
            _joined([part.score for part in parts]),
            _joined([part.crps for part in parts]),
            _joined([part.middle for part in parts]),
            _joined([part.observed for part in parts]),
            np.concatenate([np.zeros((0, len(BAND_WIDTHS))), *(part.inside for part in parts)]),
            np.concatenate([np.zeros((0, len(BAND_WIDTHS))), *(part.shared for part in parts)]),
            (),
        ),
        naive=naive,
    )


def _naive_scores(case: Case, name: str, horizon_days: int | None) -> Floats:
    if name not in case.naive:
        return np.full(case.truth.size, np.nan)
    return score_rows(case.naive[name], case.truth, horizon_days=horizon_days).score


def _joined(parts: Sequence[Floats]) -> Floats:
    return np.concatenate(parts) if parts else np.zeros(0)


def _target(rows: _Rows, among: NDArray[np.bool_], name: str, seed: int) -> TargetScores:
    target = TARGETS.get(name)
    is_arrival = target is not None and target.output_type == CDF
    scored = among & (rows.fate == SCORED)
    own = rows.own
    left_out = Counter(rows.fate[among & ~scored].tolist())
    left_out.pop(REPEATED, None)
    happened = scored & np.isfinite(own.observed)
    at_place = target is not None and target.scope == AT_PLACE and not is_arrival
    return TargetScores(
        target=name,
        unit="days" if is_arrival else "people",
        rows=int(scored.sum()),
        units=len(set(rows.unit[scored])),
        left_out=dict(left_out),
        score=_mean(own.score[scored]),
        crps=_mean(own.crps[scored]),
        error=_mean(np.abs(own.middle - own.observed)[scored]),
        undecided=int((happened & ~np.isfinite(own.middle)).sum()) if is_arrival else 0,
        observed=_mean(own.observed[scored]),
        doubt=_mean(rows.doubt[scored]),
        coverage=tuple(_mean(own.inside[scored, at]) for at in range(len(BAND_WIDTHS))),
        coverage_shared=tuple(_mean(own.shared[scored, at]) for at in range(len(BAND_WIDTHS))),
        relative_difference=(
            relative_difference_of_rows(own.middle[scored], own.observed[scored], rows.day[scored])
            if at_place
            else float("nan")
        ),
        skills={naive: _skill(rows, scored, values, f"{name} {naive}", seed) for naive, values in rows.naive.items()},
    )


def _skill(rows: _Rows, scored: NDArray[np.bool_], naive: Floats, name: str, seed: int) -> Skill:
    return compare_scores(rows.own.score[scored], naive[scored], list(rows.unit[scored]), seed=seed, name=name)


def _mean(values: Floats) -> float:
    """Return the mean of what is defined; of nothing ``nan``."""
    known = values[np.isfinite(values)]
    return float(known.mean()) if known.size else float("nan")

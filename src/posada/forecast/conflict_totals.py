"""How registrations of a conflict go on when nobody tells: paths of the total, from what was known on a date.

The total rises at the pace of the last weeks, which slows as time goes on, and is counted with errors:

    total(h) = known * exp(count_sigma * z1 * sqrt(h / 180)) + rate * A(h) * exp(rise_sigma * z2),
    rate = pace * (conflict now / conflict so far) ** conflict_power + floor_per_day * known,
    A(h) = slowing_days / (1 - p) * ((1 + h / slowing_days) ** (1 - p) - 1),  p = slowing_power,

with ``h`` days after the last count, and standard normal ``z1``, ``z2`` of the member. A floor keeps a conflict that
rests from never displacing anybody again. The numbers are learned from other conflicts by the CRPS of such forecasts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from posada.engine.draws import DECISION, entity_key
from posada.engine.luck import named_uniforms
from posada.forecast.conflict_numbers import LearnedNumber
from posada.forecast.conflict_vintage import conflict_as_known
from posada.forecast.scores import ensemble_crps
from posada.model.errors import InvalidValueError
from posada.model.geography import CAMP_KINDS
from posada.model.registrations import registered_series
from posada.model.scenario import Scenario
from posada.model.statements import REGISTERED

Floats = NDArray[np.float64]

PACE_DAYS = 30
"""Days before the last count over which the pace is taken."""

COUNTS_DAYS = 180.0
_CONFLICT_LIMITS = (0.2, 5.0)
"""Between what conflict now may be of conflict so far: where it rests or flares up, it says no more than this."""

TOTAL_NUMBERS = (
    LearnedNumber("floor_per_day", 2e-5, 4e-3, True, "1/day", "Rise per day, over the people known, without any pace."),
    LearnedNumber("slowing_days", 15.0, 800.0, True, "days", "After how many days the pace slows."),
    LearnedNumber("slowing_power", 0.3, 2.5, False, "power", "How much it slows."),
    LearnedNumber("rise_sigma", 0.2, 1.6, False, "log sd", "Spread of the rise."),
    LearnedNumber("count_sigma", 0.0, 0.4, False, "log sd", "Spread of counts, 180 days on."),
    LearnedNumber("conflict_power", 0.0, 1.0, False, "power", "How much the rise follows conflict."),
)


@dataclass(frozen=True, slots=True)
class KnownTotal:
    """What is known of the total on a date: people and pace at the last count, and conflict then.

    ``day`` is that of the last count, from the first day of the scenario; ``conflict`` is conflict now over conflict so
    far, each place by its residents; ``None`` in place of all of it where nobody has been counted at all.
    """

    day: int
    people: float
    people_per_day: float
    conflict: float


def known_total(known: Scenario, day: int) -> KnownTotal | None:
    """Return what a scenario as it was known on a day says of the total of its camps; ``None`` when nothing.

    Where no camp has been counted, the series of totals stands in.
    """
    start = known.settings.start
    series = registered_series(known)
    camps = series.camps.sum(axis=1).astype(np.float64)
    own = [row for row in known.reports if row.kind == REGISTERED and row.place in series.places]
    of_total = [row for row in known.reports if row.kind == REGISTERED and row.place is None and row.series is None]
    counted = [(row.event_date - start).days for row in own]
    if not camps[day] > 0 and series.total is not None:
        camps = series.total.astype(np.float64)
        counted = [(row.event_date - start).days for row in of_total]
    if not counted or not camps[day] > 0:
        return None
    last = int(np.clip(max(counted), 0, day))
    before = max(last - PACE_DAYS, 0)
    pace = (camps[last] - camps[before]) / max(last - before, 1)
    each = known.movement.people_per_simulated if known.movement else 1
    return KnownTotal(last, float(camps[last]) * each, float(pace) * each, _conflict_now(known, day))


def _conflict_now(known: Scenario, day: int) -> float:
    """Return conflict on a day over its mean so far, places weighed by residents; 1 where there was none."""
    residents = {row.id: float(row.population or 0) for row in known.places if row.kind not in CAMP_KINDS}
    by_day = np.zeros(day + 1)
    rows = sorted(known.conflicts, key=lambda row: row.date)
    for place in dict.fromkeys(row.place for row in rows):
        intensity = np.zeros(day + 1)
        for row in rows:
            if row.place == place:
                intensity[max((row.date - known.settings.start).days, 0) :] = row.intensity
        by_day += intensity * residents.get(place, 0.0)
    mean = float(by_day.mean())
    return float(by_day[day]) / mean if mean > 0 else 1.0


def total_paths(
    known: KnownTotal, days_ahead: Floats, numbers: Sequence[Mapping[str, float]], *, members: int, seed: int
) -> Floats:
    """Return the people registered in all camps, ``(members, days)``.

    Parameters
    ----------
    days_ahead : (days,)
        Days after that of the last count; 0 or more.
    numbers : sequence of mapping
        Sets of :data:`TOTAL_NUMBERS`; member ``m`` has the set ``m % len(numbers)``.
    """
    keys = np.array([entity_key("rise"), entity_key("count")], np.int64)
    z = ndtri(named_uniforms(seed, 0, members, DECISION.conflict_total, keys))
    own = {
        row.name: np.array([numbers[member % len(numbers)][row.name] for member in range(members)])[:, None]
        for row in TOTAL_NUMBERS
    }
    counts = known.people * np.exp(own["count_sigma"] * z[:, 1:] * np.sqrt(days_ahead / COUNTS_DAYS))
    return np.asarray(counts + _rate(known, own) * _slowed(days_ahead, own) * np.exp(own["rise_sigma"] * z[:, :1]))


def _rate(known: KnownTotal, own: Mapping[str, Floats]) -> Floats:
    """Return the people per day at the last count, ``(members, 1)``."""
    conflict = min(max(known.conflict, _CONFLICT_LIMITS[0]), _CONFLICT_LIMITS[1])
    pace = max(known.people_per_day, 0.0) * conflict ** own["conflict_power"]
    return np.asarray(pace + own["floor_per_day"] * known.people, np.float64)


def _slowed(days_ahead: Floats, own: Mapping[str, Floats]) -> Floats:
    """Return how many days at the first pace make what the slowing pace makes, ``(members, days)``."""
    days, left = own["slowing_days"], 1.0 - own["slowing_power"]
    left = np.where(np.abs(left) < 1e-6, 1e-6, left)  # the formula has its logarithm as limit there
    return np.asarray(days / left * np.expm1(left * np.log1p(days_ahead / days)), np.float64)


ORIGIN_DAYS = 30
"""Days between the dates from which the past of a conflict is forecast to learn from."""

HORIZONS = (7, 15, 30, 60, 90, 120, 180, 270, 365, 540)


def past_totals(scenario: Scenario) -> list[tuple[KnownTotal, Floats, Floats]]:
    """Return what was known on several days of a past conflict, and what came: days ahead and people."""
    start = scenario.settings.start
    each = scenario.movement.people_per_simulated if scenario.movement else 1
    truth = registered_series(scenario).camps.sum(axis=1).astype(np.float64) * each
    made = []
    for day in range(ORIGIN_DAYS, len(truth) - ORIGIN_DAYS, ORIGIN_DAYS):
        try:
            known = known_total(conflict_as_known(scenario, start + dt.timedelta(days=day)), day)
        except InvalidValueError:
            continue  # nothing was known by then
        then = np.array([day + ahead for ahead in HORIZONS if day + ahead < len(truth)])
        if known is not None and then.size:
            made.append((known, (then - known.day).astype(np.float64), truth[then]))
    return made


def total_error(past: Sequence[tuple[KnownTotal, Floats, Floats]], own: Mapping[str, float], *, members: int) -> float:
    """Return the CRPS of forecasts of the total over the people registered, in the mean of dates and horizons.

    ``nan`` when nothing is known on any date.
    """
    errors = [
        float((ensemble_crps(total_paths(known, ahead, [own], members=members, seed=0), people) / people.mean()).mean())
        for known, ahead, people in past
        if people.mean() > 0
    ]
    return float(np.mean(errors)) if errors else float("nan")

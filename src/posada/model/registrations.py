"""The people registered on each day, made from counts that stand days or weeks apart, and how many came newly.

The rules are those of the Flee simulator (see :mod:`posada.model.displacement`), to the last digit: counts are
divided by the people whom one simulated person stands for; what stands before a correction is scaled to join it;
between two counts people rise or fall evenly, and fractions of people are cut off.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posada.model.displacement import Movement
from posada.model.geography import CAMP_KINDS
from posada.model.scenario import Scenario
from posada.model.statements import REGISTERED

DayCounts = NDArray[np.int64]

CAMP_BELOW = 0.005
"""Places that a smaller share leaves on a day are camps, whatever their kind says."""


@dataclass(frozen=True)
class RegisteredSeries:
    """People registered on each day of a scenario, in simulated people.

    Attributes
    ----------
    places : tuple of str
        The camps that have counts, in the order of the table of places.
    camps : (days, places)
        People registered in each of them.
    elsewhere : (days, others)
        People registered in places that are no camps, or not in the table of places: they count in sums only.
    total : (days,) or None
        People registered in all camps, as the series of totals has them; ``None`` when there is none.
    first_day : (places,)
        People registered in each camp on the first day, before anything is taken off.
    """

    places: tuple[str, ...]
    camps: DayCounts
    elsewhere: DayCounts
    total: DayCounts | None
    first_day: DayCounts

    @property
    def summed(self) -> DayCounts:
        """Sum over all series but that of totals, by day."""
        return np.asarray(self.camps.sum(axis=1) + self.elsewhere.sum(axis=1), np.int64)


def is_camp_at_start(kind: str, rules: Movement) -> bool:
    """Tell whether a place of a kind counts as a camp: it is one, or next to nobody leaves it."""
    if kind in CAMP_KINDS:
        return True
    if kind in ("forwarding_hub", "marker", "high_water_zone"):
        return False
    chance = rules.move_chance_conflict if kind == "conflict_zone" else rules.move_chance_default
    return chance < CAMP_BELOW


def reception_places(scenario: Scenario) -> tuple[str, ...]:
    """Return where people are received: what is a camp on some day, or a place with a series, in their order."""
    rules = scenario.movement or Movement()
    become = {row.place for row in scenario.place_changes if row.kind in CAMP_KINDS}
    counted = {row.place for row in scenario.reports if row.kind == REGISTERED and row.series is None}
    return tuple(
        place.id
        for place in scenario.places
        if place.kind in CAMP_KINDS
        or place.id in become
        or (place.id in counted and (rules.spawn_by_high_water or is_camp_at_start(place.kind, rules)))
    )


def registered_series(scenario: Scenario) -> RegisteredSeries:
    """Return the registrations of a scenario on each of its days.

    Where people set out by high water, Flee counts every place as a camp; so does this.
    """
    rules = scenario.movement or Movement()
    counts = _counts_by_series(scenario, rules)
    start = scenario.settings.start
    days = (scenario.settings.end - start).days + 1
    for row in sorted(scenario.corrections, key=lambda row: (row.date, row.place)):
        if row.date >= start and (row.place, None) in counts:
            _join(counts[row.place, None], (row.date - start).days)
    by_day = {key: _on_each_day(table, days) for key, table in counts.items()}
    on_first_day = {key: int(series[0]) for key, series in by_day.items()}
    if _starts_empty(rules):
        by_day = {key: series - series[0] for key, series in by_day.items()}
    camps = [place.id for place in scenario.places if rules.spawn_by_high_water or is_camp_at_start(place.kind, rules)]
    places = tuple(place for place in camps if (place, None) in by_day)
    total = by_day.pop((None, None), None)
    own = [by_day.pop((place, None)) for place in places]
    first_day = np.array([on_first_day[place, None] for place in places], np.int64)
    return RegisteredSeries(places, _columns(own, days), _columns(by_day.values(), days), total, first_day)


def newly_displaced(series: RegisteredSeries, movement: Movement) -> DayCounts:
    """Return by how much registrations rise on each day; below zero when they fall.

    On the first day, all who are registered are new, unless camps start empty. With the semantics of Flee the
    series of totals is then counted as if it were one more camp.
    """
    if not movement.sum_from_camps and series.total is None:
        raise ValueError("the total is to be taken from the series of totals, but there is none")
    counted = series.summed if movement.sum_from_camps or series.total is None else series.total
    new = np.diff(counted, prepend=0)
    if movement.sum_from_camps and movement.semantics == "flee" and series.total is not None:
        new[0] += series.total[0]
    if movement.empty_camps_on_day0:
        new[0] = 0
    return np.asarray(new, np.int64)


def running_sum(new: DayCounts) -> DayCounts:
    """Return the people newly displaced up to each day: the "raw refugee count" of Flee."""
    return np.cumsum(new, dtype=np.int64)


def _starts_empty(rules: Movement) -> bool:
    """Tell whether the counts of the first day are taken off; Flee forgets to where people set out otherwise."""
    from_counts = rules.spawn_mode == "from_registrations" and not rules.spawn_by_high_water
    return rules.empty_camps_on_day0 and (from_counts or rules.semantics != "flee")


@dataclass
class _Counts:
    """Days since the first one, in order, and the people counted on them."""

    days: NDArray[np.int64]
    people: NDArray[np.float64]


_Series = tuple[str | None, str | None]
"""Place and series of a report of people registered; neither for the series of totals."""


def _counts_by_series(scenario: Scenario, rules: Movement) -> dict[_Series, _Counts]:
    rows: dict[_Series, list[tuple[dt.date, str, float]]] = defaultdict(list)
    for report in scenario.reports:
        if report.kind == REGISTERED and report.value is not None:
            rows[report.place, report.series].append((report.event_date, report.id, report.value))
    start = scenario.settings.start
    counts = {}
    for key, unsorted in rows.items():
        ordered = sorted(unsorted)
        people = np.array([value for _, _, value in ordered], np.float64) / rules.people_per_simulated
        counts[key] = _Counts(np.array([(day - start).days for day, _, _ in ordered], np.int64), people)
    return counts


def _join(counts: _Counts, day: int) -> None:
    """Scale what stands before the counts of a day so that it leads up to them."""
    for index in np.flatnonzero(counts.days == day):
        if index > 0 and counts.people[index - 1] > 0:
            counts.people[:index] *= counts.people[index] / counts.people[index - 1]


def _on_each_day(counts: _Counts, days: int) -> DayCounts:
    """Interpolate between counts; before the first and after the last one, that one holds."""
    today = np.arange(days)
    after = np.searchsorted(counts.days, today, side="right")
    last = len(counts.days) - 1
    left = np.clip(after - 1, 0, last)
    right = np.clip(after, 0, last)
    people = counts.people[left].copy()
    between = (after > 0) & (after <= last)
    span = (counts.days[right] - counts.days[left])[between].astype(np.float64)
    fraction = (today - counts.days[left])[between].astype(np.float64) / span
    people[between] = people[between] + fraction * (counts.people[right] - counts.people[left])[between]
    people[today <= counts.days[0]] = counts.people[0]
    return np.trunc(people).astype(np.int64)


def _columns(series: Iterable[DayCounts], days: int) -> DayCounts:
    columns = list(series)
    return np.column_stack(columns) if columns else np.zeros((days, 0), np.int64)

"""From a run to an outlook: what is expected in each town and of the whole journey, with its range."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from posada.forecast.numbers import first_nights, main_group, main_nights
from posada.forecast.place_counts import PlaceCounts, count_places
from posada.forecast.quantiles import quantiles
from posada.forecast.town import LEAST_SHARE, TownNumbers, town_outlook
from posada.model.outlook import JourneyOutlook, Outlook, Stamp, TownOutlook
from posada.model.run import Run

_IN_IT_TONIGHT = ("waiting", "held")
"""Roles of statuses that are counted by who is in them; the others by who ever entered them."""


def summarise(run: Run, stamp: Stamp, counts: PlaceCounts | None = None) -> Outlook:
    """Return the outlook of a run: quantiles per town and night, arrivals, and how the journey ends.

    Towns are those in which the main body of the largest group, or anybody at all, spends a night in at least
    :data:`~posada.forecast.town.LEAST_SHARE` of the members, and the places where the groups begin. They are
    in the order of arrival. Needs, offers, statements and drivers are empty: ``posada.ops`` adds them.

    Parameters
    ----------
    counts : PlaceCounts or None
        Those of the run, when they have been counted already.
    """
    return Outlook(stamp, run.dates, _towns(run, counts or count_places(run)), _journey(run))


def _towns(run: Run, counts: PlaceCounts) -> tuple[TownOutlook, ...]:
    sleeps = main_nights(run)
    made = [
        (_order(sleeps, counts, place), town_outlook(run, TownNumbers(place, sleeps, counts)))
        for place in _shown_places(run, sleeps, counts)
    ]
    return tuple(town for _, town in sorted(made, key=lambda pair: pair[0]))


def _shown_places(run: Run, sleeps: NDArray[np.int16], counts: PlaceCounts) -> list[int]:
    anybody = (counts.peak > 0).mean(axis=1)
    begins = {row.place for row in run.start.groups} if run.start else {row.origin for row in run.scenario.groups}
    return [
        place
        for place, place_id in enumerate(run.place_ids)
        if place_id in begins or anybody[place] >= LEAST_SHARE or (sleeps == place).any(axis=1).mean() >= LEAST_SHARE
    ]


def _order(sleeps: NDArray[np.int16], counts: PlaceCounts, place: int) -> tuple[float, float, int]:
    """Sort by the middle day of arrival of the main body; where it hardly comes, of anybody."""
    first = first_nights(sleeps, place)
    share = float(np.mean(~np.isnan(first)))
    if share < LEAST_SHARE:
        first = np.where(counts.peak[place] > 0, counts.first_day[place], np.nan)
    middle = float(np.nanmedian(first)) if (~np.isnan(first)).any() else np.inf
    return middle, -share, place


def _journey(run: Run) -> JourneyOutlook:
    listed = [row for row in run.scenario.statuses if not row.initial]
    outcomes = {}
    for row in listed:  # in the order of the table, which is that of the procedure
        counts = run.current if row.role in _IN_IT_TONIGHT else run.entries
        outcomes[row.id] = quantiles(counts[:, :, run.status_ids.index(row.id)].T)
    return JourneyOutlook(
        together=quantiles(run.together.T),
        main_group=quantiles(run.main_people[:, :, main_group(run)].T),
        entered=quantiles(run.total.T),
        outcomes=outcomes,
        outcome_meanings={row.id: row.meaning for row in listed},
    )

"""From a run of dispersed people to an outlook: what is expected in each camp, in each country, and elsewhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from posada.forecast.quantiles import band, quantiles
from posada.model.dispersal_outlook import CampOutlook, DailyPeople, DispersalOutlook
from posada.model.dispersal_run import DispersalRun
from posada.model.geography import Place
from posada.model.labelled_run import Counts
from posada.model.outlook import Stamp
from posada.model.registrations import reception_places

FROM_REGISTRATIONS = "from_registrations"


def summarise_dispersal(run: DispersalRun, stamp: Stamp) -> DispersalOutlook:
    """Return the outlook of a run: quantiles per camp and day, and of the sums over camps and countries.

    Camps are the places of :func:`~posada.model.registrations.reception_places` that the run kept. One array of
    members and days is made at a time.
    """
    scenario = run.scenario
    camps = tuple(scenario.place(place) for place in reception_places(scenario) if place in run.place_ids)
    shown = [place for place in camps if not place.sensitive]
    countries = dict.fromkeys(place.country for place in shown)
    inside = _together(run, shown)
    rules = scenario.movement
    assert rules is not None
    return DispersalOutlook(
        stamp=stamp,
        dates=run.dates,
        people_per_simulated=run.people_per_simulated,
        registered_is_input=rules.spawn_mode == FROM_REGISTRATIONS and not rules.spawn_by_high_water,
        camps=tuple(CampOutlook(place, _of_places(run, [place])) for place in camps),
        countries={name: _of_places(run, [place for place in shown if place.country == name]) for name in countries},
        in_camps=_of_places(run, shown),
        under_way=daily_people(run, run.under_way),
        elsewhere=daily_people(run, run.entered - run.under_way - inside),
        displaced=daily_people(run, run.entered),
        origins=_origins(run),
    )


def _of_places(run: DispersalRun, places: list[Place]) -> DailyPeople:
    ids = [place.id for place in places]
    known = [run.camp_ids.index(id_) for id_ in ids if id_ in run.camp_ids]
    registered = None
    if ids and len(known) == len(ids):
        registered = run.registered[:, known].sum(axis=1) * run.people_per_simulated
    stated = [place.capacity for place in places if place.capacity is not None]
    capacity = sum(stated) if ids and len(stated) == len(ids) else None
    return daily_people(run, _together(run, places), registered, capacity)


def _together(run: DispersalRun, places: Iterable[Place]) -> Counts:
    """Return the people in several places, ``(members, days)``."""
    total = np.zeros(run.entered.shape, np.int32)
    for place in places:
        total += run.people[:, :, run.place_index(place.id)]
    return total


def daily_people(
    run: DispersalRun, counts: Counts, registered: NDArray[np.int64] | None = None, capacity: int | None = None
) -> DailyPeople:
    """Return quantiles of simulated people, ``(members, days)``, as people."""
    # Members last and together in memory, so that each sort runs over neighbours.
    levels = quantiles(np.ascontiguousarray(counts.T)) * run.people_per_simulated
    levels.flags.writeable = False
    if registered is not None:
        registered.flags.writeable = False
    return DailyPeople(
        people=levels,
        end=band(counts[:, -1].astype(np.float64) * run.people_per_simulated),
        peak=band(counts.max(axis=1).astype(np.float64) * run.people_per_simulated),
        peak_date=_middle_day(run.dates, counts),
        registered=registered,
        capacity=capacity,
    )


def _middle_day(dates: tuple[dt.date, ...], counts: Counts) -> dt.date:
    """Return the middle of the members' fullest days: one that happens, not a point between two."""
    return dates[int(np.quantile(counts.argmax(axis=1), 0.5, method="inverted_cdf"))]


def _origins(run: DispersalRun) -> tuple[Place, ...]:
    """Return the places in conflict on some day of the run, those marked sensitive left out."""
    scenario = run.scenario
    named = {row.place for row in scenario.conflicts if row.intensity > 0 and row.date <= run.dates[-1]}
    return tuple(
        place
        for place in scenario.places
        if not place.sensitive and (place.kind == "conflict_zone" or place.id in named)
    )

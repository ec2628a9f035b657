"""What a plan cannot meet: what, where, when, how many, and what would mend it.

A shortage is a night in a town on which somebody is without a place in scenarios of at least a tenth of the weight,
stated as the low, likely and high number over the scenarios: the quantiles at 0.1, 0.5 and 0.9. What would mend it is
looked for among the offers: sites of the town that are closed that night or of which nobody reported the places, and
buses to the nearest town further on with free places, with the vehicles there that nobody has verified.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from posada.model.plan import Shortage
from posada.plan.objectives import Model
from posada.plan.offers import NO_PLACES, NOT_VERIFIED

Floats = NDArray[np.float64]

LEAST_WEIGHT = 0.1
LEAST_PEOPLE = 0.5
BUS_SEATS = 40


def find_shortages(model: Model, without: Floats) -> tuple[Shortage, ...]:
    """Return the shortages of places, most people first within a day."""
    problem, weights = model.problem, model.problem.demand.weights
    lacking = without.sum(axis=3)
    weight = (weights[:, None, None] * (lacking > LEAST_PEOPLE)).sum(axis=0)
    rows = []
    for day, place in zip(*np.nonzero(weight >= LEAST_WEIGHT), strict=True):
        low, likely, high = _levels(lacking[:, day, place], weights)
        cure = _cure(model, int(day), int(place), math.ceil(max(likely, high * 0.5)))
        where = problem.demand.place_ids[place]
        rows.append(Shortage("places to sleep", problem.demand.dates[day], where, low, likely, high, cure))
    return tuple(sorted(rows, key=lambda row: (row.date, -row.likely, row.place_id)))


def _levels(people: Floats, weights: Floats) -> tuple[float, float, float]:
    order = np.argsort(people, kind="stable")
    reached = np.cumsum(weights[order])
    return tuple(  # type: ignore[return-value]
        float(people[order[min(int(np.searchsorted(reached, level)), order.size - 1)]]) for level in (0.1, 0.5, 0.9)
    )


def _cure(model: Model, day: int, place: int, people: int) -> str:
    """Return what would give so many people a place: sites that are asked for, or buses to a town with room."""
    problem = model.problem
    town = problem.place_names[place]
    date = problem.demand.dates[day].isoformat()
    here = problem.demand.place_ids[place]
    asked = [row.id for row in problem.unusable if row.place_id == here and row.why == NO_PLACES]
    idle = [row.id for row in problem.unusable if row.place_id == here and row.why == NOT_VERIFIED]
    later = [
        site.name
        for index, site in enumerate(problem.sites)
        if problem.site_place[index] == place and not problem.site_open[index, day]
    ]
    cures = [f"opening {name} that night" for name in later[:1]]
    cures += [f"a report of the places of {asked[0]}"] if asked and not cures else []
    room = _room_beyond(model, day, place)
    if room is not None:
        name, free = room
        carried = min(people, free)
        buses = math.ceil(carried / BUS_SEATS)
        means = f"{buses} bus{'' if buses == 1 else 'es'} of {BUS_SEATS} seats"
        verify = f" (verify {', '.join(idle)})" if idle else ""
        cures.append(f"{means} to {name}, which has {free} places free{verify}")
    if not cures:
        cures = [f"a covered place for {people} people"]
    return f"{people} places in {town} on {date}: {' or '.join(cures)} would do."


def _room_beyond(model: Model, day: int, place: int) -> tuple[str, int] | None:
    """Return the nearest town on the way with places that nobody needs that night, and how many."""
    problem = model.problem
    needed = problem.demand.people[:, day].sum(axis=2).max(axis=0)
    usable = problem.site_open[:, day] & problem.site_kept.all(axis=0)
    room = np.bincount(problem.site_place[usable], problem.site_target[usable], minlength=needed.size) - needed
    towns = np.flatnonzero(problem.downstream[place] & (room >= BUS_SEATS) & np.isfinite(problem.km[place]))
    if towns.size == 0:
        return None
    nearest = towns[problem.km[place, towns].argmin()]
    return problem.place_names[nearest], int(room[nearest])

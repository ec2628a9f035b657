"""What a plan cannot meet: what, where, when, how many, and what would mend it.

A shortage is a night in a town on which somebody is without a place in scenarios of at least a tenth of the weight,
stated as the low, likely and high number over the scenarios: the quantiles at 0.1, 0.5 and 0.9. What would mend it is
looked for among the offers, for the high number, as needs are: a site of the town that is closed that night or of
which nobody reported the places, and buses to the nearest town further on with free places, with the vehicles here
that nobody has verified. What is enough alone stands after *or*; else what helps is added up, with the places that are
still missing.
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
        cure = _cure(model, int(day), int(place), math.ceil(high))
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
    """Return what would give so many people a place: sites that are asked for, buses to a town with room, the rest."""
    problem = model.problem
    here = problem.demand.place_ids[place]
    asked = [row.id for row in problem.unusable if row.place_id == here and row.why == NO_PLACES]
    closed = [
        index
        for index in range(len(problem.sites))
        if problem.site_place[index] == place and not problem.site_open[index, day]
    ]
    ways: list[tuple[str, int]] = []
    if closed:
        most = max(closed, key=lambda index: problem.site_target[index])
        free = int(problem.site_target[most])
        name = "a site that is not named" if problem.sites[most].sensitive else problem.sites[most].name
        ways.append((f"opening {name} that night ({free:,} places)", free))
    elif asked:
        ways.append((f"a report of the places of {asked[0]}", 0))
    room = _room_beyond(model, day, place)
    if room is not None:
        ways.append(_by_bus(model, here, people, *room))
    whole = [words for words, helped in ways if helped >= people]
    start = f"{people:,} places in {problem.place_names[place]} on {problem.demand.dates[day].isoformat()}: "
    if whole:
        return f"{start}{' or '.join(whole)} would do."
    left = people - min(sum(helped for _, helped in ways), people)
    rest = [f"covered places for {left:,} people"] if left else []
    return f"{start}{' and '.join([*(words for words, _ in ways), *rest])} would do."


def _by_bus(model: Model, here: str, people: int, town: str, free: int) -> tuple[str, int]:
    """Return buses to a town with free places, and how many people they help."""
    carried = min(people, free)
    buses = math.ceil(carried / BUS_SEATS)
    idle = [row.id for row in model.problem.unusable if row.place_id == here and row.why == NOT_VERIFIED]
    verify = f" (verify {', '.join(idle)})" if idle else ""
    means = f"{buses} bus{'' if buses == 1 else 'es'} of {BUS_SEATS} seats"
    return f"{means} to {town}, which has {free:,} places free{verify}", carried


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

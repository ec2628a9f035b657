"""What a plan cannot meet: what, where, when, how many, and what would mend it.

A shortage is a night in a town on which somebody is without a place in scenarios of at least a tenth of the weight,
stated as the low, likely and high number over the scenarios: the quantiles at 0.1, 0.5 and 0.9. What would mend it is
looked for among the offers, for the high number, as needs are: a site of the town that is not said to be open that
night, unless a change closed it, or of which nobody reported the places; and buses to the nearest town further on with
free places, with the vehicles here that nobody has verified. What is enough alone stands after *or*; else what helps is
added up, with the places that are still missing.

In the same way medical cases are counted who go on from a town on a day and for whom no vehicle has a seat. What they
need are seats in ambulances or accessible vehicles; those of the town that nobody has verified are named.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from posada.model.demand import MEDICAL
from posada.model.plan import Cure, CureKind, Shortage, Unusable, WhyUnused
from posada.model.plan_tables import SHORTAGE_KINDS
from posada.plan.objectives import Model
from posada.plan.spread import weighted_quantile, whole_people

Floats = NDArray[np.float64]

LEAST_WEIGHT = 0.1
LEAST_PEOPLE = 0.5
BUS_SEATS = 40
PLACES, TRANSPORT = SHORTAGE_KINDS


def find_shortages(model: Model, without: Floats, on_legs: Floats) -> tuple[Shortage, ...]:
    """Return what is short, by date; within a day places first, and most people first.

    Parameters
    ----------
    without : (scenarios, days, places, classes)
        People without a place to sleep.
    on_legs : (legs, classes)
        People whom no vehicle carries on.
    """
    demand = model.problem.demand
    left = np.zeros(without.shape[:3])
    np.add.at(left, (demand.legs.scenario, demand.legs.leaves, demand.legs.origin), on_legs[:, MEDICAL])
    rows = [*_short_of(PLACES, model, without.sum(axis=3)), *_short_of(TRANSPORT, model, left)]
    return tuple(sorted(rows, key=lambda row: (row.date, SHORTAGE_KINDS.index(row.what), -row.likely, row.place_id)))


def _short_of(what: str, model: Model, lacking: Floats) -> Iterator[Shortage]:
    """Yield where people, ``(scenarios, days, places)``, lack something in a tenth of the scenarios or more."""
    demand = model.problem.demand
    weight = (demand.weights[:, None, None] * (lacking > LEAST_PEOPLE)).sum(axis=0)
    for day, place in zip(*np.nonzero(weight >= LEAST_WEIGHT), strict=True):
        spread = (weighted_quantile(lacking[:, day, place], demand.weights, level) for level in (0.1, 0.5, 0.9))
        low, likely, high = spread
        where, most = demand.place_ids[place], whole_people(high)
        cures, enough = (
            _cures(model, int(day), int(place), most)
            if what == PLACES
            else ((_medical_seats(model, where, most),), True)
        )
        yield Shortage(what, demand.dates[day], where, low, likely, high, cures, enough)


def _medical_seats(model: Model, here: str, people: int) -> Cure:
    """Return seats that medical cases may take, and whose offers here nobody has verified."""
    idle = tuple(offer.id for offer in _not_verified(model, here) if offer.accessible)
    return Cure(CureKind.MEDICAL_SEATS, people, place_id=here, verify=idle)


def _not_verified(model: Model, here: str) -> list[Unusable]:
    return [row for row in model.problem.unusable if row.place_id == here and row.why is WhyUnused.NOT_VERIFIED]


def _cures(model: Model, day: int, place: int, people: int) -> tuple[tuple[Cure, ...], bool]:
    """Return what would give so many people a place, and whether each does so alone.

    Sites that are closed or asked for, buses to a town with room, and places for the rest where it is not enough.
    """
    problem = model.problem
    here = problem.demand.place_ids[place]
    asked = [row.id for row in problem.unusable if row.place_id == here and row.why is WhyUnused.NO_PLACES]
    closed = [
        index
        for index in range(len(problem.sites))
        if problem.site_place[index] == place and not problem.site_open[index, day] and not problem.sites[index].closed
    ]
    ways: list[Cure] = []
    if closed:
        most = max(closed, key=lambda index: problem.site_target[index])
        free = int(problem.site_target[most])
        ways.append(Cure(CureKind.OPEN_SITE, min(free, people), problem.sites[most].id, here, free=free))
    elif asked:
        ways.append(Cure(CureKind.ASK_PLACES, 0, asked[0], here))
    room = _room_beyond(model, day, place)
    if room is not None:
        ways.append(_by_bus(model, here, people, *room))
    whole = [way for way in ways if way.people >= people]
    if whole:
        return tuple(whole), True
    left = people - min(sum(way.people for way in ways), people)
    return (*ways, *([Cure(CureKind.MORE_PLACES, left)] if left else [])), False


def _by_bus(model: Model, here: str, people: int, town: str, free: int) -> Cure:
    """Return buses to a town with free places, and how many people they help."""
    carried = min(people, free)
    idle = tuple(offer.id for offer in _not_verified(model, here))
    return Cure(CureKind.BUSES, carried, place_id=town, free=free, count=math.ceil(carried / BUS_SEATS), verify=idle)


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
    return problem.demand.place_ids[nearest], int(room[nearest])

"""A night as reports are held against it: where main bodies are, how many people, and what is remembered of before."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import numpy as np

from posada.engine.simulate import Course
from posada.engine.state import FREE, Books, Parts
from posada.engine.world import PARTS_PER_GROUP, Floats, Ints, Network
from posada.model.night import Night


class Past(NamedTuple):
    """What reports about yesterday are held against."""

    lat: Floats  # (members, groups)
    lon: Floats  # (members, groups)
    entries: Ints  # (members, statuses)
    together: Ints  # (members,)
    together_most: Ints  # (members,) on the night with most so far


def positions(parts: Parts, net: Network, day: int, places: Floats) -> tuple[Floats, Floats]:
    """Return where the main bodies are, ``(members, groups)`` each; ``nan`` where there is none.

    Parameters
    ----------
    day : int
        Whose roads are counted on, from 0.
    places : (places, 2)
        Latitude and longitude.
    """
    main = slice(0, None, PARTS_PER_GROUP)
    kind, place, heading = parts.kind[:, main], parts.place[:, main], parts.heading[:, main]
    away = heading >= 0
    goal = np.where(away, heading, place)
    km = net.road_km[net.epoch[day], place, goal]
    left = np.divide(parts.left_km[:, main], km, out=np.zeros(km.shape), where=away & (km > 0) & np.isfinite(km))
    here, there = places[place], places[goal]
    point = there + (here - there) * np.clip(left, 0.0, 1.0)[:, :, None]
    point[kind == FREE] = np.nan
    return point[:, :, 0], point[:, :, 1]


def look_at(
    course: Course, date: dt.date, parts: Parts, books: Books, *, past: Past, where: tuple[Floats, Floats]
) -> Night:
    """Return a night, from the first page of the books; it keeps what it was when members are chosen.

    Parameters
    ----------
    where : pair of (members, groups)
        Of :func:`positions`.
    """
    before = Past._make(array.copy() for array in past)
    together = books.together[:, 0].astype(np.int64)
    people = parts.people.sum(axis=(2, 3), dtype=np.int64)
    members, groups = people.shape[0], len(course.ordered.groups)
    return Night(
        date=date,
        group_ids=tuple(row.id for row in course.ordered.groups),
        place_ids=tuple(row.id for row in course.ordered.places),
        status_ids=course.status_ids,
        lat=where[0],
        lon=where[1],
        lat_before=before.lat,
        lon_before=before.lon,
        main_people=people[:, ::PARTS_PER_GROUP],
        group_people=people.reshape(members, groups, PARTS_PER_GROUP).sum(axis=2),
        people=books.people[:, 0].copy(),
        entries=books.entries[:, 0].astype(np.int64),
        entries_before=before.entries,
        together=together,
        together_before=before.together,
        together_most=np.maximum(before.together_most, together),
    )

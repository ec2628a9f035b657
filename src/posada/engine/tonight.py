"""Tonight as reports are held against it: where the main bodies are, how many people, and what was last night."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import numpy as np

from posada.engine.simulate import Course
from posada.engine.state import FREE, Books, Chunk
from posada.engine.world import PARTS_PER_GROUP, Floats, Ints
from posada.model.night import Night


class Past(NamedTuple):
    """What reports about yesterday are held against."""

    lat: Floats  # (members, groups)
    lon: Floats  # (members, groups)
    entries: Ints  # (members, statuses)
    together: Ints  # (members,)
    together_most: Ints  # (members,) on the night with most so far


def coordinates(course: Course) -> Floats:
    """Return latitude and longitude of the places in degrees, ``(places, 2)``."""
    return np.array([(row.lat, row.lon) for row in course.ordered.places]).reshape(-1, 2)


def positions(course: Course, state: Chunk, day: int) -> tuple[Floats, Floats]:
    """Return where the main bodies are, ``(members, groups)`` each; ``nan`` where there is none."""
    parts, net, places = state.parts, course.world.net, coordinates(course)
    main = slice(0, None, PARTS_PER_GROUP)
    kind, place, heading = parts.kind[:, main], parts.place[:, main], parts.heading[:, main]
    away = heading >= 0
    goal = np.where(away, heading, place)
    km = net.road_km[net.epoch[max(day, 0)], place, goal]
    left = np.divide(parts.left_km[:, main], km, out=np.zeros(km.shape), where=away & (km > 0) & np.isfinite(km))
    here, there = places[place], places[goal]
    point = there + (here - there) * np.clip(left, 0.0, 1.0)[:, :, None]
    point[kind == FREE] = np.nan
    return point[:, :, 0], point[:, :, 1]


def look_at(course: Course, state: Chunk, books: Books, past: Past, day: int) -> Night:
    """Return the night of a day, from the first page of the books; it keeps what it was when members are chosen."""
    lat, lon = positions(course, state, day)
    before = Past._make(array.copy() for array in past)
    together = books.together[:, 0].astype(np.int64)
    people = state.parts.people.sum(axis=(2, 3), dtype=np.int64)
    members, groups = people.shape[0], len(course.ordered.groups)
    return Night(
        date=course.first + dt.timedelta(days=day),
        group_ids=tuple(row.id for row in course.ordered.groups),
        place_ids=tuple(row.id for row in course.ordered.places),
        status_ids=course.status_ids,
        lat=lat,
        lon=lon,
        lat_before=before.lat,
        lon_before=before.lon,
        main_people=people[:, ::PARTS_PER_GROUP],
        group_people=people.reshape(members, groups, PARTS_PER_GROUP).sum(axis=2),
        people=books.people[:, 0].astype(np.int64),
        entries=books.entries[:, 0].astype(np.int64),
        entries_before=before.entries,
        together=together,
        together_before=before.together,
        together_most=np.maximum(before.together_most, together),
    )

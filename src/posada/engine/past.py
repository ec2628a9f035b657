"""What is remembered of a night when the next one comes, and where main bodies are."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from posada.engine.state import FREE, Parts
from posada.engine.world import PARTS_PER_GROUP, Floats, Ints, Network


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

"""Which places can be reached over the routes at all; how far and how fast is the engine's question."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict, deque
from collections.abc import Iterable

from posada.model.geography import Route


def usable_routes(routes: Iterable[Route], first: dt.date, last: dt.date, *, rides_trains: bool) -> tuple[Route, ...]:
    """Return the routes that a group can use on at least one day from ``first`` to ``last``."""
    return tuple(
        route
        for route in routes
        if (route.mode != "rail" or rides_trains)
        and (route.open_from is None or route.open_from <= last)
        and (route.open_to is None or route.open_to >= first)
    )


def reachable(routes: Iterable[Route], origin: str, *, backwards: bool = False) -> frozenset[str]:
    """Return the places that can be reached from ``origin``, itself included.

    With ``backwards``, the places from which ``origin`` can be reached.
    """
    onward: dict[str, list[str]] = defaultdict(list)
    for route in routes:
        start, end = (route.to_place, route.from_place) if backwards else (route.from_place, route.to_place)
        onward[start].append(end)
        if not route.one_way:
            onward[end].append(start)
    seen = {origin}
    queue = deque([origin])
    while queue:
        for place in onward[queue.popleft()]:
            if place not in seen:
                seen.add(place)
                queue.append(place)
    return frozenset(seen)

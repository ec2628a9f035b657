"""The shortest ways between places over the routes of a scenario."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posada.model.errors import InvalidValueError
from posada.model.geography import Route
from posada.model.scenario import Scenario

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def shortest_ways(routes: Iterable[Route], places: Mapping[str, int]) -> tuple[Floats, Ints]:
    """Return the lengths of the shortest ways, and the first place on each.

    Parameters
    ----------
    routes : iterable of Route
        Those that may be used; a route that is not one-way leads both ways, and of several the shortest counts.
    places : mapping
        Positions of the places by identifier, from 0 on.

    Returns
    -------
    km : (places, places)
        From the row to the column; ``inf`` where there is no way.
    next_place : (places, places)
        Position of the place after that of the row; negative where there is none.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    edges: dict[tuple[int, int], float] = {}
    for row in routes:
        ends = (places[row.from_place], places[row.to_place])
        for pair in (ends,) if row.one_way else (ends, ends[::-1]):
            edges[pair] = min(row.km, edges.get(pair, np.inf))
    pairs = np.array(list(edges), np.int64).reshape(-1, 2)
    size = (len(places), len(places))
    graph = csr_array((np.array(list(edges.values()), np.float64), (pairs[:, 0], pairs[:, 1])), shape=size)
    # Distances to each column: search backwards, so that predecessors are the next place on the way.
    km, predecessors = dijkstra(graph.T.tocsr(), return_predecessors=True)
    return np.ascontiguousarray(km.T), np.ascontiguousarray(predecessors.T.astype(np.int64))


@dataclass(frozen=True, slots=True, eq=False)
class RoadWays:
    """The shortest ways between all places of a scenario by road. Routes that are closed on some days count as open."""

    place_ids: tuple[str, ...]
    km: Floats
    next_place: Ints

    @classmethod
    def of(cls, scenario: Scenario) -> RoadWays:
        """Return those of a scenario."""
        places = {row.id: index for index, row in enumerate(scenario.places)}
        return cls(tuple(places), *shortest_ways((row for row in scenario.routes if row.mode == "road"), places))

    def between(self, place_ids: Sequence[str]) -> Floats:
        """Return the lengths between some places in km, ``(places, places)``; they may lead over others."""
        chosen = [self.place_ids.index(place) for place in place_ids]
        return np.ascontiguousarray(self.km[np.ix_(chosen, chosen)])

    def path(self, origin: str, end: str) -> tuple[tuple[str, float], ...]:
        """Return the places on a way with their distance in km from its beginning, both ends included.

        Raises
        ------
        InvalidValueError
            When no road leads there.
        """
        at, goal = self.place_ids.index(origin), self.place_ids.index(end)
        whole = self.km[at, goal]
        if not np.isfinite(whole):
            raise InvalidValueError(f"no road leads from '{origin}' to '{end}', so there is no pace to keep.")
        found = [(origin, 0.0)]
        while at != goal:
            at = int(self.next_place[at, goal])
            found.append((self.place_ids[at], float(whole - self.km[at, goal])))
        return tuple(found)

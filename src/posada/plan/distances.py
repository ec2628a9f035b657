"""Lengths of ways between towns by road, or by any route where no road leads."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from posada.model.scenario import Scenario


def road_km(scenario: Scenario, place_ids: Sequence[str]) -> NDArray[np.float64]:
    """Return the shortest ways between places by road, ``(places, places)``; infinite where there is none.

    Ways may lead over places that are not asked for. Routes that are closed on some days count as open: a plan is
    read by people who know the road.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    position = {place.id: index for index, place in enumerate(scenario.places)}
    shortest: dict[tuple[int, int], float] = {}
    for route in scenario.routes:
        if route.mode != "road":
            continue
        ends = position[route.from_place], position[route.to_place]
        for pair in (ends,) if route.one_way else (ends, ends[::-1]):
            shortest[pair] = min(route.km, shortest.get(pair, np.inf))
    pairs = np.array(list(shortest), np.int64).reshape(-1, 2)
    graph = csr_array((list(shortest.values()), (pairs[:, 0], pairs[:, 1])), shape=(len(position),) * 2)
    chosen = [position[place] for place in place_ids]
    ways = dijkstra(graph, indices=chosen)
    return np.asarray(ways[:, chosen], np.float64)

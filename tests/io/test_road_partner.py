"""Networks of roads against an exact partner: the rule applied to the whole graph, with nothing left out."""

from __future__ import annotations

import itertools
import math
import tempfile
from pathlib import Path

import pytest
from hypothesis import given

from posada.io.osm_roads import RoadRules
from posada.io.road_network import NetworkLimits, read_road_network
from posada.model.errors import InputFileError
from tests.io.road_maps import RoadMap, road_maps, write_extract, write_places


def every_way_km(roads: RoadMap, one_way: bool) -> dict[tuple[int, int], float]:
    """Return the shortest distances between all nodes by Floyd and Warshall, on every node of every way."""
    km = {(a, b): 0.0 if a == b else math.inf for a in roads.nodes for b in roads.nodes}
    for refs, tags in roads.ways:
        for a, b in itertools.pairwise(refs):
            # The law of cosines on the sphere: another formula than the one that is tested.
            (lat, lon), (other_lat, other_lon) = (map(math.radians, roads.nodes[node]) for node in (a, b))
            cosine = math.sin(lat) * math.sin(other_lat) + math.cos(lat) * math.cos(other_lat) * math.cos(
                lon - other_lon
            )
            length = 6371.0088 * math.acos(min(cosine, 1.0))
            leads = {"no": ((a, b), (b, a)), "yes": ((a, b),), "-1": ((b, a),)}[tags["oneway"]]
            for pair in leads if one_way else ((a, b), (b, a)):
                km[pair] = min(km[pair], length)
    for through, a, b in itertools.product(roads.nodes, repeat=3):
        km[a, b] = min(km[a, b], km[a, through] + km[through, b])
    return km


NEAR = 1e-3
"""The partner's formula is good to a metre for these distances; cases on the edge by less prove nothing."""


def expected_arcs(roads: RoadMap) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """Return the pairs of places that must be joined, and those that may be, by the rule as it is written."""
    km, pedestrian_km = every_way_km(roads, roads.one_way), every_way_km(roads, one_way=False)
    longest = math.inf if roads.max_km is None else roads.max_km
    must, may = set(), set()
    for (one, a), (other, b) in itertools.permutations(roads.places.items(), 2):
        if km[a, b] == math.inf or km[a, b] > longest + NEAR:
            continue
        verdicts = [
            _is_cut(roads, km, pedestrian_km, (a, b, c), slack)
            for slack in (-NEAR, NEAR)
            for c in roads.places.values()
            if c not in (a, b)
        ]
        half = len(verdicts) // 2
        if not any(verdicts[:half]):
            may.add((one, other))
        if not any(verdicts[half:]) and km[a, b] < longest - NEAR:
            must.add((one, other))
    return must, may


def _is_cut(roads: RoadMap, km, pedestrian_km, ends: tuple[int, int, int], slack: float) -> bool:
    """Tell whether a third place cuts a route, when every comparison is wrong by ``slack`` in its favour."""
    a, b, c = ends
    if not (km[a, c] < km[a, b] + slack and km[c, b] < km[a, b] + slack):
        return False
    if km[a, c] + km[c, b] > km[a, b] + 2 * roads.through_km + slack:
        return False
    return any(
        km[a, v] + km[v, b] <= km[a, b] + max(slack, 1e-4) and pedestrian_km[v, c] <= roads.through_km + slack
        for v in roads.nodes
    )


SNAP_KM = 0.001
"""Every place lies on a node, where a metre finds it; ten metres may find a road that only passes by."""


@given(road_maps())
def test_the_network_is_that_of_the_rule_on_the_whole_graph(roads):
    """No node is left out and no gate is looked for by the partner; ties within a metre may go either way."""
    with tempfile.TemporaryDirectory() as folder:
        places = {name: roads.nodes[node] for name, node in roads.places.items()}
        try:
            found = read_road_network(
                write_places(Path(folder) / "places.csv", places),
                write_extract(Path(folder) / "it.osm", roads.nodes, roads.ways),
                RoadRules(one_way=roads.one_way),
                NetworkLimits(snap_km=SNAP_KM, through_km=roads.through_km, max_km=roads.max_km),
            )
        except InputFileError:
            routes = ()
        else:
            routes = found.routes
    km = every_way_km(roads, roads.one_way)
    arcs = {}
    for route in routes:
        arcs[route.from_place, route.to_place] = route.km
        if not route.one_way:
            arcs[route.to_place, route.from_place] = route.km
    must, may = expected_arcs(roads)
    assert must <= set(arcs) <= may
    for (one, other), length in arcs.items():
        assert length == pytest.approx(max(km[roads.places[one], roads.places[other]], 0.1), abs=0.0511)
    _assert_joined_as_before(roads, km, arcs)


def _assert_joined_as_before(roads: RoadMap, km, arcs) -> None:
    """Whoever could get from place to place can still do so over the routes, if no route was too long."""
    if roads.max_km is not None:
        return
    reach = {(one, other): one == other or (one, other) in arcs for one in roads.places for other in roads.places}
    for through, one, other in itertools.product(roads.places, repeat=3):
        reach[one, other] |= reach[one, through] and reach[through, other]
    for one, other in itertools.product(roads.places, repeat=2):
        assert reach[one, other] is (km[roads.places[one], roads.places[other]] < math.inf)

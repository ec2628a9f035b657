"""The roads between neighbouring places: kilometres by the shortest way, and no route past another place.

A route between two places is left out when their shortest way comes within ``through_km``, by road, of a third
place that is nearer to both than they are to each other. What is left joins the same places: whoever would have
taken the route left out has a way by the third place, at most ``2 × through_km`` longer for each place so passed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import isfinite
from os import PathLike

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from posada.io.osm_roads import RoadRules, read_roads
from posada.io.road_graph import Pieces, RoadGraph, build_graph, connected_pieces, segment_km
from posada.io.road_places import RoadPlace, Standing, read_road_places, set_on_roads
from posada.model.checks import in_order
from posada.model.errors import InputFileError, InvalidValueError
from posada.model.findings import Finding, Findings
from posada.model.geography import Route
from posada.model.great_circle import great_circle_km
from posada.model.statements import Source

SOURCE_ID = "osm"
SHORTEST_ROUTE_KM = 0.1
_SAME_KM = 1e-6
"""Lengths that differ by less than a millimetre are equal."""
_PAIRS_AT_ONCE = 20_000

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class NetworkLimits:
    """How far things may be from each other.

    Attributes
    ----------
    snap_km : float
        Longest distance from a place to its road.
    through_km : float
        A way that comes this near to a place, by road, leads through it.
    max_km : float or None
        Longest route; ``None``: any.

    Raises
    ------
    InvalidValueError
        When one of them is not a distance.
    """

    snap_km: float = 5.0
    through_km: float = 2.0
    max_km: float | None = None

    def __post_init__(self) -> None:
        for name, value, least in (("snap_km", self.snap_km, 0.001), ("through_km", self.through_km, 0.0)):
            if not (isfinite(value) and value >= least):
                raise InvalidValueError(f"{name} is {value:g}. It must be {least:g} km or more.")
        if self.max_km is not None and not (isfinite(self.max_km) and self.max_km >= SHORTEST_ROUTE_KM):
            raise InvalidValueError(f"max_km is {self.max_km:g}. It must be {SHORTEST_ROUTE_KM:g} km or more.")


@dataclass(frozen=True, slots=True)
class RoadNetwork:
    """Routes between neighbouring places, and what is to be said about them.

    Attributes
    ----------
    routes : tuple of Route
        By their places' identifiers; each has :attr:`source` as its source.
    source : Source
        The row for ``sources.csv``.
    findings : Findings
        What a careful user would look at; none is an error.
    places, left_out : int
        Number of places, and of pairs of places that have a way but no route, because it leads through another.
    off_road_km : float
        Distance to its road of the place that is farthest from one.
    road_km, ways, cut_ways : float, int, int
        All roads of the extract together, the ways that they come from, and how many of these lead out of it.
    rules, limits : RoadRules, NetworkLimits
        What was asked for.
    """

    routes: tuple[Route, ...]
    source: Source
    findings: Findings
    places: int
    left_out: int
    off_road_km: float
    road_km: float
    ways: int
    cut_ways: int
    rules: RoadRules = field(default_factory=RoadRules)
    limits: NetworkLimits = field(default_factory=NetworkLimits)


def read_road_network(
    places: str | PathLike[str],
    extract: str | PathLike[str],
    rules: RoadRules | None = None,
    limits: NetworkLimits | None = None,
    tell: Progress = lambda _step, _done, _total: None,
) -> RoadNetwork:
    """Read places and an OpenStreetMap extract, and return the routes between neighbouring places.

    Kilometres are the sum of great circles from node to node of the roads, on a sphere with the mean radius of
    the Earth, 6371.0088 km; rounded to 0.1 km, and at least that. Ways are shortest by Dijkstra's algorithm
    [1]_.

    Parameters
    ----------
    places : path
        A ``places.csv``; the columns id, lat and lon are enough.
    extract : path
        A file ending in ``.osm.pbf``, ``.osm`` or ``.osm.bz2``.
    tell : callable
        Told step, done and total while it works.

    Raises
    ------
    InputFileError
        When a file is missing or cannot be read, or no two places are joined.
    ScenarioError
        With every fault of the table of places, or every place without a road.
    MissingLibraryError
        When osmium is not installed.

    References
    ----------
    .. [1] Dijkstra, E. W. (1959). A note on two problems in connexion with graphs. doi:10.1007/BF01386390
    """
    rules, limits = rules or RoadRules(), limits or NetworkLimits()
    rows = tuple(sorted(read_road_places(places), key=lambda place: place.id))
    tell("roads", 0, 1)
    roads = read_roads(extract, rules)
    tell("roads", 1, 1)
    length_km = segment_km(roads)
    pieces = connected_pieces(roads, length_km)
    standing = set_on_roads(rows, roads, pieces, limits.snap_km)
    graph = build_graph(roads, length_km, standing.point)
    vertices = graph.vertex_of_point[standing.point]
    ways = _measure(graph.arcs, vertices, rules, limits, tell)
    kept = _neighbours(ways, limits.through_km)
    routes = tuple(_routes(rows, ways.km, kept, rules))
    findings = [*standing.findings, *_separate(rows, standing, pieces, rules)]
    findings += _isolated(rows, routes, standing, pieces, limits)
    findings += _by_ferry(rows, graph, vertices, ways.km, kept)
    if not routes:
        said = "\n".join(map(str, in_order(findings)))
        raise InputFileError(f"no two of the {len(rows)} places are joined by a road:\n{said}")
    has_way = np.isfinite(ways.km) & ~np.eye(len(rows), dtype=bool)
    return RoadNetwork(
        routes=routes,
        source=_source(roads.file, roads.date),
        findings=Findings(in_order(findings)),
        places=len(rows),
        left_out=int(np.triu((has_way | has_way.T) & ~(kept | kept.T)).sum()),
        off_road_km=float(standing.off_road_km.max()),
        road_km=float(length_km.sum()),
        ways=roads.ways,
        cut_ways=roads.cut_ways,
        rules=rules,
        limits=limits,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Ways:
    """Lengths of the shortest ways, in km; infinite where there is none within the limit.

    ``km`` has the shape (n_places, n_places), from row to column. ``to_gate_km`` and ``from_gate_km`` have the
    shape (n_places, n_gates); ``gates[c]`` are the columns of the gates of place ``c``, and ``around[c]`` tells
    which places are within ``through_km`` of it.
    """

    km: NDArray[np.float64]
    to_gate_km: NDArray[np.float64]
    from_gate_km: NDArray[np.float64]
    gates: tuple[NDArray[np.intp], ...]
    around: NDArray[np.bool_]
    is_directed: bool


def _measure(
    arcs: csr_array, vertices: NDArray[np.int32], rules: RoadRules, limits: NetworkLimits, tell: Progress
) -> _Ways:
    """Measure from every place to every place and gate, one search per place."""
    around, gates = _gates(arcs, vertices, limits.through_km)
    every_gate = np.unique(np.concatenate(gates))
    limit = np.inf if limits.max_km is None else limits.max_km
    km = np.empty((len(vertices), len(vertices)))
    to_gate_km = np.empty((len(vertices), len(every_gate)))
    from_gate_km = np.empty_like(to_gate_km) if rules.one_way else to_gate_km
    reversed_arcs = csr_array(arcs.T) if rules.one_way else arcs
    for number, vertex in enumerate(vertices):
        tell("routes", number, len(vertices))
        reached = dijkstra(arcs, indices=vertex, limit=limit)
        km[number], to_gate_km[number] = reached[vertices], reached[every_gate]
        if rules.one_way:
            from_gate_km[number] = dijkstra(reversed_arcs, indices=vertex, limit=limit)[every_gate]
    tell("routes", len(vertices), len(vertices))
    if not rules.one_way:
        km = np.minimum(km, km.T)  # sums of the same lengths in another order
    columns = tuple(np.searchsorted(every_gate, own) for own in gates)
    return _Ways(km, to_gate_km, from_gate_km, columns, around, rules.one_way)


def _gates(
    arcs: csr_array, vertices: NDArray[np.int32], through_km: float
) -> tuple[NDArray[np.bool_], list[NDArray[np.intp]]]:
    """Return which places are within ``through_km`` of each place, and the vertices through which one comes so near.

    Distances are those of a pedestrian, whichever way a road leads. Nothing comes near without passing a vertex
    that is near and has a neighbour that is not; the bends between vertices need not be looked at.
    """
    around = np.zeros((len(vertices), len(vertices)), dtype=bool)
    gates = []
    tails, heads = arcs.nonzero()
    for number, vertex in enumerate(vertices):
        near = np.isfinite(dijkstra(arcs, directed=False, indices=vertex, limit=through_km))
        around[number] = near[vertices]
        inward, outward = near[heads] & ~near[tails], near[tails] & ~near[heads]
        gates.append(np.union1d(heads[inward], tails[outward]))
    return around, gates


def _neighbours(ways: _Ways, through_km: float) -> NDArray[np.bool_]:
    """Return which ways become routes, shape (n_places, n_places)."""
    km = ways.km
    kept = np.isfinite(km) & ~np.eye(len(km), dtype=bool)
    rank = _ranks(km, ways.is_directed)
    for place, gates in enumerate(ways.gates):
        to_place, from_place = rank[:, place, None], rank[None, place, :]
        is_near = km[:, place, None] + km[None, place, :] <= km + (2 * through_km + _SAME_KM)
        between = kept & (to_place < rank) & (from_place < rank) & is_near
        starts, ends = np.nonzero(between)
        for begin in range(0, len(starts), _PAIRS_AT_ONCE):
            start, end = starts[begin : begin + _PAIRS_AT_ONCE], ends[begin : begin + _PAIRS_AT_ONCE]
            through = ways.around[place, start] | ways.around[place, end]
            if len(gates):
                by_gate_km = ways.to_gate_km[np.ix_(start, gates)] + ways.from_gate_km[np.ix_(end, gates)]
                through |= by_gate_km.min(axis=1) <= km[start, end] + _SAME_KM
            kept[start[through], end[through]] = False
    return kept


def _ranks(km: NDArray[np.float64], is_directed: bool) -> NDArray[np.intp]:
    """Return the rank of each way by its length, of equal ones by the identifiers of its places.

    No two ways share a rank, so that of three places at equal distances one route is left out and never two
    that need each other.
    """
    row, column = np.indices(km.shape)
    first, second = (row, column) if is_directed else (np.minimum(row, column), np.maximum(row, column))
    length = np.round(km / _SAME_KM)
    _, rank = np.unique(np.column_stack((length.ravel(), first.ravel(), second.ravel())), axis=0, return_inverse=True)
    by_pair: NDArray[np.intp] = rank.reshape(km.shape)
    return by_pair


def _routes(
    places: tuple[RoadPlace, ...], km: NDArray[np.float64], kept: NDArray[np.bool_], rules: RoadRules
) -> Iterator[Route]:
    """Yield a route for each pair of neighbours, or one for each direction where the two differ."""
    for start, end in zip(*np.nonzero(np.triu(kept | kept.T)), strict=True):
        there, back = _rounded(km[start, end], places, start, end), _rounded(km[end, start], places, start, end)
        one, other = places[start].id, places[end].id
        if not rules.one_way or (kept[start, end] and kept[end, start] and there == back):
            yield Route(one, other, there, "road", (SOURCE_ID,))
            continue
        if kept[start, end]:
            yield Route(one, other, there, "road", (SOURCE_ID,), one_way=True)
        if kept[end, start]:
            yield Route(other, one, back, "road", (SOURCE_ID,), one_way=True)


def _rounded(km: float, places: tuple[RoadPlace, ...], start: int, end: int) -> float:
    """Return a length in tenths of a kilometre; places at one point of the road are apart as the crow flies."""
    if km < _SAME_KM:
        one, other = places[start], places[end]
        km = float(great_circle_km(one.lat, one.lon, other.lat, other.lon))
    return max(round(float(km), 1), SHORTEST_ROUTE_KM) if isfinite(km) else km


def _separate(places: tuple[RoadPlace, ...], standing: Standing, pieces: Pieces, rules: RoadRules) -> Iterator[Finding]:
    """Yield a finding for each place whose roads do not join those of most of the others."""
    piece = pieces.of_point[standing.point]
    labels, members = np.unique(piece, return_counts=True)
    main = max(zip(labels, members, strict=True), key=lambda each: (each[1], pieces.length_km[each[0]]))[0]
    for place, own in zip(places, piece, strict=True):
        if own != main:
            with_it = [other.id for other, its in zip(places, piece, strict=True) if its == own and other is not place]
            company = f"those of {', '.join(map(repr, with_it[:3]))} only" if with_it else "those of no other place"
            message = (
                f"the roads of '{place.id}', {pieces.length_km[own]:.1f} km in all, join {company}, and "
                f"{np.count_nonzero(piece == main)} places are on others."
            )
            more = [option for option, used in (("--ferries", rules.ferries), ("--on-foot", rules.on_foot)) if not used]
            tried = f" or try {' or '.join(more)}" if more else ""
            yield Finding("separate-roads", place.where, message, f"Take an extract with the roads between{tried}.")


def _isolated(
    places: tuple[RoadPlace, ...],
    routes: tuple[Route, ...],
    standing: Standing,
    pieces: Pieces,
    limits: NetworkLimits,
) -> Iterator[Finding]:
    """Yield a finding for each place that has roads to others and no route."""
    piece = pieces.of_point[standing.point]
    ends = {end for route in routes for end in (route.from_place, route.to_place)}
    for place, own in zip(places, piece, strict=True):
        if place.id not in ends and np.count_nonzero(piece == own) > 1:
            within = "" if limits.max_km is None else f" within {limits.max_km:g} km"
            message = f"no route leads to or from '{place.id}': it has no way to another place{within}."
            cure = "Allow longer routes with --max-km." if within else "Look at the one-way roads around it."
            yield Finding("isolated-place", place.where, message, cure)


def _by_ferry(
    places: tuple[RoadPlace, ...],
    graph: RoadGraph,
    vertices: NDArray[np.int32],
    km: NDArray[np.float64],
    kept: NDArray[np.bool_],
) -> Iterator[Finding]:
    """Yield a finding for each route that is longer, or does not exist, without ferries."""
    if graph.dry_arcs is None:
        return
    for start in np.flatnonzero(kept.any(axis=1)):
        dry_km = dijkstra(graph.dry_arcs, indices=vertices[start])[vertices]
        for end in np.flatnonzero(kept[start] & (dry_km > km[start] + _SAME_KM)):
            if start < end or not kept[end, start]:
                message = f"the route from '{places[start].id}' to '{places[end].id}' takes a ferry."
                cure = "Nobody can walk it: take it out unless boats carry people there."
                yield Finding("route-by-ferry", "routes.csv", message, cure)


def _source(file: str, date: dt.date | None) -> Source:
    return Source(
        id=SOURCE_ID,
        publisher="OpenStreetMap contributors",
        title=f"Roads in the extract {file}",
        reliability=0.9,
        date=date,
        url="https://www.openstreetmap.org/copyright",
        licence="ODbL-1.0",
    )

"""Roads as a graph: lengths along great circles, connected pieces, and points that no road branches at taken out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from posada.io.osm_roads import Roads
from posada.model.great_circle import great_circle_km

_SHORTEST_KM = 1e-9
"""A segment between two points at one spot: the graph library takes an edge without length for none."""
_CHUNK = 1_000_000


def segment_km(roads: Roads) -> NDArray[np.float64]:
    """Return the length of each segment, shape (n_segments,), a part at a time to spare memory."""
    length_km = np.empty(len(roads.start))
    for begin in range(0, len(length_km), _CHUNK):
        start, end = (ends[begin : begin + _CHUNK] for ends in (roads.start, roads.end))
        length_km[begin : begin + _CHUNK] = great_circle_km(
            roads.lat_deg[start], roads.lon_deg[start], roads.lat_deg[end], roads.lon_deg[end]
        )
    return np.maximum(length_km, _SHORTEST_KM)


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """The connected pieces of the roads, whichever way they lead.

    Attributes
    ----------
    of_point : array of int, shape (n_points,)
        The piece of each point.
    length_km : array of float, shape (n_pieces,)
        All roads of each piece together.
    """

    of_point: NDArray[np.int32]
    length_km: NDArray[np.float64]


def connected_pieces(roads: Roads, length_km: NDArray[np.float64]) -> Pieces:
    """Return which points are joined by roads at all."""
    count, of_point = _components(roads.start, roads.end, len(roads.lat_deg))
    return Pieces(of_point, _sums(of_point[roads.start], length_km, count))


def _sums(label: NDArray[Any], weight: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    return np.bincount(label, weights=weight, minlength=count).astype(np.float64)


def _components(one: NDArray[Any], other: NDArray[Any], count: int) -> tuple[int, NDArray[np.int32]]:
    links = coo_array((np.ones(len(one), dtype=np.int8), (one, other)), shape=(count, count))
    pieces, labels = connected_components(links, directed=False)
    return int(pieces), labels


@dataclass(frozen=True, slots=True, eq=False)
class RoadGraph:
    """Junctions, ends of roads and places, with the shortest road between those that are neighbours.

    Attributes
    ----------
    arcs : sparse array of float, shape (n_vertices, n_vertices)
        Kilometres from the row's vertex to the column's; a road that leads both ways is in it twice.
    dry_arcs : sparse array or None
        The same without ferries; ``None`` when there are none.
    vertex_of_point : array of int, shape (n_points,)
        The vertex at each point; -1 at points that were taken out.
    """

    arcs: csr_array
    dry_arcs: csr_array | None
    vertex_of_point: NDArray[np.int32]


def build_graph(roads: Roads, length_km: NDArray[np.float64], kept_points: NDArray[np.integer[Any]]) -> RoadGraph:
    """Join segments into roads from junction to junction; ``kept_points`` stay, whatever they are.

    A point where two segments meet and nothing changes (one-way or not, ferry or not) is no vertex. What is
    left has the same distances between vertices, and a tenth of the points in an ordinary extract.
    """
    kept = _is_vertex(roads)
    kept[kept_points] = True
    count = len(roads.start)
    at = np.concatenate((roads.start, roads.end))  # each segment has an entry for its start, then one for its end
    entries = np.flatnonzero(~kept[at])
    meeting = entries[np.argsort(at[entries], kind="stable")] % count  # two in a row meet at a point
    chains, chain = _components(meeting[0::2], meeting[1::2], count)
    chain_km = _sums(chain, length_km, chains)
    one_way, ferry = np.zeros(chains, dtype=bool), np.zeros(chains, dtype=bool)
    one_way[chain], ferry[chain] = roads.one_way, roads.ferry

    vertex = np.where(kept, np.cumsum(kept, dtype=np.int32) - 1, -1).astype(np.int32)
    ends = np.flatnonzero(kept[at])
    ends = ends[np.argsort(chain[ends % count], kind="stable")]  # the start of a one-way chain before its end
    tail, head = vertex[at[ends[0::2]]], vertex[at[ends[1::2]]]
    ended = chain[ends[0::2] % count]  # a ring that leads nowhere has no ends
    km, one_way, ferry = chain_km[ended], one_way[ended], ferry[ended]
    size = int(kept.sum())
    dry = _arcs(tail[~ferry], head[~ferry], km[~ferry], one_way[~ferry], size) if ferry.any() else None
    return RoadGraph(_arcs(tail, head, km, one_way, size), dry, vertex)


def _is_vertex(roads: Roads) -> NDArray[np.bool_]:
    """Tell which points are more than a bend of one road."""

    def count(ends: NDArray[np.int32], chosen: NDArray[np.bool_]) -> NDArray[np.intp]:
        return np.bincount(ends[chosen], minlength=len(roads.lat_deg))

    every = np.ones(len(roads.start), dtype=bool)
    degree = count(roads.start, every) + count(roads.end, every)
    out_of, into = count(roads.start, roads.one_way), count(roads.end, roads.one_way)
    by_ferry = count(roads.start, roads.ferry) + count(roads.end, roads.ferry)
    bend: NDArray[np.bool_] = (degree == 2) & (out_of == into) & ((by_ferry == 0) | (by_ferry == 2))
    return ~bend


def _arcs(
    tail: NDArray[np.int32], head: NDArray[np.int32], km: NDArray[np.float64], one_way: NDArray[np.bool_], size: int
) -> csr_array:
    """Return the shortest road from vertex to vertex as a sparse array."""
    both = ~one_way
    tails, heads = np.concatenate((tail, head[both])), np.concatenate((head, tail[both]))
    lengths = np.concatenate((km, km[both]))
    order = np.lexsort((lengths, heads, tails))
    tails, heads, lengths = tails[order], heads[order], lengths[order]
    first = np.ones(len(tails), dtype=bool)
    first[1:] = (tails[1:] != tails[:-1]) | (heads[1:] != heads[:-1])
    return csr_array((lengths[first], (tails[first], heads[first])), shape=(size, size))

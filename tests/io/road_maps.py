"""Small OpenStreetMap extracts made by hand, and a strategy for random ones.

On a meridian and on the equator a tenth of a degree is 11.1195 km: 6371.0088 km × pi / 180 / 10.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hypothesis import strategies as st

TENTH_KM = 11.119508
PRIMARY = {"highway": "primary"}

Way = tuple[Sequence[int], Mapping[str, str]]
"""The nodes of a way, and its tags."""


def extract_xml(nodes: Mapping[int, tuple[float, float]], ways: Sequence[Way]) -> str:
    """Return an extract as XML; ``nodes`` gives latitude and longitude by identifier."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<osm version="0.6" generator="by hand">']
    lines += [f'<node id="{id_}" version="1" lat="{lat:.7f}" lon="{lon:.7f}"/>' for id_, (lat, lon) in nodes.items()]
    for number, (refs, tags) in enumerate(ways, start=1):
        inside = [f'<nd ref="{ref}"/>' for ref in refs]
        inside += [f'<tag k="{key}" v="{value}"/>' for key, value in tags.items()]
        lines.append(f'<way id="{number}" version="1">{"".join(inside)}</way>')
    return "\n".join([*lines, "</osm>", ""])


def write_extract(path: Path, nodes: Mapping[int, tuple[float, float]], ways: Sequence[Way]) -> Path:
    """Write an extract as XML."""
    path.write_text(extract_xml(nodes, ways), encoding="utf-8")
    return path


def write_places(path: Path, places: Mapping[str, tuple[float, float]]) -> Path:
    """Write the smallest table of places."""
    rows = [f"{id_},{lat:.7f},{lon:.7f}\n" for id_, (lat, lon) in places.items()]
    path.write_text("id,lat,lon\n" + "".join(rows), encoding="utf-8")
    return path


@dataclass(frozen=True)
class RoadMap:
    """A random extract, the places on some of its nodes, and what is asked of it."""

    nodes: dict[int, tuple[float, float]]
    ways: list[Way]
    places: dict[str, int]
    one_way: bool
    through_km: float
    max_km: float | None


@st.composite
def road_maps(draw: st.DrawFn) -> RoadMap:
    """Between 3 and 9 nodes within some 30 km, ways through two to five of them, places on two to five of them."""
    count = draw(st.integers(3, 9))
    spots = st.tuples(st.integers(0, 300), st.integers(0, 300))
    drawn = draw(st.lists(spots, min_size=count, max_size=count, unique=True))
    nodes = {number: (lat / 1000, lon / 1000) for number, (lat, lon) in enumerate(drawn, start=1)}
    paths = st.lists(st.sampled_from(sorted(nodes)), min_size=2, max_size=5, unique=True)
    ways = []
    for path in draw(st.lists(paths, min_size=2, max_size=7)):
        direction = draw(st.sampled_from(("no", "no", "yes", "-1")))
        ways.append((path, PRIMARY | {"oneway": direction}))
    on_roads = sorted({node for path, _ in ways for node in path})
    chosen = draw(st.lists(st.sampled_from(on_roads), min_size=2, max_size=5, unique=True))
    return RoadMap(
        nodes,
        ways,
        {f"place-{node}": node for node in chosen},
        one_way=draw(st.booleans()),
        through_km=draw(st.sampled_from((0.0, 0.5, 3.0)) | st.floats(0, 25)),
        max_km=draw(st.none() | st.floats(1, 80)),
    )

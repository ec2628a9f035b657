"""Make ``src/posada/report/outlines.json``: the country outlines under the maps of the briefs.

Run from the repository root, with the file of the npm package ``world-atlas`` (Natural Earth, public domain)::

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python scripts/make_outlines.py package/countries-10m.json

The arcs of the TopoJSON are simplified before rings are put together, so that two neighbours keep one border.
The npm file itself is not part of the repository.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

Point = tuple[float, float]

BOX = (-121.0, 6.0, -81.0, 35.0)
"""West, south, east and north of what is kept, in degrees: Mexico, Central America, the southern US."""

TOLERANCE_DEGREE = 0.01
"""Points nearer than this to the simplified line are left out; 1 km, less than the line is wide."""

SMALLEST_RING_DEGREE2 = 0.003
"""Smaller islands and lakes are left out: 35 km2."""

UNITS_PER_DEGREE = 100

ISO3_BY_NUMBER = {
    "484": "MEX", "840": "USA", "320": "GTM", "084": "BLZ", "222": "SLV", "340": "HND", "558": "NIC",
    "188": "CRI", "591": "PAN", "192": "CUB", "170": "COL", "136": "CYM",
}  # fmt: skip

OUTPUT = Path(__file__).resolve().parents[1] / "src" / "posada" / "report" / "outlines.json"


def decode_arcs(topology: dict[str, Any]) -> list[list[Point]]:
    """Return the arcs of a TopoJSON as points in degrees; they are stored as steps on a grid."""
    scale_x, scale_y = topology["transform"]["scale"]
    west, south = topology["transform"]["translate"]
    arcs = []
    for steps in topology["arcs"]:
        x = y = 0
        points = []
        for step_x, step_y in steps:
            x, y = x + step_x, y + step_y
            points.append((x * scale_x + west, y * scale_y + south))
        arcs.append(points)
    return arcs


def _distance(point: Point, start: Point, end: Point) -> float:
    """Return the distance from a point to a stretch of line, in degrees."""
    along_x, along_y = end[0] - start[0], end[1] - start[1]
    length2 = along_x**2 + along_y**2
    if length2 == 0:
        return math.dist(point, start)
    share = ((point[0] - start[0]) * along_x + (point[1] - start[1]) * along_y) / length2
    share = min(1.0, max(0.0, share))
    return math.dist(point, (start[0] + share * along_x, start[1] + share * along_y))


def simplify(points: Sequence[Point], tolerance: float) -> list[Point]:
    """Drop points that lie within ``tolerance`` of the line without them (Douglas and Peucker, 1973).

    The first and the last point stay. A closed line keeps the point farthest from its ends as well.
    """
    kept = {0, len(points) - 1}
    stretches = [(0, len(points) - 1)]
    while stretches:
        first, last = stretches.pop()
        if last - first < 2:
            continue
        distances = [_distance(points[i], points[first], points[last]) for i in range(first + 1, last)]
        farthest = max(range(len(distances)), key=distances.__getitem__)
        if distances[farthest] > tolerance:
            middle = first + 1 + farthest
            kept.add(middle)
            stretches += [(first, middle), (middle, last)]
    return [points[i] for i in sorted(kept)]


def ring_of(arc_numbers: Sequence[int], arcs: Sequence[list[Point]]) -> list[Point]:
    """Join arcs into a ring; a negative number ``~n`` is arc ``n`` backwards."""
    ring: list[Point] = []
    for number in arc_numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        ring += arc[1:] if ring else arc
    return ring


def clip(ring: Sequence[Point], box: tuple[float, float, float, float]) -> list[Point]:
    """Cut a ring to a box, side by side (Sutherland and Hodgman, 1974)."""
    west, south, east, north = box
    current = list(ring)
    for axis, limit, sign in ((0, west, 1), (0, east, -1), (1, south, 1), (1, north, -1)):
        cut: list[Point] = []
        for i, point in enumerate(current):
            before = current[i - 1]
            inside, was_inside = sign * (point[axis] - limit) >= 0, sign * (before[axis] - limit) >= 0
            if inside != was_inside:
                share = (limit - before[axis]) / (point[axis] - before[axis])
                cut.append((before[0] + share * (point[0] - before[0]), before[1] + share * (point[1] - before[1])))
            if inside:
                cut.append(point)
        current = cut
    return current


def area(ring: Sequence[Point]) -> float:
    """Return the area of a ring in square degrees."""
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True))) / 2


def encode(ring: Sequence[Point]) -> list[int]:
    """Return a ring as a first point and steps, in hundredths of a degree, without steps of length zero."""
    numbers: list[int] = []
    at = (0, 0)
    for lon, lat in ring:
        here = (round(lon * UNITS_PER_DEGREE), round(lat * UNITS_PER_DEGREE))
        if not numbers or here != at:
            numbers += [here[0] - at[0], here[1] - at[1]]
        at = here
    return numbers


def outlines(topology: dict[str, Any]) -> dict[str, list[list[int]]]:
    """Return the rings of every country inside the box by its three letters, the largest first."""
    arcs = [simplify(arc, TOLERANCE_DEGREE) for arc in decode_arcs(topology)]
    found: dict[str, list[list[int]]] = {}
    for shape in topology["objects"]["countries"]["geometries"]:
        country = ISO3_BY_NUMBER.get(str(shape.get("id")))
        if country is None:
            continue
        polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
        # The first ring of a polygon is its outer border; the others are lakes, which the maps do not show.
        rings = [clip(ring_of(polygon[0], arcs), BOX) for polygon in polygons]
        rings = sorted((ring for ring in rings if len(ring) > 2), key=area, reverse=True)
        kept = [encode(ring) for ring in rings if area(ring) >= SMALLEST_RING_DEGREE2]
        if kept:
            found[country] = kept
    return dict(sorted(found.items()))


def main() -> None:
    """Read the npm file named on the command line and write the outlines."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("topojson", type=Path, help="countries-10m.json of the npm package world-atlas")
    parser.add_argument("--out", type=Path, default=OUTPUT)
    options = parser.parse_args()
    content = {
        "source": "Natural Earth, countries at 1:10 million, through the npm package world-atlas 2.0.2",
        "licence": "public domain",
        "made_by": "scripts/make_outlines.py",
        "how": (
            f"cut to the box, lines simplified (Douglas-Peucker, {TOLERANCE_DEGREE} degrees), rings under "
            f"{SMALLEST_RING_DEGREE2} square degrees and lakes left out; a ring is a first point and steps"
        ),
        "box_west_south_east_north": BOX,
        "units_per_degree": UNITS_PER_DEGREE,
        "countries": outlines(json.loads(options.topojson.read_text(encoding="utf-8"))),
    }
    text = json.dumps(content, separators=(",", ":")).replace('"countries":', '\n"countries":\n')
    options.out.write_text(text + "\n", encoding="utf-8")
    print(f"{options.out}: {options.out.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()

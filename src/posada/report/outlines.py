"""Country outlines and the projection of the maps: Natural Earth, cut and simplified, shipped with the package."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

Ring = tuple[tuple[float, float], ...]

_HIGHEST_LATITUDE = 85.0
_DETAIL = 0.8
"""Least distance between two points of an outline, in points on the drawing."""


@cache
def country_rings() -> dict[str, tuple[Ring, ...]]:
    """Return the rings of each country by its three letters: pairs of longitude and Mercator northing."""
    content = json.loads(files("posada.report").joinpath("outlines.json").read_text(encoding="utf-8"))
    unit = content["units_per_degree"]
    return {country: tuple(_decode(ring, unit) for ring in rings) for country, rings in content["countries"].items()}


def _decode(numbers: Sequence[int], units_per_degree: int) -> Ring:
    x = y = 0
    points = []
    for step_x, step_y in zip(numbers[::2], numbers[1::2], strict=True):
        x, y = x + step_x, y + step_y
        points.append((x / units_per_degree, _northing(y / units_per_degree)))
    return tuple(points)


def _northing(lat: float) -> float:
    """Return the Mercator northing of a latitude, in degrees of longitude at the equator."""
    held = min(max(lat, -_HIGHEST_LATITUDE), _HIGHEST_LATITUDE)
    return math.degrees(math.log(math.tan(math.pi / 4 + math.radians(held) / 2)))


@dataclass(frozen=True, slots=True)
class View:
    """A window on the map: where degrees go on the drawing.

    ``west`` and ``south`` (a Mercator northing) are the lower left corner; ``points_per_degree`` is the scale.
    """

    west: float
    south: float
    points_per_degree: float
    width: float
    height: float

    @classmethod
    def around(
        cls,
        places: Sequence[tuple[float, float]],
        *,
        width: float,
        height: float,
        smallest_span: float = 1.5,
        margin: float = 0.09,
    ) -> View:
        """Return the view in which all places ``(lat, lon)`` are visible, with a margin on each side.

        Parameters
        ----------
        places
            Latitudes and longitudes in degrees; at least one.
        width, height
            Size of the map in points.
        smallest_span
            The view is at least this many degrees wide, so that one town is not drawn without its surroundings.
        margin
            Share of the size that stays free on each side.
        """
        lons = [lon for _, lon in places]
        norths = [_northing(lat) for lat, _ in places]
        free = 1 - 2 * margin
        scale = min(
            width * free / max(max(lons) - min(lons), 1e-9),
            height * free / max(max(norths) - min(norths), 1e-9),
            width / smallest_span,
        )
        middle_lon, middle_north = (max(lons) + min(lons)) / 2, (max(norths) + min(norths)) / 2
        return cls(middle_lon - width / scale / 2, middle_north - height / scale / 2, scale, width, height)

    def position(self, lat: float, lon: float) -> tuple[float, float]:
        """Return where a place lies on the drawing, in points from the lower left corner."""
        return (lon - self.west) * self.points_per_degree, (_northing(lat) - self.south) * self.points_per_degree

    def middle(self) -> tuple[float, float]:
        """Return longitude and latitude of the middle of the view, in degrees."""
        north = math.radians(self.south + self.height / self.points_per_degree / 2)
        return self.west + self.width / self.points_per_degree / 2, math.degrees(math.atan(math.sinh(north)))

    def shows(self, lat: float, lon: float, inset: float = 0.0) -> bool:
        """Tell whether a place lies inside, at least ``inset`` points from the edge."""
        x, y = self.position(lat, lon)
        return inset <= x <= self.width - inset and inset <= y <= self.height - inset


@lru_cache(maxsize=256)
def visible_rings(view: View) -> tuple[tuple[str, list[tuple[float, float]]], ...]:
    """Return what a view shows of each country: rings in points, cut to the view, without needless points."""
    scale, west, south = view.points_per_degree, view.west, view.south
    east, north_end = west + view.width / scale, south + view.height / scale
    found = []
    for country, ring, (left, bottom, right, top) in _bounded_rings():
        if right < west or left > east or top < south or bottom > north_end:
            continue
        placed = [((lon - west) * scale, (north - south) * scale) for lon, north in ring]
        cut = _cut_to(_thin(placed, _DETAIL), view.width, view.height)
        if len(cut) > 2:
            found.append((country, cut))
    return tuple(found)


@cache
def _bounded_rings() -> list[tuple[str, Ring, tuple[float, float, float, float]]]:
    """Return each ring with its country, and its least longitude and northing and its largest."""
    return [
        (country, ring, (*map(min, zip(*ring, strict=True)), *map(max, zip(*ring, strict=True))))
        for country, rings in country_rings().items()
        for ring in rings
    ]


def _thin(points: list[tuple[float, float]], detail: float) -> list[tuple[float, float]]:
    kept = points[:1]
    last_x, last_y = points[0]
    for point in points[1:]:
        x, y = point
        if abs(x - last_x) + abs(y - last_y) >= detail:
            kept.append(point)
            last_x, last_y = point
    return kept


def _cut_to(ring: list[tuple[float, float]], width: float, height: float) -> list[tuple[float, float]]:
    """Cut a ring to the frame, side by side (Sutherland and Hodgman, 1974)."""
    current = ring
    for axis, limit, sign in ((0, 0.0, 1), (0, width, -1), (1, 0.0, 1), (1, height, -1)):
        values = [sign * (point[axis] - limit) for point in current]
        if not values or max(values) < 0:
            return []
        if min(values) >= 0:
            continue
        cut = []
        for i, (point, value) in enumerate(zip(current, values, strict=True)):
            before, value_before = current[i - 1], values[i - 1]
            if (value >= 0) != (value_before >= 0):
                share = value_before / (value_before - value)
                cut.append((before[0] + share * (point[0] - before[0]), before[1] + share * (point[1] - before[1])))
            if value >= 0:
                cut.append(point)
        current = cut
    return current

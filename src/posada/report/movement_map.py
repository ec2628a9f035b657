"""A map of who rides from where to where: straight lines between towns, never a road; for those who may see it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from posada.report import palette
from posada.report.maps import MAP_HEIGHT, MAP_WIDTH, MapPoint, corridor_map
from posada.report.outlines import View
from posada.report.shapes import line, polygon

_WIDEST, _THINNEST = 5.0, 0.9
_HEAD = 5.0
_BEND = 0.08
"""How far a line bows to the right, as a share of its length, so that both directions can be seen."""
_STEPS = 12
_CLEAR = 12.0
"""Points between the tip of an arrow and the middle of the town that it points to: the largest circle, and a little."""


@dataclass(frozen=True, slots=True)
class Movement:
    """People who ride from one point to another, by position in the list of points; or nobody, in empty vehicles."""

    origin: int
    target: int
    people: float = 0.0


def movement_map(
    points: Sequence[MapPoint],
    movements: Sequence[Movement],
    country_names: Mapping[str, str],
    *,
    width: float = MAP_WIDTH,
    height: float = MAP_HEIGHT,
) -> Any:
    """Return the map as a reportlab ``Drawing``: towns as circles, rides as bowed arrows, wider with more people."""
    drawing = corridor_map(points, country_names, width=width, height=height)
    view = View.around([(point.lat, point.lon) for point in points], width=width, height=height)
    most = max((movement.people for movement in movements), default=0.0) or 1.0
    arrows: list[Any] = []
    for movement in sorted(movements, key=lambda movement: -movement.people):
        ends = [view.position(points[at].lat, points[at].lon) for at in (movement.origin, movement.target)]
        wide = _THINNEST + (_WIDEST - _THINNEST) * math.sqrt(movement.people / most)
        arrows += _arrow(ends[0], ends[1], wide, palette.VERMILION if movement.people else palette.BORDER)
    # Over sea and land, under circles and names.
    drawing.contents[1:1] = arrows
    return drawing


def _arrow(start: tuple[float, float], end: tuple[float, float], wide: float, colour: str) -> list[Any]:
    """Return a bowed line and its head; nothing between points that fall together on the sheet."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = math.hypot(dx, dy)
    if length < 1.0:
        return []
    end = (end[0] - dx / length * _clear(length), end[1] - dy / length * _clear(length))
    middle = ((start[0] + end[0]) / 2 + dy * _BEND * 2, (start[1] + end[1]) / 2 - dx * _BEND * 2)
    slope = math.atan2(end[1] - middle[1], end[0] - middle[0])
    size = _HEAD + 1.6 * wide
    # The line ends inside the head, so that the tip is a tip.
    neck = (end[0] - 0.8 * size * math.cos(slope), end[1] - 0.8 * size * math.sin(slope))
    path: list[float] = []
    for step in range(_STEPS + 1):
        t = step / _STEPS
        # A quadratic Bézier curve, as the writers know straight pieces only.
        path += [(1 - t) ** 2 * start[axis] + 2 * t * (1 - t) * middle[axis] + t**2 * neck[axis] for axis in (0, 1)]
    head = [*end]
    for side in (-0.42, 0.42):
        head += [end[0] - size * math.cos(slope + side), end[1] - size * math.sin(slope + side)]
    return [
        line(path, stroke=colour, stroke_width=wide),
        polygon(head, fill=colour, stroke=colour, stroke_width=0.4),
    ]


def _clear(length: float) -> float:
    """Return how far before a town an arrow ends: less where two towns are close."""
    return min(_CLEAR, length / 3)

"""Placing labels beside points so that none covers another: the first free position of a few, best point first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Box(NamedTuple):
    """A rectangle in points: left, bottom, right, top."""

    left: float
    bottom: float
    right: float
    top: float

    def meets(self, other: Box) -> bool:
        """Tell whether two boxes share any area."""
        return (
            self.left < other.right and other.left < self.right and self.bottom < other.top and other.bottom < self.top
        )

    def lies_in(self, width: float, height: float) -> bool:
        """Tell whether the box lies on a sheet of this size."""
        return self.left >= 0 and self.bottom >= 0 and self.right <= width and self.top <= height


class LabelRequest(NamedTuple):
    """A label wanted beside a point: where the point is, its radius, and how large the text is, in points."""

    x: float
    y: float
    radius: float
    width: float
    height: float


def place_labels(
    requests: Sequence[LabelRequest], taken: Iterable[Box], width: float, height: float
) -> list[Box | None]:
    """Return a box for each label, in the order given, or ``None`` where no position is free.

    Earlier labels get their place first. No box meets another, one of ``taken``, a point, or the edge.
    """
    points = [Box(r.x - r.radius, r.y - r.radius, r.x + r.radius, r.y + r.radius) for r in requests]
    occupied = list(taken)
    placed: list[Box | None] = []
    for request in requests:
        box = next((b for b in _positions(request) if _is_free(b, occupied, points, (width, height))), None)
        if box is not None:
            occupied.append(box)
        placed.append(box)
    return placed


def _is_free(box: Box, occupied: list[Box], points: list[Box], sheet: tuple[float, float]) -> bool:
    return box.lies_in(*sheet) and not any(box.meets(other) for other in (*occupied, *points))


def _positions(request: LabelRequest) -> list[Box]:
    """Return the positions around a point: right, left, then the corners, above and below, then farther out."""
    found = []
    for gap in (2.0, 9.0):
        out = request.radius + gap
        slant = request.radius * 0.7 + gap * 0.6
        for dx, dy in ((1, 0), (-1, 0), (1, 1), (-1, 1), (1, -1), (-1, -1), (0, 1), (0, -1)):
            reach_x, reach_y = (slant, slant) if dx and dy else (out, out)
            left = request.x + dx * reach_x - (request.width * (1 - dx) / 2)
            bottom = request.y + dy * reach_y - (request.height * (1 - dy) / 2)
            found.append(Box(left, bottom, left + request.width, bottom + request.height))
    return found

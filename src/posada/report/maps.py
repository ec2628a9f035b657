"""Maps of the corridor: coasts, borders and towns as circles. Places only: no roads, routes or way points."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from posada.report import palette
from posada.report.labels import Box, LabelRequest, place_labels
from posada.report.outlines import View, visible_rings
from posada.report.shapes import backdrop, circle, line, polygon, put, rectangle, text, text_width, with_halo

MAP_WIDTH, MAP_HEIGHT = 360.0, 270.0

_LABEL_SIZE, _NOTE_SIZE, _COUNTRY_SIZE = 9.5, 8.5, 8.5
_LARGEST_RADIUS, _SMALLEST_RADIUS = 11.0, 2.6
_CROWDED = 14
"""From this many towns on, circles are drawn smaller."""
_INSET_WIDTH, _INSET_HEIGHT, _INSET_GAP = 90.0, 68.0, 5.0
_HIGHLIGHTED = (palette.VERMILION, palette.TEXT, 1.4)
_OTHERS = (palette.BLUE, palette.PAPER, 0.7)
_HOLLOW = (palette.PAPER, palette.VERMILION, 1.1)
_NEIGHBOURS = 6
_KM_PER_DEGREE = 111.2
_FAR = 4.5
"""A label farther than this from its circle, in points, is joined to it by a thin line."""


class MapPoint(NamedTuple):
    """A town on the map: the circle's area grows with ``people``; ``note`` stands under the name.

    A ``hollow`` one is a ring: a place that is shown for orientation, not for its people.
    """

    name: str
    lat: float
    lon: float
    people: float
    note: str = ""
    highlighted: bool = False
    hollow: bool = False


class _Mark(NamedTuple):
    """A point as drawn: where its circle is, in points."""

    point: MapPoint
    x: float
    y: float
    radius: float

    @property
    def box(self) -> Box:
        return Box(self.x - self.radius, self.y - self.radius, self.x + self.radius, self.y + self.radius)


def corridor_map(
    points: Sequence[MapPoint],
    country_names: Mapping[str, str],
    *,
    width: float = MAP_WIDTH,
    height: float = MAP_HEIGHT,
) -> Any:
    """Return the map of all points as a reportlab ``Drawing``; at least one point is needed.

    ``country_names`` are written where there is room, by the country's three letters. Labels never cover one
    another: those of the towns with most people are placed first, and a town without room stays unnamed.
    """
    view = View.around([(p.lat, p.lon) for p in points], width=width, height=height)
    return _draw(points, view, country_names, locator=None)


def neighbourhood_map(
    points: Sequence[MapPoint],
    country_names: Mapping[str, str],
    *,
    width: float = MAP_WIDTH,
    height: float = MAP_HEIGHT,
) -> Any:
    """Return the map around the highlighted point, with a small one that shows where in the corridor it lies."""
    focus = next(p for p in points if p.highlighted)
    nearest = sorted(points, key=lambda p: _apart_degree(p, focus))[: _NEIGHBOURS + 1]
    view = View.around([(p.lat, p.lon) for p in nearest], width=width, height=height)
    whole = View.around([(p.lat, p.lon) for p in points], width=_INSET_WIDTH, height=_INSET_HEIGHT, smallest_span=12.0)
    # A small corridor is wholly on the map: there is nothing to locate.
    some_are_outside = not all(view.shows(p.lat, p.lon) for p in points)
    return _draw(points, view, country_names, locator=whole if some_are_outside else None, scaled=True)


def _apart_degree(one: MapPoint, other: MapPoint) -> float:
    """Return a distance that orders neighbours: degrees, with longitudes shortened by latitude."""
    return math.hypot(one.lat - other.lat, (one.lon - other.lon) * math.cos(math.radians(other.lat)))


def _draw(
    points: Sequence[MapPoint],
    view: View,
    country_names: Mapping[str, str],
    *,
    locator: View | None,
    scaled: bool = False,
) -> Any:
    from reportlab.graphics.shapes import Drawing

    drawing = Drawing(view.width, view.height)
    put(drawing, _background(view, 0.0, 0.0))
    marks = _marks([p for p in points if view.shows(p.lat, p.lon, inset=_LARGEST_RADIUS + 1)], view)
    inset = _free_corner(marks, view) if locator else None
    for mark in marks:
        put(drawing, _circle_of(mark))
    taken = [inset] if inset else []
    taken += _add_labels(drawing, marks, view, taken)
    _add_country_names(drawing, view, country_names, [*taken, *(mark.box for mark in marks)])
    if locator and inset:
        _add_locator(drawing, inset, locator, points)
    if scaled:
        _add_scale_bar(drawing, view, [*taken, *(mark.box for mark in marks)])
    put(drawing, rectangle(0, 0, view.width, view.height, stroke=palette.BORDER))
    return drawing


@lru_cache(maxsize=256)
def _background(view: View, left: float, bottom: float) -> Any:
    """Return sea, land and borders of a view, its corner at ``(left, bottom)``; the same for every reader."""
    rings = visible_rings(view)
    # Where no outline is known, paper rather than sea: towns must not seem to lie in the water.
    ground = palette.SEA if rings else palette.LAND
    lands = [
        polygon(
            [value for x, y in ring for value in (x + left, y + bottom)],
            fill=palette.LAND,
            stroke=palette.BORDER,
            stroke_width=0.6,
        )
        for _, ring in rings
    ]
    return backdrop(rectangle(left, bottom, view.width, view.height, fill=ground), *lands)


def _marks(points: Sequence[MapPoint], view: View) -> list[_Mark]:
    """Return circles in the order of drawing: small ones over large ones, the highlighted one last."""
    most = max((p.people for p in points), default=0.0)
    largest = _LARGEST_RADIUS if len(points) < _CROWDED else _LARGEST_RADIUS * 0.55
    marks = []
    for p in sorted(points, key=lambda p: (p.highlighted, -p.people)):
        share = math.sqrt(max(p.people, 0.0) / most) if most > 0 else 0.0
        radius = _SMALLEST_RADIUS + (largest - _SMALLEST_RADIUS) * share
        x, y = view.position(p.lat, p.lon)
        marks.append(_Mark(p, x, y, max(radius, 4.5) if p.highlighted else radius))
    return marks


def _circle_of(mark: _Mark) -> Any:
    look = _HIGHLIGHTED if mark.point.highlighted else _HOLLOW if mark.point.hollow else _OTHERS
    return circle(mark.x, mark.y, mark.radius, fill=look[0], stroke=look[1], stroke_width=look[2])


def _add_labels(drawing: Any, marks: Sequence[_Mark], view: View, taken: Sequence[Box]) -> list[Box]:
    """Write the names that find room, the highlighted town first, then by people; return their boxes."""
    ranked = sorted(marks, key=lambda mark: (not mark.point.highlighted, -mark.point.people))
    requests = []
    for mark in ranked:
        point = mark.point
        width = text_width(point.name, _LABEL_SIZE, bold=point.highlighted)
        if point.note:
            width = max(width, text_width(point.note, _NOTE_SIZE))
        height = _LABEL_SIZE + (_NOTE_SIZE + 1 if point.note else 0)
        requests.append(LabelRequest(mark.x, mark.y, mark.radius, width + 1, height))
    boxes = place_labels(requests, taken, view.width, view.height)
    for mark, box in zip(ranked, boxes, strict=True):
        if box is None:
            continue
        _add_leader(drawing, mark, box)
        # Text on the left of its circle ends there.
        anchor, x = ("end", box.right) if box.right <= mark.x else ("start", box.left)
        if box.left < mark.x < box.right:
            anchor, x = "middle", (box.left + box.right) / 2
        bold = mark.point.highlighted
        baseline = box.top - _LABEL_SIZE * 0.82
        words = [text(x, baseline, mark.point.name, size=_LABEL_SIZE, anchor=anchor, bold=bold)]
        if mark.point.note:
            lower = baseline - _NOTE_SIZE - 0.6
            words.append(text(x, lower, mark.point.note, size=_NOTE_SIZE, anchor=anchor, fill=palette.QUIET))
        for letters in words:
            put(drawing, with_halo(letters, palette.LAND))
    return [box for box in boxes if box is not None]


def _add_leader(drawing: Any, mark: _Mark, box: Box) -> None:
    """Join a label that stands apart from its circle to it."""
    x, y = min(max(mark.x, box.left), box.right), min(max(mark.y, box.bottom), box.top)
    apart = math.hypot(x - mark.x, y - mark.y)
    if apart > mark.radius + _FAR:
        start = mark.radius / apart
        put(
            drawing,
            line(
                [mark.x + (x - mark.x) * start, mark.y + (y - mark.y) * start, x, y],
                stroke=palette.QUIET,
                stroke_width=0.5,
            ),
        )


def _add_country_names(drawing: Any, view: View, names: Mapping[str, str], taken: Sequence[Box]) -> None:
    """Write each country's name once, where its land has most room around the text."""
    occupied = list(taken)
    largest: dict[str, list[tuple[float, float]]] = {}
    for country, ring in visible_rings(view):
        if country in names and _area(ring) > _area(largest.get(country, [])):
            largest[country] = ring
    for country, ring in largest.items():
        width = text_width(names[country], _COUNTRY_SIZE)
        spot = _roomiest(ring, occupied, (width + 8, _COUNTRY_SIZE + 8), (view.width, view.height))
        if spot is not None:
            occupied.append(spot)
            middle = (spot.left + spot.right) / 2
            name = text(
                middle,
                spot.bottom + 5.5,
                names[country],
                size=_COUNTRY_SIZE,
                anchor="middle",
                italic=True,
                fill=palette.COUNTRY_NAME,
            )
            put(drawing, name)


def _area(ring: Sequence[tuple[float, float]]) -> float:
    return abs(sum(ring[i - 1][0] * p[1] - p[0] * ring[i - 1][1] for i, p in enumerate(ring))) / 2


def _roomiest(
    ring: Sequence[tuple[float, float]],
    occupied: Sequence[Box],
    size: tuple[float, float],
    sheet: tuple[float, float],
) -> Box | None:
    """Return the box of a size inside a ring, clear of others, that lies nearest to the middle of the ring."""
    left, right = min(x for x, _ in ring), max(x for x, _ in ring)
    bottom, top = min(y for _, y in ring), max(y for _, y in ring)
    middle = ((left + right) / 2, (bottom + top) / 2)
    columns, rows = 12, 9
    spots = [
        (left + (right - left) * (i + 0.5) / columns, bottom + (top - bottom) * (j + 0.5) / rows)
        for i in range(columns)
        for j in range(rows)
    ]
    for x, y in sorted(spots, key=lambda spot: math.dist(spot, middle)):
        box = Box(x - size[0] / 2, y - size[1] / 2, x + size[0] / 2, y + size[1] / 2)
        if not box.lies_in(*sheet) or any(box.meets(other) for other in occupied):
            continue
        corners = ((box.left, box.bottom), (box.left, box.top), (box.right, box.bottom), (box.right, box.top))
        if all(_is_inside(corner, ring) for corner in corners):
            return box
    return None


def _is_inside(point: tuple[float, float], ring: Sequence[tuple[float, float]]) -> bool:
    """Tell whether a point lies in a ring: a ray from it crosses the ring an odd number of times."""
    x, y = point
    inside = False
    for i, (x2, y2) in enumerate(ring):
        x1, y1 = ring[i - 1]
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
            inside = not inside
    return inside


def _free_corner(marks: Sequence[_Mark], view: View) -> Box:
    """Return the corner for the small map: the one with fewest circles, lower left when equal."""
    gap = _INSET_GAP
    lefts = (gap, view.width - gap - _INSET_WIDTH)
    bottoms = (gap, view.height - gap - _INSET_HEIGHT)
    corners = [Box(x, y, x + _INSET_WIDTH, y + _INSET_HEIGHT) for y in bottoms for x in lefts]

    def cost(corner: Box) -> tuple[int, int]:
        hidden = [mark for mark in marks if mark.box.meets(corner)]
        return sum(mark.point.highlighted for mark in hidden), len(hidden)

    return min(corners, key=cost)


def _add_locator(drawing: Any, inset: Box, whole: View, points: Sequence[MapPoint]) -> None:
    put(drawing, _background(whole, inset.left, inset.bottom))
    for point in sorted(points, key=lambda p: p.highlighted):
        x, y = whole.position(point.lat, point.lon)
        put(drawing, _dot(inset.left + x, inset.bottom + y, highlighted=point.highlighted))
    put(drawing, rectangle(inset.left, inset.bottom, _INSET_WIDTH, _INSET_HEIGHT, stroke=palette.QUIET))


@lru_cache(maxsize=4096)
def _dot(x: float, y: float, *, highlighted: bool) -> Any:
    """Return a town on a small map, which is the same on those of all its neighbours."""
    fill, radius = (palette.VERMILION, 3.2) if highlighted else (palette.BLUE, 1.2)
    return backdrop(circle(x, y, radius, fill=fill, stroke=palette.PAPER, stroke_width=0.4))


def _add_scale_bar(drawing: Any, view: View, taken: Sequence[Box]) -> None:
    """Draw a bar of 5 to 500 km at the lower edge, or none where there is no room."""
    _, lat = view.middle()
    points_per_km = view.points_per_degree / (_KM_PER_DEGREE * math.cos(math.radians(lat)))
    km = max((k for k in (5, 10, 20, 50, 100, 200, 500) if k * points_per_km < view.width / 5), default=0)
    length = km * points_per_km
    for left in (view.width - 12 - length, (view.width - length) / 2, 12):
        box = Box(left - 2, 6, left + length + 2, 24)
        if km and not any(box.meets(other) for other in taken):
            put(drawing, line([left, 11, left, 8, left + length, 8, left + length, 11], stroke=palette.QUIET))
            words = text(left + length / 2, 12, f"{km} km", size=8, anchor="middle", fill=palette.QUIET)
            put(drawing, words)
            return

"""The map of dispersed people: camps as circles, places in conflict as rings. No roads, routes or way points."""

from __future__ import annotations

from pathlib import Path

from posada.model.dispersal_outlook import DispersalOutlook
from posada.report import palette
from posada.report.days import full_day
from posada.report.maps import MapPoint, corridor_map
from posada.report.numbers import people, people_range
from posada.report.shapes import text, with_halo
from posada.report.svg import drawing_to_svg

_LANGUAGE = "en"
_HEIGHT = 305.0
_NOTE_SIZE = 6.5


def dispersal_map_svg(outlook: DispersalOutlook) -> str:
    """Return the map of the last day as SVG: the area of a circle grows with the people in the camp.

    Coasts and borders are drawn where their outlines come with Posada. At least one place is needed.
    """
    points = [
        MapPoint(place.name, place.lat, place.lon, 0.0, hollow=True)
        for place in outlook.origins
        if place.id not in {camp.place.id for camp in outlook.shown}
    ]
    rows = []
    for camp in outlook.shown:
        low, middle, high = (camp.daily.end.at(level) for level in (0.1, 0.5, 0.9))
        points.append(MapPoint(camp.place.name, camp.place.lat, camp.place.lon, middle, note=people(middle)))
        rows.append(f"{camp.place.name} {people(middle)} ({people_range(low, high)})")
    drawing = corridor_map(points, {}, height=_HEIGHT)
    stamp = outlook.stamp
    made = (
        f"{stamp.scenario_title}, {full_day(outlook.dates[-1], _LANGUAGE)}: middle of {stamp.members} members. "
        f"posada {stamp.version}, scenario {stamp.scenario_hash[:8]}, seed {stamp.seed}, {stamp.made_at.isoformat()}, "
        f"{stamp.classification}; not for enforcement"
    )
    drawing.add(with_halo(text(4, 4, made, size=_NOTE_SIZE, fill=palette.QUIET), palette.LAND))
    title = f"People in camps on {full_day(outlook.dates[-1], _LANGUAGE)}"
    words = (
        f"Middle and 80 % range of the people in each camp: {'; '.join(rows) or 'there is none'}. "
        f"Rings are places in conflict on some day. {made}; hash {stamp.scenario_hash}."
    )
    return drawing_to_svg(drawing, title, words)


def write_dispersal_map(outlook: DispersalOutlook, path: Path) -> None:
    """Write the map of the last day; see :func:`dispersal_map_svg`."""
    path.write_text(dispersal_map_svg(outlook) + "\n", encoding="utf-8", newline="\n")

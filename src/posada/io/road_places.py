"""The places that a road network is to join: read from a table, and set on the roads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import radians, sin
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from posada.io.csvtext import read_csv
from posada.io.osm_roads import Roads
from posada.io.rawtables import RawTable, body, cells_by_header, ragged, read_header
from posada.io.road_graph import Pieces
from posada.model.errors import InputFileError, ScenarioError
from posada.model.fields import CellError, fields_of, parse_cell
from posada.model.findings import Finding
from posada.model.geography import Place
from posada.model.great_circle import EARTH_RADIUS_KM, great_circle_km

NEEDED = ("id", "lat", "lon")
"""Fields of a place without which it cannot be set on a road; the others may be absent, but are checked."""

_CHUNK = 1_000_000


@dataclass(frozen=True, slots=True)
class RoadPlace:
    """A place to be joined with others, and where it stands in its table (``places.csv:4``)."""

    id: str
    lat: float
    lon: float
    where: str


def read_road_places(path: str | PathLike[str]) -> tuple[RoadPlace, ...]:
    """Read places from a ``places.csv``; the columns id, lat and lon are enough.

    Raises
    ------
    InputFileError
        When there is no such file, or it is not a CSV file.
    ScenarioError
        With every fault found.
    """
    file = Path(path)
    if file.is_dir():
        raise InputFileError(f"'{path}' is a folder. Name its table of places: '{file / 'places.csv'}'.")
    if not file.is_file():
        raise InputFileError(f"there is no table of places '{path}'. Name a CSV file with the columns id, lat and lon.")
    if file.suffix.lower() != ".csv":
        message = f"'{path}' is not a table of places."
        raise InputFileError(f"{message} Name a CSV file with the columns id, lat and lon first, then the extract.")
    places, findings = _read(read_csv(file))
    if not findings:
        findings = [*_twice(places), *_too_few(file.name, places)]
    if findings:
        raise ScenarioError(findings, f"the table of places '{file.name}'")
    return tuple(places)


def _read(raw: RawTable) -> tuple[list[RoadPlace], list[Finding]]:
    specs = tuple(replace(spec, required=spec.name in NEEDED) for spec in fields_of(Place))
    columns = read_header(raw, specs)
    findings = [*raw.findings, *columns.findings]
    places = []
    for row in body(raw) if columns.number else ():
        fault = ragged(row, columns.width)
        if fault is not None:
            findings.append(fault)
            continue
        cells, values = cells_by_header(row, columns), {}
        for spec in specs:
            if spec.header not in columns.absent:
                try:
                    values[spec.name] = parse_cell(spec, cells.get(spec.header, ""))
                except CellError as wrong:
                    findings.append(Finding(wrong.finding_id, row.where, str(wrong), wrong.cure))
        if all(name in values for name in NEEDED):
            places.append(RoadPlace(values["id"], values["lat"], values["lon"], row.where))
    return places, findings


def _twice(places: list[RoadPlace]) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for place in places:
        if place.id in first:
            message = f"id '{place.id}' stands in {first[place.id]} already."
            cure = "Remove one of the two, or give it another identifier."
            yield Finding("duplicate-id", place.where, message, cure)
        first.setdefault(place.id, place.where)


def _too_few(file: str, places: list[RoadPlace]) -> Iterator[Finding]:
    if len(places) < 2:
        held = "one place only" if places else "no places"
        yield Finding("missing-value", file, f"it holds {held}.", "Add a row for each place; a route joins two.")


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """Where places stand on the roads.

    Attributes
    ----------
    point : array of int, shape (n_places,)
        The point of the roads at which each place is.
    off_road_km : array of float, shape (n_places,)
        How far the place is from it.
    findings : tuple of Finding
        Warnings about places of which one may doubt where they stand.
    """

    point: NDArray[np.int64]
    off_road_km: NDArray[np.float64]
    findings: tuple[Finding, ...]


def set_on_roads(places: tuple[RoadPlace, ...], roads: Roads, pieces: Pieces, snap_km: float) -> Standing:
    """Set each place on the nearest point of a road.

    An extract holds scraps of road that join nothing. A piece with less than ``snap_km`` of roads in all is
    passed over when there is a longer one within ``snap_km``, and a finding says so.

    Raises
    ------
    ScenarioError
        When a place has no road within ``snap_km``.
    """
    at = np.array([[place.lat, place.lon] for place in places])
    near, tree = _points_near(at, roads, snap_km)
    point, off_road_km, findings, lost = [], [], [], []
    for place, around in zip(places, _within(tree, at, snap_km), strict=True):
        if not around:
            lost.append(place)
            continue
        points = near[np.sort(around)]
        away_km = great_circle_km(place.lat, place.lon, roads.lat_deg[points], roads.lon_deg[points])
        nearest = int(np.argmin(away_km))
        long_enough = pieces.length_km[pieces.of_point[points]] >= snap_km
        chosen = int(np.argmin(np.where(long_enough, away_km, np.inf))) if long_enough.any() else nearest
        if pieces.of_point[points[chosen]] != pieces.of_point[points[nearest]]:
            scrap_km = pieces.length_km[pieces.of_point[points[nearest]]]
            findings.append(_passed_over(place, away_km[nearest], scrap_km, away_km[chosen]))
        point.append(points[chosen])
        off_road_km.append(away_km[chosen])
    if lost:
        raise ScenarioError(_far_from_road(lost, roads, snap_km), "the table of places")
    findings += _at_one_point(places, point)
    return Standing(np.array(point), np.array(off_road_km), tuple(findings))


def _on_sphere(lat_deg: NDArray[np.float64], lon_deg: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return points of the unit sphere, shape (n, 3); of two, the nearer on the sphere is the nearer in space."""
    lat, lon = np.radians(lat_deg), np.radians(lon_deg)
    return np.column_stack((np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)))


def _chord(km: float) -> float:
    """Return the straight distance in the unit sphere that belongs to a great circle."""
    return 2 * sin(min(km / EARTH_RADIUS_KM, radians(180)) / 2)


def _points_near(at: NDArray[np.float64], roads: Roads, km: float) -> tuple[NDArray[np.int64], Any]:
    """Return the points of roads that are near any place, and a search tree of them.

    A tree of all points of a country would take more memory than the roads themselves.
    """
    of_places = cKDTree(_on_sphere(at[:, 0], at[:, 1]))
    found = []
    for begin in range(0, len(roads.lat_deg), _CHUNK):
        part = slice(begin, begin + _CHUNK)
        distance, _ = of_places.query(
            _on_sphere(roads.lat_deg[part], roads.lon_deg[part]), distance_upper_bound=_chord(km) * (1 + 1e-9)
        )
        found.append(begin + np.flatnonzero(np.isfinite(distance)))
    near = np.concatenate(found)
    return near, cKDTree(_on_sphere(roads.lat_deg[near], roads.lon_deg[near]))


def _within(tree: Any, at: NDArray[np.float64], km: float) -> list[list[int]]:
    around: list[list[int]] = tree.query_ball_point(_on_sphere(at[:, 0], at[:, 1]), _chord(km)).tolist()
    return around


def _passed_over(place: RoadPlace, nearest_km: float, scrap_km: float, chosen_km: float) -> Finding:
    message = (
        f"the road nearest to '{place.id}', at {nearest_km:.1f} km, belongs to {scrap_km:.1f} km of roads that join "
        f"no others; it is set on another road at {chosen_km:.1f} km."
    )
    return Finding("road-passed-over", place.where, message, "Look at a map whether that is where its people set out.")


def _far_from_road(lost: list[RoadPlace], roads: Roads, snap_km: float) -> Iterator[Finding]:
    tree = cKDTree(_on_sphere(roads.lat_deg, roads.lon_deg))
    span = (
        f"latitudes {roads.lat_deg.min():.2f} to {roads.lat_deg.max():.2f} and longitudes {roads.lon_deg.min():.2f} "
        f"to {roads.lon_deg.max():.2f}"
    )
    for place in lost:
        _, nearest = tree.query(_on_sphere(np.array([place.lat]), np.array([place.lon]))[0])
        away_km = float(great_circle_km(place.lat, place.lon, roads.lat_deg[nearest], roads.lon_deg[nearest]))
        message = f"place '{place.id}' is {away_km:.1f} km from the nearest road, more than {snap_km:g} km."
        if _is_exchanged(place, tree, snap_km):
            cure = "Its lat and lon seem to be exchanged."
        else:
            cure = f"Mend lat and lon, allow more with --snap-km, or take an extract around it: this one has {span}."
        yield Finding("far-from-road", place.where, message, cure)


def _is_exchanged(place: RoadPlace, tree: Any, snap_km: float) -> bool:
    if abs(place.lon) > 90:
        return False
    distance, _ = tree.query(_on_sphere(np.array([place.lon]), np.array([place.lat]))[0])
    return bool(distance <= _chord(snap_km))


def _at_one_point(places: tuple[RoadPlace, ...], point: list[int]) -> Iterator[Finding]:
    first: dict[int, RoadPlace] = {}
    for place, number in zip(places, point, strict=True):
        other = first.setdefault(number, place)
        if other is not place:
            message = f"'{place.id}' and '{other.id}' are nearest to the same point of a road."
            cure = (
                "The distance between them is given as the crow flies. Mend their lat and lon, or make them one place."
            )
            yield Finding("same-road-point", place.where, message, cure)

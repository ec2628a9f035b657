"""Roads out of an OpenStreetMap extract: which ways are roads, and the points that they lead through.

The extract is read twice, so that it need not fit into memory: first the ways, filtered by their tags, then the
locations of those nodes only that a road leads through. The library osmium does the reading; it comes with the
extra ``osm`` and is loaded when an extract is read.
"""

from __future__ import annotations

import datetime as dt
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posada.model.errors import InputFileError, InvalidValueError, MissingLibraryError

_LINKED = ("motorway", "trunk", "primary", "secondary", "tertiary")
VEHICLE_CLASSES = frozenset(
    (*_LINKED, *(f"{name}_link" for name in _LINKED), "unclassified", "residential", "living_street", "road", "busway")
)
"""Values of the tag ``highway`` that are roads for vehicles."""

FOOT_CLASSES = (VEHICLE_CLASSES - {"motorway", "motorway_link"}) | {
    "service", "track", "path", "footway", "pedestrian", "steps", "bridleway", "cycleway",
}  # fmt: skip
"""Values of the tag ``highway`` on which people may walk; with ``on_foot`` they are taken as well."""

CLOSED = frozenset({"no", "private", "military"})
"""Values of the tags of access that close a way."""

_FORWARD = frozenset({"yes", "true", "1"})
_BACKWARD = frozenset({"-1", "reverse"})
_ROUND = frozenset({"roundabout", "circular"})


@dataclass(frozen=True, slots=True)
class RoadRules:
    """Which ways of an extract are taken for roads.

    Attributes
    ----------
    on_foot : bool
        Take, besides the roads for vehicles, ways on which people may walk: tracks, paths, service roads.
    ferries : bool
        Take ferries as well.
    one_way : bool
        Heed one-way roads, as drivers must. Otherwise every road leads both ways, as it does for people on foot.

    Raises
    ------
    InvalidValueError
        When one-way roads are to be heeded on foot.
    """

    on_foot: bool = False
    ferries: bool = False
    one_way: bool = False

    def __post_init__(self) -> None:
        if self.on_foot and self.one_way:
            raise InvalidValueError("one-way roads bind vehicles, not people on foot. Choose on foot or one-way.")


@dataclass(frozen=True, slots=True, eq=False)
class Roads:
    """The roads of an extract as straight segments between points.

    Attributes
    ----------
    file : str
        Name of the extract.
    date : datetime.date or None
        Day up to which the extract holds what was mapped, from its header; ``None`` when it does not say.
    lat_deg, lon_deg : arrays of float, shape (n_points,)
        Points in the order of their OpenStreetMap identifiers, WGS84.
    start, end : arrays of int, shape (n_segments,)
        Numbers of the points at the ends of each segment.
    one_way, ferry : arrays of bool, shape (n_segments,)
        Whether a segment leads from start to end only, and whether it is a ferry.
    ways : int
        Number of ways taken.
    cut_ways : int
        How many of them lead out of the extract, and are known inside it only.
    """

    file: str
    date: dt.date | None
    lat_deg: NDArray[np.float64]
    lon_deg: NDArray[np.float64]
    start: NDArray[np.int32]
    end: NDArray[np.int32]
    one_way: NDArray[np.bool_]
    ferry: NDArray[np.bool_]
    ways: int
    cut_ways: int


@dataclass(slots=True)
class _Ways:
    """What the first reading collects: nodes of all ways in a row, and for each way its end in that row."""

    refs: array[int]
    ends: array[int]
    direction: array[int]
    ferry: array[int]


def read_roads(path: str | PathLike[str], rules: RoadRules | None = None) -> Roads:
    """Read the roads of an OpenStreetMap extract (``.osm.pbf``, ``.osm``, ``.osm.bz2``, ``.osm.gz``).

    Parameters
    ----------
    rules : RoadRules or None
        Which ways are roads; roads for vehicles, both ways, when ``None``.

    Raises
    ------
    InputFileError
        When there is no such file, it cannot be read as an extract, or holds no roads.
    MissingLibraryError
        When osmium is not installed.
    """
    file = Path(path)
    rules = rules or RoadRules()
    if not file.is_file():
        raise InputFileError(f"there is no extract '{path}'. Name a file ending in .osm.pbf, .osm or .osm.bz2.")
    osmium = _osmium()
    with _said_as_input_fault(file):
        date = _read_date(osmium, file)
        ways = _read_ways(osmium, file, rules)
        ids, lat_deg, lon_deg = _read_points(osmium, file, ways)
    return _segments(file, date, ways, (ids, lat_deg, lon_deg))


def _osmium() -> ModuleType:
    try:
        import osmium
    except ImportError:
        message = "reading an OpenStreetMap extract needs the library osmium, which is not installed."
        raise MissingLibraryError(f"{message} Install it with: pip install 'posada[osm]'") from None
    return osmium


@contextmanager
def _said_as_input_fault(file: Path) -> Iterator[None]:
    """Turn what osmium says of a bad file into a fault of the input."""
    try:
        yield
    except RuntimeError as fault:
        message = f"'{file.name}' cannot be read as an OpenStreetMap extract: {str(fault).rstrip('.')}."
        cure = "Download it again, or name a file ending in .osm.pbf, .osm or .osm.bz2."
        raise InputFileError(f"{message} {cure}") from None


def _read_date(osmium: Any, file: Path) -> dt.date | None:
    """Return the day of the extract from its header."""
    with osmium.io.Reader(str(file), osmium.osm.NOTHING) as reader:
        header = reader.header()
    if header.has_multiple_object_versions:
        message = f"'{file.name}' is a history or a file of changes, not an extract of one day."
        raise InputFileError(f"{message} Name a file ending in .osm.pbf, .osm or .osm.bz2.")
    stated = header.get("osmosis_replication_timestamp", "") or header.get("timestamp", "")
    try:
        return dt.date.fromisoformat(stated[:10])
    except ValueError:
        return None


def _read_ways(osmium: Any, file: Path, rules: RoadRules) -> _Ways:
    found = _Ways(array("q"), array("q"), array("b"), array("b"))
    keys = ("highway", "route") if rules.ferries else ("highway",)
    for way in osmium.FileProcessor(str(file), osmium.osm.WAY).with_filter(osmium.filter.KeyFilter(*keys)):
        tags = way.tags
        ferry = rules.ferries and tags.get("route", "") == "ferry"
        if (ferry or _is_road(tags, rules)) and _is_open(tags, rules):
            found.refs.extend([node.ref for node in way.nodes])
            found.ends.append(len(found.refs))
            found.direction.append(_direction(tags) if rules.one_way else 0)
            found.ferry.append(ferry)
    if not found.ends:
        kind = "way that vehicles or people on foot may take" if rules.on_foot else "road for vehicles"
        hint = "" if rules.on_foot else " With --on-foot, tracks and paths count as well."
        raise InputFileError(f"'{file.name}' holds no {kind}. Take an extract that was not filtered.{hint}")
    return found


def _is_road(tags: Any, rules: RoadRules) -> bool:
    highway = tags.get("highway", "")
    return highway in VEHICLE_CLASSES or (rules.on_foot and highway in FOOT_CLASSES)


def _is_open(tags: Any, rules: RoadRules) -> bool:
    """Tell whether vehicles may take a way, or with ``on_foot`` people on foot, by its tags of access."""
    highway = tags.get("highway", "")
    for_vehicles = highway in VEHICLE_CLASSES or not highway
    if for_vehicles and (_allows(tags, "motor_vehicle", "vehicle", "access") or _is_for_buses(tags)):
        return True
    return rules.on_foot and (highway in FOOT_CLASSES or not highway) and _allows(tags, "foot", "access")


def _allows(tags: Any, *keys: str) -> bool:
    """Tell whether the first of the tags that is there, the most special one, leaves the way open."""
    stated = next((value for key in keys if (value := tags.get(key, ""))), "")
    return stated not in CLOSED


def _is_for_buses(tags: Any) -> bool:
    return any(tags.get(key, "") in ("yes", "designated") for key in ("bus", "psv"))


def _direction(tags: Any) -> int:
    """Return 1 when vehicles may take a way in the order of its nodes only, -1 against it only, 0 both ways."""
    stated = tags.get("oneway", "")
    if stated in _FORWARD:
        return 1
    if stated in _BACKWARD:
        return -1
    implied = tags.get("highway", "") == "motorway" or tags.get("junction", "") in _ROUND
    return 1 if implied and not stated else 0


def _read_points(
    osmium: Any, file: Path, ways: _Ways
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Return identifiers, latitudes and longitudes of the nodes that ways lead through, by identifier."""
    if any(ref < 0 for ref in ways.refs):
        message = f"'{file.name}' has nodes with negative identifiers, which were never uploaded."
        raise InputFileError(f"{message} Take an extract, not the working file of an editor.")
    only_these = osmium.filter.IdFilter(ways.refs)
    ids, lat_deg, lon_deg = array("q"), array("d"), array("d")
    for node in osmium.FileProcessor(str(file), osmium.osm.NODE).with_filter(only_these):
        location = node.location
        if location.valid():
            ids.append(node.id)
            lat_deg.append(location.lat_without_check())
            lon_deg.append(location.lon_without_check())
    known, first = np.unique(np.frombuffer(ids, dtype=np.int64), return_index=True)
    return known, np.frombuffer(lat_deg)[first], np.frombuffer(lon_deg)[first]


def _segments(
    file: Path,
    date: dt.date | None,
    ways: _Ways,
    points: tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]],
) -> Roads:
    """Return the stretches between consecutive nodes of a way that are both in the extract."""
    ids, lat_deg, lon_deg = points
    refs = np.frombuffer(ways.refs, dtype=np.int64)
    ends = np.frombuffer(ways.ends, dtype=np.int64)
    way = np.repeat(np.arange(len(ends), dtype=np.int32), ends - np.concatenate(([0], ends[:-1])))
    number = np.searchsorted(ids, refs).astype(np.int32)
    there = number < len(ids)
    there[there] = ids[number[there]] == refs[there]
    cut_ways = len(np.unique(way[~there]))
    joined = (way[:-1] == way[1:]) & there[:-1] & there[1:] & (refs[:-1] != refs[1:])
    if not joined.any():
        message = f"'{file.name}' has roads, but not the nodes that they lead through."
        raise InputFileError(f"{message} Take an extract that holds nodes and ways.")
    of_way = way[:-1][joined]
    direction = np.frombuffer(ways.direction, dtype=np.int8)[of_way]
    first, second = number[:-1][joined], number[1:][joined]
    used = np.zeros(len(ids), dtype=bool)
    used[first] = used[second] = True
    number = np.cumsum(used, dtype=np.int32) - 1
    first, second = number[first], number[second]
    backward = direction < 0
    return Roads(
        file=file.name,
        date=date,
        lat_deg=lat_deg[used],
        lon_deg=lon_deg[used],
        start=np.where(backward, second, first),
        end=np.where(backward, first, second),
        one_way=direction != 0,
        ferry=np.frombuffer(ways.ferry, dtype=np.int8)[of_way] != 0,
        ways=len(ways.ends),
        cut_ways=cut_ways,
    )

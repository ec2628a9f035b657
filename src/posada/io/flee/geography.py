"""``locations.csv``, ``routes.csv`` and ``major_routes.csv``: where people can be, and the ways between."""

from __future__ import annotations

import re
from collections import defaultdict

from posada.io.flee.reading import FleeRow, Reading, body, header_of, read_rows, too_long
from posada.model.displacement import KnownRoute, PlaceAttribute, Present
from posada.model.errors import nearest_hint
from posada.model.geography import CAMP_KINDS, Place, Route

LOCATIONS = "input_csv/locations.csv"
ROUTES = "input_csv/routes.csv"
MAJOR_ROUTES = "input_csv/major_routes.csv"

LOCATION_TYPES = ("town", "camp", "idpcamp", "conflict_zone", "forwarding_hub", "marker", "flood_zone")
PLACE_COLUMNS = 8
ROUTE_COLUMNS = 4
LEAST_PLACE_CELLS = 6
SHORTEST_KM = 0.1
NO_COUNTRY = "unknown"
OWN_ATTRIBUTES = ("initial_idps",)
"""Attributes of places that become something else than an attribute."""


def kind_of_type(text: str) -> str | None:
    """Return the kind of place that Flee makes of a location type, which it looks for inside the text."""
    text = text.casefold()
    if "camp" in text:
        return "idp_camp" if "idp" in text else "camp"
    for part, kind in (
        ("conflict", "conflict_zone"),
        ("forward", "forwarding_hub"),
        ("marker", "marker"),
        ("flood_zone", "high_water_zone"),
        ("default", "town"),
        ("town", "town"),
    ):
        if part in text:
            return kind
    return None


def read_locations(reading: Reading) -> None:
    """Read the places, in the order of the file: the first one is in the home country."""
    rows = read_rows(reading, LOCATIONS)
    if rows is None:
        return
    header = header_of(rows, PLACE_COLUMNS)
    extra = [cell.strip().strip('"') for cell in header.cells[PLACE_COLUMNS:]] if header else []
    asides: dict[str, list[str]] = defaultdict(list)
    for row in _each_name_once(reading, body(reading, rows, "name")):
        if len(row.cells) < LEAST_PLACE_CELLS:
            message = f"the row has {len(row.cells)} cells, where Flee reads {PLACE_COLUMNS}."
            reading.say("ragged-row", row.where, message, "Give name, region, country, latitude, longitude, type.")
        elif not too_long(reading, row, PLACE_COLUMNS + len(extra)):
            reading.names[row.cell(0)] = reading.identifier("place", row.cell(0))
            reading.spelled[row.cell(0)] = row.cells[0]
            _add_place(reading, row, asides)
            _add_attributes(reading, row, extra, asides)
    _say_asides(reading, asides)
    if not reading.rows["places"] and not reading.findings:
        reading.say("missing-file", LOCATIONS, "the file has no places.", "Add at least one.")


def _each_name_once(reading: Reading, rows: list[FleeRow]) -> list[FleeRow]:
    """Return the rows with the last of each name in the place of the first one.

    Flee makes a place of every row: routes lead to the last one of a name only, and what the others hold is cut off.
    """
    last: dict[str, FleeRow] = {}
    for row in rows:
        name = row.cell(0)
        if name in last:
            same = [cell.strip() for cell in row.cells] == [cell.strip() for cell in last[name].cells]
            message = f"place '{name}' stands in line {last[name].where.rpartition(':')[2]} already"
            likeness = "alike" if same else "with other figures, and no route leads to that one in Flee"
            cure = "Posada takes it once." if same else "Posada takes this row; name one otherwise if they are two."
            reading.say("flee-repaired", row.where, f"{message}, {likeness}.", cure)
        last[name] = row
    return list(last.values())


def _add_place(reading: Reading, row: FleeRow, asides: dict[str, list[str]]) -> None:
    kind = _kind(reading, row, asides)
    lat, lon = (_degrees(reading, row, index, asides) for index in (3, 4))
    people = reading.whole(row, 7, "population") if row.cell(7) else None
    if people is not None and people < 0 and kind not in CAMP_KINDS:
        reading.say("out-of-bounds", row.where, f"the population is {people}.", "It must be at least 0 (people).")
        return
    if kind is None or lat is None or lon is None:
        return
    if not row.cell(2):
        asides["country"].append(row.where)
    if len(row.cells) < PLACE_COLUMNS:
        asides["short"].append(row.where)
    is_camp = kind in CAMP_KINDS
    if is_camp and people is not None and people < 1:
        asides["unlimited"].append(row.where)
    place = Place(
        id=reading.names[row.cell(0)],
        name=row.cell(0),
        country=row.cell(2) or NO_COUNTRY,
        lat=lat,
        lon=lon,
        kind=kind,
        source=reading.source(LOCATIONS),
        admin1=row.cell(1) or None,
        population=None if is_camp else people,
        capacity=people if is_camp and people is not None and people >= 1 else None,
    )
    reading.add("places", place, row.where)


def _kind(reading: Reading, row: FleeRow, asides: dict[str, list[str]]) -> str | None:
    kind = kind_of_type(row.cell(5))
    if kind is None:
        cure = f"Flee makes no town, camp or conflict zone of it. {nearest_hint(row.cell(5), LOCATION_TYPES)}"
        reading.say("unknown-option", row.where, f"'{row.cell(5)}' in location_type is not a type of place.", cure)
    elif "conflict" in row.cell(5).casefold():
        day = reading.whole(row, 6, "conflict_date")
        if day is not None and day > 0 and kind == "conflict_zone":
            return "town"
        if kind == "conflict_zone":
            asides["from_start"].append(row.cell(0))
    return kind


def _degrees(reading: Reading, row: FleeRow, index: int, asides: dict[str, list[str]]) -> float | None:
    if not row.cell(index):
        if row.where not in asides["gps"]:
            asides["gps"].append(row.where)
        return 0.0
    limit, name = (90, "latitude") if index == 3 else (180, "longitude")
    degrees = reading.number(row, index, name)
    if degrees is not None and abs(degrees) > limit:
        cure = "Flee's files have the latitude first, then the longitude."
        reading.say("out-of-bounds", row.where, f"the {name} is {degrees:g}.", cure)
        return None
    return degrees


def _add_attributes(reading: Reading, row: FleeRow, names: list[str], asides: dict[str, list[str]]) -> None:
    place = reading.names[row.cell(0)]
    columns = {name: index for index, name in enumerate(names, start=PLACE_COLUMNS)}
    for name, index in columns.items():
        text = row.cell(index)
        if not name or not text:
            if name == "capacity_per_day":
                asides["no_daily"].append(row.where)
            continue
        if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", text):
            asides[f"text:{name}"].append(row.where)
        elif name in OWN_ATTRIBUTES:
            people = reading.whole(row, index, name)
            if people and kind_of_type(row.cell(5)) not in CAMP_KINDS:
                asides["no_camp"].append(row.where)
            elif people:
                reading.add("present", Present(place, people, reading.source(LOCATIONS)), row.where)
        else:
            record = PlaceAttribute(place, name, float(text), reading.source(LOCATIONS))
            reading.add("place_attributes", record, row.where)


def _say_asides(reading: Reading, asides: dict[str, list[str]]) -> None:
    texts = (
        ("gps", "flee-kept", "the coordinates are empty.", "Posada takes 0, 0 as Flee does: it is not on the map."),
        ("country", "flee-kept", "the country is empty.", f"Posada takes '{NO_COUNTRY}' as Flee does."),
        ("short", "flee-repaired", "the row ends before its last column, at which Flee stops.", "It is read as empty."),
        ("no_daily", "flee-repaired", "capacity_per_day is empty, at which Flee stops.", "Posada adds nothing daily."),
        ("no_camp", "flee-ignored", "initial_idps is given, but the place is no camp.", "It is left out, as in Flee."),
        ("unlimited", "flee-note", "the capacity is 0, which Flee takes for no limit.", "Posada does so, too."),
    )
    for key, finding, message, cure in texts:
        reading.say_of_rows(finding, asides.get(key, []), message, cure)
    for key, wheres in asides.items():
        if key.startswith("text:"):
            name = key.removeprefix("text:")
            reading.say_of_rows("flee-note", wheres, f"'{name}' holds texts.", "Only numbers are kept as attributes.")


def read_routes(reading: Reading) -> None:
    """Read the routes, in the order of the file; several with the same ends are numbered."""
    rows = read_rows(reading, ROUTES)
    if rows is None:
        return
    header = header_of(rows, ROUTE_COLUMNS)
    extra = [cell.strip().strip('"') for cell in header.cells[ROUTE_COLUMNS:]] if header else []
    asides: dict[str, list[str]] = defaultdict(list)
    parallel: dict[frozenset[str], int] = defaultdict(int)
    for row in body(reading, rows, "name1"):
        if len(row.cells) < 3:
            message = f"the row has {len(row.cells)} cells; a route has two places and a distance."
            reading.say("ragged-row", row.where, message, "Give name1, name2 and distance.")
        elif not too_long(reading, row, ROUTE_COLUMNS + len(extra)):
            _add_route(reading, row, extra, parallel, asides)
    reading.say_of_rows(
        "flee-ignored",
        asides["flag"],
        "forced_redirection is 2, which no longer redirects anybody in Flee.",
        "Posada leaves it out.",
    )
    reading.say_of_rows(
        "flee-kept",
        asides["doubled"],
        "forced_redirection is 1, by which Flee adds the route twice and redirects nobody.",
        "Posada adds it twice as well; empty the cell if that is not meant.",
    )
    reading.say_of_rows(
        "flee-repaired", asides["loop"], "the route begins and ends in the same place.", "Posada leaves it out."
    )
    reading.say_of_rows("flee-repaired", asides["zero"], "the distance is 0.", f"Posada takes {SHORTEST_KM} km.")


def _add_route(
    reading: Reading,
    row: FleeRow,
    extra: list[str],
    parallel: dict[frozenset[str], int],
    asides: dict[str, list[str]],
) -> None:
    start, end = reading.place(row, 0, "name1"), reading.place(row, 1, "name2")
    km = reading.number(row, 2, "distance")
    flag = reading.whole(row, 3, "forced_redirection") if row.cell(3) else 0
    if start is None or end is None or km is None or flag is None:
        return
    if start == end:
        asides["loop"].append(row.where)
        return
    if km == 0:
        asides["zero"].append(row.where)
        km = SHORTEST_KM
    if flag in (1, 2):
        asides["doubled" if flag == 1 else "flag"].append(row.where)
    own = {name: index for index, name in enumerate(extra, start=ROUTE_COLUMNS) if name and row.cell(index)}
    speed = reading.number(row, own["max_move_speed"], "max_move_speed") if "max_move_speed" in own else None
    walks = reading.number(row, own["walk_probability"], "walk_probability") if "walk_probability" in own else 0.0
    for _ in range(2 if flag == 1 else 1):
        ends = frozenset((start, end))
        parallel[ends] += 1
        route = Route(
            from_place=start,
            to_place=end,
            km=km,
            mode="road",
            source=reading.source(ROUTES),
            parallel=parallel[ends],
            max_km_per_day=speed,
            walk_probability_per_day=walks or 0.0,
        )
        reading.add("routes", route, row.where)


def read_major_routes(reading: Reading, *, used: bool) -> None:
    """Read the well-known ways, which Flee uses with fixed routes only."""
    if not (reading.folder / MAJOR_ROUTES).is_file():
        return
    rows = read_rows(reading, MAJOR_ROUTES) or []
    if not used:
        message = "the file is used with fixed_routes only, which is not set."
        reading.say("flee-note", MAJOR_ROUTES, message, "Its ways are kept.")
    for row in rows:
        if row.is_comment:
            continue
        filled = [index for index, cell in enumerate(row.cells) if cell.strip()]
        if not row.cell(len(row.cells) - 1):
            message = "the row ends with an empty cell, by which Flee loses the way back."
            reading.say("flee-repaired", row.where, message, "Posada knows the way in both directions.")
        places = [reading.place(row, index, "a major route") for index in filled]
        if None not in places:
            ways = {known.way for known in reading.rows["known_routes"]}
            way = f"way-{len(ways) + 1}"
            for step, place in enumerate(places):
                reading.add("known_routes", KnownRoute(way, step, str(place), reading.source(MAJOR_ROUTES)), row.where)

"""Food insecurity, high water, who the people are, and who is there at the start."""

from __future__ import annotations

from collections import Counter

from posada.io.flee.reading import FleeRow, Reading, body, read_rows, slug
from posada.model.displacement import Condition, Demographic, Present
from posada.model.errors import nearest_hint

FOOD = "input_csv/region_attributes_IPC.csv"
WATER = "input_csv/flood_level.csv"
AGENTS = "input_csv/agents.csv"
DEFAULT = "Default"


def read_food_insecurity(reading: Reading) -> None:
    """Read the percentages of people short of food, by region and day."""
    if not (reading.folder / FOOD).is_file():
        return
    regions = {place.admin1 for place in reading.rows["places"] if place.admin1}
    rows = read_rows(reading, FOOD) or []
    header = [cell.strip() for cell in rows[0].cells] if rows else []
    for name in header[1:]:
        if name and name not in regions:
            message = f"column '{name}' is not a region of locations.csv, so Flee does not use it."
            reading.say("flee-ignored", f"{FOOD}:1", message, nearest_hint(name, [r for r in regions if r]))
    for row in rows[1:]:
        day = reading.whole(row, 0, "#Day")
        for index, name in enumerate(header):
            if index and name in regions and day is not None:
                value = reading.number(row, index, f"column '{name}'")
                date = reading.day(day)
                if value is not None and date is not None:
                    condition = Condition("food_insecurity", name, date, value, reading.source(FOOD))
                    reading.add("conditions", condition, row.where)


def read_high_water(reading: Reading, *, used: bool) -> None:
    """Read the levels of high water by place and day; a row of ours is a change."""
    if not (reading.folder / WATER).is_file():
        if used:
            message = "the file is absent, but people set out by high water."
            reading.say("missing-file", WATER, message, "Add it, or change the settings.")
        return
    if not used:
        message = "the file is read only where people set out by high water."
        reading.say("flee-note", WATER, message, "Posada leaves it out as well.")
        return
    rows = read_rows(reading, WATER) or []
    header = [cell.strip() for cell in rows[0].cells] if rows else []
    before: dict[str, float] = {}
    for number, row in enumerate(rows[1:]):
        for index, name in enumerate(header):
            if not index or not name:
                continue
            value = reading.number(row, index, f"column '{name}'")
            date = reading.day(number)
            if name not in reading.names:
                _say_unknown_column(reading, name)
            elif value is not None and date is not None and value != before.get(name, 0.0):
                condition = Condition("high_water", reading.names[name], date, value, reading.source(WATER))
                reading.add("conditions", condition, row.where)
                before[name] = value


def _say_unknown_column(reading: Reading, name: str) -> None:
    message = f"column '{name}' is not a place of locations.csv."
    if not any(finding.message == message and finding.where == f"{WATER}:1" for finding in reading.findings):
        reading.say("unknown-place", f"{WATER}:1", message, nearest_hint(name, reading.names))


def read_demographics(reading: Reading) -> None:
    """Read the files ``demographics_<attribute>.csv``: weights of the values of an attribute."""
    for path in sorted((reading.folder / "input_csv").glob("demographics_*.csv")):
        file = f"input_csv/{path.name}"
        rows = read_rows(reading, file) or []
        if rows:
            _read_demographic(reading, file, rows)
        else:
            reading.say("unreadable-file", file, "the file is empty.", "Give a header and a row for each value.")


def _read_demographic(reading: Reading, file: str, rows: list[FleeRow]) -> None:
    header = [cell.strip() for cell in rows[0].cells]
    attribute = file.rpartition("/")[2].partition(".")[0].split("_")[1]
    own = attribute
    if attribute not in header:
        own = header[0]
        message = f"no column is named '{attribute}', as the file is; Flee stops there."
        reading.say("flee-repaired", rows[0].where, message, f"Posada takes the first column, '{own}'.")
    if DEFAULT not in header:
        message = f"column '{DEFAULT}' is missing, with the weights wherever no column names the place."
        reading.say("missing-column", rows[0].where, message, "Add it.")
    for name in header:
        if name and name not in (own, DEFAULT, *reading.names):
            message = f"column '{name}' is not a place of locations.csv, so Flee does not use it."
            reading.say("flee-ignored", rows[0].where, message, nearest_hint(name, reading.names))
    for row in rows[1:]:
        value = row.cell(header.index(own))
        if not value:
            reading.say("missing-value", row.where, f"'{own}' is empty.", "Give the value, or remove the row.")
            continue
        for index, name in enumerate(header):
            if name not in (DEFAULT, *reading.names) or name == own:
                continue
            weight = reading.number(row, index, f"column '{name}'") if row.cell(index) else 0.0
            if weight is not None:
                place = None if name == DEFAULT else reading.names[name]
                record = Demographic(slug(own, "attribute"), value, weight, reading.source(file), place)
                reading.add("demographics", record, row.where)


def read_agents(reading: Reading, *, used: bool) -> None:
    """Read the people who are there at the start, one in a row; ours say how many are alike."""
    if not (reading.folder / AGENTS).is_file():
        if used:
            message = "the file is absent, but the settings ask to read it."
            reading.say("missing-file", AGENTS, message, "Add it, or change read_from_agents_csv_file.")
        return
    if not used:
        message = "the file is read only with read_from_agents_csv_file."
        reading.say("flee-note", AGENTS, message, "Posada leaves it out as well.")
        return
    rows = [row for row in read_rows(reading, AGENTS) or [] if not row.is_comment]
    header = [cell.strip() for cell in rows[0].cells] if rows else []
    alike: Counter[tuple[str, str]] = Counter()
    first: dict[tuple[str, str], str] = {}
    for row in body(reading, rows[1:], "location"):
        place = reading.place(row, 0, "location")
        if place is None:
            continue
        pairs = zip(header[1:], row.cells[1:], strict=False)
        attributes = ";".join(f"{name}={value.strip()}" for name, value in pairs if name and value.strip())
        alike[place, attributes] += 1
        first.setdefault((place, attributes), row.where)
    for (place, attributes), people in alike.items():
        record = Present(place, people, reading.source(AGENTS), attributes or None)
        reading.add("present", record, first[place, attributes])

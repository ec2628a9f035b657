"""``closures.csv``, ``conflicts.csv`` and ``location_changes.csv``: what happens on which day."""

from __future__ import annotations

from posada.io.flee.geography import LOCATION_TYPES, kind_of_type
from posada.io.flee.reading import FleeRow, Reading, body, read_rows
from posada.model.displacement import Closure, Conflict, PlaceChange
from posada.model.errors import nearest, nearest_hint

CLOSURES = "input_csv/closures.csv"
CONFLICTS = "input_csv/conflicts.csv"
LOCATION_CHANGES = "location_changes.csv"

CLOSURE_CELLS = 5
KINDS = {"country": "country", "location": "place", "link": "route", "camp": "camp", "idpcamp": "idp_camp"}
WITHOUT_EFFECT = "remove_forced_redirection"
NO_CONFLICT = 1e-6
"""Flee takes an intensity for no conflict below it."""


def read_closures(reading: Reading) -> None:
    """Read what closes, as days since the start; a number below zero is never."""
    if not (reading.folder / CLOSURES).is_file():
        message = "the file is absent, at which Flee stops."
        reading.say("flee-repaired", CLOSURES, message, "Posada takes it that nothing closes.")
        return
    seen: dict[Closure, str] = {}
    ignored = []
    for row in body(reading, read_rows(reading, CLOSURES) or [], "closure_type"):
        if len(row.cells) < CLOSURE_CELLS:
            message = f"the row has {len(row.cells)} cells; a closure has {CLOSURE_CELLS}."
            reading.say("ragged-row", row.where, message, "Give type, name1, name2, first and last day; -1 is never.")
            continue
        if row.cell(0) == WITHOUT_EFFECT:
            ignored.append(row.where)
            continue
        closure = _closure(reading, row)
        if closure is None:
            continue
        if closure in seen:
            message = f"the closure stands in {seen[closure]} already."
            reading.say("flee-repaired", row.where, message, "Posada takes it once.")
            continue
        seen[closure] = row.where
        reading.add("closures", closure, row.where)
    message = f"'{WITHOUT_EFFECT}' switches a flag that no longer does anything in Flee."
    reading.say_of_rows("flee-ignored", ignored, message, "Posada leaves it out.")


def _closure(reading: Reading, row: FleeRow) -> Closure | None:
    type_ = row.cell(0)
    if type_ not in KINDS:
        cure = f"Flee ignores the row. {nearest_hint(type_, (*KINDS, WITHOUT_EFFECT))}"
        reading.say("unknown-option", row.where, f"'{type_}' is not a type of closure.", cure)
        return None
    if type_ != row.cells[0]:
        message = f"blanks stand around '{type_}', so that Flee ignores the row."
        reading.say("flee-repaired", row.where, message, "Posada reads it without them.")
    days = [reading.whole(row, index, what) for index, what in ((3, "closure_start"), (4, "closure_end"))]
    if None in days:
        return None
    first: str | None = row.cell(1)
    second: str | None = row.cell(2) or None
    if type_ == "country" and _closes_nothing(reading, row):
        return None
    if type_ != "country":
        first = reading.place(row, 1, "name1")
        second = reading.place(row, 2, "name2") if type_ == "link" else None
        if first is None or (type_ == "link" and second is None):
            return None
    if type_ == "link":
        cure = 'Posada does nothing either with semantics = "flee", and closes the route with "posada".'
        reading.say("flee-kept", row.where, "closures of type 'link' have no effect in Flee.", cure)
    closes, reopens = (reading.day(day) if day is not None else None for day in days)
    return Closure(KINDS[type_], str(first), reading.source(CLOSURES), second, closes, reopens)


def _closes_nothing(reading: Reading, row: FleeRow) -> bool:
    """Tell whether a closure is of a country that has no place here and is like none that has, and say so."""
    countries = {place.country for place in reading.rows["places"]}
    for index in (1, 2):
        name = row.cell(index)
        if countries and name not in countries and not (name and nearest(name, countries)):
            message = f"'{name}' has no place in locations.csv" if name else f"name{index} is empty"
            reading.say("flee-ignored", row.where, f"{message}, so that nothing closes.", "Posada leaves it out.")
            return True
    return False


def read_conflicts(reading: Reading, from_start: list[str]) -> None:
    """Read the intensity of conflict by day and place; a row of ours is a change.

    ``from_start`` holds the names of places that locations.csv has in conflict from the first day.
    """
    rows = read_rows(reading, CONFLICTS)
    if not rows:
        if rows is not None:
            reading.say("unreadable-file", CONFLICTS, "the file is empty.", "It begins with a header of places.")
        return
    columns = [rows[0].cell(index) for index in range(len(rows[0].cells))]
    if not _header_is_good(reading, rows[0], columns):
        return
    table: dict[str, list[float]] = {name: [] for name in columns[1:] if name}
    wheres = []
    comments = [row for row in rows[1:] if row.is_comment and not row.cell(1)]
    message = "a comment stands between the days, which Flee takes for a day."
    reading.say_of_rows("flee-repaired", [row.where for row in comments], message, "Posada passes it over.")
    days = [row for row in rows[1:] if row not in comments]
    for number, row in enumerate(days):
        if row.cell(0) != str(number):
            _say_other_day(reading, row, number)
        values = _intensities(reading, row, columns)
        if values is None:
            return
        for name, value in values.items():
            table[name].append(value)
        wheres.append(row.where)
    if len(wheres) < reading.days:
        message = f"the file has {len(wheres)} days, the period {reading.days}; Flee stops on day {len(wheres)}."
        reading.say("flee-repaired", CONFLICTS, message, "Posada lets the last day of the file hold to the end.")
    _add_conflicts(reading, table, wheres)
    for name in from_start:
        if table.get(name) and table[name][0] < NO_CONFLICT:
            message = f"'{name}' is without conflict on day 0, but locations.csv has it in conflict from the start."
            reading.say("flee-kept", wheres[0], message, "It is in conflict, as in Flee; give it a conflict_date.")


def _say_other_day(reading: Reading, row: FleeRow, number: int) -> None:
    """Say it once in a file that a row is not of the day that it names."""
    message = f"the row is of day {number}, whatever its first cell ('{row.cell(0)}') says: Flee counts rows."
    if not any(finding.message.endswith("Flee counts rows.") for finding in reading.findings):
        reading.say("flee-kept", row.where, message, "So does Posada.")


def _header_is_good(reading: Reading, header: FleeRow, columns: list[str]) -> bool:
    seen = set()
    for name in columns[1:]:
        if name and name in seen:
            message = f"column '{name}' stands twice; Flee would mix the days of the two."
            reading.say("duplicate-column", header.where, message, "Keep one of the two.")
            return False
        seen.add(name)
    return True


def _intensities(reading: Reading, row: FleeRow, columns: list[str]) -> dict[str, float] | None:
    """Return the intensities of a row by place; ``None`` when it does not fit the header."""
    named = [index for index, name in enumerate(columns) if index and name]
    beyond = [row.cell(index) for index in range(1, len(row.cells)) if index >= len(columns) or not columns[index]]
    if any(beyond) or (named and len(row.cells) <= named[-1]):
        message = f"the row has {len(row.cells)} cells, but {len(named)} places stand in the header."
        reading.say("ragged-row", row.where, message, "Give one intensity for each place; from here days would shift.")
        return None
    values = {}
    for index in named:
        value = reading.number(row, index, f"column '{columns[index]}'")
        if value is None:
            return None
        if not 0 <= value <= 1:
            message = f"the intensity of conflict in '{columns[index]}' is {value:g}."
            reading.say("out-of-bounds", row.where, message, "It must be between 0 and 1.")
            return None
        values[columns[index]] = value if value > NO_CONFLICT else 0.0
    return values


def _add_conflicts(reading: Reading, table: dict[str, list[float]], wheres: list[str]) -> None:
    source = reading.source(CONFLICTS)
    for name, values in table.items():
        if name not in reading.names:
            header = f"{CONFLICTS}:1"
            message = f"column '{name}' is not a place of locations.csv."
            if any(values):
                reading.say("unknown-place", header, message, nearest_hint(name, reading.names))
            else:
                reading.say("flee-ignored", header, message, "It never has a conflict, so nothing is lost.")
            continue
        before = 0.0
        for number, value in enumerate(values[: reading.days]):
            day = reading.day(number)
            if value != before and day is not None:
                reading.add("conflicts", Conflict(reading.names[name], day, value, source), wheres[number])
            before = value


def read_location_changes(reading: Reading) -> None:
    """Read the places that change their type; Flee looks for the file where it is started."""
    file = next((f for f in (LOCATION_CHANGES, f"input_csv/{LOCATION_CHANGES}") if (reading.folder / f).is_file()), "")
    if not file:
        return
    message = "Flee reads the file from the folder in which it is started."
    reading.say("flee-kept", file, message, "Posada reads it from here.")
    for row in body(reading, read_rows(reading, file) or [], "name"):
        if len(row.cells) < 3:
            message = f"the row has {len(row.cells)} cells; a change has a place, a type and a day."
            reading.say("ragged-row", row.where, message, "Give name, new type and day.")
            continue
        place, day = reading.place(row, 0, "name"), reading.whole(row, 2, "day")
        kind = kind_of_type(row.cell(1))
        if kind is None:
            message = f"'{row.cell(1)}' is not a type of place."
            reading.say("unknown-option", row.where, message, nearest_hint(row.cell(1), LOCATION_TYPES))
        elif place is not None and day is not None:
            date = reading.day(day)
            if date is not None:
                reading.add("place_changes", PlaceChange(place, date, kind, reading.source(file)), row.where)

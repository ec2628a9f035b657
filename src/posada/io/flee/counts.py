"""``source_data``: the registrations of each camp, and the days on which they were counted anew."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise

from posada.io.flee.reading import FleeRow, Reading, file_of_name, near_file, read_rows, slug
from posada.model.displacement import Correction
from posada.model.errors import nearest_hint
from posada.model.geography import CAMP_KINDS
from posada.model.statements import REGISTERED, Report

LAYOUT = "source_data/data_layout.csv"
CORRECTIONS = "input_csv/registration_corrections.csv"
TOTAL = "total"
HEADERS_OF_FLEE = ("", "DateTime", "Date")
"""First cells by which Flee takes the first row of a series for a header."""

NOT_KNOWN = ("na", "n/a", "nan", "null", "none", "-")
"""How programs and people write that there is no figure, in small letters."""


@dataclass(frozen=True, slots=True)
class Count:
    """People registered on a day, and the row and file that say so."""

    date: dt.date
    people: float
    where: str

    @property
    def file(self) -> str:
        """The file of the row."""
        return self.where.rpartition(":")[0]


@dataclass
class Series:
    """The counts of a row of ``data_layout.csv``; neither place nor series for that of all camps together."""

    where: str
    place: str | None
    series: str | None
    counts: list[Count]
    files: tuple[str, ...] = ()


def read_counts(reading: Reading, *, needed: bool) -> None:
    """Read the registrations and their corrections.

    ``needed`` tells whether people set out as registrations rise, so that there is no run without them.
    """
    if not (reading.folder / LAYOUT).is_file():
        finding = "missing-file" if needed else "flee-repaired"
        cure = "Add it: a row 'total,refugees.csv', and one for each camp." if needed else "Posada needs none of it."
        reading.say(finding, LAYOUT, "the file is absent, at which Flee stops.", cure)
        return
    by_name: dict[str, Series] = {}
    rows = [row for row in read_rows(reading, LAYOUT) or [] if not row.is_comment]
    if rows and _is_header(reading, rows[0]):
        message = f"the header does not begin with '#', so that Flee takes '{rows[0].cell(0)}' for a series."
        reading.say("flee-repaired", rows[0].where, message, "Posada takes the row for a header.")
        rows = rows[1:]
    if rows and rows[0].cell(0) in reading.names:
        message = f"the first row is '{rows[0].cell(0)}', not the total, so that Flee leaves it out of its sums."
        reading.say("flee-repaired", rows[0].where, message, "Posada counts it as the other camps.")
    for number, row in enumerate(rows):
        name = row.cell(0)
        if len([cell for cell in row.cells if cell.strip()]) < 2:
            message = f"'{row.cell(0)}' has no file, so Flee passes the row over."
            reading.say("flee-ignored", row.where, message, "Name its file after a comma.")
        elif name in by_name and row.cells[1:] == by_name[name].files:
            message = f"'{name}' stands in {by_name[name].where} already, with the same files; Flee counts it twice."
            reading.say("flee-repaired", row.where, message, "Posada counts it once.")
        elif name in by_name:
            message = f"'{name}' stands in {by_name[name].where} already; Flee counts the first one twice."
            reading.say("duplicate-id", row.where, message, "Keep one of the two.")
        else:
            by_name[name] = _series(reading, row, number)
    _read_corrections(reading, by_name)
    for series in by_name.values():
        _add_reports(reading, series)
    _say_camps_without_series(reading, by_name)


def _is_header(reading: Reading, row: FleeRow) -> bool:
    """Tell whether the first row names columns: its second cell is no file, and no name of one."""
    second = row.cell(1)
    if row.cell(0).casefold() == TOTAL or row.cell(0) in reading.names:
        return False
    return bool(second) and "." not in second and file_of_name(reading.folder / "source_data", second) is None


def _series(reading: Reading, row: FleeRow, number: int) -> Series:
    name = row.cell(0)
    is_total = (number == 0 and name not in reading.names) or (name == TOTAL and name not in reading.names)
    place = None if is_total else reading.names.get(name)
    other = None if is_total or place is not None else reading.identifier("series", name)
    if place is not None and row.cells[0] != reading.spelled[name]:
        message = f"'{row.cells[0]}' and '{reading.spelled[name]}' in locations.csv differ in blanks."
        reading.say("flee-repaired", row.where, message, "Flee does not find it; Posada reads both without blanks.")
    if other is not None:
        message = f"'{name}' is not a place of locations.csv; Flee counts it in its sums all the same."
        reading.say("flee-kept", row.where, message, f"So does Posada. {nearest_hint(name, reading.names)}")
    files = [cell.strip() for cell in row.cells[1:] if cell.strip()]
    tables = [_read_series(reading, row, file) for file in files]
    counts = tables[0]
    for file, table in zip(files[1:], tables[1:], strict=True):
        if [count.date for count in counts] != [count.date for count in table] and counts and table:
            message = f"'{file}' has other days than the files before it; Flee adds them by the last figure known."
            reading.say(
                "flee-kept", row.where, message, "So does Posada; it is exact only where the days are the same."
            )
        counts = add_series(counts, table)
    return Series(row.where, place, other, counts, row.cells[1:])


def _read_series(reading: Reading, layout: FleeRow, name: str) -> list[Count]:
    file = _file_of_series(reading, layout, name)
    rows = read_rows(reading, file) if file else None
    if rows is None:
        return []
    counts: list[Count] = []
    unknown: list[str] = []
    for number, row in enumerate(rows):
        if row.is_comment or len(row.cells) < 2 or (number == 0 and row.cell(0) in HEADERS_OF_FLEE):
            continue
        if number == 0 and not any(letter.isdigit() for letter in row.cell(0)):
            message = f"the file begins with a header ('{row.cell(0)}') that Flee does not know, at which it stops."
            reading.say("flee-repaired", row.where, message, "Posada passes it over; Flee knows 'Date'.")
        elif row.cell(1).casefold() in NOT_KNOWN:
            unknown.append(row.where)
        elif row.cell(1):
            date, people = reading.date(row, 0, "the date"), reading.whole(row, 1, "the count")
            if people is not None and people < 0:
                message = f"{people} people are registered."
                reading.say("out-of-bounds", row.where, message, "It must be at least 0 (people).")
            elif date is not None and people is not None:
                counts.append(Count(date, float(people), row.where))
    message = "the count is said to be unknown, at which Flee stops."
    reading.say_of_rows("flee-repaired", unknown, message, "Posada passes the row over, as one without a count.")
    if not rows:
        reading.say("unreadable-file", file, "the file is empty, at which Flee stops.", "Give a date and a count.")
    elif not counts and not any(f.where.startswith(f"{file}:") for f in reading.findings):
        reading.say("missing-value", file, "the file has no count.", "Give a date and a count in each row.")
    return _in_order(reading, counts)


def _file_of_series(reading: Reading, layout: FleeRow, name: str) -> str:
    """Return the file of a series as the folder has it; empty when it has none."""
    found = file_of_name(reading.folder / "source_data", name)
    if found is None:
        message = f"'{name}' of '{layout.cell(0)}' is not in source_data."
        reading.say("missing-file", layout.where, message, near_file(reading.folder / "source_data", name))
        return ""
    if found.name.casefold() != name.casefold() or found.name == name:
        return f"source_data/{name}"
    message = f"'{name}' of '{layout.cell(0)}' is called '{found.name}' in source_data, where only Windows finds it."
    reading.say("flee-repaired", layout.where, message, "Posada reads it.")
    return f"source_data/{found.name}"


def _in_order(reading: Reading, counts: list[Count]) -> list[Count]:
    """Return counts in the order of their days, and say which were not."""
    late = [after.where for before, after in pairwise(counts) if after.date < before.date]
    cure = "Flee misreads what follows; Posada puts the rows in order."
    reading.say_of_rows("flee-repaired", late, "the day is before that of the row above it.", cure)
    ordered = sorted(counts, key=lambda count: count.date)
    twice = [
        after.where
        for before, after in pairwise(ordered)
        if after.date == before.date and after.people != before.people
    ]
    cure = "From the day on the later row holds, before it the earlier one, as in Flee."
    reading.say_of_rows("flee-kept", twice, "the day has another count already.", cure)
    return ordered


def add_series(first: list[Count], second: list[Count]) -> list[Count]:
    """Add two series as Flee does: by the figure of the second that was known last.

    The days of the first series after the end of the second are lost. A figure of the second series between two
    days of the first is added to the later one of them.
    """
    if not first or not second:
        return first or second
    added: list[Count] = []
    at, known = 0, 0.0
    for count in second:
        while count.date > first[at].date:
            added.append(Count(first[at].date, first[at].people + known, first[at].where))
            if at == len(first) - 1:
                break
            at += 1
        if count.date <= first[at].date:
            added.append(Count(count.date, first[at].people + count.people, count.where))
            known = count.people
            if count.date == first[at].date and at < len(first) - 1:
                at += 1
    return added


def _read_corrections(reading: Reading, by_name: dict[str, Series]) -> None:
    if not (reading.folder / CORRECTIONS).is_file():
        return
    comments = []
    seen: set[tuple[str, dt.date]] = set()
    for row in read_rows(reading, CORRECTIONS) or []:
        if row.is_comment:
            comments.append(row.where)
            continue
        if len(row.cells) < 2:
            reading.say("flee-ignored", row.where, "the row has no date, so Flee passes it over.", "Give the date.")
            continue
        date = reading.date(row, 1, "the date")
        series = by_name.get(row.cell(0))
        if series is None:
            message = f"'{row.cell(0)}' has no row in data_layout.csv, at which Flee stops."
            reading.say("unknown-place", row.where, message, nearest_hint(row.cell(0), by_name))
        elif date is not None and series.place is None:
            message = f"'{row.cell(0)}' is no place, so its counts are scaled while they are read."
            reading.say("flee-kept", row.where, message, "The scenario holds the scaled counts.")
            _scale(series, date)
        elif date is not None and (series.place, date) not in seen:
            seen.add((str(series.place), date))
            reading.add("corrections", Correction(str(series.place), date, reading.source(CORRECTIONS)), row.where)
    message = "the row is a comment, at which Flee stops."
    reading.say_of_rows("flee-repaired", comments, message, "Posada passes it over.")


def _scale(series: Series, date: dt.date) -> None:
    """Scale what stands before a day so that it leads up to the count of the day."""
    for index, count in enumerate(series.counts):
        if index and count.date == date and series.counts[index - 1].people >= 1:
            factor = count.people / series.counts[index - 1].people
            before = [Count(row.date, row.people * factor, row.where) for row in series.counts[:index]]
            series.counts = [*before, *series.counts[index:]]


def _add_reports(reading: Reading, series: Series) -> None:
    name = series.place or series.series or TOTAL
    for count in series.counts:
        report = Report(
            id=reading.identifier("report", f"registered-{slug(name, TOTAL)}-{count.date.isoformat()}"),
            published=count.date,
            event_date=count.date,
            kind=REGISTERED,
            unit="people",
            speaker_role="un",
            on_record=True,
            source=reading.source(count.file),
            place=series.place,
            series=series.series,
            value=count.people,
        )
        reading.add("reports", report, count.where)


def _say_camps_without_series(reading: Reading, by_name: dict[str, Series]) -> None:
    counted = {series.place for series in by_name.values()}
    others = [name for name, series in by_name.items() if series.place is None and series.series is not None]
    for index, place in enumerate(reading.rows["places"]):
        if place.kind in CAMP_KINDS and place.id not in counted:
            hint = nearest_hint(place.name, others) if others else ""
            cure = f"Add '{place.name}' to data_layout.csv. {hint}".strip()
            message = f"camp '{place.name}' has no row in data_layout.csv, at which Flee stops."
            reading.say("missing-series", reading.positions["places", index], message, cure)

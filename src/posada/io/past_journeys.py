"""Folders of past journeys: their reports, and what was read from them, as tables.

``journeys.csv`` lists the journeys, ``readings.csv`` what was read of each, ``reports_*.csv`` the reports; where
formulas name roads and residents there are ``roads.csv`` and ``places.csv``, and ``apart.csv`` says which days no
report may be about or come from, because what happened then is kept apart.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from posada.io.demand_table import parse_date, parse_name, read_rows
from posada.io.reading_formulas import Formulas
from posada.model.errors import InputFileError, InvalidValueError, nearest_hint
from posada.model.fields import parse_decimal
from posada.model.past_journeys import (
    DESTINATION,
    HANDLED,
    PROCEDURE,
    PastJourney,
    PastJourneys,
    Reading,
    ReportFile,
)
from posada.model.rates import RATES

READINGS = "readings.csv"
_JOURNEYS = "journeys.csv"
_PREFIX = "reports_"
_READING_COLUMNS = ("rate", "journey", "counted_as", "value", "trials", "reports", "how")
_READING_NEEDED = ("rate", "journey", "value", "how")
_JOURNEY_COLUMNS = ("id", "what", "handling", "handled")
_REPORT_NEEDED = ("report_id", "published", "event_date", "value", "value_low", "value_high")
_REPORT_COLUMNS = (
    *("report_id", "published", "event_date", "place_id", "kind", "value", "value_low", "value_high", "unit"),
    *("site_type", "speaker_role", "on_record", "source_title", "source_url", "note"),
)
_PLACE_COLUMNS = ("id", "name", "state", "country", "lat", "lon", "population", "coord_source")
_ROAD_COLUMNS = ("place_a", "place_b", "km", "mode", "source")
_APART_COLUMNS = ("what", "first", "last")

Row = tuple[str, Mapping[str, str]]


def is_past_journeys(path: Path) -> bool:
    """Tell whether a folder is one of past journeys."""
    return (path / READINGS).is_file()


def read_past_journeys(folders: Sequence[Path]) -> PastJourneys:
    """Read folders of past journeys, computing every reading.

    Raises
    ------
    InputFileError
        With file and line and the nearest known name, when a folder is not one of past journeys, a table lacks or has
        a column too much, a cell is not what it should be, a formula has no value or uses what is kept apart, or a
        journey or report stands twice.
    """
    read = [_read_folder(folder) for folder in folders]
    for what, seen in (
        ("journey", [row.id for one in read for row in one.journeys]),
        ("report", [id_ for one in read for id_ in one.source_of]),
        ("file of reports", [row.source for one in read for row in one.files]),
    ):
        twice = next((name for at, name in enumerate(seen) if name in seen[:at]), None)
        if twice is not None:
            raise InputFileError(f"the {what} '{twice}' is in two of the folders. Name each folder once.")
    return PastJourneys(
        journeys=tuple(row for one in read for row in one.journeys),
        readings=tuple(row for one in read for row in one.readings),
        files=tuple(row for one in read for row in one.files),
        source_of={id_: source for one in read for id_, source in one.source_of.items()},
    )


def _read_folder(folder: Path) -> PastJourneys:
    for name in (_JOURNEYS, READINGS):
        if not (folder / name).is_file():
            raise InputFileError(f"'{folder}' has no {name}, so it is no folder of past journeys.")
    journeys = tuple(_journeys(folder))
    told = _Told()
    for path in sorted(folder.glob(f"{_PREFIX}*.csv")):
        told.take(path, _days_apart(folder))
    formulas = Formulas(told.figures, told.apart, dict(_residents(folder)), list(_roads(folder)))
    names = [row.id for row in journeys]
    readings = tuple(_reading(row, names, told, formulas) for row in _rows(folder / READINGS, _READING_COLUMNS))
    files = tuple(file for _, file in sorted(told.files, key=lambda row: row[0]))
    return PastJourneys(journeys, readings, files, told.source_of)


def _rows(path: Path, columns: tuple[str, ...]) -> list[Row]:
    needed: tuple[str, ...] = columns if path.name == _JOURNEYS else ()
    if path.name == READINGS:
        needed = _READING_NEEDED
    elif path.name.startswith(_PREFIX):
        needed = _REPORT_NEEDED
    return [(f"{path.parent / where}", row) for where, row in read_rows(path, columns, needed)]


def _optional(path: Path, columns: tuple[str, ...]) -> list[Row]:
    return _rows(path, columns) if path.is_file() else []


def _journeys(folder: Path) -> Iterator[PastJourney]:
    seen: set[str] = set()
    for where, row in _rows(folder / _JOURNEYS, _JOURNEY_COLUMNS):
        if row["id"] in seen:
            raise InputFileError(f"{where}: the journey '{row['id']}' stands twice.")
        seen.add(row["id"])
        handled = parse_name(row.get("handled", ""), "handled", HANDLED, where)
        yield PastJourney(row["id"], row.get("what", ""), row.get("handling", ""), handled)


def _days_apart(folder: Path) -> list[tuple[str, dt.date, dt.date]]:
    return [
        (
            row.get("what", ""),
            parse_date(row.get("first", ""), "first", where),
            parse_date(row.get("last", ""), "last", where),
        )
        for where, row in _optional(folder / "apart.csv", _APART_COLUMNS)
    ]


def _residents(folder: Path) -> Iterator[tuple[str, float | None]]:
    for where, row in _optional(folder / "places.csv", _PLACE_COLUMNS):
        yield row.get("id", ""), _number(row, "population", where) if row.get("population") else None


def _roads(folder: Path) -> Iterator[tuple[str, str, float]]:
    for where, row in _optional(folder / "roads.csv", _ROAD_COLUMNS):
        if row.get("mode") == "road":
            yield row["place_a"], row["place_b"], _number(row, "km", where)


def _number(row: Mapping[str, str], column: str, where: str) -> float:
    try:
        return parse_decimal(row.get(column, ""))
    except ValueError:
        raise InputFileError(f"{where}: '{row.get(column, '')}' in '{column}' is not a number.") from None


@dataclass
class _Told:
    """The reports of a folder, as far as they may be used, and why others may not."""

    figures: dict[str, float] = field(default_factory=dict)
    source_of: dict[str, str] = field(default_factory=dict)
    apart: dict[str, str] = field(default_factory=dict)
    files: list[tuple[dt.date, ReportFile]] = field(default_factory=list)

    def take(self, path: Path, days_apart: Sequence[tuple[str, dt.date, dt.date]]) -> None:
        """Take the reports of a file; those of days that are kept apart with the reason only."""
        source = f"other_{path.stem.removeprefix(_PREFIX)}"
        published = []
        for where, row in _rows(path, _REPORT_COLUMNS):
            id_ = row["report_id"]
            name = id_.replace("-", "_")
            if id_ in self.source_of or name in self.apart:
                raise InputFileError(f"{where}: the report '{id_}' stands twice.")
            days = [parse_date(row.get(column, ""), column, where) for column in ("published", "event_date")]
            what = next((what for what, first, last in days_apart for day in days if first <= day <= last), None)
            if what is not None:
                self.apart[name] = f"report {id_} is of {what}, which is kept apart."
                continue
            published.append(days[0])
            self.source_of[id_] = source
            for column, ending in (("value", ""), ("value_low", "_low"), ("value_high", "_high")):
                if row.get(column):
                    self.figures[name + ending] = _number(row, column, where)
        if published:
            self.files.append((min(published), ReportFile(source, path.name, max(published))))


def _reading(found: Row, journeys: Sequence[str], told: _Told, formulas: Formulas) -> Reading:
    where, row = found
    rate = row.get("rate", "")
    if rate not in RATES and not rate.startswith((PROCEDURE, DESTINATION)):
        raise InputFileError(
            f"{where}: '{rate}' is neither a rate nor '{PROCEDURE}TRANSITION' or '{DESTINATION}PLACE'. "
            f"{nearest_hint(rate, RATES)}"
        )
    journey = parse_name(row.get("journey", ""), "journey", journeys, where)
    named = tuple(part.strip() for part in row.get("reports", "").split(";") if part.strip())
    for id_ in named:
        name = id_.replace("-", "_")
        if name in told.apart:
            raise InputFileError(f"{where}: {told.apart[name]}")
        parse_name(id_, "reports", told.source_of, where)
    formula = row.get("value", "")
    try:
        value, used = formulas.evaluate(formula)
    except InvalidValueError as fault:
        raise InputFileError(f"{where}: {fault}") from None
    trials = _number(row, "trials", where) if row.get("trials") else None
    _check_bounds(rate, value, trials, where)
    ids = tuple(dict.fromkeys((*used, *named)))
    if not ids:
        raise InputFileError(f"{where}: the reading '{formula}' of {rate} names no report. Name one in 'reports'.")
    return Reading(
        rate,
        journey,
        row.get("counted_as") or journey,
        value,
        trials,
        report_ids=ids,
        formula=formula,
        how=row.get("how", ""),
        where=where,
    )


def _check_bounds(rate: str, value: float, trials: float | None, where: str) -> None:
    if trials is not None:
        if RATES.get(rate) is None or RATES[rate].distribution != "beta":
            raise InputFileError(f"{where}: {rate} is no share, so it has no successes among trials. Empty 'trials'.")
        if not 0 <= value <= trials or trials <= 0:
            raise InputFileError(f"{where}: {value:g} of {trials:g} is no count of successes among trials.")
    elif rate in RATES:
        known = RATES[rate]
        low, high = known.bounds
        if not low <= value <= high or (known.distribution == "lognormal" and value <= 0):
            raise InputFileError(f"{where}: {rate} is {value:g}. It must lie between {low:g} and {high:g}.")
    elif value < 0:
        raise InputFileError(f"{where}: {rate} is {value:g}. It must be 0 or more.")

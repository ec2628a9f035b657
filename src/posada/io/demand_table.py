"""Demand written by hand: a CSV table with one row per scenario, night, town and need class.

Columns: ``date`` (night), ``place``, ``class`` (one of :data:`posada.model.demand.DEMAND_CLASSES`) and ``people`` are
needed. ``onward`` of the people move on the next morning, to ``next``, where they sleep from the night of ``arrives``
on; without ``arrives`` that is the night after ``date``. With one scenario ``scenario`` and ``weight`` may be left out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from posada.io.csvtext import read_csv
from posada.io.rawtables import ragged
from posada.model.demand import DEMAND_CLASSES, DemandScenarios, joined_legs
from posada.model.errors import InputFileError, nearest_hint
from posada.model.scenario import Scenario

NEEDED = ("date", "place", "class", "people")
COLUMNS = ("scenario", "weight", *NEEDED, "onward", "next", "arrives")


def read_demand(path: str | Path, scenario: Scenario) -> DemandScenarios:
    """Return the demand of a table; places are those of the scenario.

    Raises
    ------
    InputFileError
        With file and line, when a column is unknown or missing or a cell is not what it should be; of an unknown
        name with the nearest one.
    """
    rows = read_rows(Path(path), COLUMNS, NEEDED)
    places = {place.id: index for index, place in enumerate(scenario.places)}
    dates = [_date(row, "date", where) for where, row in rows]
    if not rows:
        raise InputFileError(f"'{path}' has no row. Give at least one night.")
    arrivals = [_date(row, "arrives", where) if row.get("arrives") else None for where, row in rows]
    first = min(dates)
    last = max([*dates, *(day for day in arrivals if day is not None)])
    span = tuple(first + dt.timedelta(days=index) for index in range((last - first).days + 1))
    names = list(dict.fromkeys(row.get("scenario") or "1" for _, row in rows))
    people = np.zeros((len(names), len(span), len(places), len(DEMAND_CLASSES)))
    parts: dict[tuple[int, int, int, int, int], list[float]] = {}
    for (where, row), date, arrives in zip(rows, dates, arrivals, strict=True):
        at = (names.index(row.get("scenario") or "1"), (date - first).days, _known(places, row, "place", where))
        need = _known({name: index for index, name in enumerate(DEMAND_CLASSES)}, row, "class", where)
        people[(*at, need)] += _number(row, "people", where)
        if row.get("onward"):
            target = _known(places, row, "next", where)
            day = (date - first).days + 1 if arrives is None else (arrives - first).days
            key = (at[0], at[1] + 1, at[2], target, day)
            parts.setdefault(key, [0.0] * len(DEMAND_CLASSES))[need] += _number(row, "onward", where)
    inside = [(*key, tuple(value)) for key, value in parts.items() if key[1] < len(span)]
    return DemandScenarios(
        span,
        tuple(places),
        _weights(rows, names),
        people,
        joined_legs(inside),
        tuple(names),
        f"table {Path(path).name}",
    )


def read_rows(path: Path, columns: tuple[str, ...], needed: tuple[str, ...]) -> list[tuple[str, dict[str, str]]]:
    """Return the rows of a CSV file by column, each with where it stands.

    Raises
    ------
    InputFileError
        When the file cannot be read, a column is unknown, missing or there twice, or a row has cells beyond the last.
    """
    table = read_csv(path)
    if table.findings:
        fault = table.findings[0]
        where = f"'{path}'" if fault.where == path.name else fault.where
        raise InputFileError(f"{where}: {fault.message} {fault.cure}".strip())
    if table.header is None:
        raise InputFileError(f"'{path}' is empty. Its first row must name the columns: {', '.join(columns)}.")
    header = [cell.strip() for cell in table.header.cells]
    while header and not header[-1]:
        header.pop()
    _check_header(header, table.header.where, columns, needed)
    for row in table.rows:
        cut = ragged(row, len(header))
        if cut is not None:
            raise InputFileError(f"{cut.where}: {cut.message} {cut.cure}")
    return [(row.where, dict(zip(header, (c.strip() for c in row.cells), strict=False))) for row in table.rows]


def _check_header(header: list[str], where: str, columns: tuple[str, ...], needed: tuple[str, ...]) -> None:
    if len(header) == 1 and any(sign in header[0] for sign in ";\t"):
        shown = "semicolons" if ";" in header[0] else "tabs"
        raise InputFileError(f"{where}: the cells are parted by {shown}. Save it as CSV with commas between the cells.")
    for index, name in enumerate(header):
        if name not in columns:
            raise InputFileError(f"{where}: unknown column '{name}'. {nearest_hint(name, columns)}")
        if name in header[:index]:
            raise InputFileError(f"{where}: column '{name}' stands twice. Keep one of the two.")
    for name in needed:
        if name not in header:
            raise InputFileError(f"{where}: there is no column '{name}'. Add it.")


def _known(names: Mapping[str, int], row: Mapping[str, str], column: str, where: str) -> int:
    return names[parse_name(row.get(column, ""), column, names, where)]


def parse_name(text: str, column: str, known: Iterable[str], where: str) -> str:
    """Return a name that is known, or say where it is not, with the nearest that is."""
    names = list(known)
    if text not in names:
        raise InputFileError(f"{where}: '{text}' in '{column}' is not known. {nearest_hint(text, names)}")
    return text


def _date(row: Mapping[str, str], column: str, where: str) -> dt.date:
    return parse_date(row.get(column, ""), column, where)


def parse_date(text: str, column: str, where: str) -> dt.date:
    """Return a date, or say where there is none."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise InputFileError(f"{where}: '{text}' in '{column}' is not a date. Write YYYY-MM-DD.") from None


def _number(row: Mapping[str, str], column: str, where: str) -> float:
    text = row.get(column, "")
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number < float("inf"):
        raise InputFileError(f"{where}: '{text}' in '{column}' is not a number of people. Write 0 or more.")
    return number


def _weights(rows: list[tuple[str, dict[str, str]]], names: list[str]) -> NDArray[np.float64]:
    weights = np.full(len(names), np.nan)
    for where, row in rows:
        index = names.index(row.get("scenario") or "1")
        if row.get("weight"):
            weight = _number(row, "weight", where)
            if weights[index] == weights[index] and weights[index] != weight:
                raise InputFileError(
                    f"{where}: scenario '{names[index]}' has two weights, {weights[index]:g} and {weight:g}."
                )
            weights[index] = weight
    if np.isnan(weights).all():
        weights[:] = 1.0
    if np.isnan(weights).any() or not weights.sum() > 0:
        missing = names[int(np.flatnonzero(np.isnan(weights))[0])] if np.isnan(weights).any() else names[0]
        raise InputFileError(f"{rows[0][0]}: scenario '{missing}' has no weight. Give every scenario one, or none.")
    return np.asarray(weights / weights.sum(), np.float64)

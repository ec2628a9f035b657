"""From the rows of a forecast file to its series, when nothing in them is wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from posada.io.hub_reading import (
    Faults,
    HubTable,
    Words,
    as_day,
    as_number,
    dates_of,
    find_hub_file,
    numbers_of,
    read_hub_table,
)
from posada.model.errors import InputFileError, nearest_hint
from posada.model.forecast_file import (
    CDF,
    FILE_LEVELS,
    JOURNEY_LOCATION,
    OF_JOURNEY,
    QUANTILE,
    REQUIRED_LEVELS,
    TARGETS,
    ForecastFile,
    Series,
)

FORECAST_NAME = "hub"
"""Name, without ending, of the forecast file in a folder of results."""


def read_forecast_file(path: Path, *, locations: Collection[str] | None = None) -> ForecastFile:
    """Read a forecast file, or the one in a folder, and check every row.

    Parameters
    ----------
    path : Path
        ``.csv`` or ``.parquet``, or a folder with ``hub.parquet`` or ``hub.csv``.
    locations : collection of str, optional
        Places that may be named; any when left out.

    Raises
    ------
    InputFileError
        When there is no such file, or it has no rows.
    ScenarioError
        With a finding for each fault: unknown column, target, location, level or output type, bad date or number,
        a value below 0 or a chance above 1, two origin dates, a day before the origin date, a row twice, a level that
        is missing, quantiles that cross, chances that fall over days.
    """
    table = read_hub_table(find_hub_file(path, FORECAST_NAME))
    faults = Faults(table)
    targets, places = table.text["target"], table.text["location"]
    check_targets_and_locations(faults, targets, places, locations)
    is_cdf = _output_types(table, faults)
    origin = dates_of(table, "origin_date", faults)
    days = dates_of(table, "target_end_date", faults)
    levels = _levels(table, faults, is_cdf)
    values = numbers_of(table, "value", faults)
    words = table.text["value"]
    faults.add(
        "out-of-bounds", is_cdf & (values > 1), lambda row: (f"the chance {words.at(row)} is above 1.", "Write 0 to 1.")
    )
    _days(table, faults, origin, days)
    faults.stop_if_any()
    if not table.size:
        raise InputFileError(f"'{table.name}' has no rows, so it says nothing to score. Write the forecast anew.")
    order = np.lexsort((levels, days, places.codes, targets.codes))
    rows = _Rows(table, order, targets.codes[order], places.codes[order], days[order], levels[order], values[order])
    rows.check(faults, is_cdf[order])
    faults.stop_if_any()
    return ForecastFile(origin[0].astype(dt.date), rows.series(is_cdf[order]), rows.levels(is_cdf[order]))


def check_targets_and_locations(
    faults: Faults, targets: Words, places: Words, locations: Collection[str] | None
) -> None:
    """Add findings for targets that do not exist, and locations that do not exist or do not fit their target."""
    faults.add(
        "unknown-target",
        targets.where(lambda word: word not in TARGETS),
        lambda row: (f"unknown target '{targets.at(row)}'.", nearest_hint(targets.at(row), TARGETS)),
    )
    if locations is not None:
        known = {*locations, JOURNEY_LOCATION}
        faults.add(
            "unknown-place",
            places.where(lambda word: word not in known),
            lambda row: (f"unknown location '{places.at(row)}'.", nearest_hint(places.at(row), known)),
        )
    of_journey = targets.where(lambda word: word in TARGETS and TARGETS[word].scope == OF_JOURNEY)
    at_journey = places.where(lambda word: word == JOURNEY_LOCATION)
    known_target = targets.where(lambda word: word in TARGETS)
    faults.add(
        "unknown-place",
        known_target & (of_journey != at_journey),
        lambda row: (
            f"'{targets.at(row)}' cannot be at '{places.at(row)}'.",
            f"Targets of the whole journey, and only they, are at '{JOURNEY_LOCATION}'.",
        ),
    )
    faults.add(
        "missing-value", places.where(lambda word: word == ""), lambda _row: ("the location is empty.", "Name a place.")
    )


def _output_types(table: HubTable, faults: Faults) -> NDArray[np.bool_]:
    """Return which rows are of distribution functions, after a look at whether each is of the type of its target."""
    targets, types = table.text["target"], table.text["output_type"]
    known = targets.where(lambda word: word in TARGETS)
    is_cdf = targets.where(lambda word: word in TARGETS and TARGETS[word].output_type == CDF)
    wrong = known & ~np.where(is_cdf, types.where(lambda word: word == CDF), types.where(lambda word: word == QUANTILE))

    def say(row: int) -> tuple[str, str]:
        wanted = CDF if is_cdf[row] else QUANTILE
        return f"output_type '{types.at(row)}' of {targets.at(row)}.", f"Write '{wanted}'."

    faults.add("unknown-option", wrong, say)
    return np.asarray(is_cdf, bool)


def _levels(table: HubTable, faults: Faults, is_cdf: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the level of each quantile; 0 in rows of distribution functions, whose days are looked at instead."""
    ids, days = table.text["output_type_id"], table.text["target_end_date"]
    levels = ids.mapped(lambda word: round(as_number(word), 6), "float64")
    faults.add(
        "unknown-level",
        ~is_cdf & ~np.isin(levels, FILE_LEVELS),
        lambda row: (
            f"'{ids.at(row)}' is not a quantile level of a forecast file.",
            f"Levels are {', '.join(f'{level:g}' for level in FILE_LEVELS)}.",
        ),
    )
    id_days = ids.mapped(as_day, "datetime64[D]")
    end_days = days.mapped(as_day, "datetime64[D]")
    faults.add(
        "bad-date",
        is_cdf & ~(id_days == end_days) & ~np.isnat(end_days),
        lambda row: (
            f"output_type_id '{ids.at(row)}' is not the target_end_date {days.at(row)}.",
            "In rows of output type 'cdf' both are the day by which it has happened.",
        ),
    )
    return np.where(is_cdf, 0.0, levels)


def _days(
    table: HubTable,
    faults: Faults,
    origin: NDArray[np.datetime64],
    days: NDArray[np.datetime64],
) -> None:
    text = table.text
    if table.size:
        first = text["origin_date"].at(0)
        faults.add(
            "range-order",
            origin != origin[0],
            lambda row: (
                f"origin_date {text['origin_date'].at(row)}, but {first} above.",
                "One file has one as-of date.",
            ),
        )
    faults.add(
        "range-order",
        days < origin,
        lambda row: (
            f"target_end_date {text['target_end_date'].at(row)} is before the origin date.",
            "A forecast begins on its origin date.",
        ),
    )


class _Rows:
    """Rows sorted by target, location, day and level."""

    def __init__(
        self,
        table: HubTable,
        order: NDArray[np.int64],
        targets: NDArray[np.int64],
        places: NDArray[np.int64],
        day: NDArray[np.datetime64],
        *numbers: NDArray[np.float64],
    ) -> None:
        self.table, self.order = table, order
        self.target, self.place = targets, places
        self.day = day
        self.level, self.value = numbers
        self.new_series = np.ones(order.size, bool)
        self.new_series[1:] = (np.diff(targets) != 0) | (np.diff(places) != 0)
        self.new_day = self.new_series.copy()
        self.new_day[1:] |= self.day[1:] != self.day[:-1]
        self.again = np.zeros(order.size, bool)
        self.again[1:] = ~self.new_day[1:] & (self.level[1:] == self.level[:-1])

    def levels(self, is_cdf: NDArray[np.bool_]) -> tuple[float, ...]:
        """Return the levels that the file has: those that it must have, and others that any row has."""
        return tuple(sorted({*REQUIRED_LEVELS, *np.unique(self.level[~is_cdf]).tolist()}))

    def check(self, faults: Faults, is_cdf: NDArray[np.bool_]) -> None:
        """Add findings for rows that are there twice, levels that are missing, and quantiles or chances that fall."""

        def by_line(wrong: NDArray[np.bool_]) -> NDArray[np.bool_]:
            flags = np.zeros(self.order.size, bool)
            flags[self.order[wrong]] = True
            return flags

        name = self._name
        once = "Keep one row for each target, location, day and level."
        faults.add("duplicate-row", by_line(self.again), lambda row: (f"{name(row)} is in the file twice.", once))
        falls = np.zeros(self.order.size, bool)
        falls[1:] = np.diff(self.value) < 0
        crossed = falls & ~self.new_day & ~is_cdf
        more = "A higher level cannot have less: sort the quantiles of each day."
        faults.add("quantiles-cross", by_line(crossed), lambda row: (f"{name(row)} is below the level before.", more))
        backward = falls & ~self.new_series & is_cdf
        less = "The chance that something has happened by a day cannot fall from day to day."
        faults.add("quantiles-cross", by_line(backward), lambda row: (f"{name(row)} is below the day before.", less))
        levels = self.levels(is_cdf)
        first = np.flatnonzero(self.new_day)
        count = np.diff([*first, self.order.size]) - np.add.reduceat(self.again.astype(np.int64), first)
        lacking = np.zeros(self.order.size, bool)
        lacking[first[(count < len(levels)) & ~is_cdf[first]]] = True
        sorted_row = np.empty(self.order.size, np.int64)
        sorted_row[self.order] = np.arange(self.order.size)

        def lacks(row: int) -> tuple[str, str]:
            begin = int(sorted_row[row])
            following = np.flatnonzero(self.new_day[begin + 1 :])
            end = begin + 1 + int(following[0]) if following.size else self.order.size
            here = set(self.level[begin:end].tolist())
            missing = ", ".join(f"{level:g}" for level in levels if level not in here)
            return f"{name(row, False)} lacks the levels {missing}.", "Give each day all levels that the file has."

        faults.add("missing-level", by_line(lacking), lacks)

    def _name(self, row: int, with_id: bool = True) -> str:
        text = self.table.text
        day = text["target_end_date"].at(row)
        last = f" at {text['output_type_id'].at(row)}" if with_id else ""
        return f"{text['target'].at(row)} of {text['location'].at(row)} on {day}{last}"

    def series(self, is_cdf: NDArray[np.bool_]) -> tuple[Series, ...]:
        """Return the series that the rows are of."""
        text = self.table.text
        begins = np.flatnonzero(self.new_series)
        made = []
        for begin, end in zip(begins, [*begins[1:], self.order.size], strict=True):
            values = self.value[begin:end]
            days = self.day[begin:end][self.new_day[begin:end]]
            row = int(self.order[begin])
            shaped = values if is_cdf[begin] else values.reshape(days.size, -1)
            made.append(Series(text["target"].at(row), text["location"].at(row), days, shaped))
        return tuple(made)

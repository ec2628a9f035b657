"""Truth files: what happened, with the key columns of a forecast file.

Columns ``target, location, target_end_date, value``, and where known ``value_low, value_high, source, published``.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from pathlib import Path

import numpy as np

from posada.io.atomic import write_file, write_text
from posada.io.csvtext import format_csv
from posada.io.hub_forecast import check_targets_and_locations
from posada.io.hub_reading import Faults, HubTable, Words, as_day, dates_of, find_hub_file, numbers_of, read_hub_table
from posada.model.forecast_file import CDF, TARGETS
from posada.model.truth import Truth, TruthRow, make_truth

TRUTH_NAME = "truth"
"""Name, without ending, of the truth file in a folder."""

TRUTH_COLUMNS = ("target", "location", "target_end_date", "value")
TRUTH_OPTIONAL = ("value_low", "value_high", "source", "published")


def read_truth_file(path: Path, *, locations: Collection[str] | None = None) -> Truth:
    """Read a truth file (CSV or Parquet), or the one in a folder, and check every row.

    Parameters
    ----------
    locations : collection of str, optional
        Places that may be named; any when left out.

    Raises
    ------
    InputFileError
        When there is no such file.
    ScenarioError
        With a finding for each fault.
    """
    what = "the truth file"
    table = read_hub_table(find_hub_file(path, TRUTH_NAME), TRUTH_COLUMNS, TRUTH_OPTIONAL, what=what)
    faults = Faults(table)
    targets, places = table.text["target"], table.text["location"]
    check_targets_and_locations(faults, targets, places, locations)
    days = dates_of(table, "target_end_date", faults)
    values = numbers_of(table, "value", faults)
    low, high = (_optional_numbers(table, column, faults) for column in ("value_low", "value_high"))
    _check_values(faults, targets, values, low, high)
    _check_twice(faults, targets, places, table.text["target_end_date"])
    published = _published(table, faults)
    faults.stop_if_any(what)
    source = table.text.get("source")
    return make_truth(
        TruthRow(
            targets.at(row),
            places.at(row),
            days[row].item(),
            float(values[row]),
            float(low[row]),
            float(high[row]),
            source.at(row) if source else "",
            None if np.isnat(published[row]) else published[row].item(),
        )
        for row in range(table.size)
    )


def write_truth_file(truth: Truth, path: Path, *, overwrite: bool = False) -> None:
    """Write what happened as CSV.

    Raises
    ------
    OutputExistsError
        When the file exists and may not be overwritten.
    """
    rows = (
        (
            row.target,
            row.location,
            row.day.isoformat(),
            f"{row.value:g}" if row.value < 1e5 else f"{row.value:.0f}",
            *("" if np.isnan(value) else f"{value:.0f}" for value in (row.low, row.high)),
            row.source,
            row.published.isoformat() if row.published else "",
        )
        for row in truth.rows()
    )
    text = format_csv((*TRUTH_COLUMNS, *TRUTH_OPTIONAL), rows)
    write_file(path, partial(write_text, text=text), overwrite=overwrite)


def _optional_numbers(table: HubTable, column: str, faults: Faults) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    if column not in table.text:
        return np.full(table.size, np.nan)
    return numbers_of(table, column, faults, empty=True)


def _published(table: HubTable, faults: Faults) -> np.ndarray[tuple[int], np.dtype[np.datetime64]]:
    if "published" not in table.text:
        return np.full(table.size, np.datetime64("NaT", "D"))
    words = table.text["published"]
    wrong = words.where(lambda word: word != "" and np.isnat(as_day(word)))
    faults.add(
        "bad-date",
        wrong,
        lambda row: (f"'{words.at(row)}' in published is not a date.", "Write YYYY-MM-DD or nothing."),
    )
    return words.mapped(as_day, "datetime64[D]")


def _check_values(
    faults: Faults,
    targets: Words,
    values: np.ndarray[tuple[int], np.dtype[np.float64]],
    low: np.ndarray[tuple[int], np.dtype[np.float64]],
    high: np.ndarray[tuple[int], np.dtype[np.float64]],
) -> None:
    is_cdf = targets.where(lambda word: word in TARGETS and TARGETS[word].output_type == CDF)
    faults.add(
        "out-of-bounds",
        is_cdf & (values != 0) & (values != 1),
        lambda row: (f"{targets.at(row)} is {values[row]:g}.", "Write 1 on the day of arrival, 0 on a day before it."),
    )
    faults.add(
        "range-order",
        (low > values) | (values > high),
        lambda _row: ("value_low, value and value_high are not in order.", "Exchange them."),
    )


def _check_twice(faults: Faults, targets: Words, places: Words, days: Words) -> None:
    key = (targets.codes * len(places.words) + places.codes) * len(days.words) + days.codes
    again = np.ones(key.size, bool)
    again[np.unique(key, return_index=True)[1]] = False
    faults.add(
        "duplicate-row",
        again,
        lambda row: (
            f"{targets.at(row)} of {places.at(row)} on {days.at(row)} is told twice.",
            "Decide for one figure, and let value_low and value_high tell of the other.",
        ),
    )

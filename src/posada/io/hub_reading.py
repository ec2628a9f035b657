"""Reading forecast files: every row is checked, and what is wrong is named with its line.

All checks look at whole columns: a file has hundreds of thousands of rows. Lines are those of the CSV file; of a
Parquet file rows are counted from 1.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posada.io.csvtext import read_text
from posada.io.hub import HUB_COLUMNS
from posada.model.errors import InputFileError, ScenarioError, nearest_hint
from posada.model.findings import Finding

SHOWN_OF_A_KIND = 10
"""How many rows with one fault are listed; of the rest only the number is told."""

Bools = NDArray[np.bool_]
Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Words:
    """A column of text as numbers of its different words: ``(rows,)``, and the words."""

    codes: Codes
    words: tuple[str, ...]

    def where(self, is_so: Callable[[str], bool]) -> Bools:
        """Return in which rows the word is so."""
        flags = np.array([is_so(word) for word in self.words], bool)
        return flags[self.codes] if self.words else np.zeros(self.codes.size, bool)

    def at(self, row: int) -> str:
        """Return the word of a row."""
        return self.words[int(self.codes[row])]

    def mapped(self, make: Callable[[str], Any], dtype: str) -> NDArray[Any]:
        """Return a value for each row, made once for each different word."""
        values = np.array([make(word) for word in self.words], dtype)
        return values[self.codes] if self.words else np.zeros(self.codes.size, dtype)


@dataclass(frozen=True)
class HubTable:
    """The text of a table, a column at a time, and how its rows are called."""

    name: str
    text: dict[str, Words]
    first_line: int

    @property
    def size(self) -> int:
        """How many rows there are."""
        return next(iter(self.text.values())).codes.size

    def where(self, row: int) -> str:
        """Return file and line of a row."""
        return f"{self.name}:{row + self.first_line}"


class Faults:
    """Findings about rows, at most :data:`SHOWN_OF_A_KIND` of a kind by line."""

    def __init__(self, table: HubTable) -> None:
        self.table = table
        self.rows: list[Finding] = []

    def add(self, kind: str, wrong: Bools, say: Callable[[int], tuple[str, str]]) -> None:
        """Add findings for the rows in which something is wrong; ``say`` gives message and cure of a row."""
        found = np.flatnonzero(wrong)
        for row in found[:SHOWN_OF_A_KIND]:
            message, cure = say(int(row))
            self.rows.append(Finding(kind, self.table.where(int(row)), message, cure))
        if found.size > SHOWN_OF_A_KIND:
            rest = found.size - SHOWN_OF_A_KIND
            message = (
                f"and {rest} more rows from {self.table.where(int(found[SHOWN_OF_A_KIND]))} on with the same fault."
            )
            self.rows.append(Finding(kind, self.table.name, message, ""))

    def stop_if_any(self, what: str = "the forecast file") -> None:
        """Raise when there are findings.

        Raises
        ------
        ScenarioError
            With all of them.
        """
        if self.rows:
            raise ScenarioError(self.rows, what)


def find_hub_file(path: Path, name: str) -> Path:
    """Return a file itself, or the one called ``name`` in a folder, Parquet before CSV.

    Raises
    ------
    InputFileError
        When there is none.
    """
    if path.is_dir():
        for ending in (".parquet", ".csv"):
            if (path / f"{name}{ending}").is_file():
                return path / f"{name}{ending}"
        raise InputFileError(
            f"'{path}' has neither '{name}.parquet' nor '{name}.csv'. Name a folder with one, or a file."
        )
    if not path.is_file():
        raise InputFileError(
            f"there is no file '{path}'. Name a forecast file (.csv or .parquet) or a folder with one."
        )
    if path.suffix not in (".csv", ".parquet"):
        raise InputFileError(f"'{path.name}' ends neither in .csv nor in .parquet.")
    return path


def read_hub_table(
    path: Path,
    columns: Collection[str] = HUB_COLUMNS,
    optional: Collection[str] = (),
    *,
    what: str = "the forecast file",
) -> HubTable:
    """Return the columns of a CSV or Parquet file as text.

    Raises
    ------
    ScenarioError
        When the file cannot be read, or has columns too many or too few.
    """
    table, first_line, findings = _read_csv(path) if path.suffix == ".csv" else _read_parquet(path)
    if table is not None:
        findings += list(_column_findings(path.name, table.column_names, columns, optional))
    if findings or table is None:
        raise ScenarioError(findings, what)
    return HubTable(path.name, {name: _words(table.column(name)) for name in table.column_names}, first_line)


def _column_findings(
    name: str, found: list[str], columns: Collection[str], optional: Collection[str]
) -> Iterable[Finding]:
    known = [*columns, *optional]
    for column in dict.fromkeys(found):
        if column not in known:
            free = [candidate for candidate in known if candidate not in found]
            yield Finding(
                "unknown-column", f"{name}:1", f"unknown column '{column}'.", nearest_hint(column, free or known)
            )
        elif found.count(column) > 1:
            yield Finding("duplicate-column", f"{name}:1", f"column '{column}' stands twice.", "Keep one of the two.")
    for column in columns:
        if column not in found:
            cure = f"The columns are: {', '.join(known)}."
            yield Finding("missing-column", f"{name}:1", f"column '{column}' is missing.", cure)


def _read_csv(path: Path) -> tuple[Any, int, list[Finding]]:
    import pyarrow as pa
    import pyarrow.csv as pa_csv

    text = read_text(path)
    if isinstance(text, Finding):
        return None, 2, [text]
    findings: list[Finding] = []

    def ragged(row: Any) -> str:
        message = f"the row has {row.actual_columns} cells, the table has {row.expected_columns} columns."
        if len(findings) < SHOWN_OF_A_KIND:
            cure = "Give each row one cell per column; remove empty lines."
            findings.append(Finding("ragged-row", f"{path.name}:{row.number}", message, cure))
        return "skip"

    header = text.partition("\n")[0].rstrip("\r").replace('"', "").split(",")
    try:
        table = pa_csv.read_csv(
            io.BytesIO(text.encode()),
            read_options=pa_csv.ReadOptions(use_threads=False),
            parse_options=pa_csv.ParseOptions(ignore_empty_lines=False, invalid_row_handler=ragged),
            convert_options=pa_csv.ConvertOptions(
                column_types=dict.fromkeys(header, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid as fault:
        cure = "Save it as CSV with commas between the cells and a header."
        return None, 2, [Finding("unreadable-file", path.name, f"it is not a CSV table: {fault}.", cure)]
    return table, 2, findings


def _read_parquet(path: Path) -> tuple[Any, int, list[Finding]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path)
    except (pa.ArrowInvalid, OSError) as fault:
        first = str(fault).partition("\n")[0]
        return None, 1, [Finding("unreadable-file", path.name, f"it is not a Parquet file: {first}", "Write it anew.")]
    return table, 1, []


def _words(column: Any) -> Words:
    import pyarrow as pa
    import pyarrow.compute as pc

    whole = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
    if pa.types.is_dictionary(whole.type):
        whole = whole.dictionary_decode()
    encoded = whole.dictionary_encode()
    words = tuple("" if word is None else _as_text(word) for word in encoded.dictionary.to_pylist())
    codes = pc.fill_null(encoded.indices, len(words)).to_numpy(zero_copy_only=False).astype(np.int64)
    return Words(codes, (*words, "") if encoded.null_count else words)


def _as_text(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    return repr(value) if isinstance(value, float) else str(value)


def dates_of(table: HubTable, column: str, faults: Faults) -> NDArray[np.datetime64]:
    """Return a column as days, and add a finding for each cell that is none (not a day, ``NaT``)."""
    words = table.text[column]
    faults.add(
        "bad-date",
        words.where(lambda word: np.isnat(as_day(word))),
        lambda row: (f"'{words.at(row)}' in {column} is not a date.", "Write the day as YYYY-MM-DD."),
    )
    return words.mapped(as_day, "datetime64[D]")


def as_day(word: str) -> np.datetime64:
    """Return the day that a text of the form YYYY-MM-DD names; ``NaT`` for any other."""
    try:
        return np.datetime64(dt.date.fromisoformat(word) if len(word) == len("2018-04-03") else "NaT", "D")
    except ValueError:
        return np.datetime64("NaT", "D")


def numbers_of(table: HubTable, column: str, faults: Faults, *, empty: bool = False) -> NDArray[np.float64]:
    """Return a column as numbers of at least 0; add a finding for each cell that is none, unless it may be empty."""
    words = table.text[column]
    values = words.mapped(as_number, "float64")
    wrong = ~np.isfinite(values) & ~(words.where(lambda word: empty and word == ""))
    cure = "Write a number of at least 0; leave the row out when there is none."
    faults.add("bad-number", wrong, lambda row: (f"'{words.at(row)}' in {column} is not a number.", cure))
    below = "People and chances cannot be less than none."
    faults.add("out-of-bounds", values < 0, lambda row: (f"{column} {words.at(row)} is below 0.", below))
    return values


def as_number(word: str) -> float:
    """Return the number that a text is, ``nan`` when it is none."""
    try:
        return float(word)
    except ValueError:
        return float("nan")

"""What is collected while a Flee folder is read: rows, where each stands, and what is wrong with the files."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from posada.model.errors import nearest_hint
from posada.model.findings import Finding
from posada.model.statements import Source
from posada.model.tables import TABLES

RELIABILITY = 0.8
"""Of every file of a Flee folder: compiled with care, by others, and not verified."""
LAST_DAY = 36_500
"""Days are given as numbers; one beyond a century is meant as 'never'."""


@dataclass(frozen=True, slots=True)
class FleeRow:
    """A row of a file: where it stands (``input_csv/routes.csv:4``), and its cells as they are."""

    where: str
    cells: tuple[str, ...]

    def cell(self, index: int) -> str:
        """Return a cell without blanks around it; empty when the row ends before it."""
        return self.cells[index].strip() if index < len(self.cells) else ""

    @property
    def is_blank(self) -> bool:
        """Whether no cell holds anything."""
        return not any(cell.strip() for cell in self.cells)

    @property
    def is_comment(self) -> bool:
        """Whether Flee passes the row over, as a header or a comment."""
        return bool(self.cells) and self.cells[0].lstrip().startswith("#")


@dataclass
class Reading:
    """The state of reading a folder.

    Attributes
    ----------
    start, days : date, int
        First day and number of days; a placeholder until they are read.
    names : dict
        Identifier of each place by its name without blanks around it.
    spelled : dict
        The name of each place exactly as ``locations.csv`` has it, by the same.
    """

    folder: Path
    start: dt.date = dt.date(2000, 1, 1)
    days: int = 1
    findings: list[Finding] = field(default_factory=list)
    rows: dict[str, list[Any]] = field(default_factory=lambda: {table: [] for table in TABLES})
    positions: dict[tuple[str, int], str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    spelled: dict[str, str] = field(default_factory=dict)
    identifiers: dict[str, str] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)

    def say(self, finding: str, where: str, message: str, cure: str = "") -> None:
        """Add a finding."""
        self.findings.append(Finding(finding, where, message, cure))

    def say_of_rows(self, finding: str, wheres: list[str], message: str, cure: str = "") -> None:
        """Add one finding about several rows of a file, which names the lines of the first few."""
        if not wheres:
            return
        others = [where.rpartition(":")[2] for where in wheres[1:6]]
        more = len(wheres) - 1 - len(others)
        word = "line" if len(others) == 1 and not more else "lines"
        lines = f" ({word} {', '.join(others)}{f' and {more} more' if more else ''} as well)" if others else ""
        self.say(finding, wheres[0], f"{message.removesuffix('.')}{lines}.", cure)

    def add(self, table: str, record: Any, where: str) -> None:
        """Add a row of a table of the scenario."""
        self.positions[table, len(self.rows[table])] = where
        self.rows[table].append(record)

    def source(self, file: str) -> tuple[str, ...]:
        """Return the source that stands for an input file; it is added when it is first named."""
        if file not in self.sources:
            self.sources[file] = self.identifier("source", Path(file).stem)
            title = f"{self.folder.resolve().name}/{file}"
            record = Source(self.sources[file], "Flee scenario", title, RELIABILITY)
            self.add("sources", record, file)
        return (self.sources[file],)

    def identifier(self, what: str, name: str) -> str:
        """Return an identifier made from a name, unlike all others of its kind."""
        plain = slug(name, what)
        unique, number = plain, 1
        while f"{what}:{unique}" in self.identifiers:
            number += 1
            unique = f"{plain}-{number}"
        self.identifiers[f"{what}:{unique}"] = name
        return unique

    def day(self, number: int) -> dt.date | None:
        """Return the date of a day counted from the start; ``None`` for one that never comes."""
        return self.start + dt.timedelta(days=number) if 0 <= number <= LAST_DAY else None

    def place(self, row: FleeRow, index: int, what: str) -> str | None:
        """Return the identifier of the place that a cell names, or say that there is none."""
        name = row.cell(index)
        if name not in self.names:
            if self.names:
                message = f"'{name}' in {what} is not a place of locations.csv."
                self.say("unknown-place", row.where, message, nearest_hint(name, self.names))
            return None
        if row.cells[index] != self.spelled[name]:
            message = f"'{row.cells[index]}' in {what} and '{self.spelled[name]}' in locations.csv differ in blanks."
            self.say("flee-repaired", row.where, message, "Flee does not find it; Posada reads both without blanks.")
        return self.names[name]

    def whole(self, row: FleeRow, index: int, what: str) -> int | None:
        """Return the whole number in a cell, or say what is wrong with it."""
        text = row.cell(index)
        if re.fullmatch(r"[+-]?\d+", text):
            return int(text)
        if re.fullmatch(r"[+-]?\d+\.0*", text):
            message = f"'{text}' in {what} is written with a decimal point."
            self.say("flee-repaired", row.where, message, f"Flee stops there; Posada reads {int(float(text))}.")
            return int(float(text))
        if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+", text):
            plain = int(text.replace(",", ""))
            message = f"'{text}' in {what} is written with thousands separators."
            self.say("flee-repaired", row.where, message, f"Flee stops there; Posada reads {plain}.")
            return plain
        cure = "Write digits only, without a thousands separator."
        self.say("bad-number", row.where, f"'{text}' in {what} is not a whole number.", cure)
        return None

    def number(self, row: FleeRow, index: int, what: str) -> float | None:
        """Return the number in a cell, or say what is wrong with it."""
        text = row.cell(index)
        if re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", text):
            return float(text)
        cure = "Write digits with a decimal point and no thousands separator."
        self.say("bad-number", row.where, f"'{text}' in {what} is not a number.", cure)
        return None

    def date(self, row: FleeRow, index: int, what: str) -> dt.date | None:
        """Return the date in a cell, or say what is wrong with it."""
        text = row.cell(index)
        found = re.fullmatch(r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})([T ]00:00(:00(\.0+)?)?Z?)?", text)
        try:
            if found:
                date = dt.date(int(found[1]), int(found[3]), int(found[4]))
                if found[2] == "/" or found[5]:
                    message = f"'{text}' in {what} is not written as YYYY-MM-DD."
                    self.say("flee-repaired", row.where, message, f"Flee stops there; Posada reads {date}.")
                return date
        except ValueError:
            pass
        cure = "Write a day that exists as YYYY-MM-DD, for example 2012-02-29."
        self.say("bad-date", row.where, f"'{text}' in {what} is not a date.", cure)
        return None


def slug(name: str, otherwise: str) -> str:
    """Return a name in small letters without accents, with '-' for what an identifier cannot hold."""
    split = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(letter for letter in split if not unicodedata.combining(letter))
    kept = re.sub(r"[^a-z0-9_.]+", "-", plain).strip("-_.")
    # 'anywhere' means every place in the table of the procedure.
    return f"{kept}-1" if kept == "anywhere" else kept or otherwise


def read_rows(reading: Reading, file: str) -> list[FleeRow] | None:
    """Return the rows of a file, blank ones left out; ``None`` when it cannot be read."""
    path = reading.folder / file
    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as fault:
        reading.say("unreadable-file", file, f"it cannot be read: {fault.strerror}.", "Check that you may read it.")
        return None
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        reading.say("unreadable-file", f"{file}:{line}", "it is not UTF-8 from here on.", "Save it as UTF-8.")
        return None
    if _other_separator(reading, file, text):
        return None
    composed = unicodedata.normalize("NFC", text)
    if composed != text:
        message = "letters and their accents stand apart, by which Flee takes names that look alike for different ones."
        reading.say("flee-repaired", file, message, "Posada takes them for the same.")
    if data.startswith(b"\xef\xbb\xbf"):
        message = "the file begins with a byte-order mark, which Flee takes for part of the first cell."
        reading.say("flee-repaired", f"{file}:1", message, "Posada leaves it out.")
    rows = []
    reader = csv.reader(io.StringIO(composed, newline=""))
    begins = 1
    try:
        for cells in reader:
            rows.append(FleeRow(f"{file}:{begins}", tuple(cells)))
            begins = reader.line_num + 1
    except csv.Error as fault:
        reading.say("unreadable-file", f"{file}:{begins}", f"it is not CSV from here on: {fault}.", "Look for a quote.")
        return None
    return [row for row in rows if not row.is_blank]


def _other_separator(reading: Reading, file: str, text: str) -> bool:
    """Tell whether a file has its cells between semicolons or tabs, and say so."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    found = next((name for mark, name in ((";", "semicolons"), ("\t", "tabs")) if mark in first), "")
    if "," in text or not found:
        return False
    message = f"its cells stand between {found}, not commas, so that Flee takes a row for one cell."
    cure = "Save it as CSV with commas, and with a point in numbers."
    reading.say("unreadable-file", f"{file}:1", message, cure)
    return True


def body(reading: Reading, rows: list[FleeRow], first_header: str) -> list[FleeRow]:
    """Return the rows that are neither header nor comment, and say where Flee would take one for the other."""
    found = []
    for number, row in enumerate(rows):
        if row.is_comment:
            if row.cells[0] != row.cells[0].lstrip():
                message = "a blank stands before '#', so that Flee takes the row for data."
                reading.say("flee-repaired", row.where, message, "Posada takes it for a comment.")
        elif number == 0 and row.cell(0).strip('"').casefold() in (first_header, first_header.replace("1", "")):
            message = f"the header does not begin with '#', so that Flee takes '{row.cell(0)}' for data."
            reading.say("flee-repaired", row.where, message, "Posada takes the row for a header.")
        elif not row.cell(0):
            message = "the first cell is empty, at which Flee stops."
            reading.say("missing-value", row.where, message, "Fill it in, or remove the row.")
        else:
            found.append(row)
    return found


def header_of(rows: list[FleeRow], fixed: int) -> FleeRow | None:
    """Return the row that names the columns beyond the fixed ones: the first comment that is long enough."""
    return next((row for row in rows if row.is_comment and len(row.cells) > fixed), None)


def too_long(reading: Reading, row: FleeRow, width: int) -> bool:
    """Tell whether a row has filled cells beyond the last column, and say so; blank ones are passed over."""
    extra = [cell for cell in row.cells[width:] if cell.strip()]
    if extra:
        message = f"the row has {len(row.cells)} cells, its columns are {width}; '{extra[0]}' has none."
        cure = 'Put a cell that holds a comma between double quotes ("..."), or name the column in the header.'
        reading.say("ragged-row", row.where, message, cure)
    return bool(extra)


def file_of_name(folder: Path, name: str) -> Path | None:
    """Return the file of a name; with other capitals when there is just one such, as Windows finds it."""
    if (folder / name).is_file():
        return folder / name
    alike = [entry for entry in folder.iterdir() if entry.name.casefold() == name.casefold()] if folder.is_dir() else []
    return alike[0] if len(alike) == 1 and alike[0].is_file() else None


def near_file(folder: Path, name: str, others: Collection[str] = ()) -> str:
    """Return a sentence that names the file which looks most like one that is absent."""
    present = [entry.name for entry in folder.iterdir()] if folder.is_dir() else []
    return nearest_hint(name, present or others)

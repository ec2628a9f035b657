"""Tables as text, before anybody knows what is in them: a step of folders, workbooks and itineraries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from posada.model.errors import nearest, nearest_hint
from posada.model.fields import Field, fields_of
from posada.model.findings import Finding
from posada.model.privacy import is_personal_column, personal_data_in
from posada.model.scenario import ScenarioBuilder
from posada.model.tables import TABLES

_HXL_TAG = re.compile(r"#[A-Za-z][A-Za-z0-9_]*(\s*\+[A-Za-z][A-Za-z0-9_]*)*")

TAKE_IT_OUT = "Take it out: Posada holds counts, never data about an individual person."


@dataclass(frozen=True, slots=True)
class RawRow:
    """The cells of a row as text, and where it stands, such as ``sites.csv:4``."""

    where: str
    cells: tuple[str, ...]

    @property
    def is_blank(self) -> bool:
        """Whether no cell holds anything."""
        return not any(cell.strip() for cell in self.cells)


@dataclass(frozen=True, slots=True)
class RawTable:
    """A table as text: its header, its rows, and what was found while they were made into text."""

    file: str
    header: RawRow | None
    rows: tuple[RawRow, ...]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Columns:
    """What the header of a table says: the column number of each known header, and which are absent."""

    number: dict[str, int]
    absent: frozenset[str]
    width: int
    findings: tuple[Finding, ...]


def is_hxl_row(row: RawRow) -> bool:
    """Tell whether a row holds HXL hashtags, which may stand below the header."""
    filled = [cell.strip() for cell in row.cells if cell.strip()]
    return bool(filled) and all(_HXL_TAG.fullmatch(cell) for cell in filled)


def add_table(builder: ScenarioBuilder, table: str, raw: RawTable) -> None:
    """Give the rows of a raw table, and what is wrong with its shape, to a builder."""
    builder.add_findings(raw.findings)
    columns = read_header(raw, fields_of(TABLES[table]))
    builder.add_findings(columns.findings)
    for row in body(raw) if columns.number else ():
        fault = ragged(row, columns.width)
        if fault is not None:
            builder.add_findings([fault])
        else:
            builder.add_cells(table, cells_by_header(row, columns), row.where, columns.absent)


def body(raw: RawTable) -> Iterator[RawRow]:
    """Yield the rows of a table that are neither blank nor HXL hashtags."""
    filled = [row for row in raw.rows if not row.is_blank]
    yield from filled[1:] if filled and is_hxl_row(filled[0]) else filled


def cells_by_header(row: RawRow, columns: Columns) -> dict[str, str]:
    """Return the cells of a row by the header of their column; a row that ends early has empty ones."""
    return {header: row.cells[number] if number < len(row.cells) else "" for header, number in columns.number.items()}


def ragged(row: RawRow, width: int) -> Finding | None:
    """Return a finding when a row has filled cells beyond the last column of its table."""
    if not any(cell.strip() for cell in row.cells[width:]):
        return None
    message = f"the row has {len(row.cells)} cells, the table has {width} columns."
    cure = 'Put a cell that holds a comma between double quotes ("..."), or remove what is too much.'
    return Finding("ragged-row", row.where, message, cure)


def read_header(raw: RawTable, specs: tuple[Field, ...]) -> Columns:
    """Compare the header of a table with its fields."""
    if raw.header is None:
        cure = f"Begin with a row of column names: {', '.join(spec.header for spec in specs)}."
        fault = Finding("unreadable-file", f"{raw.file}", "the table is empty, it has no header.", cure)
        return Columns({}, frozenset(), 0, () if raw.findings else (fault,))
    header = raw.header
    names = [cell.strip() for cell in header.cells]
    while names and not names[-1] and not _is_filled(raw, len(names) - 1):
        names.pop()
    separator = next((sign for sign in ";\t" if len(names) == 1 and sign in names[0]), "")
    if separator:
        shown = "semicolons" if separator == ";" else "tabs"
        cure = "Save it as CSV with commas between the cells."
        fault = Finding("unreadable-file", header.where, f"the cells are parted by {shown}.", cure)
        return Columns({}, frozenset(), len(names), (fault,))
    return _compare(raw, header.where, names, specs)


def _compare(raw: RawTable, where: str, names: list[str], specs: tuple[Field, ...]) -> Columns:
    known = {spec.header: spec for spec in specs}
    number: dict[str, int] = {}
    findings = []
    guessed = set()
    for index, name in enumerate(names):
        if name in number:
            cure = "Keep one of the two."
            findings.append(Finding("duplicate-column", where, f"column '{name}' stands twice.", cure))
        elif name in known:
            number[name] = index
        elif name or _is_filled(raw, index):
            free = [header for header in known if header not in names]
            guessed |= set(nearest(name, free))
            findings.append(_unknown_column(where, index, name, free or list(known)))
    absent = {header for header, spec in known.items() if spec.required and header not in number}
    for header in sorted(absent - guessed, key=list(known).index):
        cure = f"Add it. It holds: {known[header].meaning}"
        findings.append(Finding("missing-column", where, f"column '{header}' is missing.", cure))
    return Columns(number, frozenset(absent), len(names), tuple(findings))


def _unknown_column(where: str, index: int, name: str, known: list[str]) -> Finding:
    if not name:
        cure = "Give it the name of a field, or empty its cells."
        return Finding("unknown-column", where, f"column {index + 1} has cells but no name.", cure)
    personal = personal_data_in(name)
    if personal:
        message = f"the name of column {index + 1} seems to hold {personal}."
        return Finding("personal-data", where, message, TAKE_IT_OUT)
    if is_personal_column(name):
        message = f"column '{name}' looks like data about an individual person."
        return Finding("personal-data", where, message, TAKE_IT_OUT)
    return Finding("unknown-column", where, f"unknown column '{name}'.", nearest_hint(name, known))


def _is_filled(raw: RawTable, index: int) -> bool:
    return any(len(row.cells) > index and row.cells[index].strip() for row in raw.rows)

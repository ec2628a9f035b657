"""A scenario as one Excel workbook: a sheet ``scenario`` of keys and values, and one sheet per table.

A user edits it in a spreadsheet program, which changes types: whole numbers come back as decimals, days as
moments at midnight, yes as a tick. Cells are therefore turned into exactly the texts that a folder would
hold, and read as such. What has no such text (a formula, an error, a time of day) is a finding.
"""

from __future__ import annotations

import datetime as dt
import warnings
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from posada.io.folder import is_bystander
from posada.io.rawtables import RawRow, RawTable, add_table, body, cells_by_header, read_header
from posada.io.settings import PREFIX, known_keys, movement_keys, unknown_keys, values_of_movement
from posada.model.errors import InvalidValueError, ScenarioError, nearest_hint
from posada.model.fields import CellError, Field, Kind, column, fields_of, format_cell
from posada.model.findings import Finding
from posada.model.scenario import Scenario, ScenarioBuilder
from posada.model.tables import TABLES, Settings, required_tables

SETTINGS_SHEET = "scenario"
MAX_TEXT = 32_767
"""Characters that a cell of a workbook can hold."""
MAX_LIST = 255
"""Characters that a list of options in a workbook can hold."""
LAST_ROW_WITH_OPTIONS = 1000

_FIRST_DAY = dt.date(1900, 3, 1)
"""Before it, the calendar of spreadsheets has a day that never was."""

_UNREADABLE = (
    # What openpyxl and the libraries below it raise about a file that is no workbook, or a damaged one.
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
)


@dataclass(frozen=True, slots=True)
class KeyValue:
    """A row of the sheet of settings."""

    key: str = column(Kind.ID, "Name of a setting.")
    value: str = column(Kind.TEXT, "What it is set to.")


def read_workbook(path: Path) -> Scenario:
    """Read a scenario from an Excel workbook.

    Raises
    ------
    ScenarioError
        With every fault found; rows are named as ``sites!7``.
    """
    builder = ScenarioBuilder()
    sheets = _read_sheets(path)
    known = (SETTINGS_SHEET, *TABLES)
    absent = [name for name in known if name not in sheets]
    for name in sheets:
        if name not in known and not is_bystander(name):
            cure = nearest_hint(name, known)
            builder.add_findings([Finding("unknown-file", name, f"unknown sheet '{name}'.", cure)])
    moves = SETTINGS_SHEET in sheets and _add_settings(builder, sheets[SETTINGS_SHEET])
    builder.add_findings(
        Finding("missing-file", name, "the sheet is absent.", f"Add a sheet named '{name}'.")
        for name in (SETTINGS_SHEET, *required_tables(has_movement=moves))
        if name in absent
    )
    for table in TABLES:
        if table in sheets:
            add_table(builder, table, sheets[table])
    return builder.build()


def _read_sheets(path: Path) -> dict[str, RawTable]:
    import openpyxl

    try:
        # Opened here, so that it is closed however the reading of a damaged one ends.
        with path.open("rb") as file, warnings.catch_warnings():
            # openpyxl warns of decoration that it does not keep; here nothing but the values is read.
            warnings.simplefilter("ignore", UserWarning)
            book = openpyxl.load_workbook(file, read_only=True)
            try:
                sheets = {sheet.title: _values_of(sheet) for sheet in book.worksheets}
            finally:
                book.close()
    except _UNREADABLE as fault:
        message = f"it is not an Excel workbook, is damaged, or is locked with a password ({type(fault).__name__})."
        cure = "Open it in a spreadsheet program and save it as .xlsx, without a password."
        raise ScenarioError([Finding("unreadable-file", path.name, message, cure)]) from fault
    return {title: _to_text(title, rows) for title, rows in sheets.items()}


def _values_of(sheet: Any) -> list[list[tuple[Any, str]]]:
    """Return value and type of every cell, row by row from the first."""
    sheet.reset_dimensions()  # some programs write a wrong size of the sheet
    return [[(cell.value, cell.data_type) for cell in cells] for cells in sheet.iter_rows()]


def _to_text(title: str, rows: list[list[tuple[Any, str]]]) -> RawTable:
    table: list[RawRow | None] = []
    findings = []
    for number, cells in enumerate(rows, start=1):
        where = f"{title}!{number}"
        texts = []
        faults = []
        for index, (value, data_type) in enumerate(cells):
            try:
                texts.append(text_of_cell(value, data_type))
            except CellError as fault:
                message = f"the cell in column {_letter(index)} {fault}."
                faults.append(Finding(fault.finding_id, where, message, fault.cure))
        row = RawRow(where, tuple(texts))
        findings.extend(faults)
        if faults or not row.is_blank:
            table.append(None if faults else row)
    header = table[0] if table else None
    return RawTable(title, header, tuple(row for row in table[1:] if row is not None), tuple(findings))


def _letter(index: int) -> str:
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(index + 1))


def text_of_cell(value: Any, data_type: str) -> str:
    """Return the value of a cell as the text that a CSV file would hold.

    Raises
    ------
    CellError
        When the cell holds a formula, an error or a time of day.
    """
    if data_type == "f":
        cure = "Copy the cell and paste its value only."
        raise CellError("formula-cell", "holds a formula", cure)
    if data_type == "e":
        raise CellError("formula-cell", f"holds the error {value}", "Type the value.")
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    if isinstance(value, dt.datetime | dt.time | dt.timedelta):
        raise CellError("bad-date", f"holds a time ({value})", "Leave the day alone, without a time of day.")
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _add_settings(builder: ScenarioBuilder, raw: RawTable) -> bool:
    """Give the sheet of settings to a builder; return whether it has keys of dispersed movement."""
    columns = read_header(raw, fields_of(KeyValue))
    findings = [*raw.findings, *columns.findings]
    cells: dict[str, str] = {}
    where = {"": SETTINGS_SHEET}
    for row in body(raw):
        named = cells_by_header(row, columns)
        key = named.get("key", "").strip()
        if not key:
            findings.append(Finding("missing-value", row.where, "'key' is empty.", "Name the setting."))
        elif key in cells:
            message = f"key '{key}' stands in {where[key]} already."
            findings.append(Finding("duplicate-id", row.where, message, "Keep one of the two."))
        else:
            cells[key] = named.get("value", "")
            where[key] = row.where
    own = {key: text for key, text in cells.items() if not key.startswith(PREFIX)}
    moving = {key.removeprefix(PREFIX): text for key, text in cells.items() if key.startswith(PREFIX)}
    inside = {key.removeprefix(PREFIX): at for key, at in where.items() if key.startswith(PREFIX)}
    inside[""] = SETTINGS_SHEET
    unknown = [*unknown_keys(own, where), *unknown_keys(moving, inside, movement_keys())]
    builder.add_findings([*findings, *unknown])
    # What is absent may be in a row that could not be read; that was said, and is not said again.
    without = set(known_keys()) - set(own) if findings else set()
    builder.add_settings({key: own[key] for key in own if key in known_keys()}, where, without)
    if moving:
        builder.add_movement({key: moving[key] for key in moving if key in movement_keys()}, inside)
    return bool(moving)


def save_workbook(scenario: Scenario, path: Path) -> None:
    """Write a scenario as a workbook.

    Raises
    ------
    InvalidValueError
        When a text is longer than a cell can hold.
    """
    settings = [(spec.header, spec, getattr(scenario.settings, spec.name)) for spec in fields_of(Settings)]
    if scenario.movement is not None:
        settings += [(f"{PREFIX}{spec.header}", spec, value) for spec, value in values_of_movement(scenario.movement)]
    save_sheets(
        settings,
        {
            table: [[getattr(row, spec.name) for spec in fields_of(TABLES[table])] for row in scenario.table(table)]
            for table in TABLES
        },
        path,
    )


def save_sheets(settings: list[tuple[str, Field, Any]], tables: dict[str, list[list[Any]]], path: Path) -> None:
    """Write keys with their fields and values, and the values of each table, as the sheets of a workbook."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    sheet = book.create_sheet(SETTINGS_SHEET)
    fill_sheet(sheet, fields_of(KeyValue), [])
    for number, (key, spec, value) in enumerate(settings, start=2):
        _set_cell(sheet.cell(number, 1), fields_of(KeyValue)[0], key)
        _set_cell(sheet.cell(number, 2), spec, value)
        _explain(sheet.cell(number, 1), spec)
    for table, rows in tables.items():
        fill_sheet(book.create_sheet(table), fields_of(TABLES[table]), rows)
    book.save(path)


def fill_sheet(sheet: Any, specs: tuple[Field, ...], rows: list[list[Any]]) -> None:
    """Write a header with what each column means, and rows of values, into an empty sheet."""
    from openpyxl.styles import Font

    for number, spec in enumerate(specs, start=1):
        cell = sheet.cell(1, number, spec.header)
        cell.font = Font(bold=spec.required)
        _explain(cell, spec)
        sheet.column_dimensions[cell.column_letter].width = max(12, len(spec.header) + 2)
        _offer_options(sheet, cell.column_letter, spec)
    sheet.freeze_panes = "A2"
    for line, row in enumerate(rows, start=2):
        for number, (spec, value) in enumerate(zip(specs, row, strict=True), start=1):
            _set_cell(sheet.cell(line, number), spec, value)


def _explain(cell: Any, spec: Field) -> None:
    """Put the meaning of a field where the pointer of a reader finds it."""
    from openpyxl.comments import Comment

    unit = f" [{spec.unit}]" if spec.unit != "-" else ""
    needed = "Required. " if spec.required else ""
    cell.comment = Comment(f"{needed}{spec.meaning}{unit} ({spec.kind.value})", "Posada", height=120, width=300)


def _offer_options(sheet: Any, letter: str, spec: Field) -> None:
    """Let the spreadsheet program offer the options of a field, as far as it can hold them."""
    from openpyxl.worksheet.datavalidation import DataValidation

    options = ("yes", "no") if spec.kind is Kind.YES_NO else spec.options
    listed = f'"{",".join(options)}"'
    if options and len(listed) <= MAX_LIST:
        rule = DataValidation(type="list", formula1=listed, allow_blank=True)
        rule.add(f"{letter}2:{letter}{LAST_ROW_WITH_OPTIONS}")
        sheet.add_data_validation(rule)


def _set_cell(cell: Any, spec: Field, value: Any) -> None:
    """Store a value in the type that a spreadsheet has for it, where that loses nothing; else as text."""
    text = format_cell(spec, value)
    if not text:
        return
    if spec.kind is Kind.DATE and value >= _FIRST_DAY:
        cell.value = value
        cell.number_format = "yyyy-mm-dd"
    elif spec.kind in (Kind.NUMBER, Kind.INTEGER) and float(f"{value:.15g}") == value:
        cell.value = value
    elif len(text) > MAX_TEXT:
        raise InvalidValueError(
            f"'{spec.header}' in sheet '{cell.parent.title}', row {cell.row}, has {len(text)} characters; a "
            f"workbook holds {MAX_TEXT} in a cell. Shorten it, or write a folder."
        )
    else:
        cell.value = text
        cell.data_type = "s"  # else a text that begins with '=' would become a formula

"""Workbooks: what a spreadsheet program does to cells is undone exactly; what cannot be undone is a finding."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from posada.io.folder import read_scenario, write_scenario
from posada.io.workbook import text_of_cell
from posada.model.errors import InvalidValueError, ScenarioError
from posada.model.scenario import Scenario
from tests.made_up import read_made_up

MIDNIGHT = dt.datetime(2030, 3, 2)  # noqa: DTZ001  a spreadsheet knows no time zones


@pytest.fixture
def made_up(tmp_path) -> Scenario:
    return read_made_up(tmp_path / "usual")


@pytest.fixture
def book(tmp_path, made_up) -> Path:
    write_scenario(made_up, tmp_path / "book.xlsx")
    return tmp_path / "book.xlsx"


def edit(book: Path, changes: dict[str, Any]) -> Path:
    """Change cells, named as ``sites!G2``, as a person in a spreadsheet program would."""
    opened = openpyxl.load_workbook(book)
    for address, value in changes.items():
        sheet, _, cell = address.partition("!")
        opened[sheet][cell] = value
    opened.save(book)
    return book


def address(book: Path, sheet: str, header: str, row: int) -> str:
    opened = openpyxl.load_workbook(book)
    cell = next(cell for cell in opened[sheet][1] if cell.value == header)
    return f"{sheet}!{cell.column_letter}{row}"


def faults(book: Path) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        read_scenario(book)
    return [str(finding) for finding in caught.value.findings]


def test_a_person_may_edit_cells_in_the_types_of_a_spreadsheet(book, made_up):
    """The same values as decimals, moments at midnight, ticks and texts."""
    edit(
        book,
        {
            address(book, "places", "population", 2): 20000.0,
            address(book, "places", "sensitive", 3): False,
            address(book, "places", "sensitive", 6): True,
            address(book, "groups", "departs", 2): MIDNIGHT,
            address(book, "groups", "departs", 3): "2030-03-04",
            address(book, "groups", "size_low", 2): "800",
            address(book, "routes", "km", 3): "37.5",
            "scenario!B4": MIDNIGHT - dt.timedelta(days=1),
        },
    )
    assert read_scenario(book) == made_up
    assert read_scenario(book).hash == made_up.hash


@pytest.mark.parametrize(
    ("value", "data_type", "text"),
    [
        (None, "n", ""),
        (25, "n", "25"),
        (25.0, "n", "25"),
        (-0.0, "n", "0"),
        (0.1, "n", "0.1"),
        (1e20, "n", "1e+20"),
        (True, "b", "yes"),
        (False, "b", "no"),
        (MIDNIGHT - dt.timedelta(days=1), "d", "2030-03-01"),
        (dt.date(2030, 3, 1), "d", "2030-03-01"),
        ("=1+1", "s", "=1+1"),
        (" a ", "s", " a "),
    ],
)
def test_cells_become_the_texts_of_a_folder(value, data_type, text):
    assert text_of_cell(value, data_type) == text


@pytest.mark.parametrize(
    ("sheet", "header", "row", "value", "says"),
    [
        ("sites", "area_m2", 2, "=SUM(1,2)", "[formula-cell] sites!2: the cell in column G holds a formula."),
        ("sites", "area_m2", 2, "#REF!", "[formula-cell] sites!2: the cell in column G holds the error #REF!."),
        (
            "groups",
            "departs",
            3,
            MIDNIGHT + dt.timedelta(hours=6),
            "[bad-date] groups!3: the cell in column D holds a time",
        ),
        ("groups", "departs", 3, dt.time(6), "[bad-date] groups!3: the cell in column D holds a time"),
        ("sites", "from", 2, 47545, "[bad-date] sites!2: '47545' in 'from' is not a date."),
        ("groups", "size_low", 3, True, "[bad-number] groups!3: 'yes' in 'size_low' is not a number."),
        ("sites", "capacity", 4, -5, "[out-of-bounds] sites!4: 'capacity' is -5."),
        ("sites", "capacity", 1, "capcity", "[unknown-column] sites!1: unknown column 'capcity'. Did you mean"),
        ("sites", "toilets", 1, "phone", "[personal-data] sites!1: column 'phone' looks like"),
        ("sites", "place", 4, "ceder", "[unknown-place] sites!4: place 'ceder' in 'place' is not in"),
        ("places", "id", 1, "=A1", "[formula-cell] places!1: the cell in column A holds a formula."),
    ],
)
def test_what_cannot_be_read_is_found_at_its_sheet_and_row(sheet, header, row, value, says, book):
    (only,) = faults(edit(book, {address(book, sheet, header, row): value}))
    assert f"error {says}" in only


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"scenario!A7": "climat"}, "[unknown-key] scenario!7: unknown key 'climat'. Did you mean 'climate'?"),
        ({"scenario!A7": "id"}, "[duplicate-id] scenario!7: key 'id' stands in scenario!2 already."),
        ({"scenario!A7": None}, "[missing-value] scenario!7: 'key' is empty."),
        ({"scenario!B4": "=TODAY()"}, "[formula-cell] scenario!4: the cell in column B holds a formula."),
        ({"scenario!B4": None}, "[missing-value] scenario!4: 'start' is empty."),
        ({"scenario!C1": "note", "scenario!C2": "x"}, "[unknown-column] scenario!1: unknown column 'note'."),
    ],
)
def test_faults_in_the_sheet_of_settings(changes, says, book):
    said = faults(edit(book, changes))
    assert f"error {says}" in said[0]
    assert len(said) == 1


def test_unknown_and_missing_sheets_are_named(book):
    opened = openpyxl.load_workbook(book)
    opened["sites"].title = "site"
    opened["groups"].title = "group"
    opened.create_sheet("README")
    opened.save(book)
    said = faults(book)
    assert "error [unknown-file] site: unknown sheet 'site'. Did you mean 'sites'?" in said
    assert "error [unknown-file] group: unknown sheet 'group'. Did you mean 'groups'?" in said
    assert "error [missing-file] groups: the sheet is absent. Add a sheet named 'groups'." in said
    assert len(said) == 3


def test_blank_rows_are_skipped_and_rows_keep_the_numbers_of_the_sheet(book):
    opened = openpyxl.load_workbook(book)
    opened["sites"].insert_rows(3, amount=4)
    opened.save(book)
    assert read_scenario(book).where("sites", 1) == "sites!7"


@pytest.mark.parametrize(
    "content", [b"", b"id,name\n1,2\n", b"PK\x03\x04 not really", b"\xd0\xcf\x11\xe0" + b"\0" * 600]
)
def test_a_file_that_is_no_workbook_is_a_finding(content, tmp_path):
    (tmp_path / "it.xlsx").write_bytes(content)
    (only,) = faults(tmp_path / "it.xlsx")
    assert "error [unreadable-file] it.xlsx: it is not an Excel workbook" in only


def test_a_damaged_workbook_is_a_finding(book):
    content = bytearray(book.read_bytes())
    third = len(content) // 3
    content[third : 2 * third] = bytes(third)
    book.write_bytes(content)
    assert "[unreadable-file]" in faults(book)[0]


def test_texts_that_look_like_something_else_stay_texts(tmp_path, made_up):
    names = ("=1+1", "#N/A", "2030-03-01", "007", "1e5", "TRUE", "_x0041_")
    first = made_up.places[0]
    more = tuple(replace(first, id=f"place-{number}", name=name) for number, name in enumerate(names))
    odd = made_up.replace(places=made_up.places + more)
    write_scenario(odd, tmp_path / "odd.xlsx")
    assert read_scenario(tmp_path / "odd.xlsx") == odd


def test_numbers_that_a_spreadsheet_would_round_are_kept(tmp_path, made_up):
    """0.1 + 0.2 needs seventeen digits; a workbook keeps sixteen."""
    first, *rest = made_up.routes
    exact = made_up.replace(routes=(replace(first, km=0.1 + 0.2), *rest))
    write_scenario(exact, tmp_path / "exact.xlsx")
    assert read_scenario(tmp_path / "exact.xlsx") == exact


def test_days_before_the_calendar_of_spreadsheets_are_kept(tmp_path, made_up):
    first, *rest = made_up.sources
    old = made_up.replace(sources=(replace(first, date=dt.date(1899, 12, 31)), *rest))
    write_scenario(old, tmp_path / "old.xlsx")
    assert read_scenario(tmp_path / "old.xlsx") == old


def test_a_text_that_is_too_long_for_a_cell_is_refused_and_nothing_written(tmp_path, made_up):
    long = made_up.replace(sites=(replace(made_up.sites[0], conditions="x" * 32_768), *made_up.sites[1:]))
    with pytest.raises(InvalidValueError, match="'conditions' in sheet 'sites', row 2, has 32768 characters"):
        write_scenario(long, tmp_path / "long.xlsx")
    assert not (tmp_path / "long.xlsx").exists()
    write_scenario(long, tmp_path / "long")
    assert read_scenario(tmp_path / "long") == long


def test_a_workbook_explains_its_columns_and_offers_their_options(book):
    opened = openpyxl.load_workbook(book)
    header = {cell.value: cell for cell in opened["sites"][1]}
    assert "Places to sleep as stated" in header["capacity"].comment.text
    assert "[people]" in header["capacity"].comment.text
    offered = {rule.formula1 for rule in opened["sites"].data_validations.dataValidation}
    assert '"ready,promised"' in offered
    assert '"yes,no"' in offered

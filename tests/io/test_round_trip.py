"""What is written is read back exactly, in every form; what is misspelt is never read."""

from __future__ import annotations

import csv
import io
import string
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posada.io.folder import read_scenario, write_scenario
from posada.model.errors import ScenarioError
from posada.model.fields import Kind, fields_of
from posada.model.tables import TABLES
from tests.displaced_strategies import displacements
from tests.made_up import FILES, SETTINGS, read_made_up, write_made_up
from tests.strategies import scenarios


@given(scenarios() | displacements())
def test_folder_workbook_folder_is_identity(scenario):
    """Equal tables, equal hash, and the second folder is the first one, byte for byte."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        write_scenario(scenario, home / "first")
        from_folder = read_scenario(home / "first")
        write_scenario(from_folder, home / "book.xlsx")
        from_workbook = read_scenario(home / "book.xlsx")
        write_scenario(from_workbook, home / "second")
        assert from_folder == from_workbook == scenario
        assert from_folder.hash == from_workbook.hash == scenario.hash
        first = {path.name: path.read_bytes() for path in (home / "first").iterdir()}
        assert first == {path.name: path.read_bytes() for path in (home / "second").iterdir()}


@given(scenarios() | displacements(), st.sampled_from(("\r\n", "\n")), st.booleans())
def test_line_ends_byte_order_marks_and_blank_lines_do_not_matter(scenario, line_end, mark):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "it"
        write_scenario(scenario, folder)
        for path in folder.glob("*.csv"):
            rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
            text = io.StringIO(newline="")
            writer = csv.writer(text, lineterminator=line_end, quoting=csv.QUOTE_ALL)
            writer.writerows([rows[0], [], *rows[1:], [""] * len(rows[0])])
            path.write_bytes(text.getvalue().encode("utf-8-sig" if mark else "utf-8"))
        assert read_scenario(folder) == scenario


def test_columns_may_stand_in_any_order_and_optional_ones_be_left_out(tmp_path):
    usual = read_made_up(tmp_path / "usual")
    turned = {}
    for file, text in FILES.items():
        rows = [row[::-1] for row in csv.reader(io.StringIO(text))]
        out = io.StringIO(newline="")
        csv.writer(out).writerows(rows)
        turned[file] = out.getvalue()
    assert read_scenario(write_made_up(tmp_path / "turned", turned)) == usual


def test_a_row_of_hxl_hashtags_is_skipped(tmp_path):
    tags = FILES["places.csv"].replace("\n", "\n#loc+id,#loc+name,#country+code,#geo+lat,#geo+lon,,,,,,\n", 1)
    tagged = read_scenario(write_made_up(tmp_path / "tagged", {"places.csv": tags}))
    assert tagged == read_made_up(tmp_path / "usual")
    assert tagged.where("places", 0) == "places.csv:3"


def test_a_row_that_is_only_partly_hashtags_is_a_row(tmp_path):
    """A forgotten '#' must not make a row of nonsense disappear."""
    tags = FILES["places.csv"].replace("\n", "\n#loc+id,loc,#country+code,#geo+lat,#geo+lon,,,,,,\n", 1)
    with pytest.raises(ScenarioError, match=r"places\.csv:2: '#loc\+id' in 'id' is not an identifier"):
        read_scenario(write_made_up(tmp_path, {"places.csv": tags}))


def test_a_cell_with_line_breaks_does_not_shift_the_lines_of_findings(tmp_path):
    spoilt = FILES["sites.csv"].replace("Open until", "Open\n\nuntil").replace(",250,", ",x,")
    with pytest.raises(ScenarioError, match=r"sites\.csv:6: 'x' in 'capacity' is not a number"):
        read_scenario(write_made_up(tmp_path, {"sites.csv": spoilt}))


def test_empty_optional_tables_are_not_written(tmp_path):
    scenario = read_made_up(tmp_path / "usual").replace(sites=(), reports=())
    write_scenario(scenario, tmp_path / "less")
    written = {path.name for path in (tmp_path / "less").iterdir()}
    assert written == {"scenario.toml", *FILES} - {"sites.csv", "reports.csv"}
    assert read_scenario(tmp_path / "less") == scenario


def _misspell(word: str, index: int, letter: str) -> str:
    index %= len(word)
    replacement = letter if word[index] != letter else ("q" if letter != "q" else "z")
    return word[:index] + replacement + word[index + 1 :]


def _named_words() -> list[tuple[str, str, int, int]]:
    """Return (file, word, row, column) of each header, each key, and each cell that names another row."""
    words = [("scenario.toml", line.split(" = ")[0], row, 0) for row, line in enumerate(SETTINGS.splitlines())]
    for file, text in FILES.items():
        rows = list(csv.reader(io.StringIO(text)))
        specs = {spec.header: spec for spec in fields_of(TABLES[file.removesuffix(".csv")])}
        words += [(file, header, 0, column) for column, header in enumerate(rows[0])]
        for number, row in enumerate(rows[1:], start=1):
            for column, header in enumerate(rows[0]):
                named = specs[header].refers_to or (file, header) in {
                    ("parameters.csv", "name"), ("signals.csv", "affects"),
                } or specs[header].kind is Kind.CHOICE  # fmt: skip
                if named and row[column]:
                    words.append((file, row[column], number, column))
    return words


@settings(max_examples=100)
@given(st.sampled_from(_named_words()), st.integers(0, 30), st.sampled_from(string.ascii_lowercase))
def test_one_wrong_letter_in_any_name_is_found_and_named(word, index, letter):
    """In any key, header, option, or name of a place, group, status, source or rate."""
    file, name, row, column = word
    wrong = _misspell(name, index, letter)
    if file == "scenario.toml":
        changed = SETTINGS.replace(f"{name} = ", f"{wrong} = ", 1)
    else:
        rows = list(csv.reader(io.StringIO(FILES[file])))
        rows[row][column] = wrong
        out = io.StringIO(newline="")
        csv.writer(out).writerows(rows)
        changed = out.getvalue()
    with tempfile.TemporaryDirectory() as folder, pytest.raises(ScenarioError) as caught:
        read_scenario(write_made_up(Path(folder), {file: changed}))
    said = [f"{finding.where} {finding.message}" for finding in caught.value.findings]
    parts = [part for part in wrong.split(";") if part not in name.split(";")] or [wrong]
    assert any(f"'{part}'" in line for part in parts for line in said), said
    assert any(line.startswith(f"{file}:{row + 1} ") for line in said), said

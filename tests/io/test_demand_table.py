"""A table of people by night as somebody saves it: what is taken, and what is refused with its line and a cure."""

from __future__ import annotations

import pytest

from posada.io.demand_table import read_demand
from posada.io.folder import read_scenario
from posada.model.demand import DEMAND_CLASSES
from posada.model.errors import InputFileError

HEADER = "date,place,class,people"
ROW = f"2030-05-01,birch,{DEMAND_CLASSES[0]},120"


@pytest.mark.parametrize(
    "text",
    [
        f"{HEADER}\n{ROW}\n",
        f"\ufeff{HEADER}\r\n{ROW}\r\n\r\n",
        f"{HEADER},,\n{ROW},,\n,,,,,\n",
    ],
)
def test_the_table_is_taken_as_spreadsheets_save_it(text, tmp_path):
    (tmp_path / "d.csv").write_text(text, encoding="utf-8", newline="")
    demand = read_demand(tmp_path / "d.csv", read_scenario("valley"))
    assert demand.people.sum() == demand.people[0, 0, demand.place_ids.index("birch"), 0] == 120


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{HEADER}\n{ROW.replace('120', '1,200')}\n", r"d.csv:2: the row has 5 cells, .*quotes"),
        (f"{HEADER},people\n{ROW},7\n", r"d.csv:1: column 'people' stands twice. Keep one"),
        (f"{HEADER}\n{ROW}\n".replace(",", ";"), r"d.csv:1: the cells are parted by semicolons. Save it as CSV"),
        (f"{HEADER}\n{ROW}\n".replace(",", "\t"), r"d.csv:1: the cells are parted by tabs"),
        (f"{HEADER},,note\n{ROW},,x\n", r"d.csv:1: unknown column ''"),
        (f"{HEADER}\n{ROW},oh\n", r"d.csv:2: the row has 5 cells"),
        (f'{HEADER}\n"{ROW}\n', r"d.csv:2: it is not CSV from here on"),
    ],
)  # fmt: skip
def test_a_table_that_would_be_misread_is_refused_with_its_line(text, said, tmp_path):
    (tmp_path / "d.csv").write_text(text, encoding="utf-8", newline="")
    with pytest.raises(InputFileError, match=said) as refused:
        read_demand(tmp_path / "d.csv", read_scenario("valley"))
    assert "[unreadable-file]" not in str(refused.value)


def test_a_file_that_is_absent_is_named_once(tmp_path):
    with pytest.raises(InputFileError) as refused:
        read_demand(tmp_path / "nothing.csv", read_scenario("valley"))
    assert str(refused.value).count("nothing.csv") == 1

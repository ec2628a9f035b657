"""Folders of results: whole or not at all, never in the place of something else, readable by other programs."""

from __future__ import annotations

import csv
import datetime as dt
import json

import numpy as np
import pyarrow.parquet as pq
import pytest

from posada.io.results import check_target, feature_collection, write_results, write_table
from posada.io.stamp import STAMP_FILE, read_stamp, stamp_record
from posada.model.errors import InvalidValueError, OutputExistsError
from posada.model.outlook import Stamp

MADE_AT = dt.datetime(2030, 3, 1, 18, tzinfo=dt.UTC)
STAMP = Stamp("0.1.0", "made", "Made by hand", "ab" * 32, 7, 10, dt.date(2030, 3, 1), MADE_AT)
PARTS = (
    {
        "place": np.array(["a", "b, c"], object),
        "date": np.array(["2030-03-01"] * 2, "datetime64[D]"),
        "n": np.arange(2),
    },
    {"place": np.array(['"d"'], object), "date": np.array(["NaT"], "datetime64[D]"), "n": np.array([9])},
)
POINT = {"lat": 16.877412, "lon": -95.038249, "name": "Matías Romero", "q50": float("nan"), "day": dt.date(2030, 3, 2)}


def write(folder, **changes):
    asked = {"tables": {"people": PARTS}, "features": {"towns": [POINT]}, "details": {"options": {}}} | changes
    return write_results(folder, STAMP, **asked)


def names(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_files_are_listed_with_their_digests(tmp_path):
    paths = write(tmp_path / "out", more=lambda folder: (folder / "more.txt").write_text("more"))
    assert names(tmp_path / "out") == ["more.txt", "people.csv", "people.parquet", STAMP_FILE, "towns.geojson"]
    assert [path.name for path in paths] == [STAMP_FILE, "more.txt", "people.csv", "people.parquet", "towns.geojson"]
    digest = read_stamp(tmp_path / "out")["files"]["more.txt"]
    assert digest == "187897ce0afcf20b50ba2b37dca84a951b7046f29ed5ab94f010619f69d6e189"  # sha256 of "more"


def test_parts_become_one_table(tmp_path):
    write_table(iter(PARTS), tmp_path / "people", stamp_record(STAMP), csv=True)
    table = pq.read_table(tmp_path / "people.parquet")
    assert table.column("place").to_pylist() == ["a", "b, c", '"d"']
    assert table.column("date").to_pylist() == [dt.date(2030, 3, 1), dt.date(2030, 3, 1), None]
    with (tmp_path / "people.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert [row[:3] for row in rows] == [
        ["place", "date", "n"],
        ["a", "2030-03-01", "0"],
        ["b, c", "2030-03-01", "1"],
        ['"d"', "", "9"],
    ]


def test_a_table_without_rows_keeps_its_columns(tmp_path):
    empty = {"n": np.array([], np.int64)}
    write_table(iter([empty]), tmp_path / "none", stamp_record(STAMP), csv=True)
    assert pq.read_table(tmp_path / "none.parquet").num_rows == 0
    assert (tmp_path / "none.csv").read_text(encoding="utf-8") == '"n","stamp"\n'


def test_a_part_without_rows_is_of_the_same_kind_as_the_others(tmp_path):
    """Text as well: an empty column of it says nothing of its kind."""
    parts = [{"place": np.array(words, object)} for words in ([], ["a"], [])]
    write_table(iter(parts), tmp_path / "some", stamp_record(STAMP), csv=True)
    assert pq.read_table(tmp_path / "some.parquet").to_pydict() == {"place": ["a"]}


def test_one_text_in_all_rows_is_written_in_all_rows(tmp_path):
    part = {"place": np.broadcast_to(np.array("a", object), 3), "n": np.arange(3)}
    write_table(iter([part]), tmp_path / "same", stamp_record(STAMP), csv=False)
    assert pq.read_table(tmp_path / "same.parquet").to_pydict() == {"place": ["a"] * 3, "n": [0, 1, 2]}


def test_a_table_too_long_for_a_spreadsheet_is_parquet_only(tmp_path):
    write(tmp_path / "out", too_long_for_csv=("people",))
    assert names(tmp_path / "out") == ["people.parquet", STAMP_FILE, "towns.geojson"]


def test_points_on_a_map():
    """RFC 7946: longitude before latitude; a hundred metres is precise enough; not defined is null."""
    (feature,) = feature_collection([POINT], {})["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [-95.038, 16.877]}
    assert feature["properties"] == {"name": "Matías Romero", "q50": None, "day": "2030-03-02"}


def test_a_map_has_no_lines(tmp_path):
    """No route and no way is in any file: points only."""
    write(tmp_path / "out")
    whole = json.loads((tmp_path / "out" / "towns.geojson").read_text(encoding="utf-8"))
    assert {feature["geometry"]["type"] for feature in whole["features"]} == {"Point"}


def test_an_earlier_result_is_replaced_and_notes_beside_it_are_kept(tmp_path):
    out = tmp_path / "out"
    write(out, more=lambda folder: (folder / "old.txt").write_text("old"))
    (out / "notes.txt").write_text("called the mayor", encoding="utf-8")
    (out / "call list").mkdir()
    (out / "call list" / "today.txt").write_text("at six", encoding="utf-8")
    write(out)
    assert names(out) == [
        "call list/today.txt",
        "notes.txt",
        "people.csv",
        "people.parquet",
        STAMP_FILE,
        "towns.geojson",
    ]
    assert (out / "notes.txt").read_text(encoding="utf-8") == "called the mayor"
    assert names(tmp_path) == [f"out/{name}" for name in names(out)]


@pytest.mark.parametrize("stamp", [None, "{}", "not json", '{"made_by": "another program", "files": {}}'])
def test_a_folder_of_somebody_else_is_not_replaced(tmp_path, stamp):
    out = tmp_path / "out"
    out.mkdir()
    (out / "thesis.txt").write_text("years of work", encoding="utf-8")
    if stamp is not None:
        (out / STAMP_FILE).write_text(stamp, encoding="utf-8")
    before = {name: (out / name).read_bytes() for name in names(out)}
    with pytest.raises(OutputExistsError, match="no stamp of Posada"):
        write(out)
    assert {name: (out / name).read_bytes() for name in names(out)} == before
    assert names(tmp_path) == [f"out/{name}" for name in before]


def test_an_empty_folder_is_filled(tmp_path):
    (tmp_path / "out").mkdir()
    write(tmp_path / "out")
    assert STAMP_FILE in names(tmp_path / "out")


def test_a_file_is_not_replaced(tmp_path):
    (tmp_path / "out").write_text("a list", encoding="utf-8")
    with pytest.raises(OutputExistsError, match="is a file"):
        check_target(tmp_path / "out")
    with pytest.raises(InvalidValueError, match="it is a file"):
        check_target(tmp_path / "out" / "deeper")


@pytest.mark.parametrize("where", [".", ".."])
def test_the_folder_one_works_in_is_not_replaced(tmp_path, monkeypatch, where):
    (tmp_path / "inner").mkdir()
    monkeypatch.chdir(tmp_path / "inner")
    with pytest.raises(OutputExistsError, match="the folder you are in"):
        check_target(tmp_path / "inner" / where)


def test_a_fault_while_writing_leaves_the_earlier_result_whole(tmp_path):
    out = tmp_path / "out"
    write(out)
    before = {name: (out / name).read_bytes() for name in names(out)}

    def fail(_folder):
        raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError, match="disk is full"):
        write(out, more=fail)
    assert {name: (out / name).read_bytes() for name in names(out)} == before
    assert names(tmp_path) == [f"out/{name}" for name in before]

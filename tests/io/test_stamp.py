"""Every output says where it comes from: the stamp in each kind of file, read back as others would read it."""

from __future__ import annotations

import csv
import json

import pytest

from posada.io.results import read_table_stamp
from posada.io.stamp import MADE_BY, STAMP_FILE, read_stamp, stamp_record
from posada.model.errors import InputFileError
from tests.io.test_results import PARTS, STAMP, write

SAID = {
    "version": "0.1.0",
    "scenario_id": "made",
    "scenario_hash": "ab" * 32,
    "seed": 7,
    "members": 10,
    "as_of": "2030-03-01",
    "made_at": "2030-03-01T18:00:00+00:00",
    "classification": "restricted",
}


@pytest.fixture
def out(tmp_path):
    write(tmp_path / "out", details={"options": {"seed": 7}, "sources": [{"publisher": "A radio station"}]})
    return tmp_path / "out"


def test_the_record_says_what_every_output_must_say():
    record = stamp_record(STAMP)
    assert {key: record[key] for key in SAID} == SAID
    assert "not for enforcement" in record["not_for_enforcement"]
    assert "80 % range" in record["interval"]
    assert "sensitive" in record["suppression"]
    assert {"platform", "python", "numpy", "numba"} <= set(record["computed_with"])


def test_in_the_folder(out):
    record = read_stamp(out)
    assert {key: record[key] for key in SAID} == SAID
    assert record["options"] == {"seed": 7}
    assert record["sources"] == [{"publisher": "A radio station"}]
    assert record["made_by"] == MADE_BY


def test_in_parquet(out):
    record = read_table_stamp(out / "people.parquet")
    assert {key: record[key] for key in SAID} == SAID


def test_in_csv(out):
    """In the first cell of the last column, so that no program has to know of comments."""
    with (out / "people.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert all(str(value) in rows[0]["stamp"] for value in SAID.values())
    assert "not for enforcement" in rows[0]["stamp"]
    assert [row["stamp"] for row in rows[1:]] == ["", ""]
    assert len(rows) == sum(len(part["n"]) for part in PARTS)


def test_in_geojson(out):
    record = json.loads((out / "towns.geojson").read_text(encoding="utf-8"))["posada"]
    assert {key: record[key] for key in SAID} == SAID


def test_a_run_from_the_first_day_says_so(tmp_path):
    record = stamp_record(STAMP) | {"as_of": None}
    assert stamp_record(STAMP)["as_of"] == "2030-03-01"
    from posada.io.results import write_table

    write_table(iter(PARTS), tmp_path / "people", record, csv=True)
    assert "as of the first day" in (tmp_path / "people.csv").read_text(encoding="utf-8")


def test_a_table_without_a_stamp_is_named(tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"n": [1]}), tmp_path / "theirs.parquet")
    with pytest.raises(InputFileError, match=r"theirs\.parquet"):
        read_table_stamp(tmp_path / "theirs.parquet")


def test_a_folder_without_a_stamp_is_named(tmp_path):
    with pytest.raises(InputFileError, match=rf"no '{STAMP_FILE}'"):
        read_stamp(tmp_path)

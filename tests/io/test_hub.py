"""Forecast files: what is written is read again, every fault is named with its line, and hubs can read the tasks."""

from __future__ import annotations

import csv
import datetime as dt
import json

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posada.io.hub import HUB_COLUMNS, fill_forecast_files, read_forecast_stamp, stamp_beside, write_forecast_file
from posada.io.hub_forecast import read_forecast_file
from posada.io.hub_tasks import TASKS_FILE, tasks_record, write_tasks
from posada.io.stamp import stamp_record
from posada.model.errors import InputFileError, InvalidValueError, OutputExistsError, ScenarioError, UnknownNameError
from posada.model.forecast_file import FILE_LEVELS, JOURNEY_LOCATION, REQUIRED_LEVELS, ForecastFile, Series
from posada.model.outlook import Stamp

MADE_AT = dt.datetime(2030, 3, 1, 18, tzinfo=dt.UTC)
ORIGIN = dt.date(2030, 3, 1)
STAMP = Stamp("0.1.0", "made", "Made by hand", "ab" * 32, 7, 10, ORIGIN, MADE_AT)
DAYS = np.arange("2030-03-01", "2030-03-04", dtype="datetime64[D]")
RISING = np.arange(len(FILE_LEVELS), dtype=np.float64)
FORECAST = ForecastFile(
    ORIGIN,
    (
        Series("people_tonight", "a", DAYS, np.array([RISING, RISING * 2, RISING * 0])),
        Series("arrived_by", "b", DAYS, np.array([0, 0.25, 1.0])),
        Series("returned_cumulative", JOURNEY_LOCATION, DAYS[1:], np.array([RISING, RISING + 0.5])),
    ),
)


def as_rows(forecast):
    return {(row.target, row.location): (row.days.tolist(), row.values.tolist()) for row in forecast.series}


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_what_is_written_is_read_again(tmp_path, ending):
    path = tmp_path / f"hub.{ending}"
    assert write_forecast_file(FORECAST, path, STAMP) == [path, tmp_path / "hub.stamp.json"]
    for given_path in (path, tmp_path):  # the file, and the folder that it is in
        found = read_forecast_file(given_path, locations=("a", "b"))
        assert as_rows(found) == as_rows(FORECAST)
        assert (found.origin_date, found.levels) == (ORIGIN, FILE_LEVELS)
    assert read_forecast_stamp(path)["scenario_hash"] == "ab" * 32
    assert (read_forecast_stamp(path)["seed"], read_forecast_stamp(path)["as_of"]) == (7, "2030-03-01")


@given(
    people=st.lists(st.floats(0, 1e6).map(lambda value: round(value, 4)), min_size=21, max_size=21),
    chances=st.lists(st.integers(0, 10_000), min_size=3, max_size=3),
)
def test_any_forecast_is_read_as_it_was_written(tmp_path_factory, people, chances):
    """Four digits are kept; nothing is moved to another day, level or place."""
    ordered = np.sort(np.array([people, people[::-1], people]), axis=1) * np.array([[1], [2], [0]])
    made = ForecastFile(
        ORIGIN,
        (
            Series("arrived_by", "x, y", DAYS, np.sort(np.array(chances)) / 10_000),
            Series("arrivals_today", "z", DAYS, np.round(ordered, 4)),
        ),
    )
    folder = tmp_path_factory.mktemp("hub")
    fill_forecast_files(made, folder / "hub", stamp_record(STAMP))
    assert as_rows(read_forecast_file(folder / "hub.csv")) == as_rows(made)
    assert as_rows(read_forecast_file(folder / "hub.parquet")) == as_rows(made)


def test_columns_and_cells_are_those_of_hubs(tmp_path):
    write_forecast_file(FORECAST, tmp_path / "f.csv", STAMP)
    with (tmp_path / "f.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert tuple(rows[0]) == HUB_COLUMNS
    assert rows[1] == ["2030-03-01", "a", "people_tonight", "2030-03-01", "quantile", "0.025", "0"]
    assert ["2030-03-01", "b", "arrived_by", "2030-03-02", "cdf", "2030-03-02", "0.25"] in rows
    assert len(rows) == 1 + FORECAST.rows == 1 + 3 * 21 + 3 + 2 * 21
    write_forecast_file(FORECAST, tmp_path / "f.parquet", STAMP, overwrite=True)
    assert pq.read_table(tmp_path / "f.parquet").num_rows == FORECAST.rows


def changed(tmp_path, old, new):
    """Write the forecast, change a text in it once, and return the path."""
    path = tmp_path / "hub.csv"
    write_forecast_file(FORECAST, path, STAMP)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


# Line 2 is people_tonight of a on the first day at 0.025, line 9 at 0.35; line 65 is arrived_by of b on the first day.
FAULTS = [
    ("location,target,", "loction,target,", "unknown-column", "hub.csv:1", "Did you mean 'location'?"),
    ("a,people_tonight,", "a,people_tonigth,", "unknown-target", "hub.csv:2", "Did you mean 'people_tonight'?"),
    ("b,arrived_by", "bb,arrived_by", "unknown-place", "hub.csv:65", "unknown location 'bb'"),
    ("_journey", "a", "unknown-place", "hub.csv:68", "cannot be at 'a'"),
    ("quantile,0.35,7", "quantile,0.33,7", "unknown-level", "hub.csv:9", "'0.33' is not a quantile level"),
    ("quantile,0.35,7", "cdf,0.35,7", "unknown-option", "hub.csv:9", "Write 'quantile'."),
    ("quantile,0.35,7", "quantile,0.35,5", "quantiles-cross", "hub.csv:9", "on 2030-03-01 at 0.35 is below"),
    ("quantile,0.35,7", "quantile,0.35,-1", "out-of-bounds", "hub.csv:9", "value -1 is below 0"),
    ("quantile,0.35,7", "quantile,0.35,", "bad-number", "hub.csv:9", "'' in value is not a number"),
    ("quantile,0.35,7", "quantile,0.35,nan", "bad-number", "hub.csv:9", "'nan' in value"),
    ("quantile,0.35,7", "quantile,0.3,6", "duplicate-row", "hub.csv:9", "is in the file twice"),
    ("quantile,0.35,7", "quantile,0.3,6", "missing-level", "hub.csv:2", "on 2030-03-01 lacks the levels 0.35."),
    ("quantile,0.35,7", "quantile,0.35,7,8", "ragged-row", "hub.csv:9", "8 cells"),
    ("cdf,2030-03-02,0.25", "cdf,2030-03-02,1.25", "out-of-bounds", "hub.csv:66", "chance 1.25 is above 1"),
    ("cdf,2030-03-03,1", "cdf,2030-03-03,0.2", "quantiles-cross", "hub.csv:67", "is below the day before"),
    ("cdf,2030-03-02,0.25", "cdf,2030-03-03,0.25", "bad-date", "hub.csv:66", "is not the target_end_date"),
    ("cdf,2030-03-02,0.25", "cdf,2,0.25", "bad-date", "hub.csv:66", "output_type_id '2'"),
    ("2030-03-01,b", "2030-02-30,b", "bad-date", "hub.csv:65", "'2030-02-30' in origin_date"),
    ("2030-03-01,b", "2030-02-28,b", "range-order", "hub.csv:65", "One file has one as-of date."),
    ("people_tonight,2030-03-03", "people_tonight,2030-02-01", "range-order", "hub.csv:44", "before the origin date"),
]


@pytest.mark.parametrize(("old", "new", "kind", "where", "said"), FAULTS)
def test_a_fault_is_named_with_its_line(tmp_path, old, new, kind, where, said):
    with pytest.raises(ScenarioError) as caught:
        read_forecast_file(changed(tmp_path, old, new), locations=("a", "b"))
    assert any((row.id, row.where) == (kind, where) and said in str(row) for row in caught.value.findings)


@pytest.mark.parametrize(
    ("old", "new"),
    [("quantile,0.35,7", "quantile,0.35,6"), ("cdf,2030-03-02,0.25", "cdf,2030-03-02,1"), ("01,b,", '01,"b",')],
)
def test_what_is_no_fault_passes(tmp_path, old, new):
    """Two levels may have one value, a chance may reach 1 early, and a cell may be quoted."""
    assert read_forecast_file(changed(tmp_path, old, new), locations=("a", "b")).rows == FORECAST.rows


def test_many_faults_of_a_kind_are_counted(tmp_path):
    path = changed(tmp_path, "a,people", "a,people")
    path.write_text(path.read_text(encoding="utf-8").replace("people_tonight", "people"), encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        read_forecast_file(path)
    assert len(caught.value.findings) == 11  # ten rows, and the number of the others
    assert "and 53 more rows from hub.csv:12 on" in str(caught.value)  # 63 rows in all


def test_a_file_that_is_none(tmp_path):
    with pytest.raises(InputFileError, match=r"no file"):
        read_forecast_file(tmp_path / "hub.csv")
    with pytest.raises(InputFileError, match=r"neither 'hub\.parquet' nor"):
        read_forecast_file(tmp_path)
    for ending in ("csv", "parquet"):
        (tmp_path / f"hub.{ending}").write_bytes(b"\xff\xfe\x00")
        with pytest.raises(ScenarioError, match="unreadable-file"):
            read_forecast_file(tmp_path / f"hub.{ending}")
    (tmp_path / "hub.csv").write_text(",".join(HUB_COLUMNS) + "\n", encoding="utf-8")
    with pytest.raises(InputFileError, match="no rows"):
        read_forecast_file(tmp_path / "hub.csv")


def test_nothing_is_written_over(tmp_path):
    stamp_beside(tmp_path / "hub.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputExistsError):
        write_forecast_file(FORECAST, tmp_path / "hub.csv", STAMP)
    assert not (tmp_path / "hub.csv").exists()
    with pytest.raises(InvalidValueError, match="ends neither"):
        write_forecast_file(FORECAST, tmp_path / "hub.txt", STAMP)


@pytest.mark.parametrize(
    ("series", "said"),
    [
        (Series("people_tonight", "a", DAYS, np.array([RISING[::-1]] * 3)), "quantiles cross"),
        (Series("people_tonight", "a", DAYS, np.array([RISING - 1] * 3)), "below 0"),
        (Series("people_tonight", "a", DAYS, np.array([RISING * np.nan] * 3)), "missing"),
        (Series("people_tonight", "a", DAYS[::-1], np.array([RISING] * 3)), "not in order"),
        (Series("people_tonight", "a", DAYS - 1, np.array([RISING] * 3)), "from the origin date"),
        (Series("people_tonight", "a", DAYS, RISING), "shape"),
        (Series("people_tonight", JOURNEY_LOCATION, DAYS, np.array([RISING] * 3)), "belongs to a place"),
        (Series("stayed_cumulative", "a", DAYS, np.array([RISING] * 3)), "belongs to '_journey'"),
        (Series("arrived_by", "a", DAYS, np.array([0, 1, 1.1])), "above 1"),
        (Series("arrived_by", "a", DAYS, np.array([0, 1, 0.9])), "fall"),
    ],
)
def test_no_impossible_forecast_can_be_made(series, said):
    with pytest.raises(InvalidValueError, match=said):
        ForecastFile(ORIGIN, (series,))


def test_levels_and_targets_of_a_forecast():
    rows = Series("people_tonight", "a", DAYS, np.array([np.arange(13.0)] * 3))
    assert ForecastFile(ORIGIN, (rows,), REQUIRED_LEVELS).find("people_tonight", "a") is rows
    with pytest.raises(InvalidValueError, match="cannot have the levels"):
        ForecastFile(ORIGIN, (), REQUIRED_LEVELS[1:])
    with pytest.raises(UnknownNameError, match="people_tonight"):
        ForecastFile(ORIGIN, (Series("people_to_night", "a", DAYS, np.array([RISING] * 3)),))


def test_tasks_say_what_is_forecast(tmp_path):
    """One group of tasks per kind of location and output; its days and levels are those of the file."""
    record = tasks_record(ORIGIN, dt.date(2030, 3, 3), places=("b", "a"))
    write_tasks(tmp_path / TASKS_FILE, record)
    read = json.loads((tmp_path / TASKS_FILE).read_text(encoding="utf-8"))
    tasks = {name: task for task in read["rounds"][0]["model_tasks"] for name in task["task_ids"]["target"]["optional"]}
    assert len(tasks) == 10
    assert tasks["people_tonight"]["task_ids"]["location"]["optional"] == ["a", "b"]
    assert tasks["still_together"]["task_ids"]["location"]["optional"] == [JOURNEY_LOCATION]
    days = ["2030-03-01", "2030-03-02", "2030-03-03"]
    assert tasks["arrived_by"]["output_type"]["cdf"]["output_type_id"]["required"] == days
    assert tasks["arrivals_today"]["output_type"]["quantile"]["output_type_id"]["required"] == list(FILE_LEVELS)
    with pytest.raises(UnknownNameError, match="registered"):
        tasks_record(ORIGIN, ORIGIN, places=("a",), targets=("registred",))

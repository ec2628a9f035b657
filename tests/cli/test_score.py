"""``posada score``: what a person sees, and every way to ask wrongly."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
from pathlib import Path

import numpy as np
import pytest

from posada.io.hub import write_forecast_file
from posada.model.forecast_file import ForecastFile, Series
from posada.model.outlook import Stamp
from tests.made_up import write_made_up

ORIGIN = dt.date(2030, 3, 3)
DAYS = np.arange("2030-03-03", "2030-03-11", dtype="datetime64[D]")
STAMP = Stamp("0.1.0", "made-up", "Made up", "ab" * 32, 7, 10, ORIGIN, dt.datetime(2030, 3, 3, tzinfo=dt.UTC))
TRUTH = """\
target,location,target_end_date,value,value_low,value_high,published
people_tonight,birch,2030-03-05,1000,900,1100,2030-03-06
people_tonight,birch,2030-03-06,900,,,2030-03-07
people_tonight,birch,2030-03-03,950,,,2030-03-03
people_tonight,nowhere,2030-03-06,1,,,2030-03-07
arrived_by,birch,2030-03-04,1,,,2030-03-05
"""


def forecast(middle: float, origin: dt.date = ORIGIN) -> ForecastFile:
    spread = middle * (0.9 + 0.01 * np.arange(21))
    return ForecastFile(
        origin,
        (
            Series("people_tonight", "birch", DAYS, np.tile(spread, (DAYS.size, 1))),
            Series("arrived_by", "birch", DAYS, np.linspace(0.3, 1, DAYS.size)),
        ),
    )


@pytest.fixture(autouse=True)
def _files(tmp_path):
    """Be in a folder with two forecasts and what happened."""
    write_forecast_file(forecast(1000), tmp_path / "f.csv", STAMP)
    write_forecast_file(forecast(500), tmp_path / "other.parquet", STAMP)
    (tmp_path / "truth.csv").write_text(TRUTH, encoding="utf-8")


def test_what_a_person_reads(run):
    done = run("score", "f.csv", "truth.csv", "--baseline", "other.parquet")
    assert done.code == 0
    assert done.out.startswith("f.csv as of 2030-03-03, scenario abababab\n")
    assert "1 rows of the truth were public on that date; they are not scored." in done.out
    assert "1 rows of the truth have no forecast; they are not scored." in done.out
    # Observed: 1,000 and 900, median 1,000; bands 950 to 1,050 and 900 to 1,100, of which 900 is the very end, where
    # nobody knows how far it reaches below. ARD: 0 on one day, 100 / 900 on the other.
    pattern = r"^people_tonight +2 +950 +\d+ +\d+ +50 +50% +50% +100% +50%/50%/50% +0\.06$"
    assert re.search(pattern, done.out, flags=re.MULTILINE)
    assert re.search(r"^arrived_by +1 +1\.0 d ", done.out, flags=re.MULTILINE)
    assert re.search(r"^people_tonight +1 +0\.\d\d$", done.out, flags=re.MULTILINE)  # beside 'other', one block of days
    assert done.out.endswith("Nothing was written; --out DIR writes the scores as CSV, Parquet and JSON.\n")


def test_files_carry_scores_and_stamp(run):
    done = run("score", "f.csv", ".", "--baseline", "other.parquet", "--out", "out", "--seed", "3")
    assert done.code == 0
    assert "Written to out: stamp.json, scores.csv, scores.json" in done.out
    record = json.loads(Path("out/scores.json").read_text(encoding="utf-8"))
    assert (record["stamp"]["scenario_hash"], record["stamp"]["as_of"], record["stamp"]["seed"]) == (
        "ab" * 32,
        "2030-03-03",
        3,
    )
    people = next(row for row in record["targets"] if row["target"] == "people_tonight")
    assert (people["rows"], people["left_out"]) == (2, {"known": 1, "not forecast": 1})
    assert people["skills"]["other"]["ratio"] < 0.5  # 1,000 is nearer to 1,000 and 900 than 500 is
    with Path("out/skills.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["target"], row["naive_forecast"]) for row in rows] == [
        ("people_tonight", "other"),
        ("arrived_by", "other"),
    ]


def test_naive_forecasts_of_a_journey(run, tmp_path):
    """The reports of the scenario up to the date make them."""
    write_made_up(tmp_path / "made-up")
    done = run("score", "f.csv", "truth.csv", "--scenario", "made-up", "--horizon", "2")
    assert done.code == 0, done.err
    assert "keep pace" in done.out
    assert "are of days beyond the horizon" in done.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("g.csv", "truth.csv"), "no file 'g.csv'"),
        (("f.csv", "f.csv"), "unknown column 'origin_date'"),
        (("f.csv", "truth.csv", "--block-days", "0"), "at least 1"),
        (("f.csv", "truth.csv", "--baseline", "later.csv"), "as of 2030-03-02"),
        (("f.csv", "elsewhere.csv"), "no row of 'elsewhere.csv' is forecast"),
        (("f.csv", "truth.csv", "--out", "."), "is the folder you are in"),
    ],
)
def test_what_is_asked_wrongly(run, words, said, tmp_path):
    write_forecast_file(forecast(1, dt.date(2030, 3, 2)), tmp_path / "later.csv", STAMP)
    (tmp_path / "elsewhere.csv").write_text(TRUTH.replace("birch", "cedar"), encoding="utf-8")
    done = run("score", *words)
    assert done.code == 2
    assert said in done.err
    assert "Traceback" not in done.err

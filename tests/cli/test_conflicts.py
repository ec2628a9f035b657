"""``posada calibrate`` and ``posada validate --from-day``: what they print, and what they refuse."""

from __future__ import annotations

import datetime as dt

import pytest

from posada.io.conflict_evidence import evidence_texts
from posada.ops.conflict_calibration import CalibrationRequest
from tests.conflicts import START, made_evidence, write_conflict


@pytest.fixture
def evidence(tmp_path):
    folder = tmp_path / "learned"
    folder.mkdir()
    for name, text in evidence_texts(made_evidence()).items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return folder


def test_validate_from_a_day_on(run, tmp_path, evidence):
    folder = write_conflict(tmp_path / "made-up")
    done = run(
        "validate", str(folder), "--from-day", "36", "--members", "10", "--learned", str(evidence), "--out", "out"
    )
    assert done.code == 0, done.err
    assert "Forecast from day 36 on, 10 members, seed 1" in done.out
    known, forecast = done.out.split("Nothing known that was published later")
    assert "/ last shares, totals known" in known
    assert "/ last pace" in forecast
    assert "hub_made-up.csv" in done.out
    assert (tmp_path / "out" / "hub_made-up.csv").is_file()


def test_from_the_first_day_there_is_no_forecast_without_totals(run, tmp_path, evidence):
    folder = write_conflict(tmp_path / "made-up")
    done = run("validate", str(folder), "--from-day", "0", "--members", "4", "--learned", str(evidence))
    assert done.code == 0, done.err
    assert "Totals of all days and conflict known" in done.out
    assert "Nothing known that was published later" not in done.out
    assert "Nothing was written" in done.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--from-day", "75"), "--from-day is 75"),
        (("--from-day", "-1"), "--from-day is -1"),
        (("--learned", "learned"), "Give --from-day as well"),
        (("--from-day", "5", "--learned", "nowhere"), "'posada calibrate' writes"),
    ],
)
def test_what_cannot_be_is_refused(run, tmp_path, words, said):
    done = run("validate", str(write_conflict(tmp_path / "made-up")), *words)
    assert done.code == 2
    assert said in " ".join(done.err.split())


def test_calibrate_needs_two_conflicts(run, tmp_path):
    done = run("calibrate", str(write_conflict(tmp_path / "made-up")))
    assert done.code == 2
    assert "Name at least two" in done.err


def test_calibrate_says_what_it_learned(run, tmp_path):
    start = START + dt.timedelta(days=7)
    folders = (write_conflict(tmp_path / "one", name="one"), write_conflict(tmp_path / "two", name="two", start=start))
    assert f"Default: {CalibrationRequest(()).draws}." in " ".join(run("calibrate", "--help").out.split())
    done = run("calibrate", *map(str, folders), "--draws", "48")
    assert done.code == 0, done.err
    assert "48 sets of numbers, each run on one, two" in done.out
    assert "distance_power" in done.out
    assert "slowing_days" in done.out
    assert "Spread of members: arrivals_sigma" in done.out

"""Forecasts of conflicts from a day on: no look ahead, the same on any number of threads, files, validation."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json

import numpy as np
import pytest

from posada.forecast.conflict_numbers import LEARNED_NUMBERS
from posada.forecast.conflict_totals import TOTAL_NUMBERS
from posada.io.bundled import bundled_flee
from posada.io.conflict_evidence import bundled_evidence, evidence_texts, read_evidence
from posada.io.hub_forecast import read_forecast_file
from posada.io.stamp import read_stamp
from posada.model.errors import InputFileError, InvalidValueError
from posada.ops.conflict_calibration import CalibrationRequest, calibrate_all
from posada.ops.conflict_forecast import forecast_conflict, write_conflict_forecast
from posada.ops.conflict_validation import ConflictRequest, validate_conflicts
from tests.conflicts import CEDAR, DOGWOOD, START, made_evidence, read_conflict, write_conflict

MADE_AT = dt.datetime(2031, 1, 1, tzinfo=dt.UTC)
DAY = 36


def test_not_a_byte_depends_on_what_came_later(tmp_path):
    """Registrations after day 36 and conflict after it are others, and so is their number; the files are the same."""
    later = {at: people * (7 if at > DAY else 1) for at, people in CEDAR.items()} | {75: 9999}
    written = []
    for name, cedar in (("one", CEDAR), ("two", later)):
        scenario = read_conflict(tmp_path / name, cedar=cedar)
        if name == "two":
            more = dataclasses.replace(scenario.conflicts[-1], date=START + dt.timedelta(days=50), intensity=1.0)
            scenario = scenario.replace(conflicts=(*scenario.conflicts, more))
        forecast = forecast_conflict(scenario, DAY, members=12, learned=made_evidence())
        out = tmp_path / f"out-{name}"
        write_conflict_forecast(forecast, scenario, out, made_at=MADE_AT)
        written.append({path.name: path.read_bytes() for path in sorted(out.iterdir())})
    assert written[0].keys() == {"stamp.json", "hub.csv", "hub.parquet", "tasks.json"}
    assert written[0] == written[1]
    earlier = read_conflict(tmp_path / "three", cedar=CEDAR | {30: 331})
    forecast = forecast_conflict(earlier, DAY, members=12, learned=made_evidence())
    write_conflict_forecast(forecast, earlier, tmp_path / "out-three", made_at=MADE_AT)
    assert (tmp_path / "out-three" / "hub.csv").read_bytes() != written[0]["hub.csv"]


def test_a_forecast_by_its_parts(tmp_path):
    scenario = read_conflict(tmp_path / "made-up")
    told = []
    one = forecast_conflict(
        scenario, DAY, members=30, learned=made_evidence(), progress=lambda done, whole: told.append((done, whole))
    )
    assert told[-1] == (72, 72)  # 48 sets over the first days, and the 24 that are kept
    assert one.dates[0] == one.as_of == START + dt.timedelta(days=DAY)
    assert one.people.shape == (30, 40, 2)
    assert one.first_days_used == DAY
    assert one.learned_from == ("elsewhere", "nowhere")
    two = forecast_conflict(scenario, one.as_of, members=30, workers=2, learned=made_evidence())
    assert (one.people == two.people).all()
    assert not (
        one.people == forecast_conflict(scenario, DAY, members=30, seed=2, learned=made_evidence()).people
    ).all()
    # Everybody counted on the day is still there, but for the error of counts; the bands grow.
    counted = np.array([330.0 + 90 * 6 / 10, 200.0])
    assert one.people[:, 0].sum(axis=1).mean() == pytest.approx(330 + 200, rel=0.1)
    assert (np.abs(one.people[:, 0].mean(axis=0) / counted - 1) < 0.3).all()
    assert one.people[:, -1].std(axis=0).sum() > one.people[:, 0].std(axis=0).sum()


def test_with_totals_known_members_add_up_to_them(tmp_path):
    scenario = read_conflict(tmp_path / "made-up")
    forecast = forecast_conflict(scenario, 0, members=10, totals_known=True, learned=made_evidence())
    totals = forecast.people.sum(axis=2)
    assert totals == pytest.approx(np.repeat(totals[:1], 10, axis=0))
    assert totals[0, [0, 60]] == pytest.approx([140, 760])
    assert forecast.first_days_used == 0
    assert forecast.totals_known


@pytest.mark.parametrize("day", [-1, 75])
def test_a_day_that_is_not_there_is_refused(tmp_path, day):
    with pytest.raises(InvalidValueError, match="from 0 to 74"):
        forecast_conflict(read_conflict(tmp_path / "made-up"), day, learned=made_evidence())


def test_the_file_says_what_the_members_say(tmp_path):
    scenario = read_conflict(tmp_path / "made-up")
    hidden = tuple(
        dataclasses.replace(place, sensitive=True) if place.id == "dogwood" else place for place in scenario.places
    )
    scenario = scenario.replace(places=hidden)
    forecast = forecast_conflict(scenario, DAY, members=21, learned=made_evidence())
    write_conflict_forecast(forecast, scenario, tmp_path / "out", made_at=MADE_AT)
    file = read_forecast_file(tmp_path / "out")
    (series,) = file.series
    assert (series.target, series.location, series.days.size) == ("registered", "cedar", 40)
    middle = file.levels.index(0.5)
    assert series.values[:, middle] == pytest.approx(np.median(forecast.people[:, :, 0], axis=0), abs=1e-3)
    assert "dogwood" not in (tmp_path / "out" / "tasks.json").read_text(encoding="utf-8")
    stamp = read_stamp(tmp_path / "out")
    assert (stamp["as_of"], stamp["totals_known"]) == ("2030-04-06", False)


@pytest.fixture(scope="module")
def learned(tmp_path_factory):
    """What two small conflicts teach: the second is a fortnight later and its people go elsewhere."""
    home = tmp_path_factory.mktemp("learned")
    other = START + dt.timedelta(days=14)
    folders = (
        write_conflict(home / "one"),
        write_conflict(home / "two", name="other", start=other, cedar=DOGWOOD, dogwood=CEDAR),
    )
    request = CalibrationRequest(tuple(map(str, folders)), draws=48, workers=1, out=home / "out")
    return folders, calibrate_all(request, made_at=MADE_AT), home / "out"


def test_calibration_writes_what_it_learned(learned):
    _, answer, out = learned
    assert {path.name for path in answer.files} == {"stamp.json", *evidence_texts(answer.learned)}
    read = read_evidence(out)
    assert [row.id for row in read.movement.conflicts] == ["made-up", "other"]
    for name in ("movement", "totals", "spread", "spread_coverage"):
        whole, again = getattr(answer.learned, name), getattr(read, name)
        assert again.names == whole.names
        assert again.values == pytest.approx(whole.values, rel=1e-5)
        assert again.errors == pytest.approx(whole.errors, rel=1e-5)
    assert read.movement.errors.min() >= 0
    assert read.movement.errors.max() <= 2
    assert ((read.spread_coverage.errors >= 0) & (read.spread_coverage.errors <= 1)).all()
    assert not (read.movement.errors[:, 0] == read.movement.errors[:, 1]).all()


def test_validation_scores_both_ways_and_writes_forecasts(learned, tmp_path):
    folders, _, evidence = learned
    names = tuple(map(str, folders))
    request = ConflictRequest(names, DAY, members=20, workers=1, out=tmp_path / "out", learned=evidence)
    answer = validate_conflicts(request, made_at=MADE_AT)
    assert [(row.scenario, row.totals_known) for row in answer.scores] == [
        ("made-up", True),
        ("made-up", False),
        ("other", True),
        ("other", False),
    ]
    assert {row.learned_from for row in answer.scores} == {("made-up",), ("other",)}
    for row in answer.scores:
        assert 0 <= row.difference <= 2
        assert {"last value", "last pace", "last ratio"} <= set(row.skills)
    known, forecast = answer.scores[:2]
    assert known.total_error == pytest.approx(0, abs=1e-9)
    assert forecast.total_error > 0
    assert set(known.naive_differences) == {"last shares, totals known"}  # dogwood has no stated capacity
    assert [row.totals_known for row in answer.over_all] == [True, False]
    assert answer.over_all[0].difference == pytest.approx((known.difference + answer.scores[2].difference) / 2)
    assert {path.name for path in answer.files} >= {"conflicts.csv", "conflicts.json", "hub_made-up.csv"}
    whole = json.loads((tmp_path / "out" / "conflicts.json").read_text(encoding="utf-8"))
    assert whole["scores"][1]["difference"] == pytest.approx(forecast.difference)
    assert read_forecast_file(tmp_path / "out" / "hub_other.csv").origin_date == START + dt.timedelta(days=14 + DAY)


def test_what_cannot_be_learned_from_is_refused(tmp_path):
    one = str(write_conflict(tmp_path / "one"))
    with pytest.raises(InvalidValueError, match="at least two"):
        calibrate_all(CalibrationRequest((one,)))
    with pytest.raises(InvalidValueError, match="at least 48"):
        calibrate_all(CalibrationRequest((one, one), draws=47))
    with pytest.raises(InvalidValueError, match="two scenarios are called 'made-up'"):
        calibrate_all(CalibrationRequest((one, one), draws=48))
    with pytest.raises(InvalidValueError, match="two scenarios are called 'made-up'"):
        validate_conflicts(ConflictRequest((one, one), DAY))
    late = str(write_conflict(tmp_path / "late", name="late", cedar={60: 100}, dogwood={}))
    with pytest.raises(InvalidValueError, match="'late' is too short, or was counted too late"):
        calibrate_all(CalibrationRequest((one, late), draws=48, out=tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_bundled_evidence_is_of_the_bundled_conflicts():
    learned = read_evidence(bundled_evidence())
    assert {row.id for row in learned.movement.conflicts} == set(bundled_flee())
    assert learned.movement.names == tuple(row.name for row in LEARNED_NUMBERS)
    assert learned.totals.names == tuple(row.name for row in TOTAL_NUMBERS)
    for table, numbers in ((learned.movement, LEARNED_NUMBERS), (learned.totals, TOTAL_NUMBERS)):
        for at, number in enumerate(numbers):
            assert table.values[:, at].min() >= number.low * (1 - 1e-5)
            assert table.values[:, at].max() <= number.high * (1 + 1e-5)


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("movement.csv", "error nowhere", "error nowere", "movement.csv:1: .*error nowhere"),
        ("totals.csv", "\n0", "\nzero", "totals.csv:2: 'zero"),
        ("conflicts.csv", "2001-01-01", "2001-13-01", "conflicts.csv:2: .*YYYY-MM-DD"),
        ("spread.csv", "0.2,0.2", "0.2", "spread.csv:2: there are 3 cells, expected 4"),
    ],
)
def test_a_spoilt_file_is_named_with_its_line(tmp_path, name, old, new, said):
    for file, text in evidence_texts(made_evidence()).items():
        whole = text.replace("\r\n", "\n")
        if file == "totals.csv":
            head, first, *rest = whole.split("\n")
            whole = "\n".join([head, "0" + first[first.index(",") :], *rest])
        (tmp_path / file).write_text(whole, encoding="utf-8")
    assert read_evidence(tmp_path).movement.draws == 60
    text = (tmp_path / name).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputFileError, match=said):
        read_evidence(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(InputFileError, match=f"has no {name}"):
        read_evidence(tmp_path)

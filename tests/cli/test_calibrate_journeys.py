"""``posada calibrate`` of past journeys: what it prints and writes, and what it refuses."""

from __future__ import annotations

import csv

import pytest

from posada.io.folder import read_scenario
from posada.io.stamp import read_stamp
from tests.past_journeys import write_past_journeys


def rows_of(path):
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def test_what_was_learned_is_told_and_written(run, tmp_path):
    write_past_journeys(tmp_path / "past")
    done = run("calibrate", "past", "--scenario", "valley", "--out", "out")
    assert done.code == 0, done.err
    assert "6 readings, 3 journeys; for a journey that is let pass." in done.out
    assert "walk_km_per_day" in done.out
    assert "and not in the table: 2." in done.out  # uptake, and the spread of stages
    learned = {row["parameter"]: row for row in rows_of(tmp_path / "out/learned.csv")}
    assert learned["walk_km_per_day"]["journeys"] == "2"
    assert learned["progress_weight"]["readings"] == "0"
    scores = rows_of(tmp_path / "out/left_out.csv")
    assert {row["journey"] for row in scores} == {"one", "two", "three"}
    assert read_stamp(tmp_path / "out")["options"]["handled"] == "passed"


def test_the_scenario_that_is_written_goes_by_what_was_learned(run, tmp_path):
    write_past_journeys(tmp_path / "past")
    assert run("calibrate", "past", "--scenario", "valley", "--out", "out").code == 0
    scenario, plain = read_scenario(tmp_path / "out" / "scenario"), read_scenario("valley")
    walked = next(row for row in scenario.parameters if row.name == "walk_km_per_day")
    assert walked.source == ("other_a", "other_b", "project_assumption")
    assert {row.id for row in scenario.sources} >= {"other_a", "other_b", "project_assumption"}
    told = {"walk_km_per_day", "walk_km_day_sigma", "rest_probability_per_day", "site_uptake_share"}
    kept = {row for row in plain.parameters if row.name not in told}
    assert {row for row in scenario.parameters if row.name not in told} == kept
    assert (scenario.procedure, scenario.destinations) == (plain.procedure, plain.destinations)


def test_a_journey_is_left_out_on_request(run, tmp_path):
    write_past_journeys(tmp_path / "past")
    done = run("calibrate", "past", "--scenario", "valley", "--without", "two", "--handled", "held_back")
    assert done.code == 0, done.err
    assert "4 readings, 2 journeys, without two; for a journey that is held back by force or escorts." in done.out
    assert "Nothing was written" in done.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("past", "--without", "tow"), "unknown journey 'tow'. Did you mean 'two'?"),
        (("past", "--handled", "pass"), "Did you mean 'passed'?"),
        (("past", "--handled", "border"), "unknown way in which a journey is handled 'border'"),
        (("past", "--draws", "50"), "--draws is for conflicts"),
        (("past", "mali2012"), "'mali2012' has no journeys.csv"),
        (("past", "--scenario", "mali2012"), "'mali2012' is a conflict"),
        (("past", "--scenario", "vally"), "Did you mean 'valley'?"),
        (("mali2012", "burundi2015", "--without", "two"), "--without is for folders of past journeys"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(run, tmp_path, words, said):
    write_past_journeys(tmp_path / "past")
    done = run("calibrate", *words, "--out", "out")
    assert done.code == 2, done.out
    assert said in done.err
    assert not (tmp_path / "out").exists()


def test_a_reading_of_what_the_scenario_does_not_have(run, tmp_path):
    change = ("readings.csv", "site_uptake_share,three", "procedure.pemits,three")
    write_past_journeys(tmp_path / "past", change)
    done = run("calibrate", "past", "--scenario", "valley")
    assert done.code == 2
    assert "readings.csv:7: 'pemits' is no transition of the scenario 'valley'" in done.err

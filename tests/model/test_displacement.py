"""Dispersed movement in a scenario: every fault is found where it stands, and not in the nearest good case."""

# ruff: noqa: E501  tables of cases read best with one case on a line

from __future__ import annotations

import dataclasses
from typing import NamedTuple

import pytest

from posada.io.folder import read_folder
from posada.model.errors import ScenarioError
from posada.model.findings import Finding, Severity
from tests.displaced import FILES, SETTINGS, read_displaced, spoil, write_displaced
from tests.made_up import read_made_up


class Case(NamedTuple):
    """A fault in one file: which finding says so, where, what it names, and a change that is no fault."""

    id: str
    file: str
    old: str
    bad: str
    where: str
    names: str
    good: str


CASES = (
    Case("unknown-key", "scenario.toml", "awareness_steps", "awarenes_steps", "scenario.toml:8", "'awareness_steps'", "awareness_steps "),
    Case("unknown-option", "scenario.toml", '"posada"', '"flea"', "scenario.toml:7", "'flee'", '"flee"'),
    Case("out-of-bounds", "scenario.toml", "steps = 2", "steps = 7", "scenario.toml:8", "'awareness_steps'", "steps = 6"),
    Case("out-of-bounds", "scenario.toml", "[1.0, 0.5]", "[1.0, -0.5]", "scenario.toml:9", "'conflict_decay'", "[1.0]"),
    Case("bad-text", "scenario.toml", "[1.0, 0.5]", "{a = 1}", "scenario.toml:9", "'conflict_decay'", "1.0"),
    Case("bad-number", "scenario.toml", "[1.0, 0.5]", '["much"]', "scenario.toml:9", "'much'", '["0.5"]'),
    Case("bad-yes-no", "scenario.toml", "population = true", "population = 2", "scenario.toml:10", "'2'", 'population = "yes"'),
    Case("out-of-bounds", "scenario.toml", "steps = 2", "steps = 2\nharvest_months = [13]", "scenario.toml:9", "13", "steps = 2\nharvest_months = [12]"),
    Case("missing-value", "scenario.toml", "steps = 2", 'steps = 2\nspawn_mode = "constant"', "scenario.toml:6", "'displaced_per_conflict_day'", 'steps = 2\nspawn_mode = "constant"\ndisplaced_per_conflict_day = 50'),
    Case("out-of-bounds", "scenario.toml", "steps = 2", 'steps = 2\nspawn_mode = "population_share"\ndisplaced_per_conflict_day = 1.1', "scenario.toml:10", "1.1", 'steps = 2\nspawn_mode = "population_share"\ndisplaced_per_conflict_day = 1'),
    Case("missing-value", "scenario.toml", "steps = 2", "steps = 2\nspawn_by_high_water = true", "scenario.toml:6", "'displaced_per_high_water_day'", "steps = 2\nspawn_by_high_water = true\ndisplaced_per_high_water_day = [0, 0.1, 0.2]"),
    Case("missing-value", "scenario.toml", "steps = 2", "steps = 2\nhigh_water_rules = true\nhigh_water_weights = [1, 1]", "scenario.toml:6", "'high_water_move_chances'", "steps = 2\nhigh_water_rules = true\nhigh_water_weights = [1, 1]\nhigh_water_move_chances = [1, 1]"),
    Case("missing-value", "scenario.toml", "steps = 2", "steps = 2\nhigh_water_forecast = true\nhigh_water_forecast_weights = [1]", "scenario.toml:6", "'high_water_awareness_weights'", "steps = 2\nhigh_water_forecast = true\nhigh_water_forecast_weights = [1]\nhigh_water_awareness_weights = [1]"),
    Case("unknown-place", "conflicts.csv", "birch,2030-03-04", "brich,2030-03-04", "conflicts.csv:3", "'birch'", "birch,2030-03-05"),
    Case("out-of-bounds", "conflicts.csv", "0.5", "1.5", "conflicts.csv:3", "1.5", "0.7"),
    Case("duplicate-id", "conflicts.csv", "birch,2030-03-08", "birch,2030-03-04", "conflicts.csv:4", "conflicts.csv:3", "birch,2030-03-05"),
    Case("missing-source", "conflicts.csv", "0.5,events", "0.5,", "conflicts.csv:3", "'source'", "0.5,events;map"),
    Case("outside-journey", "conflicts.csv", "birch,2030-03-08", "birch,2030-03-11", "conflicts.csv:4", "2030-03-11", "birch,2030-02-08"),
    Case("no-origin", "conflicts.csv", "alder,2030-03-01,1,events\nbirch,2030-03-04,0.5", "alder,2030-03-01,0,events\nbirch,2030-03-04,0", "conflicts.csv", "residents", "alder,2030-03-01,0.1,events\nbirch,2030-03-04,0"),
    Case("days-without-origin", "conflicts.csv", "alder,2030-03-01", "alder,2030-03-02", "conflicts.csv", "2030-03-01", "alder,2030-02-28"),
    Case("days-without-origin", "places.csv", "map,North,9000", "map,North,0", "conflicts.csv", "6 days", "map,North,1"),
    Case("missing-value", "reports.csv", "counts,cedar,200", "counts,cedar,", "reports.csv:3", "'value'", "counts,cedar,201"),
    Case("unknown-unit", "reports.csv", "c2,2030-03-05,2030-03-05,registered,people,", "c2,2030-03-05,2030-03-05,registered,km,", "reports.csv:3", "'km'", "c2,2030-03-05,2030-03-05,registered,people ,"),
    Case("duplicate-id", "reports.csv", "counts,cedar,200,", "counts,cedar,200,elm", "reports.csv:3", "'elm'", "counts,cedar,200, "),
    Case("unknown-place", "closures.csv", "country,Here", "country,Hree", "closures.csv:2", "'Here'", "country,There"),
    Case("missing-value", "closures.csv", "events,There", "events,", "closures.csv:2", "'second'", "events,Here"),
    Case("missing-value", "closures.csv", "events,dogwood", "events,", "closures.csv:3", "'second'", "events,birch"),
    Case("unknown-place", "closures.csv", "events,dogwood", "events,dogwod", "closures.csv:3", "'dogwood'", "events,birch"),
    Case("unknown-route", "closures.csv", "events,dogwood", "events,alder", "closures.csv:3", "'alder'", "events,birch"),
    Case("unknown-route", "known_routes.csv", "main,1,birch", "main,3,birch", "known_routes.csv:4", "'cedar'", "main,9,birch,map\nmain,1,birch"),
    Case("closure-without-effect", "closures.csv", "There,2030-03-02", "There,2030-03-05", "closures.csv:2", "same day", "There,2030-03-04"),
    Case("closure-without-effect", "closures.csv", "There,2030-03-02", "There,2030-03-06", "closures.csv:2", "2030-03-05", "There,2030-03-03"),
    Case("closure-without-effect", "closures.csv", "There,2030-03-02,2030-03-05", "There,,", "closures.csv:2", "'closes'", "There,2030-03-02,"),
    Case("closure-without-effect", "closures.csv", "camp,dogwood,events,,2030-03-01,2030-03-03", "camp,birch,events,,2030-03-01,", "closures.csv:4", "'birch'", "camp,birch,events,,2030-03-01,2030-03-03"),
    Case("outside-journey", "closures.csv", "There,2030-03-02,2030-03-05", "There,2030-03-11,", "closures.csv:2", "closure", "There,2030-03-10,2030-03-11"),
    Case("unknown-option", "closures.csv", "country,Here", "contry,Here", "closures.csv:2", "'country'", "country ,Here"),
    Case("unknown-option", "place_changes.csv", "forwarding_hub", "forwarding_hup", "place_changes.csv:2", "'forwarding_hub'", "marker"),
    Case("unknown-place", "conditions.csv", "insecurity,North", "insecurity,Nroth", "conditions.csv:2", "'North'", "insecurity,South"),
    Case("unknown-place", "conditions.csv", "water,birch", "water,brich", "conditions.csv:3", "'birch'", "water,alder"),
    Case("out-of-bounds", "conditions.csv", "03-02,3,", "03-02,5,", "conditions.csv:3", "5", "03-02,4,"),
    Case("bad-number", "demographics.csv", "age,70,0.25", "age,old,0.25", "demographics.csv:3", "'old'", "age,71.5,0.25"),
    Case("bad-distribution", "demographics.csv", "30,1,counts,birch", "30,0,counts,birch", "demographics.csv:4", "'birch'", "30,0.1,counts,birch"),
    Case("correction-without-count", "corrections.csv", "2030-03-06", "2030-03-07", "corrections.csv:2", "2030-03-06", "2030-03-05"),
    Case("correction-without-count", "corrections.csv", "cedar,2030-03-06", "cedar,2030-03-01", "corrections.csv:2", "'cedar'", "cedar,2030-03-05"),
    Case("outside-journey", "corrections.csv", "2030-03-06", "2030-02-06", "corrections.csv:2", "2030-02-06", "2030-03-05"),
    Case("duplicate-id", "routes.csv", "60,road,map,2,35", "60,road,map,1,35", "routes.csv:3", "routes.csv:2", "60,road,map,3,35"),
    Case("duplicate-id", "demographics.csv", "age,70,0.25", "age,30,0.25", "demographics.csv:3", "demographics.csv:2", "age,40,0.25"),
)  # fmt: skip


def found(folder) -> tuple[Finding, ...]:
    """Return all findings about a folder, whether it can be used or not."""
    try:
        return read_folder(folder).check().rows
    except ScenarioError as fault:
        return fault.findings


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.id}: {case.bad[:30]}")
def test_a_fault_is_found_once_where_it_stands_and_named(case, tmp_path):
    rows = found(write_displaced(tmp_path / "bad", spoil(case.file, case.old, case.bad)))
    usual = set(found(write_displaced(tmp_path / "usual")))
    alike = [row for row in rows if row not in usual and row.severity is not Severity.NOTE]
    assert {row.id for row in alike} == {case.id}
    assert alike[0].where == case.where
    assert case.names in f"{alike[0].message} {alike[0].cure}"
    assert alike[0].cure


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.id}: {case.good[:30]}")
def test_the_nearest_good_case_is_let_pass(case, tmp_path):
    rows = found(write_displaced(tmp_path / "good", spoil(case.file, case.old, case.good)))
    assert case.id not in {row.id for row in rows}
    assert not any(row.severity is Severity.ERROR for row in rows)


def test_unspoilt_it_has_notes_only(tmp_path):
    assert {row.severity for row in found(write_displaced(tmp_path))} <= {Severity.NOTE}


@pytest.mark.parametrize(
    ("keys", "left_out", "where"),
    [
        ("", "cdte", "reports.csv"),
        ("sum_from_camps = false", "t", "reports.csv"),
        ("spawn_by_high_water = true\ndisplaced_per_high_water_day = [0, 1]", "high_water", "conditions.csv"),
    ],
)
def test_people_need_something_to_set_out_by(keys, left_out, where, tmp_path):
    """Counts of camps, or of all together, or levels of water; each is enough where it is what is asked for."""
    changed = {"scenario.toml": SETTINGS + keys + "\n", "corrections.csv": None}
    assert not any(row.severity is Severity.ERROR for row in found(write_displaced(tmp_path / "good", changed)))
    lines = FILES[where].splitlines(keepends=True)
    drop = tuple(left_out) if where == "reports.csv" else (left_out,)
    changed[where] = lines[0] + "".join(line for line in lines[1:] if not line.startswith(drop))
    rows = [row for row in found(write_displaced(tmp_path / "bad", changed)) if row.severity is Severity.ERROR]
    assert [(row.id, row.where) for row in rows] == [("no-origin", where)]


def test_groups_and_statuses_are_needed_only_without_movement(tmp_path):
    less = SETTINGS.partition("[movement]")[0]
    rows = found(write_displaced(tmp_path, {"scenario.toml": less}))
    assert [row.where for row in rows if row.id == "missing-file"] == ["groups.csv", "statuses.csv"]


def test_conflicts_without_movement_are_a_fault(tmp_path):
    """With the section and the same tables there is none, as the first test of this file shows."""
    journey, displaced = read_made_up(tmp_path / "a"), read_displaced(tmp_path / "b")
    with pytest.raises(ScenarioError) as caught:
        journey.replace(conflicts=(dataclasses.replace(displaced.conflicts[0], source=("map",)),))
    assert [row.id for row in caught.value.findings] == ["missing-movement"]


def test_a_scenario_has_both_groups_and_movement(tmp_path):
    journey, displaced = read_made_up(tmp_path / "a"), read_displaced(tmp_path / "b")
    rules = dataclasses.replace(displaced.movement, spawn_mode="constant", displaced_per_conflict_day=5.0)
    conflicts = tuple(dataclasses.replace(row, source=("map",)) for row in displaced.conflicts)
    both = journey.replace(movement=rules, conflicts=conflicts)
    assert both.groups == journey.groups
    with pytest.raises(ScenarioError, match=r"missing-file.*statuses.*no rows"):
        both.replace(statuses=(), procedure=())


def test_an_unreadable_scenario_toml_does_not_ask_for_groups(tmp_path):
    rows = found(write_displaced(tmp_path, {"scenario.toml": SETTINGS + "oops"}))
    assert [row.id for row in rows] == ["unreadable-file"]


def test_movement_must_be_a_section(tmp_path):
    text = SETTINGS.partition("[movement]")[0] + 'movement = "flee"\n'
    rows = found(write_displaced(tmp_path, {"scenario.toml": text}))
    assert [(row.id, row.where) for row in rows] == [("bad-text", "scenario.toml:6")]


def test_faults_of_movement_made_in_code_are_named(tmp_path):
    scenario = read_displaced(tmp_path)
    for change, says in (
        ({"awareness_steps": 9}, "scenario 'movement.awareness_steps'"),
        ({"conflict_decay": (1.0, "x")}, "'conflict_decay' cannot hold"),
    ):
        with pytest.raises(ScenarioError, match=says):
            scenario.replace(movement=dataclasses.replace(scenario.movement, **change))


def test_countries_may_have_names_where_people_move_dispersed(tmp_path):
    scenario = read_displaced(tmp_path / "a")
    assert {place.country for place in scenario.places} == {"Here", "There"}
    with pytest.raises(ScenarioError, match="'Here' in 'country' is not a code"):
        read_made_up(tmp_path / "b").replace(places=scenario.places)

"""The bundled conflicts are read without a fault, and nothing of what their files say is lost."""

from __future__ import annotations

import csv

import pytest

from posada.io.bundled import bundled_flee, bundled_flee_settings, home_of_flee
from posada.io.folder import read_scenario, write_scenario
from posada.model.errors import UnknownNameError
from posada.model.findings import Severity

NAMES = ("burundi2015", "car2013", "mali2012", "mali2017_adm1", "nigeria2022_adm2", "ssudan2013")


def rows_of(name: str, file: str) -> list[list[str]]:
    with (home_of_flee() / name / file).open(encoding="utf-8", newline="") as opened:
        return [row for row in csv.reader(opened) if row and not row[0].startswith("#")]


def test_six_conflicts_and_six_settings_come_with_posada():
    assert bundled_flee() == NAMES
    assert set(bundled_flee_settings()) == {
        "awareness2", "classic125", "fastflow", "modern125", "modern125aw2dm75", "simsetting",
    }  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_conflict_is_read_and_written_without_a_fault(name, tmp_path):
    scenario = read_scenario(name)
    assert scenario.check().errors == ()
    assert not any(finding.severity is Severity.ERROR for finding in scenario.remarks)
    write_scenario(scenario, tmp_path / "it")
    assert read_scenario(tmp_path / "it").hash == scenario.hash


@pytest.mark.parametrize("name", NAMES)
def test_places_routes_and_conflicts_are_those_of_the_files(name):
    scenario = read_scenario(name)
    locations = rows_of(name, "input_csv/locations.csv")
    assert [place.name for place in scenario.places] == [row[0] for row in locations]
    assert len(scenario.routes) == len(rows_of(name, "input_csv/routes.csv"))
    with (home_of_flee() / name / "input_csv/conflicts.csv").open(encoding="utf-8", newline="") as opened:
        header, *days = list(csv.reader(opened))
    for index, column in enumerate(header[1:], start=1):
        if not column.strip():
            continue
        place = next(place for place in scenario.places if place.name == column.strip())
        rows = {row.date: row.intensity for row in scenario.conflicts if row.place == place.id}
        today = 0.0
        for number, cells in enumerate(days[: (scenario.settings.end - scenario.settings.start).days + 1]):
            today = rows.get(scenario.settings.start.fromordinal(scenario.settings.start.toordinal() + number), today)
            assert today == float(cells[index])


@pytest.mark.parametrize("settings", sorted(bundled_flee_settings()))
def test_every_bundled_setting_is_understood(settings):
    scenario = read_scenario("mali2012", settings=settings)
    assert scenario.remarks == ()
    assert scenario.movement.semantics == "flee"


def test_the_bundled_default_is_the_setting_of_the_published_validation():
    assert read_scenario("mali2012").movement == read_scenario("mali2012", settings="modern125").movement
    assert read_scenario("mali2012").movement.capacity_scaling == 1.25


def test_a_misspelled_conflict_is_answered_with_the_nearest():
    with pytest.raises(UnknownNameError, match="Did you mean 'mali2012'"):
        read_scenario("mali2021")

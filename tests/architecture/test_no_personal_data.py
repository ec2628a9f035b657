"""Only counts: no record and no table has a field for data about an individual person."""

from __future__ import annotations

import csv
import dataclasses
import importlib
import pkgutil
import re

import pytest

import posada.model
from posada.model.privacy import is_personal_column, personal_data_in
from tests.architecture.source_tree import files_under, read_text, shown


def _records() -> list[type]:
    modules = [
        importlib.import_module(module.name) for module in pkgutil.walk_packages(posada.model.__path__, "posada.model.")
    ]
    return [
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type) and dataclasses.is_dataclass(value) and value.__module__ == module.__name__
    ]


# Switches and numbers of rules about how people choose; they say nothing about anybody.
RULES = {
    "Movement.match_camp_religion",
    "Movement.match_camp_ethnicity",
    "Movement.match_town_ethnicity",
    "Movement.match_conflict_ethnicity",
    "Movement.average_religion_share",
}


# A table of weights in a folder of Flee: the name of an attribute stands over its values, not over anybody's.
WEIGHTS_OF_FLEE = re.compile(r"^src/posada/data/flee/\w+/input_csv/demographics_\w+\.csv$")


def test_no_record_has_a_field_for_a_person():
    faults = [
        f"{record.__qualname__}.{field.name}"
        for record in _records()
        for field in dataclasses.fields(record)
        if is_personal_column(field.name) or is_personal_column(field.metadata.get("header", ""))
    ]
    assert len(_records()) > 10
    assert set(faults) == RULES


def test_no_bundled_table_has_a_column_for_a_person():
    faults = []
    for path in files_under("src/posada", suffix=".csv"):
        with path.open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(file))
        if not WEIGHTS_OF_FLEE.search(shown(path)):
            faults += [f"{shown(path)}: {column}" for column in header if is_personal_column(column)]
    assert faults == []


def test_no_bundled_table_holds_a_number_to_reach_or_identify_somebody():
    faults = [
        f"{shown(path)}:{number}: {kind}"
        for path in files_under("src/posada", suffix=".csv")
        for number, line in enumerate((read_text(path) or "").splitlines(), start=1)
        if (kind := personal_data_in(line))
    ]
    assert faults == []


@pytest.mark.parametrize("column", ["phone", "First Name", "date_of_birth", "passport_no", "fecha de nacimiento"])
def test_the_lint_finds(column):
    assert is_personal_column(column)


@pytest.mark.parametrize("column", ["name", "mode", "share_limited_mobility", "speaker_role", "place", "made_at"])
def test_the_lint_lets_pass(column):
    """Names of towns, needs in shares and roles of speakers are not data about a person."""
    assert not is_personal_column(column)

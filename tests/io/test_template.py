"""A new scenario: a copy that passes every check, or headers that explain themselves."""

from __future__ import annotations

import csv

import pytest

from posada.io.folder import read_scenario
from posada.io.template import describe_tables, identifier_from, template_names, write_template
from posada.model.errors import OutputExistsError, ScenarioError, UnknownNameError
from posada.model.fields import fields_of
from posada.model.tables import REQUIRED_TABLES, TABLES, Settings
from tests.made_up import read_made_up, write_made_up


@pytest.fixture(autouse=True)
def _one_bundled(tmp_path_factory, monkeypatch):
    home = tmp_path_factory.mktemp("scenarios")
    write_made_up(home / "valley")
    monkeypatch.setattr("posada.io.bundled.home_of_bundled", lambda: home)


@pytest.mark.parametrize("target", ["mine", "mine.xlsx"])
def test_a_copy_of_a_bundled_scenario_is_equal_to_it(target, tmp_path):
    write_template(tmp_path / target, "valley")
    assert read_scenario(tmp_path / target) == read_made_up(tmp_path / "usual")


def test_the_page_in_a_new_folder_explains_every_column_and_key(tmp_path):
    write_template(tmp_path / "mine", "valley")
    page = (tmp_path / "mine" / "README.md").read_text(encoding="utf-8")
    assert page == describe_tables("mine")
    for record in (Settings, *TABLES.values()):
        for spec in fields_of(record):
            assert f"| `{spec.header}` |" in page
            assert spec.meaning in page


@pytest.mark.parametrize(("target", "settings"), [("mine", "scenario.toml:5"), ("mine.xlsx", "scenario!3")])
def test_empty_tables_say_what_to_fill_in_and_nothing_else(target, settings, tmp_path):
    write_template(tmp_path / target, "empty")
    with pytest.raises(ScenarioError) as caught:
        read_scenario(tmp_path / target)
    said = [(finding.id, finding.where.removesuffix(".csv")) for finding in caught.value.findings]
    assert said[0] == ("missing-value", settings)
    assert [id_ for id_, _ in said] == ["missing-value"] * 3 + ["missing-file"] * 5
    assert [where for _, where in said[3:]] == list(REQUIRED_TABLES)


def test_empty_tables_have_all_headers(tmp_path):
    write_template(tmp_path / "mine", "empty")
    for table, record in TABLES.items():
        with (tmp_path / "mine" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            assert list(csv.reader(file)) == [[spec.header for spec in fields_of(record)]]


def test_an_unknown_template_names_the_nearest(tmp_path):
    assert template_names() == ("valley", "empty")
    with pytest.raises(UnknownNameError, match="Did you mean 'valley'"):
        write_template(tmp_path / "mine", "vally")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["valley", "empty"])
@pytest.mark.parametrize("target", ["mine", "mine.xlsx"])
def test_what_stands_there_is_left_as_it_is(name, target, tmp_path):
    if target == "mine":
        (tmp_path / "mine").mkdir()
        (tmp_path / "mine" / "thesis.docx").write_text("years of work")
    else:
        (tmp_path / target).write_text("years of work")
    with pytest.raises(OutputExistsError):
        write_template(tmp_path / target, name)
    assert [path.name for path in tmp_path.iterdir()] == [target]


@pytest.mark.parametrize(
    ("title", "identifier"),
    [("Corridor North", "corridor-north"), ("caravan-2018", "caravan-2018"), ("ñ", "scenario"), ("...", "scenario"),
     ("Año 2030", "a-o-2030")],
)  # fmt: skip
def test_a_folder_lends_its_name(title, identifier):
    assert identifier_from(title) == identifier

"""Folders: found, refused with a way out, written whole or not at all."""

from __future__ import annotations

import os

import pytest

import posada.io.folder
from posada.io.bundled import bundled_path, bundled_scenarios
from posada.io.folder import read_scenario, write_scenario
from posada.io.template import write_template
from posada.model.errors import InputFileError, OutputExistsError, ScenarioError, UnknownNameError
from tests.made_up import read_made_up, write_made_up


def test_a_path_may_be_text_or_path(tmp_path):
    folder = write_made_up(tmp_path / "it")
    assert read_scenario(str(folder)) == read_scenario(folder)


def test_nothing_there_names_the_nearest(tmp_path):
    write_made_up(tmp_path / "corridor")
    with pytest.raises(InputFileError, match=r"Did you mean '.*corridor'"):
        read_scenario(tmp_path / "coridor")


def test_an_unknown_name_offers_the_bundled_scenarios_and_those_at_hand(tmp_path, monkeypatch):
    write_made_up(tmp_path / "corridor")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UnknownNameError, match="Did you mean 'corridor'"):
        read_scenario("coridor")


def test_a_file_of_a_scenario_points_to_its_folder(tmp_path):
    folder = write_made_up(tmp_path / "it")
    with pytest.raises(InputFileError, match="Name the folder that it is in"):
        read_scenario(folder / "places.csv")
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(InputFileError, match="neither a scenario folder nor a workbook"):
        read_scenario(tmp_path / "notes.txt")


def test_an_empty_folder_says_what_is_missing(tmp_path):
    with pytest.raises(ScenarioError) as caught:
        read_scenario(tmp_path)
    assert {finding.id for finding in caught.value.findings} == {"missing-file"}
    assert [finding.where for finding in caught.value.findings][:2] == ["scenario.toml", "places.csv"]


def test_every_fault_of_every_file_is_found_at_once(tmp_path):
    folder = write_made_up(tmp_path)
    for file in ("places.csv", "sites.csv", "vehicles.csv"):
        path = folder / file
        path.write_text(path.read_text().replace("yes", "maybe"))
    with pytest.raises(ScenarioError) as caught:
        read_scenario(folder)
    assert {finding.where.partition(":")[0] for finding in caught.value.findings} == {
        "places.csv", "sites.csv", "vehicles.csv",
    }  # fmt: skip


def test_bundled_scenarios_are_found_by_name_and_have_no_faults():
    assert bundled_scenarios() == tuple(sorted(bundled_scenarios()))
    for name in bundled_scenarios():
        assert read_scenario(name) == read_scenario(bundled_path(name))
        assert read_scenario(name).settings.id == name
        assert read_scenario(name).check().warnings == ()


def test_a_new_scenario_can_be_made_from_every_bundled_one(tmp_path):
    for name in bundled_scenarios():
        for target in (tmp_path / name, tmp_path / f"{name}.xlsx"):
            write_template(target, name)
            assert read_scenario(target).hash == read_scenario(name).hash


def test_an_unknown_bundled_scenario_names_the_nearest(tmp_path, monkeypatch):
    monkeypatch.setattr("posada.io.bundled.home_of_bundled", lambda: tmp_path)
    write_made_up(tmp_path / "valley-2030")
    (tmp_path / "no-scenario").mkdir()
    assert bundled_scenarios() == ("valley-2030",)
    assert bundled_path("valley-2030") == tmp_path / "valley-2030"
    assert read_scenario("valley-2030").settings.id == "made-up"
    with pytest.raises(UnknownNameError, match="Did you mean 'valley-2030'"):
        bundled_path("valey-2030")


@pytest.mark.parametrize("target", ["out", "out.xlsx"])
def test_what_stands_there_is_not_overwritten(target, tmp_path):
    scenario = read_made_up(tmp_path / "it")
    write_scenario(scenario, tmp_path / target)
    other = scenario.replace(sites=())
    with pytest.raises(OutputExistsError, match="exists"):
        write_scenario(other, tmp_path / target)
    assert read_scenario(tmp_path / target) == scenario
    write_scenario(other, tmp_path / target, overwrite=True)
    assert read_scenario(tmp_path / target) == other
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["it", target])


def test_an_empty_folder_is_filled(tmp_path):
    scenario = read_made_up(tmp_path / "it")
    (tmp_path / "out").mkdir()
    write_scenario(scenario, tmp_path / "out")
    assert read_scenario(tmp_path / "out") == scenario


@pytest.mark.parametrize("target", [".", ".."])
def test_the_folder_one_works_in_is_not_replaced(target, tmp_path, monkeypatch):
    """Exchanged under one's feet, it would seem empty to the shell that stands in it."""
    scenario = read_made_up(tmp_path / "it")
    (tmp_path / "out" / "deep").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "out" / "deep")
    with pytest.raises(OutputExistsError, match="the folder you are in"):
        write_scenario(scenario, target)
    write_scenario(scenario, "inside")
    assert read_scenario(tmp_path / "out" / "deep" / "inside") == scenario


def test_overwriting_keeps_pages_and_hidden_files_beside_the_tables(tmp_path):
    scenario = read_made_up(tmp_path / "it")
    (tmp_path / "it" / "README.md").write_text("mine\n")
    (tmp_path / "it" / ".git").mkdir()
    (tmp_path / "it" / ".git" / "HEAD").write_text("main\n")
    write_scenario(scenario.replace(sites=()), tmp_path / "it", overwrite=True)
    assert (tmp_path / "it" / "README.md").read_text() == "mine\n"
    assert (tmp_path / "it" / ".git" / "HEAD").read_text() == "main\n"
    assert not (tmp_path / "it" / "sites.csv").exists()


def test_a_folder_with_anything_else_in_it_is_never_replaced(tmp_path):
    scenario = read_made_up(tmp_path / "it")
    (tmp_path / "it" / "thesis.docx").write_text("years of work")
    before = {path.name: path.read_bytes() for path in (tmp_path / "it").iterdir()}
    with pytest.raises(OutputExistsError, match=r"'thesis\.docx', which is not part of a scenario"):
        write_scenario(scenario, tmp_path / "it", overwrite=True)
    assert {path.name: path.read_bytes() for path in (tmp_path / "it").iterdir()} == before


@pytest.mark.parametrize("overwrite", [False, True])
def test_nothing_is_left_half_written_when_writing_fails(overwrite, tmp_path, monkeypatch):
    """A disk that is full at the third table leaves the old scenario, or none, and no other trace."""
    scenario = read_made_up(tmp_path / "it")
    target = tmp_path / "out"
    if overwrite:
        write_scenario(scenario, target)
    written = []

    def fail_at_third(*arguments):
        written.append(arguments)
        if len(written) == 3:
            raise OSError(28, "No space left on device")
        return "a\n"

    monkeypatch.setattr(posada.io.folder, "format_csv", fail_at_third)
    with pytest.raises(OSError, match="No space left"):
        write_scenario(scenario.replace(sites=()), target, overwrite=overwrite)
    assert sorted(path.name for path in tmp_path.iterdir()) == (["it", "out"] if overwrite else ["it"])
    if overwrite:
        assert read_scenario(target) == scenario


def test_the_old_folder_comes_back_when_the_new_one_cannot_take_its_name(tmp_path, monkeypatch):
    scenario = read_made_up(tmp_path / "it")
    write_scenario(scenario, tmp_path / "out")
    rename = type(tmp_path).rename

    def refuse(self, target):
        if self.name.endswith(".part") and os.fspath(target).endswith("out") and (self / "places.csv").is_file():
            names = sorted(path.name for path in self.iterdir())
            if "sites.csv" not in names:
                raise OSError(13, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(type(tmp_path), "rename", refuse)
    with pytest.raises(OSError, match="Permission denied"):
        write_scenario(scenario.replace(sites=()), tmp_path / "out", overwrite=True)
    assert read_scenario(tmp_path / "out") == scenario
    assert sorted(path.name for path in tmp_path.iterdir()) == ["it", "out"]


@pytest.mark.parametrize("name", ["out.csv", "out.xls", "out.JSON", "scenario.toml"])
def test_a_scenario_is_not_written_to_the_name_of_another_kind_of_file(name, tmp_path):
    scenario = read_made_up(tmp_path / "it")
    with pytest.raises(InputFileError, match="Name a folder, or a file ending in"):
        write_scenario(scenario, tmp_path / name)
    assert not (tmp_path / name).exists()


def test_a_folder_may_have_a_dot_in_its_name(tmp_path):
    scenario = read_made_up(tmp_path / "it")
    write_scenario(scenario, tmp_path / "new" / "v1.2")
    assert read_scenario(tmp_path / "new" / "v1.2") == scenario

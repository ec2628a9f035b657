"""``posada compare`` at the command line: what it prints and writes, and its faults."""

from __future__ import annotations

import dataclasses
import re

from posada.io.folder import read_scenario, write_scenario

QUICK = ("--members", "40", "--scenarios", "3", "--days", "6", "--shown", "1", "--rounds", "1")


def test_it_prints_both_regimes_their_price_and_the_best_next_offer(run, tmp_path):
    scenario = read_scenario("valley")
    places = tuple(dataclasses.replace(row, sensitive=row.id == "birch") for row in scenario.places)
    write_scenario(scenario.replace(places=places), tmp_path / "valley")
    result = run("compare", "valley", *QUICK, "--out", "compared")
    assert result.code == 0
    for words in (
        "alone and coordinated, 1 May 2030 to 6 May 2030",
        "person-nights without a place",
        "price of going alone",
        "Towns (alone | coordinated)",
        "If one town refused",
        "Forecast and plan in turn",
        "written to compared",
    ):
        assert words in result.out
    assert "Birch" not in result.out
    assert (tmp_path / "compared" / "corridor.csv").is_file()


def test_it_says_the_same_in_spanish_and_nothing_in_english(run):
    spanish = run("compare", "valley", *QUICK, "--lang", "es").out
    for words in ("del 1 may 2030 al 6 may 2030", "Municipios (por su cuenta | coordinados)", "costo"):
        assert words in spanish
    english = run("compare", "valley", *QUICK).out
    assert re.findall(r"[\d,.]+", spanish)[-6:] == re.findall(r"[\d,.]+", english)[-6:]
    for words in ("alone", "coordinated", "price", "person", "offer", "town", "demand", "days", "written"):
        assert re.search(rf"\b{words}\b", english), words
        assert not re.search(rf"\b{words}\b", spanish), words


def test_an_unknown_language_is_named_before_anything_is_computed(run):
    result = run("compare", "valley", "--lang", "fr")
    assert (result.code, "unknown language 'fr'" in result.err) == (2, True)


def test_a_file_of_somebody_else_is_not_replaced_and_nothing_is_computed(run, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine", encoding="utf-8")
    result = run("compare", "valley", *QUICK, "--out", "mine")
    assert result.code == 2
    assert "has no stamp of Posada" in result.err
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["notes.txt"]


def test_an_unknown_option_and_a_number_out_of_bounds_are_named(run):
    assert run("compare", "valley", "--memebers", "3").code == 2
    result = run("compare", "valley", "--places", "0")
    assert result.code == 2
    assert "site_places is 0. It must be more than 0." in result.err

"""``posada plan`` at the command line: what it prints and writes, and its faults."""

from __future__ import annotations

import dataclasses
import json

from posada.io.folder import read_scenario, write_scenario

QUICK = ("--members", "40", "--scenarios", "3", "--days", "6")


def test_it_says_what_to_open_what_is_missing_and_what_is_not_used(run, tmp_path):
    said = run("plan", "valley", *QUICK, "--out", "p")
    assert said.code == 0
    for part in (
        "Open now",
        "Places that are missing",
        "would do.",
        "Offers that are not used",
        "birch_buses",
        "best possible",
        "–  person-days of supplies short  (no stock is used",
    ):
        assert part in said.out
    assert "House of the sisters" not in said.out  # it is sensitive
    record = json.loads((tmp_path / "p" / "restricted" / "plan.json").read_text(encoding="utf-8"))
    assert record["plan"]["stamp"]["seed"] == 1
    assert "written to p: public, 12 files that anybody may see; restricted, 2 for whoever coordinates" in said.out
    assert not (tmp_path / "p" / "restricted" / "trips.csv").exists()


def test_whoever_coordinates_gets_tables_and_pages(run, tmp_path):
    said = run("plan", "valley", *QUICK, "--out", "p", "--for", "coordinator", "--no-briefs")
    assert said.code == 0
    held = {path.name for path in (tmp_path / "p" / "restricted").iterdir()}
    assert held >= {"trips.csv", "plan.xlsx", "vehicles.es.pdf", "sites.en.html", "towns"}
    assert "briefs" not in held


def test_an_unknown_role_is_named_before_anything_is_computed(run, tmp_path):
    said = run("plan", "valley", "--out", "p", "--for", "coordinador")
    assert said.code == 2
    assert "unknown role 'coordinador'. Did you mean 'coordinator'?" in said.err
    assert not (tmp_path / "p").exists()


def test_a_place_marked_sensitive_is_in_no_line(run, tmp_path):
    valley = read_scenario("valley")
    open_text = run("plan", "valley", *QUICK).out
    assert "Birch" in open_text
    places = tuple(dataclasses.replace(row, sensitive=row.id == "birch") for row in valley.places)
    write_scenario(valley.replace(places=places), tmp_path / "secret")
    said = run("plan", "secret", *QUICK)
    assert said.code == 0
    assert "birch" not in said.out.lower()
    assert "marked sensitive that are not shown" in said.out


def test_it_says_the_same_in_spanish(run):
    english, spanish = (run("plan", "valley", *QUICK, "--lang", lang) for lang in ("en", "es"))
    assert spanish.code == 0
    for part in ("Abrir ya", "Lugares que faltan", "bastaría con", "Ofertas que no se usan", "lo mejor posible"):
        assert part in spanish.out
    assert len(spanish.out.splitlines()) == len(english.out.splitlines())


def test_what_is_asked_beyond_the_journey_is_said_and_threads_are_at_least_one(run):
    said = run("plan", "valley", "--members", "40", "--scenarios", "3", "--days", "999", "--time-limit", "1")
    assert "The journey ends earlier: 21 of the 999 days" in said.out
    none = run("plan", "valley", "--threads", "0")
    assert (none.code, "threads is 0" in none.err) == (2, True)


def test_an_unknown_language_is_named_before_anything_is_computed(run):
    said = run("plan", "valley", "--lang", "esp")
    assert said.code == 2
    assert "unknown language 'esp'" in said.err


def test_faults_are_said_in_a_sentence(run):
    said = run("plan", "valley", "--change", "x.csv")
    assert said.code == 2
    assert "belong together" in said.err

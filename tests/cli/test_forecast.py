"""``posada forecast``: what a person sees, every way to ask wrongly, and that explain knows what was forecast."""

from __future__ import annotations

import csv
import dataclasses
import json
import re

import pytest

from posada.cli.learning_text import learning_text
from posada.cli.progress import FIRST_RUN
from posada.io.folder import read_scenario, write_scenario
from posada.model.learning import Learning
from posada.ops.assimilation import learn
from posada.report.phrases import Phrases

FEW = ("--members", "60", "--seed", "7", "--as-of", "2030-05-05")


def test_what_a_person_reads(run):
    done = run("forecast", "valley", *FEW)
    assert (done.code, done.err in ("", FIRST_RUN + "\n")) == (0, True)
    assert done.out.startswith("Six towns in a valley: as of 5 May 2030, 60 members, seed 7\n")
    assert re.search(r"The walkers: most likely in (Cedar|Elm); \d{3} people", done.out)
    assert "Learned from 6 of 9 reports: 60 members were held against them day by day." in done.out
    row = r"^\+\d+ +Cedar +4 May +v-07 +people present in Cedar, up to 900 people; press +\d\.\d +\d+%$"
    assert re.search(row, done.out, flags=re.MULTILINE)
    assert "Not used, 1: it is about people on the road in general, or a group that the scenario" in done.out
    assert re.search(r"such as vehicles, plans or hours: v-04, v-06\.$", done.out, flags=re.MULTILINE)
    for later in ("v-10", "v-11", "v-12"):
        assert later not in done.out


def test_it_says_the_same_in_spanish(run):
    english, spanish = (run("forecast", "valley", *FEW, "--lang", lang) for lang in ("en", "es"))
    assert spanish.code == 0
    assert spanish.out.startswith("Six towns in a valley: con lo sabido al 5 may 2030, 60 casos, semilla 7\n")
    for part in ("Lo que entonces se cree:", "Situación el", "Lo que más lo movió:", "No usados, 1: habla de gente"):
        assert part in spanish.out
    assert len(spanish.out.splitlines()) == len(english.out.splitlines())
    assert run("forecast", "valley", *FEW, "--lang", "esp").code == 2


def test_files_say_what_each_report_did(run, tmp_path):
    done = run("forecast", "valley", *FEW, "--out", "out")
    assert done.code == 0
    with (tmp_path / "out" / "reports.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["report"]: row for row in csv.DictReader(file)}
    assert set(rows) == {f"v-0{number}" for number in range(1, 10)}
    assert rows["v-07"]["moved_place"] == "cedar"
    assert float(rows["v-07"]["people_moved"]) > 100
    assert (rows["v-04"]["use"], rows["v-04"]["surprise"]) == ("not_in_model", "")
    stamp = json.loads((tmp_path / "out" / "stamp.json").read_text(encoding="utf-8"))
    assert stamp["learning"]["reports_heard"] == 6
    assert stamp["as_of"] == "2030-05-05"
    assert {"hub.csv", "reports.parquet", "briefs/corridor.es.html"} <= set(stamp["files"])
    brief = (tmp_path / "out" / "briefs" / "corridor.es.html").read_text(encoding="utf-8")
    assert re.search(r"aprendió de 6 reportes, día por día\. Los que más lo cambiaron: \+\d+ personas en Cedar", brief)
    # It is the forecast that is made again, not a run from the known state.
    of_forecast = run("explain", "out", "--number", "peak:elm").out
    assert of_forecast.startswith("What drives peak:elm")
    assert of_forecast != run("explain", "valley", "--number", "peak:elm", *FEW).out


def test_what_was_not_believed_is_listed_with_its_chance(run):
    """A municipality says that 9,000 are in Dogwood, where the walkers were never seen."""
    valley = read_scenario("valley")
    wrong = dataclasses.replace(valley.reports[0], id="wrong", place="dogwood", value=9000.0)
    write_scenario(valley.replace(reports=(*valley.reports, wrong)), "wrong")
    out = run("forecast", "wrong", *FEW).out
    assert re.search(
        r"^  wrong: people present in Dogwood, 9,000 people; municipality, 1 May \(chance that it is right about "
        r"the place <?\d+%, the number <?\d+%\)$",
        out,
        flags=re.MULTILINE,
    )


def test_places_marked_sensitive_are_not_named(run, tmp_path):
    valley = read_scenario("valley")
    places = tuple(dataclasses.replace(row, sensitive=row.id == "cedar", name=row.name) for row in valley.places)
    write_scenario(valley.replace(places=places), "secret")
    done = run("forecast", "secret", *FEW, "--out", "out", "--no-briefs")
    assert done.code == 0
    assert "cedar" not in done.out.casefold()
    assert "most likely in a place marked sensitive" in done.out
    assert "Reports about places marked sensitive that are not listed: 2." in done.out
    assert "cedar" not in (tmp_path / "out" / "reports.csv").read_text(encoding="utf-8")
    assert json.loads((tmp_path / "out" / "stamp.json").read_text())["learning"]["reports_left_out_as_sensitive"] == 2


def test_more_members_than_are_run_ahead_and_nothing_heard(monkeypatch):
    monkeypatch.setattr("posada.ops.assimilation.MOST_AHEAD", 20)
    valley = read_scenario("valley")
    learned = learn(valley, valley.settings.start, 30, 1, workers=1)
    text = learning_text(learned.learning, learned.run, Phrases("en"))
    assert "30 members were held against them day by day, and 20 of them went on." in text
    nothing = learning_text(Learning((), 30, 30.0, 0.0), learned.run, Phrases("en"))
    assert nothing.startswith("Learned from 0 of 0 reports")
    assert "moved" not in nothing
    assert "believed" not in nothing


def test_nights_are_kept_and_what_was_done_is_said(run):
    plain = run("forecast", "valley", *FEW).out
    first = run("forecast", "valley", *FEW, "--store", "kept").out
    again = run("forecast", "valley", *FEW, "--store", "kept").out
    assert first == "Nights in kept: went on from the first day; 2–5 May are kept.\n\n" + plain
    assert again == "Nights in kept: went on from the night of 5 May; 2–5 May are kept.\n\n" + plain


WRONG = [
    (("valey",), "valley"),
    (("valley",), "Say up to which day to learn, with --as-of and a day from 2030-05-01 to 2030-05-21"),
    (("valley", "--as-of", "2030-13-01"), "Name a day from 2030-05-01 to 2030-05-21"),
    (("valley", "--as-of", "2030-06-01"), "outside the journey"),
    (("valley", "--as-of", "2030-04-30"), "outside the journey"),
    (("valley", "--as-of", "start"), "Say up to which day to learn"),
    (("valley", *FEW, "--members", "0"), "members is 0"),
    (("valley", *FEW, "--seed", "-1"), "seed is -1"),
    (("valley", *FEW, "--workers", "0"), "workers is 0"),
    (("valley", *FEW, "--out", "."), "the folder you are in"),
    (("valley", *FEW, "--out", "full"), "no stamp of Posada"),
    (("valley", *FEW, "--store", "full"), "no nights are kept in it"),
    (("valley", *FEW, "--store", "full/thesis.txt"), "is a file"),
    (("valley", *FEW, "--store", "x", "--out", "x"), "are in each other's way"),
    (("valley", *FEW, "--itinerary", "plan.csv"), "--itinerary"),
]


@pytest.mark.parametrize(("words", "hint"), WRONG, ids=[" ".join(words) for words, _ in WRONG])
def test_asked_wrongly(run, tmp_path, words, hint):
    """A message with a cure, status 2, no traceback, and nothing written or lost."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").write_text("years of work", encoding="utf-8")
    before = sorted(path.name for path in tmp_path.rglob("*"))
    done = run("forecast", *words)
    assert done.code == 2
    assert hint in done.err
    assert "Traceback" not in done.err
    assert sorted(path.name for path in tmp_path.rglob("*")) == before

"""``posada run`` and ``posada explain`` about dispersed people: what a person sees, and every way to ask wrongly."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from posada.cli.progress import FIRST_RUN

WORLDS = Path(__file__).parent.parent / "flee" / "worlds"
FEW = ("--members", "8", "--seed", "7", "--workers", "1")


@pytest.fixture(autouse=True)
def _folder(tmp_path):
    """Be in a folder with small worlds of Flee."""
    shutil.copytree(WORLDS / "chance-capacity", tmp_path / "camps")
    shutil.copytree(WORLDS / "exact-hasten-data", tmp_path / "sevens")


def test_what_a_person_reads(run):
    done = run("run", "camps", *FEW)
    assert done.code == 0
    assert done.out.startswith("camps: 1 Jan 2020 to 13 Jan 2020, 8 members, seed 7\n")
    for header in (
        "On 13 Jan 2020",
        "Country",
        "Registered",
        "People (80% range)",
        "Capacity",
        "Filled",
        "Fullest day",
    ):
        assert header in done.out
    assert re.search(r"^C1 +Y +200 +\d+( \(\d+–\d+\))? +90 +\d+%( \(\d+–\d+%\))?$", done.out, re.MULTILINE)
    assert re.search(r"^All camps +350 ", done.out, re.MULTILINE)
    assert re.search(r"^Ever displaced +350$", done.out, re.MULTILINE)
    assert "how many are displaced is an input of this run" in done.out
    assert "Nobody lost: in each of 8 members, on each of 13 nights" in done.out
    assert done.out.endswith("Nothing was written; --out DIR writes tables, map points and a map.\n")


def test_the_number_of_threads_changes_nothing(run):
    assert run("run", "camps", *FEW).out == run("run", "camps", *FEW[:4], "--workers", "2").out


def test_simulated_people_are_never_shown(run):
    """One stands for seven: 161 were registered, 23 in Flee's file."""
    done = run("run", "sevens", *FEW, "--flee-out", "flee.csv", "--flee-member", "2")
    assert done.code == 0
    assert "One simulated person stands for 7 people" in done.out
    assert re.search(r"^C +X +161 ", done.out, re.MULTILINE)
    assert "Written in Flee's form, member 2, in simulated people: flee.csv" in done.out


def test_some_days_only(run):
    done = run("run", "camps", *FEW, "--days", "5")
    assert done.out.startswith("camps: 1 Jan 2020 to 5 Jan 2020")
    assert "on each of 5 nights" in done.out


def test_settings_of_flee(run):
    """With the settings that come with Posada, people look two routes ahead from the start."""
    assert run("run", "camps", *FEW, "--settings", "awareness2").out != run("run", "camps", *FEW).out


def test_files(run, tmp_path):
    done = run("run", "camps", *FEW, "--out", "out", "--flee-out", "out/flee/out.csv")
    assert done.code == 0
    assert "Written to out: stamp.json, forecast.csv, forecast.parquet, map.svg, members.parquet" in done.out
    assert "Written in Flee's form, the mean over the members: out/flee/out.csv" in done.out
    assert (tmp_path / "out" / "flee" / "out.csv").read_text(encoding="utf-8").startswith("Day,Date,C1 sim,")
    again = run("run", "camps", *FEW, "--out", "out", "--flee-out", "out/flee/out.csv")
    assert (again.code, "'out/flee/out.csv' exists" in again.err) == (2, True)
    assert run("run", "camps", *FEW, "--out", "out", "--flee-out", "out/flee/out.csv", "--overwrite").code == 0


WRONG = [
    (("run", "camps", "--as-of", "2020-01-03"), "--as-of or --from-start is for journeys"),
    (("run", "camps", "--from-start"), "--as-of or --from-start is for journeys"),
    (("run", "camps", "--itinerary", "plan.csv"), "--itinerary is for journeys"),
    (("run", "camps", "--no-briefs"), "--no-briefs is for journeys"),
    (("run", "camps", "--days", "0"), "name a number from 1 to 13"),
    (("run", "camps", "--days", "14"), "name a number from 1 to 13"),
    (("run", "camps", "--members", "0"), "members is 0"),
    (("run", "camps", "--workers", "0"), "workers is 0"),
    (("run", "camps", "--settings", "awareness"), "awareness2"),
    (("run", "camps", "--flee-out", "a-file"), "'a-file' exists"),
    (("run", "camps", "--flee-out", "full", "--overwrite"), "'full' exists"),
    (("run", "camps", "--flee-out", "a-file/out.csv"), "it is a file"),
    (("run", "camps", "--flee-out", "o", "--out", "o"), "in each other's way"),
    (("run", "camps", "--flee-out", "out.csv", "--flee-member", "1000"), "from 0 to 999"),
    (("run", "camps", "--flee-out", "out.csv", "--flee-member", "-1"), "from 0 to 999"),
    (("run", "camps", "--flee-member", "1"), "--flee-out FILE"),
    (("run", "camps", "--overwrite"), "--flee-out FILE"),
    (("run", "camps", "--out", "full"), "no stamp of Posada"),
    (("run", "camps/input_csv"), "Name the folder above it"),
    (("run", "valley", "--days", "3"), "--days is for scenarios of dispersed people"),
    (("run", "valley", "--flee-out", "out.csv"), "--flee-out is for scenarios of dispersed people"),
    (("run", "valley", "--settings", "awareness2"), "no folder of Flee"),
    (("explain", "camps", "--number", "peak:c1"), "dispersed people"),
    (("explain", "camp"), "'camps'"),
]


@pytest.mark.parametrize(("words", "hint"), WRONG, ids=[" ".join(words) for words, _ in WRONG])
def test_asked_wrongly(run, tmp_path, words, hint):
    """A message with a cure, status 2, no traceback, and nothing written or lost."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").write_text("years of work", encoding="utf-8")
    (tmp_path / "a-file").write_text("a list", encoding="utf-8")
    before = sorted(path.name for path in tmp_path.rglob("*"))
    done = run(*words)
    assert done.code == 2
    assert hint in done.err
    assert "Traceback" not in done.err
    assert sorted(path.name for path in tmp_path.rglob("*")) == before
    assert (tmp_path / "a-file").read_text(encoding="utf-8") == "a list"


def test_a_fault_of_a_file_stops_the_run(run, tmp_path):
    routes = tmp_path / "camps" / "input_csv" / "routes.csv"
    routes.write_text(routes.read_text(encoding="utf-8").replace("B,C1,300", "B,C1,far"), encoding="utf-8")
    done = run("run", "camps", "--out", "out")
    assert done.code == 2
    assert "input_csv/routes.csv:5" in done.err
    assert not (tmp_path / "out").exists()


def test_the_first_run_says_what_takes_time(run, monkeypatch):
    """Also where only the kernels of groups were compiled before."""
    monkeypatch.setattr("posada.engine.compiling.is_compiled", lambda kernels: kernels == "order._whole_days")
    assert run("run", "camps", *FEW).err == FIRST_RUN + "\n"


def test_on_a_terminal_there_is_a_bar(run, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    done = run("run", "camps", *FEW)
    assert done.code == 0
    assert "All camps" in done.out


def test_explain_prints_the_order_of_their_day(run):
    done = run("explain", "camps")
    assert done.code == 0
    assert done.out.startswith("The order of the day of dispersed people:\n 1. setting out:")
    assert "5. account:" in done.out

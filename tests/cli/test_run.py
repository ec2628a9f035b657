"""``posada run`` and ``posada explain``: what a person sees, and every way to ask wrongly."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest

from posada.cli.aligning import aligned
from posada.cli.progress import FIRST_RUN

FEW = ("--members", "40", "--seed", "7", "--as-of", "2030-05-04")


def test_what_a_person_reads(run):
    done = run("run", "valley", *FEW)
    assert (done.code, done.err in ("", FIRST_RUN + "\n")) == (0, True)
    assert done.out.startswith("Six towns in a valley: as of 4 May 2030, 40 members, seed 7\n")
    assert re.search(r"The walkers: in Cedar; \d{3} people \(\d{3}–1?,?\d{3}\)", done.out)
    for header in ("Town", "Chance", "Arrival", "Tonight", "Fullest night", "Places short", "Seats"):
        assert header in done.out
    assert re.search(r"^Cedar +>99% +already here ", done.out, flags=re.MULTILINE)
    assert re.search(r"^Elm +>?\d+% +\w{3} \d+ May \(\d+", done.out, flags=re.MULTILINE)
    assert "Standing on 21 May" in done.out
    assert "Nobody lost: in each of 40 members, on each of 18 nights" in done.out
    assert done.out.endswith("Nothing was written; --out DIR writes tables, map points and briefs.\n")


def test_no_number_of_people_is_bare(run):
    """Every cell of the table that is not 0, a dash or a count below ten has its range beside it."""
    out = run("run", "valley", *FEW).out
    table = [line for line in out.splitlines() if re.match(r"^(Alder|Birch|Cedar|Dogwood|Elm|Fir) ", line)]
    assert table
    for line in table:
        for cell in re.split(r"  +", line)[3:]:
            assert re.fullmatch(r"0|–|<10|\d+|[\d,]+ \(.*\)\*?|<10 \(.*\)\*?", cell), line


def test_the_same_command_says_the_same(run):
    assert run("run", "valley", *FEW).out == run("run", "valley", *FEW, "--workers", "1").out


def test_from_the_first_day(run):
    done = run("run", "valley", "--members", "10", "--from-start")
    assert done.code == 0
    assert "from the first day" in done.out
    assert "Known then" not in done.out


def test_files(run, tmp_path):
    done = run("run", "valley", *FEW, "--out", "out")
    assert done.code == 0
    assert "Written to out: stamp.json, forecast.csv" in done.out
    assert "begin with out/briefs/corridor.en.html" in done.out
    assert (tmp_path / "out" / "briefs" / "corridor.es.html").is_file()


def test_tables_only(run, tmp_path):
    assert run("run", "valley", *FEW, "--out", "out", "--no-briefs").code == 0
    assert not (tmp_path / "out" / "briefs").exists()
    assert (tmp_path / "out" / "members.parquet").is_file()


def test_an_itinerary(run, tmp_path):
    (tmp_path / "plan.csv").write_text("group,place,date\nwalkers,elm,2030-05-06\n", encoding="utf-8")
    done = run("run", "valley", *FEW, "--itinerary", "plan.csv")
    assert done.code == 0
    assert done.out != run("run", "valley", *FEW).out


WRONG = [
    (("run", "valey"), "valley"),
    (("run", "valley", "--as-of", "2018-13-01"), "Name a day from 2030-05-01 to 2030-05-21"),
    (("run", "valley", "--as-of", "2030-06-01"), "outside the journey"),
    (("run", "valley", "--as-of", "2030-05-04", "--from-start"), "contradict each other"),
    (("run", "valley", "--members", "-5"), "members is -5"),
    (("run", "valley", "--members", "0"), "members is 0"),
    (("run", "valley", "--members", "many"), "members"),
    (("run", "valley", "--seed", "-1"), "seed is -1"),
    (("run", "valley", "--workers", "0"), "workers is 0"),
    (("run", "valley", "--itinerary", "none.csv"), "there is no itinerary 'none.csv'"),
    (("run", "valley", "--out", "."), "the folder you are in"),
    (("run", "valley", "--out", "full"), "no stamp of Posada"),
    (("run", "valley", "--out", "a-file"), "is a file"),
    (("run", "valley", "--out", "a-file/out"), "is a file"),
    (("run", "valley", "--outt", "out"), "--out"),
    (("explain", "valley"), "such as --number peak:PLACE"),
    (("explain", "valley", "--number", "peak:elmm"), "'elm'"),
    (("explain", "valley", "--number", "pek:elm"), "'peak'"),
    (("explain", "valley", "--number", "together:2030-13-01"), "is not a date"),
    (("explain", "valley", "--number", "peak:elm", "--top", "0"), "--top is 0"),
    (("explain", "valley", "--number", "peak:elm", "--members", "5"), "Run more members"),
    (("explain", "full", "--number", "peak:elm"), "scenario"),
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


def test_a_fault_of_the_scenario_stops_the_run(run, tmp_path):
    assert run("new", "mine").code == 0
    sites = tmp_path / "mine" / "sites.csv"
    sites.write_text(sites.read_text(encoding="utf-8").replace(",birch,", ",brich,", 1), encoding="utf-8")
    done = run("run", "mine", "--out", "out")
    assert done.code == 2
    assert "birch" in done.err
    assert not (tmp_path / "out").exists()


def test_explain_prints_the_order_of_the_day(run):
    done = run("explain")
    assert done.code == 0
    assert " 1. signals:" in done.out
    assert "10. account:" in done.out


def test_explain_a_number(run):
    done = run("explain", "valley", "--number", "peak:elm", "--top", "3", *FEW)
    assert done.code == 0
    assert done.out.startswith("What drives peak:elm (Spearman's rank correlation over ")
    assert len(re.findall(r"^  [+-]0\.\d\d  [\w -]+: ", done.out, flags=re.MULTILINE)) == 3
    assert "19 of 20" in done.out


def test_explain_a_folder_of_results(run):
    assert run("run", "valley", *FEW, "--out", "out", "--no-briefs").code == 0
    from_folder = run("explain", "out", "--number", "nights:cedar")
    assert from_folder.code == 0
    assert from_folder.out == run("explain", "valley", "--number", "nights:cedar", *FEW).out


def test_the_first_run_says_what_takes_time(run, monkeypatch):
    monkeypatch.setattr("posada.engine.compiling.is_compiled", lambda *_: False)
    assert run("run", "valley", *FEW).err == FIRST_RUN + "\n"


def test_on_a_terminal_there_is_a_bar(run, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    done = run("run", "valley", *FEW)
    assert done.code == 0
    assert "Elm" in done.out


def test_in_a_process_of_its_own_with_no_terminal(tmp_path):
    """Nothing but the answer on the output, and it can be piped."""
    words = [sys.executable, "-m", "posada.cli.main", "run", "valley", *FEW, "--out", "out", "--no-briefs"]
    environment = dict(os.environ) | {"PYTHONWARNINGS": "error", "NO_COLOR": "1"}
    done = subprocess.run(words, capture_output=True, text=True, check=True, cwd=tmp_path, env=environment)
    assert "\x1b" not in done.stdout
    assert done.stderr in ("", FIRST_RUN + "\n")
    assert json.loads((tmp_path / "out" / "stamp.json").read_text(encoding="utf-8"))["seed"] == 7


def test_columns_stand_below_each_other():
    assert aligned([("Town", "n"), ("Elm", "12"), ("Dogwood", "3")]) == [
        "Town     n",
        "-------  --",
        "Elm      12",
        "Dogwood  3",
    ]

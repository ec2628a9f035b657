"""``posada validate``: what a person sees, and every way to ask wrongly."""

from __future__ import annotations

import re

import pytest

from tests.displaced import FILES, write_displaced


@pytest.fixture(autouse=True)
def _folder(tmp_path):
    """Be in a folder with two scenarios, the first with a camp that nobody is in."""
    without = FILES["reports.csv"].replace("d1,2030-03-03,2030-03-03,registered,people,un,yes,counts,dogwood,40,", "")
    empty = "d1,2030-03-03,2030-03-03,registered,people,un,yes,counts,dogwood,0,"
    write_displaced(tmp_path / "camps", {"reports.csv": without.rstrip("\n") + f"\n{empty}\n"})
    write_displaced(tmp_path / "more")


def test_what_a_person_reads(run):
    done = run("validate", "camps", "--members", "6", "--seed", "4")
    assert done.code == 0
    assert done.out.startswith("made-up: 2030-03-01 to 2030-03-10, 6 members, seed 4\n")
    assert "The totals are known input" in done.out
    assert "Nobody is registered on 10 of 20 camp-days" in done.out
    assert "Camps in which nobody is ever registered: Dogwood." in done.out
    assert re.search(
        r"averaged relative difference, rescaled +\d\.\d{3} \(\d\.\d{3}–\d\.\d{3} over members\)", done.out
    )
    assert re.search(r"in the 95% band +\d+% of camp-days; 68% if 6 members were perfect", done.out)
    assert re.search(r"^Dogwood +0 +– +– +– +– +– +–$", done.out, flags=re.MULTILINE)
    assert re.search(r"^shares of day 30 +0 +– +– +– +– ", done.out, flags=re.MULTILINE)
    assert done.out.endswith("Nothing was written; --out DIR writes the scores as CSV, Parquet and JSON.\n")
    assert "mean " not in done.out.splitlines()[-2]


def test_several_have_a_table_with_their_means(run):
    done = run("validate", "camps", "more", "--members", "3", "--out", "out")
    assert done.code == 0
    table = done.out.partition("\nScenario ")[2]
    rows = [line.split() for line in table.splitlines() if re.match(r"made-up|mean", line)]
    assert [row[0] for row in rows] == ["made-up", "made-up", "mean"]
    assert float(rows[2][1]) == pytest.approx((float(rows[0][3]) + float(rows[1][3])) / 2, abs=0.0011)
    assert "Written to out: stamp.json, validation.csv" in done.out


def test_one_member_has_no_range(run):
    done = run("validate", "more", "--members", "1")
    assert done.code == 0
    assert "over members" not in done.out
    assert "perfect" not in done.out


WRONG = [
    (("validate",), "DIR"),
    (("validate", "mali2102"), "mali2012"),
    (("validate", "caravan-2018"), "nothing-to-score"),
    (("validate", "more", "--settings", "modern125"), "no folder of Flee"),
    (("validate", "mali2012", "--settings", "modern"), "modern"),
    (("validate", "more", "--members", "0"), "members is 0"),
    (("validate", "more", "--seed", "-1"), "seed is -1"),
    (("validate", "more", "--workers", "0"), "workers is 0"),
    (("validate", "more", "--out", "."), "the folder you are in"),
    (("validate", "more", "--out", "camps"), "no stamp of Posada"),
]


@pytest.mark.parametrize(("words", "hint"), WRONG, ids=[" ".join(words) for words, _ in WRONG])
def test_asked_wrongly(run, words, hint):
    """A message with a cure, status 2, and no traceback."""
    done = run(*words)
    assert done.code == 2
    assert hint in done.err
    assert "Traceback" not in done.err

"""``posada forecast`` of a conflict: what a person sees, the file, and every way to ask wrongly."""

from __future__ import annotations

import csv

import pytest

from tests.conflicts import write_conflict


@pytest.fixture
def folder(tmp_path):
    write_conflict(tmp_path / "conflict")
    return "conflict"


def test_what_a_person_reads_and_what_is_written(run, folder, tmp_path):
    done = run("forecast", folder, "--as-of", "2030-04-06", "--members", "30", "--out", "out")
    assert done.code == 0
    first, second, *_ = done.out.splitlines()
    assert first.endswith("people registered in camps, as known on 6 Apr 2030, to 15 May 2030")
    assert second.endswith("30 members, seed 1, restricted")
    assert "All camps" in done.out
    assert "no later count was used" in done.out
    assert "Learned from" in done.out
    with (tmp_path / "out" / "hub.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["target"] for row in rows} == {"registered"}
    assert {row["origin_date"] for row in rows} == {"2030-04-06"}
    assert max(row["target_end_date"] for row in rows) == "2030-05-15"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            (),
            "no as-of date is given. Say up to which day registrations are known, with --as-of and a day",
        ),
        (("--as-of", "soon"), "the as-of date 'soon' is not a date. Name a day from 2030-03-01 to 2030-05-15."),
        (("--as-of", "2031-01-01"), "is outside the conflict. Name a day from 2030-03-01 to 2030-05-15."),
        (("--as-of", "2030-05-15"), "is not a day with days ahead of it. Name one from 2030-03-01 to 2030-05-14"),
        (("--as-of", "2030-04-06", "--store", "kept"), "--store is for journeys of groups. Leave it out."),
        (("--as-of", "2030-04-06", "--no-briefs"), "--no-briefs is for journeys of groups. Leave it out."),
    ],
)
def test_what_is_asked_wrongly_is_said(run, folder, words, said):
    done = run("forecast", folder, *words)
    assert done.code == 2
    assert said in done.err
    assert "Traceback" not in done.err

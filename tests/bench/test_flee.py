"""The benchmark against Flee: its pieces, with a made-up program in the place of Flee. Nothing is timed."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pytest

from bench.flee_folder import copy_scaled, folder_of, write_settings
from bench.flee_page import Compared, Growth, compared_text, growth_text, parts_text
from bench.flee_runs import Flee, Kept, run_flee
from bench.whole import run_whole
from posada.io.folder import read_scenario
from posada.model.errors import UnknownNameError
from tests.flee_folder import FILES, write_flee_folder

PARTS = {
    "members": 10, "days": 100, "person_days": 1e6, "state_bytes": 1000, "count_bytes": 1024, "import_s": 0.5,
    "read_s": 0.25, "world_s": 0.125, "run_s": 0.5, "weights_s": 0.01, "spawn_s": 0.02, "turn_s": 0.03, "leave_s": 0.1,
    "travel_s": 0.3, "uniforms": 1000.0, "uniforms_leave": 400.0, "uniforms_travel": 500.0, "sequences": 20.0,
    "rows_held": 30.0, "rides_held": 34.0, "uniform_ns": 2.0, "begin_ns": 10.0, "few_ns": 10.0, "inversion_ns": 20.0,
    "rejection_ns": 30.0, "normal_ns": 9.0, "copy_gb_per_s": 4.0,
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a small folder of Flee."""
    return write_flee_folder(tmp_path / "small")


def cells(path: Path, column: int) -> list[str]:
    """Return a column of a file without its comments."""
    with path.open(encoding="utf-8", newline="") as file:
        return [row[column] for row in csv.reader(file) if not row[0].startswith("#")]


def program(tmp_path: Path, code: str) -> tuple[str, ...]:
    """Return a command that runs some code in the place of Python with Flee."""
    file = tmp_path / "stand_in.py"
    file.write_text(code, encoding="utf-8")
    return (sys.executable, str(file))


def run_of(loop_s: float, person_days: float) -> dict[str, object]:
    """Return what a run of Flee says that took a second beside its loop."""
    return {
        "wall_s": 2 * loop_s + 1, "cpu_s": loop_s + 1, "peak_mib": 70.0, "loop_wall_s": 2 * loop_s,
        "loop_cpu_s": loop_s, "person_days": person_days,
    }  # fmt: skip


def compared(flee: dict[int, dict[str, object]]) -> Compared:
    one, more = ({"wall_s": wall, "cpu_s": wall, "peak_mib": 180.0} for wall in (1.0, 2.0))
    return Compared("small", "plain", 101, PARTS, flee, one, more, None)


def test_people_are_scaled_and_nothing_else(folder: Path, tmp_path: Path):
    """Residents, capacities and registered counts by 2.5; an empty cell stays empty; other files are the same."""
    target = copy_scaled(folder, tmp_path / "more", 2.5)
    # 9000, 4000 and 800 by 2.5; the hub and the second camp have no number
    assert cells(target / "input_csv" / "locations.csv", 7) == ["22500", "10000", "", "2000", ""]
    assert cells(target / "source_data" / "refugees.csv", 1) == ["250", "1000"]
    assert cells(target / "source_data" / "elm.csv", 1) == ["25", "75"]
    for name in ("input_csv/routes.csv", "input_csv/conflicts.csv", "source_data/data_layout.csv", "simsetting.yml"):
        assert (target / name).read_text(encoding="utf-8") == FILES[name]
    assert [place.population for place in read_scenario(target).places][:2] == [22500, 10000]


def test_few_people_do_not_become_none(folder: Path, tmp_path: Path):
    """A camp for 800 scaled to a thousandth has room for one: a capacity of zero would be no limit."""
    target = copy_scaled(folder, tmp_path / "fewer", 0.0001)
    assert cells(target / "input_csv" / "locations.csv", 7) == ["1", "1", "", "1", ""]


def test_settings_keep_what_they_say(tmp_path: Path):
    plain = write_settings("plain", 10, tmp_path / "plain.yml").read_text(encoding="utf-8")
    modern = write_settings("modern125", 20, tmp_path / "modern.yml").read_text(encoding="utf-8")
    assert plain == "optimisations:\n  hasten: 10\n"
    assert "hasten: 20" in modern
    assert "avoid_short_stints: true" in modern


def test_an_unknown_conflict_is_named():
    assert (folder_of("mali2012") / "input_csv").is_dir()
    with pytest.raises(UnknownNameError, match="mali2021"):
        folder_of("mali2021")


def test_the_job_reaches_flee_and_its_answer_comes_back(folder: Path, tmp_path: Path):
    """A made-up Flee answers with what it was asked for."""
    code = (
        "import json, pathlib, sys\n"
        "job = json.load(sys.stdin)\n"
        "print('noise', file=sys.stderr)\n"
        "yml = pathlib.Path(job['settings']).read_text()\n"
        "print(json.dumps({'loop_cpu_s': 0.5, 'seed': job['seed'], 'flee': job['flee'], 'yml': yml}))\n"
    )
    row = run_flee(Flee(program(tmp_path, code), tmp_path, 60.0), str(folder), "plain", 10, 2.0)
    assert (row["loop_cpu_s"], row["seed"], row["flee"]) == (0.5, 1, str(tmp_path.resolve()))
    assert "hasten: 10" in row["yml"]
    assert row["cpu_s"] > 0
    assert row["peak_mib"] > 1


def test_what_takes_too_long_is_ended_and_what_fails_is_said(folder: Path, tmp_path: Path):
    slow = Flee(program(tmp_path, "while True:\n    pass\n"), None, 1.0)
    assert run_flee(slow, str(folder), "plain", 1) == {"over_limit_s": 1.0}
    broken = Flee(program(tmp_path, "raise SystemExit('no numpy here')\n"), None, 60.0)
    with pytest.raises(SystemExit, match="no numpy here"):
        run_flee(broken, str(folder), "plain", 1)


def test_a_process_is_counted_to_its_end(tmp_path: Path):
    spent = run_whole(program(tmp_path, "import sys\nprint(input())\nsys.exit(3)\n"), limit_s=60.0, given="word\n")
    assert (spent.output, spent.code, spent.timed_out) == ("word\n", 3, False)


def test_what_was_measured_is_not_measured_again(tmp_path: Path):
    asked = []

    def measure() -> dict[str, float]:
        asked.append(1)
        return {"wall_s": 1.0}

    first = Kept(tmp_path / "kept.json").get("a", measure)
    assert Kept(tmp_path / "kept.json").get("a", measure) == first == {"wall_s": 1.0}
    assert len(asked) == 1


def test_time_for_all_people_follows_person_days():
    """By hand: 10 s for 100,000 person-days and 6 s for 50,000: 2 s and 80 µs each; a million are 82 s."""
    whole, loop = compared({10: run_of(10.0, 1e5), 20: run_of(6.0, 5e4)}).flee_of_all("cpu")
    assert (whole, loop) == (pytest.approx(83.0), pytest.approx(82.0))
    # one run alone: 100 µs each, so a million are 100 s; of all people: as measured
    assert compared({10: run_of(10.0, 1e5)}).flee_of_all("cpu") == (pytest.approx(101.0), pytest.approx(100.0))
    assert compared({1: run_of(90.0, 1e6)}).flee_of_all("wall") == (pytest.approx(181.0), pytest.approx(180.0))
    assert compared({}).flee_of_all("cpu") is None


def test_the_tables_show_ratios():
    """By hand: one more member takes 1 s / 100 = 10 ms; 82 s against it is 8,200 times."""
    row = compared({10: run_of(10.0, 1e5), 20: run_of(6.0, 5e4)})
    text = compared_text([row])
    assert "8,200" in text
    assert "| 165 / 83 |" in text  # the whole process: 164 s + 1 s of wall, 82 s + 1 s of CPU, against 1 s
    # 1,000 numbers of 2 ns and 20 sequences of 10 ns are 2.2 µs
    assert "| 2.20 |" in parts_text([row])
    assert "over the limit" in compared_text([compared({})])


def test_growth_is_against_ten_thousand_people():
    """By hand: 0.5 s for 10 members are 50 ms; 75 ms are 1.5 times."""
    more = {**PARTS, "run_s": 0.75}
    text = growth_text([Growth("plain", 1e4, PARTS, run_of(5.0, 1e5)), Growth("plain", 1e8, more, None)])
    assert "| 50.0 | 1.00 |" in text
    assert "| 75.0 | 1.50 |" in text

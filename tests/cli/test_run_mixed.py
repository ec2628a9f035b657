"""Commands on a scenario of groups whose people move on as dispersed people."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from posada.cli.progress import FIRST_RUN
from posada.io.folder import read_scenario, write_scenario
from posada.model.displacement import Conflict, Movement, Present
from posada.model.errors import InvalidValueError
from posada.ops.conflict_forecast import forecast_conflict

FEW = ("--members", "30", "--seed", "7")


@pytest.fixture(autouse=True)
def both(tmp_path):
    """A folder ``both`` in the folder in which commands run: the valley, with rules of movement."""
    write_scenario(read_scenario("valley").replace(movement=Movement(max_move_km_per_day=60.0)), tmp_path / "both")
    return tmp_path / "both"


def test_a_run_is_that_of_a_journey_with_other_ways_of_people_alone(run, both, tmp_path):
    done = run("run", "both", *FEW, "--out", "out", "--no-briefs")
    assert done.code == 0
    assert done.out.startswith("Six towns in a valley: from the first day, 30 members, seed 7\n")
    assert "Nobody lost: in each of 30 members" in done.out
    assert done.out != run("run", "valley", *FEW).out
    stamp = json.loads((tmp_path / "out" / "stamp.json").read_text(encoding="utf-8"))
    assert stamp["scenario_hash"] == read_scenario(both).hash
    assert run("run", "both", *FEW, "--workers", "1", "--store", "kept").code == 0
    assert (
        run("explain", "out", "--number", "nights:cedar").out
        == run("explain", "both", "--number", "nights:cedar", *FEW).out
    )


def test_a_store_of_one_is_not_taken_for_one_of_the_other(run):
    assert run("run", "both", *FEW, "--store", "kept").code == 0
    assert run("run", "both", *FEW, "--store", "kept").out.startswith("Members in kept: 30 were there, 0 were run.")
    done = run("run", "valley", *FEW, "--store", "kept")
    assert done.code == 2
    assert "Traceback" not in done.err


def test_explain_prints_the_order_of_the_day_of_both(run):
    done = run("explain", "both")
    assert done.code == 0
    assert done.out.startswith("The order of the day of groups and dispersed people:\n 1. handing over:")
    assert "\n17. account:" in done.out


def test_the_first_run_says_what_takes_time(run, monkeypatch):
    monkeypatch.setattr("posada.engine.compiling.is_compiled", lambda *_: False)
    assert run("run", "both", *FEW).err == FIRST_RUN + "\n"


def test_from_a_later_day_nobody_can_be_dispersed_before(run, both):
    """Without people who set out for themselves an as-of date is one like in any journey; with them it is refused."""
    assert run("run", "both", *FEW, "--as-of", "2030-05-04").code == 0
    scenario = read_scenario(both)
    drawn = Movement(spawn_mode="constant", displaced_per_conflict_day=10.0)
    source = scenario.sources[0].id
    conflict = (Conflict("alder", dt.date(2030, 5, 1), 1.0, (source,)),)
    present = (Present("fir", 40, (source,)),)
    write_scenario(scenario.replace(movement=drawn, conflicts=conflict, present=present), both, overwrite=True)
    assert run("run", "both", *FEW).code == 0
    done = run("run", "both", *FEW, "--as-of", "2030-05-04")
    assert done.code == 2
    assert "can only be followed from the first day (2030-05-01)" in done.err
    assert "Traceback" not in done.err


def test_what_it_has_no_use_for_is_refused(run, both):
    done = run("run", "both", *FEW, "--days", "4")
    assert done.code == 2
    assert "--days" in done.err
    done = run("validate", "both")
    assert done.code == 2
    assert "nothing-to-score" in done.err + done.out
    with pytest.raises(InvalidValueError, match="not about a conflict alone"):
        forecast_conflict(read_scenario(both), 3)

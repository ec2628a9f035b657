"""The day's work from a folder to a folder, on the bundled valley."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json

import numpy as np
import pytest

from posada.io.folder import read_scenario, write_scenario
from posada.io.hub import read_forecast_stamp
from posada.io.hub_forecast import read_forecast_file
from posada.io.results import read_table_stamp
from posada.io.stamp import STAMP_FILE, read_stamp
from posada.model.errors import InputFileError, InvalidValueError, OutputExistsError, UnknownNameError
from posada.ops.cycle import Request, run_scenario
from posada.ops.explanation import explain_number
from posada.ops.simulation import simulate
from posada.ops.summary import summarise
from posada.ops.writing import write
from posada.report.numbers import round_modelled

MADE_AT = dt.datetime(2030, 5, 5, 18, tzinfo=dt.UTC)
ASKED = Request("valley", members=60, seed=7, as_of="2030-05-04")


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    out = tmp_path_factory.mktemp("results") / "out"
    return run_scenario(dataclasses.replace(ASKED, out=out), made_at=MADE_AT)


def test_everything_is_written(done):
    files = {path.relative_to(done.request.out).as_posix() for path in done.files}
    assert files >= {
        STAMP_FILE, "forecast.csv", "forecast.parquet", "members.csv", "members.parquet", "nights.parquet",
        "towns.geojson", "hub.csv", "hub.parquet", "tasks.json",
        "briefs/corridor.es.html", "briefs/corridor.en.pdf", "briefs/cedar.es.txt",
    }  # fmt: skip
    assert files == set(contents(done.request.out))


def test_the_forecast_file_of_a_run_can_be_read_back_and_says_what_the_run_does(done):
    forecast, run = read_forecast_file(done.request.out), done.run
    assert (forecast.origin_date, forecast.last_day) == (run.dates[0], run.dates[-1])
    tonight = forecast.find("people_tonight", "cedar")
    middle = tonight.values[:, forecast.levels.index(0.5)]
    np.testing.assert_allclose(middle, np.median(run.people[:, :, run.place_index("cedar")], axis=0), atol=1e-4)
    tasks = json.loads((done.request.out / "tasks.json").read_text(encoding="utf-8"))
    assert "people_tonight" in json.dumps(tasks)


def test_the_outlook_is_that_of_the_run(done):
    """On 4 May the walkers are in Cedar, where nearly 900 were seen the same day."""
    cedar = done.outlook.town("cedar")
    assert cedar.arrival.most_likely == done.run.as_of == dt.date(2030, 5, 4)
    assert 600 < cedar.tonight.at(0.5) < 1300
    assert next(row.name for row in cedar.offers if row.state == "ready") == "Cedar stadium"
    assert "v-07" in {row.report_id for row in done.outlook.statements}


def test_every_kind_of_file_carries_the_stamp(done):
    out = done.request.out
    scenario_hash = done.run.scenario.hash
    record = read_stamp(out)
    assert record["scenario_hash"] == scenario_hash
    assert record["options"] == ASKED.options()
    assert record["as_of"] == "2030-05-04"
    for path in out.rglob("*"):
        if path.suffix == ".parquet":
            assert read_table_stamp(path)["scenario_hash"] == scenario_hash
        elif path.name == "hub.csv":  # forecast hubs have columns for forecasts only: its stamp is that of the folder
            assert read_forecast_stamp(path)["scenario_hash"] == scenario_hash
        elif path.suffix in (".csv", ".geojson", ".html"):
            assert scenario_hash in path.read_text(encoding="utf-8"), path.name
        elif path.suffix == ".txt":
            assert scenario_hash[:8] in path.read_text(encoding="utf-8"), path.name


def test_no_report_of_later_is_in_any_file(done):
    """Of 5 May and after: v-09 to v-12. Of the day itself: v-07, as the nearest that is there."""
    whole = b"".join(content for name, content in contents(done.request.out).items() if not name.endswith(".pdf"))
    assert b"v-07" in whole
    for later in (b"v-09", b"v-10", b"v-11", b"v-12"):
        assert later not in whole


def test_the_same_again_is_the_same_to_the_byte(done, tmp_path):
    """Into another folder, on another number of threads; only the moment of making is held fixed."""
    again = dataclasses.replace(ASKED, out=tmp_path / "again", workers=1)
    run_scenario(again, made_at=MADE_AT)
    first, second = contents(done.request.out), contents(tmp_path / "again")
    tables = {name for name in first if not name.endswith(".pdf") and name != STAMP_FILE}
    assert set(first) == set(second)
    assert [name for name in sorted(tables) if first[name] != second[name]] == []


def test_another_moment_changes_the_stamp_only(done, tmp_path):
    later = MADE_AT + dt.timedelta(hours=1)
    run_scenario(dataclasses.replace(ASKED, out=tmp_path / "again", briefs=False), made_at=later)
    first, second = (json.loads((out / "towns.geojson").read_text()) for out in (done.request.out, tmp_path / "again"))
    assert first["features"] == second["features"]
    assert first["posada"]["made_at"] != second["posada"]["made_at"]


def test_points_of_the_map_are_rounded_and_have_their_range(done):
    whole = json.loads((done.request.out / "towns.geojson").read_text(encoding="utf-8"))
    points = {row["properties"]["place"]: row["properties"] for row in whole["features"]}
    cedar = done.outlook.town("cedar")
    assert points["cedar"]["people_tonight_q50"] == round_modelled(cedar.tonight.at(0.5))
    assert points["cedar"]["people_tonight_q10"] <= points["cedar"]["people_tonight_q90"]
    assert points["cedar"]["arrival_most_likely"] == "2030-05-04"


def test_without_a_folder_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    answer = run_scenario(dataclasses.replace(ASKED, members=5))
    assert answer.files == ()
    assert list(tmp_path.iterdir()) == []


def test_steps_are_told_in_order():
    told = []
    run_scenario(dataclasses.replace(ASKED, members=5), tell=lambda *what: told.append(what))
    assert list(dict.fromkeys(step for step, _, _ in told)) == ["read", "simulate", "summarise"]
    assert told[-1] == ("summarise", 1, 1)


def test_a_folder_of_somebody_else_is_refused_before_anything_is_computed(tmp_path):
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "list.txt").write_text("mine", encoding="utf-8")
    told = []
    with pytest.raises(OutputExistsError):
        run_scenario(dataclasses.replace(ASKED, out=tmp_path / "theirs"), tell=lambda *what: told.append(what))
    assert told == []
    assert contents(tmp_path) == {"theirs/list.txt": b"mine"}


def test_rows_published_too_late_are_counted(tmp_path):
    """In the valley all sources but the reports are of 1 May; here the ministry speaks on 9 May."""
    valley = read_scenario("valley")
    sources = tuple(
        dataclasses.replace(row, date=dt.date(2030, 5, 9)) if row.id == "ministry" else row for row in valley.sources
    )
    write_scenario(valley.replace(sources=sources), tmp_path / "late")
    answer = run_scenario(dataclasses.replace(ASKED, scenario=str(tmp_path / "late"), members=5))
    assert answer.left_out == {"signals": 1, "reports": 4}


def test_an_outlook_is_written_without_its_members(tmp_path):
    run = simulate(read_scenario("valley"), members=20, as_of="2030-05-04")
    write(summarise(run), tmp_path / "outlook", languages=("en",))
    write(run, tmp_path / "run", briefs=False)
    assert "members.csv" not in contents(tmp_path / "outlook")
    assert "briefs/cedar.en.html" in contents(tmp_path / "outlook")
    assert "briefs/cedar.es.html" not in contents(tmp_path / "outlook")
    assert {"members.csv", "nights.parquet"} <= set(contents(tmp_path / "run"))


def test_an_explanation_of_a_folder_is_that_of_its_run(done):
    found = explain_number(str(done.request.out), "peak:elm", top=4)
    again = explain_number("valley", "peak:elm", top=4, asked=ASKED)
    assert found == again
    assert len(found.rows) == 4


def test_a_folder_whose_scenario_has_changed_is_refused(tmp_path):
    valley = read_scenario("valley")
    write_scenario(valley, tmp_path / "own")
    asked = Request(str(tmp_path / "own"), members=40, as_of="2030-05-04", out=tmp_path / "out", briefs=False)
    run_scenario(asked)
    assert explain_number(str(tmp_path / "out"), "peak:elm").rows
    sites = tuple(row for row in valley.sites if row.place != "elm")
    write_scenario(valley.replace(sites=sites), tmp_path / "own", overwrite=True)
    with pytest.raises(InputFileError, match="has changed since"):
        explain_number(str(tmp_path / "out"), "peak:elm")


@pytest.mark.parametrize("number", ["peak:elmm", "peek:elm"])
def test_an_unknown_number_is_said_before_the_run(number):
    told = []
    with pytest.raises(UnknownNameError):
        explain_number("valley", number, tell=lambda *what: told.append(what))
    assert told == []


def test_a_run_that_reaches_nobody_to_explain_says_so():
    with pytest.raises(InvalidValueError, match="Run more members"):
        explain_number("valley", "arrival:fir", asked=dataclasses.replace(ASKED, members=8))

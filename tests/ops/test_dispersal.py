"""The day's work for dispersed people, on small worlds: records, files, and what is refused."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from posada.forecast import dispersal_tables
from posada.forecast.dispersal_tables import ALL, DISPERSAL_MEMBER_COLUMNS, OBSERVED_COLUMNS
from posada.forecast.tables import FORECAST_COLUMNS
from posada.io.folder import read_scenario
from posada.io.results import read_table_stamp
from posada.io.stamp import STAMP_FILE, read_stamp
from posada.model.displacement import Movement
from posada.model.errors import InvalidValueError, OutputExistsError, UnknownNameError
from posada.model.outlook import LEVELS
from posada.ops.cycle import run_scenario
from posada.ops.explanation import explain_number, order_of
from posada.ops.request import DispersalAnswer, Request
from posada.ops.simulation import simulate
from posada.ops.summary import summarise
from posada.ops.writing import write
from tests.displaced import read_displaced
from tests.ops.test_cycle import contents

WORLDS = Path(__file__).parent.parent / "flee" / "worlds"
CAPACITY = WORLDS / "chance-capacity"
SEVENTH = WORLDS / "exact-hasten-data"
MADE_AT = dt.datetime(2030, 5, 5, 18, tzinfo=dt.UTC)
ASKED = Request(str(CAPACITY), members=20, seed=7, workers=1)


def ask(asked: Request) -> DispersalAnswer:
    answer = run_scenario(asked, made_at=MADE_AT)
    assert isinstance(answer, DispersalAnswer)
    return answer


def table(path: Path) -> dict[str, np.ndarray]:
    whole = pq.read_table(path)
    return {name: np.array(whole[name].to_pylist(), object) for name in whole.column_names}


def rows(columns: dict[str, np.ndarray], **where: object) -> np.ndarray:
    """Return which rows have these values."""
    return np.logical_and.reduce([columns[name] == value for name, value in where.items()])


@pytest.fixture(scope="module")
def done(tmp_path_factory) -> DispersalAnswer:
    return ask(dataclasses.replace(ASKED, out=tmp_path_factory.mktemp("results") / "out"))


@pytest.fixture
def displaced(tmp_path):
    """The made-up scenario: 100 registered in Cedar and 40 in Dogwood on the first day, and 25 in Dogwood besides."""
    return read_displaced(tmp_path / "made-up")


def test_everything_is_written(done):
    files = {path.name for path in done.files}
    assert files == set(contents(done.request.out)) == {
        STAMP_FILE, "forecast.csv", "forecast.parquet", "observed.csv", "observed.parquet", "members.parquet",
        "places.geojson", "map.svg",
    }  # fmt: skip


def test_the_same_again_is_the_same_to_the_byte(done, tmp_path):
    """On two threads, into another folder; only the moment of making is held fixed."""
    ask(dataclasses.replace(ASKED, out=tmp_path / "again", workers=2))
    assert contents(tmp_path / "again") == contents(done.request.out)


def test_every_kind_of_file_carries_the_stamp(done):
    scenario_hash = done.run.scenario.hash
    record = read_stamp(done.request.out)
    assert record["options"] == ASKED.dispersal_options()
    assert (record["scenario_hash"], record["people_per_simulated"], record["members"]) == (scenario_hash, 1, 20)
    assert record["registered_is_input"] is True
    for path in done.request.out.iterdir():
        if path.suffix == ".parquet":
            assert read_table_stamp(path)["scenario_hash"] == scenario_hash
        else:
            assert scenario_hash in path.read_text(encoding="utf-8"), path.name


def test_quantiles_are_those_of_the_members(done):
    """An independent way to the same: NumPy's quantile over the camp's people in the run."""
    camp = done.outlook.camp("c1")
    people = done.run.people[:, :, done.run.place_index("c1")]
    np.testing.assert_allclose(camp.daily.people, np.quantile(people, LEVELS, axis=0), rtol=1e-12)
    np.testing.assert_allclose(camp.daily.peak.values, np.quantile(people.max(axis=1), LEVELS), rtol=1e-12)
    np.testing.assert_allclose(camp.daily.end.values, camp.daily.people[:, -1])
    assert camp.daily.registered is not None
    assert camp.daily.registered[-1] == 200


def test_sums_are_sums_of_members_not_of_quantiles(done):
    inside = done.run.people.sum(axis=2)
    np.testing.assert_allclose(done.outlook.in_camps.people, np.quantile(inside, LEVELS, axis=0), rtol=1e-12)
    assert done.outlook.in_camps.registered[-1] == 350
    assert done.outlook.in_camps.capacity == 150
    assert set(done.outlook.countries) == {"Y", "Z"}


def test_nobody_is_lost_between_the_files(done):
    """In each member, on each day: in camps + under way + elsewhere = ever displaced; on average as well."""
    run, outlook = done.run, done.outlook
    elsewhere = run.entered - run.under_way - run.people.sum(axis=2)
    assert (elsewhere >= 0).all()
    np.testing.assert_allclose(outlook.elsewhere.people, np.quantile(elsewhere, LEVELS, axis=0), rtol=1e-12)
    members = table(done.request.out / "members.parquet")
    assert tuple(members) == DISPERSAL_MEMBER_COLUMNS
    last = members["date"] == run.dates[-1]
    displaced = members["people"][last & rows(members, location=ALL, target="displaced")]
    assert displaced.tolist() == [350] * 20
    in_camps = members["people"][last & rows(members, target="registered")].sum()
    assert in_camps == run.people[:, -1].sum()


def test_with_all_places_kept_everybody_is_somewhere(displaced):
    run = simulate(displaced, members=4, seed=3, workers=1)
    assert np.array_equal(run.people.sum(axis=2) + run.under_way, run.entered)


def test_the_forecast_is_in_hub_columns(done):
    """2 camps, 2 countries and 4 sums × 13 days × 15 levels."""
    forecast = table(done.request.out / "forecast.parquet")
    assert tuple(forecast) == FORECAST_COLUMNS
    assert len(forecast["value"]) == 8 * 13 * len(LEVELS)
    assert set(forecast["origin_date"]) == {dt.date(2020, 1, 1)}
    at = rows(forecast, location="c2", target="registered", target_end_date=dt.date(2020, 1, 13))
    assert forecast["value"][at].tolist() == done.outlook.camp("c2").daily.end.values.round(4).tolist()
    assert set(forecast["location"]) == {"c1", "c2", "country:Y", "country:Z", ALL}
    assert set(forecast["target"]) == {"registered", "under_way", "elsewhere", "displaced"}
    observed = table(done.request.out / "observed.parquet")
    assert tuple(observed) == OBSERVED_COLUMNS
    assert observed["observation"][rows(observed, location="c1")].tolist()[:2] == [20, 35]


def test_a_table_too_long_for_a_spreadsheet_is_parquet_only(done, tmp_path, monkeypatch):
    monkeypatch.setattr("posada.ops.dispersal_writing.ROWS_OF_A_SPREADSHEET", 8 * 13 * 15 - 1)
    monkeypatch.setattr(dispersal_tables, "_CELLS_AT_A_TIME", 13 * 6)  # six members at a time
    write(done.run, tmp_path / "out")
    assert not (tmp_path / "out" / "forecast.csv").exists()
    whole, parts = (table(folder / "members.parquet") for folder in (done.request.out, tmp_path / "out"))
    assert all(whole[name].tolist() == parts[name].tolist() for name in whole)


def test_points_of_the_map_are_rounded_and_have_their_range(done):
    whole = json.loads((done.request.out / "places.geojson").read_text(encoding="utf-8"))
    assert {row["geometry"]["type"] for row in whole["features"]} == {"Point"}
    points = {row["properties"]["place"]: row["properties"] for row in whole["features"]}
    assert (points["c1"]["capacity"], points["c1"]["registered_last_day"]) == (90, 200)
    assert points["c1"]["people_last_day_q10"] <= points["c1"]["people_last_day_q50"]
    assert points["c1"]["peak_day"] == done.outlook.camp("c1").daily.peak_date.isoformat()


def test_the_map_has_the_camps_and_the_places_in_conflict(displaced, tmp_path):
    """Cedar and Dogwood are camps; Alder and, from 4 March on, Birch are in conflict. None is hidden by another."""
    write(simulate(displaced, members=2, workers=1), tmp_path / "out")
    picture = (tmp_path / "out" / "map.svg").read_text(encoding="utf-8")
    assert picture.count("<circle") == 4
    for name in ("Alder", "Birch", "Cedar", "Dogwood"):
        assert f">{name}<" in picture
    assert "not for enforcement" in picture
    early = summarise(simulate(displaced, members=2, days=3, workers=1))
    assert [place.id for place in early.origins] == ["alder"]


def test_people_are_people_whatever_one_simulated_person_stands_for(tmp_path):
    """By hand: 163 registered are 23 sevens; 14 are there at first and 9 set out, so 161 people are displaced."""
    answer = ask(Request(str(SEVENTH), members=5, workers=1, out=tmp_path / "out", flee_out=tmp_path / "flee.csv"))
    assert answer.outlook.people_per_simulated == 7
    assert answer.outlook.displaced.end.at(0.5) == 161
    assert answer.outlook.camp("c").daily.registered[-1] == 161
    assert answer.outlook.camp("c").daily.registered[0] == 98
    members = table(tmp_path / "out" / "members.parquet")
    assert {int(people) % 7 for people in members["people"]} == {0}
    assert read_stamp(tmp_path / "out")["people_per_simulated"] == 7
    with (tmp_path / "flee.csv").open(encoding="utf-8", newline="") as file:
        last = list(csv.DictReader(file))[-1]
    assert (last["C data"], last["total refugees (simulation)"]) == ("23", "23")


def test_the_table_of_flee_is_the_mean_or_one_member(done, tmp_path):
    asked = dataclasses.replace(ASKED, flee_out=tmp_path / "out.csv")
    ask(asked)
    mean = (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()
    ask(dataclasses.replace(asked, flee_member=3, overwrite=True))
    third = (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()
    people = done.run.people[:, -1, done.run.place_index("c1")]
    assert mean[0] == third[0]
    assert mean[0].startswith("Day,Date,C1 sim,C1 data,C1 error,C2 sim")
    assert int(mean[-1].split(",")[2]) == np.rint(people.mean())
    assert int(third[-1].split(",")[2]) == people[3]


def test_an_outlook_alone_has_no_members(done, tmp_path):
    files = {path.name for path in write(summarise(done.run), tmp_path / "out")}
    assert files == {path.name for path in done.files} - {"members.parquet"}


def test_a_sensitive_camp_is_in_no_file_and_in_no_sum(displaced, tmp_path):
    """Cedar is left out: what is said of all camps is then what is said of Dogwood."""
    places = tuple(dataclasses.replace(row, sensitive=row.id == "cedar") for row in displaced.places)
    run = simulate(displaced.replace(places=places), members=4, seed=3, workers=1)
    outlook = summarise(run)
    assert [camp.place.id for camp in outlook.shown] == ["dogwood"]
    assert np.array_equal(outlook.in_camps.people, outlook.camp("dogwood").daily.people)
    write(run, tmp_path / "out")
    for path in (tmp_path / "out").iterdir():
        assert b"edar" not in path.read_bytes(), path.name
    assert "cedar" not in set(table(tmp_path / "out" / "members.parquet")["location"])
    assert read_stamp(tmp_path / "out")["places_left_out_as_sensitive"] == 1


def test_a_camp_that_is_not_there_is_named_with_its_nearest(done):
    with pytest.raises(UnknownNameError, match="'c1'"):
        done.outlook.camp("c11")


def test_only_some_days_and_places(displaced):
    run = simulate(displaced, members=2, days=4, places=["cedar"], workers=1)
    assert run.people.shape == (2, 4, 1)
    assert run.dates[-1] == dt.date(2030, 3, 4)
    assert [camp.place.id for camp in summarise(run).camps] == ["cedar"]


def test_progress_is_told_in_order():
    told: list[tuple[str, int, int]] = []
    run_scenario(dataclasses.replace(ASKED, members=3), tell=lambda *what: told.append(what))
    assert list(dict.fromkeys(step for step, _, _ in told)) == ["read", "disperse", "summarise"]


def test_what_a_scenario_is_about(displaced):
    valley = read_scenario("valley")
    both = valley.replace(movement=Movement())
    kinds = [(scenario.is_dispersed, scenario.is_mixed) for scenario in (valley, displaced, both)]
    assert kinds == [(False, False), (True, False), (False, True)]


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        ({"as_of": "2030-03-02"}, "are for groups"),
        ({"itinerary": "plan.csv"}, "are for groups"),
        ({"days": 0}, "from 1 to 10"),
        ({"days": 11}, "from 1 to 10"),
        ({"places": ["cedr"]}, "'cedar'"),
        ({"members": 0}, "members is 0"),
        ({"seed": -1}, "seed is -1"),
    ],
)
def test_what_dispersed_people_have_no_use_for_is_refused(displaced, options, hint):
    with pytest.raises((InvalidValueError, UnknownNameError), match=hint):
        simulate(displaced, **options)


def test_the_first_day_is_where_they_begin(displaced):
    assert simulate(displaced, members=1, days=1, as_of="start", workers=1).as_of is None


def test_an_as_of_date_in_the_scenario_is_not_passed_over(displaced):
    dated = displaced.replace(settings=dataclasses.replace(displaced.settings, as_of=dt.date(2030, 3, 2)))
    with pytest.raises(InvalidValueError, match="first day"):
        simulate(dated, members=1)


@pytest.mark.parametrize("option", [{"days": 3}, {"places": ["elm"]}])
def test_what_groups_have_no_use_for_is_refused(option):
    with pytest.raises(InvalidValueError, match="for dispersed people"):
        simulate(read_scenario("valley"), members=2, **option)


def test_a_file_that_stands_there_is_refused_before_anything_is_computed(tmp_path):
    (tmp_path / "out.csv").write_text("mine", encoding="utf-8")
    told: list[str] = []
    with pytest.raises(OutputExistsError, match=r"out\.csv"):
        run_scenario(dataclasses.replace(ASKED, flee_out=tmp_path / "out.csv"), tell=lambda step, *_: told.append(step))
    assert told == []
    assert (tmp_path / "out.csv").read_text(encoding="utf-8") == "mine"


def test_the_order_of_the_day_is_that_of_the_kind_of_scenario(done):
    assert order_of("valley") is None
    order = order_of(str(done.request.out))
    assert order is not None
    assert order.splitlines()[2].startswith(" 2. closures:")
    with pytest.raises(InvalidValueError, match="dispersed people"):
        explain_number(str(CAPACITY), "peak:c1")

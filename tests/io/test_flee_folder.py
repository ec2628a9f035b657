"""A folder of the Flee simulator becomes the scenario that it means, oddities and all."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posada.io.flee.counts import Count, add_series
from posada.io.flee.folder import read_flee
from posada.io.flee.reading import slug
from posada.io.folder import read_scenario, write_scenario
from posada.model.displacement import (
    Closure,
    Condition,
    Conflict,
    Demographic,
    KnownRoute,
    Movement,
    PlaceChange,
    Present,
)
from posada.model.errors import InputFileError
from posada.model.fields import fields_of
from posada.model.registrations import newly_displaced, registered_series, running_sum
from tests.flee_folder import FILES, spoil, write_flee_folder


def day(number: int) -> dt.date:
    return dt.date(2030, 3, 1) + dt.timedelta(days=number)


@pytest.fixture
def scenario(tmp_path):
    return read_flee(write_flee_folder(tmp_path / "made-up"))


def read_changed(tmp_path, changed):
    return read_flee(write_flee_folder(tmp_path / "made-up", changed))


def test_the_period_becomes_first_and_last_day(scenario):
    """Six days from 1 March: 1 to 6 March."""
    settings = scenario.settings
    assert (settings.id, settings.start, settings.end) == ("made-up", day(0), dt.date(2030, 3, 6))


def test_places_keep_order_and_names(scenario):
    assert [(place.id, place.name, place.kind) for place in scenario.places] == [
        ("alder", "Alder", "conflict_zone"),
        ("birch-upper", "Birch-Upper", "town"),
        ("crossing", "Crossing", "forwarding_hub"),
        ("dogwood", "Dogwood", "camp"),
        ("elm_camp", "Elm_Camp", "idp_camp"),
    ]
    assert [place.population for place in scenario.places] == [9000, 4000, None, None, None]
    assert [place.capacity for place in scenario.places] == [None, None, None, 800, None]
    assert (scenario.places[0].lat, scenario.places[0].lon, scenario.places[0].admin1) == (10.0, 20.0, "North")
    assert {place.country for place in scenario.places} == {"Here", "There"}


def test_routes_keep_order_ends_and_lengths(scenario):
    ends = [(route.from_place, route.to_place, route.km) for route in scenario.routes]
    assert ends[:2] == [("alder", "birch-upper", 42.0), ("birch-upper", "crossing", 10.5)]
    assert not any(route.one_way for route in scenario.routes)
    assert len(ends) == 4


def test_days_become_dates_and_never_becomes_empty(scenario):
    assert scenario.closures == (
        Closure("country", "Here", ("closures",), "There", day(0), day(3)),
        Closure("place", "dogwood", ("closures",), None, day(2), None),
        Closure("camp", "elm_camp", ("closures",), None, day(0), day(4)),
    )


def test_only_changes_of_conflict_are_rows(scenario):
    source = ("conflicts",)
    assert scenario.conflicts == (
        Conflict("alder", day(0), 1.0, source),
        Conflict("alder", day(4), 0.8, source),
        Conflict("birch-upper", day(2), 0.5, source),
        Conflict("birch-upper", day(4), 0.0, source),
    )


def test_counts_are_reports_of_camps_and_of_all_together(scenario):
    """Dogwood: 100 and 200 scaled by 150/200 to 75 and 150. Elm: 10 to 30 in ten days, 28 on the first day."""
    series = registered_series(scenario)
    assert series.places == ("dogwood", "elm_camp")
    assert series.camps.tolist() == [[75, 28], [100, 30], [125, 30], [150, 30], [150, 30], [150, 30]]
    assert series.total.tolist() == [100, 160, 220, 280, 340, 400]
    new = newly_displaced(series, scenario.movement)
    assert new.tolist() == [203, 27, 25, 25, 0, 0]
    assert running_sum(new)[0] == 75 + 28 + 100


def test_settings_become_the_section_of_movement(scenario):
    rules = scenario.movement
    assert rules.semantics == "flee"
    assert rules.conflict_decay == (1.0, 0.5)
    assert (rules.awareness_steps, rules.max_move_km_per_day, rules.move_chance_default) == (2, 200.0, 0.4)
    assert rules.take_from_population
    assert rules.weight_conflict == 1 / 3.16227766017
    assert scenario.remarks == ()


def test_every_row_names_the_file_that_it_comes_from(scenario):
    titles = {source.id: source.title for source in scenario.sources}
    assert titles["dogwood"] == "made-up/source_data/dogwood.csv"
    assert {report.source for report in scenario.reports} == {("refugees",), ("dogwood",), ("elm",)}
    assert scenario.where("places", 3) == "input_csv/locations.csv:5"
    assert scenario.where("reports", 0) == "source_data/refugees.csv:1"


def test_an_imported_scenario_is_written_and_read_back_exactly(scenario, tmp_path):
    for target in ("folder", "book.xlsx"):
        write_scenario(scenario, tmp_path / target)
        again = read_scenario(tmp_path / target)
        assert again == scenario
        assert again.hash == scenario.hash


def test_read_scenario_takes_the_folder_and_its_settings(tmp_path):
    folder = write_flee_folder(tmp_path / "made-up", {"simsetting.yml": None})
    (tmp_path / "fast.yml").write_text("move_rules:\n  max_move_speed: 500\n")
    assert read_scenario(folder).movement.max_move_km_per_day == 360.0
    assert read_scenario(folder, settings=tmp_path / "fast.yml").movement.max_move_km_per_day == 500.0
    assert read_scenario(folder, settings="fastflow").movement.max_move_km_per_day == 500.0
    with pytest.raises(InputFileError, match="Did you mean 'fastflow'"):
        read_scenario(folder, settings="fastflw")
    with pytest.raises(InputFileError, match=r"Did you mean 'fast\.yml'"):
        read_scenario(folder, settings=tmp_path / "fats.yml")
    with pytest.raises(InputFileError, match="takes no settings of Flee"):
        read_scenario("valley", settings="fastflow")


def test_the_inner_folder_is_answered_with_the_outer_one(tmp_path):
    folder = write_flee_folder(tmp_path / "made-up")
    with pytest.raises(InputFileError, match=r"Name the folder above it: '.*made-up'"):
        read_scenario(folder / "input_csv")
    with pytest.raises(InputFileError, match="is no folder of Flee"):
        read_flee(folder / "source_data")


def test_line_ends_comments_and_blank_lines_do_not_matter(scenario, tmp_path):
    """Headers as they stand in files: quoted after '#', with a trailing comma, or none at all."""
    odd = {
        "input_csv/locations.csv": FILES["input_csv/locations.csv"].replace("#name", '#"name"').replace("\n", "\r\n"),
        "input_csv/routes.csv": FILES["input_csv/routes.csv"].partition("\n")[2].rstrip("\n"),
        "input_csv/closures.csv": FILES["input_csv/closures.csv"].replace("\ncamp", "\n\n# a note, with commas\ncamp"),
        "source_data/data_layout.csv": '"total","refugees.csv"\n\nDogwood,dogwood.csv\n#x,y.csv\nElm_Camp,elm.csv\n',
        "source_data/elm.csv": "Date,count\n2030-02-20,10\n\n2030-03-01,\n2030-03-02,30\n",
        "source_data/dogwood.csv": "DateTime\n2030-03-01,100\n#2030-03-02,9\n2030-03-04,200,x\n2030-03-05,150",
    }
    changed = read_changed(tmp_path, odd)
    assert changed.remarks == ()
    assert changed == scenario


def test_conflict_dates_after_the_start_are_towns(tmp_path):
    changed = read_changed(tmp_path, spoil("input_csv/locations.csv", "conflict_zone,0", "conflict_zone,3"))
    assert changed.places[0].kind == "town"


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("Camp", "camp"),
        ("idpcamp", "idp_camp"),
        ("conflict", "conflict_zone"),
        ("forward", "forwarding_hub"),
        ("marker", "marker"),
        ("flood_zone", "high_water_zone"),
        ("default", "town"),
        ("Town", "town"),
    ],
)
def test_types_are_looked_for_inside_the_text(written, kind, tmp_path):
    changed = spoil(
        "input_csv/locations.csv", "Crossing,,Here,10.6,20.0,forwarding_hub,,", f"Crossing,,Here,10.6,20.0,{written},0,"
    )
    layout = {"source_data/data_layout.csv": FILES["source_data/data_layout.csv"] + "Crossing,elm.csv\n"}
    assert read_changed(tmp_path, changed | layout).places[2].kind == kind


def test_attributes_of_places_are_numbers_by_name(tmp_path):
    header = FILES["input_csv/locations.csv"].replace("population\n", "population,hdi,initial_idps,notes,\n")
    text = header.replace("camp,,800", "camp,,800,0.6,25,\"['a', 'b']\",").replace("town,,4000", "town,,4000,0.4,,,")
    scenario = read_changed(tmp_path, {"input_csv/locations.csv": text})
    assert [(row.place, row.name, row.value) for row in scenario.place_attributes] == [
        ("birch-upper", "hdi", 0.4),
        ("dogwood", "hdi", 0.6),
    ]
    assert scenario.present == (Present("dogwood", 25, ("locations",)),)
    assert [(row.id, row.where) for row in scenario.remarks] == [("flee-note", "input_csv/locations.csv:5")]


def test_attributes_of_routes_that_matter_are_kept(tmp_path):
    text = """\
#name1,name2,distance,forced_redirection,max_move_speed,link_type,walk_probability
Alder,Birch-Upper,42,0,35,walk,0.5
Birch-Upper,Crossing,10.5,,,drive,
Crossing,Dogwood,90
Elm_Camp,Dogwood,35
Dogwood,Elm_Camp,50
"""
    routes = read_changed(tmp_path, {"input_csv/routes.csv": text}).routes
    assert [route.max_km_per_day for route in routes] == [35.0, None, None, None, None]
    assert [route.walk_probability_per_day for route in routes] == [0.5, 0, 0, 0, 0]
    assert [route.parallel for route in routes] == [1, 1, 1, 1, 2]


def test_major_routes_are_ways(tmp_path):
    files = {"input_csv/major_routes.csv": "Alder,Birch-Upper,Crossing\nElm_Camp,Dogwood\n"}
    fixed = spoil("simsetting.yml", "awareness_level: 2", "awareness_level: 2\n  fixed_routes: true")
    scenario = read_changed(tmp_path, files | fixed)
    source = ("major_routes",)
    assert scenario.known_routes == (
        KnownRoute("way-1", 0, "alder", source),
        KnownRoute("way-1", 1, "birch-upper", source),
        KnownRoute("way-1", 2, "crossing", source),
        KnownRoute("way-2", 0, "elm_camp", source),
        KnownRoute("way-2", 1, "dogwood", source),
    )
    assert scenario.remarks == ()


def test_demographics_agents_food_and_changes_are_read(tmp_path):
    files = {
        "input_csv/demographics_age.csv": "age,Default,Alder\n30,0.75,1\n70,0.25,\n",
        "input_csv/agents.csv": "location,age,gender\nAlder,30,female\nAlder,30,female\nDogwood,70,\n",
        "input_csv/region_attributes_IPC.csv": "#Day, North, East\n0, 10, 0\n5, 20, 5\n",
        "location_changes.csv": "#name,type,day\nBirch-Upper,camp,4\n",
    }
    asked = spoil("simsetting.yml", "spawn_rules:", "spawn_rules:\n  read_from_agents_csv_file: true")
    scenario = read_changed(tmp_path, files | asked)
    source = ("demographics_age",)
    assert scenario.demographics == (
        Demographic("age", "30", 0.75, source),
        Demographic("age", "30", 1.0, source, "alder"),
        Demographic("age", "70", 0.25, source),
        Demographic("age", "70", 0.0, source, "alder"),
    )
    assert scenario.present == (
        Present("alder", 2, ("agents",), "age=30;gender=female"),
        Present("dogwood", 1, ("agents",), "age=70"),
    )
    food = ("region_attributes_ipc",)
    assert scenario.conditions[:2] == (
        Condition("food_insecurity", "North", day(0), 10.0, food),
        Condition("food_insecurity", "East", day(0), 0.0, food),
    )
    assert scenario.place_changes == (PlaceChange("birch-upper", day(4), "camp", ("location_changes",)),)


WATER = """\
spawn_rules:
  conflict_zone_spawning_only: false
  flood_zone_spawning_only: true
  take_from_population: true
  flood_driven_spawn_mode:
    spawn_mode: pop_ratio
    displaced_per_flood_day: [0.0, 0.1, 0.2]
move_rules:
  flood_rules:
    flood_movechances: [0.0, 0.5, 1.0]
    flood_loc_weights: [1.0, 0.5, 0.1]
    flood_forecaster: true
    flood_forecaster_timescale: 3
    flood_forecaster_end_time: 5
    flood_forecaster_weights: [1.0, 0.5, 0.2]
    flood_awareness_weights: [0.0, 0.5, 1.0]
"""


def test_high_water_is_read_where_people_set_out_by_it(tmp_path):
    files = {
        "simsetting.yml": WATER,
        "input_csv/flood_level.csv": "#Day,Alder,Birch-Upper\n0,0,1\n1,2,1\n2,2,0\n",
        "input_csv/conflicts.csv": None,
    }
    scenario = read_changed(tmp_path, files)
    source = ("flood_level",)
    assert scenario.conditions == (
        Condition("high_water", "birch-upper", day(0), 1.0, source),
        Condition("high_water", "alder", day(1), 2.0, source),
        Condition("high_water", "birch-upper", day(2), 0.0, source),
    )
    rules = scenario.movement
    assert (rules.spawn_by_high_water, rules.high_water_rules, rules.spawn_mode) == (True, True, "population_share")
    assert rules.displaced_per_high_water_day == (0.0, 0.1, 0.2)
    assert (rules.high_water_forecast, rules.high_water_forecast_days, rules.high_water_forecast_end_day) == (
        True,
        3,
        5,
    )


@pytest.mark.parametrize(
    ("section", "mode", "people"),
    [
        ("{}", "constant", 500.0),
        ("{spawn_mode: Poisson, displaced_per_conflict_day: 20}", "poisson", 20.0),
        ("{spawn_mode: pop_ratio}", "population_share", 0.01),
        ("{spawn_mode: pop_ratio, displaced_per_conflict_day: 0.25}", "population_share", 0.25),
    ],
)
def test_people_can_set_out_by_conflict(section, mode, people, tmp_path):
    changed = spoil("simsetting.yml", "spawn_rules:", f"spawn_rules:\n  conflict_driven_spawning: {section}")
    rules = read_changed(tmp_path, changed).movement
    assert (rules.spawn_mode, rules.displaced_per_conflict_day) == (mode, people)


def test_the_rules_of_version_1_win_over_other_keys(tmp_path):
    changed = spoil(
        "simsetting.yml", "max_move_speed: 200.0", "max_move_speed: 300\n  use_v1_rules: true\n  start_on_foot: true"
    )
    rules = read_changed(tmp_path, changed).movement
    assert (rules.max_move_km_per_day, rules.start_on_foot, rules.weight_camp, rules.weight_conflict) == (
        200,
        False,
        2,
        0.25,
    )


def test_every_field_of_movement_can_be_set_from_a_file():
    """But for what Flee does not have, or what follows from other keys."""
    from posada.io.flee.keys import KEYS

    reached = {key.becomes for key in KEYS.values() if key.becomes}
    made = {"semantics", "spawn_mode", "spawn_by_high_water", "high_water_rules"}
    made |= {"displaced_per_conflict_day", "displaced_per_high_water_day"}
    assert {spec.name for spec in fields_of(Movement)} == reached | made


COUNTS = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 900)), unique_by=lambda row: row[0], min_size=1, max_size=8
)


def as_counts(rows) -> list[Count]:
    return [Count(day(number), float(people), "x.csv:1") for number, people in sorted(rows)]


def test_two_files_of_a_camp_are_added_by_the_last_figure_known():
    """Days 0, 10, 20 and 5, 10, 15: day 0 has 10 alone; 5 has the 20 of day 10 with 1, and so on; day 20 is lost."""
    first, second = as_counts([(0, 10), (10, 20), (20, 30)]), as_counts([(5, 1), (10, 2), (15, 3)])
    added = [((row.date - day(0)).days, row.people) for row in add_series(first, second)]
    assert added == [(0, 10), (5, 21), (10, 22), (15, 33)]


@given(COUNTS, st.integers(0, 2**32))
def test_series_of_the_same_days_are_added_day_by_day(rows, seed):
    others = [(number, random.Random(seed + number).randrange(900)) for number, _ in rows]
    added = add_series(as_counts(rows), as_counts(others))
    assert [row.people for row in added] == [a[1] + b[1] for a, b in zip(sorted(rows), sorted(others), strict=True)]


@given(st.lists(st.text(max_size=8), max_size=6))
def test_identifiers_are_plain_and_never_those_of_the_procedure(names):
    for name in names:
        assert slug(name, "place").strip("-_.")
        assert slug(name, "place").isascii()
        assert slug(name, "place") != "anywhere"


def test_names_that_become_one_identifier_are_numbered(tmp_path):
    text = FILES["input_csv/locations.csv"] + "DOGWOOD,East,There,11,20,town,,1\nÉlm-Cámp,East,There,11,20,town,,1\n"
    routes = FILES["input_csv/routes.csv"] + "DOGWOOD,Alder,5\nÉlm-Cámp,Alder,5\n"
    scenario = read_changed(tmp_path, {"input_csv/locations.csv": text, "input_csv/routes.csv": routes})
    assert [place.id for place in scenario.places[5:]] == ["dogwood-2", "elm-camp"]
    assert scenario.routes[-2].from_place == "dogwood-2"


def test_a_place_named_twice_is_one_place_with_the_figures_of_the_last_row_where_the_first_stands(tmp_path):
    """In Flee routes lead to the last one; the first row of the file says which country is home, so order is kept."""
    text = FILES["input_csv/locations.csv"] + "Alder,South,Elsewhere,9,19,conflict_zone,0,700\n"
    scenario = read_changed(tmp_path, {"input_csv/locations.csv": text})
    assert [place.name for place in scenario.places] == ["Alder", "Birch-Upper", "Crossing", "Dogwood", "Elm_Camp"]
    first = scenario.places[0]
    assert (first.id, first.country, first.population, first.lat) == ("alder", "Elsewhere", 700, 9.0)


def test_what_is_read_as_it_was_meant_gives_the_same_scenario(tmp_path):
    """Other capitals of a file, dates with a time, thousands, rows without a count, accents that stand apart."""
    good = {"source_data/dogwood.csv": "2030-03-01,100\n2030-03-04,2000\n2030-03-05,150\n"}
    plain = read_changed(tmp_path / "plain", good)
    slips = {
        "source_data/data_layout.csv": "name,file\ntotal,refugees.csv\nDogwood,DOGWOOD.csv\nElm_Camp,elm.csv\n",
        "source_data/dogwood.csv": '2030/03/01,100\n2030-03-02,NA\n2030-03-04T00:00:00,"2,000"\n2030-03-05,150\n',
        "input_csv/sim_period.csv": "StartDate,2030-03-01 00:00:00\nLength,6\n",
    }
    read = read_changed(tmp_path / "slips", slips)
    assert [(row.place, row.event_date, row.value) for row in read.reports] == [
        (row.place, row.event_date, row.value) for row in plain.reports
    ]
    assert read.settings.start == plain.settings.start


def test_names_whose_accents_stand_apart_are_the_same_name(tmp_path):
    files = {file: text.replace("Alder", "Alcalá") for file, text in FILES.items() if "Alder" in text}
    files["input_csv/routes.csv"] = files["input_csv/routes.csv"].replace("á", "a\u0301")
    scenario = read_changed(tmp_path, files)
    assert scenario.routes[0].from_place == scenario.places[0].id == "alcala"

"""caravan-2018 is what was public on 3 April 2018, as the data have it, and nothing later."""

from __future__ import annotations

import csv
import datetime as dt
from itertools import pairwise

import pytest

from posada.io.folder import read_scenario
from tests.architecture.source_tree import ROOT

DATA = ROOT / "data" / "caravans"
AS_OF = dt.date(2018, 4, 3)
ASSUMED = "project_assumption"
UNITS = {
    "persons": "people",
    "": "none",
    "persons per group": "people_per_group",
    "hour of day": "hour_of_day",
    "percent": "share_percent",
    "days validity": "days_validity",
}


def rows_of(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def scenario():
    return read_scenario("caravan-2018")


def test_reports_are_the_45_of_the_data(scenario):
    """Same days, kinds, units and figures; 'repatriated' is a cumulative number, which its unit says here."""
    told = {row["report_id"]: row for row in rows_of("reports_spring2018_to_3apr.csv")}
    assert len(scenario.reports) == len(told) == 45
    for report in scenario.reports:
        row = told[report.id]
        assert report.published.isoformat() == row["published"]
        assert report.event_date.isoformat() == row["event_date"]
        assert report.kind == row["kind"].replace("permit_issued", "permits_issued")
        unit = UNITS.get(row["unit"], row["unit"])
        assert report.unit == ("people_cumulative" if report.kind == "repatriated" else unit)
        for ours, theirs in (
            (report.value_low, "value_low"),
            (report.value, "value"),
            (report.value_high, "value_high"),
        ):
            assert ours == (float(row[theirs]) if row[theirs] else None), report.id
        assert report.on_record == (row["on_record"] == "yes")
        assert report.place in (row["place_id"], None)
        assert report.summary


def test_conflicting_sizes_are_all_kept(scenario):
    """Four figures for the first day in Tapachula: 700, 1,000, 1,200 and 1,500."""
    first_day = {row.value for row in scenario.reports if (row.kind, row.place) == ("headcount", "tapachula")}
    assert first_day == {700, 1000, 1200, 1500}


def test_nothing_of_this_journey_was_published_later(scenario):
    assert scenario.settings.as_of == AS_OF
    assert max(report.published for report in scenario.reports) == AS_OF
    assert max(signal.date for signal in scenario.signals) <= AS_OF
    later = {row.id for row in scenario.sources if row.date and row.date > AS_OF}
    assert later
    assert all(row.title.startswith("Other journeys") for row in scenario.sources if row.id in later)


@pytest.mark.parametrize("table", ["reports", "signals", "sites", "stances", "itinerary"])
def test_tables_of_facts_do_not_rest_on_other_journeys(scenario, table):
    """What later journeys teach is in parameters, transitions and destinations; not in what is told as known."""
    cited = {id_ for row in scenario.table(table) for id_ in row.source}
    assert [id_ for id_ in cited if id_.startswith("other_")] == []


def test_the_data_folder_keeps_back_what_forecasts_are_scored_on():
    """No report of spring 2018 after 3 April, none of autumn 2021, and no road from a report of that time."""
    for path in DATA.glob("reports_*.csv"):
        for row in rows_of(path.name):
            for day in (row["published"], row["event_date"]):
                assert not "2018-04-03" < day < "2018-10-01", row["report_id"]
                assert not "2021-09-01" <= day <= "2021-12-31", row["report_id"]
    sources = [row["source"] for row in rows_of("roads.csv")]
    assert not any("2018-04" in source or "2018-05" in source for source in sources)
    assert all(source.endswith("(road length only)") for source in sources if "2021" in source)


def test_parameters_cite_other_journeys_and_the_default_they_are_shrunk_to(scenario):
    for row in scenario.parameters:
        assert all(id_.startswith("other_") for id_ in row.source[:-1]), row.name
        assert row.source[-1] == ASSUMED


def _listed_km():
    km = {}
    for row in rows_of("roads.csv"):
        for ends in ((row["place_a"], row["place_b"]), (row["place_b"], row["place_a"])):
            km[*ends, row["mode"]] = float(row["km"])
    return km


def test_every_length_is_listed_or_said_to_be_assumed(scenario):
    listed = _listed_km()
    for route in scenario.routes:
        if ASSUMED not in route.source:
            assert route.km == listed[route.from_place, route.to_place, route.mode]


def test_towns_on_long_stretches_keep_their_length(scenario):
    """The parts of a stretch add up to it; four stretches are differences of listed ones.

    El Arenal to Tepic 215 - 45 = 170; Querétaro to Saltillo 850 - (70 + 95 + 52) = 633; Irapuato to Ciudad
    Juárez 1830 - 217 - (50 + 62) = 1501; Orizaba to Amozoc 150 - 18 = 132.
    """
    listed = _listed_km()
    stretch = {(a, b): km for (a, b, mode), km in listed.items() if mode == "road"}
    stretch["el_arenal_jal", "tepic"] = 170.0
    stretch["queretaro", "saltillo"] = 633.0
    stretch["irapuato", "ciudad_juarez"] = 1501.0
    km = {(route.from_place, route.to_place): route.km for route in scenario.routes if route.mode == "road"}
    assert km["orizaba", "amozoc"] == 132
    towns: dict[tuple[str, str], list[str]] = {}
    for row in rows_of("waypoints.csv"):
        towns.setdefault((row["leg_from"], row["leg_to"]), []).append(row["id"])
    for (start, end), between in towns.items():
        chain = [start, *between, end]
        parts = [km[pair] for pair in pairwise(chain)]
        assert sum(parts) == pytest.approx(stretch[start, end], abs=0.5), chain


def test_no_road_is_only_the_sum_of_two_others(scenario):
    """Such a stretch would let people walk past a town that lies on it, as if it were not there."""
    km = {}
    for route in scenario.routes:
        if route.mode == "road":
            km[route.from_place, route.to_place] = km[route.to_place, route.from_place] = route.km
    for (one, other), direct in km.items():
        between = [end for start, end in km if start == one and (end, other) in km]
        assert [town for town in between if km[one, town] + km[town, other] <= direct * 1.05] == []


def test_the_corridor_has_its_forks(scenario):
    crossings = {place.id for place in scenario.places if place.kind == "border_crossing"}
    assert crossings == {
        "tijuana", "mexicali", "nogales_son", "ciudad_juarez", "piedras_negras", "nuevo_laredo", "reynosa", "matamoros",
    }  # fmt: skip
    named = {row.place for row in scenario.destinations if row.group == "viacrucis"}
    assert named == crossings - {"tijuana"}
    assert sum(row.share for row in scenario.destinations if row.group == "viacrucis") < 1


def test_what_nobody_reported_is_not_there(scenario):
    """No vehicle was reported with number and seats; no site with a capacity; no P-code is guessed."""
    assert scenario.vehicles == ()
    assert [site.capacity for site in scenario.sites] == [None, None]
    assert {place.pcode for place in scenario.places} == {None, "MX20327", "MX20525"}

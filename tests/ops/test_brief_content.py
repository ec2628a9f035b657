"""What a brief gets beyond the forecast: needs, offers, statements, drivers."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pytest

from posada.model.offers import Site, Vehicle
from posada.model.outlook import OfferLine
from posada.ops.brief_content import figure_text
from posada.ops.offers import town_offers
from posada.ops.summary import summarise
from posada.plan.needs import calculate_needs
from tests.forecast.runs import FIRST, day, in_alder, report, run, scenario, stays

MADE_AT = dt.datetime(2030, 3, 1, 18, tzinfo=dt.UTC)
ASKED = {"covered_places", "toilets", "taps", "seats"}


def outlook(whole, journeys, **arrays):
    made = {**stays(journeys, 1234), **arrays}
    done = run(whole, members=len(journeys), days=len(journeys[0]), at=in_alder(), **made)
    return summarise(done, made_at=MADE_AT)


def test_needs_are_for_the_upper_end_rounded_up():
    """Ten members with 101, 201, … 1,001 people: at 0.9 there are 901 + 0.1 × 100 = 911, rounded up to 920."""
    made = stays(10 * [[0, 1]])["people"]
    made[:, 1, 1] = np.arange(101, 1002, 100)
    town = outlook(scenario(), 10 * [[0, 1]], people=made).town("birch")
    assert town.peak.at(0.9) == pytest.approx(911)
    assert town.needs_people == 920
    assert town.needs_phase == "overnight"
    assert town.needs == calculate_needs(920, "overnight", essential_only=True)


def test_needs_follow_the_length_of_stay_and_the_climate():
    """Three nights in every member."""
    town = outlook(scenario(), 4 * [[0, 1, 1, 1]]).town("birch")
    assert town.needs_phase == "days_2_5"
    assert town.needs == calculate_needs(1300, "days_2_5", climate="temperate", essential_only=True)


def test_a_town_without_people_has_no_needs():
    town = outlook(scenario(), 4 * [[-1, 1]]).town("alder")
    assert town.needs == ()
    assert town.needs_people == 0
    assert math.isnan(town.peak.at(0.9))


def site(id_="hall", **fields) -> Site:
    known = {"place": "birch", "name": "The hall", "type": "school", "covered": True, "source": ("radio",)}
    return Site(id_, **(known | fields))


def vehicle(id_="buses", **fields) -> Vehicle:
    known = {"place": "birch", "type": "bus", "count": 6, "seats": 45, "source": ("radio",)}
    return Vehicle(id_, **(known | fields))


def offers(day_=FIRST, **tables) -> list[OfferLine]:
    return list(town_offers(scenario(**tables), "birch", day_))


def reported(lines) -> list[tuple[object, ...]]:
    return [(row.what, row.quantity, row.unit, row.state) for row in lines if row.state != "not_reported"]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"capacity": 400}, ("covered_places", 400, "places", "ready")),
        ({"capacity": 400, "area_m2": 900}, ("covered_places", 400, "places", "ready")),
        ({"area_m2": 900}, ("covered_space", 900, "m2", "ready")),
        ({}, ("covered_places", None, "places", "ready")),
        ({"covered": False, "area_m2": 900}, ("open_ground", 900, "m2", "ready")),
        ({"covered": False, "capacity": 900}, ("open_ground", None, "m2", "ready")),  # a square is no shelter
        ({"capacity": 0}, ("covered_places", 0, "places", "ready")),  # none is not unknown
        ({"capacity": 400, "state": "promised"}, ("covered_places", 400, "places", "promised")),
        ({"capacity": 400, "open_from": day(1)}, ("covered_places", 400, "places", "promised")),
    ],
)
def test_a_site(fields, expected):
    assert reported(offers(sites=(site(**fields),))) == [expected]


def test_toilets_and_taps_of_a_site():
    lines = offers(sites=(site(capacity=400, toilets=8, taps=0),))
    assert reported(lines)[1:] == [("toilets", 8, "toilets", "ready"), ("taps", 0, "taps", "ready")]
    assert {row.what for row in lines if row.state == "not_reported"} == {"seats"}


def test_the_name_and_source_of_a_sensitive_site_are_left_out():
    (line,) = (row for row in offers(sites=(site(capacity=40, sensitive=True),)) if row.state == "ready")
    assert (line.name, line.source) == ("", "")
    assert line.quantity == 40


def test_vehicles_are_seats_and_ambulances_a_number():
    """6 buses of 45 seats are 270 seats."""
    rows = (vehicle(limit_place="cedar"), vehicle("red", type="ambulance", count=2, seats=1, range_km=60))
    lines = offers(vehicles=rows)
    assert reported(lines) == [("bus", 270, "seats", "promised"), ("ambulance", 2, "vehicles", "promised")]
    assert [row.name for row in lines[:2]] == ["6 × 45 → Cedar", "2 × 1, 60 km"]
    assert lines[0].source == "A radio station, 2030-03-01"


@pytest.mark.parametrize("fields", [{"open_to": day(3)}, {"withdrawn_on": day(4)}, {"withdrawn_on": day(2)}])
def test_what_is_over_is_no_offer(fields):
    assert reported(offers(day(4), vehicles=(vehicle(**fields),))) == []


def test_what_still_stands_is_one():
    """The nearest cases that are not over: the last day is the day itself, or it is withdrawn tomorrow."""
    for fields in ({"open_to": day(4)}, {"withdrawn_on": day(5)}):
        assert len(reported(offers(day(4), vehicles=(vehicle(**fields),)))) == 1


def test_what_nobody_reported_is_said():
    lines = offers()
    assert {row.what for row in lines} == ASKED
    assert {(row.quantity, row.state) for row in lines} == {(None, "not_reported")}


def test_another_towns_offers_are_not_this_ones():
    assert reported(offers(sites=(site(capacity=4, place="cedar"),), vehicles=(vehicle(place="alder"),))) == []


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        ({"value": 1200}, "1,200 people"),
        ({"value": 1200, "value_low": 1200}, "≥ 1,200 people"),
        ({"value_high": 299}, "≤ 299 people"),
        ({"value": 200, "value_low": 200, "value_high": 299}, "200–299 people"),
        ({"value": 4, "value_low": 3}, "4 people"),
        ({}, ""),
    ],
)
def test_a_figure_as_text(figure, text):
    assert figure_text(report("r", 1, "headcount", **figure)) == text


def test_statements_of_a_town_and_of_the_whole():
    """The town lists reports about it, published by the first night; the whole lists what the state rests on."""
    from dataclasses import replace

    reports = (
        report("a", 0, "headcount", place="alder", value=1000, summary="Counted."),
        report("b", 0, "policy", place="birch", unit="none", group=None),
        report("c", 1, "lodging", place="birch", unit="none"),
    )
    whole = scenario(reports=reports)
    start = replace(in_alder(), groups=(replace(in_alder().groups[0], report_ids=("a",)),))
    made = run(whole, members=2, days=2, at=start, **stays(2 * [[0, 1]]))
    found = summarise(made, made_at=MADE_AT)
    assert [row.report_id for row in found.statements] == ["a"]
    assert [row.report_id for row in found.town("birch").statements] == ["b"]
    said = found.statements[0]
    assert (said.publisher, said.title, said.figure, said.summary) == (
        "A radio station", "News", "1,000 people", "Counted.",
    )  # fmt: skip


def test_drivers_are_of_arrival_or_where_they_are_of_the_nights():
    """The first number decides the day of arrival in Birch, and so the nights in Alder, where everybody is at once."""
    journeys = [[0, 1, 1] if member < 50 else [0, 0, 1] for member in range(100)]
    drawn = np.column_stack([np.arange(100.0), np.ones(100)])
    names = ("walk_km_per_day", "lift_share")
    found = outlook(scenario(), journeys, drawn=drawn, drawn_names=names)
    for place in ("alder", "birch"):
        assert [row.name for row in found.town(place).drivers] == ["walk_km_per_day"]


def test_the_stamp_says_when_and_what():
    found = outlook(scenario(), 2 * [[0, 1]]).stamp
    assert (found.scenario_id, found.members, found.as_of, found.made_at) == ("made", 2, FIRST, MADE_AT)
    assert found.scenario_hash == scenario().hash
    assert found.classification == "restricted"

"""The bundled scenarios: they read without a fault, every figure has a source, and valley has a bit of everything."""

from __future__ import annotations

import pytest

from posada.io.folder import read_scenario
from posada.model.findings import Severity
from posada.model.journeys import STATUS_ROLES, TRANSITION_KINDS, TRANSITION_SCOPES
from posada.model.offers import OFFER_STATES, STANCES
from posada.model.rates import DISTRIBUTIONS
from posada.model.tables import DISPLACEMENT_TABLES, TABLES

NAMES = ("caravan-2018", "valley")


@pytest.fixture(scope="module")
def valley():
    return read_scenario("valley")


@pytest.mark.parametrize("name", NAMES)
def test_check_finds_neither_errors_nor_warnings(name):
    """Notes remain: they say what is assumed and what nobody has reported."""
    findings = read_scenario(name).check()
    assert [str(found) for found in findings if found.severity is not Severity.NOTE] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_row_cites_sources_that_exist(name):
    scenario = read_scenario(name)
    known = {source.id for source in scenario.sources}
    for table in TABLES:
        if table != "sources":
            for row in scenario.table(table):
                assert row.source, (table, row)
                assert set(row.source) <= known, (table, row)


@pytest.mark.parametrize("name", NAMES)
def test_every_source_is_cited(name):
    """A source that nothing cites is left over from a row that went."""
    scenario = read_scenario(name)
    cited = {id_ for table in TABLES if table != "sources" for row in scenario.table(table) for id_ in row.source}
    assert {source.id for source in scenario.sources} - cited == set()


def test_valley_is_small_and_says_that_it_is_invented(valley):
    assert [place.name for place in valley.places] == ["Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir"]
    assert (valley.settings.end - valley.settings.start).days <= 21
    assert all(source.title.startswith("Invented") for source in valley.sources)


def test_valley_fills_every_table_of_a_journey_but_stocks(valley):
    """What a town has in store is seldom told."""
    assert {table for table in TABLES if not valley.table(table)} == {*DISPLACEMENT_TABLES, "supplies"}


def test_valley_has_a_fork_of_two_equal_ways(valley):
    """Birch to Elm: by Cedar 30 + 50 km, by Dogwood 35 + 45 km."""
    km = {(route.from_place, route.to_place): route.km for route in valley.routes if route.mode == "road"}
    assert km["birch", "cedar"] + km["cedar", "elm"] == km["birch", "dogwood"] + km["dogwood", "elm"] == 80


def test_valley_uses_every_option_of_the_engine(valley):
    """Each option of a table that changes what the engine does stands in at least one row."""
    assert {row.kind for row in valley.places} >= {"town", "city", "border_crossing"}
    assert {row.mode for row in valley.routes} == {"road", "rail"}
    assert {row.one_way for row in valley.routes} == {True, False}
    assert {row.rides_trains for row in valley.groups} == {True, False}
    assert len({row.departs for row in valley.groups}) == 2
    assert {row.role for row in valley.statuses} == set(STATUS_ROLES)
    assert {row.kind for row in valley.procedure} == set(TRANSITION_KINDS)
    assert {row.scope for row in valley.procedure} == set(TRANSITION_SCOPES)
    assert {row.who for row in valley.procedure} > {"all"}
    assert {row.stance for row in valley.stances} == set(STANCES)
    assert {row.state for row in valley.sites} == {row.state for row in valley.vehicles} == set(OFFER_STATES)
    assert {row.distribution for row in valley.parameters} == set(DISTRIBUTIONS) - {"lognormal"}
    rates, moves = ({row.affects for row in valley.signals} & names for names in _signal_names(valley))
    assert rates
    assert moves


def _signal_names(scenario):
    return {row.name for row in scenario.parameters}, {row.id for row in scenario.procedure}


def test_valley_offers_places_and_seats_of_every_kind(valley):
    assert any(row.capacity is not None for row in valley.sites)
    assert any(row.area_m2 is not None and row.capacity is None and row.covered for row in valley.sites)
    assert any(row.area_m2 is None and row.capacity is None and row.covered for row in valley.sites)
    assert any(not row.covered for row in valley.sites)
    assert any(row.sensitive for row in valley.sites)
    assert any(row.open_from and row.open_to for row in valley.sites)
    assert any(row.limit_place for row in valley.vehicles)
    assert any(row.range_km for row in valley.vehicles)
    assert any(row.type == "ambulance" for row in valley.vehicles)
    assert any(row.accessible and row.type != "ambulance" for row in valley.vehicles)
    assert any(row.withdrawn_on for row in valley.vehicles)
    assert any(row.honoured_likely is not None for row in valley.vehicles)


def test_valley_has_reports_that_contradict(valley):
    """Organisers name more than 1,300 on the day on which civil protection counts 950 in the same town."""
    said = {row.id: row for row in valley.reports}
    more, counted = said["v-02"], said["v-03"]
    assert (more.place, more.event_date) == (counted.place, counted.event_date)
    assert more.value_low > counted.value

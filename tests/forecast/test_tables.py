"""Forecasts as tables: hub columns, distribution functions, members, and nothing about sensitive places."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from posada.forecast.summary import summarise
from posada.forecast.tables import (
    FORECAST_COLUMNS,
    JOURNEY,
    MEMBER_COLUMNS,
    forecast_table,
    members_table,
    nights_table,
)
from posada.model.outlook import LEVELS
from tests.forecast.runs import day, in_alder, run, scenario, stays
from tests.forecast.test_summary import JOURNEYS, STAMP

DAYS = 4


def made(hidden: str = ""):
    whole = scenario()
    places = tuple(dataclasses.replace(row, sensitive=row.id == hidden) for row in whole.places)
    return run(whole.replace(places=places), members=10, days=DAYS, at=in_alder(), **stays(JOURNEYS))


def joined(parts) -> dict[str, np.ndarray]:
    parts = list(parts)
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


@pytest.fixture
def table():
    return joined(forecast_table(summarise(made(), STAMP)))


def rows(table, **where) -> np.ndarray:
    """Return which rows have these values."""
    return np.logical_and.reduce([table[name] == value for name, value in where.items()])


def test_columns_and_rows(table):
    """3 towns × 4 days × (3 targets × 15 levels + 1) and 3 + 4 series of the journey × 4 days × 15 levels."""
    assert tuple(table) == FORECAST_COLUMNS
    assert {len(column) for column in table.values()} == {3 * DAYS * (3 * 15 + 1) + 7 * DAYS * 15}
    assert set(table["origin_date"]) == {np.datetime64(day(0))}
    ahead = (table["target_end_date"] - table["origin_date"]).astype(int)
    assert np.array_equal(ahead, table["horizon"])


def test_quantiles_stand_under_their_level_and_day(table):
    """People in Cedar on day 2 are 100 in six of ten members: 0 at 0.3, 100 at 0.5."""
    at = rows(table, location="cedar", target="people_tonight", horizon=2, output_type="quantile")
    by_level = dict(zip(table["output_type_id"][at], table["value"][at], strict=True))
    assert tuple(by_level) == LEVELS
    assert (by_level[0.3], by_level[0.5]) == (0, 100)


def test_arrived_by_is_a_distribution_function(table):
    """Birch: nobody on day 0, eight of ten from day 1 on. It never falls."""
    at = rows(table, location="birch", target="arrived_by")
    assert set(table["output_type"][at]) == {"cdf"}
    assert table["output_type_id"][at].tolist() == [0, 1, 2, 3]
    assert table["value"][at].tolist() == [0, 0.8, 0.8, 0.8]


def test_the_journey_has_its_own_location(table):
    targets = set(table["target"][rows(table, location=JOURNEY)])
    assert {"people_together", "people_in_main_body", "people_entered", "status:returned"} <= targets


def test_members_by_hand():
    """Member 6 comes to Birch on day 1, stays two nights, with 100 people; members 8 and 9 never come."""
    table = joined(members_table(made(), ["birch", "cedar"]))
    assert tuple(table) == MEMBER_COLUMNS
    birch = rows(table, place="birch")
    assert table["member"][birch].tolist() == list(range(8))
    six = rows(table, place="birch", member=6)
    assert table["arrival_date"][six][0] == np.datetime64(day(1))
    assert (table["nights"][six][0], table["peak_people"][six][0]) == (2, 100)
    assert table["peak_night"][six][0] == np.datetime64(day(1))


def test_people_without_the_main_body_have_a_row_without_a_date():
    arrays = stays(2 * [[0, 0]])
    arrays["people"][1, 1, 2] = 5
    whole = run(scenario(), members=2, days=2, at=in_alder(), **arrays)
    table = joined(members_table(whole, ["cedar"]))
    assert table["member"].tolist() == [1]
    assert np.isnat(table["arrival_date"][0])
    assert table["nights"][0] == 0


def test_nights_hold_every_night_and_no_zero():
    whole = made()
    table = joined(nights_table(whole))
    assert (table["people"] > 0).all()
    assert table["people"].sum() == whole.people.sum()
    assert len(table["member"]) == (whole.people > 0).sum()


def test_a_sensitive_place_is_in_no_table():
    whole = made(hidden="birch")
    outlook = summarise(whole, STAMP)
    assert "birch" in {town.place_id for town in outlook.towns}
    assert "birch" not in set(joined(forecast_table(outlook))["location"])
    assert set(joined(members_table(whole, ["alder", "birch"]))["place"]) == {"alder"}
    assert set(joined(nights_table(whole))["place"]) == {"alder", "cedar"}

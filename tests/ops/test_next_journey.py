"""A new journey on a map that is there: what is kept, what is not, and that it can be used at once."""

from __future__ import annotations

import csv
import datetime as dt

import pytest

from posada.io.folder import read_scenario
from posada.model.errors import InvalidValueError, OutputExistsError, UnknownNameError
from posada.ops.next_journey import FIRST_COUNT, REPORTED, NextJourney, begin_journey, next_journey
from tests.displaced import read_displaced

DAY = dt.date(2031, 4, 2)
ASKED = NextJourney(DAY, "tapachula", (800, 1200, 2000))


@pytest.fixture(scope="module")
def known():
    return read_scenario("caravan-2018")


@pytest.fixture(scope="module")
def made(known):
    return next_journey(known, ASKED, "Spring 2031")


def test_map_and_what_past_journeys_taught_are_kept(known, made):
    for table in ("places", "routes", "statuses", "parameters"):
        assert made.table(table) == known.table(table)
    shares = {row.place: row.share for row in known.destinations if row.group == known.groups[0].id}
    assert {row.place: row.share for row in made.destinations} == shares
    assert {row.group for row in made.destinations} == {"group"}


def test_nothing_that_was_reported_of_the_other_journey_is_kept(known, made):
    for table in ("reports", "sites", "vehicles", "stances", "signals", "itinerary"):
        assert known.table(table) or table == "vehicles"
        assert made.table(table) == ()
    dated = {row.id for row in known.procedure if row.open_from or row.open_to}
    assert dated
    assert {row.id for row in made.procedure} == {row.id for row in known.procedure} - dated


def test_one_group_sets_out_and_its_size_says_that_nobody_is_named_yet(known, made):
    (group,) = made.groups
    assert (group.origin, group.departs, group.name) == ("tapachula", DAY, "Spring 2031")
    assert (group.size_low, group.size_likely, group.size_high) == (800, 1200, 2000)
    assert group.source == (FIRST_COUNT,)
    assert made.settings.id == "spring-2031"
    assert made.settings.as_of is None
    assert made.settings.end - DAY == known.settings.end - known.settings.start
    assert {row.id for row in made.sources} >= {FIRST_COUNT, "project_assumption"}
    assert "upi" not in {row.id for row in made.sources}  # it told of the other group only


@pytest.mark.parametrize(("name", "title"), [("mine", "mine"), ("mine.xlsx", "mine"), ("of.2031", "of.2031")])
def test_what_is_written_is_what_was_made_with_tables_to_fill(tmp_path, name, title):
    made = begin_journey(tmp_path / name, "caravan-2018", ASKED)
    assert made.settings.title == title
    assert read_scenario(tmp_path / name) == made
    if name == "mine":
        for table in REPORTED:
            with (tmp_path / name / f"{table}.csv").open(encoding="utf-8", newline="") as file:
                assert len(list(csv.reader(file))) == 1
    with pytest.raises(OutputExistsError):
        begin_journey(tmp_path / name, "caravan-2018", ASKED)


def test_a_journey_can_begin_on_the_map_of_a_folder(tmp_path):
    begin_journey(tmp_path / "first", "valley", NextJourney(DAY, "alder", (50, 60, 70)))
    second = begin_journey(tmp_path / "second", str(tmp_path / "first"), NextJourney(DAY, "birch", (1, 2, 3)))
    assert second.groups[0].origin == "birch"
    assert second.check().errors == ()


def test_what_cannot_be_is_named(known, tmp_path):
    with pytest.raises(UnknownNameError, match=r"unknown place 'tapachulla'\. Did you mean 'tapachula'"):
        next_journey(known, NextJourney(DAY, "tapachulla", (1, 2, 3)), "x")
    with pytest.raises(InvalidValueError, match="ascending"):
        next_journey(known, NextJourney(DAY, "tapachula", (3, 2, 1)), "x")
    with pytest.raises(InvalidValueError, match="has no group"):
        next_journey(read_displaced(tmp_path / "conflict"), ASKED, "x")

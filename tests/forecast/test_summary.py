"""From members to an outlook: hand-made runs with the arithmetic written out."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math

import numpy as np
import pytest

from posada.forecast.numbers import chosen_number, main_group
from posada.forecast.summary import summarise
from posada.forecast.town import most_likely_day
from posada.model.errors import InvalidValueError, UnknownNameError
from posada.model.outlook import LEVELS, Stamp
from posada.model.start import GroupStart, Range, StartingState
from tests.forecast.runs import FIRST, STATUSES, day, group, in_alder, run, scenario, stays

STAMP = Stamp("0.0.0", "made", "Made by hand", "0" * 64, 1, 10, FIRST, dt.datetime(2030, 3, 1, 18, tzinfo=dt.UTC))
ALDER, BIRCH, CEDAR = range(3)

# Ten members: eight walk from Alder over Birch to Cedar, of them two with a night of rest in Birch; two end in
# Alder. Day by day, -1 is a night on the road.
JOURNEYS = 6 * [[0, 1, 2, -1]] + 2 * [[0, 1, 1, 2]] + 2 * [[0, 0, 0, 0]]


def outlook(**arrays):
    whole = scenario()
    made = {**stays(JOURNEYS), **arrays}
    return summarise(run(whole, members=10, days=4, at=in_alder(), **made), STAMP)


def test_arrival_by_hand():
    """Cedar: 6 of 10 on day 2, 2 of 10 on day 3; chance 0.8; of those who come three in four come on day 2."""
    arrival = outlook().arrival("cedar")
    assert arrival.probability == 0.8
    assert arrival.most_likely == day(2)
    assert arrival.probability_by_day.tolist() == [0, 0, 0.6, 0.2]
    assert arrival.dates[0.1] == arrival.dates[0.5] == arrival.dates[0.75] == day(2)
    assert arrival.dates[0.8] == arrival.dates[0.9] == day(3)


def test_the_group_has_arrived_where_it_begins():
    alder = outlook().town("alder")
    assert alder.arrival.probability == 1
    assert alder.arrival.most_likely == FIRST
    assert alder.arrival.hours is None
    assert alder.tonight.at(0.1) == alder.tonight.at(0.9) == 100


def test_nights_by_hand():
    """Birch: one night in 6 of 8, two nights in 2 of 8. Alder: one night in 8 of 10, four in 2 of 10."""
    found = outlook()
    assert found.town("birch").nights.at(0.5) == 1
    assert found.town("birch").nights.at(0.9) == 2
    assert found.town("birch").nights.defined_share == 0.8
    assert found.town("alder").nights.at(0.95) == 4


def test_people_are_counted_in_all_members_and_the_peak_in_those_where_they_come():
    """Cedar on day 2: 100 people in 6 of 10 members. Its peak: 100 in each of the 8 members that reach it."""
    cedar = outlook().town("cedar")
    assert cedar.people[LEVELS.index(0.3), 2] == 0
    assert cedar.people[LEVELS.index(0.5), 2] == 100
    assert cedar.people[LEVELS.index(0.5), 3] == 0
    assert cedar.peak.at(0.025) == cedar.peak.at(0.5) == 100
    assert cedar.peak.defined_share == 0.8
    assert cedar.peak_night == day(2)


def test_places_short_is_each_members_worst_night():
    """In Birch 30 places are missing on day 1 in every member, 80 on day 2 in the two that rest: 30, 30, … 80, 80."""
    short = np.zeros((10, 4, 3), np.int32)
    short[:8, 1, BIRCH] = 30
    short[6:8, 2, BIRCH] = 80
    birch = outlook(places_short=short).town("birch")
    assert birch.places_short.at(0.5) == 30
    assert birch.places_short.at(0.9) == 80
    assert birch.short[LEVELS.index(0.9), 2] == 80


def test_seats_onward_are_those_of_members_that_set_out():
    """Only three members set anybody onward from Cedar, and at most 60 people: nobody is counted as 0 seats."""
    departing = np.zeros((10, 3), np.int32)
    departing[:3, CEDAR] = [40, 50, 60]
    seats = outlook(largest_departure=departing).town("cedar").onward_seats
    assert seats.at(0.5) == 50
    assert seats.defined_share == 0.3


def test_hours_need_most_members():
    """Hours are known in seven of the eight members that come, 8 to 14; with one in eight there is no window."""
    hours = np.full((10, 3), np.nan, np.float32)
    hours[:7, BIRCH] = [8, 9, 10, 11, 12, 13, 14]
    early, late = outlook(arrival_hour=hours).arrival("birch").hours
    assert (early, late) == pytest.approx((8.6, 13.4))  # a tenth of six steps from either end
    few = np.full((10, 3), np.nan, np.float32)
    few[0, BIRCH] = 8
    assert outlook(arrival_hour=few).arrival("birch").hours is None


def test_towns_are_in_the_order_of_arrival():
    assert [town.place_id for town in outlook().towns] == ["alder", "birch", "cedar"]


def test_a_town_that_hardly_anybody_reaches_is_left_out_but_not_the_beginning():
    """One member of 100 sleeps in Birch: 1 %, below 2 %. With two of 100 it is there."""
    rare = [[0, 1]] + 99 * [[0, 2]]
    twice = 2 * [[0, 1]] + 98 * [[0, 2]]
    for journeys, towns in ((rare, {"alder", "cedar"}), (twice, {"alder", "birch", "cedar"})):
        found = summarise(run(scenario(), members=100, days=2, at=in_alder(), **stays(journeys)), STAMP)
        assert {town.place_id for town in found.towns} == towns


def test_a_town_where_only_people_alone_come_has_a_peak_and_no_arrival():
    """Nobody of the main body comes to Cedar, but 7 people alone in 5 of 10 members: the peak is theirs."""
    made = stays(10 * [[0, 0]])
    made["people"][:5, 1, CEDAR] = 7
    cedar = summarise(run(scenario(), members=10, days=2, at=in_alder(), **made), STAMP).town("cedar")
    assert cedar.arrival.probability == 0
    assert cedar.arrival.most_likely is None
    assert cedar.arrival.dates == {}
    assert math.isnan(cedar.nights.at(0.5))
    assert cedar.peak.at(0.5) == 7
    assert cedar.peak.defined_share == 0.5


def test_a_handful_is_no_main_body():
    """Nine people reach Birch: that is people in Birch, and not the arrival of the group. Ten are."""
    for people, chance in ((9, 0), (10, 1)):
        made = stays(10 * [[0, 1]], people)
        found = summarise(run(scenario(), members=10, days=2, at=in_alder(), **made), STAMP)
        assert found.arrival("birch").probability == chance


def test_the_main_group_is_the_one_likely_to_be_largest():
    """By the scenario the first; by what is known on the date the second."""
    whole = scenario(groups=(group(), group("second", size_low=1, size_likely=2, size_high=3)))
    assert main_group(run(whole, members=1, days=1)) == 0
    known = StartingState(
        FIRST,
        (
            GroupStart("main", "alder", Range(1, 10, 20), ()),
            GroupStart("second", "birch", Range(100, 200, 300), ()),
        ),
    )
    assert main_group(run(whole, members=1, days=1, at=known)) == 1


def test_outcomes_count_entries_and_those_who_wait_tonight():
    """Permits are counted as ever given, the queue as it stands, final statuses as ever entered."""
    order = [row.id for row in sorted(STATUSES, key=lambda row: row.role == "final")]
    entries, current = np.zeros((10, 4, 5), np.int32), np.zeros((10, 4, 5), np.int32)
    for array, factor in ((entries, 1), (current, 10)):
        for index in range(5):
            array[:, 3, index] = factor * (index + 1)
    journey = outlook(entries=entries, current=current).journey
    last = {name: float(bands[LEVELS.index(0.5), 3]) for name, bands in journey.outcomes.items()}
    assert last == {
        "permit": order.index("permit") + 1,
        "queue": 10 * (order.index("queue") + 1),
        "returned": order.index("returned") + 1,
        "crossed": order.index("crossed") + 1,
    }
    assert journey.outcome_meanings["queue"] == "Waits at the crossing."


def test_a_sensitive_place_is_marked():
    whole = scenario()
    places = (*whole.places[:1], dataclasses.replace(whole.places[1], sensitive=True), whole.places[2])
    made = run(whole.replace(places=places), members=10, days=4, at=in_alder(), **stays(JOURNEYS))
    assert [town.sensitive for town in summarise(made, STAMP).towns] == [False, True, False]


def test_a_run_from_the_first_day_begins_at_the_origin():
    found = summarise(run(scenario(), members=2, days=2, **stays(2 * [[-1, 1]])), STAMP)
    assert [town.place_id for town in found.towns] == ["birch", "alder"]
    assert found.arrival("alder").probability == 0


@pytest.mark.parametrize(
    ("chances", "expected"),
    [
        ([0.0, 1.0, 0.0], 1),
        ([0.3, 0.0, 0.25, 0.25, 0.2], 3),  # 0.25 + (0.25 + 0.2) / 2 = 0.475 beats 0.375 and the lone 0.3
        ([0.5, 0.0, 0.5], 0),  # the gap between them is no day of arrival
        ([1.0], 0),
    ],
)
def test_the_most_likely_day(chances, expected):
    assert most_likely_day(np.array(chances)) == expected


def test_numbers_by_name():
    """Arrival in Cedar per member: 2 in six, 3 in two, not defined in two."""
    made = stays(JOURNEYS)
    together = np.zeros((10, 4), np.int32)
    together[:, 2] = 7
    entries = np.zeros((10, 4, 5), np.int32)
    entries[:, -1, 3] = 9
    whole = run(scenario(), members=10, days=4, at=in_alder(), together=together, entries=entries, **made)
    assert np.array_equal(chosen_number(whole, "arrival:cedar"), [2.0] * 6 + [3.0] * 2 + [np.nan] * 2, equal_nan=True)
    assert np.array_equal(chosen_number(whole, "nights:birch"), [1.0] * 6 + [2.0] * 2 + [np.nan] * 2, equal_nan=True)
    assert np.array_equal(chosen_number(whole, "peak:birch"), [100.0] * 8 + [np.nan] * 2, equal_nan=True)
    assert chosen_number(whole, "together:2030-03-03").tolist() == [7.0] * 10
    assert chosen_number(whole, "returned").tolist() == [9.0] * 10


@pytest.mark.parametrize(
    ("name", "hint"),
    [("arival:cedar", "'arrival'"), ("arrival:ceder", "'cedar'"), ("retruned", "'returned'"), ("peak", "peak:PLACE")],
)
def test_an_unknown_number_names_the_nearest(name, hint):
    with pytest.raises(UnknownNameError, match=hint):
        chosen_number(run(scenario(), members=1, days=2), name)


@pytest.mark.parametrize("name", ["together:2030-13-01", "together:2030-03-09", "together:"])
def test_a_night_that_is_none_is_refused(name):
    with pytest.raises(InvalidValueError, match=r"together:2018-04-20|Name one from 2030-03-01 to 2030-03-02"):
        chosen_number(run(scenario(), members=1, days=2), name)

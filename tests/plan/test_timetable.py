"""Hours of trips worked out by hand."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from posada.model.plan import Plan, PlanStamp, SolveStatus, Trip
from posada.plan.timetable import TripHours, trip_hours
from tests.plan.corridors import EXACT, FIRST, buses

NEXT = FIRST + dt.timedelta(days=1)


def plan_with(trips, count, **options):
    stamp = PlanStamp("0", "corridor", "hash", 1, None, "by hand")
    asked = dataclasses.replace(EXACT, **options)
    fleets = (buses("t0", count, 20, id="bus"),)
    return Plan(stamp, asked, (FIRST, NEXT), (1.0,), SolveStatus.OPTIMAL, (), trips=tuple(trips), fleets=fleets)


def onward(day, number, hours):
    return Trip(-1, "bus", day, "t0", "t1", False, number, hours, 30.0 * hours, 30.0 * hours, 0.0, 20)


def for_night(day, number):
    """Fetched over 60 km, 30 km with people, 60 km home: 2.5 h in the evening and in the morning."""
    return Trip(-1, "bus", day, "t2", "t1", True, number, 2.5, 60.0, 240.0, 60.0, 20)


def hours(*rows):
    return tuple(TripHours(*row) for row in rows)


def test_one_bus_makes_its_trips_one_after_another_from_six_in_the_morning():
    found = trip_hours(plan_with([onward(FIRST, 3, 2.0)], 1))
    assert found == {("bus", FIRST, "t0", "t1", False): hours((6, 7), (8, 9), (10, 11))}


def test_two_buses_share_the_trips():
    found = trip_hours(plan_with([onward(FIRST, 3, 2.0)], 2))
    assert found["bus", FIRST, "t0", "t1", False] == hours((6, 7), (6, 7), (8, 9))


def test_people_are_taken_for_the_night_after_five_and_back_before_anybody_is_carried_on():
    # It leaves at four, has people in at five and out at half past; the second time two and a half hours later. In the
    # morning it is 60 km empty to where they slept: in at seven, and at half past nine. Then it carries people on.
    found = trip_hours(plan_with([for_night(FIRST, 2), onward(NEXT, 1, 2.0)], 1))
    assert found["bus", FIRST, "t2", "t1", True] == hours((17, 17.5, 7), (19.5, 20, 9.5))
    assert found["bus", NEXT, "t0", "t1", False] == hours((11, 12))


@pytest.mark.parametrize(("buses_there", "last"), [(2, TripHours()), (3, TripHours(6, 9))])
def test_a_trip_for_which_no_driver_has_the_hours_has_no_hour(buses_there, last):
    # Three trips of six hours are 18 hours, within the 20 of two drivers; but no driver makes two of them.
    found = trip_hours(plan_with([onward(FIRST, 3, 6.0)], buses_there))
    assert found["bus", FIRST, "t0", "t1", False] == (TripHours(6, 9), TripHours(6, 9), last)


def test_vehicles_held_back_have_no_hours():
    found = trip_hours(plan_with([onward(FIRST, 2, 2.0)], 2, reserve_vehicles_share=0.5))
    assert found["bus", FIRST, "t0", "t1", False] == hours((6, 7), (8, 9))


def test_a_trip_of_two_days_takes_its_driver_on_both():
    found = trip_hours(plan_with([onward(FIRST, 1, 16.0), onward(NEXT, 1, 2.0)], 1))
    assert found["bus", FIRST, "t0", "t1", False] == hours((6, 14))
    assert found["bus", NEXT, "t0", "t1", False] == (TripHours(),)

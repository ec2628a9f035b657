"""Vehicles: how far they carry, how often, whom first; promises kept and broken; offers that nobody listed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from posada.model.offers import Stance
from tests.engine.worlds import SAYS, day, group, in_place, line, vehicle, whereabouts

ONE_TRIP = {"vehicle_hours_per_day": 0}
"""No time for a second trip: an offer carries as many as it has seats."""


def test_a_vehicle_carries_to_a_stop_beyond_a_days_walk(play):
    """70 km by bus on day 1; from Birch on there is none: 70 km on foot take three days.

    The bus sets out at 6 and makes 60 km an hour: 6 + 70/60 = 7.17 o'clock.
    """
    run = play(line(70, 70, days=5, vehicles=(vehicle("alder", 100, range_km=80),)))
    assert whereabouts(run) == ["alder", "birch", "-", "-", "cedar"]
    assert run.arrival_hour[0, 1] == pytest.approx(6 + 70 / 60)
    assert whereabouts(play(line(70, 70, days=5))) == ["alder", "-", "-", "birch", "-"]


def test_a_vehicle_goes_no_farther_than_its_limit_place(play):
    """80 km lie within its range of 100, but the municipal limit is in Birch after 40."""
    bus = vehicle("alder", 100, range_km=100)
    assert whereabouts(play(line(40, 40, days=2, vehicles=(bus,)))) == ["alder", "cedar"]
    limited = replace(bus, limit_place="birch")
    assert whereabouts(play(line(40, 40, days=2, vehicles=(limited,)))) == ["alder", "birch"]
    assert whereabouts(play(line(40, 40, days=2, vehicles=(replace(limited, range_km=None),)))) == ["alder", "birch"]


def test_a_vehicle_whose_limit_cannot_be_reached_carries_nobody(play):
    """The only road to the limit place is one way, towards Alder."""
    world = line(25, 25, 25, days=3, vehicles=(vehicle("birch", 100, limit_place="alder"),))
    one_way = world.replace(routes=(replace(world.routes[0], one_way=True), *world.routes[1:]))
    assert whereabouts(play(one_way)) == ["alder", "birch", "cedar"]


def test_a_vehicle_without_range_or_limit_goes_as_far_as_such_offers(play):
    bus = vehicle("alder", 100)
    for km, stop in ((85, "cedar"), (75, "birch")):
        run = play(line(40, 40, days=2, rates={"offer_range_km": km}, vehicles=(bus,)))
        assert whereabouts(run) == ["alder", stop]


@pytest.mark.parametrize(("hours", "seats"), [(10, 120), (6, 60), (4, 40), (0, 20)])
def test_vehicles_make_as_many_trips_as_the_day_allows(play, hours, seats):
    """20 seats, 50 km: at 60 km an hour a round of 100 km fits floor(hours x 60 / 100) times, once at least.

    The group goes by bus when 60 of its 100 people have a seat. Those without one walk 30 km and sleep on the road.
    """
    bus = vehicle("alder", 20, range_km=50)
    run = play(line(50, days=2, rates={"vehicle_hours_per_day": hours}, vehicles=(bus,)))
    there = min(seats, 100) if seats >= 60 else 0
    assert in_place(run, "birch") == [0, there]
    assert run.under_way[0].tolist() == [0, 100 - there]


def test_trips_are_made_to_the_stop_not_to_the_end_of_the_range(play):
    """20 seats with a range of 200 km, a stop 50 km away: 5 hours at 60 km an hour are floor(300 / 100) = 3 rounds.

    The group does not plan by one trip of 200 km, and goes on foot; 60 of its 100 children have a seat all the same,
    and the others, who walk 3 km, sleep on the road.
    """
    bus = vehicle("alder", 20, range_km=200)
    rates = {"vehicle_hours_per_day": 5, "walk_km_per_day": 60, "walk_factor_slower": 0.05}
    run = play(line(50, days=2, rates=rates, vehicles=(bus,), groups=(group(to="birch", share_children=1.0),)))
    assert in_place(run, "birch") == [0, 60]
    assert run.under_way[0].tolist() == [0, 40]


def test_seats_of_several_vehicles_add_up(play):
    """2 x 20 + 25 = 65 seats, of which 60 are needed; one of them alone does not move the group."""
    buses = (vehicle("alder", 20, count=2, range_km=50), vehicle("alder", 25, id="lorry", range_km=60))
    run = play(line(50, days=2, rates=ONE_TRIP, vehicles=buses))
    assert in_place(run, "birch") == [0, 65]
    assert in_place(play(line(50, days=2, rates=ONE_TRIP, vehicles=buses[:1])), "birch") == [0, 0]


def test_those_without_a_seat_sleep_where_their_feet_carry_them(play):
    """60 of 100 ride 100 km to Dogwood. The others sleep in Birch after 30 km, not in Cedar after 90.

    On day 2 they walk 30 of the 60 km to Cedar, on day 3 they are there, on day 4 all are together.
    """
    run = play(line(29, 60, 10, days=5, rates=ONE_TRIP, vehicles=(vehicle("alder", 60, range_km=100),)))
    assert in_place(run, "birch") == [0, 40, 0, 0, 0]
    assert run.under_way[0].tolist() == [0, 0, 40, 0, 0]
    assert in_place(run, "cedar") == [0, 0, 0, 40, 0]
    assert in_place(run, "dogwood") == [0, 60, 60, 60, 100]
    assert run.main_people[0, :, 0].tolist() == [100, 60, 60, 60, 100]


def _of_one_class(name, rates=None, **tables):
    """25 km to Birch; who cannot walk well comes half as far as the others, 15 km."""
    return line(
        25, days=2, rates={"walk_factor_limited": 0.5} | ONE_TRIP | (rates or {}),
        groups=(group(to="birch", **{name: 1.0}),), **tables,
    )  # fmt: skip


def test_ambulances_are_for_those_who_need_them(play):
    ambulance = vehicle("alder", 10, type="ambulance")
    assert in_place(play(_of_one_class("share_medical")), "birch") == [0, 0]
    assert in_place(play(_of_one_class("share_medical", vehicles=(ambulance,))), "birch") == [0, 10]
    # Women walk the 25 km, so that it does not matter whether they ride: a stop at 50 km tells.
    women = line(50, days=2, rates=ONE_TRIP, groups=(group(to="birch", share_women=1.0),))
    crowd = women.replace(vehicles=(vehicle("alder", 90, range_km=50), replace(ambulance, id="ambulance", range_km=50)))
    assert in_place(play(crowd), "birch") == [0, 90]


def test_ambulances_do_not_move_a_group(play):
    sick = line(50, days=2, rates=ONE_TRIP, groups=(group(to="birch", share_medical=1.0),))
    ambulances = vehicle("alder", 100, type="ambulance", range_km=50)
    assert in_place(play(sick.replace(vehicles=(ambulances,))), "birch") == [0, 0]
    accessible = replace(ambulances, type="bus", accessible=True)
    assert in_place(play(sick.replace(vehicles=(accessible,))), "birch") == [0, 100]


def test_only_accessible_seats_carry_people_with_limited_mobility(play):
    bus = vehicle("alder", 40)
    assert in_place(play(_of_one_class("share_limited_mobility", vehicles=(bus,))), "birch") == [0, 0]
    run = play(_of_one_class("share_limited_mobility", vehicles=(replace(bus, accessible=True),)))
    assert in_place(run, "birch") == [0, 40]


def test_accessible_seats_go_first_to_those_who_need_them(play):
    """L of 100 people, binomial with chance 1/2, cannot walk the 25 km; 50 accessible seats are there.

    Those left behind are max(L - 50, 0), in the mean 1.99. Were seats given out blindly it would be about 25.
    """
    world = line(
        25, days=2, rates={"walk_factor_limited": 0.5} | ONE_TRIP,
        groups=(group(to="birch", share_limited_mobility=0.5),),
        vehicles=(vehicle("alder", 50, accessible=True),),
    )  # fmt: skip
    run = play(world, members=4000)
    behind = run.under_way[:, 1]
    limited = np.arange(101)
    expected = np.maximum(limited - 50, 0)
    chance = stats.binom.pmf(limited, 100, 0.5)
    mean = (expected * chance).sum()
    spread = np.sqrt((expected**2 * chance).sum() - mean**2)
    assert behind.mean() == pytest.approx(mean, abs=4 * spread / np.sqrt(4000))


def test_a_ride_for_a_part_of_the_way_helps_those_who_cannot_walk_it_all(play):
    """Their 15 km do not reach Birch at 25 km; carried 15 km first, the last 10 do."""
    bus = vehicle("alder", 30, accessible=True, range_km=15)
    assert in_place(play(_of_one_class("share_limited_mobility", vehicles=(bus,))), "birch") == [0, 30]


def test_vehicles_come_between_their_days(play):
    bus = vehicle("alder", 100, range_km=75, open_from=day(2), open_to=day(3))
    run = play(line(75, 75, days=4, groups=(group(departs=day(2), to="cedar"),), vehicles=(bus,)))
    assert whereabouts(run) == ["-", "alder", "birch", "-"]
    run = play(line(75, 75, days=4, groups=(group(departs=day(4), to="cedar"),), vehicles=(bus,)))
    assert whereabouts(run) == ["-", "-", "-", "alder"]
    late = replace(bus, open_to=day(1), open_from=None)
    run = play(line(75, 75, days=4, groups=(group(departs=day(2), to="cedar"),), vehicles=(late,)))
    assert whereabouts(run) == ["-", "alder", "-", "-"]


@pytest.mark.parametrize(("chance", "share"), [(0.0, 0.0), (1.0, 1.0)])
def test_a_promise_is_kept_always_or_never(play, chance, share):
    bus = vehicle("alder", 100, range_km=75, honoured_low=chance, honoured_likely=chance, honoured_high=chance)
    run = play(line(25, 25, 25, days=2, vehicles=(bus,)), members=64)
    assert (run.main_place[:, 1, 0] == run.place_index("dogwood")).mean() == share
    assert (run.main_place[:, 1, 0] == run.place_index("birch")).mean() == 1 - share


def test_a_promise_is_kept_with_its_chance(play):
    """0.3, 4 standard errors at 4,000 members: 0.029. Without a stated chance the common rate counts, 0.8."""
    bus = vehicle("alder", 100, range_km=75, honoured_low=0.3, honoured_likely=0.3, honoured_high=0.3)
    world = line(25, 25, 25, days=2, rates={"offer_honoured_share": 0.8})
    run = play(world.replace(vehicles=(bus,)), members=4000)
    assert (run.main_place[:, 1, 0] == 3).mean() == pytest.approx(0.3, abs=0.029)
    common = replace(bus, honoured_low=None, honoured_likely=None, honoured_high=None)
    run = play(world.replace(vehicles=(common,)), members=4000)
    assert (run.main_place[:, 1, 0] == 3).mean() == pytest.approx(0.8, abs=0.026)


def test_an_offer_withdrawn_on_its_day_splits_the_group(play):
    """People count on the bus that morning; it does not come. A quarter stays in Alder, the others walk.

    Binomial(100, 1/4): 4 standard errors of the mean at 1,000 members are 0.55. The splinter walks on next day.
    """
    bus = vehicle("alder", 100, range_km=75, withdrawn_on=day(1))
    rates = {"broken_offer_split_probability": 1, "broken_offer_split_share": 0.25}
    run = play(line(25, 25, 25, days=3, rates=rates, vehicles=(bus,)), members=1000)
    alder, birch, cedar = (run.people[:, :, run.place_index(name)] for name in ("alder", "birch", "cedar"))
    assert alder[:, 1].mean() == pytest.approx(25, abs=0.55)
    np.testing.assert_array_equal(alder[:, 1] + birch[:, 1], 100)
    np.testing.assert_array_equal(birch[:, 2], alder[:, 1])
    np.testing.assert_array_equal(cedar[:, 2], run.main_people[:, 1, 0])


def test_an_offer_withdrawn_before_is_not_counted_on(play):
    bus = vehicle("alder", 100, range_km=75, withdrawn_on=day(1))
    rates = {"broken_offer_split_probability": 1, "broken_offer_split_share": 0.5}
    world = line(25, 25, 25, days=4, rates=rates, groups=(group(departs=day(2)),), vehicles=(bus,))
    assert whereabouts(play(world)) == ["-", "alder", "birch", "cedar"]
    assert in_place(play(world), "birch") == [0, 0, 100, 0]


def test_a_broken_promise_need_not_split_the_group(play):
    bus = vehicle("alder", 100, range_km=75, withdrawn_on=day(1))
    rates = {"broken_offer_split_probability": 0, "broken_offer_split_share": 0.5}
    assert in_place(play(line(25, 25, 25, days=2, rates=rates, vehicles=(bus,))), "birch") == [0, 100]


def test_towns_without_a_list_of_vehicles_may_offer_seats(play):
    """Seats for everybody, 80 km far, on every day: 70 km a day. Where vehicles are listed, nothing else comes."""
    rates = {"offer_probability_per_day": 1, "offer_seats_share": 1}
    world = line(70, 70, days=3, rates=rates)
    assert whereabouts(play(world)) == ["alder", "birch", "cedar"]
    assert whereabouts(play(world.replace(vehicles=(vehicle("alder", 0),)))) == ["alder", "-", "-"]


def test_unlisted_seats_are_a_share_of_the_people(play):
    """0.7 x 100 seats, 60 of which are needed: 70 people ride, 30 stay behind on the road."""
    rates = {"offer_probability_per_day": 1, "offer_seats_share": 0.7} | ONE_TRIP
    run = play(line(70, days=2, rates=rates))
    assert in_place(run, "birch") == [0, 70]
    run = play(line(70, days=2, rates=rates | {"offer_seats_share": 0.5}))
    assert in_place(run, "birch") == [0, 0]


def test_unlisted_offers_can_be_broken(play):
    rates = {"offer_probability_per_day": 1, "offer_seats_share": 1, "offer_honoured_share": 0}
    assert whereabouts(play(line(70, days=2, rates=rates))) == ["alder", "-"]


@pytest.mark.parametrize(("stance", "share"), [("tolerate", 0.3), ("welcome", 0.3), ("push_on", 0.6), ("refuse", 0.0)])
def test_the_stance_of_a_town_changes_what_it_offers(play, stance, share):
    """Chance 0.3 a day, twice that where the town pushes on; 4 standard errors at 4,000 members are 0.031."""
    rates = {"offer_probability_per_day": 0.3, "offer_seats_share": 1, "transport_push_on": 2, "transport_refuse": 0}
    world = line(70, days=2, rates=rates, stances=(Stance("alder", day(0), stance, SAYS),))
    run = play(world, members=4000)
    assert (run.main_place[:, 1, 0] == 1).mean() == pytest.approx(share, abs=0.031 if share else 0)

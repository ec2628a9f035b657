"""Stages on foot, rests, halts, closures, lifts and trains, on lines of towns where the outcome is arithmetic."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from posada.model.journeys import Stop
from posada.model.offers import Stance
from tests.engine.worlds import SAYS, day, group, in_place, line, road, town, whereabouts


def test_a_group_walks_to_the_farthest_town_within_its_stage(play):
    """25 km lie within 30 km a day, 50 km do not: one town a day, and it ends at the destination."""
    run = play(line(25, 25, 25, days=6))
    assert whereabouts(run) == ["alder", "birch", "cedar", "dogwood", "dogwood", "dogwood"]
    assert in_place(run, "birch") == [0, 100, 0, 0, 0, 0]
    assert in_place(run, "birch", "arrived") == [0, 100, 0, 0, 0, 0]
    assert run.largest_departure[0, run.place_index("birch")] == 100


def test_a_group_passes_through_towns_that_lie_closer(play):
    """12 + 12 = 24 km in a day; the pull of 12 km more is 50 x 12/30 = 20, against a Gumbel draw of about 1."""
    assert whereabouts(play(line(12, 12, 12, days=4))) == ["alder", "cedar", "dogwood", "dogwood"]


def test_a_group_sleeps_on_the_road_when_no_town_is_within_reach(play):
    """75 km at 30 km a day: nights after 30 and 60 km, arrival on the third day with 15 km of walking left.

    It sets out at 6 and walks 5 km an hour: 6 + 15/5 = 9 o'clock.
    """
    run = play(line(75, 25, days=6))
    assert whereabouts(run) == ["alder", "-", "-", "birch", "cedar", "cedar"]
    assert run.under_way[0].tolist() == [0, 100, 100, 0, 0, 0]
    np.testing.assert_allclose(run.arrival_hour[0, 1:], [6 + 15 / 5, 6 + 25 / 5])


def test_a_group_that_enters_later_spends_its_first_night_where_it_gathers(play):
    run = play(line(25, 25, days=6, groups=(group(to="cedar", departs=day(3)),)))
    assert whereabouts(run) == ["-", "-", "alder", "birch", "cedar", "cedar"]
    assert run.total[0].tolist() == [0, 0, 100, 100, 100, 100]


def test_the_first_day_is_the_same_for_a_group_that_enters_later(play):
    """The group sets out on the day after its first night, whether that night is the run's first or not."""
    early = whereabouts(play(line(25, 25, 25, days=4)))
    late = whereabouts(play(line(25, 25, 25, days=7, groups=(group(departs=day(4)),))))
    assert late == ["-", "-", "-", *early]


def test_a_group_rests_with_certainty_when_it_always_rests(play):
    assert whereabouts(play(line(25, 25, days=4, rates={"rest_probability_per_day": 1}))) == ["alder"] * 4


def test_the_share_of_members_that_rest_is_the_rate(play):
    """On day 1 a member is still in Alder with chance 0.3; 4 standard errors at 4,000 members are 0.029."""
    run = play(line(25, days=3, rates={"rest_probability_per_day": 0.3}), members=4000)
    assert (run.main_place[:, 1, 0] == 0).mean() == pytest.approx(0.3, abs=0.029)
    # Two days of rest in a row: 0.09, standard error 0.0045.
    assert (run.main_place[:, 2, 0] == 0).mean() == pytest.approx(0.09, abs=0.018)


@pytest.mark.parametrize(("stance", "nights"), [("tolerate", 5), ("welcome", 5), ("push_on", 1), ("refuse", 1)])
def test_the_stance_of_a_town_changes_the_stay(play, stance, nights):
    rates = {"rest_probability_per_day": 1, "stay_push_on": 0, "stay_refuse": 0}
    world = line(25, days=5, rates=rates, stances=(Stance("alder", day(0), stance, SAYS),))
    assert whereabouts(play(world)).count("alder") == nights


def test_a_stance_holds_from_its_day_on(play):
    """Alder tolerates until it pushes on from day 3; a later row replaces an earlier one whatever their order."""
    rows = (Stance("alder", day(3), "push_on", SAYS), Stance("alder", day(0), "welcome", SAYS))
    rates = {"rest_probability_per_day": 1, "stay_push_on": 0}
    assert whereabouts(play(line(25, days=5, rates=rates, stances=rows))) == [*["alder"] * 3, *["birch"] * 2]


def test_a_long_halt_in_a_city_takes_its_nights(play):
    """Three nights in Birch: days 1, 2 and 3."""
    world = line(25, 25, days=6, rates={"city_halt_probability": 1})
    cities = tuple(town(place.id, kind="city") for place in world.places)
    assert whereabouts(play(world.replace(places=cities))) == ["alder", *["birch"] * 3, "cedar", "cedar"]
    assert whereabouts(play(world))[:3] == ["alder", "birch", "cedar"]


@pytest.mark.parametrize(("nights", "stays"), [(1, 1), (2, 2), (4, 4), (None, 3)])
def test_an_announced_stop_takes_its_nights(play, nights, stays):
    """Without stated nights it takes those of a long halt, here 3; at the destination there is nothing to halt."""
    stops = (Stop("main", "birch", SAYS, nights=nights), Stop("main", "cedar", SAYS, nights=2))
    went = whereabouts(play(line(25, 25, days=7, itinerary=stops)))
    assert went == ["alder", *["birch"] * stays, *["cedar"] * (6 - stays)]


def test_an_uncertain_length_of_halt_is_rounded_with_its_own_mean(play):
    """2.25 nights: two with chance 3/4, three with 1/4; 4 standard errors at 4,000 members are 0.027."""
    stops = (Stop("main", "birch", SAYS),)
    run = play(line(25, 25, days=6, rates={"city_halt_nights": 2.25}, itinerary=stops), members=4000)
    nights = (run.main_place[:, :, 0] == 1).sum(axis=1)
    assert set(nights) == {2, 3}
    assert nights.mean() == pytest.approx(2.25, abs=0.027)


def test_a_route_can_be_used_from_and_until_its_days(play):
    """Alder's road opens on day 3; that beyond Birch is closed after day 4, when the group has just used it."""
    world = line(25, 25, 25, days=8)
    opens, closes = road("alder", "birch", 25, open_from=day(3)), road("birch", "cedar", 25, open_to=day(4))
    run = play(world.replace(routes=(opens, closes, world.routes[2])))
    assert whereabouts(run) == [*["alder"] * 3, "birch", "cedar", *["dogwood"] * 3]
    closes = road("birch", "cedar", 25, open_to=day(3))
    run = play(world.replace(routes=(opens, closes, world.routes[2])))
    assert whereabouts(run) == [*["alder"] * 3, *["birch"] * 5]


def test_a_group_on_a_road_that_closes_still_gets_to_its_end(play):
    world = line(75, days=6)
    run = play(world.replace(routes=(road("alder", "birch", 75, open_to=day(1)),)))
    assert whereabouts(run) == ["alder", "-", "-", "birch", "birch", "birch"]


def test_a_closed_road_is_gone_round(play):
    """Alder-Birch-Dogwood is 50 km, by Cedar 55: the detour is taken only when the short way is closed."""
    short = (road("alder", "birch", 25), road("birch", "dogwood", 25))
    detour = (road("alder", "cedar", 28), road("cedar", "dogwood", 27))
    world = line(25, 25, 25, days=4).replace(routes=(*short, *detour))
    closed = world.replace(routes=(short[0], road("birch", "dogwood", 25, open_to=day(0)), *detour))
    assert whereabouts(play(closed)) == ["alder", "cedar", "dogwood", "dogwood"]
    both = play(world, members=64)
    # 25 of 30 km of progress by Birch, 50 - 27 = 23 by Cedar: a pull of 50 x 2/30 = 3.3, so 97 % go by Birch.
    assert 0.85 < (both.main_place[:, 1, 0] == 1).mean() <= 1


def test_a_one_way_road_is_not_used_backwards(play):
    world = line(25, 25, days=4)
    backwards = (road("birch", "alder", 25, one_way=True), road("alder", "birch", 90, one_way=True), world.routes[1])
    went = whereabouts(play(world.replace(routes=backwards)))
    assert went == ["alder", "-", "-", "birch"]


def test_a_road_too_long_to_walk_is_ridden_and_nobody_is_left_behind(play):
    """200 km are more than three days' walk of 30 km: 150 km and 50 km by vehicle; 80 km are walked in three days."""
    rates = {"long_road_km_per_day": 150, "walk_km_person_sigma": 0.2}
    run = play(line(200, 80, days=7, rates=rates))
    assert whereabouts(run) == ["alder", "-", "birch", "-", "-", "cedar", "cedar"]
    assert in_place(run, "birch") == [0, 0, 100, 0, 0, 0, 0]


@pytest.mark.parametrize(("walked", "went"), [(True, ["alder"] * 4), (False, ["alder", "cedar", "dogwood", "dogwood"])])
def test_on_roads_that_are_not_walked_groups_ride_and_rests_are_part_of_the_pace(play, walked, went):
    """50 km a day lead over 25 and 25 km to Cedar, and on to Dogwood; whoever walks here always rests."""
    world = line(25, 25, 25, days=4, rates={"long_road_km_per_day": 50, "rest_probability_per_day": 1})
    routes = tuple(dataclasses.replace(row, walked=walked) for row in world.routes)
    assert whereabouts(play(world.replace(routes=routes))) == went


def test_a_group_that_rides_keeps_its_pace_on_the_mean(play):
    """Of 40 km a day: to Cedar, 50 km, with chance (40 - 25) / 25 = 0.6, else to Birch; 4 standard errors are 0.031."""
    world = line(25, 25, 25, days=3, rates={"long_road_km_per_day": 40})
    routes = tuple(dataclasses.replace(row, walked=False) for row in world.routes)
    first = play(world.replace(routes=routes), members=4000).main_place[:, 1, 0]
    assert (first > 0).all()
    assert (first == 2).mean() == pytest.approx(0.6, abs=0.031)


@pytest.mark.parametrize(("walked", "nights"), [(True, 3), (False, 1)])
def test_halts_in_cities_up_to_which_nobody_walks_are_part_of_the_pace(play, walked, nights):
    """Three nights in Birch where people walk; 30 km a day of whole legs have such nights in them."""
    world = line(30, 30, days=6, rates={"city_halt_probability": 1, "long_road_km_per_day": 30})
    cities = tuple(town(place.id, kind="city") for place in world.places)
    routes = tuple(dataclasses.replace(row, walked=walked) for row in world.routes)
    assert whereabouts(play(world.replace(places=cities, routes=routes))).count("birch") == nights


def test_of_two_roads_between_neighbours_the_shorter_decides_whether_it_is_walked(play):
    world = line(25, 25, days=4, rates={"long_road_km_per_day": 60})
    longer = tuple(dataclasses.replace(row, km=40, parallel=2, walked=False) for row in world.routes)
    assert whereabouts(play(world.replace(routes=(*longer, *world.routes))))[:3] == ["alder", "birch", "cedar"]


def test_lifts_take_those_who_get_one_and_the_others_catch_up(play):
    """Lifts carry 80 of 100 people: 0.2 x 30 + 0.8 x 100 = 86 km of reach, Birch after 80 km on day 1.

    The other 20 have walked 30 km; on day 2 they too get lifts and reach Birch, the others walk 25 km to Cedar;
    on day 3 the 20 are in Cedar as well.
    """
    rates = {"lift_probability_per_day": 1, "lift_share": 0.8, "lift_km_per_day": 100}
    run = play(line(80, 25, days=5, rates=rates))
    assert in_place(run, "birch") == [0, 80, 20, 0, 0]
    assert in_place(run, "cedar") == [0, 0, 80, 100, 100]
    assert run.under_way[0].tolist() == [0, 20, 0, 0, 0]
    assert run.main_people[0, :, 0].tolist() == [100, 80, 80, 100, 100]


def test_lifts_come_on_their_share_of_days(play):
    """With chance 0.25 Birch is reached on day 1; 4 standard errors at 4,000 members are 0.027."""
    rates = {"lift_probability_per_day": 0.25, "lift_share": 1, "lift_km_per_day": 100}
    run = play(line(80, days=2, rates=rates), members=4000)
    assert (run.main_place[:, 1, 0] == 1).mean() == pytest.approx(0.25, abs=0.027)


def _with_rails(days, rates=None, **other):
    world = line(100, 100, 100, days=days, rates=rates, groups=(group(**other),))
    ways = zip(world.routes, ("birch", "cedar", "dogwood"), strict=True)
    return world.replace(routes=(*world.routes, *(road(r.from_place, to, 100, mode="rail") for r, to in ways)))


def test_only_groups_that_ride_trains_use_the_rails(play):
    """By train 300 km in a day; on foot 100 km in 4 days."""
    assert whereabouts(play(_with_rails(5, rides_trains=True))) == ["alder", *["dogwood"] * 4]
    assert whereabouts(play(_with_rails(5))) == ["alder", "-", "-", "-", "birch"]


def test_rails_are_used_only_while_they_are_open(play):
    world = _with_rails(5, rides_trains=True)
    closed = tuple(
        road(row.from_place, row.to_place, row.km, mode=row.mode, open_to=day(0) if row.mode == "rail" else None)
        for row in world.routes
    )
    assert whereabouts(play(world.replace(routes=closed))) == ["alder", "-", "-", "-", "birch"]


def test_days_are_lost_waiting_for_a_train(play):
    """A mean wait of one day is a chance of 1/(1 + 1) a day: 0.5 are gone on day 1, 0.75 by day 2.

    4 standard errors at 4,000 members are 0.032 and 0.028.
    """
    run = play(_with_rails(4, rates={"train_wait_days": 1}, rides_trains=True), members=4000)
    waiting = run.main_place[:, :, 0] == 0
    assert waiting[:, 1].mean() == pytest.approx(0.5, abs=0.032)
    assert waiting[:, 2].mean() == pytest.approx(0.25, abs=0.028)
    assert (run.under_way == 0).all(), "who waits for a train does not set out on foot"


def test_a_stage_varies_from_day_to_day_as_a_log_normal(play):
    """Birch is 30 km away, the median stage: half of the members are there on day 1 (4 standard errors: 0.032)."""
    run = play(line(30, days=2, rates={"walk_km_day_sigma": 0.4}), members=4000)
    assert (run.main_place[:, 1, 0] == 1).mean() == pytest.approx(0.5, abs=0.032)
    # 40 km need a stage 0.288 above the median on the log scale: 1 - Phi(0.288 / 0.4) = 0.236.
    run = play(line(40, days=2, rates={"walk_km_day_sigma": 0.4}), members=4000)
    assert (run.main_place[:, 1, 0] == 1).mean() == pytest.approx(0.236, abs=0.027)


def test_a_group_waits_before_a_closed_road_not_at_its_start(play):
    """The last road opens on day 5: the group goes on to Cedar, waits there, and arrives the day it opens."""
    world = line(25, 25, 25, days=7)
    roads = (*world.routes[:2], road("cedar", "dogwood", 25, open_from=day(5)))
    expected = ["alder", "birch", "cedar", "cedar", "cedar", "dogwood", "dogwood"]
    assert whereabouts(play(world.replace(routes=roads))) == expected


def test_a_journey_by_rail_alone_is_a_journey(play):
    """No road leads on: 200 km by a train that makes 300 km a day and is boarded without waiting."""
    rates = {"train_wait_days": 0, "train_km_per_day": 300}
    world = line(200, days=3, rates=rates, groups=(group(to="birch", rides_trains=True),))
    by_rail = world.replace(routes=(road("alder", "birch", 200, mode="rail"),))
    assert whereabouts(play(by_rail)) == ["alder", "birch", "birch"]

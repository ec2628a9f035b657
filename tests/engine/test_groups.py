"""Groups: joining, leaving, stopping short, catching up, going ahead, and going on together."""

from __future__ import annotations

import numpy as np
import pytest

from posada.engine.alone import GO_ELSEWHERE
from posada.model.journeys import Destination
from tests.engine.worlds import (
    SAYS,
    day,
    group,
    in_place,
    line,
    road,
    signal,
    town,
    transition,
    vehicle,
    whereabouts,
)

FEW = 1e-9
"""A capacity that serves nobody in any run that is ever made, and yet is not nothing: the queue is open."""


def test_people_join_in_towns_and_not_on_the_road(play):
    """As many join as there are: 100, 200 in Alder on the morning of day 1; 75 km on the road; 400 on day 4."""
    run = play(line(75, 25, 25, days=5, rates={"join_share_per_day": 1}))
    assert whereabouts(run) == ["alder", "-", "-", "birch", "cedar"]
    assert run.total[0].tolist() == [100, 200, 200, 200, 400]


def test_the_number_of_those_who_join_is_binomial(play):
    """Binomial(1000, 0.05): mean 50, variance 47.5. 4 standard errors at 4,000 members: 0.44 and 4.3."""
    run = play(line(25, days=2, rates={"join_share_per_day": 0.05}, groups=(group(1000, "birch"),)), members=4000)
    joined = run.total[:, 1] - 1000
    assert joined.mean() == pytest.approx(50, abs=0.44)
    assert joined.var() == pytest.approx(47.5, abs=4.3)


def test_people_leave_at_halts_at_one_rate_and_on_the_road_at_another(play):
    """Alder is a halt on day 1 when the group rests there, and Birch is a stop of a day on the road otherwise."""
    halt = {"leave_rate_at_halt_per_day": 1}
    run = play(line(25, days=3, rates=halt | {"rest_probability_per_day": 1}))
    assert run.together[0].tolist() == [100, 0, 0]
    assert in_place(run, "alder") == [100, 100, 100]
    run = play(line(25, 25, 25, days=3, rates=halt))
    assert run.together[0].tolist() == [100, 100, 100]
    run = play(line(25, 25, 25, days=3, rates={"leave_rate_on_road_per_day": 1}))
    assert run.together[0].tolist() == [100, 0, 0]
    assert in_place(run, "birch") == [0, 100, 100]


def test_nobody_leaves_a_group_between_towns(play):
    run = play(line(75, days=4, rates={"leave_rate_on_road_per_day": 1}))
    assert run.together[0].tolist() == [100, 100, 100, 0]


def test_more_leave_where_papers_are_given_out(play):
    """Chance 1 to leave where a queue is open for them: in Birch, in the days in which it is."""
    permits = transition("travelling", "permit", "capacity_per_day", FEW, where="birch", open_from=day(1))
    with_papers = {"leave_rate_at_offer_per_day": 1}
    run = play(line(25, 25, days=3, rates=with_papers, procedure=(permits,)))
    assert run.together[0].tolist() == [100, 0, 0]
    for other in ({"where": "cedar"}, {"where": "birch", "open_to": day(0)}, {"where": "birch", "who": "children"}):
        permits = transition("travelling", "permit", "capacity_per_day", FEW, **other)
        run = play(line(25, 25, days=2, rates=with_papers, procedure=(permits,)))
        assert run.together[0].tolist() == [100, 100], other


def test_a_group_waits_while_papers_are_given_out(play):
    """Thirty a day in Alder: after four days nobody without papers is left, and the group goes on."""
    permits = transition("travelling", "permit", "capacity_per_day", 30.0, where="alder")
    run = play(line(25, 25, days=7, rates={"wait_for_papers_probability_per_day": 1}, procedure=(permits,)))
    # Served 30 on each of days 0 to 2, 10 on day 3: on the morning of day 4 nobody waits.
    assert whereabouts(run) == [*["alder"] * 4, "birch", "cedar", "cedar"]


def test_nobody_waits_or_leaves_for_papers_that_a_signal_has_stopped(play):
    permits = transition("travelling", "permit", "capacity_per_day", 30.0, where="alder")
    rates = {"wait_for_papers_probability_per_day": 1, "leave_rate_at_offer_per_day": 0.5}
    world = line(25, 25, days=3, rates=rates, procedure=(permits,), signals=(signal("travelling-permit", 0, 0),))
    run = play(world)
    assert whereabouts(run) == ["alder", "birch", "cedar"]
    assert (run.together == 100).all()


def test_leaving_with_chances_that_a_signal_raised_above_one(play):
    """1 - (1 - 1)(1 - 1) = 1 for those with papers; unclipped it would be 1 - (1 - 2)(1 - 2) = 0."""
    rates = {"leave_rate_on_road_per_day": 0.5, "permitted_departure_rate_per_day": 0.5}
    signals = tuple(signal(name, 4, 0) for name in rates)
    permits = transition("travelling", "permit", "hazard_per_day", 1.0)
    run = play(line(25, 25, days=2, rates=rates, signals=signals, procedure=(permits,)))
    assert run.together[0].tolist() == [100, 0]


def test_children_stop_short_and_catch_up(play):
    """Their reach is 0.7 x 30 = 21 km, the stop is at 25: they sleep on the road and are back on the day of rest.

    Children are binomial(100, 0.4): 4 standard errors of the mean at 1,000 members are 0.62.
    """
    rates = {"walk_factor_slower": 0.7}
    run = play(line(25, days=3, rates=rates, groups=(group(to="birch", share_children=0.4),)), members=1000)
    assert run.under_way[:, 1].mean() == pytest.approx(40, abs=0.62)
    np.testing.assert_array_equal(run.main_people[:, 1, 0] + run.under_way[:, 1], 100)
    assert (run.main_people[:, 2, 0] == 100).all()


def test_those_who_stop_short_sleep_in_the_last_town_on_the_way(play):
    """Reach 21 km: there is a town after 15 km."""
    run = play(line(15, 12, days=3, rates={"walk_factor_slower": 0.7}, groups=(group(to="cedar", share_older=0.5),)))
    behind = run.people[:, 1, run.place_index("birch")]
    assert behind.min() > 0
    np.testing.assert_array_equal(behind + run.people[:, 1, run.place_index("cedar")], 100)
    assert (run.people[:, 2, run.place_index("cedar")] == 100).all()


def test_people_differ_in_their_reach(play):
    """A stop at the end of the group's stage, one standard deviation below the median person's: 1 - Phi(1) = 0.159.

    At 29.999 of 30 km. 4 standard errors of the mean of binomial(1000, 0.159) at 400 members: 2.3.
    """
    world = line(29.999, days=2, rates={"walk_km_person_sigma": 0.25}, groups=(group(1000, "birch"),))
    run = play(world, members=400)
    assert run.under_way[:, 1].mean() == pytest.approx(158.7, abs=2.3)


def test_those_who_stopped_short_have_not_rested(play):
    """Leaving is certain on a day of rest and never happens on the road: nobody leaves on day 1."""
    rates = {"walk_factor_slower": 0.7, "leave_rate_at_halt_per_day": 1}
    world = line(15, 12, 25, days=2, rates=rates, groups=(group(share_children=0.5),))
    assert (play(world).together == 100).all()


def _two_groups(first, second, rates, days=4):
    """Main comes from Alder to Birch on day 1, where the second group gathers that day."""
    groups = (group(first, "elm"), group(second, "elm", id="second", origin="birch", departs=day(2)))
    return line(25, 25, 25, 25, days=days, rates=rates, groups=groups)


def test_groups_that_meet_go_on_under_the_name_of_the_larger(play):
    run = play(_two_groups(300, 100, {"merge_probability_per_day": 1}))
    assert run.main_people[0].tolist() == [[300, 0], [400, 0], [400, 0], [400, 0]]
    assert whereabouts(run, 0) == ["alder", "birch", "cedar", "dogwood"]
    assert whereabouts(run, 1) == ["-"] * 4
    run = play(_two_groups(100, 300, {"merge_probability_per_day": 1}))
    assert run.main_people[0].tolist() == [[100, 0], [0, 400], [0, 400], [0, 400]]
    assert (run.together[:, 1:] == 400).all()


def test_groups_that_do_not_merge_keep_their_names(play):
    run = play(_two_groups(300, 100, {"merge_probability_per_day": 0}))
    assert run.main_people[0].tolist() == [[300, 0], [300, 100], [300, 100], [300, 100]]


def test_groups_with_other_destinations_do_not_merge(play):
    world = _two_groups(300, 100, {"merge_probability_per_day": 1})
    apart = (world.groups[0], group(100, "dogwood", id="second", origin="birch", departs=day(2)))
    assert play(world.replace(groups=apart)).main_people[0, 1].tolist() == [300, 100]


def test_only_adults_without_other_needs_run_ahead(play):
    """Half of them, binomial(1000, 0.5) on day 1; 4 standard errors of the mean at 400 members: 3.2."""
    rates = {"forerunner_probability_per_day": 1, "forerunner_share": 0.5}
    run = play(line(25, 25, days=2, rates=rates, groups=(group(1000, "cedar"),)), members=400)
    assert run.main_people[:, 1, 0].mean() == pytest.approx(500, abs=3.2)
    assert (run.together == 1000).all()
    women = line(25, 25, days=2, rates=rates, groups=(group(1000, "cedar", share_women=1.0),))
    assert (play(women).main_people == 1000).all()


def test_forerunners_take_trains(play):
    """By rail from Birch to Elm on day 2, while the group walks to Cedar."""
    rates = {"forerunner_probability_per_day": 1, "forerunner_share": 0.5}
    world = line(25, 25, 25, 25, days=3, rates=rates)
    run = play(world.replace(routes=(*world.routes, road("birch", "elm", 80, mode="rail"))))
    at_elm = run.people[:, 2, run.place_index("elm")]
    assert at_elm.min() > 0
    np.testing.assert_array_equal(at_elm, 100 - run.main_people[:, 1, 0])


def test_nobody_is_stuck_when_the_main_body_has_gone_over_to_another_group(play):
    """Forerunners of the second group are in Dogwood by train when their main body merges away in Cedar.

    From Dogwood a bus takes 25 of about 50 of them 60 km on. The others stop short; they must get on all the same.
    """
    rates = {
        "merge_probability_per_day": 1,
        "forerunner_probability_per_day": 1,
        "forerunner_share": 0.5,
        "ride_share_needed": 0.3,
        "vehicle_hours_per_day": 0,
    }
    groups = (group(300, "fir"), group(100, "fir", id="second", origin="birch", departs=day(2)))
    world = line(25, 25, 25, 60, 25, days=12, rates=rates, groups=groups)
    world = world.replace(
        routes=(*world.routes, road("birch", "dogwood", 50, mode="rail")),
        vehicles=(vehicle("dogwood", 25, range_km=60),),
        signals=(
            signal("merge_probability_per_day", 0, 1, 1),
            signal("forerunner_probability_per_day", 0, 2),
        ),
    )
    run = play(world, members=32)
    assert (run.main_people[:, 3:, 1] == 0).all(), "the second group keeps no main body"
    assert (run.people[:, -1, run.place_index("fir")] == 400).all()


def test_people_alone_make_for_the_destinations_of_the_groups(play):
    """All leave in Birch on day 1; from day 2 all set out at 100 km a day: 90 km to Dogwood take one day."""
    rates = {"leave_rate_on_road_per_day": 1, "alone_onward_rate_per_day": 1}
    run = play(line(25, 25, 65, days=4, rates=rates))
    assert in_place(run, "birch") == [0, 100, 0, 0]
    assert in_place(run, "dogwood") == [0, 0, 100, 100]
    run = play(line(25, 150, days=5, rates=rates))
    # 150 km take two days: the night of day 2 is spent on the way.
    assert in_place(run, "birch") == [0, 100, 0, 0, 0]
    assert run.under_way[0].tolist() == [0, 0, 100, 0, 0]
    assert in_place(run, "cedar") == [0, 0, 0, 100, 100]


def test_people_alone_mostly_make_for_where_their_group_goes(play):
    """Half of the group leaves in Birch on day 1, for Cedar or Dogwood, as likely for the group.

    A group's own goal is chosen with 0.8 + 0.2 * 0.5 = 0.9; 4 standard errors at 2,000 members are 0.027.
    """
    rates = {"leave_rate_on_road_per_day": 0.5, "alone_onward_rate_per_day": 1}
    world = line(25, 25, 25, days=7, rates=rates, signals=(signal("leave_rate_on_road_per_day", 0, 2),))
    run = play(world.replace(destinations=(Destination("main", "cedar", 0.5, SAYS),)), members=2000)
    ends, main = run.main_place[:, -1, 0], run.main_people[:, -1, 0]
    alone = run.people[np.arange(2000), -1, ends] - main
    assert set(np.unique(ends)) == {run.place_index("cedar"), run.place_index("dogwood")}
    assert (alone[main < 100] > 0).mean() == pytest.approx(1 - GO_ELSEWHERE / 2, abs=0.027)


def test_people_alone_who_are_there_do_not_arrive_again(play):
    rates = {"leave_rate_on_road_per_day": 1, "alone_onward_rate_per_day": 1}
    run = play(line(25, 25, days=6, rates=rates))
    assert in_place(run, "cedar", "arrived") == [0, 0, 100, 0, 0, 0]


def test_people_alone_stay_at_a_crossing(play):
    rates = {"leave_rate_on_road_per_day": 1, "alone_onward_rate_per_day": 1}
    world = line(25, 25, days=4, rates=rates)
    crossing = (town("alder"), town("birch", kind="border_crossing"), town("cedar"))
    assert in_place(play(world.replace(places=crossing)), "birch") == [0, 100, 100, 100]


def test_people_alone_without_a_way_stay_where_they_are(play):
    rates = {"leave_rate_on_road_per_day": 1, "alone_onward_rate_per_day": 1}
    world = line(25, 25, days=5, rates=rates)
    closes = world.replace(routes=(world.routes[0], road("birch", "cedar", 25, open_to=day(1))))
    assert in_place(play(closes), "birch") == [0, 100, 100, 100, 100]


def test_people_alone_who_make_no_way_at_all_are_not_there_at_once(play):
    """A signal that stops them: they are under way for as long as can be kept, not a day."""
    rates = {"leave_rate_on_road_per_day": 1, "alone_onward_rate_per_day": 1}
    run = play(line(25, 25, days=6, rates=rates, signals=(signal("alone_km_per_day", 0, 0),)))
    assert run.under_way[0].tolist() == [0, 0, 100, 100, 100, 100]


def test_a_groups_destination_is_drawn_by_the_shares(play):
    """0.3 for Cedar, 0.1 for Dogwood, the rest for Elm; 4 standard errors at 4,000 members are at most 0.032."""
    world = line(25, 25, 25, 25, days=7)
    others = (Destination("main", "cedar", 0.3, SAYS), Destination("main", "dogwood", 0.1, SAYS))
    run = play(world.replace(destinations=others), members=4000)
    ends = run.main_place[:, -1, 0]
    shares = [(ends == run.place_index(name)).mean() for name in ("cedar", "dogwood", "elm")]
    np.testing.assert_allclose(shares, [0.3, 0.1, 0.6], atol=0.032)


def test_the_size_of_a_group_is_triangular(play):
    """Mean (100 + 200 + 600)/3 = 300; standard deviation 108, so 4 standard errors at 4,000 members are 6.8."""
    world = line(25, days=1, groups=(group(to="birch", size_low=100, size_likely=200, size_high=600),))
    sizes = play(world, members=4000).total[:, 0]
    assert sizes.min() >= 100
    assert sizes.max() <= 600
    assert sizes.mean() == pytest.approx(300, abs=6.8)

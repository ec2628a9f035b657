"""The procedure and the border: hazards, shares on arrival, queues; whom, where and when; holds and permits."""

from __future__ import annotations

import numpy as np
import pytest

from tests.engine.worlds import day, group, in_place, in_status, line, town, transition, whereabouts


def _walk(*rows, days=6, rates=None, **tables):
    """100 people go from Alder by Birch (day 1) to Cedar (day 2)."""
    return line(25, 25, days=days, rates=rates, procedure=rows, **tables)


def test_a_hazard_takes_everybody_when_it_is_certain(play):
    run = play(_walk(transition("travelling", "gone", "hazard_per_day", 1.0), days=3))
    assert in_status(run, "gone") == [100, 100, 100]
    assert run.people.sum() == 0, "who has left the journey sleeps nowhere in it"


def test_a_hazard_takes_its_share_day_by_day(play):
    """Binomial(1000, 0.1) on day 0, of the others again on day 1: means 100 and 190, variances 90 and 153.9."""
    row = transition("travelling", "gone", "hazard_per_day", 0.1)
    run = play(_walk(row, days=2, groups=(group(1000, "cedar"),)), members=4000)
    gone = run.current[:, :, run.status_ids.index("gone")]
    # 4 standard errors at 4,000 members.
    assert gone[:, 0].mean() == pytest.approx(100, abs=0.6)
    assert gone[:, 1].mean() == pytest.approx(190, abs=0.79)
    assert gone[:, 0].var() == pytest.approx(90, rel=0.09)
    assert gone[:, 1].var() == pytest.approx(1000 * 0.19 * 0.81, rel=0.09)


def test_a_share_on_arrival_meets_people_on_the_day_they_come(play):
    """It does not meet them where they began, nor again on later days in the same town."""
    row = transition("travelling", "waiting", "share_on_arrival", 1.0, where="birch")
    assert in_status(play(_walk(row, days=4)), "waiting") == [0, 100, 100, 100]
    row = transition("travelling", "waiting", "share_on_arrival", 1.0, where="alder")
    assert in_status(play(_walk(row, days=4)), "waiting") == [0, 0, 0, 0]
    row = transition("travelling", "waiting", "share_on_arrival", 0.3, where="cedar")
    run = play(_walk(row, days=5, groups=(group(1000, "cedar"),)), members=1000)
    waiting = run.current[:, :, run.status_ids.index("waiting")]
    # 4 standard errors of binomial(1000, 0.3) at 1,000 members: 1.8.
    assert waiting[:, 2].mean() == pytest.approx(300, abs=1.8)
    np.testing.assert_array_equal(waiting[:, 4], waiting[:, 2])


def test_a_queue_serves_its_capacity_every_day(play):
    """30 a day in Birch, where the group ends: 30, 60, 90, and the last 10."""
    row = transition("travelling", "permit", "capacity_per_day", 30.0, where="birch")
    run = play(line(25, days=6, procedure=(row,)))
    assert in_status(run, "permit", "entries") == [0, 30, 60, 90, 100, 100]


def test_each_place_has_a_queue_of_its_own(play):
    """30 a day in Alder on day 0, in Birch on day 1, in Cedar from day 2 on."""
    row = transition("travelling", "permit", "capacity_per_day", 30.0)
    assert in_status(play(_walk(row)), "permit", "entries") == [30, 60, 90, 100, 100, 100]


def test_a_capacity_that_is_not_whole_is_met_in_the_mean(play):
    """2.25 a day: two or three, with mean 2.25 (4 standard errors of 4,000 days: 0.027)."""
    row = transition("travelling", "permit", "capacity_per_day", 2.25, where="alder")
    run = play(line(25, days=4, procedure=(row,), rates={"rest_probability_per_day": 1}), members=1000)
    served = np.diff(run.entries[:, :, run.status_ids.index("permit")], axis=1, prepend=0)
    assert set(served.ravel()) == {2, 3}
    assert served.mean() == pytest.approx(2.25, abs=0.027)


def test_people_in_groups_and_alone_stand_in_one_queue(play):
    """A third leaves the group in Birch every day; in all it is still 20 a day."""
    row = transition("travelling", "permit", "capacity_per_day", 20.0, where="birch")
    run = play(line(25, days=5, procedure=(row,), rates={"leave_rate_at_halt_per_day": 0.33}), members=64)
    assert in_status(run, "permit", "entries") == [0, 20, 40, 60, 80]
    assert run.together[:, -1].min() < 80


@pytest.mark.parametrize("who", ["women", "children", "medical", "other_adults"])
def test_a_transition_is_open_to_the_class_it_names(play, who):
    people = {
        "women": {"share_women": 1.0},
        "children": {"share_children": 1.0},
        "medical": {"share_medical": 1.0},
        "other_adults": {},
    }
    for kind, value in (("hazard_per_day", 1.0), ("capacity_per_day", 100.0), ("share_on_arrival", 1.0)):
        row = transition("travelling", "permit", kind, value, who=who, where="birch")
        for others, shares in people.items():
            run = play(line(25, days=2, procedure=(row,), groups=(group(to="birch", **shares),)))
            assert in_status(run, "permit")[1] == (100 if others == who else 0), (kind, others)


@pytest.mark.parametrize(("scope", "together", "alone"), [("any", 1, 1), ("group", 1, 0), ("alone", 0, 1)])
@pytest.mark.parametrize(("kind", "value"), [("hazard_per_day", 1.0), ("capacity_per_day", 500.0)])
def test_a_transition_meets_people_in_its_scope(play, scope, together, alone, kind, value):
    """All are alone from the evening of day 1 on, when they leave the group in Birch."""
    row = transition("travelling", "permit", kind, value, scope=scope, where="birch")
    leave = {"leave_rate_on_road_per_day": 1}
    run = play(line(25, days=3, procedure=(row,)))
    assert in_status(run, "permit") == [0, 100 * together, 100 * together]
    row = transition("travelling", "permit", kind, value, scope=scope, where="birch", open_from=day(2))
    run = play(line(25, days=3, procedure=(row,), rates=leave))
    assert in_status(run, "permit") == [0, 0, 100 * alone]


def test_people_alone_meet_a_share_on_arrival_too(play):
    """They leave in Birch on day 1 and are in Cedar on day 2; the share there meets them on that day only."""
    row = transition("travelling", "waiting", "share_on_arrival", 1.0, where="cedar", scope="alone")
    rates = {"leave_rate_on_road_per_day": 1, "alone_onward_rate_per_day": 1}
    assert in_status(play(_walk(row, rates=rates)), "waiting") == [0, 0, 100, 100, 100, 100]
    never = transition("travelling", "waiting", "share_on_arrival", 1.0, where="cedar", scope="group")
    assert in_status(play(_walk(never, rates=rates)), "waiting") == [0] * 6


@pytest.mark.parametrize(
    ("where", "met"),
    [
        ("anywhere", [100, 100, 100]),
        ("birch", [0, 100, 100]),
        ("cedar", [0, 0, 100]),
        ("country:BBB", [0, 100, 100]),
        ("kind:border_crossing", [0, 0, 100]),
    ],
)
def test_a_transition_works_where_it_says(play, where, met):
    places = (
        town("alder"),
        town("birch", country="BBB"),
        town("cedar", country="BBB", kind="border_crossing"),
    )
    row = transition("travelling", "gone", "hazard_per_day", 1.0, where=where)
    assert in_status(play(_walk(row, days=3, places=places)), "gone") == met


def test_a_transition_is_open_between_its_days_both_included(play):
    row = transition("travelling", "permit", "capacity_per_day", 10.0, open_from=day(2), open_to=day(3))
    assert in_status(play(_walk(row)), "permit", "entries") == [0, 0, 10, 20, 20, 20]
    row = transition("travelling", "permit", "capacity_per_day", 10.0, open_to=day(1))
    assert in_status(play(_walk(row)), "permit", "entries") == [10, 20, 20, 20, 20, 20]


def test_nobody_passes_two_transitions_in_one_day(play):
    rows = (
        transition("travelling", "permit", "hazard_per_day", 1.0),
        transition("permit", "gone", "hazard_per_day", 1.0),
    )
    run = play(_walk(*rows, days=3))
    assert in_status(run, "permit") == [100, 0, 0]
    assert in_status(run, "gone") == [0, 100, 100]


def test_transitions_are_taken_in_the_order_of_the_table(play):
    """The order of these rows matters, and is documented: each meets those whom the earlier ones left."""
    first = transition("travelling", "permit", "hazard_per_day", 1.0)
    second = transition("travelling", "gone", "hazard_per_day", 1.0)
    assert in_status(play(_walk(first, second)), "permit") == [100] * 6
    assert in_status(play(_walk(second, first)), "permit") == [0] * 6


def test_people_who_are_held_stay_where_they_are(play):
    row = transition("travelling", "held", "capacity_per_day", 40.0, where="birch")
    run = play(_walk(row, rates={"alone_onward_rate_per_day": 1}))
    assert in_place(run, "birch") == [0, 100, 40, 40, 40, 40]
    assert in_place(run, "cedar") == [0, 0, 60, 60, 60, 60]
    assert run.together[0].tolist() == [100, 60, 60, 60, 60, 60]


def test_people_who_are_released_leave_or_go_on(play):
    """Held in Birch on day 1, returned at 15 a day from day 2 on, of 40."""
    rows = (
        transition("travelling", "held", "capacity_per_day", 40.0, where="birch"),
        transition("held", "gone", "capacity_per_day", 15.0),
    )
    run = play(_walk(*rows))
    assert in_status(run, "gone") == [0, 0, 15, 30, 40, 40]
    assert in_status(run, "held") == [0, 40, 25, 10, 0, 0]


def test_those_who_come_late_are_met_on_the_day_they_come(play):
    """Older people stop short of Cedar on day 2 and are there on day 3, where the group is at its destination.

    The share at the border meets each of the 100 once: the walkers on day 2, those who were late on day 3.
    """
    presents = transition("travelling", "waiting", "share_on_arrival", 0.5, where="cedar")
    rates = {"walk_factor_slower": 0.5}
    world = line(12, 17, days=4, rates=rates, procedure=(presents,), groups=(group(to="cedar", share_older=0.5),))
    run = play(world, members=2000)
    waiting = run.current[:, :, run.status_ids.index("waiting")]
    # Binomial(100, 1/2) in the end; 4 standard errors at 2,000 members are 0.45.
    assert waiting[:, -1].mean() == pytest.approx(50, abs=0.45)
    assert waiting[:, -1].var() == pytest.approx(25, rel=4 * np.sqrt(2 / 2000))
    assert (waiting[:, 2] < waiting[:, 3]).any()


def test_people_alone_are_taken_from_all_classes_alike(play):
    """About one person alone in ten has a medical need. Two in a hundred go every day, for nine days.

    Of the ten, 10 x 0.98**9 = 8.34 are left in Birch on the last evening, when all who have that need are counted
    there; binomial(100, 0.0834), 4 standard errors at 2,000 members: 0.25. A sample that is rounded in the same
    way every day takes nobody from a small class.
    """
    rates = {"leave_rate_on_road_per_day": 1}
    counted = transition("travelling", "permit", "hazard_per_day", 1.0, who="medical", open_from=day(11), where="birch")
    taken = transition(
        "travelling", "gone", "hazard_per_day", 0.02, open_from=day(2), open_to=day(10), where="birch", scope="alone"
    )
    world = line(25, 90, days=12, rates=rates, groups=(group(to="cedar", share_medical=0.1),))
    leaving = line(25, 90, days=12, rates=rates | {"alone_onward_rate_per_day": 0.02}, groups=world.groups)
    for journey in (world.replace(procedure=(counted, taken)), leaving.replace(procedure=(counted,))):
        run = play(journey, members=2000)
        left = run.current[:, -1, run.status_ids.index("permit")].mean()
        days = 9 if len(journey.procedure) == 2 else 10
        assert left == pytest.approx(10 * 0.98**days, abs=0.25)


def test_people_with_papers_go_on_with_their_group_unless_they_part(play):
    row = transition("travelling", "permit", "hazard_per_day", 1.0)
    run = play(_walk(row, days=4))
    assert run.together[0].tolist() == [100] * 4
    assert whereabouts(run) == ["alder", "birch", "cedar", "cedar"]


def test_people_with_papers_travel_alone_to_the_border(play):
    """They part in Birch on the evening of day 1 and make 100 km a day: Elm after 90 km on day 2.

    The group, had it stayed together, would be there on day 5.
    """
    rates = {"permitted_departure_rate_per_day": 1, "alone_onward_rate_per_day": 1}
    row = transition("travelling", "permit", "hazard_per_day", 1.0)
    run = play(line(25, 25, 25, 40, days=5, rates=rates, procedure=(row,)))
    assert in_place(run, "birch") == [0, 100, 0, 0, 0]
    assert in_place(run, "elm") == [0, 0, 100, 100, 100]
    run = play(line(25, 25, 25, 40, days=5, rates=rates, procedure=()))
    assert run.together[0].tolist() == [100] * 5


def test_people_without_papers_do_not_part_by_that_rate(play):
    row = transition("travelling", "permit", "hazard_per_day", 0.5, open_to=day(0))
    run = play(_walk(row, days=2, rates={"permitted_departure_rate_per_day": 1}), members=64)
    permitted = run.current[:, 0, run.status_ids.index("permit")]
    np.testing.assert_array_equal(run.together[:, 1], 100 - permitted)


def _border(*rows, days=7, **tables):
    places = (town("alder"), town("birch"), town("cedar", kind="border_crossing"))
    return _walk(*rows, days=days, places=places, **tables)


PRESENT = transition("travelling", "waiting", "share_on_arrival", 1.0, id="presents", where="kind:border_crossing")
PROCESS = transition("waiting", "gone", "capacity_per_day", 30.0, id="processed", where="cedar")


def test_the_border_is_a_queue_with_a_daily_capacity(play):
    """All present themselves on day 2 in Cedar; from day 3 on 30 a day are processed."""
    run = play(_border(PRESENT, PROCESS))
    assert in_status(run, "waiting", "entries") == [0, 0, 100, 100, 100, 100, 100]
    assert in_status(run, "waiting") == [0, 0, 100, 70, 40, 10, 0]
    assert in_status(run, "gone") == [0, 0, 0, 30, 60, 90, 100]
    assert in_place(run, "cedar") == [0, 0, 100, 70, 40, 10, 0]
    assert run.together[0].tolist() == [100, 100, 0, 0, 0, 0, 0]


def test_at_the_border_some_cross_without_inspection_and_some_stay(play):
    """Half present themselves; a fifth a day of the others crosses; who presents never crosses that way."""
    rows = (
        transition("travelling", "waiting", "share_on_arrival", 0.5, id="presents", where="cedar"),
        transition("travelling", "gone", "hazard_per_day", 0.2, id="crosses", where="cedar"),
    )
    run = play(_border(*rows, days=4, groups=(group(1000, "cedar"),)), members=1000)
    status = {name: run.current[:, :, run.status_ids.index(name)] for name in ("waiting", "gone", "travelling")}
    # Day 2: 500 present, of the other 500 a fifth crosses; day 3: a fifth of 400. 4 standard errors: 2 and 1.9.
    assert status["waiting"][:, 2].mean() == pytest.approx(500, abs=2)
    assert status["gone"][:, 2].mean() == pytest.approx(100, abs=1.2)
    assert status["gone"][:, 3].mean() == pytest.approx(180, abs=1.6)
    np.testing.assert_array_equal(sum(status.values()), 1000)
    np.testing.assert_array_equal(status["waiting"][:, 3], status["waiting"][:, 2])


def test_values_are_drawn_for_each_member_from_their_range(play):
    """Triangular(10, 20, 60): mean 30, within its bounds, and the same on every day of a member."""
    row = transition("travelling", "permit", "capacity_per_day", 0.0, low=10.0, likely=20.0, high=60.0, where="alder")
    world = line(25, days=2, procedure=(row,), rates={"rest_probability_per_day": 1})
    run = play(world, members=4000)
    capacity = run.drawn[:, run.drawn_names.index("travelling-permit")]
    assert capacity.min() >= 10
    assert capacity.max() <= 60
    # Standard deviation 10.8; 4 standard errors at 4,000 members: 0.68.
    assert capacity.mean() == pytest.approx(30, abs=0.68)
    served = run.entries[:, :, run.status_ids.index("permit")]
    assert (np.abs(served[:, 0] - capacity) < 1).all()
    assert (np.abs(np.minimum(2 * capacity, 100) - served[:, 1]) < 2).all()

"""Runs that set out from what is known on a date, and the bounds of what a run may be asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from posada.engine.simulate import simulate_ensemble
from posada.model.errors import InvalidValueError
from posada.model.journeys import Status
from posada.model.start import GroupStart, Range, StartingState, StatusStart
from tests.engine.worlds import SAYS, day, group, in_place, in_status, line, whereabouts


def _start(on, place="cedar", people=80, gone=20):
    statuses = (StatusStart("gone", Range(gone, gone, gone), ()),) if gone else ()
    return StartingState(day(on), (GroupStart("main", place, Range(people, people, people), ()),), statuses)


def test_a_run_sets_out_from_where_the_group_is_known_to_be(play):
    """80 people in Cedar on the night of day 3; nobody moves before that night is over."""
    run = play(line(25, 25, 25, days=6), start=_start(3))
    assert run.dates == (day(3), day(4), day(5))
    assert whereabouts(run) == ["cedar", "dogwood", "dogwood"]
    assert in_place(run, "cedar") == [80, 0, 0]


def test_people_whose_journey_ended_before_are_counted_as_ended(play):
    run = play(line(25, 25, 25, days=6), start=_start(3))
    assert in_status(run, "gone") == [20, 20, 20]
    assert run.total[0].tolist() == [100, 100, 100]
    assert run.together[0].tolist() == [80, 80, 80]


def test_people_who_had_papers_before_are_among_those_of_the_group(play):
    """30 of the 80 people have papers on the first night, and of 100 papers at most 80 are held by them."""
    scenario = line(25, 25, 25, days=6)
    with_papers = scenario.replace(statuses=(*scenario.statuses, Status("papers", "Has papers.", "permitted", SAYS)))
    for reported, held in ((30, 30), (100, 80)):
        start = replace(_start(3), statuses=(StatusStart("papers", Range(reported, reported, reported), ()),))
        run = play(with_papers, start=start)
        assert in_status(run, "papers") == [held] * 3
        assert run.entries[0, 0, run.status_ids.index("papers")] == held
        assert run.total[0].tolist() == [80, 80, 80]


def test_an_uncertain_start_is_drawn_within_its_range(play):
    """Triangular(50, 60, 100): mean 70, standard deviation 10.8; 4 standard errors at 4,000 members: 0.69."""
    known = StartingState(day(1), (GroupStart("main", "birch", Range(50, 60, 100), ()),))
    people = play(line(25, 25, days=3), start=known, members=4000).total[:, 0]
    assert people.min() >= 50
    assert people.max() <= 100
    assert people.mean() == pytest.approx(70, abs=0.69)


def test_groups_that_depart_later_enter_on_their_day_and_earlier_ones_do_not(play):
    groups = (
        group(100, "dogwood"),
        group(50, "dogwood", id="later", departs=day(5)),
        group(70, "dogwood", id="before", departs=day(2)),
    )
    run = play(line(25, 25, 25, days=6, groups=groups), start=_start(3, gone=0))
    assert whereabouts(run, run.group_ids.index("later")) == ["-", "alder", "birch"]
    assert whereabouts(run, run.group_ids.index("before")) == ["-", "-", "-"]
    assert run.total[0].tolist() == [80, 130, 130]


@pytest.mark.parametrize("on", [-1, 6])
def test_a_start_outside_the_journey_is_refused(on):
    with pytest.raises(InvalidValueError, match="outside the journey"):
        simulate_ensemble(line(25, days=6), start=_start(on), members=1)
    assert simulate_ensemble(line(25, days=6), start=_start(5, "birch"), members=1).members == 1


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"members": 0}, "members"),
        ({"seed": -1}, "seed"),
        ({"seed": 2**63}, "seed"),
        ({"workers": 0}, "workers"),
        ({"first_member": -1}, "first_member"),
    ],
)
def test_numbers_out_of_bounds_are_refused_by_name(options, named):
    with pytest.raises(InvalidValueError, match=named):
        simulate_ensemble(line(25, days=2), **{"members": 1} | options)


def test_the_largest_numbers_are_accepted():
    run = simulate_ensemble(line(25, days=2), members=1, seed=2**63 - 1, first_member=2**31, workers=64)
    assert run.first_member == 2**31


def test_a_journey_of_one_day_is_a_journey(play):
    run = play(line(25, days=1))
    assert whereabouts(run) == ["alder"]


def test_progress_is_told_until_all_members_are_done():
    told = []
    simulate_ensemble(line(25, days=2), members=600, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (600, 600)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_the_arrays_of_a_run_cannot_be_written(play):
    run = play(line(25, days=2))
    with pytest.raises(ValueError, match="read-only"):
        run.people[0, 0, 0] = 1

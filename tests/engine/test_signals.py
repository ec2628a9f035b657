"""Signals: from which day, until when, on which number, and how strongly."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from posada.model.start import GroupStart, Range, StartingState
from tests.engine.worlds import day, in_place, in_status, line, signal, site, transition, whereabouts


def test_a_signal_multiplies_from_its_day_until_its_end_both_included(play):
    """Twice 30 km on days 2 and 3: two towns a day then, one on the others."""
    world = line(*[25] * 6, days=6, signals=(signal("walk_km_per_day", 2, 2, 3),))
    assert whereabouts(play(world)) == ["alder", "birch", "dogwood", "fir", "gum", "gum"]
    no_end = world.replace(signals=(signal("walk_km_per_day", 2, 2),))
    assert whereabouts(play(no_end)) == ["alder", "birch", "dogwood", "fir", "gum", "gum"]
    longer = line(*[25] * 7, days=6, signals=(signal("walk_km_per_day", 2, 2),))
    assert whereabouts(play(longer)) == ["alder", "birch", "dogwood", "fir", "hazel", "hazel"]


def test_signals_multiply_one_another(play):
    """0.5 x 4 x 30 km = 60 km: two towns on day 1."""
    both = (signal("walk_km_per_day", 0.5, 1), signal("walk_km_per_day", 4, 1, name="Another"))
    assert whereabouts(play(line(*[25] * 4, days=3, signals=both))) == ["alder", "cedar", "elm"]


def test_a_signal_can_change_a_transition(play):
    """10 a day, three times as many on days 2 and 3."""
    row = transition("travelling", "permit", "capacity_per_day", 10.0)
    world = line(25, days=6, procedure=(row,), signals=(signal("travelling-permit", 3, 2, 3),))
    assert in_status(play(world), "permit", "entries") == [10, 20, 50, 80, 90, 100]


def test_a_signal_can_stop_a_transition(play):
    row = transition("travelling", "permit", "capacity_per_day", 10.0)
    world = line(25, days=4, procedure=(row,), signals=(signal("travelling-permit", 0, 2),))
    assert in_status(play(world), "permit", "entries") == [10, 20, 20, 20]


def test_a_signal_that_would_take_a_share_above_one_takes_it_to_one(play):
    """Three times 0.5 of the people want a roof: all of them, not more than there are."""
    world = line(25, days=2, sites=(site("birch", 500),), rates={"site_uptake_share": 0.5})
    assert in_place(play(world), "birch", "without_roof") == [0, 50]
    tripled = world.replace(signals=(signal("site_uptake_share", 3, 1),))
    assert in_place(play(tripled), "birch", "without_roof") == [0, 0]


def test_the_strength_of_a_signal_is_drawn_for_each_member(play):
    uncertain = replace(signal("walk_km_per_day", 2, 1), multiplier_low=1.0, multiplier_high=6.0)
    run = play(line(25, days=2, signals=(uncertain,)), members=4000)
    strength = run.drawn[:, run.drawn_names.index(f"signal {day(1)} on walk_km_per_day")]
    # Mean (1 + 2 + 6)/3 = 3; standard deviation 1.08, 4 standard errors 0.068.
    assert strength.mean() == pytest.approx(3, abs=0.068)
    assert strength.min() >= 1
    assert strength.max() <= 6


def test_two_signals_of_one_day_on_one_number_have_strengths_of_their_own(play):
    names = ("A ministry speaks.", "A neighbour speaks.")
    both = tuple(
        replace(signal("walk_km_per_day", 2, 1, name=name), multiplier_low=1.0, multiplier_high=6.0) for name in names
    )
    strengths = play(line(25, days=2, signals=both), members=2000).drawn[:, -2:]
    # 4 standard errors of a correlation of none at 2,000 members.
    assert abs(np.corrcoef(strengths.T)[0, 1]) < 4 / np.sqrt(2000)


def test_a_signal_from_before_the_run_is_in_force(play):
    """The run begins on day 3; what was signalled on day 1 holds, what ended on day 2 does not."""
    start = StartingState(day(3), (GroupStart("main", "alder", Range(100, 100, 100), ()),))
    world = line(*[25] * 4, days=6)
    held = play(world.replace(signals=(signal("walk_km_per_day", 2, 1),)), start=start)
    assert whereabouts(held) == ["alder", "cedar", "elm"]
    over = play(world.replace(signals=(signal("walk_km_per_day", 2, 1, 2),)), start=start)
    assert whereabouts(over) == ["alder", "birch", "cedar"]


def test_a_signal_leaves_the_other_numbers_alone(play):
    world = line(25, 25, days=4)
    changed = world.replace(signals=(signal("walk_km_per_day", 2, 1),))
    plain, other = play(world), play(changed)
    shared = len(plain.drawn_names)
    np.testing.assert_array_equal(plain.drawn, other.drawn[:, :shared])

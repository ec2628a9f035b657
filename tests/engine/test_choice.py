"""The choice of the next stop: frequencies against the formula, and a planner's itinerary in its place."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest

from posada.model.journeys import Stop
from posada.model.offers import Stance
from tests.engine.worlds import SAYS, day, group, line, site, whereabouts

MEMBERS = 4000


def _share_choosing_birch(play, rates=None, **tables):
    """Alder, Birch at 12 km and Cedar at 24 km, both within the reach of 30 km, on the way to Dogwood."""
    run = play(line(12, 12, 40, days=2, rates={"progress_weight": 2} | (rates or {}), **tables), members=MEMBERS)
    first_stop = run.main_place[:, 1, 0]
    assert set(first_stop) <= {1, 2}
    return (first_stop == 1).mean()


def _logit(birch, cedar):
    return exp(birch) / (exp(birch) + exp(cedar))


@pytest.mark.parametrize(
    ("rates", "tables", "birch", "cedar"),
    [
        # Progress alone: 2 x 12/30 = 0.8 against 2 x 24/30 = 1.6.
        ({}, {}, 0.8, 1.6),
        # Room for all of the 100 in Birch, for half of them in Cedar.
        ({"room_weight": 2}, {"sites": (site("birch", 300), site("cedar", 50))}, 0.8 + 2, 1.6 + 1),
        # A welcome pulls with 1, a push onward with -0.5, a refusal with -1, tolerance with 0.
        (
            {"stance_weight": 1.5},
            {"stances": (Stance("birch", day(0), "welcome", SAYS), Stance("cedar", day(0), "push_on", SAYS))},
            0.8 + 1.5,
            1.6 - 0.75,
        ),
        ({"stance_weight": 1.5}, {"stances": (Stance("cedar", day(1), "refuse", SAYS),)}, 0.8, 1.6 - 1.5),
        ({"stance_weight": 1.5}, {"stances": (Stance("cedar", day(2), "refuse", SAYS),)}, 0.8, 1.6),
        # A stop that was announced.
        ({"itinerary_weight": 1.2}, {"itinerary": (Stop("main", "birch", SAYS),)}, 0.8 + 1.2, 1.6),
        # Another group's announcement is not this one's.
        (
            {"itinerary_weight": 1.2},
            {
                "itinerary": (Stop("other", "birch", SAYS),),
                "groups": (group(), group(id="other", departs=day(2))),
            },
            0.8,
            1.6,
        ),
    ],
)  # fmt: skip
def test_places_are_chosen_with_the_frequencies_of_a_multinomial_logit(play, rates, tables, birch, cedar):
    chance = _logit(birch, cedar)
    # 4 standard errors at 4,000 members.
    tolerance = 4 * np.sqrt(chance * (1 - chance) / MEMBERS)
    assert _share_choosing_birch(play, rates, **tables) == pytest.approx(chance, abs=tolerance)


def test_a_place_that_brings_nobody_nearer_is_never_chosen(play):
    """From Birch, 25 km beyond Alder, the group does not turn back, whatever Alder offers."""
    rates = {"progress_weight": 0, "room_weight": 50}
    world = line(25, 25, 25, days=4, rates=rates, sites=(site("alder", 900),))
    assert whereabouts(play(world)) == ["alder", "birch", "cedar", "dogwood"]


def _planned(*stops, days=8, rates=None):
    plan = tuple(Stop("main", place, SAYS, day(on), nights) for place, on, nights in stops)
    return {"scenario": line(25, 25, 25, 25, days=days, rates=rates), "plan": plan}


def test_a_planners_itinerary_replaces_the_choice(play):
    """In Alder until day 2, Birch on day 2, Cedar on day 5; after its one night there the group is free."""
    run = play(**_planned(("birch", 2, None), ("cedar", 5, None)))
    assert whereabouts(run) == ["alder", "alder", "birch", "birch", "birch", "cedar", "dogwood", "elm"]


def test_a_planned_stop_lasts_its_nights(play):
    run = play(**_planned(("birch", 1, 3)))
    assert whereabouts(run) == ["alder", *["birch"] * 3, "cedar", "dogwood", "elm", "elm"]


def test_a_planned_day_overrides_rest_and_halt(play):
    rates = {"rest_probability_per_day": 1}
    run = play(**_planned(("birch", 1, 1), ("cedar", 2, 2), rates=rates))
    # On day 4 the plan is over, and the group rests for ever.
    assert whereabouts(run) == ["alder", "birch", *["cedar"] * 6]


def test_a_plan_beyond_reach_is_followed_late(play):
    """Dogwood is 75 km away, planned for day 1: a town a day, there on day 3, and on after day 5."""
    run = play(**_planned(("dogwood", 1, 5)))
    assert whereabouts(run) == ["alder", "birch", "cedar", "dogwood", "dogwood", "dogwood", "elm", "elm"]


def test_a_plan_moves_no_other_group(play):
    world = line(25, 25, days=4, groups=(group(to="cedar"), group(to="cedar", id="other")))
    plan = (Stop("main", "birch", SAYS, day(3)),)
    run = play(world, plan=plan)
    assert whereabouts(run, 0) == ["alder", "alder", "alder", "birch"]
    assert whereabouts(run, 1) == ["alder", "birch", "cedar", "cedar"]

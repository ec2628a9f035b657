"""Lodging: capacity as stated or by area, opening days, uptake, rain, refusal, stance, overflow."""

from __future__ import annotations

from dataclasses import replace

import pytest

from posada.model.offers import Stance
from tests.engine.worlds import SAYS, constants, day, group, in_place, line, site, town, transition

ALL_NIGHTS = 5


def _at_birch(*sites, rates=None, **tables):
    """100 people come to Birch on day 1 and stay: it is their destination."""
    return line(25, days=ALL_NIGHTS, rates=rates, sites=sites, **tables)


def _without_roof(play, *sites, rates=None, **tables):
    return in_place(play(_at_birch(*sites, rates=rates, **tables)), "birch", "without_roof")


@pytest.mark.parametrize(
    ("sites", "without"),
    [
        ((site("birch", 40),), 60),
        ((site("birch", 100),), 0),
        ((site("birch", 0),), 100),
        ((site("birch", None, area_m2=200.0),), 50),  # 200 m2 / 4 m2
        ((site("birch", None, area_m2=199.0),), 51),  # 49.75 is 49 whole places
        ((site("birch", 30, area_m2=400.0),), 70),  # what is stated goes before the area
        ((site("birch", None),), 75),  # a warehouse of unknown size: drawn, here 25
        ((site("birch", 40), site("birch", 20, id="chapel", type="church")), 40),
        ((site("alder", 100), site("birch", 10)), 90),
    ],
)
def test_places_are_as_stated_or_by_area_or_drawn(play, sites, without):
    rates = {"capacity_warehouse": 25}
    assert _without_roof(play, *sites, rates=rates) == [0, *[without] * (ALL_NIGHTS - 1)]


def test_section_11_open_ground_is_never_capacity(play):
    square = site("birch", 900, type="square", covered=False)
    assert _without_roof(play, square)[1:] == [100] * 4
    assert _without_roof(play, square, site("birch", 40, id="hall"))[1:] == [60] * 4


def test_section_11_everybody_without_a_place_is_counted(play):
    run = play(_at_birch(site("birch", 40)))
    assert in_place(run, "birch", "places_short") == [0, 60, 60, 60, 60]
    assert in_place(run, "birch") == [0, 100, 100, 100, 100]


def test_section_1_a_town_without_a_report_has_an_unknown_number_of_places(play):
    """It is drawn, here 30, but at most 0.004 per resident: 40 in a town of 10,000 and 20 in one of 5,000.

    A square beside them is no report of a roof; a reported site replaces the guess. Where the residents are
    unknown nothing says what the most would be: 30 places.
    """
    rates = {"unreported_places": 30, "unreported_places_per_resident": 0.004}
    square = site("birch", 900, type="square", covered=False)
    assert _without_roof(play, rates=rates)[1:] == [70] * 4
    assert _without_roof(play, square, rates=rates)[1:] == [70] * 4
    assert _without_roof(play, site("birch", 10), rates=rates)[1:] == [90] * 4
    hamlet = (town("alder"), town("birch", population=None))
    assert _without_roof(play, rates=rates, places=hamlet)[1:] == [70] * 4
    small = (town("alder"), town("birch", population=5_000))
    assert _without_roof(play, rates=rates, places=small)[1:] == [80] * 4


def test_sites_open_and_close_by_date_both_days_included(play):
    hall = site("birch", 40, open_from=day(2), open_to=day(3))
    assert _without_roof(play, hall) == [0, 100, 60, 60, 100]
    assert _without_roof(play, replace(hall, open_from=None)) == [0, 60, 60, 60, 100]
    assert _without_roof(play, replace(hall, open_to=None)) == [0, 100, 60, 60, 60]


def test_a_site_that_opens_later_changes_nothing_before(play):
    """Until then the town has what such towns have, 30 places; then it has the 40 reported."""
    rates = {"unreported_places": 30, "unreported_places_per_resident": 0.004}
    assert _without_roof(play, site("birch", 40, open_from=day(3)), rates=rates) == [0, 70, 70, 60, 60]


def test_some_prefer_the_square(play):
    """Half want a place: 50 of the 80 are taken, and 20 would be missing if everybody wanted one."""
    run = play(_at_birch(site("birch", 80), rates={"site_uptake_share": 0.5}))
    assert in_place(run, "birch", "without_roof")[1:] == [50] * 4
    assert in_place(run, "birch", "places_short")[1:] == [20] * 4


def test_a_share_of_people_that_is_not_whole_is_rounded_with_its_own_mean(play):
    """0.505 x 100 = 50.5 want a place: 50 or 51; 4 standard errors at 4,000 members are 0.032."""
    run = play(_at_birch(site("birch", 80), rates={"site_uptake_share": 0.505}), members=4000)
    without = run.without_roof[:, 1, 1]
    assert set(without) == {49, 50}
    assert without.mean() == pytest.approx(49.5, abs=0.032)


def test_in_rain_more_people_want_a_roof(play):
    rates = {"site_uptake_share": 0.2, "rain_uptake_share": 0.7}
    assert _without_roof(play, site("birch", 80), rates=rates)[1:] == [80] * 4
    assert _without_roof(play, site("birch", 80), rates=rates | {"rain_probability_per_day": 1})[1:] == [30] * 4
    run = play(_at_birch(site("birch", 80), rates=rates | {"rain_probability_per_day": 0.25}), members=4000)
    # 4 standard errors at 4,000 members: 0.027.
    assert (run.without_roof[:, 1, 1] == 30).mean() == pytest.approx(0.25, abs=0.027)


def test_a_town_may_refuse_on_the_night_what_it_offered(play):
    refuses = {"lodging_refusal_probability": 1}
    run = play(_at_birch(site("birch", 80), rates=refuses))
    assert in_place(run, "birch", "without_roof")[1:] == [100] * 4
    assert in_place(run, "birch", "places_short")[1:] == [100] * 4
    run = play(_at_birch(site("birch", 100), rates={"lodging_refusal_probability": 0.2}), members=4000)
    assert (run.without_roof[:, 1, 1] == 100).mean() == pytest.approx(0.2, abs=0.026)


def test_the_stance_changes_how_many_places_a_town_opens(play):
    """Birch opens half of its 80 places when it pushes on from day 2, and 1.2 times 80 when it welcomes from day 4."""
    stances = (Stance("birch", day(2), "push_on", SAYS), Stance("birch", day(4), "welcome", SAYS))
    rates = {"lodging_push_on": 0.5, "lodging_welcome": 1.2}
    assert _without_roof(play, site("birch", 80), rates=rates, stances=stances) == [0, 20, 60, 60, 4]


def test_people_who_are_held_need_no_place_in_town(play):
    """Those held from the evening of day 1 on are lodged by the authority; they still sleep in Birch."""
    holds = transition("travelling", "held", "hazard_per_day", 1.0, where="birch")
    run = play(_at_birch(site("birch", 40), procedure=(holds,)))
    assert in_place(run, "birch", "without_roof") == [0, 60, 0, 0, 0]
    assert in_place(run, "birch") == [0, 100, 100, 100, 100]


def test_people_who_wait_do_need_a_place(play):
    queues = transition("travelling", "waiting", "hazard_per_day", 1.0, where="birch")
    run = play(_at_birch(site("birch", 40), procedure=(queues,)))
    assert in_place(run, "birch", "without_roof") == [0, 60, 60, 60, 60]


def test_a_drawn_capacity_is_the_same_on_every_night(play):
    world = _at_birch(site("birch", None), groups=(group(2000, "birch"),))
    unknown = tuple(row for row in constants({}) if row.name != "capacity_warehouse")
    run = play(world.replace(parameters=unknown), members=64)
    nights = run.places_short[:, 1:, 1]
    assert (nights == nights[:, :1]).all()
    assert len(set(nights[:, 0])) > 1, "but not in every member"

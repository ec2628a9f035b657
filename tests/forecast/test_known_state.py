"""The state known on a date: where, how many, how many gone; and nothing of what was published later."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from posada.forecast.start import known_state, last_seen
from posada.forecast.vintage import as_known
from posada.model.errors import InvalidValueError
from posada.model.journeys import Destination
from posada.model.offers import Site, Stance
from posada.model.start import Range
from posada.model.statements import Signal
from tests.forecast.runs import FIRST, STATUSES, day, group, report, scenario
from tests.strategies import scenarios


def state(reports, as_of=5, **tables):
    return known_state(scenario(reports=tuple(reports), **tables), day(as_of))


def test_a_group_is_where_the_last_report_puts_it():
    found = state([report("a", 1, "arrival", place="alder"), report("b", 4, "arrival", place="birch")])
    assert [(row.group, row.place) for row in found.groups] == [("main", "birch")]
    assert found.date == day(5)


def test_a_later_publication_about_an_earlier_day_does_not_move_it_back():
    found = state([report("a", 4, "arrival", place="birch"), report("b", 5, "headcount", place="alder", about=1)])
    assert found.groups[0].place == "birch"


def test_of_two_about_one_day_the_one_published_last_decides():
    found = state([report("a", 5, "arrival", place="cedar", about=4), report("b", 4, "arrival", place="birch")])
    assert found.groups[0].place == "cedar"


def test_where_people_arrived_outranks_where_they_were_counted_that_day():
    """As on the first day of a journey: counted on the square in the morning, arrived 40 km on in the evening."""
    reports = [report("a", 4, "arrival", place="cedar"), report("b", 5, "headcount", place="birch", about=4)]
    assert state(reports).groups[0].place == "cedar"


def test_then_the_more_reliable_one():
    """``survey`` has 0.8, ``radio`` 0.6."""
    reports = [report("a", 4, "arrival", place="birch", source=("survey",)), report("b", 4, "arrival", place="cedar")]
    assert state(reports).groups[0].place == "birch"
    assert state(reports[::-1]).groups[0].place == "birch"


@pytest.mark.parametrize("kind", ["departure", "policy", "transport", "dispersed"])
def test_what_does_not_say_where_it_is_does_not_place_it(kind):
    found = state([report("a", 2, "arrival", place="alder"), report("b", 4, kind, place="cedar")])
    assert found.groups[0].place == "alder"


def test_a_group_that_no_report_places_is_an_error_with_a_cure():
    with pytest.raises(InvalidValueError, match=r"'main' departed on 2030-03-01.*Add a report"):
        state([report("a", 2, "headcount", place=None, value=900)])


def test_a_group_that_departs_on_the_day_itself_needs_no_report():
    found = known_state(scenario(), FIRST)
    assert found.groups == ()


def test_a_group_that_departs_later_is_not_listed():
    found = state([report("a", 2, "arrival", place="birch")], groups=(group(), group("second", departs=day(6))))
    assert [row.group for row in found.groups] == ["main"]


def test_the_size_is_read_from_the_last_days():
    """As of day 5 the window is days 2 to 5: 900 and 1,100, not the 5,000 of day 1. 810 to 1,210, middle 1,000."""
    found = state(
        [
            report("old", 1, "headcount", place="alder", value=5000),
            report("a", 3, "headcount", place="birch", value=900),
            report("b", 5, "headcount", place="birch", value=1100),
        ]
    )
    assert found.groups[0].people == Range(810, 1000, 1210)
    assert found.groups[0].report_ids == ("b", "a")


def test_without_a_recent_count_the_last_one_serves():
    """Seen on day 5 without a figure; the last figure is that of day 1."""
    found = state([report("a", 1, "headcount", place="alder", value=1000), report("b", 5, "arrival", place="birch")])
    assert found.groups[0].people == Range(900, 1000, 1100)


def test_without_any_count_it_has_the_size_of_the_scenario():
    found = state([report("b", 5, "arrival", place="birch")])
    assert found.groups[0].people == Range(800, 1000, 1200)


@pytest.mark.parametrize("unit", ["children", "km", "people_cumulative", "people_per_group"])
def test_figures_that_do_not_count_the_people_present_are_no_size(unit):
    found = state([report("b", 5, "headcount", place="birch", value=17, unit=unit)])
    assert found.groups[0].people == Range(800, 1000, 1200)


def test_reports_of_another_group_say_nothing_about_this_one():
    others = (group(), group("second", origin="birch", departs=day(2)))
    found = state(
        [
            report("a", 4, "headcount", place="alder", value=1000),
            report("b", 5, "headcount", place="birch", value=200, group="second"),
            report("c", 5, "headcount", place="cedar", value=9, group=None),
        ],
        groups=others,
    )
    assert [(row.place, row.people.likely) for row in found.groups] == [("alder", 1000), ("birch", 200)]


def test_a_national_total_is_counted_in_the_final_status():
    """400 in all, about: 360 to 440. The 390 of two days before lies within the window: 351 to 440, middle 395."""
    found = state(
        [
            report("a", 4, "arrival", place="birch"),
            report("t0", 1, "repatriated", value=100, unit="people_cumulative"),
            report("t1", 3, "repatriated", value=390, unit="people_cumulative"),
            report("t2", 5, "repatriated", value=400, unit="people_cumulative"),
        ]
    )
    assert [(row.status, row.people) for row in found.statuses] == [("returned", Range(351, 395, 440))]
    assert found.statuses[0].report_ids == ("t1", "t2")


def test_daily_figures_are_added_up_where_nobody_gave_a_total():
    """100 on day 3 by two speakers, 50 on day 4: 90 + 45, 100 + 50, 110 + 55."""
    found = state(
        [
            report("a", 4, "arrival", place="birch"),
            report("d1", 3, "repatriated", value=100),
            report("d2", 3, "repatriated", value=100),
            report("d3", 4, "repatriated", value=50),
        ]
    )
    assert found.statuses[0].people == Range(135, 150, 165)


def test_people_on_the_road_in_general_are_not_this_journeys():
    found = state(
        [
            report("a", 4, "arrival", place="birch"),
            report("t", 5, "repatriated", value=400, unit="people_cumulative", group=None),
        ]
    )
    assert found.statuses == ()


def test_permits_count_people_who_may_travel_alone():
    """180 permits in all, within ten per cent; without a status that lets people travel alone they count nobody."""
    reports = [
        report("a", 4, "arrival", place="birch"),
        report("p", 5, "permits_issued", value=180, unit="people_cumulative"),
    ]
    assert [(row.status, row.people) for row in state(reports).statuses] == [("permit", Range(162, 180, 198))]
    without = tuple(row for row in STATUSES if row.role != "permitted")
    assert state(reports, statuses=without).statuses == ()


def test_people_whom_no_status_counts_are_an_error():
    with pytest.raises(InvalidValueError, match=r"'t'.*'stayed'.*Add it to the table of statuses"):
        state([report("a", 4, "arrival", place="birch"), report("t", 5, "stayed", value=4)])


@pytest.mark.parametrize("as_of", [-1, 10])
def test_a_date_outside_the_journey_is_refused(as_of):
    with pytest.raises(InvalidValueError, match="Name a day from 2030-03-01 to 2030-03-10"):
        state([], as_of=as_of)


KINDS = st.sampled_from(("headcount", "arrival", "lodging", "repatriated", "departure", "detained"))


@given(
    kind=KINDS,
    published=st.integers(6, 9),
    about=st.integers(0, 9),
    place=st.sampled_from(("alder", "birch", "cedar", None)),
    value=st.floats(0, 9000),
    unit=st.sampled_from(("people", "people_cumulative")),
)
@example(kind="headcount", published=6, about=5, place="cedar", value=5000.0, unit="people")
@example(kind="repatriated", published=6, about=5, place=None, value=5000.0, unit="people_cumulative")
def test_a_report_published_later_changes_nothing(kind, published, about, place, value, unit):
    """The planted report is about a day before or after; as of day 5 the state is the same, and so is its text."""
    known = (
        report("a", 4, "headcount", place="birch", value=1000),
        report("t", 3, "repatriated", value=40, unit="people_cumulative"),
    )
    planted = report("planted", published, kind, about=about, place=place, value=value, unit=unit)
    before, after = state(known), state((planted, *known))
    assert after == before
    assert repr(after).encode() == repr(before).encode()
    both = as_known(scenario(reports=(planted, *known)), day(5)), as_known(scenario(reports=known), day(5))
    assert both[0].scenario == both[1].scenario
    assert both[0].scenario.hash == both[1].scenario.hash


def test_the_same_report_published_in_time_does_change_it():
    """The nearest case that must not be ignored."""
    known = (report("a", 4, "headcount", place="birch", value=1000),)
    assert state((*known, report("b", 5, "headcount", place="cedar", value=700))) != state(known)


def test_the_order_of_reports_does_not_matter():
    rows = [
        report("a", 4, "headcount", place="birch", value=1000),
        report("b", 4, "headcount", place="birch", value=1200, source=("survey",)),
        report("c", 5, "arrival", place="birch", value=900),
    ]
    first, last = state(rows), state(rows[::-1])
    assert first.groups[0].people == last.groups[0].people
    assert set(first.report_ids) == set(last.report_ids)


def test_last_seen_is_the_day_of_the_report_that_places_it():
    whole = scenario(reports=(report("a", 3, "arrival", place="birch", about=2),))
    assert last_seen(whole, known_state(whole, day(5)).groups[0]) == day(2)


def site(id_: str, *source: str) -> Site:
    return Site(id_, "birch", id_.title(), "school", True, source)


def test_rows_of_later_sources_are_left_out_and_counted():
    """``late`` was published on day 8. A source without a date, as ``map``, decides nothing."""
    whole = scenario(
        sites=(site("early", "radio"), site("mixed", "radio", "late"), site("undated", "map"), site("late", "late")),
        stances=(Stance("birch", day(6), "push_on", ("late",)),),
        signals=(Signal(day(7), "Checks", "rain_probability_per_day", 1, 1, 1, ("late", "map")),),
    )
    found = as_known(whole, day(5))
    assert [row.id for row in found.scenario.sites] == ["early", "undated"]
    assert found.left_out == {"sites": 2, "stances": 1, "signals": 1}
    assert as_known(whole, day(8)).left_out == {}
    assert as_known(whole, day(8)).scenario is whole


def test_a_group_nobody_had_spoken_of_is_left_out_with_its_rows():
    second = group("second", departs=day(7), source=("late",))
    whole = scenario(groups=(group(), second), destinations=(Destination("second", "birch", 0.5, ("map",)),))
    found = as_known(whole, day(5)).scenario
    assert [row.id for row in found.groups] == ["main"]
    assert found.destinations == ()
    assert as_known(whole, day(8)).scenario is whole


def test_people_ahead_are_neither_where_the_group_is_nor_counted_in_it():
    rows = (
        report("one", 2, "headcount", place="birch", value=900.0),
        report("two", 3, "arrival", place="cedar", value=50.0, ahead=True),
    )
    (found,) = known_state(scenario(reports=rows), day(3)).groups
    assert (found.place, found.people.likely, found.report_ids) == ("birch", 900, ("one",))


def test_when_no_group_was_known_it_says_so():
    whole = scenario(groups=(group(departs=day(7), source=("late",)),))
    with pytest.raises(InvalidValueError, match="nobody had spoken of any group"):
        as_known(whole, day(5))


@given(scenarios(), st.data())
def test_what_is_known_never_looks_ahead(whole, data):
    """Over made-up scenarios: whatever the date, no report and no dated row of later remains."""
    settings = whole.settings
    as_of = data.draw(st.dates(settings.start, settings.end))
    try:
        known = as_known(whole, as_of).scenario
    except InvalidValueError:
        known = None
    dates = {row.id: row.date for row in whole.sources}
    if known is not None:
        assert all(row.published <= as_of for row in known.reports)
        for table in ("sites", "vehicles", "stances", "signals", "itinerary"):
            for row in known.table(table):
                assert all(dates[source] is None or dates[source] <= as_of for source in row.source)

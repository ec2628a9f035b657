"""Running as of a date: which state a run sets out from, and what it never uses."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pytest

from posada.model.errors import InvalidValueError, ScenarioError
from posada.model.journeys import Stop
from posada.ops.processors import usable_processors
from posada.ops.simulation import as_of_date, simulate
from tests.forecast.runs import FIRST, day, group, report, scenario

KNOWN = (
    report("a", 0, "headcount", place="alder", value=1000),
    report("b", 2, "headcount", place="birch", value=900),
    report("t", 2, "repatriated", value=40, unit="people_cumulative"),
)


def arrays(run):
    return {name: value for name, value in vars(run).items() if isinstance(value, np.ndarray)}


def test_a_run_sets_out_on_the_night_of_the_date():
    """On day 2 the group is known to be in Birch; 900 and 1,000 give 810 to 1,100. About 40 have been returned."""
    run = simulate(scenario(reports=KNOWN), members=20, as_of=day(2))
    assert run.dates[0] == run.as_of == day(2)
    tonight = run.people[:, 0, run.place_index("birch")]
    assert (tonight >= 810).all()
    assert (tonight <= 1100).all()
    assert (run.people[:, 0, run.place_index("alder")] == 0).all()
    returned = run.entries[:, 0, run.status_ids.index("returned")]
    assert (returned >= 36).all()
    assert (returned <= 44).all()


@pytest.mark.parametrize(("as_of", "first"), [("2030-03-03", day(2)), (day(1), day(1)), ("start", FIRST)])
def test_the_date_can_be_given_in_several_ways(as_of, first):
    run = simulate(scenario(reports=KNOWN), members=2, as_of=as_of)
    assert run.dates[0] == first
    assert (run.start is None) == (as_of == "start")


def test_without_a_date_it_is_that_of_the_scenario():
    whole = scenario(reports=KNOWN)
    assert simulate(whole, members=2).start is None
    dated = whole.replace(settings=dataclasses.replace(whole.settings, as_of=day(2)))
    assert simulate(dated, members=2).as_of == day(2)
    assert simulate(dated, members=2, as_of="start").as_of is None


def test_what_was_published_later_changes_nothing_bit_by_bit():
    """A later report, and a source with a site, of day 8: every array of the run as of day 2 is the same."""
    planted = report("planted", 8, "headcount", about=1, place="cedar", value=5000)
    before = simulate(scenario(reports=KNOWN), members=30, seed=3, as_of=day(2))
    after = simulate(scenario(reports=(planted, *KNOWN)), members=30, seed=3, as_of=day(2))
    for name, value in arrays(before).items():
        assert np.array_equal(value, arrays(after)[name], equal_nan=True), name
    assert before.scenario.hash == after.scenario.hash


def test_the_same_seed_is_the_same_on_any_number_of_threads():
    whole = scenario(reports=KNOWN)
    one, two = (simulate(whole, members=300, seed=0, as_of=day(2), workers=workers) for workers in (1, 3))
    other = simulate(whole, members=300, seed=1, as_of=day(2))
    for name, value in arrays(one).items():
        assert np.array_equal(value, arrays(two)[name], equal_nan=True), name
    assert not np.array_equal(one.people, other.people)


def test_an_itinerary_replaces_the_choice(tmp_path):
    """Told to be in Birch on day 3 and to stay three nights, the group is there, in every member."""
    file = tmp_path / "plan.csv"
    file.write_text("place,date,nights\nbirch,2030-03-04,3\n", encoding="utf-8")
    whole = scenario(reports=KNOWN[:1])
    stops = (Stop("main", "birch", ("planner",), day(3), 3),)
    for itinerary in (file, str(file), stops):
        run = simulate(whole, members=20, as_of=day(2), itinerary=itinerary)
        assert (run.main_place[:, 2, 0] == run.place_index("birch")).mean() > 0.9


def test_a_bad_itinerary_is_refused(tmp_path):
    file = tmp_path / "plan.csv"
    file.write_text("place,date\nbrich,2030-03-04\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match="birch"):
        simulate(scenario(reports=KNOWN), members=2, itinerary=file)


def test_progress_counts_the_members():
    told = []
    simulate(scenario(), members=300, as_of="start", progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (300, 300)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


@pytest.mark.parametrize("as_of", ["2030-13-01", "tomorrow", "", "2030-02-28", "2030-03-11", dt.date(2031, 1, 1)])
def test_a_bad_date_names_the_days_of_the_journey(as_of):
    with pytest.raises(InvalidValueError, match="a day from 2030-03-01 to 2030-03-10, or 'start'"):
        as_of_date(scenario(), as_of)


@pytest.mark.parametrize("asked", [{"members": 0}, {"members": -5}, {"seed": -1}, {"workers": 0}])
def test_bad_numbers_are_refused(asked):
    (name,) = asked
    with pytest.raises(InvalidValueError, match=name):
        simulate(scenario(), **{"members": 2, "as_of": "start", **asked})


def test_a_group_that_departed_unseen_stops_the_run():
    with pytest.raises(InvalidValueError, match="no report published by 2030-03-03 says where it is"):
        simulate(scenario(groups=(group(),)), members=2, as_of=day(2))


def test_there_is_a_processor():
    assert usable_processors() >= 1

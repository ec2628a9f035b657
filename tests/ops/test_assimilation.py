"""Learning from the reports of the bundled journey: same luck on any number of threads, and nothing from later."""

import dataclasses
import datetime as dt

import numpy as np
import pytest

from posada.engine.cursor import Cursor
from posada.forecast.vintage import as_known
from posada.io.folder import read_scenario
from posada.model.errors import InvalidValueError
from posada.ops.assimilation import learn
from posada.ops.hearing import hear, without_repeats

DATE = dt.date(2018, 4, 3)
MEMBERS = 300


@pytest.fixture(scope="module")
def scenario():
    return read_scenario("caravan-2018")


@pytest.fixture(scope="module")
def learned(scenario):
    return learn(scenario, DATE, MEMBERS, 3, workers=2)


def report(scenario, name):
    return next(row for row in scenario.reports if row.id == name)


def planted(scenario, *rows):
    return scenario.replace(reports=(*scenario.reports, *rows))


def test_reports_bring_the_group_where_it_was_seen(learned):
    """Reports of 2 April put it in Matias Romero; without any, few members are within a day's way of it."""
    (main,) = (row for row in learned.run.start.groups if row.group == "viacrucis")
    assert main.place in ("matias_romero", "donaji", "nuevo_ubero")
    assert 600 < main.people.low <= main.people.likely <= main.people.high < 1600
    assert learned.learning.effective <= MEMBERS
    assert all(0 <= row.believed <= 1 for row in learned.learning.effects)


def test_what_was_returned_before_is_counted(learned):
    returned = learned.run.entries[:, 0, learned.run.status_ids.index("returned")]
    assert 250 < np.median(returned) < 700


def test_every_report_known_is_accounted_for_once(scenario, learned):
    known = [row.id for row in as_known(scenario, DATE).scenario.reports]
    effects = learned.learning.effects
    assert sorted(row.report for row in effects) == sorted(known)
    uses = {row.report: row.use for row in effects}
    assert uses["spr18-039"] == "heard"
    assert set(uses.values()) >= {"heard", "no_group", "not_in_model"}
    for row in effects:
        assert (row.surprise is not None) == row.is_heard
        assert (row.people_moved is not None) == row.is_heard


def test_a_report_that_gives_a_place_and_a_number_is_one_row_with_what_both_did(learned):
    rows = {row.report: row for row in learned.learning.heard}
    both, place_only = rows["spr18-039"], rows["spr18-044"]
    assert both.believed_place is not None
    assert both.believed_figure is not None
    assert place_only.believed_figure is None
    assert both.believed == min(both.believed_place, both.believed_figure)
    total = sum(row.surprise for row in learned.learning.heard)
    assert total == pytest.approx(-learned.learning.log_evidence)
    moved = [abs(row.people_moved) for row in learned.learning.strongest]
    assert moved == sorted(moved, reverse=True)


def test_threads_change_nothing(scenario, learned):
    other = learn(scenario, DATE, MEMBERS, 3, workers=1)
    np.testing.assert_array_equal(other.run.people, learned.run.people)
    assert other.learning == learned.learning


def test_what_was_published_later_changes_nothing(scenario, learned):
    """Also about an earlier day, and the scenario of the run is the same, so that its hash is."""
    late = dataclasses.replace(report(scenario, "spr18-038"), id="late", published=dt.date(2018, 4, 4), value=9000.0)
    other = learn(planted(scenario, late), DATE, MEMBERS, 3, workers=2)
    np.testing.assert_array_equal(other.run.people, learned.run.people)
    assert other.run.scenario.hash == learned.run.scenario.hash
    assert other.learning == learned.learning


def test_a_late_report_changes_later_vintages(scenario, learned):
    """The same row, published in time, is heard: the test above can fail."""
    early = dataclasses.replace(report(scenario, "spr18-038"), id="early", value=9000.0)
    other = learn(planted(scenario, early), DATE, MEMBERS, 3, workers=2)
    assert (other.run.people != learned.run.people).any()


@pytest.mark.parametrize("name", ["spr18-039b", "a-first"])
def test_a_repeated_report_counts_once_under_whatever_name(scenario, learned, name):
    again = dataclasses.replace(report(scenario, "spr18-039"), id=name)
    other = learn(planted(scenario, again), DATE, MEMBERS, 3, workers=2)
    np.testing.assert_array_equal(other.run.people, learned.run.people)
    assert other.run.scenario.hash == learned.run.scenario.hash
    *same, repeat = other.learning.effects
    assert tuple(same) == learned.learning.effects
    assert (repeat.report, repeat.use) == (name, "repeated")


def test_the_report_that_was_published_first_is_the_one_that_stays(scenario):
    first = report(scenario, "spr18-039")
    later = dataclasses.replace(first, id="a-first", published=first.published + dt.timedelta(days=1))
    _, repeats = without_repeats(scenario.replace(reports=(later, *scenario.reports)))
    assert [row.id for row in repeats] == ["a-first"]
    another = dataclasses.replace(first, id="another", value=(first.value or 0) + 1)
    assert without_repeats(planted(scenario, another))[1] == ()


def test_reports_of_one_class_about_one_number_count_less_than_as_many(scenario):
    known = as_known(scenario, DATE).scenario
    heard = hear(known, Cursor(known, 1, 0), DATE).by_day
    rows = [row for row in heard[dt.date(2018, 4, 2)] if row.counted and "main body" in row.counted.name]
    reporters = [row for row in rows if row.report.speaker_role == "reporter"]
    assert len(reporters) == 4
    assert [row.weight for row in reporters] == pytest.approx([1 / 3.1] * 4)  # 1 / (1 + 0.7 * 3)


def ahead(scenario, name, place, value, **other):
    """Return a report that so many people of the main group are ahead of it in a place."""
    cells = {"value_low": None, "value": value, "value_high": None} | other
    return dataclasses.replace(report(scenario, "spr18-039"), id=name, place=place, ahead=True, kind="arrival", **cells)


@pytest.fixture(scope="module")
def with_some_ahead(scenario):
    """Two reports of one town, read together as 240 to 330 people, and one of a border city without a number."""
    rows = (
        ahead(scenario, "x1", "puebla", 300.0),
        ahead(scenario, "x2", "puebla", 240.0, value_low=240.0),
        ahead(scenario, "x3", "ciudad_juarez", None, unit="none"),
    )
    return learn(planted(scenario, *rows), DATE, 1000, 3, workers=2)  # of fewer, luck may keep a group that is gone


def test_people_told_of_ahead_are_there_and_their_group_is_not(learned, with_some_ahead):
    """The reports are of 2 April: by the night after it some went on, and others go on later."""
    puebla = learned.run.place_index("puebla")
    group = learned.run.group_ids.index("viacrucis")
    assert (learned.run.people[:, 0, puebla] < 50).all()
    rows = {row.report: row for row in with_some_ahead.learning.effects}
    assert [rows[name].use for name in ("x1", "x2", "x3")] == ["ahead"] * 3
    assert rows["x1"].moved_place in ("puebla", "matias_romero", "donaji")
    assert 200 < abs(rows["x1"].people_moved) < 330
    assert rows["x2"].people_moved == 0.0  # the first of the two has what both say
    assert rows["x1"].surprise is None
    assert rows["x1"].believed == 1.0
    there = with_some_ahead.run.main_place[:, 0, group] == puebla
    assert there.mean() < 0.05
    (main,) = (row for row in with_some_ahead.run.start.groups if row.group == "viacrucis")
    assert main.place in ("matias_romero", "donaji", "nuevo_ubero")


def test_a_group_follows_those_ahead_of_it(learned, with_some_ahead):
    """Before, one in ten made for Juárez; the way there by Puebla is no detour, and others go elsewhere."""
    juarez = learned.run.place_index("ciudad_juarez")
    group = learned.run.group_ids.index("viacrucis")
    comes = [(run.main_place[:, :, group] == juarez).any(axis=1) for run in (learned.run, with_some_ahead.run)]
    assert comes[0].mean() < 0.12 < 0.18 < comes[1].mean()


@pytest.mark.parametrize("other", [{"place": None}, {"kind": "departure"}])
def test_people_ahead_of_whom_nobody_says_where_they_are_change_nothing(scenario, learned, other):
    row = dataclasses.replace(ahead(scenario, "x1", "puebla", 300.0), **other)
    found = learn(planted(scenario, row), DATE, MEMBERS, 3, workers=2)
    np.testing.assert_array_equal(found.run.people, learned.run.people)
    assert {row.report: row.use for row in found.learning.effects}["x1"] == "not_in_model"


def test_a_date_outside_the_journey_is_refused(scenario):
    with pytest.raises(InvalidValueError, match="outside the journey"):
        learn(scenario, dt.date(2018, 3, 24), 10, 1, workers=1)

"""Learning from the reports of the bundled journey: same luck on any number of threads, and nothing from later."""

import dataclasses
import datetime as dt

import numpy as np
import pytest

from posada.engine.cursor import Cursor
from posada.forecast.vintage import as_known
from posada.io.folder import read_scenario
from posada.ops.assimilation import hear, learn

DATE = dt.date(2018, 4, 3)
MEMBERS = 300


@pytest.fixture(scope="module")
def scenario():
    return read_scenario("caravan-2018")


@pytest.fixture(scope="module")
def learned(scenario):
    return learn(as_known(scenario, DATE).scenario, DATE, MEMBERS, 3, workers=2)


def test_reports_bring_the_group_where_it_was_seen(learned):
    """Reports of 2 April put it in Matias Romero; without any, few members are within a day's way of it."""
    (main,) = (row for row in learned.run.start.groups if row.group == "viacrucis")
    assert main.place in ("matias_romero", "donaji", "nuevo_ubero")
    assert 600 < main.people.low <= main.people.likely <= main.people.high < 1600
    assert learned.effective > MEMBERS / 4
    assert all(0 <= row.believed <= 1 for row in learned.effects)


def test_what_was_returned_before_is_counted(learned):
    returned = learned.run.entries[:, 0, learned.run.status_ids.index("returned")]
    assert 250 < np.median(returned) < 700


def test_threads_change_nothing(scenario, learned):
    other = learn(as_known(scenario, DATE).scenario, DATE, MEMBERS, 3, workers=1)
    np.testing.assert_array_equal(other.run.people, learned.run.people)
    assert other.effects == learned.effects


def test_what_was_published_later_changes_nothing_and_a_repeated_report_counts_once(scenario, learned):
    late = dataclasses.replace(
        next(row for row in scenario.reports if row.id == "spr18-038"),
        id="late",
        published=dt.date(2018, 4, 4),
        value=9000.0,
    )
    again = dataclasses.replace(next(row for row in scenario.reports if row.id == "spr18-039"), id="spr18-039b")
    planted = scenario.replace(reports=(*scenario.reports, late, again))
    other = learn(as_known(planted, DATE).scenario, DATE, MEMBERS, 3, workers=2)
    np.testing.assert_array_equal(other.run.people, learned.run.people)
    assert {*other.unused} - {*learned.unused} == {"spr18-039b"}


def test_reports_of_one_class_about_one_number_count_less_than_as_many(scenario):
    known = as_known(scenario, DATE).scenario
    heard, _ = hear(known, Cursor(known, 1, 0), DATE)
    rows = [row for row in heard[dt.date(2018, 4, 2)] if row.counted and "main body" in row.counted.name]
    reporters = [row for row in rows if row.report.speaker_role == "reporter"]
    assert len(reporters) == 4
    assert [row.weight for row in reporters] == pytest.approx([1 / 3.1] * 4)  # 1 / (1 + 0.7 * 3)

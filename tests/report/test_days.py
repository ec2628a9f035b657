"""Days, hours and the validity of an issue, in both languages."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posada.model.errors import UnknownNameError
from posada.report.days import (
    Issue,
    day_range,
    full_day,
    hour_window,
    message_day,
    moment_text,
    named_day,
    relative_day,
)
from tests.report.made_up import STAMP, outlook, with_stamp

THURSDAY = dt.date(2018, 4, 5)


@pytest.mark.parametrize(
    ("language", "named", "full", "short"),
    [("es", "jue 5 abr", "5 abr 2018", "05/04"), ("en", "Thu 5 Apr", "5 Apr 2018", "5 Apr")],
)
def test_days_by_hand(language, named, full, short):
    assert named_day(THURSDAY, language) == named
    assert full_day(THURSDAY, language) == full
    assert message_day(THURSDAY, language) == short


@given(st.dates())
def test_weekday_and_month_follow_the_calendar(day):
    """English names agree with those that Python makes itself in the C locale."""
    assert named_day(day, "en") == f"{day:%a} {day.day} {day:%b}"


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (dt.date(2018, 4, 4), dt.date(2018, 4, 7), "4–7 abr"),
        (dt.date(2018, 3, 30), dt.date(2018, 4, 2), "30 mar – 2 abr"),
        (THURSDAY, THURSDAY, "5 abr"),
        (dt.date(2018, 4, 4), dt.date(2019, 4, 7), "4 abr – 7 abr"),
    ],
)
def test_day_range_by_hand(first, last, text):
    assert day_range(first, last, "es") == text


@pytest.mark.parametrize(
    ("hours", "es", "en"),
    [
        ((10.2, 16.8), "10–17 h", "10:00–17:00"),
        ((12, 12), "12–13 h", "12:00–13:00"),
        ((23.5, 26), "23–24 h", "23:00–24:00"),
    ],
)
def test_hour_window_is_widened_to_whole_hours(hours, es, en):
    assert hour_window(hours, "es") == es
    assert hour_window(hours, "en") == en


def test_relative_days():
    assert relative_day(THURSDAY, THURSDAY, "es") == "hoy"
    assert relative_day(THURSDAY, THURSDAY - dt.timedelta(days=1), "es") == "mañana"
    assert relative_day(THURSDAY, THURSDAY - dt.timedelta(days=2), "en") == "Thu 5 Apr"
    assert relative_day(THURSDAY, THURSDAY + dt.timedelta(days=1), "en") == "Thu 5 Apr"


def test_unknown_language_is_named():
    with pytest.raises(UnknownNameError, match="'fr'"):
        named_day(THURSDAY, "fr")


def test_a_live_forecast_stands_twelve_hours_from_its_making():
    issue = Issue.of(STAMP)
    assert not issue.exercise
    assert moment_text(issue.issued_at, "es") == "3 abr 2018, 18:00 UTC"
    assert moment_text(issue.expires_at, "es") == "4 abr 2018, 06:00 UTC"


def test_a_forecast_of_the_past_is_an_exercise():
    """Made in 2026 as of 3 April 2018: it speaks from the close of that day, and says that it is no news."""
    late = with_stamp(outlook(1, 20, 10), made_at=dt.datetime(2026, 11, 24, 3, 0, tzinfo=dt.UTC))
    issue = Issue.of(late.stamp)
    assert issue.exercise
    assert moment_text(issue.issued_at, "en") == "3 Apr 2018, 24:00 UTC"
    assert moment_text(issue.expires_at, "en") == "4 Apr 2018, 12:00 UTC"


def test_a_run_from_the_first_day_is_an_exercise_of_that_day():
    """Without an as-of day it rests on no report; 'tonight' is the first night, whenever it was made."""
    stamp = with_stamp(outlook(1, 20, 10), as_of=None).stamp
    issue = Issue.of(stamp, dt.date(2030, 5, 1))
    assert issue.day == dt.date(2030, 5, 1)
    assert issue.exercise
    assert issue.from_start
    assert issue.issued_at == stamp.made_at

"""The state publicly known at an as-of date, from the reports that had been published by then.

Limits, on purpose simple in this version: a group is put in one place, the last that a report names; people
with permits who are still with their group are counted in it, without their papers; and a group that has not
been seen for days is still put where it was seen last, so whoever shows the state must show that day too.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from posada.forecast.readings import Reading, combine, read_figure
from posada.model.errors import InvalidValueError
from posada.model.journeys import Group
from posada.model.scenario import Scenario
from posada.model.start import GroupStart, Range, StartingState, StatusStart
from posada.model.statements import PLACING_KINDS, Report

WINDOW_DAYS = 3
"""How many days back counts of people still describe a group."""

_NIGHT_KINDS = ("arrival", "lodging")

COUNTING_KINDS = ("headcount", "arrival", "lodging", "departure")
"""Kinds of reports whose people are the people of the group."""

STATUS_OF_KIND = {
    "repatriated": "returned",
    "stayed": "stayed",
    "asylum_processed": "processed",
    "irregular_crossing": "crossed",
}
"""The final status that a kind of report counts people in."""

_PEOPLE, _IN_ALL = "people", "people_cumulative"


def known_state(scenario: Scenario, as_of: dt.date) -> StartingState:
    """Return where the groups are, their numbers, and who had left or had papers, as known on a date.

    Only reports published on or before ``as_of`` about days up to it are looked at. A group is where the report
    about the latest day puts it. Of several about that day, one that tells where people arrived or slept outranks
    a count, which may have been taken in the morning; then the one published last, then the most reliable. Its
    size is read from the counts of people of the last :data:`WINDOW_DAYS` days (see
    :mod:`posada.forecast.readings`); without any, from the last day with one; without one at all, it is the
    size of the group in the scenario. A group that departs on ``as_of`` itself and is in no report enters at
    its origin, and one that departs later is not listed.

    Raises
    ------
    InvalidValueError
        When the date is outside the journey, no report places a group that has departed, or reports count
        people in a final status that the scenario does not have.
    """
    settings = scenario.settings
    if not settings.start <= as_of <= settings.end:
        raise InvalidValueError(
            f"the as-of date {as_of} is outside the journey. Name a day from {settings.start} to {settings.end}."
        )
    known = [row for row in scenario.reports if row.published <= as_of and row.event_date <= as_of]
    weigh = _weigher(scenario)
    groups = [_group_start(row, known, as_of, weigh) for row in scenario.groups if row.departs <= as_of]
    return StartingState(as_of, tuple(row for row in groups if row is not None), _statuses(scenario, known, weigh))


def last_seen(scenario: Scenario, row: GroupStart) -> dt.date | None:
    """Return the day on which a report puts a group where the state has it."""
    placing = {report.id: report.event_date for report in scenario.reports if report.id in row.report_ids[:1]}
    return next(iter(placing.values()), None)


def _weigher(scenario: Scenario) -> Callable[[Report], float]:
    reliability = {row.id: row.reliability for row in scenario.sources}
    return lambda report: max((reliability[source] for source in report.source), default=0.0)


def _group_start(
    group: Group, known: list[Report], as_of: dt.date, weigh: Callable[[Report], float]
) -> GroupStart | None:
    own = [row for row in known if row.group == group.id and row.event_date >= group.departs and not row.ahead]
    placing = [row for row in own if row.kind in PLACING_KINDS and row.place is not None]
    if not placing:
        if group.departs == as_of:
            return None
        raise InvalidValueError(
            f"group '{group.id}' departed on {group.departs}, but no report published by {as_of} says where it is. "
            f"Add a report of kind {', '.join(PLACING_KINDS)} with its group and place, choose another as-of date, "
            "or run from the first day."
        )
    last = max(
        placing,
        key=lambda row: (row.event_date, row.kind in _NIGHT_KINDS, row.published, weigh(row), row.id),
    )
    counts = [row for row in own if row.kind in COUNTING_KINDS and row.unit == _PEOPLE]
    read = _readings(_of_the_last_days(counts, as_of), weigh)
    size = combine(reading for _, reading in read)
    people = size or Range(group.size_low, group.size_likely, group.size_high)
    assert last.place is not None
    ids = dict.fromkeys((last.id, *(report.id for report, _ in read)))
    return GroupStart(group.id, last.place, people, tuple(ids))


def _readings(reports: Iterable[Report], weigh: Callable[[Report], float]) -> list[tuple[Report, Reading]]:
    pairs = ((report, read_figure(report, weigh(report))) for report in reports)
    return [(report, reading) for report, reading in pairs if reading is not None]


def _of_the_last_days(reports: list[Report], as_of: dt.date) -> list[Report]:
    """Return the reports about the last days up to a date; when there are none, up to the last day with any."""
    stated = [row for row in reports if _has_figure(row)]
    if not stated:
        return []
    window = dt.timedelta(days=WINDOW_DAYS)
    latest = max(row.event_date for row in stated)
    end = as_of if latest >= as_of - window else latest
    return [row for row in stated if row.event_date >= end - window]


def _has_figure(report: Report) -> bool:
    return any(figure is not None for figure in (report.value_low, report.value, report.value_high))


def _statuses(scenario: Scenario, known: list[Report], weigh: Callable[[Report], float]) -> tuple[StatusStart, ...]:
    """Return the people in final statuses and with permits: of each kind and group, added up over groups.

    Only reports that name a group count: others speak of people on the road in general.
    """
    counted = {row.id for row in scenario.statuses if row.role == "final"} | {*_permits(scenario).values()}
    found = []
    for kind, status in (STATUS_OF_KIND | _permits(scenario)).items():
        parts = []
        for group in scenario.groups:
            own = [row for row in known if row.kind == kind and row.group == group.id and _has_figure(row)]
            parts += _in_all(own, weigh) or _day_by_day(own, weigh)
        if not parts:
            continue
        if status not in counted:
            raise InvalidValueError(
                f"report '{parts[0][1][0]}' counts people of kind '{kind}', but the scenario has no final status "
                f"'{status}' to count them in. Add it to the table of statuses, or leave the group of the report empty."
            )
        ids = dict.fromkeys(id_ for _, reports in parts for id_ in reports)
        ends = [Range(0, 0, 0), *(people for people, _ in parts)]
        total = Range(sum(row.low for row in ends), sum(row.likely for row in ends), sum(row.high for row in ends))
        found.append(StatusStart(status, total, tuple(ids)))
    return tuple(found)


def _permits(scenario: Scenario) -> dict[str, str]:
    """Return the status that reports of permits count people in: the first that lets people travel on alone."""
    permitted = [row.id for row in scenario.statuses if row.role == "permitted"]
    return {"permits_issued": permitted[0]} if permitted else {}


_Part = tuple[Range, tuple[str, ...]]


def _in_all(reports: list[Report], weigh: Callable[[Report], float]) -> list[_Part]:
    """Return the running total of a group, from what was said about the last days with a total."""
    totals = [row for row in reports if row.unit == _IN_ALL]
    if not totals:
        return []
    latest = max(row.event_date for row in totals)
    return _combined(_of_the_last_days(totals, latest), weigh)


def _day_by_day(reports: list[Report], weigh: Callable[[Report], float]) -> list[_Part]:
    """Return the people of each day on which some were reported, where nobody gave a total."""
    daily = [row for row in reports if row.unit == _PEOPLE]
    days = sorted({row.event_date for row in daily})
    return [part for day in days for part in _combined([row for row in daily if row.event_date == day], weigh)]


def _combined(reports: list[Report], weigh: Callable[[Report], float]) -> list[_Part]:
    read = _readings(reports, weigh)
    people = combine(reading for _, reading in read)
    return [] if people is None else [(people, tuple(report.id for report, _ in read))]

"""Learning from reports: the members of a journey, moved day by day and held against what was said of each day."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posada.engine.cursor import Cursor
from posada.engine.draws import DECISION, entity_key
from posada.engine.luck import named_uniforms
from posada.forecast.filter import Assimilated, Filter, Likelihood, Step
from posada.forecast.observe import (
    ALIKE,
    Counted,
    counted,
    speaker_class,
    unseen_finals,
    unseen_joiners,
    weigh_count,
    weigh_place,
    weigh_with_more,
)
from posada.forecast.start import COUNTING_KINDS, PLACING_KINDS
from posada.model.run import Run
from posada.model.scenario import Scenario
from posada.model.start import GroupStart, Range, StartingState
from posada.model.statements import Report

Floats = NDArray[np.float64]

PLACING = (*PLACING_KINDS, "departure")

MOST_AHEAD = 4000
"""Members that are run ahead from the as-of date, evenly spaced among those of the filter."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a report did: its surprise, whether it was believed, and what it moved most.

    Attributes
    ----------
    surprise : float
        Minus the logarithm to base 10 of its mean likelihood, over members as they were before it.
    believed : float
        Chance that it is no mistake.
    place : str or None
        The place whose people of that night it moved most.
    people : float
        By how many.
    """

    report: Report
    surprise: float
    believed: float
    place: str | None
    people: float
    group_people: float


@dataclass(frozen=True, slots=True)
class Learned:
    """What came of the reports of a journey: the run ahead, and what each report did to it.

    Attributes
    ----------
    run : Run
        From the night of the as-of date, of members with equal weights.
    effects : tuple of Effect
        In the order in which the reports were heard.
    unused : tuple of str
        Identifiers of reports known by the date that say nothing the model has, or the same as another.
    effective : float
        Least effective number of members at the end of a day.
    log_evidence : float
        Logarithm of the evidence of all reports.
    """

    run: Run
    effects: tuple[Effect, ...]
    unused: tuple[str, ...]
    effective: float
    log_evidence: float


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing that one report says, held against the members of a cursor; a report may say two.

    ``weight`` is how many independent reports it counts for, see :data:`posada.forecast.observe.ALIKE`. The ``first``
    figure of something may count people whom the model has not.
    """

    report: Report
    cursor: Cursor
    counted: Counted | None
    weight: float
    first: bool

    @property
    def id(self) -> str:
        """Identifier of the report."""
        return self.report.id

    def weigh(self) -> Likelihood:
        """Hold it against the members as they are now."""
        night = self.cursor.night()
        if self.counted is None:
            places = {row.id: row for row in self.cursor.course.given.places}
            assert self.report.place is not None
            found = weigh_place(self.report, places[self.report.place], night, self.cursor.course.given.places)
        else:
            ratio = self.cursor.rate(f"count_ratio_{speaker_class(self.report)}")
            people = self.counted.people(night)
            if self.first:
                return self._weigh_with_unseen(people, ratio)
            found = weigh_count(self.report, people, ratio)
        return Likelihood(self.weight * found.log, found.believed)

    def _weigh_with_unseen(self, people: Floats, ratio: Floats) -> Likelihood:
        assert self.counted is not None
        assert self.report.group is not None
        cursor, final = self.cursor, self.counted.final_status
        keys = np.array([entity_key(self.report.id)], np.int64)
        u = named_uniforms(cursor.course.seed, 0, cursor.members, DECISION.unseen, keys)[:, 0]
        more = unseen_finals(cursor.members) if final is not None else unseen_joiners(people)
        found, unseen = weigh_with_more(self.report, people, ratio, more, u)
        if final is not None:
            cursor.add_to_final(final, unseen)
        else:
            cursor.add_to_group(self.report.group, unseen)
        return found


def learn(
    scenario: Scenario,
    as_of: dt.date,
    members: int,
    seed: int,
    *,
    workers: int,
    progress: Callable[[int, int], None] | None = None,
) -> Learned:
    """Run a journey from its first day to the as-of date, learning from every report, and then ahead.

    Parameters
    ----------
    scenario : Scenario
        As it was known on the date: see :func:`posada.forecast.vintage.as_known`.
    progress : callable or None
        Called with days done and days in all.
    """
    cursor = Cursor(scenario, members, seed, workers=workers, is_wider=True)
    days = (as_of - scenario.settings.start).days + 1
    heard, unused = hear(scenario, cursor, as_of)
    filtered = Filter(
        cursor,
        lambda day: heard.get(scenario.settings.start + dt.timedelta(days=day), ()),
        days=days,
        seed=seed,
        watch=lambda: _watched(cursor),
        guide=_Guide(cursor, heard),
    )
    steps: list[Step] = []
    for step in filtered:
        steps.append(step)
        if progress:
            progress(len(steps), days + 1)
    start = _believed_start(scenario, cursor, filtered.weights, [row.id for step in steps for row in step.assimilated])
    filtered.choose()
    run = cursor.run_on(min(members, MOST_AHEAD), start)
    if progress:
        progress(days + 1, days + 1)
    reports = {row.id: row for row in scenario.reports}
    places = tuple(row.id for row in cursor.course.ordered.places)
    return Learned(
        run,
        _effects([row for step in steps for row in step.assimilated], reports, places),
        unused,
        min(step.effective for step in steps),
        sum(step.log_evidence for step in steps),
    )


class _Guide:
    """Tries, on a night with reports of where a group is, whether its main body is there."""

    def __init__(self, cursor: Cursor, heard: Mapping[dt.date, Sequence[Heard]]) -> None:
        self._cursor, self._heard = cursor, heard
        self._last: dict[str, dt.date] = {row.id: row.departs for row in cursor.course.ordered.groups}

    def __call__(self) -> Floats:
        date = self._cursor.date
        told: dict[str, dict[str, None]] = {}
        for row in self._heard.get(date, ()):
            report = row.report
            if row.counted is None and report.kind in PLACING_KINDS and report.group and report.place:
                told.setdefault(report.group, {})[report.place] = None
        log = np.zeros(self._cursor.members)
        for group, places in sorted(told.items()):
            log += self._cursor.relocate(group, tuple(places), max((date - self._last[group]).days, 1))
            self._last[group] = date
        return log


def hear(scenario: Scenario, cursor: Cursor, as_of: dt.date) -> tuple[dict[dt.date, list[Heard]], tuple[str, ...]]:
    """Return what the reports say of each day, and the identifiers of those that say nothing.

    A report that repeats another in everything but its identifier and its day of publication is heard once.
    """
    groups = {row.id: row for row in cursor.course.ordered.groups}
    roles = {row.id: row.role for row in scenario.statuses}
    said: list[tuple[Report, Counted | None]] = []
    unused, seen = [], set()
    for report in sorted(scenario.reports, key=lambda row: (row.event_date, row.published, row.id)):
        content = _content(report)
        own: list[tuple[Report, Counted | None]] = []
        on_the_way = report.group in groups and groups[report.group].departs <= report.event_date <= as_of
        if content not in seen and on_the_way:
            if report.kind in PLACING and report.place is not None:
                own.append((report, None))
            if (figure := counted(report, groups, roles)) is not None:
                own.append((report, figure))
        seen.add(content)
        said += own
        if not own:
            unused.append(report.id)
    alike = Counter(_alike(report, figure) for report, figure in said)
    heard: dict[dt.date, list[Heard]] = {}
    begun: set[object] = set()
    for report, figure in said:
        begins = None if figure is None else _begins(report, figure)
        first = begins is not None and begins not in begun
        begun.add(begins)
        weight = 1 / (1 + ALIKE * (alike[_alike(report, figure)] - 1))
        heard.setdefault(report.event_date, []).append(Heard(report, cursor, figure, weight, first))
    return heard, tuple(unused)


def _begins(report: Report, figure: Counted) -> object:
    """Return what a figure may be the first of: the totals of a status, or the counts of a group on a night."""
    if figure.final_status is not None:
        return figure.final_status
    return (report.group, report.event_date) if figure.of_group else None


def _content(report: Report) -> tuple[object, ...]:
    figures = report.value_low, report.value, report.value_high
    said = report.kind, report.unit, report.place, report.group, report.event_date, *figures
    return (*said, report.speaker_role, report.on_record, report.source)


def _alike(report: Report, figure: Counted | None) -> tuple[object, ...]:
    """Return what reports have in common that may rest on one person's words."""
    about = report.place if figure is None else figure.name
    speaker = "anybody" if figure is None else speaker_class(report)
    return report.event_date, report.group, about, speaker, report.kind in COUNTING_KINDS


def _watched(cursor: Cursor) -> Floats:
    """Return the people of each place tonight, and of all groups together, ``(members, places + 1)``."""
    night = cursor.night()
    return np.column_stack([night.people, night.together]).astype(np.float64)


def _effects(done: Iterable[Assimilated], reports: dict[str, Report], places: tuple[str, ...]) -> tuple[Effect, ...]:
    found = []
    for row in done:
        moved = np.array(row.effect[:-1])
        most = int(np.argmax(np.abs(moved)))
        place = places[most] if moved[most] else None
        surprise = -row.log_evidence / np.log(10)
        found.append(Effect(reports[row.id], surprise, row.believed, place, float(moved[most]), row.effect[-1]))
    return tuple(found)


def _believed_start(scenario: Scenario, cursor: Cursor, weights: Floats, report_ids: list[str]) -> StartingState:
    """Return what is believed of the night: the likeliest place of each group, and ranges of its people."""
    night = cursor.night()
    groups = []
    for at, group in enumerate(night.group_ids):
        there = night.main_people[:, at] > 0
        if not (there @ weights > 0):
            continue
        away = [np.where(there, night.away_km(group, row.lat, row.lon), np.inf) for row in scenario.places]
        nearest = np.argmin(np.array(away), axis=0)
        chances = np.bincount(nearest[there], weights[there], minlength=len(scenario.places))
        place = scenario.places[int(np.argmax(chances))].id
        own = tuple(dict.fromkeys(id_ for id_ in report_ids if _is_of(scenario, id_, group)))
        groups.append(GroupStart(group, place, _range(night.main_people[there, at], weights[there]), own))
    return StartingState(night.date, tuple(groups))


def _is_of(scenario: Scenario, report_id: str, group: str) -> bool:
    return any(row.id == report_id and row.group == group for row in scenario.reports)


def _range(people: NDArray[np.int64], weights: Floats) -> Range:
    order = np.argsort(people)
    passed = np.cumsum(weights[order]) / weights.sum()
    at = np.minimum(np.searchsorted(passed, (0.1, 0.5, 0.9)), people.size - 1)
    low, likely, high = (float(number) for number in people[order[at]])
    return Range(low, likely, high)

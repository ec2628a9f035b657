"""What the reports of a journey say of each day, to be held against its members."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posada.engine.cursor import Cursor
from posada.engine.draws import DECISION, entity_key
from posada.engine.luck import Law, named_uniforms
from posada.forecast.filter import Likelihood
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
from posada.forecast.readings import combine, read_figure
from posada.forecast.start import COUNTING_KINDS
from posada.model.journeys import Group
from posada.model.scenario import Scenario
from posada.model.start import Range
from posada.model.statements import PLACING_KINDS, Report

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PLACING = (*PLACING_KINDS, "departure")
_OF_PEOPLE = ("people", "people_cumulative")

_PART_MEMBERS = 1024


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing that one report says, held against the members of a cursor; a report may say two.

    ``weight`` is how many independent reports it counts for, see :data:`posada.forecast.observe.ALIKE`. ``begins``
    names what its figure is the first of: the totals of a status, or the counts of a group on a night. Such a figure
    may count people whom the model has not.
    """

    report: Report
    cursor: Cursor
    counted: Counted | None
    weight: float
    begins: str | None

    @property
    def id(self) -> str:
        """Identifier of the report."""
        return self.report.id

    def weigh(self) -> Likelihood:
        """Hold it against the members as they are now."""
        night = self.cursor.night()
        if self.counted is None:
            places = self.cursor.course.given.places
            place = next(row for row in places if row.id == self.report.place)
            found = weigh_place(self.report, place, night, places)
        else:
            ratio = self.cursor.rate(f"count_ratio_{speaker_class(self.report)}")
            people = self.counted.people(night)
            if self.begins is not None:
                return self._weigh_with_unseen(people, ratio)
            found = weigh_count(self.report, people, ratio)
        return Likelihood(self.weight * found.log, found.believed)

    def _weigh_with_unseen(self, people: Floats, ratio: Floats) -> Likelihood:
        assert self.begins is not None
        assert self.counted is not None
        assert self.report.group is not None
        cursor, final = self.cursor, self.counted.final_status
        keys = np.array([entity_key(self.begins)], np.int64)
        u = named_uniforms(cursor.course.seed, 0, cursor.members, DECISION.unseen, keys)[:, 0]
        more = unseen_finals(cursor.members) if final is not None else unseen_joiners(people)
        found, unseen = self._weigh_in_parts(people, ratio, more, u)
        if final is not None:
            cursor.add_to_final(final, unseen)
        else:
            cursor.add_to_group(self.report.group, unseen)
        return found

    def _weigh_in_parts(
        self, people: Floats, ratio: Floats, more: tuple[Ints, Floats], u: Floats
    ) -> tuple[Likelihood, Ints]:
        """Weigh some members at a time on threads: each is held against dozens of numbers."""
        numbers, prior = more

        def weigh(begin: int) -> tuple[Likelihood, Ints]:
            rows = slice(begin, begin + _PART_MEMBERS)
            return weigh_with_more(self.report, people[rows], ratio[rows], (numbers[rows], prior), u[rows])

        with ThreadPoolExecutor(self.cursor.workers) as pool:
            parts = list(pool.map(weigh, range(0, people.size, _PART_MEMBERS)))
        found = Likelihood(
            *(np.concatenate([getattr(part, name) for part, _ in parts]) for name in ("log", "believed"))
        )
        return found, np.concatenate([unseen for _, unseen in parts])

    @property
    def said(self) -> tuple[object, ...]:
        """All that its effect depends on, beside the members."""
        return self.report, self.weight, self.begins


@dataclass(frozen=True, slots=True)
class SeenAhead:
    """That people of a group are in a place ahead of its main body: see :mod:`posada.engine.ahead`.

    Of several reports of a day that tell of one place the first has what all of them say together.

    Attributes
    ----------
    people : Range or None
        How many are there; ``None`` where nobody says, or another report has it.
    seen : tuple of str
        All places in which people ahead of the group were seen until then.
    is_new : bool
        Whether the place is the first time among them.
    """

    report: Report
    cursor: Cursor
    people: Range | None
    seen: tuple[str, ...]
    is_new: bool

    @property
    def id(self) -> str:
        """Identifier of the report."""
        return self.report.id

    def weigh(self) -> Likelihood:
        """Put the people there, and let the group make for where they are; all members are as likely as before."""
        cursor, report = self.cursor, self.report
        assert report.group is not None
        assert report.place is not None
        if self.people is not None:
            keys = np.array([entity_key(f"{report.group} {report.event_date} {report.place}")], np.int64)
            u = named_uniforms(cursor.course.seed, 0, cursor.members, DECISION.seen_ahead, keys)[:, 0]
            ends = self.people.low, self.people.likely, self.people.high
            people = Law("triangular", ends, 0.0, np.inf).quantile(u)
            cursor.put_ahead(report.group, report.place, np.rint(people).astype(np.int64))
        cursor.make_for(report.group, self.seen, anew=self.is_new)
        return Likelihood(np.zeros(cursor.members), np.ones(cursor.members))

    @property
    def said(self) -> tuple[object, ...]:
        """All that its effect depends on, beside the members."""
        return self.report, self.people, self.seen, self.is_new


@dataclass(frozen=True, slots=True)
class Hearing:
    """What is heard of each day, in order, and of the other reports why nothing is: see ``model.learning.USES``."""

    by_day: Mapping[dt.date, list[Heard | SeenAhead]]
    unheard: Mapping[str, str]


def without_repeats(scenario: Scenario) -> tuple[Scenario, tuple[Report, ...]]:
    """Return a scenario with each statement once, and the reports that only repeat another.

    A report repeats another that says the same in everything but its identifier, its words and its day of publication.
    The one that was published first stays; of one day, the one that stands first in the table.
    """
    first: dict[tuple[object, ...], Report] = {}
    for report in sorted(scenario.reports, key=lambda row: row.published):
        first.setdefault(_content(report), report)
    kept = {row.id for row in first.values()}
    repeats = tuple(row for row in scenario.reports if row.id not in kept)
    if not repeats:
        return scenario, ()
    return scenario.replace(reports=tuple(row for row in scenario.reports if row.id in kept)), repeats


def hear(scenario: Scenario, cursor: Cursor, as_of: dt.date) -> Hearing:
    """Return what the reports say of each day up to a date.

    Parameters
    ----------
    scenario : Scenario
        As it was known on the date, each statement once.
    """
    groups = {row.id: row for row in cursor.course.ordered.groups}
    roles = {row.id: row.role for row in scenario.statuses}
    said: list[tuple[Report, Counted | None]] = []
    ahead: list[Report] = []
    unheard: dict[str, str] = {}
    for report in sorted(scenario.reports, key=lambda row: (row.event_date, row.published, row.id)):
        if report.group is None or report.group not in groups:
            unheard[report.id] = "no_group"
        elif not max(groups[report.group].departs, scenario.settings.start) <= report.event_date <= as_of:
            unheard[report.id] = "other_days"
        elif report.ahead and report.kind in PLACING_KINDS and report.place is not None:
            ahead.append(report)
        elif not report.ahead and (own := _said_by(report, groups, roles)):
            said += own
        else:
            unheard[report.id] = "not_in_model"
    alike = Counter(_alike(report, figure) for report, figure in said)
    by_day: dict[dt.date, list[Heard | SeenAhead]] = {}
    begun: set[str | None] = set()
    for report, figure in said:
        weight = 1 / (1 + ALIKE * (alike[_alike(report, figure)] - 1))
        begins = None if figure is None else _begins(report, figure)
        first = None if begins in begun else begins
        begun.add(begins)
        by_day.setdefault(report.event_date, []).append(Heard(report, cursor, figure, weight, first))
    for seen in _seen_ahead(ahead, scenario, cursor):
        by_day.setdefault(seen.report.event_date, []).append(seen)
    return Hearing(by_day, unheard)


def _seen_ahead(reports: Sequence[Report], scenario: Scenario, cursor: Cursor) -> Iterator[SeenAhead]:
    """Return what reports of people ahead say, in their order, which is that of the days."""
    reliability = {row.id: row.reliability for row in scenario.sources}
    seen: dict[str | None, dict[str, None]] = {}
    told: set[tuple[object, ...]] = set()
    for report in reports:
        assert report.place is not None
        about = report.event_date, report.group, report.place
        places = seen.setdefault(report.group, {})
        is_new = report.place not in places
        places[report.place] = None
        people = None
        if about not in told:
            alike = [row for row in reports if (row.event_date, row.group, row.place) == about]
            weights = [max((reliability[source] for source in row.source), default=0.0) for row in alike]
            read = [read_figure(row, w) for row, w in zip(alike, weights, strict=True) if row.unit in _OF_PEOPLE]
            people = combine(reading for reading in read if reading is not None)
        told.add(about)
        yield SeenAhead(report, cursor, people, tuple(places), is_new)


def guide(cursor: Cursor, hearing: Hearing) -> Floats:
    """Try, in members whose main bodies are not where groups are said to be tonight, whether they are there after all.

    Returns
    -------
    (members,)
        Logarithms of weights: see :mod:`posada.engine.wider`.
    """
    log = np.zeros(cursor.members)
    departs = {row.id: row.departs for row in cursor.course.ordered.groups}
    for group, places in sorted(_told(hearing, cursor.date).items()):
        before = [date for date in hearing.by_day if date < cursor.date and group in _told(hearing, date)]
        last = max(before, default=departs[group])
        log += cursor.relocate(group, tuple(places), max((cursor.date - last).days, 1))
    return log


def _told(hearing: Hearing, date: dt.date) -> dict[str, dict[str, None]]:
    """Return the places in which each group is said to be on a night, in the order in which they are heard."""
    told: dict[str, dict[str, None]] = {}
    for heard in hearing.by_day.get(date, ()):
        report = heard.report
        if isinstance(heard, SeenAhead):
            continue
        if heard.counted is None and report.kind in PLACING_KINDS and report.group and report.place:
            told.setdefault(report.group, {})[report.place] = None
    return told


def _said_by(
    report: Report, groups: Mapping[str, Group], roles: Mapping[str, str]
) -> list[tuple[Report, Counted | None]]:
    """Return what a report says that the model has: where a group is, how many people there are."""
    own: list[tuple[Report, Counted | None]] = []
    if report.kind in PLACING and report.place is not None:
        own.append((report, None))
    if (figure := counted(report, groups, roles)) is not None:
        own.append((report, figure))
    return own


def _begins(report: Report, figure: Counted) -> str | None:
    if figure.final_status is not None:
        return figure.final_status
    return f"{report.group} {report.event_date}" if figure.of_group else None


def _content(report: Report) -> tuple[object, ...]:
    figures = report.value_low, report.value, report.value_high
    said = report.kind, report.unit, report.place, report.group, report.ahead, report.event_date, *figures
    return (*said, report.speaker_role, report.on_record, report.source, report.series)


def _alike(report: Report, figure: Counted | None) -> tuple[object, ...]:
    """Return what reports have in common that may rest on one person's words."""
    about = report.place if figure is None else figure.name
    speaker = "anybody" if figure is None else speaker_class(report)
    return report.event_date, report.group, about, speaker, report.kind in COUNTING_KINDS

"""Learning from reports: the members of a journey, moved day by day and held against what was said of each day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from posada.engine.cursor import Cursor
from posada.forecast.filter import Assimilated, Filter
from posada.forecast.vintage import as_known
from posada.io.night_store import open_night_store
from posada.model.great_circle import great_circle_km
from posada.model.learning import AHEAD, HEARD, Learning, ReportEffect
from posada.model.night import Night
from posada.model.run import Run
from posada.model.scenario import Scenario
from posada.model.start import GroupStart, Range, StartingState
from posada.model.statements import Report
from posada.ops.hearing import Heard, SeenAhead, guide, hear, without_repeats
from posada.ops.nights import Nights, Resumed
from posada.ops.simulation import as_of_date

Floats = NDArray[np.float64]

MOST_AHEAD = 1500
"""Members that are run ahead from the as-of date, drawn among those of the filter by their weights."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What came of the reports of a journey.

    Attributes
    ----------
    run : Run
        From the night of the as-of date, of members with equal weights. Its scenario is the one that was known on the
        date, with each statement once.
    learning : Learning
        What the reports did to it.
    resumed : Resumed or None
        From which kept night it went on; ``None`` when none were to be kept.
    """

    run: Run
    learning: Learning
    resumed: Resumed | None = None


def learn(
    scenario: Scenario,
    as_of: dt.date,
    members: int,
    seed: int,
    *,
    workers: int,
    store: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Learned:
    """Run a journey from its first day to the as-of date, learning from every report, and then ahead.

    Nothing that was published after the date is used: see :func:`posada.forecast.vintage.as_known`.

    Parameters
    ----------
    members, seed, workers : int
        As in :class:`posada.engine.cursor.Cursor`; :data:`MOST_AHEAD` of the members at most are run ahead.
    store : Path or None
        Folder that keeps the last nights. Where one is that nothing new was said of until then, members go on from it;
        the result is the same.
    progress : callable or None
        Called with days done and days in all.

    Raises
    ------
    InvalidValueError
        When a number is out of bounds, the date is not a day of the journey, or no group was known on it.
    OutputExistsError
        When something else stands where the store would be.
    """
    as_of_date(scenario, as_of)
    known, repeats = without_repeats(as_known(scenario, as_of).scenario)
    cursor = Cursor(known, members, seed, workers=workers, is_wider=True)
    hearing = hear(known, cursor, as_of)
    first = known.settings.start
    days = (as_of - first).days + 1
    nights = None if store is None else Nights(open_night_store(store), cursor, hearing, days)
    reached, steps = (nights.resume() if nights else None) or (None, [])
    resumed = first + dt.timedelta(days=len(steps) - 1) if steps else None
    watched = _Watched(cursor)
    filtered = Filter(
        cursor,
        lambda day: hearing.by_day.get(first + dt.timedelta(days=day), ()),
        days=days,
        seed=seed,
        watch=watched.look,
        guide=lambda: guide(cursor, hearing),
        reached=reached,
    )
    for step in filtered:
        steps.append(step)
        if nights and len(steps) < days:
            nights.keep(filtered, steps)
        if progress:
            progress(len(steps), days + 1)
    done = [row for step in steps for row in step.assimilated]
    start = _believed_start(known, cursor, filtered.weights, [row.id for row in done])
    with ThreadPoolExecutor(1) as beside:  # copies of the members go ahead, and the last night stays as it is
        keeping = beside.submit(nights.keep, filtered, steps) if nights else None
        run = cursor.run_on(filtered.chosen(min(members, MOST_AHEAD)), start)
        if keeping:
            keeping.result()
    if progress:
        progress(days + 1, days + 1)
    said = [row for day in sorted(hearing.by_day) for row in hearing.by_day[day]]
    unheard = [_unheard(row, hearing.unheard[row.id]) for row in known.reports if row.id in hearing.unheard]
    learning = Learning(
        effects=(
            *watched.effects(said, done, filtered.believed()),
            *unheard,
            *(_unheard(row, "repeated") for row in repeats),
        ),
        members=members,
        effective=min((row.effective for row in done), default=float(members)),
        log_evidence=float(sum(step.log_evidence for step in steps) / np.log(10)),
    )
    return Learned(run, learning, Resumed(resumed, nights.keep_only_last()) if nights else None)


class _Watched:
    """What is looked at to see what a report does: people of each place that may be named, and of all groups."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        places = cursor.course.ordered.places
        self._shown = [at for at, row in enumerate(places) if not row.sensitive]
        self._ids = [places[at].id for at in self._shown]
        self._seen: Night | None = None
        # Two in turn: what a report did is the difference between now and the look before it.
        self._people = np.empty((2, cursor.members, len(self._shown) + 1))

    def look(self) -> Floats:
        """Return people tonight, ``(members, places that may be named + 1)``; good for one look more."""
        night = self._cursor.night()
        if night is not self._seen:
            self._people = self._people[::-1]
            self._people[0, :, :-1] = night.people[:, self._shown]
            self._people[0, :, -1] = night.together
            self._seen = night
        people: Floats = self._people[0]
        return people

    def effects(
        self, said: Sequence[Heard | SeenAhead], done: Sequence[Assimilated], believed: Sequence[float]
    ) -> list[ReportEffect]:
        """Return what each report did, whose one or two statements were heard one after the other."""
        rows: dict[str, ReportEffect] = {}
        moved: dict[str, Floats] = {}
        for heard, row, chance in zip(said, done, believed, strict=True):
            report = heard.report
            moved[report.id] = moved.get(report.id, np.zeros(1)) + np.array(row.effect)
            if isinstance(heard, SeenAhead):
                rows[report.id] = _unheard(report, AHEAD)
                continue
            before = rows.get(report.id) or replace(_unheard(report, HEARD), surprise=0.0)
            surprise = (before.surprise or 0.0) - row.log_evidence / float(np.log(10))
            if heard.counted is None:
                rows[report.id] = replace(before, surprise=surprise, believed_place=chance)
            else:
                rows[report.id] = replace(before, surprise=surprise, believed_figure=chance)
        return [self._with_effect(row, moved[id_]) for id_, row in rows.items()]

    def _with_effect(self, row: ReportEffect, moved: Floats) -> ReportEffect:
        of_places = moved[:-1]
        most = int(np.argmax(np.abs(of_places))) if of_places.size else 0
        somewhere = bool(of_places.any())
        return replace(
            row,
            moved_place=self._ids[most] if somewhere else None,
            people_moved=float(of_places[most]) if somewhere else 0.0,
            group_people_moved=float(moved[-1]),
        )


def _unheard(report: Report, use: str) -> ReportEffect:
    return ReportEffect(
        report=report.id,
        kind=report.kind,
        event_date=report.event_date,
        published=report.published,
        speaker_role=report.speaker_role,
        on_record=report.on_record,
        use=use,
        group=report.group,
        place=report.place,
    )


def _believed_start(scenario: Scenario, cursor: Cursor, weights: Floats, report_ids: Iterable[str]) -> StartingState:
    """Return what is believed of the night: the likeliest place of each group, and ranges of its people."""
    night = cursor.night()
    towns = np.array([(row.lat, row.lon) for row in scenario.places]).T
    groups = []
    for at, group in enumerate(night.group_ids):
        there = night.main_people[:, at] > 0
        if not (there @ weights > 0):
            continue
        # Most members are in one of a few towns: what is nearest to a point is looked for once.
        points, which = np.unique(night.lat[there, at] + 1j * night.lon[there, at], return_inverse=True)
        away = great_circle_km(points.real[:, None], points.imag[:, None], *towns)
        nearest = np.argmin(np.nan_to_num(away, nan=np.inf), axis=1)[which]
        chances = np.bincount(nearest, weights[there], minlength=len(scenario.places))
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

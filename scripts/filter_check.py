"""Simulation-based calibration of the filter, which shows whether its ranges are as wide as they should be.

A journey is drawn from the model itself, and reports about it from the model of reports. The filter hears them, and
the truth is ranked among its members. If the filter is right, every rank is as likely as any other (S. Talts, M.
Betancourt, D. Simpson, A. Vehtari and A. Gelman, "Validating Bayesian inference algorithms with simulation-based
calibration", 2018, arXiv:1804.06788).

``python -m scripts.filter_page --keep`` does it for 100 journeys and stores what comes out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import chisquare, kstest

from posada.engine.cursor import Cursor
from posada.engine.draws import DECISION, entity_key
from posada.engine.luck import named_uniforms
from posada.forecast.observe import (
    MISTAKE,
    MISTAKE_UNNAMED,
    SPREAD,
    WILD,
    Counted,
    counted,
    speaker_class,
    unseen_finals,
    unseen_joiners,
    weigh_place,
)
from posada.io.folder import read_scenario
from posada.model.run import Run
from posada.model.scenario import Scenario
from posada.model.start import StartingState
from posada.model.statements import Report
from posada.ops.assimilation import learn

Floats = NDArray[np.float64]

SCENARIO, GROUP = "valley", "walkers"
LAST_HEARD = 7
"""Days from the first one on which reports are made; the forecast is as of the last of them."""

CELL = 1.15
"""A count is told as a range whose ends are this factor apart: what its likelihood takes it for, and no rounding."""

BINS = 10
RANKS = 100
"""Ranks are among so many possible places, 0 to 99."""


@dataclass(frozen=True, slots=True)
class Said:
    """A report that is made of every journey: on which day from 0, what, by whom, about a place or not."""

    day: int
    kind: str
    role: str
    unit: str = "people"
    names_place: bool = False
    on_record: bool = True
    figure: bool = True

    @property
    def id(self) -> str:
        """Identifier of the report."""
        return f"{self.kind}-{self.role.replace('_', '-')}-{self.day}"


SCHEDULE = (
    Said(0, "headcount", "municipality", names_place=True),
    Said(1, "arrival", "organiser", names_place=True),
    Said(2, "headcount", "anonymous_official", on_record=False),
    Said(2, "headcount", "reporter"),
    Said(2, "lodging", "church", "none", names_place=True, figure=False),
    Said(3, "headcount", "civil_protection", names_place=True),
    Said(3, "permits_issued", "migration_authority", "people_cumulative"),
    Said(4, "lodging", "church", "none", names_place=True, figure=False),
    Said(4, "repatriated", "federal_government", "people_cumulative"),
    Said(5, "lodging", "church", "none", names_place=True, figure=False),
    Said(6, "headcount", "municipality", names_place=True),
    Said(6, "repatriated", "federal_government", "people_cumulative"),
    Said(7, "headcount", "reporter", names_place=True),
    Said(7, "permits_issued", "migration_authority", "people_cumulative"),
)
"""A place is named each day, since the model of the filter moves groups otherwise on nights that are told of.

Within a day they are in the order in which they are heard, that of their identifiers.
"""


def _last_day(array: NDArray[np.int32]) -> Floats:
    return array[:, -1].astype(np.float64)


def _status(run: Run, status: str, day: int) -> Floats:
    return run.entries[:, day, run.status_ids.index(status)].astype(np.float64)


def _number(name: str, run: Run) -> Floats:
    return run.drawn[:, run.drawn_names.index(name)]


def _arrival(run: Run, place: str) -> Floats:
    there = run.main_place[:, :, run.group_ids.index(GROUP)] == run.place_index(place)
    return np.where(there.any(axis=1), there.argmax(axis=1), len(run.dates)).astype(float)


QUANTITIES: Mapping[str, Callable[[Run], Floats]] = {
    "people of the main body, last night": lambda run: run.main_people[:, 0, run.group_ids.index(GROUP)].astype(float),
    "people in groups, last night": lambda run: run.together[:, 0].astype(float),
    "people returned, last night": lambda run: _status(run, "returned", 0),
    "people with a permit, last night": lambda run: _status(run, "permit", 0),
    "people in Cedar, last night": lambda run: run.people[:, 0, run.place_index("cedar")].astype(float),
    "people in groups, last day": lambda run: _last_day(run.together),
    "people processed, last day": lambda run: _status(run, "processed", -1),
    "day of arrival in Fir": partial(_arrival, place="fir"),
    "what authorities count": partial(_number, "count_ratio_authority"),
    "what organisers count": partial(_number, "count_ratio_organiser"),
    "what reporters count": partial(_number, "count_ratio_reporter"),
    "kilometres on foot": partial(_number, "walk_km_per_day"),
}
"""What is ranked: of the members of a run that begins on the night of the last report."""


@dataclass(frozen=True, slots=True, eq=False)
class Journeys:
    """Journeys drawn from the model, the reports about each, and what became of them."""

    reports: tuple[tuple[Report, ...], ...]
    run: Run


def journeys_with_reports(scenario: Scenario, count: int, seed: int, last_day: int = LAST_HEARD) -> Journeys:
    """Draw journeys from the model and reports about them from the model of reports.

    The chance of a report that names a place is not one in every journey: nobody names a place where people sleep
    between two. So journeys are kept with a probability proportional to that of all their reports.

    Raises
    ------
    ValueError
        When too few journeys are kept; others are drawn with another seed.
    """
    pool = 4 * count
    cursor = Cursor(scenario, pool, seed, is_wider=True)
    log_chance = np.zeros(pool)
    made: list[list[Report]] = [[] for _ in range(pool)]
    begun: set[str] = set()
    for day in range(last_day + 1):
        cursor.advance()
        cursor.wander()
        for said in (row for row in SCHEDULE if row.day == day):
            places, chance = _named(said, cursor)
            log_chance += chance
            figures = _figures(said, cursor, begun)
            for member in range(pool):
                made[member].append(_report(said, cursor.date, places[member], figures[member]))
    kept = np.flatnonzero(np.log(_uniforms(cursor, "kept")) < log_chance - log_chance.max())[:count]
    if kept.size < count:
        raise ValueError(f"of {pool} journeys {kept.size} are kept, fewer than {count}")
    return Journeys(tuple(tuple(made[member]) for member in kept), cursor.run_on(kept, StartingState(cursor.date)))


def _report(said: Said, date: dt.date, place: str | None, cell: int) -> Report:
    low, high = (CELL**cell if cell else 0.0, CELL ** (cell + 1)) if said.figure else (None, None)
    return Report(
        id=said.id,
        published=date,
        event_date=date,
        kind=said.kind,
        unit=said.unit,
        speaker_role=said.role,
        on_record=said.on_record,
        source=("valley_post",),
        place=place,
        group=GROUP,
        value_low=low,
        value_high=high,
    )


def _uniforms(cursor: Cursor, *about: object) -> Floats:
    """Return a uniform number of each journey, ``(members,)``, named by what it is about and by the day."""
    keys = np.array([entity_key(" ".join(map(str, about)))], np.int64)
    day = (cursor.date - cursor.course.first).days
    return named_uniforms(cursor.course.seed, 0, cursor.members, DECISION.made_up, keys, day=day)[:, 0]


def _named(said: Said, cursor: Cursor) -> tuple[Sequence[str | None], Floats]:
    """Return the place that is named of each journey, and the logarithm of the chance that one is."""
    if not said.names_place:
        return [None] * cursor.members, np.zeros(cursor.members)
    places = cursor.course.given.places
    night = cursor.night()
    log = np.column_stack(
        [weigh_place(_report(said, cursor.date, row.id, 0), row, night, places).log for row in places]
    )
    upto = np.cumsum(np.exp(log), axis=1)
    chosen = (upto < (_uniforms(cursor, said.id, "place") * upto[:, -1])[:, None]).sum(axis=1)
    return [places[at].id for at in chosen], np.log(upto[:, -1])


def _figures(said: Said, cursor: Cursor, begun: set[str]) -> NDArray[np.int64]:
    """Return the cell of the count that is told of each journey; the first holds all below.

    ``begun`` names the numbers of which a first count was made; before it people are let in whom nobody saw.
    """
    if not said.figure:
        return np.zeros(cursor.members, np.int64)
    number, example = _counted(said, cursor)
    if number.final_status is not None and number.final_status not in begun:
        begun.add(number.final_status)
        u = _uniforms(cursor, "unseen")
        cursor.add_to_final(number.final_status, _drawn(*unseen_finals(cursor.members), u))
    if number.of_group and str(cursor.date) not in begun:
        begun.add(str(cursor.date))
        u = _uniforms(cursor, "joined")
        cursor.add_to_group(GROUP, _drawn(*unseen_joiners(number.people(cursor.night())), u))
    people = np.maximum(number.people(cursor.night()), 0.5)
    who = speaker_class(example)
    mistaken = _uniforms(cursor, said.id, "mistake") < (MISTAKE if said.on_record else MISTAKE_UNNAMED)
    error = np.where(mistaken, WILD, SPREAD[who]) * ndtri(_uniforms(cursor, said.id, "error"))
    told = np.log(people * cursor.rate(f"count_ratio_{who}")) + error
    cells: NDArray[np.int64] = np.maximum(np.floor(told / np.log(CELL)), 0).astype(np.int64)
    return cells


def _counted(said: Said, cursor: Cursor) -> tuple[Counted, Report]:
    scenario = cursor.course.ordered
    example = _report(said, cursor.date, scenario.places[0].id if said.names_place else None, 50)
    number = counted(example, {row.id: row for row in scenario.groups}, {row.id: row.role for row in scenario.statuses})
    assert number is not None
    return number, example


def _drawn(numbers: NDArray[np.int64], chances: Floats, u: Floats) -> NDArray[np.int64]:
    """Draw one of the numbers of each journey, ``(members, numbers)``, by their chances."""
    chosen = np.minimum(np.searchsorted(np.cumsum(chances), u), chances.size - 1)
    drawn: NDArray[np.int64] = numbers[np.arange(u.size), chosen]
    return drawn


def ranks_of_truth(
    count: int, members: int, seed: int, *, last_day: int = LAST_HEARD, workers: int = 2
) -> dict[str, NDArray[np.int64]]:
    """Return the rank of the truth among the members of the filter, 0 to 99, in so many journeys, by quantity.

    Parameters
    ----------
    last_day : int
        Of the reports, from 0; the members are as of this day.
    """
    scenario = read_scenario(SCENARIO).replace(reports=())
    journeys = journeys_with_reports(scenario, count, seed, last_day)
    truths = {name: quantity(journeys.run) for name, quantity in QUANTITIES.items()}
    keys = np.array([entity_key(name) for name in QUANTITIES], np.int64)
    ties = named_uniforms(seed, 0, count, DECISION.made_up, keys)
    ranks = {name: np.empty(count, np.int64) for name in QUANTITIES}
    as_of = scenario.settings.start + dt.timedelta(days=last_day)
    for at, reports in enumerate(journeys.reports):
        run = learn(scenario.replace(reports=reports), as_of, members, seed + 1 + at, workers=workers).run
        for column, (name, quantity) in enumerate(QUANTITIES.items()):
            drawn, truth = quantity(run), truths[name][at]
            # Among equal counts any order is as good: the rank is drawn among those that are possible.
            below, equal = np.count_nonzero(drawn < truth), np.count_nonzero(drawn == truth)
            rank = (below + ties[at, column] * (equal + 1)) / (drawn.size + 1)
            ranks[name][at] = int(rank * RANKS)
    return ranks


@dataclass(frozen=True, slots=True)
class Uniformity:
    """Whether ranks are spread evenly: the chance of so uneven ones, and the mean and spread of evenly spread ones."""

    chance_by_bins: float
    chance_by_distance: float
    mean: float
    spread: float


def uniformity(ranks: NDArray[np.int64]) -> Uniformity:
    """Return two tests of ranks: chi-square over ten bins, and the largest distance to the straight line (Kolmogorov).

    ``mean`` is 0.5 and ``spread``, the standard deviation over that of even ranks, 1 when all is right; a spread above
    1 says that ranges are too narrow.
    """
    shares = (ranks + 0.5) / RANKS
    return Uniformity(
        float(chisquare(in_bins(ranks)).pvalue),
        float(kstest(shares, "uniform").pvalue),
        float(shares.mean()),
        float(shares.std() * np.sqrt(12)),
    )


def in_bins(ranks: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many ranks there are in each of ten bins."""
    return np.bincount(ranks * BINS // RANKS, minlength=BINS)


def uneven(ranks: Mapping[str, NDArray[np.int64]], error_rate: float = 0.01) -> list[str]:
    """Return the quantities whose ranks are too uneven for chance, by one of the two tests.

    With even ranks any is named with a chance of at most ``error_rate``, by Bonferroni's correction for all tests.
    """
    least = error_rate / (2 * len(ranks))
    found = {name: uniformity(of_one) for name, of_one in ranks.items()}
    return [name for name, row in found.items() if min(row.chance_by_bins, row.chance_by_distance) < least]

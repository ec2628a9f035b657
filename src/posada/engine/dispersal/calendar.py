"""What holds on each day, the same in every member: kinds of place, conflict, scores, move chances, capacities.

Axes: D days, P places in the order of the scenario, C need classes. In the semantics ``flee`` the order in which
that simulator changes, refreshes and reads its numbers within a day is kept, because results depend on it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from posada.engine.dispersal.classes import Classes, class_factors
from posada.engine.dispersal.conditions import Conditions, conditions_of, level_between
from posada.engine.world import Flags, Floats, Ints
from posada.model.displacement import Movement
from posada.model.registrations import is_camp_at_start
from posada.model.scenario import Scenario

THRESHOLD = 1e-6
"""An intensity below this is none."""


class Calendar(NamedTuple):
    """The tables of all days."""

    chance: Floats  # (D, C, P) chance to leave, without the factor of population
    score: Floats  # (D, C, P) attraction of a place
    crawl: Floats  # (D, P) attraction by which the best of several ways to it is chosen
    crawl_before: Floats  # (D, P) the same on the day before
    is_town: Flags  # (D, P) people who have not gone far today go on from here
    is_camp: Flags  # (D, P)
    is_marker: Flags  # (D, P)
    capacity: Floats  # (D, P) people; below 1: no limit
    capacity_unscaled: Floats  # (D, P)
    spawn_weight: Floats  # (D, P) times the population: weight of the place among those where people set out
    spawn_intensity: Floats  # (D, P) for who sets out by conflict itself
    level: Floats  # (D, P) of high water
    frozen: Flags  # (D,) nobody moves
    camp_at_start: Flags  # (P,) by their kind, before anything changes


class _Known(NamedTuple):
    """What does not change with the state of the places."""

    conditions: Conditions
    abroad: Flags  # (P,) in another country than the first place
    classes: Classes


@dataclass
class _Places:
    """The state of all places while the days are gone through."""

    movement: Movement
    kind: list[str]
    intensity_at_start: Floats
    camp: Flags = field(init=False)
    idp: Flags = field(init=False)
    town: Flags = field(init=False)
    marker: Flags = field(init=False)
    high_water: Flags = field(init=False)
    conflict: Floats = field(init=False)
    since: Ints = field(init=False)
    chance: Floats = field(init=False)

    def __post_init__(self) -> None:
        count = len(self.kind)
        for name in ("camp", "idp", "town", "marker", "high_water"):
            setattr(self, name, np.zeros(count, np.bool_))
        self.conflict = np.full(count, -1.0)
        self.since = np.full(count, -1, np.int64)
        self.chance = np.zeros(count)
        for index, kind in enumerate(self.kind):
            self.become(index, kind, self.intensity_at_start[index])
            if is_camp_at_start(kind, self.movement) and not self.camp[index]:
                self.camp[index], self.town[index] = True, False

    def become(self, index: int, kind: str, intensity: float) -> None:
        """Make a place one of another kind."""
        for flags in (self.camp, self.idp, self.town, self.marker, self.high_water):
            flags[index] = False
        self.conflict[index] = -1.0
        rules = self.movement
        self.chance[index] = rules.move_chance_default
        if kind in ("camp", "idp_camp"):
            self.camp[index] = True
            self.idp[index] = kind == "idp_camp"
            self.chance[index] = rules.move_chance_idp_camp if self.idp[index] else rules.move_chance_camp
        elif kind == "conflict_zone":
            self.conflict[index] = intensity
            self.chance[index] = rules.move_chance_conflict
        elif kind in ("forwarding_hub", "marker"):
            self.marker[index] = kind == "marker"
            self.chance[index] = 1.0
        elif kind == "high_water_zone":
            self.high_water[index] = True
        else:
            self.town[index] = True

    def begin_conflict(self, index: int, intensity: float, day: int) -> None:
        """Let conflict begin in a place."""
        self.chance[index] = self.movement.move_chance_conflict
        self.conflict[index] = intensity
        self.town[index] = False
        self.since[index] = day

    def end_conflict(self, index: int) -> None:
        """Let conflict end in a place, which is then a town, and remains a camp if it was one."""
        self.chance[index] = self.movement.move_chance_default
        self.conflict[index] = -1.0
        self.town[index] = True

    def decay(self, day: int) -> Floats:
        """Return the multiplier of the time since conflict began, ``(P,)``."""
        steps = self.movement.conflict_decay
        if not steps:
            return np.ones(len(self.kind))
        elapsed = ((day - self.since) / self.movement.conflict_decay_interval_days).astype(np.int64)
        return np.array(steps)[np.minimum(elapsed, len(steps) - 1)]


def build_calendar(scenario: Scenario, dates: tuple[dt.date, ...], classes: Classes, day0: Ints) -> Calendar:
    """Go through the days and write down what holds on each.

    Parameters
    ----------
    day0 : (P,) ints
        People registered in each place on the first day.
    """
    movement = scenario.movement
    assert movement is not None
    place = {row.id: index for index, row in enumerate(scenario.places)}
    state = _Places(movement, [row.kind for row in scenario.places], _start_intensity(scenario, place))
    conditions = conditions_of(scenario, dates)
    table = _empty(len(dates), len(place), classes.count)
    table.camp_at_start[:] = state.camp
    abroad = np.array([row.country != scenario.places[0].country for row in scenario.places])
    known = _Known(conditions, abroad, classes)
    table.crawl_before[0] = _scores(0, state, known)
    values = _intensities(scenario, dates, place)
    capacity = _Capacities(scenario, day0)
    refreshed = _spawn_weights(movement, state, 0, np.zeros(len(place)))
    for day, date in enumerate(dates):
        for change in scenario.place_changes:
            if change.date == date:
                state.become(place[change.place], change.kind, movement.default_conflict_intensity)
        changed = False if movement.high_water_rules else _change_conflicts(state, values, day)
        if changed or movement.semantics == "posada":
            refreshed = _spawn_weights(movement, state, day, conditions.food_insecurity[day])
        table.spawn_weight[day] = refreshed
        table.spawn_intensity[day] = np.maximum(state.conflict, 0.0)
        _close_camps(scenario, state, place, date)
        refreshed = _spawn_weights(movement, state, day, conditions.food_insecurity[day])
        capacity.begin_day(day)
        table.capacity_unscaled[day] = capacity.people
        _write_day(table, day, state, known)
        table.frozen[day] = date.month in movement.harvest_months
    table.capacity[:] = table.capacity_unscaled * movement.capacity_scaling
    return table


def _empty(days: int, places: int, classes: int) -> Calendar:
    return Calendar(
        chance=np.zeros((days, classes, places)),
        score=np.zeros((days, classes, places)),
        crawl=np.zeros((days, places)),
        crawl_before=np.zeros((days, places)),
        is_town=np.zeros((days, places), np.bool_),
        is_camp=np.zeros((days, places), np.bool_),
        is_marker=np.zeros((days, places), np.bool_),
        capacity=np.zeros((days, places)),
        capacity_unscaled=np.zeros((days, places)),
        spawn_weight=np.zeros((days, places)),
        spawn_intensity=np.zeros((days, places)),
        level=np.zeros((days, places)),
        frozen=np.zeros(days, np.bool_),
        camp_at_start=np.zeros(places, np.bool_),
    )


def _start_intensity(scenario: Scenario, place: dict[str, int]) -> Floats:
    intensity = np.ones(len(place))
    for row in scenario.place_attributes:
        if row.name == "conflict_intensity":
            intensity[place[row.place]] = row.value
    return intensity


def _intensities(scenario: Scenario, dates: tuple[dt.date, ...], place: dict[str, int]) -> Floats:
    """Return the stated intensity of each place and day, ``(D, P)``; ``nan`` where the place is never named."""
    values = np.full((len(dates), len(place)), np.nan)
    for row in scenario.conflicts:
        values[:, place[row.place]] = 0.0
    for row in sorted(scenario.conflicts, key=lambda row: row.date):
        first = max((row.date - dates[0]).days, 0)
        values[first:, place[row.place]] = row.intensity
    return values


def _change_conflicts(state: _Places, values: Floats, day: int) -> bool:
    """Let conflict begin, change and end; say whether any did.

    In the semantics ``flee`` a change from one intensity to another is not seen.
    """
    changed = False
    for index in map(int, np.flatnonzero(~np.isnan(values[day]))):
        now = values[day, index]
        before = values[day - 1, index] if day > 0 else 0.0
        if now > THRESHOLD and before < THRESHOLD:
            state.begin_conflict(index, now, day)
            changed = True
        elif now < THRESHOLD and before >= THRESHOLD:
            state.end_conflict(index)
            changed = True
        elif now > THRESHOLD and now != before and state.movement.semantics == "posada":
            state.conflict[index] = now
            changed = True
    return changed


def _close_camps(scenario: Scenario, state: _Places, place: dict[str, int], date: dt.date) -> None:
    for row in scenario.closures:
        if row.kind not in ("camp", "idp_camp"):
            continue
        if row.closes == date:
            state.become(place[row.first], "town", 0.0)
        if row.reopens == date:
            state.become(place[row.first], row.kind, 0.0)


def _spawn_weights(movement: Movement, state: _Places, day: int, food_insecurity: Floats) -> Floats:
    in_conflict = state.conflict > 0.0
    weight = np.where(in_conflict, state.conflict * state.decay(day), 0.0)
    if movement.spawn_where_food_is_short and day > 0:
        hungry = food_insecurity / 100.0
        weight = weight + np.where(in_conflict | (not movement.spawn_only_in_conflict), hungry, 0.0)
    return weight


class _Capacities:
    """How many people camps can take, as they change from day to day."""

    def __init__(self, scenario: Scenario, day0: Ints) -> None:
        assert scenario.movement is not None
        rules = scenario.movement
        self._reduced = rules.semantics == "flee" and rules.insert_day0 and rules.spawn_mode == "from_registrations"
        self._reduced = self._reduced and not rules.spawn_by_high_water
        self._day0 = day0
        stated = [
            -1.0 if row.capacity is None else row.capacity // rules.people_per_simulated for row in scenario.places
        ]
        self.people = np.where([row.kind in ("camp", "idp_camp") for row in scenario.places], stated, -1.0)
        place = {row.id: index for index, row in enumerate(scenario.places)}
        self._more_per_day = np.zeros(len(place))
        for row in scenario.place_attributes:
            if row.name == "capacity_per_day":
                self._more_per_day[place[row.place]] = max(int(row.value), 0)

    def begin_day(self, day: int) -> None:
        """Let a day begin: people of the first day count against the capacity in the semantics ``flee``."""
        if day == 0 and self._reduced:
            self.people = self.people - np.where(self.people > 0, self._day0, 0)
        self.people = self.people + self._more_per_day


def _scores(day: int, state: _Places, known: _Known) -> Floats:
    """Return how much each place attracts on a day, but for the water in it today, ``(P,)``."""
    rules, conditions = state.movement, known.conditions
    score = np.ones(len(state.kind))
    if rules.use_economic_pull:
        score = score + np.where(known.abroad, known.classes.economic_pull, 0.0)
    score = np.where(known.abroad, score * rules.weight_foreign, score)
    insecure = conditions.food_insecurity[day] / 100.0
    if rules.avoid_places_short_of_food and day > 0:
        score = np.where(known.abroad, score, score * (1.0 - insecure**2))
    score = np.where(state.camp, score * rules.weight_camp, score)
    faded = state.decay(day) * np.maximum(state.conflict, 0.0)
    score = np.where(state.conflict > 0.0, score * rules.weight_conflict**faded, score)
    if rules.high_water_rules:
        score = np.where(state.high_water, score * _by_water(rules, conditions.level[day]), score)
        if rules.high_water_forecast and rules.semantics == "flee" and conditions.forecasting(day):
            # Flee reads a name there that is never set, so that the product with an empty forecast is taken.
            score = np.where(state.high_water, 0.0, score)
    return score


def _by_water(rules: Movement, level: Floats) -> Floats:
    return np.array([level_between(rules.high_water_weights, value) for value in level])


def _write_day(table: Calendar, day: int, state: _Places, known: _Known) -> None:
    rules, conditions, classes = state.movement, known.conditions, known.classes
    score = _scores(day, state, known)
    in_conflict = state.conflict > 0.0
    insecure = conditions.food_insecurity[day] / 100.0
    level = conditions.level[day]
    water = _by_water(rules, level) if rules.high_water_rules else np.ones_like(score)
    crawl = np.where(level > 0, score * water, score) if rules.high_water_rules else score
    if day + 1 < len(table.crawl):
        table.crawl_before[day + 1] = crawl
    chance = state.chance
    if rules.leave_when_food_is_short:
        chance = insecure + (1.0 - insecure) * chance
    if rules.high_water_rules:
        chance = np.where(level > 0, [level_between(rules.high_water_move_chances, value) for value in level], chance)
    table.crawl[day] = crawl
    table.level[day] = level
    table.is_town[day], table.is_camp[day], table.is_marker[day] = state.town, state.camp, state.marker
    factors = class_factors(classes, state.camp, in_conflict)
    for c in range(classes.count):
        seen = np.ones_like(score) if classes.power[c] == 0 else score ** classes.power[c]
        if rules.high_water_rules:
            seen = np.where(level > 0, seen * water, seen)
        foreseen_place, foreseen_move = conditions.foreseen(day, rules, classes.awareness[c])
        table.score[day, c] = seen * foreseen_place * factors[c]
        table.chance[day, c] = chance * foreseen_move

"""Food insecurity and high water by day, and what people foresee of high water."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from posada.engine.world import Floats
from posada.model.displacement import Movement
from posada.model.errors import InvalidValueError
from posada.model.scenario import Scenario


def level_between(values: tuple[float, ...], level: float) -> float:
    """Return the value at a level, interpolated between the whole levels; the last one holds above it."""
    if not values or level <= 0.0:
        return values[0] if values else 1.0
    low = int(level)
    if low >= len(values) - 1:
        return values[-1]
    return values[low] + (level - low) * (values[low + 1] - values[low])


@dataclass(frozen=True)
class Conditions:
    """What is known of places by day."""

    food_insecurity: Floats  # (D, P) percent of people
    level: Floats  # (D, P) of high water
    forecast_end_day: int
    forecast_days: int

    def forecasting(self, day: int) -> bool:
        """Say whether people act on a forecast today."""
        return self.forecast_days > 1 and day <= self.forecast_end_day

    def foreseen(self, day: int, rules: Movement, awareness: int) -> tuple[Floats | float, Floats | float]:
        """Return the factors of the attraction of places and of the chance to leave them, ``(P,)`` each."""
        if not (rules.high_water_rules and rules.high_water_forecast and self.forecasting(day)):
            return 1.0, 1.0
        aware = rules.high_water_awareness_weights[awareness]
        move = np.zeros(self.level.shape[1])
        place = np.zeros(self.level.shape[1])
        for ahead in range(1, self.forecast_days + 1):
            then = min(day + ahead, self.forecast_end_day)
            ahead_level = self.level[min(then, len(self.level) - 1)]
            weight = rules.high_water_forecast_weights[then]
            # Flee weighs the attraction of a place by the water of today wherever some is foreseen.
            of_today = self.level[day] if rules.semantics == "flee" else ahead_level
            for index in np.flatnonzero(ahead_level > 0):
                move[index] += level_between(rules.high_water_weights, ahead_level[index]) * weight
                place[index] += level_between(rules.high_water_weights, of_today[index]) * weight
            if then == self.forecast_end_day:
                break
        if rules.semantics == "flee":
            return place * place / self.forecast_days * aware, move / self.forecast_days * aware
        return place / self.forecast_days * aware, move / self.forecast_days * aware


def conditions_of(scenario: Scenario, dates: tuple[dt.date, ...]) -> Conditions:
    """Return food insecurity, interpolated, and the level of high water, for each day and place."""
    movement = scenario.movement
    assert movement is not None
    days, places = len(dates), len(scenario.places)
    food = np.zeros((days, places))
    level = np.zeros((days, places))
    rows = [row for row in scenario.conditions if row.kind == "food_insecurity"]
    for region in dict.fromkeys(row.where for row in rows):
        known = sorted((row.date.toordinal(), row.value) for row in rows if row.where == region)
        series = np.interp(
            [date.toordinal() for date in dates], [day for day, _ in known], [value for _, value in known]
        )
        for index, place in enumerate(scenario.places):
            if place.admin1 == region:
                food[:, index] = series
    index_of = {row.id: index for index, row in enumerate(scenario.places)}
    for row in sorted((row for row in scenario.conditions if row.kind == "high_water"), key=lambda row: row.date):
        level[max((row.date - dates[0]).days, 0) :, index_of[row.where]] = row.value
    if movement.semantics == "flee":
        level = np.floor(level)
    _check_forecast(movement)
    return Conditions(food, level, movement.high_water_forecast_end_day, movement.high_water_forecast_days)


def _check_forecast(rules: Movement) -> None:
    if not rules.high_water_forecast:
        return
    if len(rules.high_water_forecast_weights) <= rules.high_water_forecast_end_day:
        raise InvalidValueError(
            f"high_water_forecast_weights has {len(rules.high_water_forecast_weights)} values; the forecast ends on "
            f"day {rules.high_water_forecast_end_day}, so it needs one more than that"
        )
    if not rules.high_water_awareness_weights:
        raise InvalidValueError("high_water_awareness_weights is empty; give one weight for each awareness, from 0")

"""Forecasts as they are handed on: targets, quantile levels, and the series that a forecast file holds.

A file has one origin date, the as-of date: what was published later is not in it. Its rows are kept here as series,
one for a target at a location, because there are hundreds of thousands of them and all days of a series are scored
together.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posada.model.errors import InvalidValueError, UnknownNameError

Floats = NDArray[np.float64]
Days = NDArray[np.datetime64]

JOURNEY_LOCATION = "_journey"
"""Location of what concerns the journey as a whole. No place can be called so."""

QUANTILE, CDF = "quantile", "cdf"

REQUIRED_LEVELS = (0.025, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.975)
"""Levels that every forecast file has."""

FILE_LEVELS = (0.025, *(round(0.05 * step, 2) for step in range(1, 20)), 0.975)
"""Levels that a forecast file may have, and those that Posada writes: steps of 0.05 hold the band of 50 % as well."""

AT_PLACE, OF_JOURNEY = "place", "journey"


@dataclass(frozen=True, slots=True)
class Target:
    """What is forecast: its name in files, whether per place or of the journey, as what, and in which unit."""

    id: str
    scope: str
    output_type: str
    unit: str
    meaning: str


def _targets(*rows: tuple[str, str, str, str, str]) -> MappingProxyType[str, Target]:
    return MappingProxyType({row[0]: Target(*row) for row in rows})


TARGETS = _targets(
    ("people_tonight", AT_PLACE, QUANTILE, "people", "People of the journey who sleep in the place that night."),
    ("arrivals_today", AT_PLACE, QUANTILE, "people", "People of the journey who come to the place that day."),
    (
        "arrived_by",
        AT_PLACE,
        CDF,
        "share",
        "Chance that by that day the main body has reached the place, to sleep or in passing.",
    ),
    ("still_together", OF_JOURNEY, QUANTILE, "people", "People who travel in a group that night."),
    ("permits_cumulative", OF_JOURNEY, QUANTILE, "people", "People who were given a permit or visa by that day."),
    ("returned_cumulative", OF_JOURNEY, QUANTILE, "people", "People returned to their country by that day."),
    ("presented_cumulative", OF_JOURNEY, QUANTILE, "people", "People who came forward at a port of entry by that day."),
    ("processed_cumulative", OF_JOURNEY, QUANTILE, "people", "People who had their turn at a port of entry by then."),
    ("crossed_cumulative", OF_JOURNEY, QUANTILE, "people", "People who crossed without inspection by that day."),
    ("stayed_cumulative", OF_JOURNEY, QUANTILE, "people", "People who settled in the country of transit by that day."),
    ("registered", AT_PLACE, QUANTILE, "people", "People registered in a camp on that day."),
)
"""Every target of a forecast file, by name."""

REGISTERED_TARGET = "registered"
JOURNEY_TARGETS = tuple(name for name in TARGETS if name != REGISTERED_TARGET)
"""Those of a journey; a conflict has :data:`REGISTERED_TARGET` alone."""


@dataclass(frozen=True, slots=True)
class Series:
    """One target at one location over days.

    Attributes
    ----------
    target, location : str
        A key of :data:`TARGETS`, and a place or :data:`JOURNEY_LOCATION`.
    days : (n_days,) of datetime64[D]
        In order, none twice.
    values : (n_days, n_levels) or (n_days,)
        Quantiles at the levels of the file; for ``arrived_by`` the probability by day.
    """

    target: str
    location: str
    days: Days
    values: Floats


@dataclass(frozen=True, slots=True)
class ForecastFile:
    """A forecast as of ``origin_date``: its series, and the levels of all quantiles.

    Raises
    ------
    InvalidValueError
        When a series has a shape, day or value that no forecast can have: quantiles that cross, people below 0,
        chances outside 0–1 or falling over days, days before the origin date.
    UnknownNameError
        When there is no such target.
    """

    origin_date: dt.date
    series: tuple[Series, ...]
    levels: tuple[float, ...] = FILE_LEVELS

    def __post_init__(self) -> None:
        unknown = [level for level in self.levels if level not in FILE_LEVELS]
        if unknown or not set(REQUIRED_LEVELS) <= set(self.levels) or list(self.levels) != sorted(set(self.levels)):
            raise InvalidValueError(
                f"a forecast file cannot have the levels {self.levels}. Give at least {REQUIRED_LEVELS}, in order; "
                f"possible are {FILE_LEVELS}."
            )
        seen: set[tuple[str, str]] = set()
        for row in self.series:
            if (row.target, row.location) in seen:
                raise InvalidValueError(f"{row.target} at {row.location} is twice in the forecast. Keep one.")
            seen.add((row.target, row.location))
            fault = series_fault(row, self.origin_date, len(self.levels))
            if fault:
                raise InvalidValueError(f"{row.target} at {row.location}: {fault}")

    def find(self, target: str, location: str = JOURNEY_LOCATION) -> Series | None:
        """Return the series of a target at a location; ``None`` where nothing is forecast."""
        return next((row for row in self.series if (row.target, row.location) == (target, location)), None)

    @property
    def last_day(self) -> dt.date:
        """The last day of any series; the origin date when there is none."""
        return max((row.days[-1].astype(dt.date) for row in self.series if row.days.size), default=self.origin_date)

    @property
    def rows(self) -> int:
        """How many rows the file has."""
        return sum(row.values.size for row in self.series)


def target_named(name: str) -> Target:
    """Return a target by its name.

    Raises
    ------
    UnknownNameError
        When there is no such target; the nearest one is named.
    """
    if name not in TARGETS:
        raise UnknownNameError("target", name, TARGETS)
    return TARGETS[name]


def series_fault(series: Series, origin: dt.date, levels: int) -> str:
    """Return what is wrong with a series, in a sentence; empty when nothing is."""
    target = target_named(series.target)
    shape: tuple[int, ...] = (series.days.size,) if target.output_type == CDF else (series.days.size, levels)
    if series.values.shape != shape:
        return f"the values have shape {series.values.shape}, expected {shape} (days, levels)."
    if (series.location == JOURNEY_LOCATION) != (target.scope == OF_JOURNEY):
        home = f"'{JOURNEY_LOCATION}'" if target.scope == OF_JOURNEY else "a place"
        return f"this target belongs to {home}."
    if series.days.size and (series.days[0] < np.datetime64(origin) or (np.diff(series.days).astype(int) <= 0).any()):
        return f"its days are not in order from the origin date {origin} on."
    return _value_fault(series.values, target.output_type)


def _value_fault(values: NDArray[Any], output_type: str) -> str:
    if not np.isfinite(values).all() or (values < 0).any():
        return "a value is missing or below 0. Missing is never zero: leave out the day, or forecast it."
    if output_type == CDF and (values > 1).any():
        return "a chance is above 1."
    if (np.diff(values, axis=-1) < 0).any():
        return "chances fall from day to day." if output_type == CDF else "quantiles cross: a higher level has less."
    return ""

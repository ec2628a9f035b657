"""What happened, in the terms of a forecast: one row for a target at a location on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from posada.model.errors import InvalidValueError
from posada.model.forecast_file import target_named

Floats = NDArray[np.float64]
Days = NDArray[np.datetime64]


@dataclass(frozen=True, slots=True)
class TruthRow:
    """One figure of what happened.

    Attributes
    ----------
    value : float
        People; for ``arrived_by`` 1 on the day on which the main body first slept there, 0 on a day by which it had
        not yet.
    low, high : float
        Between what the figure may lie; ``nan`` where that is not known. Scores do not use them, but say how wide
        they are, because no forecast can be better than what it is compared with.
    published : datetime.date or None
        When it became public; what was public on the origin date of a forecast is not scored.
    """

    target: str
    location: str
    day: dt.date
    value: float
    low: float = float("nan")
    high: float = float("nan")
    source: str = ""
    published: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Truth:
    """What happened, as columns of equal length ``(rows,)``, sorted by target, location and day."""

    targets: tuple[str, ...]
    locations: tuple[str, ...]
    days: Days
    values: Floats
    lows: Floats
    highs: Floats
    sources: tuple[str, ...]
    published: Days

    @property
    def size(self) -> int:
        """How many rows there are."""
        return len(self.targets)

    def rows(self) -> Iterable[TruthRow]:
        """Yield the rows as records."""
        for at in range(self.size):
            known = self.published[at]
            yield TruthRow(
                self.targets[at],
                self.locations[at],
                self.days[at].astype(dt.date),
                float(self.values[at]),
                float(self.lows[at]),
                float(self.highs[at]),
                self.sources[at],
                None if np.isnat(known) else known.astype(dt.date),
            )


def make_truth(rows: Iterable[TruthRow]) -> Truth:
    """Return rows as columns, sorted.

    Raises
    ------
    UnknownNameError
        When a target does not exist.
    InvalidValueError
        When a value is below 0 or missing, or two rows are about the same target, location and day.
    """
    ordered = sorted(rows, key=lambda row: (row.target, row.location, row.day))
    for one, other in pairwise(ordered):
        if (one.target, one.location, one.day) == (other.target, other.location, other.day):
            raise InvalidValueError(f"{one.target} of {one.location} on {one.day} is told twice. Keep one figure.")
    for row in ordered:
        target_named(row.target)
        if not (np.isfinite(row.value) and row.value >= 0):
            raise InvalidValueError(f"{row.target} of {row.location} on {row.day} has the value {row.value}.")
    return Truth(
        tuple(row.target for row in ordered),
        tuple(row.location for row in ordered),
        np.array([row.day for row in ordered], "datetime64[D]"),
        np.array([row.value for row in ordered], np.float64),
        np.array([row.low for row in ordered], np.float64),
        np.array([row.high for row in ordered], np.float64),
        tuple(row.source for row in ordered),
        np.array([row.published or "NaT" for row in ordered], "datetime64[D]"),
    )

"""Numbers of a point on a map: rounded to two significant figures, with their range."""

from __future__ import annotations

import math

from posada.model.outlook import Band
from posada.report.numbers import is_indicative, round_modelled


def rounded_band(name: str, band: Band) -> dict[str, int | bool | None]:
    """Return the middle and the 80 % range of a number under ``NAME_q50`` and so on, and whether it is indicative."""
    low, middle, high = (band.at(level) for level in (0.1, 0.5, 0.9))
    values: dict[str, int | bool | None] = {
        f"{name}_q{level}": None if math.isnan(value) else int(round_modelled(value))
        for level, value in ((10, low), (50, middle), (90, high))
    }
    return {**values, f"{name}_indicative": None if math.isnan(middle) else is_indicative(low, middle, high)}

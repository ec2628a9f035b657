"""Whether a solution can be used: checked against every row, with whole numbers that are exactly whole."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from posada.plan.highs import violation
from posada.plan.objectives import Model

Floats = NDArray[np.float64]

TOLERATED = 1e-4
"""By how many people or vehicles a row may be missed in a solution that is used."""


def usable(model: Model, x: Floats | None) -> Floats | None:
    """Return a solution, rounded where it must be whole, or nothing when there is none or it misses a row."""
    if x is None:
        return None
    x = np.clip(x, model.matrix.lower, model.matrix.upper)
    x[model.matrix.integer] = np.rint(x[model.matrix.integer])
    return x if violation(model.matrix, x) <= TOLERATED else None

"""What past conflicts say about the numbers of movement: how well each of many drawn sets of numbers did on each.

One table serves all: a forecast weighs the same draws by the errors on every conflict but the one that it is about.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posada.model.errors import InvalidValueError

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class PastConflict:
    """A conflict that was learned from, and its first day, by which a copy of it under another name is known."""

    id: str
    start: dt.date


@dataclass(frozen=True)
class ConflictEvidence:
    """Draws from the prior of the numbers of movement, with their errors on past conflicts.

    Attributes
    ----------
    conflicts : tuple of PastConflict
        Those that were run, C of them.
    names : tuple of str
        The numbers that were drawn, N of them.
    values : (draws, N)
        Their values.
    errors : (draws, C)
        Averaged relative difference of a run with them, rescaled, totals known.

    Raises
    ------
    InvalidValueError
        When a shape does not fit, or a number is missing.
    """

    conflicts: tuple[PastConflict, ...]
    names: tuple[str, ...]
    values: Floats
    errors: Floats

    def __post_init__(self) -> None:
        draws = len(self.values)
        if self.values.shape != (draws, len(self.names)) or self.errors.shape != (draws, len(self.conflicts)):
            raise InvalidValueError("evidence needs one value for each number, and one error for each conflict.")
        if not (np.isfinite(self.values).all() and np.isfinite(self.errors).all()):
            raise InvalidValueError("a number of the evidence is missing. Missing is never zero: leave the draw out.")
        for table in (self.values, self.errors):
            table.flags.writeable = False

    @property
    def draws(self) -> int:
        """How many sets of numbers were drawn."""
        return len(self.values)

    def others(self, conflict: str, start: dt.date) -> tuple[int, ...]:
        """Return the positions of the conflicts other than one, told by its name or its first day."""
        return tuple(at for at, row in enumerate(self.conflicts) if row.id != conflict and row.start != start)


@dataclass(frozen=True)
class LearnedFromConflicts:
    """All that a forecast of a conflict takes from others.

    Attributes
    ----------
    movement : ConflictEvidence
        Numbers of movement; errors are averaged relative differences.
    totals : ConflictEvidence
        Numbers of how registrations go on; errors are CRPS over the people registered.
    spread, spread_coverage : ConflictEvidence
        How far members are spread for what the model does not know; CRPS over the people registered, and the share of
        camp-days in the central band of 80 %.
    """

    movement: ConflictEvidence
    totals: ConflictEvidence
    spread: ConflictEvidence
    spread_coverage: ConflictEvidence

"""Which of many drawn sets of numbers a forecast of a conflict uses: those that did best on the other conflicts.

Rejection, the simplest form of approximate Bayesian computation (M. A. Beaumont, "Approximate Bayesian computation in
evolution and ecology", 2010, doi:10.1146/annurev-ecolsys-102209-144621): draws from the prior are kept when what they
simulate is nearest to what was registered. Each conflict counts alike. Why this one is told in docs/decisions/0016.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from posada.model.conflict_evidence import ConflictEvidence, LearnedFromConflicts
from posada.model.errors import InvalidValueError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

KEPT_DRAWS = 24
"""Sets of numbers of movement that are kept."""

KEPT_TOTALS = 16
"""Sets of numbers of how registrations go on that are kept."""

LEAST_COVERAGE = 0.76
"""Share of camp-days of other conflicts that bands of 80 % must hold; of what does, the best CRPS is taken."""


def best_draws(evidence: ConflictEvidence, among: Sequence[int], keep: int, own: Floats | None = None) -> Ints:
    """Return the draws with the least mean error on some conflicts, best first, ``(keep,)``.

    Parameters
    ----------
    among : sequence of int
        Positions of the conflicts that are looked at.
    own : (draws,) or None
        Errors on the first days of the conflict itself, which then count as one more conflict.

    Raises
    ------
    InvalidValueError
        When there is nothing to go by.
    """
    columns = [evidence.errors[:, at] for at in among]
    if own is not None:
        columns.append(own)
    if not columns:
        raise InvalidValueError("there is no other conflict to learn from. Calibrate with at least two conflicts.")
    mean = np.mean(columns, axis=0)
    return np.argsort(mean, kind="stable")[:keep].astype(np.int64)


def best_spread(learned: LearnedFromConflicts, among: Sequence[int]) -> dict[str, float]:
    """Return how far members are spread: the least CRPS on some conflicts of what holds enough of their camp-days.

    Where nothing holds enough, what holds most.
    """
    crps = learned.spread.errors[:, list(among)].mean(axis=1)
    held = learned.spread_coverage.errors[:, list(among)].mean(axis=1)
    enough = held >= min(LEAST_COVERAGE, float(held.max()))
    best = int(np.flatnonzero(enough)[np.argmin(crps[enough])])
    return dict(zip(learned.spread.names, map(float, learned.spread.values[best]), strict=True))

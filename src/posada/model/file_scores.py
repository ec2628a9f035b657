"""How forecast files compare with what happened and with naive forecasts: records that cross rooms.

``nan`` means *not defined*: there was nothing to compare with.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Skill:
    """A score beside that of a naive forecast on the same rows.

    Attributes
    ----------
    rows, units : int
        Rows that both have, and the independent units that they are of.
    score, naive : float
        Mean scores.
    ratio, low, high : float
        Their ratio, below 1 the forecast is better, and the 95 % bootstrap interval over units; ``nan`` where there
        are fewer than two units, or the naive forecast has no error.
    by_unit : float
        Geometric mean over units of their own ratios, in which a large journey counts as much as a small one; units
        in which either has no error are left out.
    """

    rows: int
    units: int
    score: float
    naive: float
    ratio: float
    low: float
    high: float
    by_unit: float


@dataclass(frozen=True, slots=True)
class TargetScores:
    """How one target was forecast, or several with people as their unit.

    Attributes
    ----------
    target, unit : str
        Name, and ``people`` or ``days``.
    rows, units : int
        Rows of truth that are scored, and independent units that they are of.
    left_out : mapping
        How many rows of truth are not scored, by the reason.
    score : float
        Mean weighted interval score in people; of arrivals the CRPS of the day, in days.
    crps : float
        Mean CRPS of the distribution between the quantiles; of arrivals as ``score``.
    error : float
        Mean difference of the median and what happened, in people or days.
    undecided : int
        Arrivals that happened and whose chance never reached a half: they are in no ``error``.
    observed : float
        Mean of what happened, in people; of arrivals days from the origin date.
    doubt : float
        Mean half-width of what the figures of the truth may lie between, where that is known.
    coverage : tuple of float
        Share of rows inside the bands of :data:`~posada.model.validation.BAND_WIDTHS`, their bounds included.
    coverage_shared : tuple of float
        The same where ties are shared out, and rows that the forecast was sure of, and right about, are left out: see
        :func:`posada.forecast.file_scores.shared_bands`. A forecast whose ranges are right has here their widths.
    relative_difference : float
        Averaged relative difference of the medians, for targets of places.
    skills : mapping
        Beside each naive forecast, by its name.
    """

    target: str
    unit: str
    rows: int
    units: int
    left_out: dict[str, int]
    score: float
    crps: float
    error: float
    undecided: int
    observed: float
    doubt: float
    coverage: tuple[float, ...]
    coverage_shared: tuple[float, ...]
    relative_difference: float
    skills: dict[str, Skill]

    @property
    def best_naive(self) -> tuple[str, Skill] | None:
        """The naive forecast with the least error on the same rows, and the skill beside it."""
        found = [(name, skill) for name, skill in self.skills.items() if skill.rows]
        return min(found, key=lambda pair: pair[1].naive) if found else None

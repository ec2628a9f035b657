"""How forecasts of a past conflict from a day on compare with what was registered: records that cross rooms."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from posada.model.file_scores import Skill, TargetScores


@dataclass(frozen=True, slots=True)
class ConflictScores:
    """How one forecast of a conflict did.

    Attributes
    ----------
    scenario : str
        The conflict; empty in scores over all of them.
    totals_known : bool
        Whether the totals of all days, and conflict, were an input.
    as_of : datetime.date or None
        Its date; ``None`` over several conflicts.
    difference : float
        Averaged relative difference of the medians, rescaled to the total of each day, as Flee measures it.
    difference_normal : float
        The same, not rescaled.
    total_error : float
        Mean difference of the median total and the total registered, over the mean total.
    crps_relative : float
        CRPS over the mean registered.
    coverage, coverage_shared : tuple of float
        Share of camp-days in the bands of 50, 80 and 95 %; the second with ties shared out, and without what the
        forecast was sure of and right about.
    rows : int
        Camp-days that are scored: those that were not yet public on the date.
    naive_differences : mapping
        Averaged relative difference, rescaled, of naive forecasts.
    skills : mapping
        Weighted interval score beside that of each naive forecast.
    learned_from : tuple of str
        Conflicts whose evidence was used.
    first_days_used : int
        Days of the conflict itself that spoke of its numbers.
    """

    scenario: str
    totals_known: bool
    as_of: dt.date | None
    difference: float
    difference_normal: float
    total_error: float
    crps_relative: float
    coverage: tuple[float, ...]
    coverage_shared: tuple[float, ...]
    rows: int
    naive_differences: dict[str, float]
    skills: dict[str, Skill]
    learned_from: tuple[str, ...] = ()
    first_days_used: int = 0

    @classmethod
    def of_targets(cls, found: TargetScores, **own: object) -> ConflictScores:
        """Return scores whose bands and skills are those of a forecast file."""
        return cls(
            crps_relative=found.crps / found.observed if found.observed else float("nan"),
            coverage=found.coverage,
            coverage_shared=found.coverage_shared,
            rows=found.rows,
            skills=found.skills,
            **own,  # type: ignore[arg-type]
        )

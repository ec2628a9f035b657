"""How a simulation of dispersed movement compares with registrations: records that cross rooms.

Scores are in people where they have a unit. ``nan`` means *not defined*: there was nothing to compare with.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

BAND_WIDTHS = (0.5, 0.8, 0.95)
"""Shares of chance in the central bands whose coverage is looked at."""

NEAR_PEAK = 0.05
"""How far, as a share, a capacity may be from the peak of registrations to be taken for made of it."""


@dataclass(frozen=True, slots=True)
class CampScores:
    """How one camp was forecast, over the days on which anybody is registered in it.

    Attributes
    ----------
    place, name : str
        Identifier and name.
    days : int
        Days on which anybody is registered. When there is none, the rest is ``nan``.
    registered, simulated : float
        People in the mean of these days, and of all members.
    crps : float
        Mean of the fair continuous ranked probability score, in people.
    coverage : tuple of float
        Share of these days on which the registered people lie in the band, for each of :data:`BAND_WIDTHS`.
    """

    place: str
    name: str
    days: int
    registered: float
    simulated: float
    crps: float
    coverage: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class BaselineScores:
    """How a naive forecast did, and the simulation on the same days.

    Attributes
    ----------
    days, camp_days : int
        Days with registrations, and of them camps and days with any, for which the forecast is defined.
    difference, error : float
        Averaged relative difference, rescaled, and mean absolute error per camp and day in people, which is the
        CRPS of a single forecast.
    difference_ratio, crps_ratio : float
        The simulation's score over that of the naive forecast. Below 1 the simulation is better.
    knows_later : bool
        Whether it uses registrations of the days that it is scored on.
    """

    name: str
    meaning: str
    days: int
    camp_days: int
    difference: float
    error: float
    difference_ratio: float
    crps_ratio: float
    knows_later: bool


@dataclass(frozen=True, slots=True)
class Scores:
    """How a run compares with registrations.

    Attributes
    ----------
    days, days_without : int
        Days of the run, and those on which nobody is registered anywhere, which have no relative difference.
    camp_days, camp_days_without : int
        Camps times days, and those on which nobody is registered in the camp, which are in no coverage and CRPS.
    misplaced_share : float
        Share of the simulated people in camps who are in a camp on a day on which nobody is registered there.
    difference, difference_normal : float
        Averaged relative difference, rescaled and not, in the mean of members.
    difference_low, difference_high : float
        The least and the greatest rescaled one among members.
    flee_difference, flee_difference_normal : float
        The same as Flee computes them: days without registrations count as 0.
    coverage, coverage_expected : tuple of float
        Shares of camps and days in the bands of :data:`BAND_WIDTHS`; and what they would be in the mean for an
        ensemble of this size that is perfect.
    crps, crps_relative, interval_score : float
        Fair CRPS per camp and day; the same over the mean registered; weighted interval score.
    registered, simulated : float
        People per camp and day, in the mean of those with registrations.
    capacities_at_peak : int
        Camps whose capacity is within :data:`NEAR_PEAK` of the most people ever registered in them: a sign that the
        scenario knows what is to be forecast.
    camps : tuple of CampScores
        One for each camp that may be shown.
    camps_hidden : int
        Camps marked sensitive: they are in all sums, and not in ``camps``.
    """

    days: int
    days_without: int
    camp_days: int
    camp_days_without: int
    misplaced_share: float
    difference: float
    difference_low: float
    difference_high: float
    difference_normal: float
    flee_difference: float
    flee_difference_normal: float
    coverage: tuple[float, ...]
    coverage_expected: tuple[float, ...]
    crps: float
    crps_relative: float
    interval_score: float
    registered: float
    simulated: float
    capacities_at_peak: int
    camps_hidden: int
    camps: tuple[CampScores, ...]
    baselines: tuple[BaselineScores, ...]

    @property
    def camp_count(self) -> int:
        """Number of camps, with those that are not shown."""
        return len(self.camps) + self.camps_hidden

    @property
    def camps_without(self) -> tuple[str, ...]:
        """Names of camps in which nobody is ever registered."""
        return tuple(camp.name for camp in self.camps if camp.days == 0)


@dataclass(frozen=True, slots=True)
class Validation:
    """A conflict of the past, run and compared with registrations, and where that comes from.

    Attributes
    ----------
    scenario, title, scenario_hash, settings : str
        Which scenario, and the settings of Flee that it was read with; empty for its own.
    counts : int
        Counts of people registered in its reports. Between them registrations are interpolated.
    totals_known : bool
        Whether people set out as registrations rise, so that the totals are an input, not a forecast.
    seconds : float
        For the simulation, without reading and without compiling, on ``workers`` threads.
    """

    scenario: str
    title: str
    scenario_hash: str
    settings: str
    first_day: dt.date
    last_day: dt.date
    seed: int
    members: int
    workers: int
    counts: int
    totals_known: bool
    seconds: float
    scores: Scores

    @property
    def seconds_per_member(self) -> float:
        """Seconds of the simulation over the number of members."""
        return self.seconds / self.members

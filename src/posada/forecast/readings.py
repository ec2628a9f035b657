"""What a reported number of people says about the true one, and what several that contradict say together.

Each figure is read as a range, then the ranges are put together: the lowest and the highest end that any of
them leaves possible, and the median of their middles, weighted by the reliability of the sources. Figures that
contradict each other so widen the range; they are not averaged away.

How a figure is read (the numbers are those of ``data/caravans/README.md``, paragraph *Speakers*):

- *about v*: 10 % to either side. A register is within 10 %, and nobody else is better than a register.
- *at least v*: from v up to a quarter more, the least by which speakers were found to differ; *up to v* alike
  downwards; *low to high*: as stated.
- An organiser gives 1.25 to 2.6 times, in the middle 1.7 times, what counts and officials give. Where somebody
  else gives a figure as well, an organiser's can therefore only raise the upper end. Where nobody does, the
  number is between the figure divided by 2.6 and the figure, most likely the figure divided by 1.7.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from posada.model.start import Range
from posada.model.statements import Report

BEST_PRECISION = 0.1
OPEN_END = 1.25
ORGANISER_MIDDLE = 1.7
ORGANISER_MOST = 2.6
_ORGANISERS = ("organiser",)


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure read as a range, with the weight of its source and whether an organiser gave it."""

    low: float
    middle: float
    high: float
    weight: float
    by_organiser: bool


def read_figure(report: Report, reliability: float) -> Reading | None:
    """Return what the figure of a report says; ``None`` when it has none."""
    low, value, high = report.value_low, report.value, report.value_high
    by_organiser = report.speaker_role in _ORGANISERS
    if low is not None and says_at_least(report):
        return Reading(low, low, low * OPEN_END, reliability, by_organiser)
    if high is not None and says_up_to(report):
        return Reading(high / OPEN_END, high, high, reliability, by_organiser)
    known = [figure for figure in (low, value, high) if figure is not None]
    if not known:
        return None
    middle = value if value is not None else sum(known) / len(known)
    lowest = low if low is not None else middle * (1 - BEST_PRECISION)
    highest = high if high is not None else middle * (1 + BEST_PRECISION)
    return Reading(min(lowest, middle), middle, max(highest, middle), reliability, by_organiser)


def says_at_least(report: Report) -> bool:
    """Say whether a report gives only the least that a number is."""
    return report.value_low is not None and report.value in (None, report.value_low) and report.value_high is None


def says_up_to(report: Report) -> bool:
    """Say whether a report gives only the most that a number is."""
    return report.value_high is not None and report.value in (None, report.value_high) and report.value_low is None


def combine(readings: Iterable[Reading]) -> Range | None:
    """Return the range that readings of one number leave possible; ``None`` when there are none."""
    rows = list(readings)
    others = [row for row in rows if not row.by_organiser]
    if not rows:
        return None
    if not others:
        rows = [
            Reading(row.middle / ORGANISER_MOST, row.middle / ORGANISER_MIDDLE, row.middle, row.weight, True)
            for row in rows
        ]
        return _put_together(rows, rows)
    return _put_together(others, rows)


def _put_together(believed: list[Reading], ceilings: list[Reading]) -> Range:
    low = min(row.low for row in believed)
    high = max(*(row.high for row in believed), *(row.middle for row in ceilings))
    return Range(round(low), round(weighted_median(believed)), round(high))


def weighted_median(rows: list[Reading]) -> float:
    """Return the middle value at which half of the weight lies below; between two when it falls on the seam."""
    weighing = [row for row in rows if row.weight > 0]
    weights: dict[float, float] = {}  # of each middle, so that the order of equal ones does not matter
    for row in sorted(weighing or rows, key=lambda row: (row.middle, row.weight)):
        weights[row.middle] = weights.get(row.middle, 0.0) + (row.weight if weighing else 1.0)
    middles = list(weights)
    half = sum(weights.values()) / 2
    passed = 0.0
    for index, middle in enumerate(middles):
        passed += weights[middle]
        if passed > half * (1 + 1e-12):
            return middle
        if passed >= half * (1 - 1e-12) and index + 1 < len(middles):
            return (middle + middles[index + 1]) / 2
    return middles[-1]

"""How a distribution is made of readings: the formulas of ``docs/explanation/parameters.md``.

Two kinds of reading: values, and counts of successes among trials. Both are shrunk towards the catalogue's
default and spread as far as a *new* journey may differ, not as far as the mean is known.
"""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from posada.model.errors import InvalidValueError
from posada.model.past_journeys import Reading
from posada.model.rates import Rate

WEIGHT_OF_DEFAULT = 2.0
"""The catalogue's default counts as so many journeys, or mornings."""

ASSUMED_CORRELATION = 0.2
CORRELATION_BOUNDS = (0.05, 0.5)
Range = tuple[float, float, float]

UNTOLD: dict[str, Range] = {
    "hazard_per_day": (0.0001, 0.001, 0.005),
    "capacity_per_day": (50.0, 200.0, 1000.0),
    "held": (0.02, 0.1, 0.3),
}
"""Low, likely and high of a transition of which no journey tells, by kind; *held*: of people who are held.

0.1 % a day, a tenth to five times of it: in six weeks up to 20 %. Half a dozen transitions are open to everybody, so
more for each would take it for granted that nearly everybody leaves. Nobody may be held for long without being sent
back or let go: days to weeks."""

SPREAD_OF_STAGES = ("walk_km_day_sigma", "walk_km_per_day")


@dataclass(frozen=True)
class Learned:
    """The distribution of a rate, with what it was learned from; no readings: the default stands."""

    rate: Rate
    law: str
    values: tuple[float, ...]
    readings: tuple[Reading, ...]


def default_moments(rate: Rate) -> tuple[float, float]:
    """Return mean and standard deviation of a default, of the logarithm when it is log-normal."""
    a, b, *rest = (*rate.values, 0.0)
    match rate.distribution:
        case "beta":
            return a / (a + b), math.sqrt(a * b / ((a + b) ** 2 * (a + b + 1)))
        case "lognormal":
            return math.log(a), b
        case "triangular":
            c = rest[0]
            return (a + b + c) / 3, math.sqrt((a * a + b * b + c * c - a * b - a * c - b * c) / 18)
        case "uniform":
            return (a + b) / 2, (b - a) / math.sqrt(12)
        case "normal":
            return a, b
    raise InvalidValueError(f"nothing is learned about the constant {rate.name}.")


def weighed(readings: Iterable[Reading], of: Callable[[float], float]) -> list[tuple[float, float]]:
    """Return (weight, mean of the transformed values) for each journey, or for what is counted apart."""
    together: dict[str, list[Reading]] = defaultdict(list)
    for reading in readings:
        together[reading.counted_as].append(reading)
    return [(rows[0].weight, statistics.fmean(of(row.value) for row in rows)) for rows in together.values()]


def shrunken(points: list[tuple[float, float]], mean: float, sd: float) -> tuple[float, float]:
    """Return mean and predictive standard deviation of a new journey, shrunk towards a default."""
    total = WEIGHT_OF_DEFAULT + sum(weight for weight, _ in points)
    centre = (WEIGHT_OF_DEFAULT * mean + sum(weight * value for weight, value in points)) / total
    squares = WEIGHT_OF_DEFAULT * (sd * sd + (mean - centre) ** 2)
    squares += sum(weight * (value - centre) ** 2 for weight, value in points)
    return centre, math.sqrt(squares / total * (1 + 1 / total))


def from_values(rate: Rate, points: list[tuple[float, float]]) -> tuple[float, ...]:
    """Return the values of the rate's law with the shrunken mean and spread of the points."""
    mean, sd = shrunken(points, *default_moments(rate))
    if rate.distribution == "lognormal":
        return math.exp(mean), sd
    if rate.distribution == "beta":
        together = max(mean * (1 - mean) / sd**2 - 1, 1.0)
        return mean * together, (1 - mean) * together
    if rate.distribution == "triangular":
        half = math.sqrt(6) * sd
        return tuple(min(max(x, rate.minimum), rate.maximum) for x in (mean - half, mean, mean + half))
    raise InvalidValueError(f"no way to learn a {rate.distribution} distribution ({rate.name}).")


def correlation_within(counts: list[tuple[float, float, float]]) -> float:
    """Return how alike the trials of one journey are, inside bounds, from (successes, trials, weight).

    Kleinman's moment estimator for proportions with extraneous variance, with general weights: J. C. Kleinman,
    J. Am. Stat. Assoc. 68 (1973) 46-54, doi:10.1080/01621459.1973.10481332.
    """
    weights = [weight * n for _, n, weight in counts]
    total = sum(weights)
    share = sum(w * k / n for w, (k, n, _) in zip(weights, counts, strict=True)) / total
    varied = share * (1 - share)
    within = sum(w / n * (1 - w / total) for w, (_, n, _) in zip(weights, counts, strict=True))
    free = sum(w * (1 - w / total) for w in weights) - within
    if len(counts) < 3 or varied == 0 or free <= 0:
        return ASSUMED_CORRELATION
    squares = sum(w * (k / n - share) ** 2 for w, (k, n, _) in zip(weights, counts, strict=True))
    low, high = CORRELATION_BOUNDS
    return min(max((squares / varied - within) / free, low), high)


def from_counts(rate: Rate, readings: list[Reading]) -> tuple[float, float]:
    """Return the beta distribution of the share in a new journey, from successes and trials by journey."""
    counts = [(row.value, row.trials or 0.0, row.weight) for row in readings]
    alike = correlation_within(counts)
    weights = [weight * n / (1 + (n - 1) * alike) for _, n, weight in counts]
    total = WEIGHT_OF_DEFAULT + sum(weights)
    mean = WEIGHT_OF_DEFAULT * default_moments(rate)[0]
    mean = (mean + sum(w * k / n for w, (k, n, _) in zip(weights, counts, strict=True))) / total
    together = max(1 / (alike + 1 / (total + 1)) - 1, 1.0)
    return mean * together, (1 - mean) * together


def spread_of_stages(readings: Iterable[Reading]) -> list[tuple[float, float]]:
    """Return (weight, standard deviation of the log stage) of each journey with two stages or more."""
    stages: dict[str, list[Reading]] = defaultdict(list)
    for reading in readings:
        stages[reading.journey].append(reading)
    return [
        (rows[0].weight, statistics.stdev(math.log(row.value) for row in rows))
        for rows in stages.values()
        if len(rows) >= 2
    ]


def learn(rate: Rate, readings: tuple[Reading, ...]) -> Learned:
    """Return the distribution of a rate from its readings, or its default when there are none."""
    spread, stages = SPREAD_OF_STAGES
    own = tuple(row for row in readings if row.rate == (stages if rate.name == spread else rate.name))
    if not own:
        return Learned(rate, rate.distribution, rate.values, ())
    if any((row.trials is None) != (own[0].trials is None) for row in own):
        raise InvalidValueError(f"some readings of {rate.name} have trials and others none: {own[0].where}. Decide.")
    if rate.name == spread:
        values = from_values(rate, spread_of_stages(own))
    elif own[0].trials is not None:
        values = from_counts(rate, list(own))
    else:
        values = from_values(rate, weighed(own, math.log if rate.distribution == "lognormal" else float))
    return Learned(rate, rate.distribution, tuple(to_digits(value) for value in values), own)


def to_digits(value: float) -> float:
    """Return a number with three significant digits."""
    return float(f"{value:.3g}")


def range_of(values: Iterable[float], weight: float, otherwise: Range) -> Range:
    """Return low, likely and high: the median, and the least and most moved out by 1 + 1/n.

    Readings whose journeys weigh less than one journey in all, because those were handled otherwise, make that part of
    the range, and what is taken where nobody has a reading makes the rest.
    """
    ordered = sorted(values)
    out, share = 1 + 1 / len(ordered), min(weight, 1.0)
    own = ordered[0] / out, statistics.median(ordered), ordered[-1] * out
    low, likely, high = (share * a + (1 - share) * b for a, b in zip(own, otherwise, strict=True))
    return low, likely, high


def weight_of_journeys(readings: Iterable[Reading]) -> float:
    """Return how many journeys some readings are worth."""
    return sum({row.journey: row.weight for row in readings}.values())

"""What past journeys teach, judged on what was left out: each journey's readings under what the others say.

The score is the continuous ranked probability score (T. Gneiting and A. E. Raftery, 2007,
doi:10.1198/016214506000001437), of the logarithm for log-normal rates and of the share for counts, whose chance number
of successes is part of the prediction. Beside it stand two forecasts without learning: the default of the catalogue,
and the readings of the other journeys as they are.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import betabinom, binom

from posada.engine.luck import Law
from posada.engine.world import Floats
from posada.forecast.journey_priors import SPREAD_OF_STAGES, learn, spread_of_stages
from posada.forecast.journey_tables import readings_of, transition_range, untold
from posada.forecast.scores import ensemble_crps
from posada.forecast.skill import compare_scores
from posada.model.file_scores import Skill
from posada.model.past_journeys import BORDER, PROCEDURE, PastJourneys, Reading
from posada.model.rates import RATES, Rate
from posada.model.scenario import Scenario

BAND = (0.1, 0.9)
"""The band of 80 %, within which a new journey is expected."""

_LEVELS = (np.arange(999) + 0.5) / 999


@dataclass(frozen=True, slots=True)
class LeftOutScore:
    """A reading of a journey under what the others teach, or the mean of those that count once.

    Attributes
    ----------
    rate, journey, counted_as : str
        As of :class:`posada.model.past_journeys.Reading`.
    value : float
        In the unit of the rate.
    crps, crps_default : float
        Score of what the others teach, and of what is taken without any journey.
    crps_others : float
        Score of the readings of the others as they are; ``nan`` when there is none.
    rank : float
        Share of what was predicted below the value, half of what is equal to it counted: evenly spread from 0 to 1 when
        ranges are as wide as they should be.
    """

    rate: str
    journey: str
    counted_as: str
    value: float
    crps: float
    crps_default: float
    crps_others: float
    rank: float


_Unit = tuple[str, float, float | None]  # counted as, value on the scale of the score, trials


def score_left_out(
    past: PastJourneys, scenario: Scenario, handled: str, *, without: Collection[str] = ()
) -> tuple[LeftOutScore, ...]:
    """Return the scores of all readings, each journey left out in turn with all readings that use its reports.

    Where journeys end is not scored: few readings tell of it, and they are no chances.

    Parameters
    ----------
    handled : str
        How a journey is handled of which nothing is said: readings at the border. Of the others it is known.
    without : collection of str
        Journeys that teach nothing about any other.
    """
    found: list[LeftOutScore] = []
    for journey in past.journeys:
        own = [row for row in past.readings if row.journey == journey.id]
        way = handled if journey.handled == BORDER else journey.handled
        others = past.readings_for(way, without={journey.id, *without})
        for rate in RATES.values():
            found += _scores_of_rate(rate, journey.id, own, others)
        for name in dict.fromkeys(row.rate for row in own if row.rate.startswith(PROCEDURE)):
            found += _scores_of_transition(name, journey.id, own, others, scenario)
    return tuple(sorted(found, key=lambda row: row.rate))


def told_by_others(scores: Sequence[LeftOutScore]) -> dict[str, list[LeftOutScore]]:
    """Return the scores of each number of which more than the journey itself tells, by its name."""
    by_rate: dict[str, list[LeftOutScore]] = {}
    for row in scores:
        if not math.isnan(row.crps_others):
            by_rate.setdefault(row.rate, []).append(row)
    return by_rate


def left_out_skills(rows: Sequence[LeftOutScore]) -> tuple[Skill, Skill]:
    """Return the skill against the default, and against the others as they are, with journeys as independent units.

    Each number counts alike, whatever its unit.
    """
    crps, default, others = (
        np.array([getattr(row, column) for row in rows]) for column in ("crps", "crps_default", "crps_others")
    )
    journeys = [row.journey for row in rows]
    rates = np.array([row.rate for row in rows])

    def skill(naive: Floats, name: str) -> Skill:
        scale = np.array([naive[rates == rate].sum() or np.nan for rate in rates])
        return compare_scores(crps / scale, naive / scale, journeys, name=name)

    return skill(default, "crps_default"), skill(others, "crps_others")


def share_held(rows: Sequence[LeftOutScore]) -> float:
    """Return the share of values within the band of 80 %."""
    low, high = BAND
    return float(np.mean([low <= row.rank <= high for row in rows]))


def _scores_of_rate(
    rate: Rate, journey: str, own: Sequence[Reading], others: Sequence[Reading]
) -> Iterator[LeftOutScore]:
    is_log = rate.distribution == "lognormal"
    scale: Callable[[float], float] = math.log if is_log else float
    units = _units(rate, own, scale)
    if not units:
        return
    learned = learn(rate, tuple(others))
    laws = [
        Law(law, values, *rate.bounds)
        for law, values in ((learned.law, learned.values), (rate.distribution, rate.values))
    ]
    as_they_are = np.array([value / (trials or 1.0) for _, value, trials in _by_journey(rate, others, scale)])
    for name, value, trials in units:
        if trials is not None:
            yield _score_of_count(rate, (journey, name), (round(value), round(trials)), laws, as_they_are)
            continue
        drawn = [law.quantile(_LEVELS) for law in laws]
        members = [np.log(np.maximum(row, 1e-12)) if is_log else row for row in drawn]
        shown = math.exp(value) if is_log else value
        yield _score(rate.name, (journey, name), (value, shown), members, as_they_are)


def _scores_of_transition(
    name: str, journey: str, own: Sequence[Reading], others: Sequence[Reading], scenario: Scenario
) -> Iterator[LeftOutScore]:
    mine = [row for row in own if row.rate == name]
    transition = next(row for row in scenario.procedure if readings_of(mine, row.id))
    used = readings_of(others, transition.id)
    default = untold(transition) or (transition.low, transition.likely, transition.high)
    ranges = transition_range(transition, used) if used else default, default
    members = [Law("triangular", row, 0.0, math.inf).quantile(_LEVELS) for row in ranges]
    as_they_are = np.array([row.value for row in used])
    for row in mine:
        yield _score(name, (journey, row.counted_as), (row.value, row.value), members, as_they_are)


def _by_journey(rate: Rate, readings: Sequence[Reading], scale: Callable[[float], float]) -> list[_Unit]:
    by_journey: dict[str, list[Reading]] = defaultdict(list)
    for row in readings:
        by_journey[row.journey].append(row)
    return [unit for rows in by_journey.values() for unit in _units(rate, rows, scale)]


def _units(rate: Rate, own: Sequence[Reading], scale: Callable[[float], float]) -> list[_Unit]:
    """Return what one journey tells of a rate, what counts once together."""
    spread, stages = SPREAD_OF_STAGES
    if rate.name == spread:
        walked = [row for row in own if row.rate == stages]
        return [(walked[0].journey, value, None) for _, value in spread_of_stages(walked)]
    rows = [row for row in own if row.rate == rate.name]
    counts: list[_Unit] = [(row.counted_as, row.value, row.trials) for row in rows if row.trials is not None]
    together: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        if row.trials is None:
            together[row.counted_as].append(scale(row.value))
    return [*counts, *((name, math.fsum(values) / len(values), None) for name, values in together.items())]


def _score(
    rate: str, whose: tuple[str, str], value: tuple[float, float], members: Sequence[Floats], as_they_are: Floats
) -> LeftOutScore:
    scaled, shown = value
    observed = np.array(scaled)
    own, default = (float(ensemble_crps(row, observed, fair=False)) for row in members)
    others = float(ensemble_crps(as_they_are, observed, fair=False)) if as_they_are.size else math.nan
    rank = float(np.mean(members[0] < scaled) + np.mean(members[0] == scaled) / 2)
    return LeftOutScore(rate, *whose, shown, own, default, others, rank)


def _score_of_count(
    rate: Rate, whose: tuple[str, str], counted: tuple[int, int], laws: Sequence[Law], as_they_are: Floats
) -> LeftOutScore:
    successes, trials = counted
    own, default = (_beta_binomial(trials, *law.values) for law in laws)
    others = math.nan
    if as_they_are.size:
        others = _crps_of_count(
            np.mean([_binomial(trials, share) for share in as_they_are.tolist()], axis=0), successes
        )
    rank = float(own[:successes].sum() + own[successes] / 2)
    share = successes / trials
    return LeftOutScore(
        rate.name, *whose, share, _crps_of_count(own, successes), _crps_of_count(default, successes), others, rank
    )


def _beta_binomial(trials: int, alpha: float, beta: float) -> Floats:
    """Return the chances of 0 to ``trials`` successes when the share is beta."""
    return np.asarray(betabinom.pmf(np.arange(trials + 1), trials, alpha, beta))


def _binomial(trials: int, share: float) -> Floats:
    return np.asarray(binom.pmf(np.arange(trials + 1), trials, share))


def _crps_of_count(chances: Floats, successes: int) -> float:
    """Return the score of the share of successes: squares between the steps of both distributions, over the trials."""
    trials = chances.size - 1
    reached = np.arange(trials) >= successes
    return float(np.sum((np.cumsum(chances)[:-1] - reached) ** 2) / trials)

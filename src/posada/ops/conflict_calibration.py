"""Calibration on conflicts: many drawn sets of numbers are run on each, and how well each did is written down.

What comes of it is evidence, not one posterior: a forecast of a conflict weighs the draws by all conflicts but its own
(:mod:`posada.forecast.conflict_weights`), so one table serves every conflict that is left out.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from posada.forecast.conflict_numbers import LEARNED_NUMBERS, LearnedNumber, prior_draws
from posada.forecast.conflict_runs import Beginning, ConflictRuns, Numbers, counted_in, prepare_conflict, run_numbers
from posada.forecast.conflict_spread import ARRIVALS_SIGMA, COUNTS_SIGMA, spread_shares
from posada.forecast.conflict_totals import ORIGIN_DAYS, TOTAL_NUMBERS, past_totals, total_error
from posada.forecast.conflict_vintage import conflict_as_known
from posada.forecast.conflict_weights import KEPT_DRAWS, best_draws
from posada.forecast.quantiles import quantiles
from posada.forecast.scores import averaged_relative_difference, coverage, ensemble_crps
from posada.io.conflict_evidence import evidence_texts
from posada.io.results import check_target, write_results
from posada.model.conflict_evidence import ConflictEvidence, LearnedFromConflicts, PastConflict
from posada.model.errors import InvalidValueError
from posada.model.registrations import reception_places
from posada.model.scenario import Scenario
from posada.ops.processors import usable_processors
from posada.ops.request import Tell, say_nothing
from posada.ops.validation import read_counted, refuse_namesakes, stamp_of_several

Floats = NDArray[np.float64]

SPREAD_FROM_DAY = 30
"""Besides the first day, from where the spread of members is learned."""

SPREAD_MEMBERS = 96
SPREAD_EVERY_DAYS = 5
TOTAL_MEMBERS = 64

ARRIVALS_SIGMAS = (0.2, 0.35, 0.5, 0.7, 0.9, 1.2)
COUNTS_SIGMAS = (0.02, 0.05, 0.1, 0.15, 0.2, 0.3)
"""The values of the two spreads that are tried, each with each."""


@dataclass(frozen=True, slots=True)
class CalibrationRequest:
    """What is asked for: conflicts by folder or name, and how many sets of numbers are drawn."""

    scenarios: tuple[str, ...]
    settings: str | None = None
    draws: int = 240
    seed: int = 1
    workers: int | None = None
    out: Path | None = None


@dataclass(frozen=True, slots=True)
class CalibrationAnswer:
    """What came of a request: the evidence, and the files."""

    request: CalibrationRequest
    learned: LearnedFromConflicts
    files: tuple[Path, ...] = ()


@dataclass(frozen=True)
class _Past:
    """A conflict of the past with its runs from the first day, one for each draw."""

    scenario: Scenario
    runs: ConflictRuns
    registered: Floats  # (days, camps)
    people: Floats  # (draws, days, camps)


def calibrate_all(
    request: CalibrationRequest, *, tell: Tell = say_nothing, made_at: dt.datetime | None = None
) -> CalibrationAnswer:
    """Learn from several conflicts, and write what was learned when a folder is named.

    Raises
    ------
    PosadaError
        When the input is at fault. Nothing is written then.
    """
    if len(request.scenarios) < 2:
        raise InvalidValueError("what is learned from one conflict is judged on another one. Name at least two.")
    if request.draws < 2 * KEPT_DRAWS:
        raise InvalidValueError(f"{request.draws} draws are too few to choose from. Draw at least {2 * KEPT_DRAWS}.")
    if request.out is not None:
        check_target(request.out)
    scenarios = read_counted(request.scenarios, request.settings, tell, what="what is to be learned from")
    refuse_namesakes(scenarios)
    workers = usable_processors() if request.workers is None else request.workers
    learned = learn_from_conflicts(scenarios, request.draws, request.seed, workers=workers, tell=tell)
    answer = CalibrationAnswer(request, learned)
    if request.out is None:
        return answer
    return dataclasses.replace(answer, files=tuple(_write(answer, scenarios, request.out, made_at)))


def learn_from_conflicts(
    scenarios: Sequence[Scenario], draws: int, seed: int, *, workers: int = 1, tell: Tell = say_nothing
) -> LearnedFromConflicts:
    """Return what conflicts of the past say; see :class:`~posada.model.conflict_evidence.LearnedFromConflicts`."""
    conflicts = tuple(PastConflict(row.settings.id, row.settings.start) for row in scenarios)
    values = prior_draws(draws, seed, LEARNED_NUMBERS)
    numbers = named_numbers(LEARNED_NUMBERS, values)
    whole, done = draws * len(scenarios), [0]

    def one_more() -> None:
        done[0] += 1
        tell("calibrate", done[0], whole)

    totals = _learn_totals(conflicts, scenarios, draws, seed)
    past = [_run_past(row, numbers, seed=seed, workers=workers, one_more=one_more) for row in scenarios]
    errors = [averaged_relative_difference(row.people, row.registered) for row in past]
    names = tuple(number.name for number in LEARNED_NUMBERS)
    movement = ConflictEvidence(conflicts, names, values, np.column_stack(errors))
    spread, held = _learn_spread(movement, past, numbers, seed=seed, workers=workers)
    return LearnedFromConflicts(movement, totals, spread, held)


def named_numbers(table: Sequence[LearnedNumber], values: Floats) -> list[dict[str, float]]:
    """Return sets of numbers by name, in the order of the rows."""
    return [dict(zip((number.name for number in table), map(float, row), strict=True)) for row in values]


def _run_past(
    scenario: Scenario, numbers: Sequence[Numbers], *, seed: int, workers: int, one_more: Callable[[], None]
) -> _Past:
    most = float(counted_in(scenario, reception_places(scenario)).sum(axis=1).max())
    runs = prepare_conflict(scenario, most)
    registered = counted_in(scenario, runs.camps)
    beginning = Beginning(0, registered[0], registered.sum(axis=1)[None])
    people = run_numbers(runs, numbers, beginning, seed=seed, workers=workers, progress=one_more)
    return _Past(scenario, runs, registered, people)


def _learn_totals(
    conflicts: tuple[PastConflict, ...], scenarios: Sequence[Scenario], draws: int, seed: int
) -> ConflictEvidence:
    values = prior_draws(draws, seed, TOTAL_NUMBERS)
    numbers = named_numbers(TOTAL_NUMBERS, values)
    errors = []
    for scenario in scenarios:
        past = past_totals(scenario)
        if not past:
            raise InvalidValueError(
                f"'{scenario.settings.id}' is too short, or was counted too late, to learn how registrations go on: a "
                f"count by day {ORIGIN_DAYS} and as many days after it are needed. Leave it out."
            )
        errors.append([total_error(past, own, members=TOTAL_MEMBERS) for own in numbers])
    return ConflictEvidence(conflicts, tuple(row.name for row in TOTAL_NUMBERS), values, np.column_stack(errors))


def _learn_spread(
    movement: ConflictEvidence, past: Sequence[_Past], numbers: Sequence[Numbers], *, seed: int, workers: int
) -> tuple[ConflictEvidence, ConflictEvidence]:
    """Return CRPS and coverage of the tried spreads, each conflict run with what the others teach."""
    values = np.array([(arrivals, counts) for arrivals in ARRIVALS_SIGMAS for counts in COUNTS_SIGMAS])
    crps = np.empty((len(values), len(past)))
    held = np.empty_like(crps)
    for column, row in enumerate(past):
        others = movement.others(row.scenario.settings.id, row.scenario.settings.start)
        kept = best_draws(movement, others, KEPT_DRAWS)
        cases = [(row.people[kept], row.registered, row.registered[0])]
        if row.runs.days > 2 * SPREAD_FROM_DAY:
            cases.append(_from_later(row, [numbers[at] for at in kept], seed=seed, workers=workers))
        for at, (arrivals, counts) in enumerate(values.tolist()):
            spread = {ARRIVALS_SIGMA: arrivals, COUNTS_SIGMA: counts}
            scores = [_spread_scores(row.runs.camps, *case, spread, seed=seed) for case in cases]
            crps[at, column], held[at, column] = np.mean(scores, axis=0)
    names = (ARRIVALS_SIGMA, COUNTS_SIGMA)
    return ConflictEvidence(movement.conflicts, names, values, crps), ConflictEvidence(
        movement.conflicts, names, values.copy(), held
    )


def _from_later(row: _Past, numbers: Sequence[Numbers], *, seed: int, workers: int) -> tuple[Floats, Floats, Floats]:
    """Return runs from a later day, totals known: people, registrations, and who was counted then."""
    day = SPREAD_FROM_DAY
    known = conflict_as_known(row.scenario, row.scenario.settings.start + dt.timedelta(days=day))
    at_start = counted_in(known, row.runs.camps)[day]
    beginning = Beginning(day, at_start, row.registered[day:].sum(axis=1)[None])
    return run_numbers(row.runs, numbers, beginning, seed=seed, workers=workers), row.registered[day:], at_start


def _spread_scores(
    camps: Sequence[str],
    people: Floats,
    registered: Floats,
    at_start: Floats,
    spread: dict[str, float],
    *,
    seed: int,
) -> tuple[float, float]:
    """Return CRPS over the people registered, and the share of camp-days in the band of 80 %."""
    every = slice(None, None, SPREAD_EVERY_DAYS)
    shares = spread_shares(people, at_start, camps, spread, members=SPREAD_MEMBERS, seed=seed)
    members = (shares * registered.sum(axis=1)[None, :, None])[:, every]
    truth = registered[every]
    among = truth > 0
    low, high = quantiles(np.moveaxis(members, 0, -1), (0.1, 0.9))
    crps = ensemble_crps(members, truth)[among].mean() / truth[among].mean()
    return float(crps), coverage(low, high, truth, among)


def _write(
    answer: CalibrationAnswer, scenarios: Sequence[Scenario], out: Path, made_at: dt.datetime | None
) -> Sequence[Path]:
    request = answer.request
    stamp = stamp_of_several(
        [(row.settings.id, row.settings.title, row.hash) for row in scenarios],
        "Learned from",
        seed=request.seed,
        members=request.draws,
        made_at=made_at,
    )

    def more(folder: Path) -> None:
        for name, text in evidence_texts(answer.learned).items():
            (folder / name).write_text(text, encoding="utf-8", newline="")

    details = {
        "options": {"scenarios": list(request.scenarios), "settings": request.settings, "draws": request.draws},
        "scenarios": {row.settings.id: row.hash for row in scenarios},
    }
    return write_results(out, stamp, tables={}, features={}, details=details, more=more)

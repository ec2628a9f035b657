"""Validation of forecasts of conflicts from a day on: with the totals known, and without, beside naive forecasts."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posada.forecast.conflict_runs import counted_in
from posada.forecast.conflict_vintage import conflict_as_known
from posada.forecast.naive_counts import naive_counts
from posada.forecast.registered_truth import registered_truth
from posada.forecast.score_table import Case, score_cases
from posada.forecast.scores import averaged_relative_difference
from posada.io.conflict_evidence import bundled_evidence, read_evidence
from posada.io.hub import fill_forecast_files
from posada.io.results import check_target, write_results
from posada.io.stamp import stamp_record
from posada.model.conflict_evidence import LearnedFromConflicts
from posada.model.conflict_forecast import ConflictForecast
from posada.model.conflict_validation import ConflictScores
from posada.model.errors import InvalidValueError
from posada.model.forecast_file import REGISTERED_TARGET, ForecastFile, Series
from posada.model.scenario import Scenario
from posada.model.validation import BAND_WIDTHS
from posada.ops.conflict_forecast import conflict_file, conflict_stamp, forecast_conflict
from posada.ops.processors import usable_processors
from posada.ops.request import Tell, say_nothing
from posada.ops.validation import read_counted, refuse_namesakes, settings_name, stamp_of_several
from posada.ops.validation_tables import columns_of, plain_values

Floats = NDArray[np.float64]

KNOWN_SHARES, KNOWN_CAPACITY = "last shares, totals known", "by capacity, totals known"
"""Naive forecasts that are told the totals."""


@dataclass(frozen=True, slots=True)
class ConflictRequest:
    """What is asked for: conflicts by folder or name, and from which of their days on they are forecast."""

    scenarios: tuple[str, ...]
    from_day: int
    settings: str | None = None
    members: int = 100
    seed: int = 1
    workers: int | None = None
    out: Path | None = None
    learned: Path | None = None


@dataclass(frozen=True, slots=True)
class ConflictAnswer:
    """What came of a request.

    ``scores`` has two records for each conflict, totals known first, and from the first day on that one only;
    ``over_all`` those over all of them, empty when there is one. ``not_forecast`` says of which conflicts there is no
    forecast without totals, and why.
    """

    request: ConflictRequest
    scores: tuple[ConflictScores, ...]
    over_all: tuple[ConflictScores, ...]
    not_forecast: dict[str, str]
    files: tuple[Path, ...] = ()


@dataclass(frozen=True)
class _Judged:
    """A forecast of one conflict beside what happened."""

    forecast: ConflictForecast
    case: Case
    scores: ConflictScores


def validate_conflicts(
    request: ConflictRequest, *, tell: Tell = say_nothing, made_at: dt.datetime | None = None
) -> ConflictAnswer:
    """Forecast past conflicts from a day on, score the forecasts, and write them when a folder is named.

    Raises
    ------
    PosadaError
        When the input is at fault. Nothing is written then.
    """
    if request.out is not None:
        check_target(request.out)
    learned = read_evidence(request.learned or bundled_evidence())
    scenarios = _read_all(request, tell)
    judged: list[_Judged] = []
    not_forecast: dict[str, str] = {}
    ways = (True, False) if request.from_day > 0 else (True,)  # on the first day there is no pace to go on from
    for number, scenario in enumerate(scenarios):
        for way, totals_known in enumerate(ways):
            report = partial(_tell_further, tell, len(ways) * number + way, len(ways) * len(scenarios))
            try:
                judged.append(_judge(scenario, request, learned, totals_known=totals_known, report=report))
            except InvalidValueError as fault:
                if totals_known:
                    raise
                not_forecast[scenario.settings.id] = str(fault)
    answer = ConflictAnswer(request, tuple(row.scores for row in judged), _over_all(judged), not_forecast)
    if request.out is None:
        return answer
    return dataclasses.replace(answer, files=tuple(_write(answer, judged, scenarios, request.out, made_at)))


def _tell_further(tell: Tell, step: int, steps: int, done: int, whole: int) -> None:
    tell("disperse", step * 1000 + round(1000 * done / max(whole, 1)), steps * 1000)


def _read_all(request: ConflictRequest, tell: Tell) -> list[Scenario]:
    scenarios = read_counted(request.scenarios, request.settings, tell)
    refuse_namesakes(scenarios)
    for name, scenario in zip(request.scenarios, scenarios, strict=True):
        length = (scenario.settings.end - scenario.settings.start).days + 1
        if not 0 <= request.from_day < length - 1:
            raise InvalidValueError(
                f"--from-day is {request.from_day}, and '{name}' has {length} days. Name one from 0 to {length - 2}."
            )
    return scenarios


def _judge(
    scenario: Scenario, request: ConflictRequest, learned: LearnedFromConflicts, *, totals_known: bool, report: Any
) -> _Judged:
    forecast = forecast_conflict(
        scenario,
        request.from_day,
        members=request.members,
        seed=request.seed,
        totals_known=totals_known,
        workers=usable_processors() if request.workers is None else request.workers,
        learned=learned,
        progress=report,
    )
    file = conflict_file(forecast, scenario)
    truth = registered_truth(scenario)
    registered = counted_in(scenario, forecast.camps)[request.from_day :]
    known = _known_naive(scenario, forecast, registered) if totals_known else {}
    naive = naive_counts(truth, file) | {
        name: _file_of(people, forecast, scenario.hidden_places) for name, people in known.items()
    }
    case = Case(scenario.settings.id, file, truth, naive)
    (found,) = (row for row in score_cases([case], seed=request.seed) if row.target == REGISTERED_TARGET)
    middle = np.median(forecast.people, axis=0)
    total = np.median(forecast.people.sum(axis=2), axis=0)
    scores = ConflictScores.of_targets(
        found,
        scenario=scenario.settings.id,
        totals_known=totals_known,
        as_of=forecast.as_of,
        difference=float(averaged_relative_difference(middle, registered)),
        difference_normal=float(averaged_relative_difference(middle, registered, rescaled=False)),
        total_error=float(np.abs(total - registered.sum(axis=1)).mean() / registered.sum(axis=1).mean()),
        naive_differences={name: float(averaged_relative_difference(made, registered)) for name, made in known.items()},
        learned_from=forecast.learned_from,
        first_days_used=forecast.first_days_used,
    )
    return _Judged(forecast, case, scores)


def _known_naive(scenario: Scenario, forecast: ConflictForecast, registered: Floats) -> dict[str, Floats]:
    """Return naive forecasts that are told the totals, ``(days, camps)``; none where they are not defined."""
    totals = registered.sum(axis=1, keepdims=True)
    day = (forecast.as_of - scenario.settings.start).days
    last = counted_in(conflict_as_known(scenario, forecast.as_of), forecast.camps)[day]
    capacities = np.array([scenario.place(camp).capacity or np.nan for camp in forecast.camps], np.float64)
    made = {}
    if last.sum() > 0:
        made[KNOWN_SHARES] = totals * last / last.sum()
    if np.isfinite(capacities).all():
        made[KNOWN_CAPACITY] = totals * capacities / capacities.sum()
    return made


def _file_of(people: Floats, forecast: ConflictForecast, hidden: frozenset[str]) -> ForecastFile:
    """Return single numbers as a forecast file, the same at all levels."""
    days = np.array(forecast.dates, "datetime64[D]")
    levels = ForecastFile(forecast.as_of, ()).levels
    series = tuple(
        Series(REGISTERED_TARGET, camp, days, np.repeat(people[:, [column]], len(levels), axis=1))
        for column, camp in enumerate(forecast.camps)
        if camp not in hidden
    )
    return ForecastFile(forecast.as_of, series)


def _over_all(judged: Sequence[_Judged]) -> tuple[ConflictScores, ...]:
    """Return the scores over all conflicts, with totals and without: of bands and differences the means over them."""
    made = []
    for totals_known in (True, False):
        rows = [row for row in judged if row.scores.totals_known == totals_known]
        if len(rows) < 2:
            continue
        (found,) = (row for row in score_cases([row.case for row in rows]) if row.target == REGISTERED_TARGET)
        own = [row.scores for row in rows]
        names = dict.fromkeys(name for row in own for name in row.naive_differences)
        made.append(
            ConflictScores(
                scenario="",
                totals_known=totals_known,
                as_of=None,
                difference=_mean([row.difference for row in own]),
                difference_normal=_mean([row.difference_normal for row in own]),
                total_error=_mean([row.total_error for row in own]),
                crps_relative=_mean([row.crps_relative for row in own]),
                coverage=tuple(_mean([row.coverage[at] for row in own]) for at in range(len(BAND_WIDTHS))),
                coverage_shared=tuple(
                    _mean([row.coverage_shared[at] for row in own]) for at in range(len(BAND_WIDTHS))
                ),
                rows=found.rows,
                naive_differences={
                    name: _mean([row.naive_differences[name] for row in own if name in row.naive_differences])
                    for name in names
                },
                skills=found.skills,
            )
        )
    return tuple(made)


def _mean(values: Sequence[float]) -> float:
    """Return the mean of what is defined; of nothing ``nan``."""
    known = [value for value in values if math.isfinite(value)]
    return sum(known) / len(known) if known else math.nan


def _write(
    answer: ConflictAnswer,
    judged: Sequence[_Judged],
    scenarios: Sequence[Scenario],
    out: Path,
    made_at: dt.datetime | None,
) -> Sequence[Path]:
    request = answer.request
    stamp = stamp_of_several(
        [(row.settings.id, row.settings.title, row.hash) for row in scenarios],
        "Validation on",
        seed=request.seed,
        members=request.members,
        as_of=judged[0].forecast.as_of if len(scenarios) == 1 else None,
        made_at=made_at,
    )

    def more(folder: Path) -> None:
        whole = {
            "posada": stamp_record(stamp),
            "from_day": request.from_day,
            "scores": [plain_values(dataclasses.asdict(row)) for row in answer.scores],
            "over_all": [plain_values(dataclasses.asdict(row)) for row in answer.over_all],
            "not_forecast": answer.not_forecast,
        }
        text = json.dumps(whole, ensure_ascii=False, indent=1) + "\n"
        (folder / "conflicts.json").write_text(text, encoding="utf-8", newline="\n")
        for row in judged:
            if not row.forecast.totals_known:
                record = stamp_record(conflict_stamp(row.forecast, stamp.made_at))
                fill_forecast_files(row.case.forecast, folder / f"hub_{row.scores.scenario}", record)

    details = {
        "options": {
            "scenarios": list(request.scenarios),
            "from_day": request.from_day,
            "settings": settings_name(request.settings),
            "learned": None if request.learned is None else request.learned.name,
        },
        "scenarios": {row.settings.id: row.hash for row in scenarios},
    }
    tables = {"conflicts": [columns_of(_table_row(row) for row in answer.scores)]}
    return write_results(out, stamp, tables=tables, features={}, details=details, more=more)


def _table_row(row: ConflictScores) -> dict[str, Any]:
    bands = {
        f"{name}_{width * 100:.0f}": share
        for name in ("coverage", "coverage_shared")
        for width, share in zip(BAND_WIDTHS, getattr(row, name), strict=True)
    }
    return {
        "scenario": row.scenario,
        "totals_known": row.totals_known,
        "as_of": row.as_of,
        "difference": row.difference,
        "difference_normal": row.difference_normal,
        "total_error": row.total_error,
        "crps_relative": row.crps_relative,
        "camp_days": row.rows,
        "first_days_used": row.first_days_used,
    } | bands

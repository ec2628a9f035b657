"""Scoring: a forecast file beside what happened and beside naive forecasts."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import posada
from posada.forecast.naive import naive_forecasts
from posada.forecast.naive_counts import naive_counts
from posada.forecast.score_table import BLOCK_DAYS, Case, score_cases
from posada.io.folder import read_scenario
from posada.io.hub import read_forecast_stamp
from posada.io.hub_forecast import FORECAST_NAME, read_forecast_file
from posada.io.hub_reading import find_hub_file
from posada.io.results import check_target, write_results
from posada.io.stamp import stamp_record, written_at
from posada.io.truth_file import read_truth_file
from posada.model.errors import InputFileError, InvalidValueError
from posada.model.file_scores import TargetScores
from posada.model.forecast_file import ForecastFile
from posada.model.outlook import Stamp
from posada.model.truth import Truth
from posada.model.validation import BAND_WIDTHS
from posada.ops.validation_tables import columns_of, plain_values


@dataclass(frozen=True, slots=True)
class ScoreRequest:
    """What is asked for: files, or folders with them; ``scenario`` gives the naive forecasts of a journey."""

    forecast: Path
    truth: Path
    baselines: tuple[Path, ...] = ()
    scenario: str | None = None
    block_days: int = BLOCK_DAYS
    horizon_days: int | None = None
    seed: int = 1
    out: Path | None = None


@dataclass(frozen=True, slots=True)
class ScoreAnswer:
    """What came of a request: scores by target, what was compared, and the files."""

    request: ScoreRequest
    origin: dt.date
    forecast_hash: str
    scores: tuple[TargetScores, ...]
    files: tuple[Path, ...] = ()


def score_forecast(request: ScoreRequest, *, made_at: dt.datetime | None = None) -> ScoreAnswer:
    """Score a forecast file, and write the scores when a folder is named.

    Naive forecasts are those of the scenario when one is named, those made of earlier counts of camps in the truth,
    and the files given as baselines, each called by its name.

    Raises
    ------
    PosadaError
        When a file is at fault, or nothing in the truth is forecast. Nothing is written then.
    """
    if request.block_days < 1:
        raise InvalidValueError(f"blocks of {request.block_days} days cannot be made. Give at least 1.")
    if request.out is not None:
        check_target(request.out)
    forecast = read_forecast_file(request.forecast)
    truth = read_truth_file(request.truth)
    case = Case("", forecast, truth, _naive(request, forecast, truth))
    scores = score_cases([case], block_days=request.block_days, horizon_days=request.horizon_days, seed=request.seed)
    if not any(row.rows for row in scores):
        raise InvalidValueError(
            f"no row of '{request.truth}' is forecast by '{request.forecast}' from {forecast.origin_date} on. "
            "Compare targets, locations and days of the two."
        )
    record = _stamp_of(request.forecast)
    answer = ScoreAnswer(request, forecast.origin_date, str(record.get("scenario_hash", "")), scores)
    if request.out is None:
        return answer
    return dataclasses.replace(answer, files=tuple(_write(answer, request.out, record, made_at)))


def _naive(request: ScoreRequest, forecast: ForecastFile, truth: Truth) -> dict[str, ForecastFile]:
    made = naive_counts(truth, forecast)
    if request.scenario is not None:
        scenario = read_scenario(request.scenario)
        made |= naive_forecasts(scenario, forecast.origin_date, last_day=forecast.last_day, levels=forecast.levels)
    for path in request.baselines:
        other = read_forecast_file(path)
        if other.origin_date != forecast.origin_date:
            raise InvalidValueError(
                f"'{path}' is as of {other.origin_date}, the forecast as of {forecast.origin_date}. "
                "Compare forecasts of one date."
            )
        made[path.stem if path.is_file() else path.name] = other
    return made


def _stamp_of(path: Path) -> dict[str, Any]:
    """Return the stamp of the forecast; of one without a stamp, made elsewhere, nothing."""
    try:
        return read_forecast_stamp(find_hub_file(path, FORECAST_NAME))
    except InputFileError:
        return {}


def _write(answer: ScoreAnswer, out: Path, record: dict[str, Any], made_at: dt.datetime | None) -> Sequence[Path]:
    request = answer.request
    stamp = Stamp(
        version=posada.__version__,
        scenario_id=str(record.get("scenario_id", "")),
        scenario_title=str(record.get("scenario_title", "")),
        scenario_hash=answer.forecast_hash,
        seed=request.seed,
        members=int(record.get("members", 0)),
        as_of=answer.origin,
        made_at=written_at(made_at),
    )

    def more(folder: Path) -> None:
        text = json.dumps(scores_record(answer.scores, stamp), ensure_ascii=False, indent=2)
        (folder / "scores.json").write_text(text + "\n", encoding="utf-8", newline="\n")

    tables = score_tables(answer.scores)
    options = {
        "forecast": str(request.forecast),
        "truth": str(request.truth),
        "baselines": [str(path) for path in request.baselines],
        "scenario": request.scenario,
        "block_days": request.block_days,
        "horizon_days": request.horizon_days,
    }
    return write_results(
        out,
        stamp,
        tables={name: [columns_of(rows)] for name, rows in tables.items() if rows},
        features={},
        details={"options": options},
        more=more,
    )


def score_tables(scores: Sequence[TargetScores]) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of the tables ``scores``, one for each target, and ``skills``, one for each naive forecast."""
    rows, skills = [], []
    for found in scores:
        own = {
            spec.name: getattr(found, spec.name)
            for spec in dataclasses.fields(found)
            if spec.name not in ("left_out", "coverage", "coverage_shared", "skills")
        }
        bands = {
            f"{name}_{width * 100:.0f}": share
            for name in ("coverage", "coverage_shared")
            for width, share in zip(BAND_WIDTHS, getattr(found, name), strict=True)
        }
        rows.append(own | bands | {"not_scored": sum(found.left_out.values())})
        skills += [
            {"target": found.target, "naive_forecast": name} | dataclasses.asdict(skill)
            for name, skill in found.skills.items()
        ]
    return {"scores": rows, "skills": skills}


def scores_record(scores: Sequence[TargetScores], stamp: Stamp) -> dict[str, Any]:
    """Return scores as plain values with their stamp; what is not defined is ``None``."""
    return {"stamp": stamp_record(stamp), "targets": [plain_values(dataclasses.asdict(found)) for found in scores]}

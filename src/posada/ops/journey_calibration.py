"""Calibration on past journeys: distributions of the model's numbers, each judged on journeys that were left out."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import posada
from posada.engine.luck import Law
from posada.forecast.journey_priors import Learned
from posada.forecast.journey_tables import JourneyLessons, learn_from_journeys
from posada.forecast.journeys_left_out import BAND, LeftOutScore, score_left_out
from posada.io.folder import read_scenario, write_scenario
from posada.io.past_journeys import read_past_journeys
from posada.io.results import check_target, write_results
from posada.io.stamp import written_at
from posada.model.errors import InvalidValueError
from posada.model.outlook import Stamp
from posada.model.past_journeys import PASSED, PastJourneys, Reading
from posada.ops.request import Tell, say_nothing

SCENARIO_FOLDER = "scenario"


@dataclass(frozen=True, slots=True)
class JourneyCalibrationRequest:
    """What is asked for.

    Attributes
    ----------
    folders : tuple of str
        Folders of past journeys.
    scenario : str
        Whose transitions and border cities are learned about, and into whose tables what was learned is put.
    without : tuple of str
        Journeys to learn nothing from.
    handled : str
        How the journey is handled that is to be forecast: see :data:`posada.model.past_journeys.HANDLED`.
    out : Path or None
        Folder for what was learned.
    """

    folders: tuple[str, ...]
    scenario: str = "caravan-2018"
    without: tuple[str, ...] = ()
    handled: str = PASSED
    out: Path | None = None


@dataclass(frozen=True, slots=True)
class JourneyCalibrationAnswer:
    """What came of a request: what was learned from which readings, how it did on what was left out, and the files."""

    request: JourneyCalibrationRequest
    past: PastJourneys
    readings: tuple[Reading, ...]
    lessons: JourneyLessons
    left_out: tuple[LeftOutScore, ...]
    files: tuple[Path, ...] = ()


def calibrate_on_journeys(
    request: JourneyCalibrationRequest, *, tell: Tell = say_nothing, made_at: dt.datetime | None = None
) -> JourneyCalibrationAnswer:
    """Learn from past journeys, and write what was learned when a folder is named.

    Raises
    ------
    PosadaError
        When the input is at fault. Nothing is written then.
    """
    if request.out is not None:
        check_target(request.out)
    tell("read", 0, 1)
    scenario = read_scenario(request.scenario)
    if scenario.is_dispersed:
        raise InvalidValueError(f"'{request.scenario}' is a conflict. Name a scenario of a journey with --scenario.")
    past = read_past_journeys([Path(name) for name in request.folders])
    readings = past.readings_for(request.handled, without=request.without)
    tell("read", 1, 1)
    lessons = learn_from_journeys(past, readings, scenario)
    left_out = score_left_out(past, scenario, request.handled, without=request.without)
    answer = JourneyCalibrationAnswer(request, past, readings, lessons, left_out)
    if request.out is None:
        return answer
    return dataclasses.replace(answer, files=tuple(_write(answer, request.out, made_at)))


def band_of(one: Learned) -> tuple[float, float, float]:
    """Return the median of a learned number, which is common to journeys, and the band of 80 % of a new one."""
    law = Law(one.law, one.values, *one.rate.bounds)
    low, middle, high = law.quantile(np.array([BAND[0], 0.5, BAND[1]])).tolist()
    return middle, low, high


def _write(answer: JourneyCalibrationAnswer, out: Path, made_at: dt.datetime | None) -> Sequence[Path]:
    request, scenario = answer.request, answer.lessons.scenario
    stamp = Stamp(
        version=posada.__version__,
        scenario_id=scenario.settings.id,
        scenario_title=scenario.settings.title,
        scenario_hash=scenario.hash,
        seed=0,  # nothing is drawn
        members=0,
        as_of=None,
        made_at=written_at(made_at),
    )
    options = {
        "folders": list(request.folders),
        "scenario": request.scenario,
        "without": list(request.without),
        "handled": request.handled,
    }
    return write_results(
        out,
        stamp,
        tables={"learned": [_learned_columns(answer.lessons.rates)], "left_out": [_left_out_columns(answer.left_out)]},
        features={},
        details={"options": options, "readings": len(answer.readings)},
        more=lambda folder: write_scenario(scenario, folder / SCENARIO_FOLDER),
    )


def _learned_columns(rates: Sequence[Learned]) -> dict[str, Any]:
    bands = np.array([band_of(one) for one in rates])
    return {
        "parameter": _text(one.rate.name for one in rates),
        "unit": _text(one.rate.unit for one in rates),
        "distribution": _text(one.law for one in rates),
        "values": _text(";".join(f"{value:g}" for value in one.values) for one in rates),
        "default": _text(";".join(f"{value:g}" for value in one.rate.values) for one in rates),
        "median": bands[:, 0],
        "q10": bands[:, 1],
        "q90": bands[:, 2],
        "readings": np.array([len(one.readings) for one in rates]),
        "journeys": np.array([len({row.journey for row in one.readings}) for one in rates]),
    }


def _left_out_columns(scores: Sequence[LeftOutScore]) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    for field in dataclasses.fields(LeftOutScore):
        cells = [getattr(row, field.name) for row in scores]
        columns[field.name] = _text(cells) if field.type == "str" else np.array(cells, np.float64)
    return columns


def _text(cells: Any) -> Any:
    return np.array(list(cells), object)

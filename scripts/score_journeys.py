"""Score forecasts of the other journeys, each made with what was learned from the rest, beside naive forecasts.

``python -m scripts.score_journeys [--members N] [--horizons DAYS,DAYS] [--only ID,ID] [--forecaster NAME] [--keep]``
forecasts all journeys of ``data/journeys`` as of its dates, and prints the scores over all of them, with journeys as
independent units, up to each horizon, and those of each journey up to the last one. With ``--keep`` they are stored,
and the tables of the page of scores are written anew.
"""

from __future__ import annotations

import argparse
import dataclasses
import datetime as dt
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import posada
from posada.cli.score_text import scores_table, skills_table
from posada.forecast.journey_file import forecast_file_of_run
from posada.forecast.naive import naive_forecasts
from posada.forecast.score_table import Case, score_cases
from posada.model.file_scores import TargetScores
from posada.model.forecast_file import ForecastFile
from posada.model.run import Run
from posada.model.scenario import Scenario
from posada.ops.assimilation import learn
from posada.ops.simulation import simulate
from posada.ops.validation_tables import plain_values
from scripts import scores_page
from scripts.make_journeys import Journey, journeys

SIMULATION = "runs from the state known on the date, which do not learn from earlier reports"

LEARNING = "learning from all that was reported until the date, as `posada forecast` does"

Forecaster = Callable[[Scenario, dt.date], ForecastFile]


def by_simulation(members: int, seed: int) -> Forecaster:
    """Return what forecasts from the state known on a date, without learning from what was reported before it."""

    def forecast(scenario: Scenario, as_of: dt.date) -> ForecastFile:
        run = simulate(scenario, members=members, seed=seed, as_of=as_of)
        assert isinstance(run, Run)
        return forecast_file_of_run(run)

    return forecast


def by_learning(members: int, seed: int) -> Forecaster:
    """Return what learns from all that was reported until a date, and runs ahead from there."""

    def forecast(scenario: Scenario, as_of: dt.date) -> ForecastFile:
        return forecast_file_of_run(learn(scenario, as_of, members, seed, workers=2).run)

    return forecast


FORECASTERS = {"learning": (LEARNING, by_learning), "known_state": (SIMULATION, by_simulation)}


def cases_of(journey: Journey, forecaster: Forecaster) -> list[Case]:
    """Return a case for each date of a journey."""
    scenario = journey.scenario()
    return [
        Case(journey.id, forecaster(scenario, date), journey.truth, naive_forecasts(scenario, date))
        for date in journey.as_of
    ]


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def _of_journey(name: str, scores: Sequence[TargetScores]) -> str:
    """Return a line for each of the main targets of a journey: its score beside the best naive one."""
    lines = []
    for found in scores:
        if found.target in scores_page.OF_EACH and found.rows and found.best_naive:
            naive, skill = found.best_naive
            said = f"score {found.score:8.1f}, best naive {skill.naive:8.1f} ({naive}), ratio {skill.ratio:.2f}"
            lines.append(f"{name:12} {found.target:15} {found.rows:4} rows, {said}")
    return "\n".join(lines)


def _keep(
    made: dict[str, Any],
    overall: Mapping[int, Sequence[TargetScores]],
    single: Mapping[str, Sequence[TargetScores]],
) -> None:
    """Store scores, and with what they were made."""
    record = {
        "made": made,
        "horizons": {str(horizon): [_stored(found) for found in scores] for horizon, scores in overall.items()},
        "journeys": {name: [_stored(found) for found in scores] for name, scores in single.items()},
    }
    text = json.dumps(record, ensure_ascii=False, indent=1) + "\n"
    scores_page.STORED.write_text(text, encoding="utf-8", newline="\n")


def _stored(found: TargetScores) -> Any:
    """Return scores as plain values, to six significant digits."""
    return _rounded(plain_values(dataclasses.asdict(found)))


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if isinstance(value, dict):
        return {name: _rounded(inner) for name, inner in value.items()}
    return [_rounded(inner) for inner in value] if isinstance(value, list) else value


def main(arguments: Sequence[str]) -> int:
    """Forecast, score and print."""
    parser = argparse.ArgumentParser(prog="python -m scripts.score_journeys")
    parser.add_argument("--members", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--horizons", type=_numbers, default=[3, 7, 14, 60])
    parser.add_argument("--only", type=lambda text: text.split(","), default=[])
    parser.add_argument("--forecaster", choices=sorted(FORECASTERS), default="learning")
    parser.add_argument("--keep", action="store_true")
    asked = parser.parse_args(arguments)
    label, forecaster = FORECASTERS[asked.forecaster]
    begun = time.process_time()
    of_each = {
        journey.id: cases_of(journey, forecaster(asked.members, asked.seed)) for journey in journeys(only=asked.only)
    }
    print(f"{time.process_time() - begun:.0f} s of processor time\n")
    every = [case for cases in of_each.values() for case in cases]
    overall = {horizon: score_cases(every, horizon_days=horizon) for horizon in asked.horizons}
    for horizon, whole in overall.items():
        print(f"up to {horizon} days after the date\n")
        print(scores_table(whole), "\n")
        print(skills_table(whole), "\n")
    single = {name: score_cases(cases, horizon_days=asked.horizons[-1]) for name, cases in of_each.items()}
    for name, scores in single.items():
        print(_of_journey(name, scores))
    if asked.keep:
        made = {"members": asked.members, "seed": asked.seed, "forecaster": label, "version": posada.__version__}
        _keep(made, overall, single)
        scores_page.main([])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Score forecasts of the other journeys, each made with what was learned from the rest, beside naive forecasts.

``python -m scripts.score_journeys [--members N] [--horizons DAYS,DAYS] [--only ID,ID]`` forecasts every journey of
``data/journeys`` as of its dates, and prints the scores over all of them, with journeys as independent units, up to
each horizon, and those of each journey up to the last one.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import time
from collections.abc import Callable, Sequence

from posada.cli.score_text import scores_table, skills_table
from posada.forecast.journey_file import forecast_file_of_run
from posada.forecast.naive import naive_forecasts
from posada.forecast.score_table import ALL_PEOPLE, Case, score_cases
from posada.model.forecast_file import ForecastFile
from posada.model.run import Run
from posada.model.scenario import Scenario
from posada.ops.simulation import simulate
from scripts.make_journeys import Journey, journeys

Forecaster = Callable[[Scenario, dt.date], ForecastFile]


def by_simulation(members: int, seed: int) -> Forecaster:
    """Return what forecasts from the state known on a date, without learning from what was reported before it."""

    def forecast(scenario: Scenario, as_of: dt.date) -> ForecastFile:
        run = simulate(scenario, members=members, seed=seed, as_of=as_of)
        assert isinstance(run, Run)
        return forecast_file_of_run(run)

    return forecast


def cases_of(journey: Journey, forecaster: Forecaster) -> list[Case]:
    """Return a case for each date of a journey."""
    scenario = journey.scenario()
    return [
        Case(journey.id, forecaster(scenario, date), journey.truth, naive_forecasts(scenario, date))
        for date in journey.as_of
    ]


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def _of_journey(name: str, cases: Sequence[Case], horizon: int) -> str:
    """Return a line for each of the main targets of a journey: its score beside the best naive one."""
    lines = []
    for found in score_cases(cases, horizon_days=horizon):
        if found.target in (ALL_PEOPLE, "people_tonight", "arrived_by") and found.rows and found.best_naive:
            naive, skill = found.best_naive
            scores = f"score {found.score:8.1f}, best naive {skill.naive:8.1f} ({naive}), ratio {skill.ratio:.2f}"
            lines.append(f"{name:12} {found.target:15} {found.rows:4} rows, {scores}")
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> int:
    """Forecast, score and print."""
    parser = argparse.ArgumentParser(prog="python -m scripts.score_journeys")
    parser.add_argument("--members", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--horizons", type=_numbers, default=[3, 7, 14, 60])
    parser.add_argument("--only", type=lambda text: text.split(","), default=[])
    asked = parser.parse_args(arguments)
    forecaster = by_simulation(asked.members, asked.seed)
    begun = time.process_time()
    of_each = {journey.id: cases_of(journey, forecaster) for journey in journeys(only=asked.only)}
    print(f"{time.process_time() - begun:.0f} s of processor time\n")
    for horizon in asked.horizons:
        whole = score_cases([case for cases in of_each.values() for case in cases], horizon_days=horizon)
        print(f"up to {horizon} days after the date\n")
        print(scores_table(whole), "\n")
        print(skills_table(whole), "\n")
    for name, cases in of_each.items():
        print(_of_journey(name, cases, asked.horizons[-1]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

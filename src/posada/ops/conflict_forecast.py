"""A forecast of a conflict, from the scenario to the forecast file: for ``posada forecast`` and ``posada validate``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path

import posada
from posada.forecast.conflict_file import forecast_file_of_conflict
from posada.forecast.conflict_members import ForecastOptions, conflict_members, day_number, runs_needed
from posada.io.conflict_evidence import bundled_evidence, read_evidence
from posada.io.hub import fill_forecast_files
from posada.io.hub_forecast import FORECAST_NAME
from posada.io.hub_tasks import TASKS_FILE, tasks_record, write_tasks
from posada.io.results import write_results
from posada.io.stamp import stamp_record, written_at
from posada.model.conflict_evidence import LearnedFromConflicts
from posada.model.conflict_forecast import ConflictForecast
from posada.model.errors import InvalidValueError
from posada.model.forecast_file import REGISTERED_TARGET, ForecastFile
from posada.model.outlook import Stamp
from posada.model.scenario import Scenario


def forecast_conflict(
    scenario: Scenario,
    as_of: dt.date | int,
    *,
    members: int = 100,
    seed: int = 1,
    totals_known: bool = False,
    workers: int = 1,
    learned: LearnedFromConflicts | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> ConflictForecast:
    """Forecast the people registered in the camps of a conflict, from a date to the end of the scenario.

    Nothing published after the date is used: registrations, corrections and conflict are those up to it, and how many
    people there will be is forecast too. With ``totals_known`` it is told the totals and conflict of all days, as Flee
    is. The numbers of movement are what *other* conflicts taught: one with the name or the first day of the scenario is
    left out.

    Parameters
    ----------
    as_of : date or int
        A date, or days after the first one of the scenario.
    learned : LearnedFromConflicts or None
        What ``posada calibrate`` has written; what comes with Posada when ``None``.
    progress : callable, optional
        Called with runs done and runs in all.

    Raises
    ------
    InvalidValueError
        When the scenario is about no conflict, the date is outside it, or nobody has been counted by then.
    """
    if not scenario.is_dispersed:
        why = (
            "not about a conflict; it has no [movement]" if scenario.movement is None else "not about a conflict alone"
        )
        raise InvalidValueError(f"'{scenario.settings.id}' is about groups, {why}.")
    day = day_number(scenario, as_of)
    how = ForecastOptions(members=members, seed=seed, totals_known=totals_known, workers=workers)
    done, whole = [0], runs_needed(scenario, day, how) if progress else 0

    def one_more() -> None:
        done[0] += 1
        if progress:
            progress(done[0], whole)

    known = read_evidence(bundled_evidence()) if learned is None else learned
    return conflict_members(scenario, day, known, how, progress=one_more)


def conflict_file(forecast: ConflictForecast, scenario: Scenario) -> ForecastFile:
    """Return the forecast as a forecast file, camps marked sensitive left out."""
    return forecast_file_of_conflict(forecast, hidden=scenario.hidden_places)


def conflict_stamp(forecast: ConflictForecast, made_at: dt.datetime | None = None) -> Stamp:
    """Return the stamp of a forecast of a conflict; its hash is of what was known on the date."""
    return Stamp(
        version=posada.__version__,
        scenario_id=forecast.scenario_id,
        scenario_title=forecast.scenario_title,
        scenario_hash=forecast.scenario_hash,
        seed=forecast.seed,
        members=forecast.members,
        as_of=forecast.as_of,
        made_at=written_at(made_at),
    )


def write_conflict_forecast(
    forecast: ConflictForecast, scenario: Scenario, out: Path, *, made_at: dt.datetime | None = None
) -> Sequence[Path]:
    """Write a folder with the forecast file ``hub``, what is forecast in it for machines, and the stamp.

    Raises
    ------
    OutputExistsError
        When the folder is there and was not made by Posada; nothing is written then.
    """
    file = conflict_file(forecast, scenario)
    stamp = conflict_stamp(forecast, made_at)
    places = [row.location for row in file.series]

    def more(folder: Path) -> None:
        fill_forecast_files(file, folder / FORECAST_NAME, stamp_record(stamp))
        tasks = tasks_record(file.origin_date, file.last_day, places=places, targets=[REGISTERED_TARGET])
        write_tasks(folder / TASKS_FILE, tasks)

    details = {
        "totals_known": forecast.totals_known,
        "learned_from": list(forecast.learned_from),
        "first_days_used": forecast.first_days_used,
    }
    return write_results(out, stamp, tables={}, features={}, details=details, more=more)

"""The day's work for a conflict that is forecast from a date on: its camps, from what is known by then."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from posada.model.errors import InvalidValueError
from posada.model.scenario import Scenario
from posada.ops.conflict_forecast import forecast_conflict, write_conflict_forecast
from posada.ops.request import CampsAnswer, Request, Tell
from posada.ops.simulation import as_of_date, means_of

MOST_MEMBERS = 240
"""More say nothing that these do not: the sets of numbers that they are made of are two dozen."""


def forecast_camps(request: Request, scenario: Scenario, tell: Tell, made_at: dt.datetime | None) -> CampsAnswer:
    """Forecast the people registered in the camps of a conflict from the as-of date on, and write what comes of it.

    How many people there will be is forecast too; nothing that was counted later is used.

    Raises
    ------
    PosadaError
        When the input is at fault. Nothing is written then.
    """
    given = {"--no-briefs": not request.briefs, "--store": request.store is not None}
    if wrong := [name for name, is_given in given.items() if is_given]:
        raise InvalidValueError(
            f"'{request.scenario}' is about a conflict, and {', '.join(wrong)} is for journeys of groups. Leave it out."
        )
    as_of = as_of_date(scenario, request.as_of)
    if as_of is None:
        raise InvalidValueError(
            "no as-of date is given. Say up to which day registrations are known, with --as-of and a day from "
            f"{scenario.settings.start} to {scenario.settings.end - dt.timedelta(days=1)}."
        )
    tell("read", 1, 1)
    tell("calibrate", 0, 1)
    forecast = forecast_conflict(
        scenario,
        as_of,
        members=min(request.members, MOST_MEMBERS),
        seed=request.seed,
        workers=means_of(request.workers).workers,
        progress=lambda done, total: tell("calibrate", done, total),
    )
    files: list[Path] = []
    if request.out is not None:
        tell("write", 0, 1)
        files = list(write_conflict_forecast(forecast, scenario, request.out, made_at=made_at))
        tell("write", 1, 1)
    names = {place.id: place.name for place in scenario.places if place.id not in scenario.hidden_places}
    return CampsAnswer(request, forecast, names, scenario.check(), tuple(files))

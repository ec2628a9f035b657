"""A forecast of the camps of a conflict as text for a terminal: a row for each camp."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from posada.cli.aligning import aligned
from posada.cli.forecast_text import band_cell, warnings_text
from posada.forecast.quantiles import quantiles
from posada.model.outlook import Band
from posada.ops.request import CampsAnswer
from posada.report.days import full_day
from posada.report.numbers import plain
from posada.report.phrases import Phrases

_LANGUAGE = "en"
_SOON_DAYS = 30

HELD = (
    "On past conflicts ranges of 80 % held 64 % in the mean, and far less where many more people came than the first "
    "weeks let expect."
)


def camps_text(answer: CampsAnswer) -> str:
    """Return what ``posada forecast`` prints about a conflict."""
    parts = [
        _heading(answer),
        warnings_text(answer.findings, answer.request.scenario, Phrases("en")),
        _table(answer),
        _notes(answer),
    ]
    return "\n\n".join(part for part in parts if part)


def _heading(answer: CampsAnswer) -> str:
    forecast = answer.forecast
    as_of, last = (full_day(day, _LANGUAGE) for day in (forecast.as_of, forecast.dates[-1]))
    return (
        f"{forecast.scenario_title}: people registered in camps, as known on {as_of}, to {last}\n"
        f"scenario {forecast.scenario_id} {forecast.scenario_hash[:8]}, {plain(forecast.members)} members, "
        f"seed {forecast.seed}, restricted"
    )


def _table(answer: CampsAnswer) -> str:
    forecast = answer.forecast
    soon = min(_SOON_DAYS, len(forecast.dates) - 1)
    days = sorted({0, soon, len(forecast.dates) - 1})
    head = ("Camp", *(full_day(forecast.dates[day], _LANGUAGE) for day in days))
    shown = [(answer.names[camp], at) for at, camp in enumerate(forecast.camps) if camp in answer.names]
    ranked = sorted(shown, key=lambda row: -float(np.median(forecast.people[:, -1, row[1]])))
    rows = [(name, *(_cell(forecast.people[:, day, at]) for day in days)) for name, at in ranked]
    rows.append(("All camps", *(_cell(forecast.people[:, day].sum(axis=1)) for day in days)))
    return "\n".join(aligned([head, *rows]))


def _cell(people: NDArray[np.float64]) -> str:
    return band_cell(Band(quantiles(people), 1.0))


def _notes(answer: CampsAnswer) -> str:
    forecast = answer.forecast
    first_days = f", and from the first {forecast.first_days_used} days" if forecast.first_days_used else ""
    lines = [
        "In brackets: 80 % range. How many people will be registered is forecast too: no later count was used.",
        f"Learned from {', '.join(forecast.learned_from)}{first_days}.",
        HELD,
    ]
    if any(camp not in answer.names for camp in forecast.camps):
        lines.append("Camps marked sensitive are in the sum and not named.")
    if answer.files:
        lines.append(f"Wrote {len(answer.files)} files to {answer.request.out}.")
    return "\n".join(lines)

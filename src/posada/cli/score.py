"""``posada score``: how far a forecast was from what happened, and from naive forecasts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from posada.cli.run import Seed


def score(
    forecast: Annotated[
        Path, typer.Argument(help="Forecast file in hub columns (.csv, .parquet), or a folder with one.")
    ],
    truth: Annotated[
        Path,
        typer.Argument(help="What happened: target, location, target_end_date, value. A file, or a folder with one."),
    ],
    *,
    baseline: Annotated[
        list[Path] | None,
        typer.Option(
            help="Another forecast file of the same date to compare with; may be given again.", metavar="FILE"
        ),
    ] = None,
    scenario: Annotated[
        str | None,
        typer.Option(help="The journey: naive forecasts are made of its reports up to the date.", metavar="DIR"),
    ] = None,
    block_days: Annotated[int, typer.Option(help="Days of one independent block, for the intervals of ratios.")] = 7,
    horizon: Annotated[
        int | None, typer.Option(help="Score only so many days after the date of the forecast.", metavar="DAYS")
    ] = None,
    seed: Seed = 1,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for the scores as CSV, Parquet and JSON. Default: none.", metavar="DIR"),
    ] = None,
) -> None:
    """Score a forecast file: interval score, CRPS, bands, days of arrival, beside naive forecasts."""
    from posada.cli.score_text import score_text
    from posada.ops.scoring import ScoreRequest, score_forecast

    request = ScoreRequest(forecast, truth, tuple(baseline or ()), scenario, block_days, horizon, seed, out)
    typer.echo(score_text(score_forecast(request)))

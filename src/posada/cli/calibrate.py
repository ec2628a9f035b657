"""``posada calibrate``: learn from past conflicts what forecasts of others may use."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from posada.cli.run import Seed, Workers


def calibrate(
    scenarios: Annotated[
        list[str],
        typer.Argument(
            help="Past conflicts, two at least: folders (of Flee as well), workbooks or bundled ones.",
            metavar="DIR...",
        ),
    ],
    *,
    settings: Annotated[
        str | None,
        typer.Option(help="For folders of Flee: their settings, a file or the name of bundled ones.", metavar="FILE"),
    ] = None,
    draws: Annotated[int, typer.Option(help="How many sets of numbers are drawn and run on each conflict.")] = 240,
    seed: Seed = 1,
    workers: Workers = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for what was learned, for 'validate --learned'. Default: none.", metavar="DIR"),
    ] = None,
) -> None:
    """Learn from past conflicts how people move, how registrations go on, and how wrong forecasts are."""
    from posada.cli.conflict_text import calibration_text
    from posada.cli.memory import return_freed_memory
    from posada.cli.progress import shown_progress
    from posada.ops.conflict_calibration import CalibrationRequest, calibrate_all

    request = CalibrationRequest(tuple(scenarios), settings, draws, seed, workers, out)
    return_freed_memory()
    with shown_progress() as tell:
        answer = calibrate_all(request, tell=tell)
    typer.echo(calibration_text(answer))

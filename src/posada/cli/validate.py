"""``posada validate``: how a simulation of past conflicts compares with what was registered."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from posada.cli.run import Seed, Workers


def validate(
    scenarios: Annotated[
        list[str],
        typer.Argument(help="Folders (of Flee as well), workbooks or bundled conflicts.", metavar="DIR..."),
    ],
    *,
    settings: Annotated[
        str | None,
        typer.Option(help="For folders of Flee: their settings, a file or the name of bundled ones.", metavar="FILE"),
    ] = None,
    members: Annotated[int, typer.Option(help="How many possible courses are computed of each.")] = 100,
    seed: Seed = 1,
    workers: Workers = None,
    from_day: Annotated[
        int | None,
        typer.Option(
            help="Forecast from this day on (0: the first), with numbers that other conflicts taught; with the totals "
            "known, and without.",
            metavar="K",
        ),
    ] = None,
    learned: Annotated[
        Path | None,
        typer.Option(help="For --from-day: what 'posada calibrate' wrote. Default: what is bundled.", metavar="DIR"),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for the scores as CSV, Parquet and JSON. Default: none.", metavar="DIR"),
    ] = None,
) -> None:
    """Run past conflicts and compare them with registrations: relative difference, bands, CRPS, naive forecasts."""
    from posada.cli.memory import return_freed_memory
    from posada.cli.progress import shown_progress
    from posada.model.errors import InvalidValueError

    if from_day is not None:
        from posada.cli.conflict_text import conflict_text
        from posada.ops.conflict_validation import ConflictRequest, validate_conflicts

        asked = ConflictRequest(tuple(scenarios), from_day, settings, members, seed, workers, out, learned)
        return_freed_memory()
        with shown_progress() as tell:
            found = validate_conflicts(asked, tell=tell)
        typer.echo(conflict_text(found))
        return
    if learned is not None:
        raise InvalidValueError("--learned is for forecasts from a day on. Give --from-day as well.")

    from posada.cli.validation_text import validation_text
    from posada.ops.validation import ValidationRequest, validate_all

    request = ValidationRequest(tuple(scenarios), settings, members, seed, workers, out)
    return_freed_memory()
    with shown_progress() as tell:
        answer = validate_all(request, tell=tell)
    typer.echo(validation_text(answer))

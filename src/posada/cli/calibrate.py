"""``posada calibrate``: learn from past conflicts or past journeys what forecasts of others may use."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from posada.cli.run import DEFAULT_SCENARIO, Seed, Workers

Folders = Annotated[
    list[str],
    typer.Argument(
        help="Past conflicts, two at least: folders (of Flee as well), workbooks or bundled ones. Or folders of past "
        "journeys, with readings.csv.",
        metavar="DIR...",
    ),
]
Settings = Annotated[
    str | None,
    typer.Option(help="For folders of Flee: their settings, a file or the name of bundled ones.", metavar="FILE"),
]
Draws = Annotated[
    int | None,
    typer.Option(help="Of conflicts: how many sets of numbers are drawn and run on each. Default: 240.", metavar="N"),
]
ForScenario = Annotated[
    str | None,
    typer.Option(
        help="Of journeys: the scenario whose transitions and border cities are learned about, and that is written "
        f"with what was learned. Default: {DEFAULT_SCENARIO}.",
        metavar="NAME",
    ),
]
Without = Annotated[
    list[str] | None,
    typer.Option(help="Of journeys: one to learn nothing from; may be given several times.", metavar="JOURNEY"),
]
Handled = Annotated[
    str | None,
    typer.Option(
        help="Of journeys: how the one to be forecast is handled, which says what each of the others counts: passed, "
        "raided or held_back. Default: passed.",
        metavar="HOW",
    ),
]
Out = Annotated[
    Path | None,
    typer.Option(
        help="Folder for what was learned: of conflicts for 'validate --learned', of journeys with a scenario that "
        "goes by it. Default: none.",
        metavar="DIR",
    ),
]


def calibrate(
    scenarios: Folders,
    *,
    settings: Settings = None,
    draws: Draws = None,
    scenario: ForScenario = None,
    without: Without = None,
    handled: Handled = None,
    seed: Seed = 1,
    workers: Workers = None,
    out: Out = None,
) -> None:
    """Learn from past conflicts how people move, how registrations go on, and how wrong forecasts are.

    Or learn the distributions of the model's numbers from past journeys: what is common to them, and how far they
    differ. Each journey is left out in turn and predicted by what the others teach. Nothing is drawn then, so --seed
    and --workers change nothing.
    """
    from posada.io.past_journeys import is_past_journeys

    if any(is_past_journeys(Path(name)) for name in scenarios):
        _refuse({"--settings": settings, "--draws": draws}, "conflicts, and these are journeys")
        _calibrate_on_journeys(scenarios, scenario, without or [], handled, out)
        return
    _refuse({"--scenario": scenario, "--without": without, "--handled": handled}, "folders of past journeys")
    from posada.cli.conflict_text import calibration_text
    from posada.cli.memory import return_freed_memory
    from posada.cli.progress import shown_progress
    from posada.ops.conflict_calibration import CalibrationRequest, calibrate_all

    request = CalibrationRequest(tuple(scenarios), settings, seed=seed, workers=workers, out=out)
    if draws is not None:
        request = dataclasses.replace(request, draws=draws)
    return_freed_memory()
    with shown_progress() as tell:
        answer = calibrate_all(request, tell=tell)
    typer.echo(calibration_text(answer))


def _calibrate_on_journeys(
    folders: list[str], scenario: str | None, without: list[str], handled: str | None, out: Path | None
) -> None:
    from posada.cli.journeys_text import journeys_text
    from posada.cli.progress import shown_progress
    from posada.model.past_journeys import PASSED
    from posada.ops.journey_calibration import JourneyCalibrationRequest, calibrate_on_journeys

    request = JourneyCalibrationRequest(
        tuple(folders), scenario or DEFAULT_SCENARIO, tuple(without), handled or PASSED, out
    )
    with shown_progress() as tell:
        answer = calibrate_on_journeys(request, tell=tell)
    typer.echo(journeys_text(answer))


def _refuse(given: dict[str, object], whose: str) -> None:
    """Refuse options that are for something else, whatever their value."""
    from posada.model.errors import InvalidValueError

    found = [name for name, value in given.items() if value is not None]
    if found:
        raise InvalidValueError(f"{', '.join(found)} is for {whose}. Leave it out.")

"""``posada import``: a folder of another program becomes a scenario of Posada."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from posada.model.scenario import Scenario


class Program(StrEnum):
    """Whose folders can be read."""

    FLEE = "flee"


def import_(
    program: Annotated[Program, typer.Argument(help="Whose folder it is.", metavar="PROGRAM", show_default=False)],
    folder: Annotated[
        str, typer.Argument(help="Folder, or the name of a bundled one.", metavar="DIR", show_default=False)
    ],
    *,
    to: Annotated[
        Path | None,
        typer.Option(help="Scenario folder, or file ending in .xlsx. Without it nothing is written.", metavar="TO"),
    ] = None,
    settings: Annotated[
        str | None,
        typer.Option(help="Its settings, a file or the name of bundled ones. Default: simsetting.yml.", metavar="FILE"),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a scenario that stands there.")] = False,
    notes: Annotated[bool, typer.Option("--notes", help="Show every note, not only the first of a kind.")] = False,
) -> None:
    """Read a folder of the Flee simulator, say what is wrong with it, and write it as a scenario."""
    from posada.cli.check import findings_text
    from posada.io.folder import is_flee, read_scenario, write_scenario
    from posada.model.errors import InputFileError, ScenarioError

    assert program is Program.FLEE
    if Path(folder).exists() and not is_flee(folder):
        raise InputFileError(f"'{folder}' is no folder of Flee: it has no folder 'input_csv'.")
    try:
        scenario = read_scenario(folder, settings=settings)
    except ScenarioError as fault:
        typer.echo(findings_text(folder, None, fault.findings, notes))
        raise typer.Exit(2) from None
    typer.echo(findings_text(folder, scenario, scenario.check().rows, notes))
    typer.echo(summary(scenario))
    if to is None:
        typer.echo("nothing was written; --to FOLDER writes the scenario.")
    else:
        write_scenario(scenario, to, overwrite=overwrite)
        typer.echo(f"made {to}")


def summary(scenario: Scenario) -> str:
    """Return in two lines what a scenario of dispersed movement holds."""
    from posada.model.geography import CAMP_KINDS
    from posada.model.statements import REGISTERED

    start, end = scenario.settings.start, scenario.settings.end
    camps = sum(place.kind in CAMP_KINDS for place in scenario.places)
    counts = sum(report.kind == REGISTERED for report in scenario.reports)
    rules = scenario.movement
    how = "" if rules is None else f", semantics '{rules.semantics}', spawn mode '{rules.spawn_mode}'"
    return (
        f"{start} to {end}, {(end - start).days + 1} days{how}.\n"
        f"{len(scenario.places)} places, {camps} of them camps; {len(scenario.routes)} routes; "
        f"{len(scenario.conflicts)} changes of conflict; {len(scenario.closures)} closures; "
        f"{counts} counts of people registered."
    )

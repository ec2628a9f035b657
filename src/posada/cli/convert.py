"""``posada convert``: a folder becomes a workbook, a workbook a folder, and nothing is lost."""

from __future__ import annotations

from typing import Annotated

import typer


def convert(
    scenario: Annotated[
        str,
        typer.Argument(help="Folder, workbook (.xlsx) or bundled scenario.", metavar="FROM", show_default=False),
    ],
    target: Annotated[str, typer.Argument(help="Folder, or file ending in .xlsx.", metavar="TO", show_default=False)],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a scenario that stands there.")] = False,
) -> None:
    """Turn a scenario folder into an Excel workbook, or a workbook into a folder."""
    from posada.io.folder import read_scenario, write_scenario

    write_scenario(read_scenario(scenario), target, overwrite=overwrite)
    typer.echo(f"made {target}")

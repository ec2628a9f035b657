"""``posada new``: a scenario to begin with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def new(
    target: Annotated[Path, typer.Argument(help="Folder to make.", metavar="FOLDER", show_default=False)],
    template: Annotated[
        str, typer.Option("--from", help="Bundled scenario to copy, or 'empty' for tables with headers only.")
    ] = "valley",
    xlsx: Annotated[bool, typer.Option("--xlsx", help="Make an Excel workbook instead of a folder.")] = False,
) -> None:
    """Make a scenario to begin with: tables with headers, an example that works, and a README."""
    from posada.io.template import EMPTY, write_template

    if xlsx and target.suffix.lower() != ".xlsx":
        target = target.with_name(f"{target.name}.xlsx")
    write_template(target, template)
    typer.echo(f"made {target}")
    todo = "fill in the tables, then run" if template == EMPTY else "edit the tables, then run"
    typer.echo(f"{todo}: posada check {target}")

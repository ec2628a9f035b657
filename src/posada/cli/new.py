"""``posada new``: a scenario to begin with."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from posada.model.errors import InvalidValueError

if TYPE_CHECKING:
    from posada.ops.next_journey import NextJourney


def new(
    target: Annotated[Path, typer.Argument(help="Folder to make.", metavar="FOLDER", show_default=False)],
    *,
    template: Annotated[
        str, typer.Option("--from", help="Bundled scenario to copy, or 'empty' for tables with headers only.")
    ] = "valley",
    xlsx: Annotated[bool, typer.Option("--xlsx", help="Make an Excel workbook instead of a folder.")] = False,
    journey: Annotated[
        str | None,
        typer.Option(
            help="First day of a new journey on the roads of --from, which may be a folder of yours as well: its map "
            "and what past journeys taught, without what was reported.",
            metavar="DATE",
        ),
    ] = None,
    origin: Annotated[
        str | None, typer.Option(help="Of a new journey: the place where it sets out.", metavar="PLACE")
    ] = None,
    size: Annotated[
        str | None, typer.Option(help="Of a new journey: people, low, likely and high.", metavar="LOW,LIKELY,HIGH")
    ] = None,
) -> None:
    """Make a scenario to begin with: tables with headers, an example that works, and a README.

    With --journey, --origin and --size: a journey that begins, with one group, on a map that is there.
    """
    from posada.io.template import EMPTY, write_template
    from posada.ops.next_journey import begin_journey

    if xlsx and target.suffix.lower() != ".xlsx":
        target = target.with_name(f"{target.name}.xlsx")
    asked = _next_journey(journey, origin, size)
    if asked is not None:
        begin_journey(target, template, asked)
        todo = "name who counted in sources.csv, write reports into reports.csv, then run"
    else:
        write_template(target, template)
        todo = "fill in the tables, then run" if template == EMPTY else "edit the tables, then run"
    typer.echo(f"made {target}")
    typer.echo(f"{todo}: posada check {target}")


def _next_journey(journey: str | None, origin: str | None, size: str | None) -> NextJourney | None:
    """Return the journey that three options ask for together; nothing when none of them is given."""
    from posada.ops.next_journey import NextJourney

    if journey is None and origin is None and size is None:
        return None
    if journey is None or origin is None or size is None:
        raise InvalidValueError("--journey, --origin and --size belong together. Give all three, or none.")
    numbers = size.split(",")
    if len(numbers) != 3 or not all(number.strip().isdecimal() for number in numbers):
        raise InvalidValueError(
            f"--size '{size}' is not three whole numbers. Write low, likely and high: 800,1200,2000."
        )
    low, likely, high = (int(number) for number in numbers)
    try:
        start = dt.date.fromisoformat(journey)
    except ValueError:
        raise InvalidValueError(f"--journey '{journey}' is not a date. Write YYYY-MM-DD.") from None
    return NextJourney(start, origin, (low, likely, high))

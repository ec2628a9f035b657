"""``posada run``: who is expected in which town, when and in what number."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from posada.model.errors import InvalidValueError

if TYPE_CHECKING:
    from posada.ops.request import Answer, DispersalAnswer
    from posada.report.phrases import Phrases

DEFAULT_SCENARIO = "caravan-2018"

# Options that `run`, `forecast` and `explain` share.
Members = Annotated[int, typer.Option(help="How many possible journeys are computed.")]
Seed = Annotated[int, typer.Option(help="0 or more; the same seed gives the same numbers.")]
AsOf = Annotated[
    str | None,
    typer.Option(help="YYYY-MM-DD: use nothing published later. Default: the date the scenario names.", metavar="DATE"),
]
FromStart = Annotated[bool, typer.Option("--from-start", help="Begin on the first day, without reports.")]
Workers = Annotated[int | None, typer.Option(help="Threads. Default: one for each processor.", show_default=False)]

# Options that `run` and `forecast` share.
Out = Annotated[
    Path | None,
    typer.Option(help="Folder for tables, map points and briefs. Without it nothing is written.", metavar="DIR"),
]
Lang = Annotated[str, typer.Option(help="Language of what is printed: es or en.")]
NoBriefs = Annotated[bool, typer.Option("--no-briefs", help="Write tables only.")]

# Options of dispersed people.
Settings = Annotated[
    str | None,
    typer.Option(
        help="Dispersed people: settings of a folder of Flee, a file or the name of bundled ones.", metavar="FILE"
    ),
]
Days = Annotated[
    int | None, typer.Option(help="Dispersed people: days from the first. Default: all.", show_default=False)
]
FleeOut = Annotated[
    Path | None,
    typer.Option(
        help="Dispersed people: CSV file in the form of Flee's out.csv, the mean over members.", metavar="FILE"
    ),
]
FleeMember = Annotated[
    int | None,
    typer.Option(help="One member, counted from 0, for --flee-out instead of the mean.", metavar="K"),
]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace a file that stands at --flee-out.")]

# Who runs the members, and where they are kept.
Cluster = Annotated[
    str | None,
    typer.Option(
        help="Dask scheduler, such as tcp://10.0.0.7:8786; local:4 for four processes here. In place of --workers.",
        metavar="ADDRESS",
    ),
]
Store = Annotated[
    Path | None,
    typer.Option(help="Folder that keeps members as they are done; those in it are not run again.", metavar="DIR"),
]


def run(
    scenario: Annotated[
        str,
        typer.Argument(help="Folder (of Flee as well), workbook (.xlsx) or bundled scenario.", metavar="[SCENARIO]"),
    ] = DEFAULT_SCENARIO,
    *,
    members: Members = 1000,
    seed: Seed = 1,
    as_of: AsOf = None,
    from_start: FromStart = False,
    out: Out = None,
    workers: Workers = None,
    itinerary: Annotated[
        str | None, typer.Option(help="CSV file of a planner's stops: place, date, nights.", metavar="FILE")
    ] = None,
    no_briefs: NoBriefs = False,
    settings: Settings = None,
    days: Days = None,
    flee_out: FleeOut = None,
    flee_member: FleeMember = None,
    overwrite: Overwrite = False,
    cluster: Cluster = None,
    store: Store = None,
    lang: Lang = "en",
) -> None:
    """Forecast who reaches which town, when and in what number, and write tables and briefs.

    A scenario of dispersed people is forecast camp by camp. It has no --as-of, --from-start, --itinerary and
    --no-briefs, and what is printed of it is in English; journeys have no --settings, --days, --flee-out, --flee-member
    and --overwrite.
    """
    from posada.cli.memory import return_freed_memory
    from posada.cli.progress import shown_progress
    from posada.ops.cycle import run_scenario
    from posada.ops.request import Request
    from posada.report.phrases import Phrases

    phrases = Phrases(lang)  # an unknown language is said before anything is computed
    request = Request(
        scenario=scenario,
        members=members,
        seed=seed,
        as_of=chosen_date(as_of, from_start),
        workers=workers,
        itinerary=itinerary,
        out=out,
        briefs=not no_briefs,
        settings=settings,
        days=days,
        flee_out=flee_out,
        flee_member=flee_member,
        overwrite=overwrite,
        cluster=cluster,
        store=store,
    )
    return_freed_memory()
    with shown_progress() as tell:
        answer = run_scenario(request, tell=tell)
    typer.echo(_text(answer, phrases))


def _text(answer: Answer | DispersalAnswer, phrases: Phrases) -> str:
    """Return what a run says: what was done to its store, and the forecast."""
    from posada.cli.dispersal_text import dispersal_text
    from posada.cli.forecast_text import forecast_text
    from posada.cli.store_text import filled_text
    from posada.ops.request import DispersalAnswer

    asked = answer.request
    if isinstance(answer, DispersalAnswer):
        text = dispersal_text(answer, asked.out)
    else:
        text = forecast_text(answer, asked.out, phrases)
    return text if answer.filled is None else f"{filled_text(answer.filled, asked.store, phrases)}\n\n{text}"


def chosen_date(as_of: str | None, from_start: bool) -> str | None:
    """Return the as-of date that two options ask for together.

    Raises
    ------
    InvalidValueError
        When both are given.
    """
    if as_of is not None and from_start:
        raise InvalidValueError(f"--as-of {as_of} and --from-start contradict each other. Give one of them.")
    return "start" if from_start else as_of

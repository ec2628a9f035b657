"""``posada forecast``: a forecast as of a date that learned from every report published by then."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from posada.cli.run import DEFAULT_SCENARIO, AsOf, Lang, NoBriefs, Out, Seed, Workers


def forecast(
    scenario: Annotated[
        str,
        typer.Argument(help="Folder (of Flee as well), workbook (.xlsx) or bundled scenario.", metavar="[SCENARIO]"),
    ] = DEFAULT_SCENARIO,
    *,
    as_of: AsOf = None,
    members: Annotated[
        int, typer.Option(help="How many possible journeys are held against the reports; up to 1500 of them go on.")
    ] = 20_000,
    seed: Seed = 1,
    workers: Workers = None,
    out: Out = None,
    no_briefs: NoBriefs = False,
    store: Annotated[
        Path | None,
        typer.Option(
            help="Folder that keeps the last nights: with one report more, a forecast goes on from there.",
            metavar="DIR",
        ),
    ] = None,
    lang: Lang = "en",
) -> None:
    """Forecast as of a date, learning from every report published by then, and say what each report did.

    The members begin on the first day of the journey and are held against the reports day by day; `posada run` begins
    at the last known state instead. Tables and briefs are those of `posada run`, and reports.csv beside them.

    Of a conflict, the people registered in its camps are forecast from the date on, and how many there will be as well,
    with up to 240 members; it has no --store and no --no-briefs, and what is printed is in English.
    """
    from posada.cli.camps_text import camps_text
    from posada.cli.forecast_text import forecast_text
    from posada.cli.progress import shown_progress
    from posada.cli.store_text import resumed_text
    from posada.ops.cycle import forecast_scenario
    from posada.ops.request import CampsAnswer, Request
    from posada.report.phrases import Phrases

    phrases = Phrases(lang)  # an unknown language is said before anything is computed
    request = Request(
        scenario=scenario,
        members=members,
        seed=seed,
        as_of=as_of,
        workers=workers,
        out=out,
        briefs=not no_briefs,
        store=store,
        learn=True,
    )
    with shown_progress() as tell:
        answer = forecast_scenario(request, tell=tell)
    if isinstance(answer, CampsAnswer):
        typer.echo(camps_text(answer))
        return
    text = forecast_text(answer, out, phrases)
    typer.echo(text if answer.resumed is None else f"{resumed_text(answer.resumed, store, phrases)}\n\n{text}")

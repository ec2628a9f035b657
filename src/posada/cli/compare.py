"""``posada compare``: what it costs when every town decides for itself, and what would help most."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from posada.cli.plan import Demand, NearDays, Planned, ReportedOnly, Scenarios
from posada.cli.run import AsOf, Lang, Seed


def compare(
    scenario: Planned,
    *,
    members: Annotated[int, typer.Option(help="Members of the forecast that both regimes are given.")] = 1000,
    scenarios: Scenarios = 20,
    days: Annotated[int, typer.Option(help="Days to compare.")] = 30,
    near_days: NearDays = 3,
    seed: Seed = 1,
    as_of: AsOf = None,
    demand: Demand = None,
    reported_only: ReportedOnly = False,
    places: Annotated[int, typer.Option(help="Places of the site that is tried in every town.")] = 100,
    seats: Annotated[int, typer.Option(help="Seats of the bus that is tried in every town.")] = 40,
    shown: Annotated[int, typer.Option(help="Best next offers to rank, and refusals to try.")] = 5,
    rounds: Annotated[int, typer.Option(help="Rounds between forecast and plan at most.")] = 3,
    time_limit: Annotated[float, typer.Option(help="Seconds for the solve of the coordinated plan.")] = 60.0,
    workers: Annotated[
        int | None, typer.Option(help="Threads of the forecast; all processors by default.", show_default=False)
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the tables.", metavar="DIR")] = None,
    lang: Lang = "en",
) -> None:
    """Compare every town for itself with a corridor that coordinates, and rank the best next offers."""
    from posada.cli.compare_text import compare_text
    from posada.model.comparison import CompareOptions
    from posada.model.plan import PlanOptions
    from posada.ops.comparing import CompareRequest, compare_scenario
    from posada.ops.planning import PlanRequest
    from posada.report.phrases import Phrases

    phrases = Phrases(lang)  # an unknown language is said before anything is computed
    plan = PlanRequest(
        scenario=scenario,
        members=members,
        scenarios=scenarios,
        days=days,
        seed=seed,
        as_of=as_of,
        demand=demand,
        assume_places=not reported_only,
        options=PlanOptions(near_days=near_days, time_limit_s=time_limit),
    )
    options = CompareOptions(site_places=places, bus_seats=seats, shown=shown, rounds=rounds)
    typer.echo(compare_text(compare_scenario(CompareRequest(plan, options, workers, out)), phrases))

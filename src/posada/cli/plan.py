"""``posada plan``: who opens what when, what goes where, and what is missing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from posada.cli.run import AsOf, Lang, Seed

# Options that `plan` and `compare` share.
Planned = Annotated[str, typer.Argument(help="Folder, workbook (.xlsx) or bundled scenario.", metavar="SCENARIO")]
Scenarios = Annotated[int, typer.Option(help="Scenarios to which they are reduced.")]
NearDays = Annotated[int, typer.Option(help="Days whose decisions are taken now.")]
Demand = Annotated[
    str | None, typer.Option(help="CSV table of people by night, in place of a forecast.", metavar="FILE")
]
ReportedOnly = Annotated[bool, typer.Option("--reported-only", help="Assume no places where none were reported.")]


def plan(
    scenario: Planned,
    *,
    members: Annotated[int, typer.Option(help="Members of the forecast that the plan is made for.")] = 1000,
    scenarios: Scenarios = 20,
    days: Annotated[int, typer.Option(help="Days to plan.")] = 30,
    near_days: NearDays = 3,
    seed: Seed = 1,
    as_of: AsOf = None,
    demand: Demand = None,
    from_: Annotated[
        str | None, typer.Option("--from", help="An earlier plan, to be changed.", metavar="PLAN", show_default=False)
    ] = None,
    change: Annotated[
        str | None, typer.Option(help="CSV table of what has changed since: kind, id, since, value.", metavar="FILE")
    ] = None,
    reported_only: ReportedOnly = False,
    time_limit: Annotated[float, typer.Option(help="Seconds for the solve.")] = 100.0,
    threads: Annotated[int, typer.Option(help="Threads of the solver.")] = 1,
    out: Annotated[Path | None, typer.Option(help="Folder for tables, pages and the plan.", metavar="DIR")] = None,
    audience: Annotated[
        str,
        typer.Option(
            "--for",
            help="public: places, needs and gaps. coordinator: all tables, timetables, pages and briefs as well.",
            metavar="ROLE",
        ),
    ] = "public",
    no_briefs: Annotated[bool, typer.Option("--no-briefs", help="For a coordinator: leave out the briefs.")] = False,
    lang: Lang = "en",
) -> None:
    """Plan who opens which site, which vehicles go where, and say what is missing and what would mend it."""
    from posada.cli.plan_text import plan_text
    from posada.model.audience import Audience
    from posada.model.plan import PlanOptions
    from posada.ops.planning import PlanRequest, plan_scenario
    from posada.report.phrases import Phrases

    phrases = Phrases(lang)  # an unknown language is said before anything is computed
    request = PlanRequest(
        scenario=scenario,
        members=members,
        scenarios=scenarios,
        days=days,
        seed=seed,
        as_of=as_of,
        demand=demand,
        from_plan=from_,
        change=change,
        assume_places=not reported_only,
        out=out,
        audience=Audience.named(audience),
        briefs=not no_briefs,
        threads=threads,
        options=PlanOptions(near_days=near_days, time_limit_s=time_limit),
    )
    typer.echo(plan_text(plan_scenario(request), phrases))

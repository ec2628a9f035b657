"""Writing a plan: what anybody may see in one folder; the plan itself, and what a coordinator may see, in another."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from posada.io.plan_files import PLAN_FILE, RESTRICTED_FOLDER, write_plan
from posada.io.plan_tables import write_plan_tables
from posada.io.results import write_stamp, write_stamped_folder
from posada.io.stamp import stamp_record
from posada.model.audience import Audience
from posada.model.outlook import Stamp
from posada.model.plan import Difference, Plan
from posada.model.plan_tables import PLAN_TABLES, PUBLIC_TABLES, PlanTables
from posada.model.run import Run
from posada.model.scenario import Scenario
from posada.model.sensitive import ShownNames, hidden_ids, pseudonyms
from posada.ops.plan_tables import plan_tables, public_tables
from posada.ops.summary import summarise_journey
from posada.plan.problem import Problem
from posada.plan.tables import change_rows
from posada.report.briefs import write_briefs
from posada.report.days import Issue
from posada.report.phrases import LANGUAGES
from posada.report.plan_page import PlanIssue
from posada.report.plan_pages import PlanPages, towns_of, write_plan_pages, write_public_pages

PUBLIC_FOLDER = "public"
BRIEFS_FOLDER = "briefs"
_PUBLIC_SUPPRESSION = (
    "No day, no movement and no number of people who come. Places marked sensitive are left out; towns with fewer than "
    "25 people are withheld; one to nine people are an empty cell. Numbers are rounded up to two significant figures."
)
_RESTRICTED_SUPPRESSION = (
    "Numbers here are planned, not counted. What is marked sensitive is neither named nor located; its people are "
    "added up under 'not-named'. Tables are not rounded and are not for the public."
)


@dataclasses.dataclass(frozen=True)
class PlanOutput:
    """What is written of a plan: with its problem, its scenario, and the run behind its demand where there is one."""

    plan: Plan
    problem: Problem
    scenario: Scenario
    members: int
    made_at: dt.datetime
    run: Run | None = None
    changes: tuple[Difference, ...] | None = None


def write_plan_output(
    output: PlanOutput,
    directory: Path,
    audience: Audience = Audience.PUBLIC,
    *,
    briefs: bool = True,
    languages: Sequence[str] = LANGUAGES,
) -> list[Path]:
    """Write the files of a plan and return their paths, the stamp's first.

    ``public`` holds what anybody may see: tables ``places``, ``needs`` and ``gaps``, and one page. ``restricted`` holds
    ``plan.json``, from which one can plan anew; for a coordinator also all tables, a page for the corridor, for
    vehicles, sites, shopping and each town, and the briefs of the forecast with the plan of each town in them.

    Raises
    ------
    OutputExistsError
        When the folder is there and was not made by Posada; nothing is written then.
    """
    tables = plan_tables(output.plan, output.problem, output.scenario, audience)
    if output.changes is not None:
        names = ShownNames.of(output.scenario, output.plan.sites, output.plan.fleets)
        tables = dataclasses.replace(tables, changes=change_rows(output.changes, names))

    def fill(folder: Path) -> None:
        _fill_public(output, tables, folder / PUBLIC_FOLDER, languages)
        inner = folder / RESTRICTED_FOLDER
        inner.mkdir(mode=0o700)
        write_plan(output.plan, inner / PLAN_FILE, pseudonyms(output.scenario))
        if audience is Audience.COORDINATOR:
            _fill_restricted(output, tables, inner, languages, briefs=briefs)
        write_stamp(inner, _record(output, Audience.COORDINATOR))

    return write_stamped_folder(directory, _record(output, Audience.COORDINATOR), fill)


def _fill_public(output: PlanOutput, tables: PlanTables, folder: Path, languages: Sequence[str]) -> None:
    folder.mkdir()
    shown = public_tables(tables)
    record = _record(output, Audience.PUBLIC)
    write_plan_tables(folder, {name: getattr(shown, name) for name in PUBLIC_TABLES}, PUBLIC_TABLES, record)
    places = _open_places(output.scenario)
    write_public_pages(shown, places, _issue(output, Audience.PUBLIC), folder, languages)
    write_stamp(folder, record)


def _fill_restricted(
    output: PlanOutput, tables: PlanTables, folder: Path, languages: Sequence[str], *, briefs: bool
) -> None:
    record = _record(output, Audience.COORDINATOR)
    written = {name: rows for name in PLAN_TABLES if (rows := getattr(tables, name)) is not None}
    write_plan_tables(folder, written, PLAN_TABLES, record)
    fleets = {fleet.id: fleet for fleet in output.plan.fleets}
    issue = _issue(output, Audience.COORDINATOR)
    write_plan_pages(PlanPages(tables, _open_places(output.scenario), fleets, issue), folder, languages)
    if briefs and output.run is not None:
        outlook = summarise_journey(output.run, made_at=output.made_at)
        known = {town.place_id for town in outlook.towns}
        write_briefs(
            outlook,
            folder / BRIEFS_FOLDER,
            languages,
            town_ids=[place for place in towns_of(tables) if place in known],
            plan=tables,
        )


def _open_places(scenario: Scenario) -> dict[str, Any]:
    return {place.id: place for place in scenario.places if not place.sensitive}


def _stamp(output: PlanOutput, audience: Audience) -> Stamp:
    stamp = output.plan.stamp
    return Stamp(
        version=stamp.version,
        scenario_id=stamp.scenario_id,
        scenario_title=output.scenario.settings.title,
        scenario_hash=stamp.scenario_hash,
        seed=stamp.seed,
        members=output.members,
        as_of=stamp.as_of,
        made_at=output.made_at,
        classification=audience.classification,
    )


def _record(output: PlanOutput, audience: Audience) -> Mapping[str, Any]:
    """Return the stamp as plain values; how good the plan is stands in the restricted one only."""
    record = stamp_record(_stamp(output, audience)) | {"made_for": audience.value, "sources": _sources(output)}
    if audience is Audience.PUBLIC:
        return record | {"suppression": _PUBLIC_SUPPRESSION}
    plan = output.plan
    return record | {
        "suppression": _RESTRICTED_SUPPRESSION,
        "demand": plan.stamp.demand,
        "futures": len(plan.weights),
        "first_day": plan.dates[0].isoformat(),
        "last_day": plan.dates[-1].isoformat(),
        "status": plan.status.value,
        "priorities": [
            {"priority": stage.priority.value, "value": round(stage.value, 3), "gap_share": round(stage.gap_share, 4)}
            for stage in plan.stages
        ],
    }


def _sources(output: PlanOutput) -> list[dict[str, Any]]:
    """Return the sources of the sites and vehicles that the plan uses.

    One on which anything hidden rests is left out: its title may name it.
    """
    hidden = hidden_ids(output.scenario)
    used = {site.id for site in output.plan.sites} | {fleet.id for fleet in output.plan.fleets}
    rows = [(row.id, row.source) for row in output.scenario.sites]
    rows += [(row.id, row.source) for row in output.scenario.vehicles]
    ids = {source for name, sources in rows if name in used for source in sources}
    ids -= {source for name, sources in rows if name in hidden for source in sources}
    ids -= {source for place in output.scenario.places if place.sensitive for source in place.source}
    return [
        {"source": row.id, "publisher": row.publisher, "title": row.title, "url": row.url}
        for row in output.scenario.sources
        if row.id in ids
    ]


def _issue(output: PlanOutput, audience: Audience) -> PlanIssue:
    stamp, plan = _stamp(output, audience), output.plan
    return PlanIssue(stamp, Issue.of(stamp, plan.dates[0]), (plan.dates[0], plan.dates[-1]), len(plan.weights))

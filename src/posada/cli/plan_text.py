"""A plan as the text that the command prints: what is decided now, what is missing, how good it is."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from posada.model.sensitive import ShownNames, hidden_ids
from posada.report.cures import cure_text
from posada.report.numbers import round_modelled
from posada.report.phrases import Phrases

if TYPE_CHECKING:
    from posada.model.plan import Opening, Plan, PlanFleet, Shortage, Stage, Trip, Unusable
    from posada.ops.planning import PlanAnswer

SHORTAGES_SHOWN = 12
_ROWS = ("openings", "trips", "shortages", "unusable")


def plan_text(answer: PlanAnswer) -> str:
    """Return the text of a plan; rows about places and sites marked sensitive are left out, and counted."""
    plan = answer.plan
    shown = _shown(answer)
    hidden = sum(len(getattr(plan, name)) - len(getattr(shown.plan, name)) for name in _ROWS)
    parts = [
        f"{answer.scenario.settings.title}: plan for {plan.dates[0]} to {plan.dates[-1]}",
        f"demand: {plan.stamp.demand}; {len(plan.weights)} scenarios; scenario {plan.stamp.scenario_hash[:12]}",
        "",
        _status(plan),
        "",
        *_changes(shown),
        *_openings(shown),
        *_trips(shown),
        *_shortages(shown),
        *_unusable(shown.plan),
    ]
    if hidden:
        parts += [f"{hidden} rows about places or sites marked sensitive are not shown.", ""]
    parts += [_written(answer)]
    return "\n".join(parts)


def _written(answer: PlanAnswer) -> str:
    out = answer.request.out
    if out is None:
        return "Nothing was written; --out DIR writes tables, pages and the plan."
    counts = [sum(path.is_relative_to(out / part) for path in answer.files) for part in ("public", "restricted")]
    return (
        f"written to {out}: public, {counts[0]} files that anybody may see; restricted, {counts[1]} for whoever "
        f"coordinates, with plan.json for --from"
    )


def _shown(answer: PlanAnswer) -> PlanAnswer:
    """Return the plan without rows about sensitive places; of sensitive sites elsewhere only the name is kept back."""
    secret = hidden_ids(answer.scenario)

    def open_rows(name: str) -> tuple[Any, ...]:
        return tuple(row for row in getattr(answer.plan, name) if not secret & set(_places_of(row)))

    changes = tuple(row for row in answer.changes if not secret & {row.id, *row.tell})
    plan = dataclasses.replace(
        answer.plan,
        openings=open_rows("openings"),
        trips=open_rows("trips"),
        shortages=open_rows("shortages"),
        unusable=open_rows("unusable"),
    )
    return dataclasses.replace(answer, plan=plan, changes=changes)


def _places_of(row: Opening | Trip | Shortage | Unusable) -> tuple[str, ...]:
    """Return the places and the offers that a row is about."""
    from posada.model.plan import Trip, Unusable

    if isinstance(row, Trip):
        return row.from_place, row.to_place, row.vehicle_id
    return (row.place_id, row.id) if isinstance(row, Unusable) else (row.place_id,)


def _status(plan: Plan) -> str:
    lines = [f"{plan.status.value}; {plan.seconds:.1f} s"]
    lines += [_stage(stage, plan) for stage in plan.stages]
    return "\n".join(lines)


def _stage(stage: Stage, plan: Plan) -> str:
    from posada.model.plan import Priority

    if stage.priority is Priority.SUPPLIES_SHORT and not plan.supplies:
        return f"  {'–':>12}  {stage.priority.value}  (no stock is used; stocks stand in supplies.csv)"
    known = stage.relaxed_bound > float("-inf")
    gap = f"within {100 * stage.gap_share:.1f} % of the best possible" if known else "no bound known"
    return f"  {stage.value:>12,.1f}  {stage.priority.value}  ({gap})"


def _changes(answer: PlanAnswer) -> list[str]:
    if answer.request.change is None:
        return []
    names = {place.id: place.name for place in answer.scenario.places}
    rows = [
        f"  {row.date} {row.what} {row.id}: {row.before:g} → {row.after:g}; "
        f"tell {', '.join(names[place] for place in row.tell)}"
        for row in answer.changes
    ]
    return ["What changed, and who must be told", *(rows or ["  nothing that was decided"]), ""]


def _openings(answer: PlanAnswer) -> list[str]:
    names = {place.id: place.name for place in answer.scenario.places}
    sites = {site.id: site for site in answer.plan.sites}
    days: dict[str, list[str]] = defaultdict(list)
    for row in answer.plan.openings:
        if row.scenario < 0:
            days[row.site_id].append(f"{row.date:%d}")
    lines = ["Open now (nights of the near days)"]
    for site_id, nights in days.items():
        site = sites[site_id]
        name = "a site that is not named" if site.sensitive else site.name
        places = f"{site.places_target:,} places"
        if site.assumed:
            places = f"about {round_modelled(site.places_target):,.0f} places assumed: ask the town"
        lines.append(f"  {names[site.place_id]}: {name}, {places}; nights of {', '.join(nights)}")
    return [*lines, ""] if days else ["No site is needed in the near days.", ""]


def _trips(answer: PlanAnswer) -> list[str]:
    names = {place.id: place.name for place in answer.scenario.places}
    fleets = {fleet.id: fleet for fleet in answer.plan.fleets}
    lines = [
        f"  {row.date} {fleets[row.vehicle_id].type} ({row.vehicle_id}): {row.trips:g} × {row.seats_each} seats, "
        f"{_way(row, fleets[row.vehicle_id], names)}"
        for row in answer.plan.trips
        if row.scenario < 0
    ]
    return ["Trips of the near days", *lines, ""] if lines else []


def _way(row: Trip, fleet: PlanFleet, names: dict[str, str]) -> str:
    """Return from where to where a trip goes, for how long, and how far it drives empty."""
    way = f"{names[row.from_place]} → {names[row.to_place]}"
    if not row.for_night:
        return f"{way}, {row.hours_each:.1f} h there and back"
    fetched = "" if fleet.place_id == row.from_place else f", empty from {names[fleet.place_id]}"
    hours = f"{row.hours_each:.1f} h in the evening and in the morning"
    return f"{way} for the night and back{fetched}, {hours}, {row.empty_km_each:,.0f} of {_km(row):,.0f} km empty"


def _km(row: Trip) -> float:
    return row.km_each + row.empty_km_each


def _shortages(answer: PlanAnswer) -> list[str]:
    plan, phrases = answer.plan, Phrases("en")
    names = ShownNames.of(answer.scenario, plan.sites, plan.fleets)
    if not plan.shortages:
        return ["Nobody is without a place in a tenth of the scenarios or more.", ""]
    rows = [
        f"  {row.low:,.0f}–{row.high:,.0f} (likely {row.likely:,.0f}): {cure_text(row, names, phrases)}"
        for row in plan.shortages
    ]
    more = len(rows) - SHORTAGES_SHOWN
    rows = rows[:SHORTAGES_SHOWN] + ([f"  and {more} more nights"] if more > 0 else [])
    return ["What is missing", *rows, ""]


def _unusable(plan: Plan) -> list[str]:
    return (
        ["Offers that are not used", *(f"  {row.id}: {row.why}" for row in plan.unusable), ""] if plan.unusable else []
    )

"""A plan as the text that the command prints: what is decided now, what is missing, how good it is."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from posada.model.plan_tables import SHORTAGE_KINDS
from posada.model.sensitive import ShownNames, hidden_ids
from posada.plan.shortages import PLACES
from posada.plan.tables import change_rows
from posada.report.cures import cure_text
from posada.report.days import full_day
from posada.report.numbers import people, people_range, plain, round_modelled
from posada.report.phrases import Phrases
from posada.report.plan_words import change_text, changed_offer_text

if TYPE_CHECKING:
    from posada.model.plan import Opening, Plan, PlanFleet, PlanSite, Shortage, Stage, Trip, Unusable
    from posada.ops.planning import PlanAnswer

SHORTAGES_SHOWN = 12
_FOLDERS = ("public", "restricted")
_ROWS = ("openings", "trips", "shortages", "unusable")


def plan_text(answer: PlanAnswer, phrases: Phrases) -> str:
    """Return the text of a plan; rows about places and sites marked sensitive are left out, and counted."""
    plan = answer.plan
    shown = _shown(answer)
    hidden = sum(len(getattr(plan, name)) - len(getattr(shown.plan, name)) for name in _ROWS)
    first, last = (full_day(day, phrases.language) for day in (plan.dates[0], plan.dates[-1]))
    parts = [
        phrases.say("plan_text.title", title=answer.scenario.settings.title, first=first, last=last),
        *_demand(answer, phrases),
        "",
        *_status(plan, phrases),
        "",
        *_changes(shown, phrases),
        *_openings(shown, phrases),
        *_trips(shown, phrases),
        *_shortages(shown, phrases),
        *_unusable(shown.plan, phrases),
    ]
    if hidden:
        parts += [phrases.say("plan_text.hidden", n=hidden), ""]
    return "\n".join([*parts, _written(answer, phrases)])


def _demand(answer: PlanAnswer, phrases: Phrases) -> list[str]:
    """Return where the people come from, a forecast or a table, and whether the journey ends before the plan would."""
    plan, request = answer.plan, answer.request
    known = {"scenarios": len(plan.weights), "hash": plan.stamp.scenario_hash[:12]}
    if request.demand is not None:
        return [phrases.say("compare.from_table", table=plan.stamp.demand, **known)]
    lines = [phrases.say("compare.from_forecast", members=plain(request.members), seed=request.seed, **known)]
    if len(plan.dates) < request.days and request.from_plan is None:
        lines.append(phrases.say("plan_text.shorter", days=len(plan.dates), asked=request.days))
    return lines


def _written(answer: PlanAnswer, phrases: Phrases) -> str:
    out = answer.request.out
    if out is None:
        return phrases.say("plan_text.not_written")
    public, restricted = (sum(path.is_relative_to(out / part) for path in answer.files) for part in _FOLDERS)
    return phrases.say("plan_text.written", out=out, public=public, restricted=restricted)


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


def _status(plan: Plan, phrases: Phrases) -> list[str]:
    status = phrases.word("plan_status", plan.status.name.lower(), otherwise=plan.status.value)
    return [f"{status}; {plan.seconds:.1f} s", *(_stage(stage, plan, phrases) for stage in plan.stages)]


def _stage(stage: Stage, plan: Plan, phrases: Phrases) -> str:
    from posada.model.plan import Priority

    name = phrases.word("priority", stage.priority.name.lower())
    if stage.priority is Priority.SUPPLIES_SHORT and not plan.supplies:
        return f"  {'–':>12}  {name}  ({phrases.say('plan_text.no_stock')})"
    known = stage.relaxed_bound > float("-inf")
    share = f"{100 * stage.gap_share:.1f}"
    gap = phrases.say("plan_text.gap", share=share) if known else phrases.say("plan_text.no_bound")
    return f"  {stage.value:>12,.1f}  {name}  ({gap})"


def _changes(answer: PlanAnswer, phrases: Phrases) -> list[str]:
    if answer.request.change is None:
        return []
    names = ShownNames.of(answer.scenario, answer.plan.sites, answer.plan.fleets)
    rows = [
        f"  {full_day(row.date, phrases.language)}: {changed_offer_text(row, phrases)}, "
        f"{change_text(row.what, row.before, row.after, phrases)}; {phrases.say('plan_text.tell', towns=row.tell)}"
        for row in change_rows(answer.changes, names)
    ]
    return [phrases.say("plan_text.changes"), *(rows or [f"  {phrases.say('change.none')}"]), ""]


def _openings(answer: PlanAnswer, phrases: Phrases) -> list[str]:
    names = {place.id: place.name for place in answer.scenario.places}
    sites = {site.id: site for site in answer.plan.sites}
    days: dict[str, list[str]] = defaultdict(list)
    for row in answer.plan.openings:
        if row.scenario < 0:
            days[row.site_id].append(f"{row.date:%d}")
    if not days:
        return [phrases.say("plan_text.no_opening"), ""]
    lines = [phrases.say("plan_text.openings")]
    for site_id, nights in days.items():
        site = sites[site_id]
        key, places = "plan_text.opening", plain(site.places_target)
        if site.assumed:
            key, places = "plan_text.opening_assumed", plain(round_modelled(site.places_target))
        name = phrases.say("plan.hidden_site") if site.sensitive else _site_name(site, phrases)
        said = phrases.say(key, town=names[site.place_id], site=name, n=places, nights=", ".join(nights))
        lines.append(f"  {said}")
    return [*lines, ""]


def _site_name(site: PlanSite, phrases: Phrases) -> str:
    return phrases.say("plan.unreported") if site.assumed else site.name or site.id


def _trips(answer: PlanAnswer, phrases: Phrases) -> list[str]:
    names = {place.id: place.name for place in answer.scenario.places}
    fleets = {fleet.id: fleet for fleet in answer.plan.fleets}
    lines = [
        "  "
        + phrases.say(
            "plan_text.trip",
            day=full_day(row.date, phrases.language),
            type=phrases.word("vehicle_type", fleets[row.vehicle_id].type),
            vehicle=row.vehicle_id,
            trips=f"{row.trips:g}",
            seats=row.seats_each,
            way=_way(row, fleets[row.vehicle_id], names, phrases),
        )
        for row in answer.plan.trips
        if row.scenario < 0
    ]
    return [phrases.say("plan_text.trips"), *lines, ""] if lines else []


def _way(row: Trip, fleet: PlanFleet, names: dict[str, str], phrases: Phrases) -> str:
    """Return from where to where a trip goes, for how long, and how far it drives empty."""
    ends = {"start": names[row.from_place], "end": names[row.to_place], "hours": f"{row.hours_each:.1f}"}
    if not row.for_night:
        return phrases.say("plan_text.way", **ends)
    fetched = ""
    if fleet.place_id != row.from_place:
        fetched = phrases.say("plan_text.fetched", home=names[fleet.place_id])
    km = {"empty": plain(row.empty_km_each), "km": plain(row.km_each + row.empty_km_each)}
    return phrases.say("plan_text.way_for_night", fetched=fetched, **ends, **km)


def _shortages(answer: PlanAnswer, phrases: Phrases) -> list[str]:
    """Return what is missing, places and medical transport apart; a part that is met is left out, or said of both."""
    lines = []
    for what in SHORTAGE_KINDS:
        rows = [row for row in answer.plan.shortages if row.what == what]
        if rows:
            lines += [phrases.word("shortage", what.replace(" ", "_")), *_short(rows, answer, phrases), ""]
    return lines or [phrases.say("plan_text.nothing_missing"), ""]


def _short(rows: list[Shortage], answer: PlanAnswer, phrases: Phrases) -> list[str]:
    names = ShownNames.of(answer.scenario, answer.plan.sites, answer.plan.fleets)
    lines = [f"  {_numbers(row, phrases)}: {cure_text(row, names, phrases)}" for row in rows[:SHORTAGES_SHOWN]]
    more = len(rows) - len(lines)
    return [*lines, *([f"  {phrases.say('plan_text.more', n=more)}"] if more else [])]


def _numbers(row: Shortage, phrases: Phrases) -> str:
    """Return low to high, and the likely number; of medical cases fewer than ten are not told apart."""
    if row.what == PLACES:
        ends = "–".join(dict.fromkeys((plain(row.low), plain(row.high))))
        return phrases.say("plan_text.range", ends=ends, likely=plain(row.likely))
    return phrases.say("plan_text.range", ends=people_range(row.low, row.high), likely=people(row.likely))


def _unusable(plan: Plan, phrases: Phrases) -> list[str]:
    if not plan.unusable:
        return []
    rows = (f"  {row.id}: {phrases.say(f'unused.{row.why.name.lower()}')}" for row in plan.unusable)
    return [phrases.say("plan_text.unused"), *rows, ""]

"""From a plan to its tables: for whoever coordinates, and, by the rules of release, for anybody.

Anybody may see places, supplies and gaps. What would tell where people are or will be (a day, a trip, people by night)
is not among it; what is marked sensitive is left out; towns with fewer than 25 people are withheld, and one to nine
people are not told apart.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from typing import TypeVar

import numpy as np

from posada.model.audience import Audience
from posada.model.plan import Plan
from posada.model.plan_tables import GapRow, NeedRow, PlaceRow, PlanTables, PublicTables, ShortageRow
from posada.model.scenario import Scenario
from posada.model.sensitive import NOT_NAMED, ShownNames
from posada.ops.offers import READY, town_offers
from posada.plan.offers import counted_by
from posada.plan.problem import Problem
from posada.plan.shopping import supply_rows
from posada.plan.shortages import PLACES
from posada.plan.spread import whole_people
from posada.plan.standards import read_standards
from posada.plan.tables import (
    delivery_rows,
    load_rows,
    lodging_rows,
    opening_rows,
    reserve_rows,
    trip_rows,
    unused_rows,
)
from posada.report.cures import cure_text
from posada.report.numbers import SMALL_COUNT, round_modelled, round_needed
from posada.report.phrases import Phrases

Row = TypeVar("Row", PlaceRow, NeedRow, GapRow)

LEAST_PEOPLE = 25
"""Towns with fewer people than this on their fullest night are not in what anybody may see."""


def plan_tables(plan: Plan, problem: Problem, scenario: Scenario, audience: Audience) -> PlanTables:
    """Return the tables of a plan; nothing marked sensitive is named or located in them.

    For anybody only those are made that :func:`public_tables` looks at; the others are empty.
    """
    names = ShownNames.of(scenario, plan.sites, plan.fleets)
    kept = {fleet.id: problem.fleet_kept[:, index].astype(np.float64) for index, fleet in enumerate(problem.fleets)}
    residents = {place.id: place.population for place in scenario.places}
    made = PlanTables(
        openings=opening_rows(plan, names, counted_by(scenario, plan.sites, plan.options)),
        supplies=supply_rows(plan, names, read_standards(), _ready(plan, scenario)),
        shortages=_shortages(plan, names),
        loads=load_rows(plan, names, residents),
    )
    if audience is Audience.PUBLIC:
        return made
    return dataclasses.replace(
        made,
        lodging=lodging_rows(plan, names),
        trips=trip_rows(plan, names, kept),
        deliveries=delivery_rows(plan, names) if problem.supplies else None,
        reserves=reserve_rows(plan, names),
        unused=unused_rows(plan, names),
    )


def _ready(plan: Plan, scenario: Scenario) -> dict[tuple[str, str], float]:
    """Return what towns reported as ready on the first day, by place and line of the standards."""
    found: dict[tuple[str, str], float] = defaultdict(float)
    for place in scenario.places:
        for line in town_offers(scenario, place.id, plan.dates[0]):
            if line.state == READY and line.quantity is not None:
                found[place.id, line.what] += line.quantity
    return dict(found)


def _shortages(plan: Plan, names: ShownNames) -> tuple[ShortageRow, ...]:
    rows = []
    for row in plan.shortages:
        hidden = row.place_id in names.hidden
        cures = {language: "" if hidden else cure_text(row, names, Phrases(language)) for language in ("es", "en")}
        rows.append(
            ShortageRow(
                place=names.shown(row.place_id),
                town=names.town(row.place_id),
                night=row.date,
                what=row.what,
                people_low=round(row.low, 1),
                people_likely=round(row.likely, 1),
                people_high=round(row.high, 1),
                cure_es=cures["es"],
                cure_en=cures["en"],
            )
        )
    return tuple(rows)


def public_tables(tables: PlanTables) -> PublicTables:
    """Return what anybody may see of the tables of a plan."""
    people: dict[str, float] = defaultdict(float)
    for load in tables.loads:
        people[load.place] = max(people[load.place], load.people_high)
    named = {place: number for place, number in people.items() if place != NOT_NAMED}
    shown = {place for place, number in named.items() if number >= LEAST_PEOPLE}
    places = _places(tables, shown)
    return PublicTables(
        # By name: the order of the road would tell which way people go.
        places=_by_name(places),
        needs=_by_name(_needs(tables, shown)),
        gaps=_by_name(_gaps(tables, shown, places)),
        withheld=len(named) - len(shown),
    )


def _by_name(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    return tuple(sorted(rows, key=lambda row: (row.town, row.place)))


def _places(tables: PlanTables, shown: set[str]) -> tuple[PlaceRow, ...]:
    sites = {
        (row.place, row.site): PlaceRow(
            place=row.place,
            town=row.town,
            site=row.site,
            name=row.name,
            places=int(round_modelled(row.places)) if row.state == "assumed" else row.places,
            state=row.state,
            standard=row.standard,
        )
        for row in tables.openings
        if row.place in shown and row.site != NOT_NAMED
    }
    return tuple(sites.values())


def _needs(tables: PlanTables, shown: set[str]) -> tuple[NeedRow, ...]:
    """Add up both phases: the first days of a town would tell where people are now."""
    found: dict[tuple[str, str], NeedRow] = {}
    for row in tables.supplies:
        if row.place not in shown:
            continue
        held = found.get((row.place, row.item))
        found[row.place, row.item] = NeedRow(
            place=row.place,
            town=row.town,
            item=row.item,
            label_es=row.label_es,
            label_en=row.label_en,
            unit=row.unit,
            unit_es=row.unit_es,
            quantity_low=_sum(row.quantity_low, held.quantity_low if held else None),
            quantity_target=_sum(row.quantity_target, held.quantity_target if held else None),
            source=row.source,
            verified=row.verified,
        )
    return tuple(
        dataclasses.replace(row, quantity_low=_rounded(row.quantity_low), quantity_target=_rounded(row.quantity_target))
        for row in found.values()
    )


def _sum(one: float | None, other: float | None) -> float | None:
    return one if other is None else other if one is None else one + other


def _rounded(quantity: float | None) -> float | None:
    return None if quantity is None else round_needed(quantity)


def _gaps(tables: PlanTables, shown: set[str], places: tuple[PlaceRow, ...]) -> tuple[GapRow, ...]:
    """Return the worst night of each town without places; who is ill or goes on is for nobody else to see."""
    worst: dict[str, ShortageRow] = {}
    for row in tables.shortages:
        if (
            row.what == PLACES
            and row.place in shown
            and (row.place not in worst or row.people_high > worst[row.place].people_high)
        ):
            worst[row.place] = row
    return tuple(
        GapRow(
            place=place,
            town=row.town,
            what=row.what,
            people_low=_not_small(row.people_low),
            people_high=_not_small(row.people_high),
            places_known=sum(site.places for site in places if site.place == place),
        )
        for place, row in worst.items()
    )


def _not_small(people: float) -> int | None:
    """Return people rounded up, and nothing for one to nine."""
    number = int(round_needed(whole_people(people)))
    return None if 0 < number < SMALL_COUNT else number

"""Lists over the whole corridor: a timetable per vehicle, who sleeps in which site, what each town needs, the sum."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping

from posada.model.demand import DEMAND_CLASSES
from posada.model.plan import PlanFleet
from posada.model.plan_tables import LoadRow, LodgingRow, OpeningRow, PlanTables, TripRow
from posada.model.sensitive import NOT_NAMED
from posada.plan.shortages import PLACES
from posada.report.brief import Figure, PlanTable, Section
from posada.report.numbers import people, people_range, plain, round_modelled
from posada.report.phrases import Phrases
from posada.report.plan_town import supplies_section
from posada.report.plan_trips import trip_tables, trips_of_vehicle
from posada.report.plan_words import (
    LEAST_PEOPLE,
    at_most_text,
    chance_text,
    change_text,
    changed_offer_text,
    nights_text,
    places_text,
    site_chance_text,
    site_text,
    town_text,
    vehicle_text,
)

MEDICAL_SHOWN = 10
"""Shortages of medical transport on the page of the corridor; there are as many as towns and days."""


def vehicle_sections(tables: PlanTables, fleets: Mapping[str, PlanFleet], phrases: Phrases) -> tuple[Section, ...]:
    """Return a section for each offer of vehicles that drives, each on a sheet of its own."""
    trips: dict[str, list[TripRow]] = defaultdict(list)
    for row in tables.trips:
        trips[row.vehicle].append(row)
    sections: list[Section] = []
    for vehicle, rows in trips.items():
        said = [phrases.say("plan.choice")]
        if vehicle != NOT_NAMED:
            fleet = fleets[vehicle]
            chance = chance_text(fleet.honoured, phrases)
            said.insert(0, phrases.say("vehicle.offer", count=fleet.count, seats=fleet.seats, chance=chance))
            if fleet.accessible:
                said.append(phrases.say("vehicle.accessible"))
        heading = vehicle_text(rows[0], phrases)
        sections.append(Section(heading, tuple(said), trips_of_vehicle(rows, phrases), fresh=bool(sections)))
    return tuple(sections) or (Section(phrases.say("section.vehicles"), (phrases.say("plan.no_vehicle"),)),)


def site_sections(tables: PlanTables, phrases: Phrases) -> tuple[Section, ...]:
    """Return a section for each town, with a table by night for each of its sites."""
    slept: dict[tuple[str, str, dt.date], list[LodgingRow]] = defaultdict(list)
    for row in tables.lodging:
        if row.site is not None:
            slept[row.place, row.site, row.night].append(row)
    sites: dict[str, dict[str, list[OpeningRow]]] = defaultdict(lambda: defaultdict(list))
    for opening in tables.openings:
        sites[opening.place][opening.site].append(opening)
    sections = []
    for place, held in sites.items():
        found = tuple(
            table
            for site, rows in held.items()
            if (table := _site_table(rows, {row.night: slept[place, site, row.night] for row in rows}, phrases)).rows
        )
        if found:
            town = next(iter(held.values()))[0].town
            sections.append(Section(town_text(town, phrases), (), found))
    return tuple(sections) or (Section(phrases.say("section.sites"), (phrases.say("plan.no_site"),)),)


def _site_table(nights: list[OpeningRow], slept: dict[dt.date, list[LodgingRow]], phrases: Phrases) -> PlanTable:
    cells = []
    for row in sorted(nights, key=lambda row: row.night):
        if row.decision == "later" and row.people_high < LEAST_PEOPLE:
            continue
        classes = {part.need_class: part.people_expected for part in slept[row.night]}
        cells.append(
            (
                nights_text([row.night], phrases.language) + ("*" if row.decision == "later" else ""),
                *(people(classes.get(name, 0.0)) for name in DEMAND_CLASSES),
                _with_range(row),
                people(row.overcrowded_high),
            )
        )
    keys = (
        "opening.night",
        "trip.adults",
        "trip.families",
        "trip.limited",
        "trip.medical",
        "site.all",
        "opening.above",
    )
    first = nights[0]
    caption = phrases.say(
        "site.caption",
        site=site_text(first, phrases),
        places=places_text(first, phrases),
        chance=site_chance_text(first, phrases),
    )
    return PlanTable(caption, tuple(phrases.say(key) for key in keys), tuple(cells))


def _with_range(row: OpeningRow) -> str:
    """Return people expected and, where it says more, their range."""
    middle, ends = people(row.people_expected), people_range(row.people_low, row.people_high)
    return middle if ends == middle else f"{middle} ({ends})"


def shopping_sections(tables: PlanTables, phrases: Phrases) -> tuple[Section, ...]:
    """Return a section for each town with what is to be brought there."""
    towns = dict.fromkeys((row.place, row.town) for row in tables.supplies)
    found = tuple(
        supplies_section(
            [row for row in tables.supplies if row.place == place], phrases, heading=town, noted=number == 0
        )
        for number, (place, town) in enumerate(towns)
    )
    return found or (Section(phrases.say("section.supplies"), (phrases.say("needs.none"),)),)


def corridor_sections(tables: PlanTables, movements: Figure | None, phrases: Phrases) -> tuple[Section, ...]:
    """Return what is decided now, who rides where, what is missing, and the load of each town."""
    missing = _missing(tables, phrases)
    hidden = any(row.place == NOT_NAMED for row in tables.loads) or any(
        row.site == NOT_NAMED for row in tables.openings
    )
    moved = Section(
        phrases.say("section.movements"),
        () if movements else (phrases.say("plan.no_vehicle"),),
        trip_tables(tables.trips, phrases),
        figure=movements,
    )
    nothing = (phrases.say("plan.nothing_missing"),)
    return (
        *_changes(tables, phrases),
        _decided_openings(tables, phrases, (phrases.say("plan.hidden_rows"),) if hidden else ()),
        moved,
        Section(phrases.say("section.missing"), () if missing else nothing, items=missing),
        Section(phrases.say("section.loads"), (), (_loads(tables, phrases),)),
    )


def _missing(tables: PlanTables, phrases: Phrases) -> tuple[str, ...]:
    """Return what would mend each shortage; medical transport for a few days only, a town's page has all of its own."""
    spanish = phrases.language == "es"
    shown = [row for row in tables.shortages if row.cure_es]
    places = [row for row in shown if row.what == PLACES]
    medical = [row for row in shown if row.what != PLACES]
    items = [row.cure_es if spanish else row.cure_en for row in (*places, *medical[:MEDICAL_SHOWN])]
    if len(medical) > MEDICAL_SHOWN:
        items.append(phrases.say("plan.more_medical", n=len(medical) - MEDICAL_SHOWN))
    return tuple(items)


def _changes(tables: PlanTables, phrases: Phrases) -> tuple[Section, ...]:
    """Return what is otherwise than in the plan before, and who must be told; nothing when there was none."""
    if tables.changes is None:
        return ()
    cells = tuple(
        (
            nights_text([row.date], phrases.language),
            changed_offer_text(row, phrases),
            change_text(row.what, row.before, row.after, phrases),
            row.tell or phrases.say("plan.hidden_town"),
        )
        for row in tables.changes
    )
    headers = tuple(phrases.say(f"change.{key}") for key in ("date", "offer", "change", "tell"))
    table = PlanTable(phrases.say("change.caption"), headers, cells, frozenset((0, 1, 2, 3)))
    said = () if cells else (phrases.say("change.none"),)
    return (Section(phrases.say("section.changes"), said, (table,) if cells else ()),)


def _decided_openings(tables: PlanTables, phrases: Phrases, more: tuple[str, ...]) -> Section:
    sites: dict[tuple[str, str], list[OpeningRow]] = defaultdict(list)
    for row in tables.openings:
        if row.decision == "now":
            sites[row.place, row.site].append(row)
    cells = tuple(
        (
            town_text(rows[0].town, phrases),
            site_text(rows[0], phrases),
            nights_text([row.night for row in rows], phrases.language),
            places_text(rows[0], phrases),
            at_most_text(max(row.people_high for row in rows), phrases),
            site_chance_text(rows[0], phrases),
        )
        for rows in sites.values()
    )
    keys = ("load.town", "opening.site", "load.nights", "opening.places", "opening.people", "opening.chance")
    headers = tuple(phrases.say(key) for key in keys)
    table = PlanTable(phrases.say("load.decided"), headers, cells, frozenset((0, 1, 2)))
    said = (() if cells else (phrases.say("plan.no_site"),)) + more
    return Section(phrases.say("section.decided"), said, (table,) if cells else ())


def _loads(tables: PlanTables, phrases: Phrases) -> PlanTable:
    towns: dict[str, list[LoadRow]] = defaultdict(list)
    for row in tables.loads:
        towns[row.place].append(row)
    cells = []
    for rows in towns.values():
        fullest = max(rows, key=lambda row: row.people_high)
        if fullest.people_high < LEAST_PEOPLE:
            continue
        worst = max(rows, key=lambda row: row.without_high)
        cells.append(
            (
                town_text(fullest.town, phrases),
                nights_text([fullest.night], phrases.language),
                people_range(fullest.people_low, fullest.people_high),
                people_range(worst.without_low, worst.without_high),
                plain(round_modelled(sum(row.lodged_expected for row in rows))),
            )
        )
    headers = tuple(phrases.say(f"load.{key}") for key in ("town", "fullest", "people", "without", "person_nights"))
    return PlanTable(phrases.say("load.caption"), headers, tuple(cells), frozenset((0, 1)))

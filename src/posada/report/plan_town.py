"""The plan for one town: which sites open, who comes and leaves by which vehicle, what to bring, what is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from posada.model.plan_tables import PLAN_PHASES, OpeningRow, PlanTables, SupplyRow
from posada.report.brief import PlanTable, Section
from posada.report.days import day_range
from posada.report.numbers import people, people_range, plain, round_modelled
from posada.report.phrases import Phrases
from posada.report.plan_trips import trip_tables
from posada.report.plan_words import (
    LEAST_SHARE,
    at_most_text,
    label_text,
    nights_text,
    places_text,
    quantity_text,
    site_chance_text,
    site_text,
    unit_text,
)


def town_sections(tables: PlanTables, place: str, phrases: Phrases) -> tuple[Section, ...]:
    """Return the sections of a town; ``place`` must be one that may be named."""
    return (
        _openings(tables, place, phrases),
        _vehicles(tables, place, phrases, coming=True),
        _vehicles(tables, place, phrases, coming=False),
        _missing(tables, place, phrases),
        supplies_section([row for row in tables.supplies if row.place == place], phrases),
        _reserve(tables, place, phrases),
    )


def _openings(tables: PlanTables, place: str, phrases: Phrases) -> Section:
    heading = phrases.say("section.openings")
    here = sorted((row for row in tables.openings if row.place == place), key=lambda row: (row.night, row.site))
    rows = [
        (
            nights_text([row.night], phrases.language),
            site_text(row, phrases),
            places_text(row, phrases),
            people_range(row.people_low, row.people_high),
            people(row.overcrowded_high),
            site_chance_text(row, phrases),
        )
        for row in here
        if row.decision == "now"
    ]
    later: dict[str, list[OpeningRow]] = defaultdict(list)
    for row in here:
        if row.decision == "later" and row.open_share >= LEAST_SHARE:
            later[row.site].append(row)
    rows += [
        (
            f"{nights_text([row.night for row in nights], phrases.language)}*",
            site_text(nights[0], phrases),
            places_text(nights[0], phrases),
            at_most_text(max(row.people_high for row in nights), phrases),
            people(max(row.overcrowded_high for row in nights)),
            site_chance_text(nights[0], phrases),
        )
        for nights in later.values()
    ]
    if not rows:
        return Section(heading, (phrases.say("plan.no_site"),))
    keys = ("night", "site", "places", "people", "above", "chance")
    headers = tuple(phrases.say(f"opening.{key}") for key in keys)
    table = PlanTable(phrases.say("opening.caption"), headers, tuple(rows), frozenset((0, 1)))
    return Section(heading, (phrases.say("plan.later_mark"),) if later else (), (table,))


def _vehicles(tables: PlanTables, place: str, phrases: Phrases, *, coming: bool) -> Section:
    rows = [row for row in tables.trips if (row.to_place if coming else row.from_place) == place]
    found = trip_tables(rows, phrases, without="to" if coming else "from")
    heading = phrases.say("section.coming" if coming else "section.leaving")
    nobody = phrases.say("plan.nobody_comes" if coming else "plan.nobody_leaves")
    return Section(heading, () if found else (nobody,), found)


def supplies_section(rows: Sequence[SupplyRow], phrases: Phrases, heading: str = "", *, noted: bool = True) -> Section:
    """Return what is to be brought to a town, a table for each phase; ``noted`` says how the tables are read."""
    tables = [_supplies(rows, phase, phrases) for phase in PLAN_PHASES]
    found = tuple(table for table in tables if table.rows)
    said = (phrases.say("supply.note"), phrases.say("needs.rounding")) if noted else ()
    return Section(heading or phrases.say("section.supplies"), said if found else (phrases.say("needs.none"),), found)


def _supplies(rows: Sequence[SupplyRow], phase: str, phrases: Phrases) -> PlanTable:
    kept = [row for row in rows if row.phase == phase and _is_brought(row)]
    cells = [
        (
            label_text(row, phrases),
            f"{_span(row.quantity_low, row.quantity_target)} {unit_text(row, phrases)}",
            _span(row.standing_low, row.standing_target),
            "–" if row.ready is None else plain(row.ready),
            phrases.say("needs.is_verified" if row.verified else "needs.not_verified"),
        )
        for row in kept
    ]
    keys = ("supply.what", "supply.bring", "supply.standing", "supply.ready", "needs.verified")
    headers = tuple(phrases.say(key) for key in keys)
    caption = ""
    if kept:
        first = kept[0]
        caption = phrases.say(
            f"supply.{phase}",
            nights=day_range(first.first_night, first.last_night, phrases.language),
            people=people(first.people),
            nights_total=plain(first.person_nights),
        )
    return PlanTable(caption, headers, tuple(cells), short=True, spare=frozenset((2,)))


def _span(low: float | None, target: float | None) -> str:
    """Return low and target, or the one that the standard has."""
    ends = [quantity_text(quantity) for quantity in sorted(end for end in (low, target) if end is not None)]
    return "–".join(dict.fromkeys(ends))


def _is_brought(row: SupplyRow) -> bool:
    return any(quantity for quantity in (row.quantity_low, row.quantity_target))


def _missing(tables: PlanTables, place: str, phrases: Phrases) -> Section:
    spanish = phrases.language == "es"
    items = [row.cure_es if spanish else row.cure_en for row in tables.shortages if row.place == place]
    items += [
        phrases.say("plan.unused", offer=row.offer, why=phrases.say(f"unused.{row.why}"))
        for row in tables.unused
        if row.place == place
    ]
    said = () if items else (phrases.say("plan.nothing_missing"),)
    return Section(phrases.say("section.missing"), said, items=tuple(items))


def _reserve(tables: PlanTables, place: str, phrases: Phrases) -> Section:
    nights = defaultdict(list)
    for row in tables.reserves:
        if row.place == place:
            nights[row.what, row.vehicle or "", row.quantity].append(row.date)
    items = [
        phrases.say(
            f"reserve.{what}",
            n=plain(round_modelled(quantity)),
            vehicle=vehicle,
            nights=nights_text(days, phrases.language),
        )
        for (what, vehicle, quantity), days in nights.items()
    ]
    said = () if items else (phrases.say("reserve.none"),)
    return Section(phrases.say("section.reserve"), said, items=tuple(items))

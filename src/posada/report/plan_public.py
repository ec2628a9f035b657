"""What anybody may see of a plan: places, needs and gaps by town; no day, no movement, nobody's number who comes."""

from __future__ import annotations

from collections import defaultdict

from posada.model.plan_tables import GapRow, NeedRow, PlaceRow, PublicTables
from posada.report.brief import Figure, PlanTable, Section
from posada.report.numbers import plain, round_modelled
from posada.report.phrases import Phrases
from posada.report.plan_words import places_text, quantity_text

SHOWN_ITEMS = ("water_with_losses", "food_dry", "blankets", "mats", "soap_bathing", "toilets")
"""Lines of the standards that have a column on the page; the table ``needs`` has all."""


def public_sections(tables: PublicTables, figure: Figure | None, phrases: Phrases) -> tuple[Section, ...]:
    """Return the sections of the public page."""
    withheld = (phrases.say("public.withheld", n=tables.withheld),) if tables.withheld else ()
    return (
        Section(phrases.say("section.gaps"), (phrases.say("public.gaps"), *withheld), _gaps(tables.gaps, phrases)),
        Section(phrases.say("section.supplies"), (phrases.say("public.needs"),), _needs(tables.needs, phrases)),
        Section(
            phrases.say("section.places"),
            (phrases.say("public.places_said"),),
            _places(tables.places, phrases),
            figure=figure,
        ),
    )


def _gaps(rows: tuple[GapRow, ...], phrases: Phrases) -> tuple[PlanTable, ...]:
    cells = tuple((row.town, _small(row), plain(round_modelled(row.places_known))) for row in rows)
    headers = tuple(phrases.say(f"public.{key}") for key in ("town", "gap", "known"))
    return (PlanTable(phrases.say("public.gaps_caption"), headers, cells),) if cells else ()


def _small(row: GapRow) -> str:
    """Return a range in which one to nine people are ``<10``."""
    ends = ["<10" if number is None else plain(number) for number in (row.people_low, row.people_high)]
    return ends[1] if ends[0] == ends[1] or (ends[0] == "0" and ends[1] == "<10") else "–".join(ends)


def _needs(rows: tuple[NeedRow, ...], phrases: Phrases) -> tuple[PlanTable, ...]:
    towns: dict[tuple[str, str], dict[str, NeedRow]] = defaultdict(dict)
    for row in rows:
        towns[row.place, row.town][row.item] = row
    asked = {row.item for row in rows}
    shown = [item for item in SHOWN_ITEMS if item in asked]
    heads = tuple(phrases.say(f"item.{item}") for item in shown)
    cells = tuple(
        (town, *(quantity_text(_quantity(held.get(item))) for item in shown)) for (_, town), held in towns.items()
    )
    caption = phrases.say("public.needs_caption")
    return (PlanTable(caption, (phrases.say("public.town"), *heads), cells),) if cells else ()


def _quantity(row: NeedRow | None) -> float | None:
    if row is None:
        return None
    return row.quantity_low if row.quantity_target is None else row.quantity_target


def _places(rows: tuple[PlaceRow, ...], phrases: Phrases) -> tuple[PlanTable, ...]:
    cells = tuple(
        (
            row.town,
            row.name or phrases.say("plan.unreported"),
            places_text(row, phrases),
        )
        for row in rows
    )
    headers = tuple(phrases.say(f"public.{key}") for key in ("town", "site", "places"))
    return (PlanTable(phrases.say("public.places_caption"), headers, cells, frozenset((0, 1))),) if cells else ()

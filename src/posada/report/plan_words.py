"""Numbers, nights and names of a plan as they are written in its tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from posada.model.plan_tables import ChangeRow, NeedRow, OpeningRow, PlaceRow, SupplyRow, TripRow
from posada.model.sensitive import NOT_NAMED
from posada.report.days import day_range, named_day
from posada.report.headlines import percent_in
from posada.report.numbers import people, plain, round_modelled, round_needed
from posada.report.phrases import Phrases

LEAST_PEOPLE = 0.5
LEAST_SHARE = 0.1
"""What happens in fewer of the futures than this is not on a page of later days."""


def at_most_text(high: float, phrases: Phrases) -> str:
    """Return people in the high case; where that is nobody, that hardly anybody comes."""
    if high < LEAST_PEOPLE:
        return phrases.say("plan.rarely")
    return phrases.say("plan.up_to", n=people(high))


def seats_text(people: float) -> str:
    """Return people in the seats of a vehicle: not rounded to tens, for somebody has to sit there."""
    return plain(round(people))


def quantity_text(quantity: float | None) -> str:
    """Return what has to be fetched, rounded up to two figures; a dash where the standard has no figure."""
    return "–" if quantity is None else plain(round_needed(quantity))


def label_text(row: SupplyRow | NeedRow, phrases: Phrases) -> str:
    """Return what a line of the standards is called."""
    return row.label_es if phrases.language == "es" else row.label_en


def unit_text(row: SupplyRow | NeedRow, phrases: Phrases) -> str:
    """Return the unit of a line of the standards."""
    return row.unit_es if phrases.language == "es" else row.unit


def town_text(town: str, phrases: Phrases) -> str:
    """Return the name of a town, or that it is not named."""
    return phrases.say("plan.hidden_town") if town == NOT_NAMED else town


def site_text(row: OpeningRow, phrases: Phrases) -> str:
    """Return the name of a site; places that nobody reported have none."""
    if row.name == NOT_NAMED:
        return phrases.say("plan.hidden_site")
    return row.name or phrases.say("plan.unreported")


def places_text(row: OpeningRow | PlaceRow, phrases: Phrases) -> str:
    """Return the places of a site; assumed ones are said to be so."""
    if row.state == "assumed":
        return phrases.say("plan.assumed_places", n=plain(round_modelled(row.places)))
    return plain(row.places)


def vehicle_text(row: TripRow, phrases: Phrases) -> str:
    """Return what drives, and its offer."""
    if row.vehicle == NOT_NAMED:
        return phrases.say("plan.hidden_vehicle")
    return f"{phrases.word('vehicle_type', row.type)} ({row.vehicle})"


def changed_offer_text(row: ChangeRow, phrases: Phrases) -> str:
    """Return which site or vehicles a change is about."""
    if row.offer == NOT_NAMED:
        return phrases.say("plan.hidden_site" if row.what == "site" else "plan.hidden_vehicle")
    if row.what == "site":
        return row.name or phrases.say("plan.unreported")
    return f"{phrases.word('vehicle_type', row.name)} ({row.offer})"


def change_text(what: str, before: float, after: float, phrases: Phrases) -> str:
    """Return what was decided, and what is now: whether a site is open, or how many trips."""
    if what == "site":
        return phrases.say("change.opens" if after > before else "change.closes")
    return phrases.say("change.trips", before=f"{before:g}", after=f"{after:g}")


def chance_text(probability: float, phrases: Phrases) -> str:
    """Return the chance that an offer is honoured; *sure* is what was reported as ready."""
    return phrases.say("plan.ready") if probability >= 1 else percent_in(phrases, probability)


def site_chance_text(row: OpeningRow, phrases: Phrases) -> str:
    """Return the chance that a site is there; of places that nobody reported nobody has confirmed it."""
    return phrases.say("plan.not_confirmed") if row.state == "assumed" else chance_text(row.probability, phrases)


def km_text(row: TripRow, phrases: Phrases) -> str:
    """Return the way of a trip; a dash where an end is not named."""
    return "–" if row.km is None else phrases.say("plan.km", n=plain(row.km))


def nights_text(nights: Iterable[dt.date], language: str) -> str:
    """Return nights as ranges: ``4–7 abr, 12 abr``; one night with its weekday."""
    days = sorted(set(nights))
    if len(days) == 1:
        return named_day(days[0], language)
    return ", ".join(day_range(first, last, language) for first, last in _runs(days))


def _runs(days: Sequence[dt.date]) -> list[tuple[dt.date, dt.date]]:
    runs: list[tuple[dt.date, dt.date]] = []
    for day in days:
        if runs and (day - runs[-1][1]).days == 1:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs

"""The rows of the tables of a plan, each field with its type, unit and meaning.

Two families: what whoever coordinates may see, night by night and with names of vehicles; and what may be seen by
anybody: places, needs and gaps, without a day, a number of people who come, or who goes where.

Over the weighted futures of a plan *expected* is the mean, which adds up over rows; *low* and *high* are the quantiles
at 0.1 and 0.9, which do not. A row with ``decision`` *now* is decided and the same in every future; *later* is decided
when the day comes, and the row says what would be done in the futures that the plan knows.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from posada.model.demand import DEMAND_CLASSES
from posada.model.fields import Kind, column
from posada.model.plan import WhyUnused

DECISIONS = ("now", "later")
PLAN_PHASES = ("first_days", "later")
"""The near days, whose decisions are taken now; and all days after them."""
SHORTAGE_KINDS = ("places to sleep", "medical transport")
"""What can be short, by priority."""
CHANGE_KINDS = ("site", "trips")
RESERVE_KINDS = ("places", "vehicles")
PLACE_STATES = ("reported", "assumed")
UNUSED_REASONS = tuple(reason.name.casefold() for reason in WhyUnused)

_PLACE = "The place; 'not-named' when it is marked sensitive."
_TOWN = "What the place is called."
_DECISION = "now: decided, the same in every future; later: what the futures would have."


def _people(meaning: str) -> Any:
    return column(Kind.NUMBER, meaning, unit="people", minimum=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningRow:
    """A site and a night: whether it opens, for how many, by which standard. One row per site and night."""

    place: str = column(Kind.ID, _PLACE)
    town: str = column(Kind.TEXT, _TOWN)
    site: str = column(Kind.ID, "The site; 'not-named' for all sensitive ones of a place together.")
    name: str = column(Kind.TEXT, "What the site is called; empty for places that nobody reported.")
    night: dt.date = column(Kind.DATE, "The night.")
    decision: str = column(Kind.CHOICE, _DECISION, options=DECISIONS)
    open_share: float = column(Kind.NUMBER, "Weight of the futures in which it is open.", unit="share", minimum=0)
    places: int = column(Kind.INTEGER, "Places by the target of the standard.", unit="places", minimum=0)
    places_low: int = column(Kind.INTEGER, "Places by the low figure of the standard.", unit="places", minimum=0)
    state: str = column(Kind.CHOICE, "Whether the places were reported, or are assumed.", options=PLACE_STATES)
    probability: float = column(Kind.NUMBER, "Chance that the offer is honoured.", unit="share", minimum=0, maximum=1)
    people_expected: float = _people("People who sleep there, expected.")
    people_low: float = _people("The same, low.")
    people_high: float = _people("The same, high.")
    overcrowded_expected: float = _people("People above the target of the standard, expected.")
    overcrowded_high: float = _people("The same, high.")
    standard: str = column(Kind.TEXT, "The standard by which places are counted.")


@dataclass(frozen=True, slots=True, kw_only=True)
class LodgingRow:
    """Who sleeps where: one row per site, night and need class; without a site, those who have no place."""

    place: str = column(Kind.ID, _PLACE)
    town: str = column(Kind.TEXT, _TOWN)
    site: str | None = column(Kind.ID, "The site; empty: without a place to sleep.", default=None)
    night: dt.date = column(Kind.DATE, "The night.")
    need_class: str = column(Kind.CHOICE, "Who.", options=DEMAND_CLASSES)
    people_expected: float = column(Kind.NUMBER, "How many, expected.", unit="people", minimum=0)
    people_low: float = column(Kind.NUMBER, "The same, low.", unit="people", minimum=0)
    people_high: float = column(Kind.NUMBER, "The same, high.", unit="people", minimum=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class TripRow:
    """A trip of one vehicle of an offer that is decided now; or the trips of a later day, expected."""

    vehicle: str = column(Kind.ID, "The offer of vehicles.")
    type: str = column(Kind.TEXT, "What they are.")
    day: dt.date = column(Kind.DATE, "The day.")
    decision: str = column(Kind.CHOICE, _DECISION, options=DECISIONS)
    trip: int | None = column(
        Kind.INTEGER,
        "Number of the trip on that day, out and back; empty for later days.",
        unit="-",
        minimum=1,
        default=None,
    )
    trips_expected: float = column(Kind.NUMBER, "1; for later days the trips expected.", unit="trips", minimum=0)
    from_place: str = column(Kind.ID, "Where people get in.", header="from")
    from_town: str = column(Kind.TEXT, "What it is called.")
    to_place: str = column(Kind.ID, "Where people get out.", header="to")
    to_town: str = column(Kind.TEXT, "What it is called.")
    seats: float = column(Kind.NUMBER, "Seats of the trip, or of the trips expected.", unit="seats", minimum=0)
    people_expected: float = _people("People who ride, expected, with the futures in which nobody drives as 0.")
    adults: float = _people("Of these, adults on their own.")
    families: float = _people("Of these, people in families, who stay together.")
    limited_mobility: float = _people("Of these, people who cannot walk far.")
    medical: float = _people("Of these, medical cases.")
    people_low: float = _people("People who ride, low.")
    people_high: float = _people("People who ride, high.")
    people_if_honoured: float = _people("People who ride, expected if the offer is honoured.")
    km: float | None = column(
        Kind.NUMBER,
        "Way with people, for a night there and back; empty where an end is not named.",
        unit="km",
        minimum=0,
        default=None,
    )
    departs: str = column(
        Kind.TEXT, "Hour at which people get in, at the earliest; empty where none is planned.", default=""
    )
    arrives: str = column(Kind.TEXT, "Hour at which they get out then.", default="")
    returns: str = column(
        Kind.TEXT, "Hour of the next morning at which people who were taken for the night get in again.", default=""
    )
    for_night: bool = column(
        Kind.YES_NO, "Whether it takes people to a place for the night, and back on the next morning."
    )
    stands_in: str = column(Kind.ID, "The town in which the vehicle stands.")
    stands_in_town: str = column(Kind.TEXT, "What it is called.")
    empty_km: float | None = column(
        Kind.NUMBER,
        "Way without people, to where they get in and home; empty where an end is not named.",
        unit="km",
        minimum=0,
        default=None,
    )
    probability: float = column(Kind.NUMBER, "Chance that the offer is honoured.", unit="share", minimum=0, maximum=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyRow:
    """What a town needs by standard in the first days or later, and what is to be brought."""

    place: str = column(Kind.ID, _PLACE)
    town: str = column(Kind.TEXT, _TOWN)
    phase: str = column(Kind.CHOICE, "The near days, or all days after them.", options=PLAN_PHASES)
    first_night: dt.date = column(Kind.DATE, "First night of the phase.")
    last_night: dt.date = column(Kind.DATE, "Last night of the phase.")
    item: str = column(Kind.ID, "Line of the standards.")
    label_es: str = column(Kind.TEXT, "What it is, in Spanish.")
    label_en: str = column(Kind.TEXT, "What it is, in English.")
    people: int = column(Kind.INTEGER, "People on the fullest night, high.", unit="people", minimum=0)
    person_nights: int = column(Kind.INTEGER, "People times nights in the phase, high.", unit="people", minimum=0)
    stay: str = column(Kind.TEXT, "Phase of the stay by which the standard was chosen.")
    unit: str = column(Kind.TEXT, "Unit of all quantities, in English.")
    unit_es: str = column(Kind.TEXT, "The same in Spanish.")
    daily: bool = column(
        Kind.YES_NO, "Whether it is used up: then what stands is for one day, and what is brought for all."
    )
    standing_low: float | None = column(
        Kind.NUMBER,
        "What there must be on the fullest day, low; empty: none.",
        unit="unit of the row",
        minimum=0,
        default=None,
    )
    standing_target: float | None = column(
        Kind.NUMBER, "The same, target.", unit="unit of the row", minimum=0, default=None
    )
    ready: float | None = column(
        Kind.NUMBER, "What the town reported as ready; empty: not reported.", unit="unit of the row", default=None
    )
    quantity_low: float | None = column(
        Kind.NUMBER,
        "What is to be brought, low: what is used up over all days; of the rest, what is neither ready nor brought.",
        unit="unit of the row",
        minimum=0,
        default=None,
    )
    quantity_target: float | None = column(
        Kind.NUMBER, "The same, target.", unit="unit of the row", minimum=0, default=None
    )
    source: str = column(Kind.TEXT, "Source of the standard.")
    verified: bool = column(Kind.YES_NO, "Whether the figure was opened at its source.")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRow:
    """Supplies that go from a stock to a town on a day, in all futures."""

    item: str = column(Kind.ID, "What.")
    day: dt.date = column(Kind.DATE, "The day.")
    from_place: str = column(Kind.ID, "Where the stock is.", header="from")
    to_place: str = column(Kind.ID, "Where it goes.", header="to")
    quantity: float = column(Kind.NUMBER, "How much.", unit="unit of the row", minimum=0)
    unit: str = column(Kind.TEXT, "Unit of the quantity.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveRow:
    """What is held back in the near days, in case more people come or an offer fails."""

    place: str = column(Kind.ID, _PLACE)
    town: str = column(Kind.TEXT, _TOWN)
    date: dt.date = column(Kind.DATE, "The night, or the day.")
    what: str = column(Kind.CHOICE, "Free places of the town, or vehicles of an offer.", options=RESERVE_KINDS)
    vehicle: str | None = column(Kind.ID, "The offer of vehicles.", default=None)
    quantity: float = column(Kind.NUMBER, "How many.", unit="places or vehicles", minimum=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortageRow:
    """What cannot be met: what, where, when, how many, and what would mend it."""

    place: str = column(Kind.ID, _PLACE)
    town: str = column(Kind.TEXT, _TOWN)
    night: dt.date = column(Kind.DATE, "The night; of transport, the day on which people go on.")
    what: str = column(Kind.CHOICE, "What is missing.", options=SHORTAGE_KINDS)
    people_low: float = _people("People without it, low.")
    people_likely: float = _people("The same, median.")
    people_high: float = _people("The same, high.")
    cure_es: str = column(Kind.TEXT, "What would mend it, in Spanish.")
    cure_en: str = column(Kind.TEXT, "What would mend it, in English.")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadRow:
    """A town and a night: who is there, who has no place, who came and left by vehicle."""

    place: str = column(Kind.ID, _PLACE)
    town: str = column(Kind.TEXT, _TOWN)
    night: dt.date = column(Kind.DATE, "The night, and the day before it for vehicles.")
    people_expected: float = _people("People who want a place to sleep, expected.")
    people_low: float = _people("The same, low.")
    people_high: float = _people("The same, high.")
    lodged_expected: float = _people("People with a place, expected.")
    without_expected: float = _people("People without a place, expected.")
    without_low: float = _people("The same, low.")
    without_high: float = _people("The same, high.")
    came_by_vehicle: float = _people("People set down by vehicles that day, expected.")
    left_by_vehicle: float = _people("People picked up by vehicles that day, expected.")
    per_1000_residents: float | None = column(
        Kind.NUMBER, "People with a place per 1,000 residents; empty: residents not known.", unit="people", default=None
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class UnusedRow:
    """An offer that the plan does not use."""

    place: str = column(Kind.ID, _PLACE)
    town: str = column(Kind.TEXT, _TOWN)
    offer: str = column(Kind.ID, "The site, or the offer of vehicles.")
    why: str = column(Kind.CHOICE, "Why not.", options=UNUSED_REASONS)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """What is otherwise than in the plan before, of what was decided, and which towns must be told."""

    date: dt.date = column(Kind.DATE, "The night, or the day.")
    what: str = column(Kind.CHOICE, "A site, or trips.", options=CHANGE_KINDS)
    offer: str = column(Kind.ID, "The site, or the offer of vehicles; 'not-named' when it is sensitive.")
    name: str = column(Kind.TEXT, "What the site is called, empty where nobody reported one; or the type of vehicle.")
    before: float = column(Kind.NUMBER, "1 for open, 0 for closed; or trips.", unit="-", minimum=0)
    after: float = column(Kind.NUMBER, "The same now.", unit="-", minimum=0)
    tell: str = column(Kind.TEXT, "The towns that must be told, separated by ';'; sensitive ones are left out.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRow:
    """A site that the plan counts on, with its places; for anybody to see."""

    place: str = column(Kind.ID, "The place.")
    town: str = column(Kind.TEXT, _TOWN)
    site: str = column(Kind.ID, "The site.")
    name: str = column(Kind.TEXT, "What the site is called; empty for places that nobody reported.")
    places: int = column(Kind.INTEGER, "Places by the target of the standard.", unit="places", minimum=0)
    state: str = column(Kind.CHOICE, "Whether the places were reported, or are assumed.", options=PLACE_STATES)
    standard: str = column(Kind.TEXT, "The standard by which places are counted.")


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedRow:
    """What a town asks for over all days, rounded up to two significant figures; for anybody to see."""

    place: str = column(Kind.ID, "The place.")
    town: str = column(Kind.TEXT, _TOWN)
    item: str = column(Kind.ID, "Line of the standards.")
    label_es: str = column(Kind.TEXT, "What it is, in Spanish.")
    label_en: str = column(Kind.TEXT, "What it is, in English.")
    unit: str = column(Kind.TEXT, "Unit of the quantities, in English.")
    unit_es: str = column(Kind.TEXT, "The same in Spanish.")
    quantity_low: float | None = column(
        Kind.NUMBER, "What is to be brought, low.", unit="unit of the row", minimum=0, default=None
    )
    quantity_target: float | None = column(
        Kind.NUMBER, "The same, target.", unit="unit of the row", minimum=0, default=None
    )
    source: str = column(Kind.TEXT, "Source of the standard.")
    verified: bool = column(Kind.YES_NO, "Whether the figure was opened at its source.")


@dataclass(frozen=True, slots=True, kw_only=True)
class GapRow:
    """What a town is short of on its worst night, rounded up to two significant figures; for anybody to see."""

    place: str = column(Kind.ID, "The place.")
    town: str = column(Kind.TEXT, _TOWN)
    what: str = column(Kind.CHOICE, "What is missing.", options=SHORTAGE_KINDS[:1])
    people_low: int | None = column(
        Kind.INTEGER, "People without it on the worst night, low; empty: 1 to 9.", unit="people", default=None
    )
    people_high: int | None = column(Kind.INTEGER, "The same, high.", unit="people", default=None)
    places_known: int = column(Kind.INTEGER, "Places that the plan counts on in the town.", unit="places", minimum=0)


@dataclass(frozen=True)
class PlanTables:
    """The tables of a plan for whoever coordinates; nothing marked sensitive is named or located in them."""

    openings: tuple[OpeningRow, ...] = ()
    lodging: tuple[LodgingRow, ...] = ()
    trips: tuple[TripRow, ...] = ()
    supplies: tuple[SupplyRow, ...] = ()
    deliveries: tuple[DeliveryRow, ...] | None = None
    """``None`` where the plan was given no stock."""
    reserves: tuple[ReserveRow, ...] = ()
    shortages: tuple[ShortageRow, ...] = ()
    loads: tuple[LoadRow, ...] = ()
    unused: tuple[UnusedRow, ...] = ()
    changes: tuple[ChangeRow, ...] | None = None
    """``None`` where there was no plan before."""


@dataclass(frozen=True)
class PublicTables:
    """The tables of a plan for anybody; ``withheld`` counts the towns that are left out for their small numbers."""

    places: tuple[PlaceRow, ...] = ()
    needs: tuple[NeedRow, ...] = ()
    gaps: tuple[GapRow, ...] = ()
    withheld: int = 0


PLAN_TABLES: dict[str, type[Any]] = {
    "openings": OpeningRow,
    "lodging": LodgingRow,
    "trips": TripRow,
    "supplies": SupplyRow,
    "deliveries": DeliveryRow,
    "reserves": ReserveRow,
    "shortages": ShortageRow,
    "loads": LoadRow,
    "unused": UnusedRow,
    "changes": ChangeRow,
}
PUBLIC_TABLES: dict[str, type[Any]] = {"places": PlaceRow, "needs": NeedRow, "gaps": GapRow}

"""Records of what host towns offer, and how they stand to the people who come."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from posada.model.fields import Kind, column

SITE_TYPES = (
    "church",
    "sports_ground",
    "stadium",
    "auditorium",
    "warehouse",
    "school",
    "shelter",
    "square",
    "field",
    "other",
)
VEHICLE_TYPES = ("bus", "car", "van", "lorry", "ambulance", "police_truck")
OFFER_STATES = ("ready", "promised")
STANCES = ("welcome", "tolerate", "push_on", "refuse")


@dataclass(frozen=True, slots=True)
class Site:
    """Somewhere to sleep. A capacity that nobody reported is drawn, never taken as zero."""

    id: str = column(Kind.ID, "Identifier of the site; a site counts once over all towns.")
    place: str = column(Kind.REFERENCE, "The place it is in.", refers_to="places")
    name: str = column(Kind.TEXT, "What it is called.")
    type: str = column(Kind.CHOICE, "What it is.", options=SITE_TYPES)
    covered: bool = column(Kind.YES_NO, "Whether people sleep under a roof there; a square is not shelter.")
    source: tuple[str, ...] = column(Kind.REFERENCES, "The sources of the row.", refers_to="sources")
    area_m2: float | None = column(
        Kind.NUMBER, "Floor for sleeping; empty: not reported.", unit="m2", minimum=0, default=None
    )
    capacity: int | None = column(
        Kind.INTEGER,
        "Places to sleep as stated; empty: from the area, or drawn.",
        unit="people",
        minimum=0,
        default=None,
    )
    toilets: int | None = column(Kind.INTEGER, "Toilets; empty: not assessed.", unit="toilets", minimum=0, default=None)
    taps: int | None = column(Kind.INTEGER, "Taps; empty: not assessed.", unit="taps", minimum=0, default=None)
    open_from: dt.date | None = column(Kind.DATE, "First night; empty: already open.", header="from", default=None)
    open_to: dt.date | None = column(Kind.DATE, "Last night; empty: no end known.", header="to", default=None)
    state: str = column(Kind.CHOICE, "Ready now, or promised.", options=OFFER_STATES, default="ready")
    sensitive: bool = column(Kind.YES_NO, "Whether its name and address stay out of every export.", default=False)
    conditions: str | None = column(Kind.TEXT, "Conditions of the offer, not about any person.", default=None)


@dataclass(frozen=True, slots=True)
class Vehicle:
    """Vehicles on offer for carrying people onward."""

    id: str = column(Kind.ID, "Identifier of the offer.")
    place: str = column(Kind.REFERENCE, "Where they start.", refers_to="places")
    type: str = column(Kind.CHOICE, "What they are.", options=VEHICLE_TYPES)
    count: int = column(Kind.INTEGER, "How many.", unit="vehicles", minimum=0)
    seats: int = column(Kind.INTEGER, "Seats of each for passengers.", unit="people", minimum=0)
    source: tuple[str, ...] = column(Kind.REFERENCES, "The sources of the row.", refers_to="sources")
    range_km: float | None = column(
        Kind.NUMBER,
        "How far they carry people; empty: to the limit place, or the next stop.",
        unit="km",
        minimum=0,
        default=None,
    )
    limit_place: str | None = column(
        Kind.REFERENCE,
        "The last place they go to, often the municipal limit.",
        refers_to="places",
        default=None,
    )
    accessible: bool = column(Kind.YES_NO, "Whether people with limited mobility can ride.", default=False)
    open_from: dt.date | None = column(Kind.DATE, "First day; empty: already.", header="from", default=None)
    open_to: dt.date | None = column(Kind.DATE, "Last day; empty: no end known.", header="to", default=None)
    withdrawn_on: dt.date | None = column(Kind.DATE, "The day from which the offer no longer stands.", default=None)
    honoured_low: float | None = column(
        Kind.NUMBER,
        "Lowest chance that they come as promised; empty: drawn.",
        unit="share",
        minimum=0,
        maximum=1,
        default=None,
    )
    honoured_likely: float | None = column(
        Kind.NUMBER, "Most likely chance that they come.", unit="share", minimum=0, maximum=1, default=None
    )
    honoured_high: float | None = column(
        Kind.NUMBER, "Highest chance that they come.", unit="share", minimum=0, maximum=1, default=None
    )
    state: str = column(Kind.CHOICE, "Ready now, or promised.", options=OFFER_STATES, default="promised")
    conditions: str | None = column(Kind.TEXT, "Conditions of the offer, not about any person.", default=None)
    verified: bool = column(
        Kind.YES_NO, "Whether somebody has verified vehicles and drivers; a plan uses no others.", default=False
    )


@dataclass(frozen=True, slots=True)
class Supply:
    """A stock of something that people use up every night, from which a plan brings it to towns."""

    item: str = column(Kind.ID, "What it is, such as water; all stocks of an item are one supply.")
    place: str = column(Kind.REFERENCE, "Where it is stored.", refers_to="places")
    quantity: float = column(Kind.NUMBER, "How much there is.", unit="see unit", minimum=0)
    per_person_night: float = column(
        Kind.NUMBER, "How much each person needs of it for a night.", unit="see unit", minimum=0.001
    )
    unit: str = column(Kind.TEXT, "In what it is counted, such as L or meals; the same in all rows of an item.")
    source: tuple[str, ...] = column(Kind.REFERENCES, "The sources of the row.", refers_to="sources")


@dataclass(frozen=True, slots=True)
class Stance:
    """How a town stands to the people who come, from a day on."""

    place: str = column(Kind.REFERENCE, "The town.", refers_to="places")
    since: dt.date = column(Kind.DATE, "From this day on.", header="from")
    stance: str = column(Kind.CHOICE, "Welcome, tolerate, push on, refuse.", options=STANCES)
    source: tuple[str, ...] = column(Kind.REFERENCES, "The sources of the row.", refers_to="sources")

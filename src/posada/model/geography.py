"""Records of where people can be: places, and the routes between them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from posada.model.fields import Kind, column

PLACE_KINDS = (
    "town",
    "city",
    "camp",
    "border_crossing",
    "idp_camp",
    "conflict_zone",
    "forwarding_hub",
    "marker",
    "high_water_zone",
)
CAMP_KINDS = ("camp", "idp_camp")
"""Kinds of places in which people are registered; ``idp_camp`` is one in the home country."""
ROUTE_MODES = ("road", "rail")


@dataclass(frozen=True, slots=True)
class Place:
    """A town, city, camp or border crossing, or another place on the way.

    A ``conflict_zone`` is in conflict from the first day; people do not stay in a ``forwarding_hub``; nobody is
    ever counted in a ``marker``, a point on a road.
    """

    id: str = column(Kind.ID, "Identifier of the place, used by every other table.")
    name: str = column(Kind.TEXT, "Name as the people there write it.")
    country: str = column(Kind.TEXT, "Country as ISO 3166-1 alpha-3; for dispersed movement, any name.")
    lat: float = column(Kind.NUMBER, "Latitude, WGS84.", unit="deg", minimum=-90, maximum=90)
    lon: float = column(Kind.NUMBER, "Longitude, WGS84.", unit="deg", minimum=-180, maximum=180)
    kind: str = column(Kind.CHOICE, "What the place is.", options=PLACE_KINDS)
    source: tuple[str, ...] = column(Kind.REFERENCES, "The sources of the row.", refers_to="sources")
    admin1: str | None = column(Kind.TEXT, "State, department or province.", default=None)
    pcode: str | None = column(Kind.TEXT, "P-code of the municipality.", default=None)
    population: int | None = column(
        Kind.INTEGER, "Residents; empty when unknown.", unit="people", default=None, minimum=0
    )
    sensitive: bool = column(Kind.YES_NO, "Whether the place may not appear in anything public.", default=False)
    capacity: int | None = column(
        Kind.INTEGER,
        "Dispersed people whom a camp can take in; empty: no limit is known.",
        unit="people",
        default=None,
        minimum=0,
    )


@dataclass(frozen=True, slots=True)
class Route:
    """A stretch of road or rail between two places, open between two days."""

    from_place: str = column(Kind.REFERENCE, "The place at one end.", header="from", refers_to="places")
    to_place: str = column(Kind.REFERENCE, "The place at the other end.", header="to", refers_to="places")
    km: float = column(Kind.NUMBER, "Length of the way.", unit="km", minimum=0.1, maximum=20_000)
    mode: str = column(Kind.CHOICE, "Road, or rail.", options=ROUTE_MODES)
    source: tuple[str, ...] = column(Kind.REFERENCES, "The sources of the row.", refers_to="sources")
    open_from: dt.date | None = column(
        Kind.DATE, "First day on which it can be used; empty: always could.", default=None
    )
    open_to: dt.date | None = column(Kind.DATE, "Last day on which it can be used; empty: no end known.", default=None)
    one_way: bool = column(Kind.YES_NO, "Whether it leads only from 'from' to 'to'.", default=False)
    parallel: int = column(
        Kind.INTEGER, "Number among routes with the same ends, mode and days.", unit="number", minimum=1, default=1
    )
    max_km_per_day: float | None = column(
        Kind.NUMBER,
        "Way of a day of dispersed people on it; empty: as in the section [movement].",
        unit="km/day",
        minimum=0.1,
        maximum=5000,
        default=None,
    )
    walk_probability_per_day: float = column(
        Kind.NUMBER,
        "Chance that a day on it is walked by dispersed people.",
        unit="share per day",
        minimum=0,
        maximum=1,
        default=0.0,
    )
    walked: bool = column(
        Kind.YES_NO,
        "Whether groups walk it; where not, they ride, as far as 'long_road_km_per_day' says.",
        default=True,
    )

"""Records of where people can be: places, and the routes between them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from posada.model.fields import Kind, column

PLACE_KINDS = ("town", "city", "camp", "border_crossing")
ROUTE_MODES = ("road", "rail")


@dataclass(frozen=True, slots=True)
class Place:
    """A town, city, camp or border crossing."""

    id: str = column(Kind.ID, "Identifier of the place, used by every other table.")
    name: str = column(Kind.TEXT, "Name as the people there write it.")
    country: str = column(Kind.TEXT, "Country as ISO 3166-1 alpha-3.")
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

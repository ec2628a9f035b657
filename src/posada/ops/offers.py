"""What a town has ready and what it has promised, as reported; and what nobody has reported."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from posada.model.offers import Site, Vehicle
from posada.model.outlook import OfferLine
from posada.model.scenario import Scenario

READY, PROMISED, NOT_REPORTED = "ready", "promised", "not_reported"

_ASKED = (("covered_places", "places"), ("toilets", "toilets"), ("taps", "taps"), ("seats", "seats"))
"""What every town is asked for, with its unit."""


def town_offers(scenario: Scenario, place_id: str, day: dt.date) -> tuple[OfferLine, ...]:
    """Return what a town offers on a day or later, as reported.

    Quantities are those that were stated: a floor stays square metres. What opens only after the day is
    promised, whatever its row says. The name and the source of a site marked sensitive are left out.
    """
    lines: list[OfferLine] = []
    for site in scenario.sites:
        if site.place == place_id and (site.open_to is None or site.open_to >= day):
            lines += _site_lines(site, _state(site, day), _source(scenario, site.source))
    for vehicle in scenario.vehicles:
        if vehicle.place == place_id and _still_stands(vehicle, day):
            source = _source(scenario, vehicle.source)
            lines.append(_vehicle_line(scenario, vehicle, _state(vehicle, day), source))
    named = {line.what for line in lines} | ({"seats"} if any(line.unit == "seats" for line in lines) else set())
    named |= {"covered_places"} if "covered_space" in named else set()
    lines += [OfferLine(what, None, unit, NOT_REPORTED, "", "") for what, unit in _ASKED if what not in named]
    return tuple(lines)


def _state(row: Site | Vehicle, day: dt.date) -> str:
    later = row.open_from is not None and row.open_from > day
    return PROMISED if later or row.state != READY else READY


def _still_stands(vehicle: Vehicle, day: dt.date) -> bool:
    closed = vehicle.open_to is not None and vehicle.open_to < day
    withdrawn = vehicle.withdrawn_on is not None and vehicle.withdrawn_on <= day
    return not closed and not withdrawn


def _site_lines(site: Site, state: str, source: str) -> Iterable[OfferLine]:
    name, said = ("", "") if site.sensitive else (site.name, source)
    if not site.covered:
        yield OfferLine("open_ground", site.area_m2, "m2", state, name, said)
    elif site.capacity is None and site.area_m2 is not None:
        yield OfferLine("covered_space", site.area_m2, "m2", state, name, said)
    else:
        places = None if site.capacity is None else float(site.capacity)
        yield OfferLine("covered_places", places, "places", state, name, said)
    for what, count in (("toilets", site.toilets), ("taps", site.taps)):
        if count is not None:
            yield OfferLine(what, float(count), what, state, name, said)


def _vehicle_line(scenario: Scenario, vehicle: Vehicle, state: str, source: str) -> OfferLine:
    """Return an offer of vehicles: seats for those that carry people onward, a number for ambulances."""
    name = f"{vehicle.count} × {vehicle.seats}"
    if vehicle.limit_place is not None:
        name += f" → {scenario.place(vehicle.limit_place).name}"
    if vehicle.range_km is not None:
        name += f", {vehicle.range_km:,.10g} km"
    if vehicle.type == "ambulance":
        return OfferLine(vehicle.type, float(vehicle.count), "vehicles", state, name, source)
    return OfferLine(vehicle.type, float(vehicle.count * vehicle.seats), "seats", state, name, source)


def _source(scenario: Scenario, ids: tuple[str, ...]) -> str:
    """Return publisher and date of the first source that has a date, else of the first."""
    rows = [row for id_ in ids for row in scenario.sources if row.id == id_]
    best = next((row for row in rows if row.date is not None), rows[0])
    return f"{best.publisher}, {best.date}" if best.date is not None else best.publisher

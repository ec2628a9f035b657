"""From the offers of a scenario to what the planner may use, and a list of what it may not, with the reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from posada.model.offers import Site, Vehicle
from posada.model.plan import PlanFleet, PlanOptions, PlanSite, SupplyStock, Unusable, WhyUnused
from posada.model.scenario import Scenario
from posada.plan.site_capacity import STATED, limiting_standard, site_capacity

ASSUMED = "assumed: nobody reported its places"


def usable_sites(
    scenario: Scenario, options: PlanOptions, assumed: Mapping[str, int] | None = None
) -> tuple[tuple[PlanSite, ...], tuple[Unusable, ...]]:
    """Return the covered sites with their places by standard, and the sites that are none.

    Parameters
    ----------
    assumed : mapping, optional
        Places to assume for sites of which nobody reported any, by identifier.
    """
    usable, others = [], []
    for site in scenario.sites:
        capacity = site_capacity(site, options.phase, climate=options.climate)
        target, low = capacity.places_at_target, capacity.places_at_low
        supposed = target is None and assumed is not None and site.id in assumed
        if supposed and assumed is not None:
            target = low = assumed[site.id]
        if not capacity.is_shelter:
            others.append(Unusable(site.id, site.place, WhyUnused.NO_ROOF))
        elif target is None or low is None:
            others.append(Unusable(site.id, site.place, WhyUnused.NO_PLACES))
        else:
            usable.append(_plan_site(site, target, low, options, supposed))
    return tuple(usable), tuple(others)


def _plan_site(site: Site, target: int, low: int, options: PlanOptions, assumed: bool) -> PlanSite:
    return PlanSite(
        id=site.id,
        place_id=site.place,
        name=site.name,
        places_target=target,
        places_low=max(low, target),
        open_from=site.open_from,
        open_to=site.open_to,
        honoured=1.0 if site.state == "ready" else options.promised_site_honoured,
        assumed=assumed,
        sensitive=site.sensitive,
    )


def usable_fleets(scenario: Scenario, options: PlanOptions) -> tuple[tuple[PlanFleet, ...], tuple[Unusable, ...]]:
    """Return the verified vehicles, and the offers that are not used."""
    usable, others = [], []
    for vehicle in scenario.vehicles:
        accessible = _is_accessible(vehicle)
        if not vehicle.verified:
            others.append(Unusable(vehicle.id, vehicle.place, WhyUnused.NOT_VERIFIED, accessible))
        elif vehicle.count == 0 or vehicle.seats == 0:
            others.append(Unusable(vehicle.id, vehicle.place, WhyUnused.NO_SEATS, accessible))
        else:
            usable.append(_plan_fleet(vehicle, options))
    return tuple(usable), tuple(others)


def _is_accessible(vehicle: Vehicle) -> bool:
    return vehicle.accessible or vehicle.type == "ambulance"


def _plan_fleet(vehicle: Vehicle, options: PlanOptions) -> PlanFleet:
    last = vehicle.open_to
    if vehicle.withdrawn_on is not None:
        before = vehicle.withdrawn_on - dt.timedelta(days=1)
        last = before if last is None else min(last, before)
    ready = 1.0 if vehicle.state == "ready" else options.promised_vehicle_honoured
    return PlanFleet(
        id=vehicle.id,
        place_id=vehicle.place,
        type=vehicle.type,
        count=vehicle.count,
        seats=vehicle.seats,
        range_km=vehicle.range_km,
        limit_place=vehicle.limit_place,
        accessible=_is_accessible(vehicle),
        open_from=vehicle.open_from,
        open_to=last,
        honoured=ready if vehicle.honoured_likely is None else vehicle.honoured_likely,
    )


def usable_stocks(scenario: Scenario) -> tuple[SupplyStock, ...]:
    """Return the stocks of supplies as the planner uses them."""
    return tuple(
        SupplyStock(row.item, row.place, row.quantity, row.per_person_night, row.unit) for row in scenario.supplies
    )


def counted_by(scenario: Scenario, sites: Iterable[PlanSite], options: PlanOptions) -> dict[str, str]:
    """Return for each site by what its places are counted: a standard, a number that was stated, or an assumption."""
    reported = {row.id: row for row in scenario.sites}
    found = {}
    for site in sites:
        row = reported.get(site.id)
        if site.assumed or row is None:
            found[site.id] = ASSUMED
            continue
        capacity = site_capacity(row, options.phase, climate=options.climate)
        changed = capacity.places_at_target != site.places_target
        found[site.id] = STATED if changed else limiting_standard(capacity, climate=options.climate)
    return found

"""Places that nobody reported: assumed as the simulation assumes them, at the middle of what is thought possible.

A capacity that nobody reported is not zero. A plan marks these places as assumed, so that somebody asks.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from posada.engine.luck import Law
from posada.model.plan import PlanSite, assumed_site_id
from posada.model.rates import RATES
from posada.model.scenario import Scenario


def middle(scenario: Scenario, name: str) -> float:
    """Return the median of a rate as the scenario has it."""
    rate = RATES[name]
    given = {row.name: row for row in scenario.parameters}
    law, values = (
        (given[name].distribution, given[name].numbers()) if name in given else (rate.distribution, rate.values)
    )
    return float(Law(law, values, rate.minimum, rate.maximum).quantile(np.array([0.5]))[0])


def assumed_places(scenario: Scenario) -> dict[str, int]:
    """Return places of covered sites of which nothing was reported, by the median of their type."""
    found = {}
    for site in scenario.sites:
        if site.covered and site.capacity is None and site.area_m2 is None:
            name = f"capacity_{site.type}"
            found[site.id] = int(middle(scenario, name if name in RATES else "capacity_other"))
    return found


def assumed_sites(scenario: Scenario, sites: Iterable[PlanSite]) -> tuple[PlanSite, ...]:
    """Return a site for each town without a usable one: median unreported places, at most a share of residents."""
    known = {site.place_id for site in sites}
    places = middle(scenario, "unreported_places")
    share = middle(scenario, "unreported_places_per_resident")
    made = []
    for place in scenario.places:
        if place.id not in known and place.kind != "marker":
            most = places if place.population is None else min(places, share * place.population)
            made.append(
                PlanSite(assumed_site_id(place.id), place.id, "places not reported", int(most), int(most), assumed=True)
            )
    return tuple(made)

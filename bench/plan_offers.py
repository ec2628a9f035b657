"""Offers to plan with where a scenario reports few: assumed sites in every town, and a fleet in some."""

from __future__ import annotations

from posada.model.plan import PlanFleet, PlanSite
from posada.model.scenario import Scenario

_FLEETS: tuple[tuple[str, int, int, bool, float], ...] = (
    ("bus", 6, 40, False, 150.0),
    ("lorry", 3, 30, False, 60.0),
    ("van", 4, 8, True, 100.0),
)
_FLEETS += (("ambulance", 2, 3, True, 80.0), ("car", 10, 4, False, 100.0), ("bus", 2, 36, True, 250.0))


def made_up_offers(
    scenario: Scenario, *, every: int = 4, places_share: float = 0.02, most: int = 600
) -> tuple[tuple[PlanSite, ...], tuple[PlanFleet, ...]]:
    """Return two sites in every town, and a fleet of six types in every few of them; all numbers are made up."""
    sites, fleets = [], []
    for number, place in enumerate(scenario.places):
        size = int(min(most, max(40, (place.population or 5000) * places_share)))
        for part, share in (("school", 0.6), ("court", 0.4)):
            low = int(size * share)
            honoured = 1.0 if part == "school" else 0.75
            sites.append(PlanSite(f"{place.id}-{part}", place.id, part, low, int(low * 1.3), honoured=honoured))
        if number % every == 0:
            for index, (kind, count, seats, accessible, reach) in enumerate(_FLEETS):
                chance = 1.0 if index % 2 else 0.7
                name = f"{place.id}-{kind}-{index}"
                fleets.append(PlanFleet(name, place.id, kind, count, seats, reach, None, accessible, honoured=chance))
    return tuple(sites), tuple(fleets)

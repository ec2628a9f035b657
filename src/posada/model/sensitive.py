"""What is marked sensitive in a scenario, with all that would give it away: neither named nor located in an output."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from posada.model.plan import PlanFleet, PlanSite, assumed_site_id
from posada.model.scenario import Scenario

NOT_NAMED = "not-named"
"""What stands in a table in the place of an identifier or a name that is kept back."""

PSEUDONYM_START = "hidden-"


def hidden_ids(scenario: Scenario) -> frozenset[str]:
    """Return the identifiers of places and sites marked sensitive, and of all that stands in such a place."""
    places = scenario.hidden_places
    sites = {row.id for row in scenario.sites if row.sensitive or row.place in places}
    vehicles = {row.id for row in scenario.vehicles if row.place in places}
    return frozenset(places | sites | vehicles | {assumed_site_id(place) for place in places})


def pseudonyms(scenario: Scenario) -> dict[str, str]:
    """Return for each hidden identifier what stands for it in the file of a plan.

    It hangs on the scenario's and the hidden identifier alone, so that a scenario that was changed since still has it.
    Whoever guesses an identifier can see that the guess is right: the file is for the planner all the same.
    """

    def pseudonym(name: str) -> str:
        return (
            f"{PSEUDONYM_START}{hashlib.blake2b(f'{scenario.settings.id}|{name}'.encode(), digest_size=8).hexdigest()}"
        )

    return {name: pseudonym(name) for name in hidden_ids(scenario)}


@dataclass(frozen=True)
class ShownNames:
    """What outputs call places, sites and vehicles; everything hidden has one and the same name."""

    hidden: frozenset[str]
    towns: Mapping[str, str]
    """Names of places by identifier."""
    sites: Mapping[str, str]
    """Names of sites by identifier; empty where nobody gave one."""
    vehicles: Mapping[str, str]
    """Types of vehicles by the identifier of their offer."""

    @classmethod
    def of(cls, scenario: Scenario, sites: Iterable[PlanSite], fleets: Iterable[PlanFleet]) -> ShownNames:
        """Return the names of a scenario, and of the offers of a plan."""
        return cls(
            hidden_ids(scenario),
            {row.id: row.name for row in scenario.places},
            {row.id: "" if row.id == assumed_site_id(row.place_id) else row.name for row in sites},
            {row.id: row.type for row in fleets},
        )

    def shown(self, name: str) -> str:
        """Return an identifier as it is shown."""
        return NOT_NAMED if name in self.hidden else name

    def town(self, place_id: str) -> str:
        """Return the name of a town as it is shown."""
        return NOT_NAMED if place_id in self.hidden else self.towns[place_id]

    def site(self, site_id: str) -> str:
        """Return the name of a site as it is shown."""
        return NOT_NAMED if site_id in self.hidden else self.sites[site_id]

    def vehicle(self, offer_id: str) -> str:
        """Return the type of the vehicles of an offer as it is shown."""
        return NOT_NAMED if offer_id in self.hidden else self.vehicles[offer_id]

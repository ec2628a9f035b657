"""The problem to be planned, as arrays: demand, sites, vehicles and arcs, complete and frozen."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posada.model.demand import DEMAND_CLASSES, DemandScenarios
from posada.model.errors import InvalidValueError
from posada.model.great_circle import great_circle_km
from posada.model.plan import PlanFleet, PlanOptions, PlanSite, SupplyStock, Unusable
from posada.model.scenario import Scenario
from posada.model.shortest_ways import RoadWays
from posada.plan.arcs import Arcs, Roads, find_arcs
from posada.plan.shortfall import Shortfall, find_shortfall

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

UNKNOWN_RESIDENTS = 20_000
"""Residents of a town of unknown size, for the share of load only: a project assumption."""


@dataclass(frozen=True, eq=False)
class Problem:
    """Everything that a plan is made from.

    Attributes
    ----------
    site_place, site_target, site_low : (sites,)
    site_open : (sites, days)
        Whether the offer stands that night.
    site_kept : (scenarios, sites), fleet_kept : (scenarios, fleets)
        Whether the offer is honoured in the scenario.
    fleet_on : (fleets, days)
    rides : (fleets, classes)
        Who may ride in what.
    leg_km : (legs,)
    residents : (places,)
    downstream : (places, places)
        Whether the second is reached from the first by the legs of any scenario; a place is not its own.
    """

    demand: DemandScenarios
    options: PlanOptions
    sites: tuple[PlanSite, ...]
    fleets: tuple[PlanFleet, ...]
    unusable: tuple[Unusable, ...]
    supplies: tuple[SupplyStock, ...]
    site_place: Ints
    site_target: Floats
    site_low: Floats
    site_open: Flags
    site_kept: Flags
    fleet_on: Flags
    fleet_kept: Flags
    rides: Flags
    arcs: Arcs
    leg_km: Floats
    km: Floats
    residents: Floats
    downstream: Flags
    shortfall: Shortfall

    @property
    def near(self) -> int:
        """Number of days whose decisions are taken now."""
        return min(self.options.near_days, len(self.demand.dates))


def build_problem(
    scenario: Scenario,
    demand: DemandScenarios,
    options: PlanOptions,
    sites: Iterable[PlanSite],
    fleets: Iterable[PlanFleet],
    *,
    unusable: Iterable[Unusable] = (),
    supplies: Iterable[SupplyStock] = (),
    seed: int = 1,
    shortfall: Shortfall | None = None,
) -> Problem:
    """Return the problem of a demand and offers.

    Whether an offer with a chance below 1 is honoured is set for each scenario: in scenarios of that much weight it
    is, in the others it is not, in an order that hangs on the seed and the name of the offer alone. Vehicles of one
    offer come or stay away together, as the 160 buses of 2 November 2018 did. Where people can be taken elsewhere for a
    night follows from demand and sites, unless ``shortfall`` says it.

    Raises
    ------
    InvalidValueError
        When stocks of one item differ in their unit or in what a person needs.
    """
    sites, fleets, supplies = tuple(sites), tuple(fleets), tuple(supplies)
    _check_alike(supplies)
    position = {place: index for index, place in enumerate(demand.place_ids)}
    sites = tuple(site for site in sites if site.place_id in position)
    fleets = tuple(fleet for fleet in fleets if fleet.place_id in position)
    km = RoadWays.of(scenario).between(demand.place_ids)
    downstream = _downstream(demand, options.least_group)
    people = {place.id: place.population for place in scenario.places}
    site_place = np.array([position[site.place_id] for site in sites], np.int64)
    site_low = np.array([max(site.places_low, site.places_target) for site in sites], np.float64)
    site_open = _standing([(site.open_from, site.open_to) for site in sites], demand.dates)
    site_kept = _kept([(site.id, site.honoured) for site in sites], demand, seed)
    places = np.zeros(demand.people.shape[:3])
    for site, place in enumerate(site_place):
        places[:, :, place] += site_low[site] * site_open[site] * site_kept[:, site, None]
    shortfall = find_shortfall(demand, options, places) if shortfall is None else shortfall
    return Problem(
        demand=demand,
        options=options,
        sites=sites,
        fleets=fleets,
        unusable=tuple(unusable),
        supplies=tuple(row for row in supplies if row.place_id in position),
        site_place=site_place,
        site_target=np.array([site.places_target for site in sites], np.float64),
        site_low=site_low,
        site_open=site_open,
        site_kept=site_kept,
        fleet_on=_standing([(fleet.open_from, fleet.open_to) for fleet in fleets], demand.dates),
        fleet_kept=_kept([(fleet.id, fleet.honoured) for fleet in fleets], demand, seed),
        rides=np.array([_riders(fleet) for fleet in fleets], bool).reshape(-1, len(DEMAND_CLASSES)),
        arcs=find_arcs(fleets, Roads(position, km, downstream, shortfall), options),
        leg_km=_leg_km(demand, km, scenario),
        km=km,
        residents=np.array([_residents(people[place]) for place in demand.place_ids], np.float64),
        downstream=downstream,
        shortfall=shortfall,
    )


def _residents(population: int | None) -> int:
    return UNKNOWN_RESIDENTS if population is None else max(population, 1)  # a border post has none


def _standing(spans: list[tuple[dt.date | None, dt.date | None]], dates: tuple[dt.date, ...]) -> Flags:
    rows = [[(a is None or a <= day) and (b is None or day <= b) for day in dates] for a, b in spans]
    return np.array(rows, bool).reshape(-1, len(dates))


def _kept(offers: list[tuple[str, float]], demand: DemandScenarios, seed: int) -> Flags:
    kept = np.ones((demand.scenarios, len(offers)), bool)
    for column, (name, honoured) in enumerate(offers):
        if honoured >= 1:
            continue
        keys = [honoured_draw(seed, name, label) for label in demand.labels]
        order = sorted(range(demand.scenarios), key=keys.__getitem__)
        middle = np.cumsum(demand.weights[order]) - demand.weights[order] / 2
        kept[order, column] = middle < honoured
    return kept


def honoured_draw(seed: int, offer: str, label: str) -> float:
    """Return the number from 0 to 1 that decides whether an offer is honoured in a scenario: a draw by name."""
    digest = hashlib.blake2b(f"honoured|{seed}|{offer}|{label}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2.0**64


def _riders(fleet: PlanFleet) -> list[bool]:
    if fleet.type == "ambulance":
        return [False, False, True, True]
    return [True, True, fleet.accessible, fleet.accessible]


def _check_alike(supplies: Iterable[SupplyStock]) -> None:
    """Refuse stocks of one item that disagree: they are one supply, of which each person needs the same."""
    first: dict[str, SupplyStock] = {}
    for row in supplies:
        other = first.setdefault(row.item, row)
        if (row.unit, row.per_person_night) != (other.unit, other.per_person_night):
            raise InvalidValueError(
                f"a stock of {row.item} counts {row.per_person_night:g} {row.unit} a person and night, another "
                f"{other.per_person_night:g} {other.unit}. Give all stocks of an item the same."
            )


def _downstream(demand: DemandScenarios, least_group: float) -> Flags:
    reach = np.zeros((len(demand.place_ids),) * 2, bool)
    large = demand.legs.people.sum(axis=1) >= least_group
    reach[demand.legs.origin[large], demand.legs.target[large]] = True
    for middle in range(len(reach)):  # Warshall's transitive closure
        reach |= reach[:, middle, None] & reach[None, middle, :]
    np.fill_diagonal(reach, False)
    return reach


def _leg_km(demand: DemandScenarios, km: Floats, scenario: Scenario) -> Floats:
    """Return the way of each leg by road; where no road leads, as the crow flies, which is the least it can be."""
    origin, target = demand.legs.origin, demand.legs.target
    points = np.array([(row.lat, row.lon) for row in map(scenario.place, demand.place_ids)]).reshape(-1, 2)
    ways, straight = km[origin, target], great_circle_km(*points[origin].T, *points[target].T)
    return np.where(np.isfinite(ways), ways, straight)

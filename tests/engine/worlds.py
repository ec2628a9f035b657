"""Hand-made journeys whose outcome is arithmetic: every rate a constant, every town on one line.

In :data:`QUIET` nothing happens by chance: the group walks 30 km a day, nobody rests, leaves or joins, no town
offers a ride, everybody wants a roof. A test changes the one or two rates that it is about.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np

from posada.model.geography import Place, Route
from posada.model.journeys import Group, Status, Stop, Transition
from posada.model.offers import Site, Stance, Vehicle
from posada.model.rates import RATES, Parameter
from posada.model.run import Run
from posada.model.scenario import Scenario
from posada.model.statements import Signal, Source
from posada.model.tables import Settings

FIRST = dt.date(2030, 3, 1)
NAMES = ("alder", "birch", "cedar", "dogwood", "elm", "fir", "gum", "hazel")
SAYS = ("survey",)
SOURCES = (Source("survey", "Town offices", "A survey", 0.8, dt.date(2030, 2, 20)),)
TRAVELLING = Status("travelling", "Goes with the group.", "travelling", SAYS, initial=True)
GONE = Status("gone", "Has left the journey.", "final", SAYS)
PERMIT = Status("permit", "May travel on alone.", "permitted", SAYS)
WAITING = Status("waiting", "Waits at the crossing.", "waiting", SAYS)
HELD = Status("held", "Is held by the authority.", "held", SAYS)
STATUSES = (TRAVELLING, GONE, PERMIT, WAITING, HELD)

QUIET: dict[str, float] = {
    **dict.fromkeys(RATES, 0.0),
    "walk_km_per_day": 30,
    "walk_factor_slower": 1,
    "walk_factor_limited": 1,
    "lift_km_per_day": 100,
    "long_road_km_per_day": 1,
    "city_halt_nights": 3,
    "train_km_per_day": 300,
    "departure_hour": 6,
    "walk_km_per_hour": 5,
    "vehicle_km_per_hour": 60,
    "vehicle_hours_per_day": 10,
    "offer_range_km": 80,
    "offer_honoured_share": 1,
    "ride_share_needed": 0.6,
    "progress_weight": 50,
    "alone_km_per_day": 100,
    "site_uptake_share": 1,
    "rain_uptake_share": 1,
    "covered_m2_per_person": 4,
    **{name: 1.0 for name in RATES if name.startswith(("lodging_", "transport_", "stay_", "count_ratio_"))},
    "lodging_refusal_probability": 0,
}


def day(number: int) -> dt.date:
    """Return the date of a day of the run, day 0 being the first."""
    return FIRST + dt.timedelta(days=number)


def town(name: str, **other: Any) -> Place:
    fields = {"kind": "town", "population": 10_000, "country": "AAA"} | other
    return Place(id=name, name=name.title(), lat=10.0, lon=-90.0, source=SAYS, **fields)


def road(start: str, end: str, km: float, **other: Any) -> Route:
    return Route(start, end, km, other.pop("mode", "road"), SAYS, **other)


def group(people: int = 100, to: str = "dogwood", **other: Any) -> Group:
    """Return a group of adults without other needs; ``share_children=0.2`` and the like make it others."""
    fields: dict[str, Any] = {"id": "main", "name": "Main", "origin": "alder", "departs": FIRST + dt.timedelta(days=1)}
    fields |= dict.fromkeys(
        ("share_women", "share_children", "share_older", "share_limited_mobility", "share_medical"), 0.0
    )
    fields |= {"size_low": people, "size_likely": people, "size_high": people, "destination": to}
    return Group(source=SAYS, **(fields | other))


def site(place: str, capacity: int | None = 50, **other: Any) -> Site:
    fields = {"id": f"hall-{place}", "name": "Hall", "type": "warehouse", "covered": True} | other
    return Site(place=place, source=SAYS, capacity=capacity, **fields)


def vehicle(place: str, seats: int, **other: Any) -> Vehicle:
    fields = {"id": f"bus-{place}", "type": "bus", "count": 1}
    fields |= {"honoured_low": 1.0, "honoured_likely": 1.0, "honoured_high": 1.0}
    return Vehicle(place=place, seats=seats, source=SAYS, **(fields | other))


def transition(start: str, end: str, kind: str, value: float, **other: Any) -> Transition:
    fields = {"id": f"{start}-{end}", "low": value, "likely": value, "high": value, "source": SAYS} | other
    return Transition(from_status=start, to_status=end, kind=kind, **fields)


def signal(affects: str, multiplier: float, since: int, until: int | None = None, **other: Any) -> Signal:
    end = None if until is None else day(until)
    values = (multiplier, multiplier, multiplier)
    return Signal(day(since), other.pop("name", "A signal"), affects, *values, SAYS, end)


def constants(rates: dict[str, float]) -> tuple[Parameter, ...]:
    """Return a row for every rate of the catalogue, those named as given and the others as in :data:`QUIET`."""
    unknown = set(rates) - set(QUIET)
    if unknown:
        raise KeyError(f"not in the catalogue: {sorted(unknown)}")
    return tuple(
        Parameter(name, "constant", repr(float(value)), RATES[name].unit, SAYS)
        for name, value in (QUIET | rates).items()
    )


def journey(*, days: int = 8, rates: dict[str, float] | None = None, **tables: Any) -> Scenario:
    """Return a scenario of ``days`` days with constant rates and the given tables."""
    settings = Settings("made-up", "Made up", FIRST, day(days - 1))
    return Scenario(
        settings=settings,
        **{"statuses": STATUSES, "sources": SOURCES, "parameters": constants(rates or {})} | tables,
    )


def line(*gaps_km: float, days: int = 8, rates: dict[str, float] | None = None, **tables: Any) -> Scenario:
    """Return a journey along towns named in the order of the alphabet, with these kilometres between them."""
    names = NAMES[: len(gaps_km) + 1]
    own: dict[str, Any] = {
        "places": tuple(town(name) for name in names),
        "routes": tuple(road(start, end, km) for start, end, km in zip(names, names[1:], gaps_km, strict=False)),
        "groups": (group(to=names[-1]),),
    }
    return journey(days=days, rates=rates, **own | tables)


def whereabouts(run: Run, index: int = 0) -> list[str]:
    """Return where the main body of a group sleeps, night by night; fails when members differ."""
    places = run.main_place[:, :, index]
    assert (places == places[0]).all(), "members differ in a journey without chance"
    return [run.place_ids[place] if place >= 0 else "-" for place in places[0]]


def in_place(run: Run, place: str, what: str = "people") -> list[int]:
    """Return a count in a place by day; fails when members differ."""
    counts = getattr(run, what)[:, :, run.place_index(place)]
    assert (counts == counts[0]).all(), "members differ in a journey without chance"
    return [int(count) for count in counts[0]]


def in_status(run: Run, status: str, what: str = "current") -> list[int]:
    """Return a count in a status by day; fails when members differ."""
    counts = getattr(run, what)[:, :, run.status_ids.index(status)]
    assert (counts == counts[0]).all(), "members differ in a journey without chance"
    return [int(count) for count in counts[0]]


def assert_nobody_is_lost(run: Run) -> None:
    """Check the books of a run anew from its arrays: entered = present + under way + final, day by day."""
    roles = {row.id: row.role for row in run.scenario.statuses}
    final = [index for index, status in enumerate(run.status_ids) if roles[status] == "final"]
    present = run.people.sum(axis=2, dtype=np.int64)
    ended = run.current[:, :, final].sum(axis=2, dtype=np.int64)
    np.testing.assert_array_equal(present + run.under_way + ended, run.total)
    np.testing.assert_array_equal(run.current.sum(axis=2, dtype=np.int64), run.total)
    for name in ("people", "arrived", "without_roof", "places_short", "entries", "current"):
        assert getattr(run, name).min() >= 0, f"{name} is negative"
    for name in ("together", "main_people", "under_way", "total", "largest_departure"):
        assert getattr(run, name).min() >= 0, f"{name} is negative"
    assert (np.diff(run.entries, axis=1) >= 0).all(), "people un-entered a status"
    assert (np.diff(run.total, axis=1) >= 0).all(), "people un-entered the journey"
    assert (run.current <= run.entries).all(), "more people in a status than ever entered it"
    np.testing.assert_array_equal(run.current[:, :, final], run.entries[:, :, final])
    assert (run.together + ended <= run.total).all(), "more people in groups than there are"
    assert (run.main_people.sum(axis=2) <= run.together).all(), "more people in main bodies than in groups"


def busy(**tables: Any) -> Scenario:
    """Return a journey in which a bit of everything happens, with the catalogue's own distributions.

    A fork (by Cedar or by Dogwood), rails, a border at Hazel, two groups, sites and vehicles with dates, stances,
    a procedure with every kind of transition, and signals.
    """
    names = NAMES
    kinds = {"elm": {"kind": "city", "population": 400_000}, "hazel": {"kind": "border_crossing"}}
    places = tuple(town(name, **kinds.get(name, {})) for name in names)
    routes = (
        road("alder", "birch", 40),
        road("birch", "cedar", 35),
        road("cedar", "elm", 45),
        road("birch", "dogwood", 50),
        road("dogwood", "elm", 38),
        road("elm", "fir", 70),
        road("fir", "gum", 90),
        road("gum", "hazel", 60),
        road("elm", "gum", 170, mode="rail"),
    )
    groups = (
        group(1200, "hazel", size_low=900, size_high=1500, share_children=0.25, share_limited_mobility=0.03),
        group(300, "hazel", id="second", origin="birch", departs=day(2), rides_trains=True, share_medical=0.02),
    )
    sites = (site("birch", 700), site("cedar", None, area_m2=2000.0), site("elm", None, open_from=day(4)))
    vehicles = (
        vehicle("birch", 45, count=12, limit_place="dogwood", withdrawn_on=day(4)),
        vehicle("elm", 40, count=20, range_km=80, accessible=True, honoured_low=0.3, honoured_likely=0.5),
        vehicle("elm", 3, id="ambulance", type="ambulance", count=4),
    )
    procedure = (
        transition("travelling", "permit", "capacity_per_day", 60.0, where="birch", open_from=day(1)),
        transition("travelling", "held", "hazard_per_day", 0.02, where="country:AAA", scope="alone"),
        transition("held", "gone", "hazard_per_day", 0.4),
        transition("travelling", "waiting", "share_on_arrival", 0.6, where="kind:border_crossing"),
        transition("waiting", "gone", "capacity_per_day", 45.0, id="processed", where="hazel"),
    )
    own: dict[str, Any] = {
        "parameters": (),
        "places": places,
        "routes": routes,
        "groups": groups,
        "sites": sites,
        "vehicles": vehicles,
        "procedure": procedure,
        "stances": (Stance("cedar", day(0), "push_on", SAYS), Stance("elm", day(5), "welcome", SAYS)),
        "signals": (signal("travelling-held", 3, 5, 9), signal("rain_probability_per_day", 2, 3)),
        "itinerary": (Stop("main", "elm", SAYS, nights=2),),
    }
    return journey(days=16, **own | tables)

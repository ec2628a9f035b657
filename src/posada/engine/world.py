"""A scenario as arrays: what the kernels read, the same for every member.

Axes are written as letters: P places, S statuses (final ones last), C need classes, G groups, N group parts
(:data:`PARTS_PER_GROUP` for each group), T transitions, L sites, V vehicle offers, D days, E route epochs
(stretches of days between which no route opens or closes), K signals.
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from posada.engine.draws import entity_key
from posada.model.geography import Route
from posada.model.journeys import (
    NEED_CLASSES,
    STATUS_ROLES,
    TRANSITION_KINDS,
    TRANSITION_SCOPES,
    Stop,
    Transition,
)
from posada.model.offers import Site, Vehicle
from posada.model.rates import RATES
from posada.model.scenario import Scenario
from posada.model.shortest_ways import shortest_ways
from posada.model.stances import stances_by_day
from posada.model.start import StartingState

PARTS_PER_GROUP = 6
"""Main body, forerunners, a splinter and people behind, with two to spare."""

NEEDS = len(NEED_CLASSES)
"""Length of the axis C, a constant so that the loops over it are unrolled."""

ROLE = {role: number for number, role in enumerate(STATUS_ROLES)}
_MOVING = (ROLE["travelling"], ROLE["permitted"])
NO_LIMIT = 1e9
NEVER = 10**6

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Network(NamedTuple):
    """Places and the ways between them. ``inf`` where there is no way, ``-1`` where there is no next place."""

    key: Ints  # (P,)
    is_city: Flags  # (P,) large cities to which people walk
    set_out_from: Ints  # places from which people alone set out for the border: no crossings, none in a mixed run
    residents: Floats  # (P,) nan where unknown
    epoch: Ints  # (D,)
    road_km: Floats  # (E, P, P) shortest way
    way_to: Floats  # (E, P, P) way to the place of the row by which progress is judged, see _ways_to
    rail_km: Floats  # (E, P, P)
    by_road: Ints  # (E, P, P) places by their way on the road from the place of the row, the nearest first
    by_rail: Ints  # (E, P, P)
    next_place: Ints  # (E, P, P) first place on the shortest road from row to column
    walked: Flags  # (E, P, P) whether groups walk the road between neighbours
    stance: Ints  # (D, P) index into STANCES


class Roofs(NamedTuple):
    """Covered sites, and where any is reported."""

    place: Ints  # (L,)
    key: Ints  # (L,)
    first: Ints  # (L,) day
    last: Ints  # (L,) day
    reported: Flags  # (D, P) from the first night of the first one


class Fleet(NamedTuple):
    """Vehicles on offer, and where any is listed."""

    place: Ints  # (V,)
    key: Ints  # (V,)
    seats: Ints  # (V,) of the whole offer, on one trip
    range_km: Floats  # (V,) nan: up to the limit or as far as such offers go
    limit: Ints  # (V,) last place, -1 none
    use: Ints  # (V,) 0 anybody who can climb in, 1 also limited mobility, 2 ambulance
    first: Ints  # (V,) day
    last: Ints  # (V,) day
    withdrawn: Ints  # (V,) day
    listed: Flags  # (D, P) from the first day of the first one


class Rules(NamedTuple):
    """Statuses, and the transitions between them."""

    status_key: Ints  # (S,)
    role: Ints  # (S,) index into STATUS_ROLES
    moving: Ints  # (W,) statuses in which people alone set out for the border
    initial: Ints  # (1,)
    origin: Ints  # (T,) status
    goal: Ints  # (T,) status
    kind: Ints  # (T,) index into TRANSITION_KINDS
    key: Ints  # (T,)
    who: Ints  # (T,) need class, -1 all
    scope: Ints  # (T,) index into TRANSITION_SCOPES
    is_open: Flags  # (T, D)
    here: Flags  # (T, P) whether the transition is open in the place
    place_set: Ints  # (T,) the same number for transitions that are open in the same places
    first_place: Ints  # (T + 1,) where the places of each transition begin in 'places'
    places: Ints  # the places of all transitions, one after the other


class Pressures(NamedTuple):
    """Signals: which rate or transition each one changes, and when."""

    rate: Ints  # (K,) index into RATES, -1 when it changes a transition
    move: Ints  # (K,) index of the transition, -1 when it changes a rate
    first: Ints  # (K,) day
    last: Ints  # (K,) day


class Bodies(NamedTuple):
    """Groups: where and when they enter, what they announced, and where they make for."""

    key: Ints  # (G,)
    origin: Ints  # (G,)
    enters: Ints  # (G,) day, NEVER when not in this run
    sets_out: Ints  # (G,) first day on which it may go
    rides: Flags  # (G,) whether they take freight trains
    announced: Ints  # (G, P) day, 0 when no day was named, -1 when not announced
    nights: Ints  # (G, P) announced nights, 0 when not said
    aim: Ints  # (G, D) place fixed by a planner, -1 free choice, -2 stay
    goals: Ints  # (B,) places that any group may make for, where people alone go
    arrivals: Ints  # (A,) places in which people alone arrive: the goals; in a mixed run every place


class World(NamedTuple):
    """A scenario as read-only arrays, by theme."""

    net: Network
    roofs: Roofs
    fleet: Fleet
    rules: Rules
    pressures: Pressures
    bodies: Bodies


def day_of(date: dt.date | None, first: dt.date, otherwise: int) -> int:
    """Return the day number of a date, 0 on the first day of the run."""
    return otherwise if date is None else (date - first).days


def order_statuses(scenario: Scenario) -> list[str]:
    """Return the identifiers of the statuses, final ones last."""
    return [row.id for row in sorted(scenario.statuses, key=lambda row: row.role == "final")]


def build_world(
    scenario: Scenario,
    first: dt.date,
    days: int,
    *,
    start: StartingState | None = None,
    plan: tuple[Stop, ...] = (),
    closed: tuple[frozenset[int], ...] = (),
) -> World:
    """Turn a scenario into the arrays that kernels read.

    Parameters
    ----------
    first : date
        Day 0 of the run.
    days : int
        Days in the run, day 0 included.
    start : StartingState or None
        Where groups are on day 0; ``None`` to let every group enter on its departure day.
    plan : tuple of Stop
        A planner's itinerary, which replaces the choice of the groups it names.
    closed : tuple of frozenset of int
        By day, the positions of routes that are closed, whatever they say of their own days; nothing for none.
    """
    places = {place.id: index for index, place in enumerate(scenario.places)}
    return World(
        net=_network(scenario, places, first, days, closed),
        roofs=_roofs(scenario, places, first, days),
        fleet=_fleet(scenario, places, first, days),
        rules=_rules(scenario, places, first, days),
        pressures=_pressures(scenario, first),
        bodies=_bodies(scenario, places, first, days, start, aim=_aims(scenario, places, first, days, plan)),
    )


def _keys(identifiers: list[str]) -> Ints:
    return np.array([entity_key(identifier) for identifier in identifiers], np.int64)


def _is_open(row: Route, day: dt.date) -> bool:
    return (row.open_from is None or row.open_from <= day) and (row.open_to is None or day <= row.open_to)


def _network(
    scenario: Scenario, places: dict[str, int], first: dt.date, days: int, closed: tuple[frozenset[int], ...]
) -> Network:
    shut = closed or (frozenset(),) * days
    open_routes = [
        tuple(
            _is_open(row, first + dt.timedelta(days=day)) and index not in shut[day]
            for index, row in enumerate(scenario.routes)
        )
        for day in range(days)
    ]
    patterns = list(dict.fromkeys(open_routes))
    road, rail, following, walked = [], [], [], []
    for pattern in patterns:
        usable = [row for row, is_open in zip(scenario.routes, pattern, strict=True) if is_open]
        km, next_place = shortest_ways([row for row in usable if row.mode == "road"], places)
        road.append(km)
        following.append(next_place)
        walked.append(_walked(usable, places))
        rail.append(shortest_ways([row for row in usable if row.mode == "rail"], places)[0])
    rows, ridden = scenario.places, _where_nobody_walks(scenario.routes)
    return Network(
        key=_keys([row.id for row in rows]),
        is_city=np.array([row.kind == "city" and row.id not in ridden for row in rows], np.bool_),
        set_out_from=np.array(
            [i for i, row in enumerate(rows) if row.kind != "border_crossing" and not scenario.is_mixed], np.int64
        ),
        residents=np.array([np.nan if row.population is None else row.population for row in rows], np.float64),
        epoch=np.array([patterns.index(pattern) for pattern in open_routes], np.int64),
        road_km=np.array(road),
        way_to=_ways_to(np.array(road), scenario.routes, places),
        rail_km=np.array(rail),
        by_road=np.argsort(np.array(road), axis=2, kind="stable"),
        by_rail=np.argsort(np.array(rail), axis=2, kind="stable"),
        next_place=np.array(following),
        walked=np.array(walked),
        stance=stances_by_day(scenario, places, first, days),
    )


def _where_nobody_walks(routes: tuple[Route, ...]) -> set[str]:
    """Return the places none of whose roads is walked: halts on the way there are in the pace of whole legs already."""
    ends = [(end, row.walked) for row in routes if row.mode == "road" for end in (row.from_place, row.to_place)]
    return {end for end, _ in ends} - {end for end, walked in ends if walked}


def _walked(routes: list[Route], places: dict[str, int]) -> Flags:
    """Return whether groups walk the road from the row to the column, ``(P, P)``; of several the shortest decides."""
    walked = np.ones((len(places), len(places)), np.bool_)
    for row in sorted((row for row in routes if row.mode == "road"), key=lambda row: -row.km):
        ends = places[row.from_place], places[row.to_place]
        for pair in (ends,) if row.one_way else (ends, ends[::-1]):
            walked[pair] = row.walked
    return walked


def _ways_to(road_km: Floats, routes: tuple[Route, ...], places: dict[str, int]) -> Floats:
    """Return the ways by which progress is judged, ``(E, P, P)``, with the row for where the way ends.

    The open road counts; where there is none today, the road as it is when nothing is closed, so that a group goes as
    near as it can; where there is no road at all, road and rail together.
    """
    whole_road = shortest_ways([row for row in routes if row.mode == "road"], places)[0]
    road_and_rail = shortest_ways(list(routes), places)[0]
    without_closures = np.where(np.isfinite(whole_road), whole_road, road_and_rail)
    ways = np.where(np.isfinite(road_km), road_km, without_closures)
    return np.ascontiguousarray(ways.transpose(0, 2, 1))


def _known_from_first_day(rows: tuple[Site | Vehicle, ...], since: Ints, places: dict[str, int], days: int) -> Flags:
    """Return where any row is known by each day, ``(D, P)``: what opens later changes nothing before it does."""
    known = np.zeros((days, len(places)), np.bool_)
    for row, day in zip(rows, since, strict=True):
        known[max(int(day), 0) :, places[row.place]] = True
    return known


def _roofs(scenario: Scenario, places: dict[str, int], first: dt.date, days: int) -> Roofs:
    rows = tuple(row for row in scenario.sites if row.covered)
    since = np.array([day_of(row.open_from, first, -NEVER) for row in rows], np.int64)
    return Roofs(
        place=np.array([places[row.place] for row in rows], np.int64),
        key=_keys([row.id for row in rows]),
        first=since,
        last=np.array([day_of(row.open_to, first, NEVER) for row in rows], np.int64),
        reported=_known_from_first_day(rows, since, places, days),
    )


def _fleet(scenario: Scenario, places: dict[str, int], first: dt.date, days: int) -> Fleet:
    rows = scenario.vehicles
    since = np.array([day_of(row.open_from, first, -NEVER) for row in rows], np.int64)
    return Fleet(
        place=np.array([places[row.place] for row in rows], np.int64),
        key=_keys([row.id for row in rows]),
        seats=np.array([row.count * row.seats for row in rows], np.int64),
        range_km=np.array([np.nan if row.range_km is None else row.range_km for row in rows], np.float64),
        limit=np.array([places.get(row.limit_place or "", -1) for row in rows], np.int64),
        use=np.array([2 if row.type == "ambulance" else int(row.accessible) for row in rows], np.int64),
        first=since,
        last=np.array([day_of(row.open_to, first, NEVER) for row in rows], np.int64),
        withdrawn=np.array([day_of(row.withdrawn_on, first, NEVER) for row in rows], np.int64),
        listed=_known_from_first_day(rows, since, places, days),
    )


def _matches(scenario: Scenario, row: Transition) -> list[bool]:
    how, _, what = row.where.partition(":")
    if what:
        attribute = {"country": "country", "kind": "kind"}[how]
        return [getattr(place, attribute) == what for place in scenario.places]
    return [row.where in ("anywhere", place.id) for place in scenario.places]


def _rules(scenario: Scenario, places: dict[str, int], first: dt.date, days: int) -> Rules:
    names = order_statuses(scenario)
    role = {row.id: ROLE[row.role] for row in scenario.statuses}
    rows = scenario.procedure
    is_open = np.zeros((len(rows), days), np.bool_)
    for index, row in enumerate(rows):
        since, last = day_of(row.open_from, first, 0), day_of(row.open_to, first, days)
        is_open[index, max(since, 0) : max(last + 1, 0)] = True
    here = [_matches(scenario, row) for row in rows]
    return Rules(
        status_key=_keys(names),
        role=np.array([role[name] for name in names], np.int64),
        moving=np.array([s for s, name in enumerate(names) if role[name] in _MOVING], np.int64),
        initial=np.array([names.index(row.id) for row in scenario.statuses if row.initial], np.int64),
        origin=np.array([names.index(row.from_status) for row in rows], np.int64),
        goal=np.array([names.index(row.to_status) for row in rows], np.int64),
        kind=np.array([TRANSITION_KINDS.index(row.kind) for row in rows], np.int64),
        key=_keys([row.id for row in rows]),
        who=np.array([-1 if row.who == "all" else NEED_CLASSES.index(row.who) for row in rows], np.int64),
        scope=np.array([TRANSITION_SCOPES.index(row.scope) for row in rows], np.int64),
        is_open=is_open,
        here=np.array(here, np.bool_).reshape(len(rows), len(places)),
        place_set=np.array([here.index(matches) for matches in here], np.int64),
        first_place=np.concatenate([[0], np.cumsum([sum(matches) for matches in here])]).astype(np.int64),
        places=np.array([p for matches in here for p, match in enumerate(matches) if match], np.int64),
    )


def _pressures(scenario: Scenario, first: dt.date) -> Pressures:
    rates, moves = list(RATES), [row.id for row in scenario.procedure]
    rows = scenario.signals
    return Pressures(
        rate=np.array([rates.index(r.affects) if r.affects in rates else -1 for r in rows], np.int64),
        move=np.array([moves.index(r.affects) if r.affects in moves else -1 for r in rows], np.int64),
        first=np.array([day_of(row.date, first, 0) for row in rows], np.int64),
        last=np.array([day_of(row.until, first, NEVER) for row in rows], np.int64),
    )


def _bodies(
    scenario: Scenario,
    places: dict[str, int],
    first: dt.date,
    days: int,
    start: StartingState | None,
    *,
    aim: Ints,
) -> Bodies:
    rows = scenario.groups
    known = {row.group: row for row in start.groups} if start else {}
    groups = {row.id: index for index, row in enumerate(rows)}
    departs = [0 if row.id in known else day_of(row.departs, first, 0) for row in rows]
    enters = [day - 1 if day > 0 else day for day in departs]
    origin = [known[row.id].place if row.id in known else row.origin for row in rows]
    announced = np.full((len(rows), len(places)), -1, np.int64)
    nights = np.zeros((len(rows), len(places)), np.int64)
    for stop in scenario.itinerary:
        cell = groups[stop.group], places[stop.place]
        announced[cell] = max(0, day_of(stop.date, first, 0))
        nights[cell] = stop.nights or 0
    goals = {places[row.destination] for row in rows} | {places[row.place] for row in scenario.destinations}
    return Bodies(
        key=_keys([row.id for row in rows]),
        origin=np.array([places[place] for place in origin], np.int64),
        enters=np.array([day if 0 <= day < days else NEVER for day in enters], np.int64),
        sets_out=np.array([max(day, 1 if start else 0) for day in departs], np.int64),  # of a start, day 0 is a night
        rides=np.array([row.rides_trains for row in rows], np.bool_),
        announced=announced,
        nights=nights,
        aim=aim,
        goals=np.array(sorted(goals), np.int64),
        arrivals=np.array(sorted(places.values() if scenario.is_mixed else goals), np.int64),
    )


def _aims(scenario: Scenario, places: dict[str, int], first: dt.date, days: int, plan: tuple[Stop, ...]) -> Ints:
    aim = np.full((len(scenario.groups), days), -1, np.int64)
    for index, group in enumerate(scenario.groups):
        stops = sorted((stop for stop in plan if stop.group == group.id and stop.date), key=lambda s: s.date or first)
        if not stops:
            continue
        days_of_stops = [day_of(stop.date, first, 0) for stop in stops]
        aim[index, : max(days_of_stops[0], 0)] = -2
        ends = [*days_of_stops[1:], days_of_stops[-1] + (stops[-1].nights or 1)]
        for stop, since, end in zip(stops, days_of_stops, ends, strict=True):
            aim[index, max(since, 0) : max(end, 0)] = places[stop.place]
    return aim

"""What a filter adds to the engine: nights and weeks on which a group goes otherwise than the engine knows.

The engine knows stages, lifts and offers, all with numbers that hold for the whole journey. It does not know the night
on which the police put everybody on buses, nor the week from which drivers may give lifts no more. So the model of a
filter is wider than the engine.

*Moves.* Each night there is a chance, within :data:`CHANCE_PER_NIGHT`, that the main body has gone otherwise. Then it
is in any place, the likelier the nearer (:data:`SCALE_KM` for each night since it was last seen), and may make for
another destination. Waiting for members to get there by chance would take millions of them; so they are moved to where
the group is reported, and weighed by how likely the wider model makes that against how often it is tried: importance
sampling with a guided proposal (A. Doucet, S. Godsill and C. Andrieu, "On sequential Monte Carlo sampling methods for
Bayesian filtering", 2000). Ahead of the last report the same moves happen by themselves (:func:`wander`).

*Regimes.* What sets the pace of a group is drawn anew now and then, once in :data:`REGIME_DAYS` days, and so is where
it makes for, among the destinations for which the way so far was no detour (:data:`DETOUR_KM`).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from posada.engine.draws import DECISION, entity_key
from posada.engine.luck import Luck, named_uniforms
from posada.engine.rate_index import R
from posada.engine.state import BEHIND, FREE, Books, Chunk
from posada.engine.world import PARTS_PER_GROUP, Bodies, Flags, Floats, Ints
from posada.model.great_circle import great_circle_km

CHANCE_PER_NIGHT = 0.02, 0.3
SCALE_KM = 80.0, 400.0
"""Bounds of the two numbers of the wider model, which are log-uniform, differ between members and so are learned."""

REGIME_DAYS = 10.0
"""Days, on average, after which what sets the pace of a group changes. An assumption: no report says it."""

OF_REGIME = (
    "walk_km_per_day",
    "lift_probability_per_day",
    "lift_km_per_day",
    "lift_share",
    "long_road_km_per_day",
    "rest_probability_per_day",
    "city_halt_probability",
    "city_halt_nights",
    "wait_for_papers_probability_per_day",
    "offer_probability_per_day",
    "offer_range_km",
)
"""Rates that set the pace of a group."""

DETOUR_KM = 200.0
"""By how much a way that leads past a place must be longer for a destination to be *e* times less likely from there."""

TRIED = 0.5
"""Share of the members that are moved, of those that are not where the group is reported."""

NEAR_KM = 24.0
"""Members within this distance of a reported place are there already, as far as a report can tell."""

_PROPOSE, _PLACE, _DESTINATION, _COMPATIBLE, _HALTS, _NIGHTS = (
    entity_key(f"relocation: {name}") for name in ("try", "place", "destination", "compatible", "halt", "nights")
)
_IMPOSSIBLE = -1e3
_CHANGES = np.array([entity_key("regime changes")])
_WIDER = np.array([entity_key("wider chance"), entity_key("wider scale")])


def wider_uniforms(seed: int, members: int, day: int) -> Floats:
    """Draw the two numbers of the wider model of each member for a regime that begins on a day, ``(members, 2)``."""
    return named_uniforms(seed, 0, members, DECISION.regime, _WIDER, day=day)


def begin_regimes(wider: Floats, seed: int, day: int) -> Ints:
    """Return the members in which what sets the pace changes after a day.

    Parameters
    ----------
    wider : (members, 2)
        Uniforms of the two numbers of the wider model; drawn anew, in place, in the members that are returned.
    """
    members = wider.shape[0]
    u = named_uniforms(seed, 0, members, DECISION.regime, _CHANGES, day=day)[:, 0]
    rows = np.flatnonzero(u < 1 / REGIME_DAYS)
    wider[rows] = wider_uniforms(seed, members, day)[rows]
    return rows


def wider_numbers(u: Floats) -> tuple[Floats, Floats]:
    """Return chance and scale at uniform numbers, ``(members, 2)``."""
    chance, scale = (low * (high / low) ** u[:, at] for at, (low, high) in enumerate((CHANCE_PER_NIGHT, SCALE_KM)))
    return chance, scale


def chances_of_places(km: Floats, scale_km: Floats) -> Floats:
    """Return the chances of places at distances, ``(members, places)``, which fall with it and add up to one."""
    pull = np.exp(-(km - km.min(axis=1, keepdims=True)) / scale_km[:, None])
    chances: Floats = pull / pull.sum(axis=1, keepdims=True)
    return chances


class Told(NamedTuple):
    """Where a group is said to be tonight: its position, those of the places, and nights since it was last told of."""

    group: int
    places: Ints
    nights: int


class Ensemble(NamedTuple):
    """All members as they are tonight; ``lat`` and ``lon``, ``(members, groups)``, are where the main bodies are.

    ``chance_per_night`` and ``scale_km``, ``(members,)``, are those of the wider model; ``page`` is tonight's.
    """

    state: Chunk
    books: Books
    luck: Luck
    lat: Floats
    lon: Floats
    chance_per_night: Floats
    scale_km: Floats
    page: int = 0


class Map(NamedTuple):
    """The places: their coordinates, ``(places,)`` each, the ways between them tonight, and what groups do there."""

    lat: Floats
    lon: Floats
    way_to: Floats  # (P, P)
    is_city: Flags  # (P,)
    bodies: Bodies


def relocate(told: Told, ensemble: Ensemble, land: Map, seed: int, day: int) -> Floats:
    """Move some main bodies to where they are said to be, and return what that weighs.

    Parameters
    ----------
    told : Told
    ensemble : Ensemble
        Changed in place: the state of the parts, tonight's books and the destinations.
    day : int
        Of the journey, from 0: names the draws.

    Returns
    -------
    (members,)
        Logarithm of the chance of the move, or of none, in the wider model over that with which it was tried.
    """
    parts, members = ensemble.state.parts, ensemble.lat.shape[0]
    main = told.group * PARTS_PER_GROUP
    is_there = _is_there(told.group, ensemble)
    keys = np.array([_PROPOSE, _DESTINATION, _HALTS, _NIGHTS]) ^ told.group
    far = (_away_km(told.group, ensemble, land, np.arange(members), told.places) > NEAR_KM) & is_there[:, None]
    u = named_uniforms(seed, 0, members, DECISION.relocate, keys, day=day)
    share = TRIED / told.places.size
    at = np.floor(u[:, 0] / share).astype(np.int64)
    moves = at < told.places.size
    at = np.minimum(at, told.places.size - 1)
    moves &= far[np.arange(members), at]
    chance = 1.0 - (1.0 - ensemble.chance_per_night) ** told.nights
    log = np.log1p(-chance) - np.log1p(-share * far.sum(axis=1))
    rows = np.flatnonzero(moves)
    place = told.places[at[rows]]
    weight = ensemble.luck.goal_weight[told.group]
    goal, compatible = _new_goals(land, weight, parts.place[rows, main], place, u[rows, 1])
    km = _away_km(told.group, ensemble, land, rows)
    likely = chances_of_places(km, ensemble.scale_km[rows] * told.nights)[np.arange(rows.size), place]
    with np.errstate(divide="ignore"):  # no destination from there: such a move is not possible
        log[rows] = np.log(chance[rows] * likely * compatible / share)
    ensemble.luck.destination[rows, told.group] = goal
    _put(rows, place, told.group, ensemble)
    _begin_halts(rows, place, told.group, ensemble, land=land, u=u[rows, 2:])
    weights: Floats = np.maximum(log, _IMPOSSIBLE)
    return weights


def wander(ensemble: Ensemble, land: Map, seed: int, day: int) -> None:
    """Move main bodies as the wider model does it by itself, changed in place as by :func:`relocate`."""
    for group in range(land.bodies.origin.size):
        _wander(group, ensemble, land, seed, day)


def _wander(group: int, ensemble: Ensemble, land: Map, seed: int, day: int) -> None:
    parts, main = ensemble.state.parts, group * PARTS_PER_GROUP
    is_there = _is_there(group, ensemble)
    keys = np.array([_PROPOSE, _PLACE, _DESTINATION, _COMPATIBLE, _HALTS, _NIGHTS]) ^ group
    u = named_uniforms(seed, 0, is_there.size, DECISION.wander, keys, day=day)
    there_already = parts.place[:, main] == ensemble.luck.destination[:, group]
    rows = np.flatnonzero((u[:, 0] < ensemble.chance_per_night) & is_there & ~there_already)
    km = _away_km(group, ensemble, land, rows)
    passed = np.cumsum(chances_of_places(km, ensemble.scale_km[rows]), axis=1)
    place = np.minimum((passed <= u[rows, 1][:, None]).sum(axis=1), land.lat.size - 1).astype(np.int64)
    weight = ensemble.luck.goal_weight[group]
    goal, compatible = _new_goals(land, weight, parts.place[rows, main], place, u[rows, 2])
    ahead = u[rows, 3] < compatible
    ensemble.luck.destination[rows[ahead], group] = goal[ahead]
    _put(rows[ahead], place[ahead], group, ensemble)
    _begin_halts(rows[ahead], place[ahead], group, ensemble, land=land, u=u[rows[ahead], 4:])


def _is_there(group: int, ensemble: Ensemble) -> Flags:
    """Return in which members there is a main body of a group."""
    kind = ensemble.state.parts.kind[:, group * PARTS_PER_GROUP]
    there: Flags = np.isfinite(ensemble.lat[:, group]) & (kind != FREE)
    return there


def turn(rows: Ints, group: int, ensemble: Ensemble, land: Map, *, seed: int, day: int) -> None:
    """Draw anew where a group makes for in some members, unless it has come to where it made for.

    Parameters
    ----------
    rows : ints
        Members.
    """
    parts, destination = ensemble.state.parts, ensemble.luck.destination
    main = group * PARTS_PER_GROUP
    keys = np.array([_DESTINATION]) ^ group
    u = named_uniforms(seed, 0, destination.shape[0], DECISION.regime, keys, day=day)
    own = rows[(parts.kind[rows, main] != FREE) & (parts.place[rows, main] != destination[rows, group])]
    detour = detours_km(land, group, parts.place[own, main])
    passed = np.cumsum(ensemble.luck.goal_weight[group] * np.exp(-detour / DETOUR_KM), axis=1)
    chosen = np.minimum((passed <= u[own] * passed[:, -1:]).sum(axis=1), land.bodies.goals.size - 1)
    possible = passed[:, -1] > 0.0
    destination[own[possible], group] = land.bodies.goals[chosen[possible]]


def detours_km(land: Map, group: int, places: Ints) -> Floats:
    """Return by how much the way of a group to each destination is longer by each place, ``(places, goals)``.

    Nothing where there is no way to a destination at all, of which the place then says nothing.
    """
    origin, goals = land.bodies.origin[group], land.bodies.goals
    straight = land.way_to[goals, origin]
    by_place = land.way_to[places, origin][:, None] + land.way_to[goals[None, :], places[:, None]]
    longer = np.subtract(by_place, straight, out=np.zeros(by_place.shape), where=np.isfinite(straight))
    detours: Floats = np.maximum(longer, 0.0)
    return detours


def _away_km(group: int, ensemble: Ensemble, land: Map, rows: Ints, places: Ints | None = None) -> Floats:
    """Return how far the main body of some members is from some or all places, ``(rows, places)``."""
    at = slice(None) if places is None else places
    lat, lon = ensemble.lat[rows, group, None], ensemble.lon[rows, group, None]
    return great_circle_km(lat, lon, land.lat[at], land.lon[at])


def _new_goals(land: Map, weight: Floats, start: Ints, place: Ints, u: Floats) -> tuple[Ints, Floats]:
    """Return a destination for each move, one that it brings nearer, and the chance that a destination is such.

    Who comes to where a journey may end has come to its end.
    """
    nearer = land.way_to[land.bodies.goals[:, None], place] < land.way_to[land.bodies.goals[:, None], start]
    ends = land.bodies.goals == place[:, None]
    nearer = np.where(ends.any(axis=1)[:, None], ends, nearer.T)
    open_to = np.where(nearer, weight / weight.sum(), 0.0)  # (moves, goals)
    compatible = open_to.sum(axis=1)
    passed = np.cumsum(open_to, axis=1)
    chosen = (passed <= (u * compatible)[:, None]).sum(axis=1)
    return land.bodies.goals[np.minimum(chosen, land.bodies.goals.size - 1)], compatible


def _begin_halts(rows: Ints, place: Ints, group: int, ensemble: Ensemble, *, land: Map, u: Floats) -> None:
    """Begin the halts of main bodies that were moved, as the engine does of those that arrive by themselves."""
    rate, bodies = ensemble.luck.rate[rows], land.bodies
    long_halt = land.is_city[place] & (u[:, 0] < rate[:, R.city_halt_probability])
    drawn = np.where(
        long_halt | (bodies.announced[group, place] >= 0), np.floor(rate[:, R.city_halt_nights] + u[:, 1]), 0.0
    )
    nights = np.where(bodies.nights[group, place] > 0, bodies.nights[group, place], drawn)
    nights[place == ensemble.luck.destination[rows, group]] = 0
    ensemble.state.parts.halt[rows, group * PARTS_PER_GROUP] = np.maximum(nights - 1, 0)


def _put(rows: Ints, place: Ints, group: int, ensemble: Ensemble) -> None:
    """Put the main body, and the people who are catching up with it, into places, in the state and in the books."""
    parts, books, page = ensemble.state.parts, ensemble.books, ensemble.page
    for n in range(group * PARTS_PER_GROUP, (group + 1) * PARTS_PER_GROUP):
        main = n == group * PARTS_PER_GROUP
        own = (parts.kind[rows, n] != FREE) if main else (parts.kind[rows, n] == BEHIND)
        mine, there = rows[own], place[own]
        bring(mine, n, there, ensemble)
        if main:
            books.main_place[mine, page, group] = there
    cut_to_people(rows, ensemble)


def bring(rows: Ints, part: Ints | int, place: Ints | int, ensemble: Ensemble) -> None:
    """Bring one part of each of some members to a place tonight, in the state and in the books."""
    parts, books, page = ensemble.state.parts, ensemble.books, ensemble.page
    people = parts.people[rows, part].sum(axis=(1, 2))
    on_road = parts.heading[rows, part] >= 0
    books.under_way[rows, page] -= np.where(on_road, people, 0)
    books.people[rows, page, parts.place[rows, part]] -= np.where(on_road, 0, people)
    books.people[rows, page, place] += people
    parts.place[rows, part], parts.heading[rows, part], parts.left_km[rows, part] = place, -1, 0.0
    parts.halt[rows, part] = 0


def cut_to_people(rows: Ints, ensemble: Ensemble) -> None:
    """Let no more people be without a roof, or places be missing, than there are people tonight."""
    books, page = ensemble.books, ensemble.page
    for short in (books.without_roof, books.places_short):
        short[rows, page] = np.minimum(short[rows, page], books.people[rows, page])

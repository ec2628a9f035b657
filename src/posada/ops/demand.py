"""From a forecast to demand: a thousand members become a few weighted scenarios of people and legs.

*Who goes where.* A run counts people by night and place, and who arrived; it does not say from where. Per member,
those who leave a town join those under way, and those who arrive in a town are taken from those under way who left the
nearest town upstream, the earliest first. Who is never matched has left the journey; who arrives unmatched has joined.

*Need classes* follow from the shares of the member: medical cases, people with limited mobility, and families, in
whole families; a child travels with one adult (a project assumption). The others are adults on their own.

*Reduction.* The members that stand for all are those whose distribution is nearest to that of all by energy distance
(support points: Mak and Joseph 2018), chosen one after another and then exchanged until nothing gets better. There is
no draw in it. Members are alike in two ways, which count the same: in person-nights by place, and in what a shortage
follows from: person-nights on the road, beyond the places of a town, and beyond those that are free near by as well, on
the first nights and on all. Weights are such that the means of the latter are those of all members.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from posada.model.demand import DemandScenarios, joined_legs
from posada.model.errors import InvalidValueError
from posada.model.plan import PlanOptions, PlanSite
from posada.model.run import Run
from posada.model.shortest_ways import RoadWays

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Leg = tuple[int, int, int, int, int, tuple[float, ...]]

ADULTS_PER_CHILD = 1.0
"""Adults who stay with each child; a project assumption."""

_EXCHANGES = 50


def forecast_demand(
    run: Run,
    scenarios: int = 20,
    days: int = 30,
    options: PlanOptions | None = None,
    *,
    sites: Iterable[PlanSite] = (),
) -> DemandScenarios:
    """Return the demand of a forecast, reduced to some scenarios of its first days.

    Parameters
    ----------
    options : PlanOptions, optional
        Of the plan: how large families are, and what decides which members are alike, how far people are taken for a
        night and how many days are near.
    sites : iterable of PlanSite
        Where people can sleep: it hangs on them which members are alike.

    Raises
    ------
    InvalidValueError
        When fewer than one scenario or two days are asked for.
    """
    days = min(days, len(run.dates))
    if scenarios < 1 or days < 2:
        raise InvalidValueError(
            f"{scenarios} scenarios of {days} days were asked for. At least 1 of 2 days are needed."
        )
    options = options or PlanOptions()
    chosen, weights = choose_members(run, min(scenarios, run.members), days, options, sites)
    return members_demand(run, chosen, weights, days, options.family_size)


def members_demand(
    run: Run, members: Sequence[int], weights: Floats, days: int, family_size: int = 4
) -> DemandScenarios:
    """Return the demand of some members of a run as scenarios of the given weights."""
    nearest = _nearest(run)
    shares = _class_shares(run)
    parts: list[Leg] = []
    people = []
    for scenario, member in enumerate(members):
        counts = run.people[member, :days].astype(np.float64)
        classes = by_class(counts, shares[member], family_size)
        people.append(classes)
        for day, origin, target, arrives, number in _legs(run, member, days, nearest):
            going = np.minimum(by_class(np.array(number), shares[member], family_size), classes[day - 1, origin])
            parts.append((scenario, day, origin, target, arrives, tuple(going)))
    whole = np.array(people)
    legs = joined_legs(parts)
    _trim(whole, legs.scenario, legs.leaves, legs.origin, legs.people)
    return DemandScenarios(
        dates=run.dates[:days],
        place_ids=run.place_ids,
        weights=np.asarray(weights, np.float64),
        people=whole,
        legs=legs,
        labels=tuple(f"member {run.first_member + member}" for member in members),
        origin=f"forecast of {run.members:,} members, seed {run.seed}, reduced to {len(members)}",
    )


def _trim(people: Floats, scenario: Ints, leaves: Ints, origin: Ints, going: Floats) -> None:
    """Scale legs down where rounding to whole families lets more leave than are there."""
    left = np.zeros_like(people)
    np.add.at(left, (scenario, leaves - 1, origin), going)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(left > people, people / left, 1.0)
    going *= share[scenario, leaves - 1, origin]


def by_class(counts: Floats, shares: Floats, family_size: int) -> Floats:
    """Return people by need class, ``(…, classes)``, that add up to the counts; families whole."""
    medical = np.floor(shares[2] * counts + 0.5)
    limited = np.floor(shares[1] * counts + 0.5)
    families = family_size * np.floor(shares[0] * counts / family_size + 0.5)
    medical = np.minimum(medical, counts)
    limited = np.minimum(limited, counts - medical)
    families = family_size * np.floor(np.minimum(families, counts - medical - limited) / family_size)
    return np.stack([counts - medical - limited - families, families, limited, medical], axis=-1)


def _class_shares(run: Run) -> Floats:
    """Return the shares of families, limited mobility and medical cases of each member, ``(members, 3)``."""

    def share(name: str) -> Floats:
        stated = [value for group in run.scenario.groups if (value := getattr(group, name)) is not None]
        if stated:
            return np.full(run.members, float(np.mean(stated)))
        if name in run.drawn_names:
            return np.asarray(run.drawn[:, run.drawn_names.index(name)], np.float64)
        return np.zeros(run.members)

    families = np.minimum(share("share_children") * (1 + ADULTS_PER_CHILD), 1.0)
    return np.column_stack([families, share("share_limited_mobility"), share("share_medical")])


def _legs(run: Run, member: int, days: int, nearest: Sequence[Sequence[int]]) -> list[tuple[int, int, int, int, float]]:
    """Return legs of a member: day of departure, origin, target, day of arrival, people."""
    counts, came = run.people[member, :days].astype(np.int64), run.arrived[member, :days].astype(np.int64)
    left = np.zeros_like(counts)
    left[1:] = np.maximum(counts[:-1] + came[1:] - counts[1:], 0)
    under_way: list[deque[list[int]]] = [deque() for _ in nearest]
    found: list[tuple[int, int, int, int, float]] = []
    for day in range(1, days):
        for place in np.flatnonzero(left[day]).tolist():
            under_way[place].append([day, int(left[day, place])])
        for place in np.flatnonzero(came[day]).tolist():
            rest = int(came[day, place])
            for origin in nearest[place]:
                waiting = under_way[origin]
                while rest and waiting:
                    taken = min(rest, waiting[0][1])
                    found.append((waiting[0][0], origin, place, day, float(taken)))
                    rest -= taken
                    waiting[0][1] -= taken
                    if waiting[0][1] == 0:
                        waiting.popleft()
                if rest == 0:
                    break
    return found


def _nearest(run: Run) -> list[list[int]]:
    """Return, for each town, those from which a road leads to it, the nearest first."""
    km = RoadWays.of(run.scenario).between(run.place_ids)
    np.fill_diagonal(km, np.inf)
    order = np.argsort(km, axis=0, kind="stable")
    return [[int(origin) for origin in order[:, place] if np.isfinite(km[origin, place])] for place in range(len(km))]


def choose_members(
    run: Run, count: int, days: int, options: PlanOptions, sites: Iterable[PlanSite] = ()
) -> tuple[list[int], Floats]:
    """Return the members that stand for all, and the weight of each."""
    position = {place: index for index, place in enumerate(run.place_ids)}
    places = np.zeros(len(position))
    for site in sites:
        if site.place_id in position:
            places[position[site.place_id]] += site.honoured * max(site.places_low, site.places_target)
    facts = _facts(run, days, options, places)
    nights = run.people[:, :days].sum(axis=1, dtype=np.int64).astype(np.float64)
    apart = np.sqrt(_square(facts) / facts.shape[1] + _square(nights) / max(float(nights.var(axis=0).sum()), 1e-9))
    chosen = _support_points(apart, count)
    return chosen, _weights(facts, chosen)


def _facts(run: Run, days: int, options: PlanOptions, places: Floats) -> Floats:
    """Return what a shortage follows from, each by its spread, ``(members, facts)``, for the first days and for all.

    Person-nights on the road; beyond the places of a town; beyond those and the ones free in towns near by.
    """
    km, nearest = RoadWays.of(run.scenario).between(run.place_ids), _nearest(run)
    near = (np.maximum(km, km.T) <= options.night_km).astype(np.float64)
    people = run.people[:, :days].astype(np.float64)
    beyond = np.maximum(people - places, 0.0)
    left = np.maximum(beyond - np.maximum(places - people, 0.0) @ near, 0.0)
    road = np.zeros(people.shape[:2])
    for member in range(run.members):
        for leaves, _, _, arrives, number in _legs(run, member, days, nearest):
            road[member, leaves:arrives] += number
    facts = [
        kept[:, : min(span, days)].sum(axis=1)
        for kept in (road, beyond.sum(axis=2), left.sum(axis=2))
        for span in (options.near_days, days)
    ]
    found = np.column_stack(facts)
    return np.asarray(found / np.maximum(found.std(axis=0), 1e-9), np.float64)


def _square(features: Floats) -> Floats:
    """Return squared distances between members, ``(members, members)``."""
    square = (features**2).sum(axis=1)
    return np.asarray(np.maximum(square[:, None] + square[None] - 2 * features @ features.T, 0.0), np.float64)


def _support_points(apart: Floats, count: int) -> list[int]:
    """Return members whose distribution is nearest to that of all by energy distance (Mak and Joseph 2018)."""
    to_all = apart.mean(axis=1)
    chosen: list[int] = []
    within = np.zeros(len(apart))  # sum of distances to those chosen
    while len(chosen) < count:
        score = 2 * to_all - 2 * within / (len(chosen) + 1)
        score[chosen] = np.inf
        chosen.append(int(score.argmin()))
        within += apart[:, chosen[-1]]
    for _ in range(_EXCHANGES):
        moved = False
        for position, member in enumerate(chosen):
            rest = within - apart[:, member]
            score = to_all - rest / count
            score[chosen[:position] + chosen[position + 1 :]] = np.inf
            better = int(score.argmin())
            if score[better] < score[member] - 1e-12:
                chosen[position], within, moved = better, rest + apart[:, better], True
        if not moved:
            break
    return chosen


def _weights(facts: Floats, chosen: list[int]) -> Floats:
    """Return weights that keep the means of all members, from half an equal share to twice one."""
    from scipy.optimize import lsq_linear

    count = len(chosen)
    rows = np.vstack([facts[chosen].T, 10 * np.ones((1, count)), 0.05 * np.eye(count)])
    wanted = np.concatenate([facts.mean(axis=0), [10.0], np.full(count, 0.05 / count)])
    weights = lsq_linear(rows, wanted, bounds=(0.5 / count, 2.0 / count)).x if count > 1 else np.ones(1)
    return np.asarray(weights / weights.sum(), np.float64)

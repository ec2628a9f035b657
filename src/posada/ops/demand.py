"""From a forecast to demand: a thousand members become a few weighted scenarios of people and legs.

*Who goes where.* A run counts people by night and place, and who arrived; it does not say from where. Per member,
those who leave a town join those under way, and those who arrive in a town are taken from those under way who left the
nearest town upstream, the earliest first. Who is never matched has left the journey; who arrives unmatched has joined.

*Need classes* follow from the shares of the member: medical cases, people with limited mobility, and families, in
whole families; a child travels with one adult (a project assumption). The others are adults on their own.

*Reduction.* The members that stand for all are medoids: person-nights by place and people by day are compared, each
weighed by its spread; the first is the member nearest to all, each next the farthest from those chosen, and then
members and medoids are exchanged until nothing changes (Kaufman and Rousseeuw 1987, in the alternating form). There
is no draw in it. The weight of a scenario is near the share of members that it stands for, so chosen that the means of
all members are kept: medoids alone leave out the rare and large, and a plan made for them promises too much.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from posada.model.demand import DemandScenarios, joined_legs
from posada.model.errors import InvalidValueError
from posada.model.run import Run
from posada.model.shortest_ways import RoadWays

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Leg = tuple[int, int, int, int, int, tuple[float, ...]]

ADULTS_PER_CHILD = 1.0
"""Adults who stay with each child; a project assumption."""


def forecast_demand(run: Run, scenarios: int = 20, days: int = 30, family_size: int = 4) -> DemandScenarios:
    """Return the demand of a forecast, reduced to some scenarios of its first days.

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
    chosen, weights = choose_members(run, min(scenarios, run.members), days)
    return members_demand(run, chosen, weights, days, family_size)


def members_demand(
    run: Run, members: Sequence[int], weights: Floats, days: int, family_size: int = 4
) -> DemandScenarios:
    """Return the demand of some members of a run as scenarios of the given weights."""
    km = RoadWays.of(run.scenario).between(run.place_ids)
    shares = _class_shares(run)
    parts: list[Leg] = []
    people = []
    for scenario, member in enumerate(members):
        counts = run.people[member, :days].astype(np.float64)
        classes = by_class(counts, shares[member], family_size)
        people.append(classes)
        for day, origin, target, arrives, number in _legs(run, member, days, km):
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


def _legs(run: Run, member: int, days: int, km: Floats) -> list[tuple[int, int, int, int, float]]:
    """Return legs of a member: day of departure, origin, target, day of arrival, people."""
    counts, came = run.people[member].astype(np.int64), run.arrived[member].astype(np.int64)
    under_way: dict[tuple[int, int], int] = {}
    found: list[tuple[int, int, int, int, float]] = []
    for day in range(1, days):
        left = np.maximum(counts[day - 1] + came[day] - counts[day], 0)
        for place in np.flatnonzero(left):
            under_way[day, int(place)] = int(left[place])
        for place in np.flatnonzero(came[day]):
            rest = int(came[day, place])
            near = sorted((km[origin, place], since, origin) for since, origin in under_way if origin != place)
            for way, since, origin in near:
                if rest == 0 or not np.isfinite(way):
                    break
                taken = min(rest, under_way[since, origin])
                found.append((since, origin, int(place), day, float(taken)))
                rest -= taken
                under_way[since, origin] -= taken
                if under_way[since, origin] == 0:
                    del under_way[since, origin]
    return found


def choose_members(run: Run, count: int, days: int) -> tuple[list[int], Floats]:
    """Return the members that stand for all, and the share of members that each stands for."""
    nights = run.people[:, :days].sum(axis=1, dtype=np.int64).astype(np.float64)
    by_day = run.people[:, :days].sum(axis=2, dtype=np.int64).astype(np.float64)
    features = np.concatenate([nights / max(nights.std(), 1e-9), by_day / max(by_day.std(), 1e-9)], axis=1)
    square = (features**2).sum(axis=1)
    apart = np.sqrt(np.maximum(square[:, None] + square[None] - 2 * features @ features.T, 0.0))
    chosen = [int(apart.sum(axis=1).argmin())]
    while len(chosen) < count:
        distance = apart[:, chosen].min(axis=1)
        distance[chosen] = -1.0
        chosen.append(int(distance.argmax()))
    for _ in range(50):
        nearest = apart[:, chosen].argmin(axis=1)
        nearest[chosen] = np.arange(count)  # a member that is like another stands for itself all the same
        better = [_medoid(apart, np.flatnonzero(nearest == index)) for index in range(count)]
        if better == chosen:
            break
        chosen = better
    return chosen, _weights(run, chosen, np.bincount(nearest, minlength=count) / run.members, days)


def _weights(run: Run, chosen: list[int], shares: Floats, days: int) -> Floats:
    """Return weights that keep the means of all members, as near to the shares as they can be.

    What is kept is what a shortage depends on: person-nights beyond each of some numbers of people in one town, and
    person-nights on the road. Non-negative least squares, with the shares as a weak wish (Lawson and Hanson 1974).
    """
    from scipy.optimize import nnls

    people = run.people[:, :days].astype(np.float64)
    most = max(float(people.max()), 1.0)
    steps = most * np.array([0.0, 0.05, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8])
    beyond = [np.maximum(people - step, 0.0).sum(axis=(1, 2)) for step in steps]
    facts = np.column_stack([*beyond, run.under_way[:, :days].sum(axis=1, dtype=np.float64)])
    means = facts.mean(axis=0)
    scale = np.where(means > 0, means, 1.0)
    rows = np.vstack([facts[chosen].T / scale[:, None], 10 * np.ones((1, len(chosen))), 0.05 * np.eye(len(chosen))])
    weights, _ = nnls(rows, np.concatenate([means / scale, [10.0], 0.05 * shares]))
    weights = np.maximum(weights, 1e-4)  # a scenario without weight would not be planned for
    return np.asarray(weights / weights.sum(), np.float64)


def _medoid(apart: Floats, members: Ints) -> int:
    return int(members[apart[np.ix_(members, members)].sum(axis=1).argmin()])

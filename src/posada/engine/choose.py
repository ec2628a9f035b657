"""How far a part of a group can get, and which place within reach it chooses as its next stop."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from posada.engine.compiling import inner_kernel
from posada.engine.draws import DECISION, mixed, normal, uniform
from posada.engine.people import At, two_chances_of
from posada.engine.rate_index import PUSH_ON, REFUSE, WELCOME, R
from posada.engine.state import Plans, Rates
from posada.engine.world import Bodies, Network

# On the scale from -1 to 1 on which 'stance_weight' pulls; 'tolerate' is the middle.
_PULL_WELCOME, _PULL_PUSH_ON, _PULL_REFUSE = 1.0, -0.5, -1.0

_DAYS_ON_FOOT = 3.0  # a stretch of more than three days' walk without a town is not walked


class Aim(NamedTuple):
    """What a part wants today: from where to where, whether it chooses freely, and for how many people."""

    place: int
    goal: int
    free: bool
    people: int


@inner_kernel
def stance_value(stance: int) -> float:
    """Return the pull of a stance between -1 (refuse) and 1 (welcome)."""
    if stance == WELCOME:
        return _PULL_WELCOME
    if stance == PUSH_ON:
        return _PULL_PUSH_ON
    return _PULL_REFUSE if stance == REFUSE else 0.0


@inner_kernel
def walking_reach(at: At, rates: Rates, plans: Plans) -> float:
    """Return how far the part gets today without vehicles, in km, and note whether drivers give lifts."""
    m = at.m
    for_stage, for_lift = two_chances_of(at, DECISION.stage)
    spread = rates.rate[m, R.walk_km_day_sigma] * normal(for_stage)
    stage = rates.rate[m, R.walk_km_per_day] * math.exp(spread)
    plans.lifts[m, at.n] = for_lift < rates.rate[m, R.lift_probability_per_day]
    if plans.lifts[m, at.n]:
        share = rates.rate[m, R.lift_share]
        stage = max(stage, (1.0 - share) * stage + share * rates.rate[m, R.lift_km_per_day])
    return float(stage)


@inner_kernel
def nobody_walks(at: At, place: int, goal: int, net: Network, rates: Rates) -> bool:
    """Say whether nobody walks to the next place towards the goal: a road not walked, or days without a town."""
    e = net.epoch[at.day]
    following = net.next_place[e, place, goal]
    walked_km = _DAYS_ON_FOOT * rates.rate[at.m, R.walk_km_per_day]
    return bool(
        following >= 0 and (not net.walked[e, place, following] or net.road_km[e, place, following] > walked_km)
    )


@inner_kernel
def reach_by_road(at: At, place: int, goal: int, net: Network, rates: Rates, plans: Plans) -> float:
    """Return how far the part gets today without offers, in km: on foot and with lifts, or by what long roads have."""
    reach = walking_reach(at, rates, plans)
    if nobody_walks(at, place, goal, net, rates):
        return max(reach, float(rates.rate[at.m, R.long_road_km_per_day]))
    return reach


@inner_kernel
def pick(at: At, aim: Aim, reach_km: float, by_rail: bool, net: Network, bodies: Bodies, rates: Rates) -> int:
    """Return the next stop within reach that brings a part nearer to its goal, or -1 when there is none.

    A part that chooses freely makes a random-utility choice (multinomial logit: D. McFadden, "Conditional logit
    analysis of qualitative choice behavior", 1974): each place has progress, room, stance and announcement,
    times their weights, and a Gumbel draw of its own. A part that does not goes as near to the goal as it gets.
    """
    e, m = net.epoch[at.day], at.m
    start_km = net.way_to[e, aim.goal, aim.place]
    best, best_pull = -1, -np.inf
    for nearest in range(net.key.size):
        p = net.by_rail[e, aim.place, nearest] if by_rail else net.by_road[e, aim.place, nearest]
        km = net.rail_km[e, aim.place, p] if by_rail else net.road_km[e, aim.place, p]
        if not km <= reach_km:
            break
        if km <= 0.0:
            continue
        progress = start_km - net.way_to[e, aim.goal, p]
        if not progress > 0.0:
            continue
        pull = progress
        if aim.free:
            pull = rates.rate[m, R.progress_weight] * min(progress / reach_km, 1.0)
            pull += rates.rate[m, R.room_weight] * min(1.0, rates.covered[m, p] / max(aim.people, 1))
            pull += rates.rate[m, R.stance_weight] * stance_value(net.stance[at.day, p])
            if bodies.announced[at.g, p] >= 0:
                pull += rates.rate[m, R.itinerary_weight]
            u = uniform(at.seed, at.member, DECISION.next_stop, at.day, mixed(at.entity, net.key[p]))
            pull -= math.log(-math.log(u))
        if pull > best_pull:
            best, best_pull = p, pull
    return best


@inner_kernel
def stop_at_pace(at: At, aim: Aim, reach_km: float, net: Network) -> int:
    """Return the last place within reach on the way or the next one, their mean being the reach; -1 with none within.

    What is learned of such roads is how far groups came in a day. Stops that always lay within it would make them
    slower than that by half the way between two towns. With none within reach a part goes on along its road.
    """
    e, goal, before, before_km = net.epoch[at.day], aim.goal, aim.place, 0.0
    while before != goal:
        following = net.next_place[e, before, goal]
        if following < 0:
            break
        km = before_km + net.road_km[e, before, following]
        if km > reach_km:
            if before != aim.place:
                u = uniform(at.seed, at.member, DECISION.next_stop, at.day, at.entity)
                before = following if u * (km - before_km) < reach_km - before_km else before
            break
        before, before_km = following, km
    return before if before != aim.place else -1

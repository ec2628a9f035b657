"""Third step: each morning every part of a group decides to rest or to go, how, and where to."""

from __future__ import annotations

import math

from posada.engine.choose import Aim, nobody_walks, pick, reach_by_road, stop_at_pace
from posada.engine.compiling import inner_kernel, step_kernel
from posada.engine.draws import DECISION
from posada.engine.luck import Luck
from posada.engine.offers import offered_reach
from posada.engine.people import At, about_part, chance_of, total, two_chances_of
from posada.engine.rate_index import R, by_stance
from posada.engine.state import AHEAD, BEHIND, FREE, MAIN, REST, RIDE, TRAIN, WALK, Clock, Parts, Plans, Rates
from posada.engine.world import NEEDS, PARTS_PER_GROUP, Bodies, Fleet, Network, Rules

_CAPACITY = 2  # position of 'capacity_per_day' in TRANSITION_KINDS
_ALONE = 2  # position of 'alone' in TRANSITION_SCOPES
_FREE_CHOICE, _STAY = -1, -2  # values of Bodies.aim

_TOPIC = 100  # one for the decision and the boarding that follows from it


@step_kernel
def decide(
    clock: Clock,
    net: Network,
    fleet: Fleet,
    rules: Rules,
    bodies: Bodies,
    luck: Luck,
    rates: Rates,
    parts: Parts,
    plans: Plans,
) -> None:
    """Set mode, target and reach of every part for today."""
    for m in range(parts.kind.shape[0]):
        for n in range(parts.kind.shape[1]):
            plans.mode[m, n] = REST
            plans.target[m, n] = -1
            plans.seats_needed[m, n] = 0
            plans.lifts[m, n] = False
            g = n // PARTS_PER_GROUP
            if parts.kind[m, n] == FREE or clock.day < bodies.sets_out[g]:
                continue
            at = about_part(clock, m, n, bodies.key, _TOPIC)
            if parts.heading[m, n] >= 0:
                plans.mode[m, n] = WALK
                plans.target[m, n] = parts.heading[m, n]
                plans.reach_km[m, n] = reach_by_road(at, parts.place[m, n], parts.heading[m, n], net, rates, plans)
                continue
            aim = find_aim(at, bodies, luck, parts)
            reachable = aim.goal >= 0 and math.isfinite(net.way_to[net.epoch[at.day], aim.goal, aim.place])
            if not reachable or aim.place == aim.goal:
                continue
            if aim.free and _rests(at, aim, net, rules, rates, parts):
                continue
            if not _goes_by_train(at, aim, net, bodies, rates, parts, plans):
                _goes_by_road(at, aim, net, fleet, bodies, rates, plans)


@inner_kernel
def find_aim(at: At, bodies: Bodies, luck: Luck, parts: Parts) -> Aim:
    """Return what a part makes for: its main body when it is behind, a planner's stop, or its destination.

    The goal is -1 when a planner keeps it where it is.
    """
    place = parts.place[at.m, at.n]
    people = total(parts.people[at.m, at.n])
    main = at.g * PARTS_PER_GROUP
    if parts.kind[at.m, at.n] == BEHIND and parts.kind[at.m, main] != FREE:
        heading = parts.heading[at.m, main]
        return Aim(place, heading if heading >= 0 else parts.place[at.m, main], False, people)
    planned = bodies.aim[at.g, at.day] if parts.kind[at.m, at.n] == MAIN else _FREE_CHOICE
    if planned == _FREE_CHOICE:
        return Aim(place, luck.destination[at.m, at.g], True, people)
    return Aim(place, -1 if planned == _STAY else planned, False, people)


@inner_kernel
def _goes_by_road(at: At, aim: Aim, net: Network, fleet: Fleet, bodies: Bodies, rates: Rates, plans: Plans) -> None:
    m, n = at.m, at.n
    reach = reach_by_road(at, aim.place, aim.goal, net, rates, plans)
    needed = int(math.ceil(aim.people * rates.rate[m, R.ride_share_needed]))
    offered = offered_reach(at, aim.place, aim.people, needed, fleet, net, rates)
    if offered > reach:
        target = pick(at, aim, offered, False, net, bodies, rates)
        if target >= 0 and net.road_km[net.epoch[at.day], aim.place, target] > reach:
            plans.mode[m, n] = RIDE
            plans.target[m, n] = target
            plans.reach_km[m, n] = offered
            plans.seats_needed[m, n] = needed
            return
    set_out_on_foot(at, aim, reach, net, bodies, rates, plans)


@inner_kernel
def set_out_on_foot(
    at: At, aim: Aim, reach_km: float, net: Network, bodies: Bodies, rates: Rates, plans: Plans
) -> None:
    """Choose a stop on foot or with lifts; with no town within reach, head for the next one on the way."""
    m, n = at.m, at.n
    if aim.free and nobody_walks(at, aim.place, aim.goal, net, rates):
        target = stop_at_pace(at, aim, reach_km, net)
        if target >= 0:
            reach_km = max(reach_km, net.road_km[net.epoch[at.day], aim.place, target])
    else:
        target = pick(at, aim, reach_km, False, net, bodies, rates)
    if target < 0:
        target = net.next_place[net.epoch[at.day], aim.place, aim.goal]
    plans.mode[m, n] = WALK if target >= 0 else REST
    plans.target[m, n] = target
    plans.reach_km[m, n] = reach_km


@inner_kernel
def _rests(at: At, aim: Aim, net: Network, rules: Rules, rates: Rates, parts: Parts) -> bool:
    m = at.m
    if parts.halt[m, at.n] > 0:
        parts.halt[m, at.n] -= 1
        return True
    chance = rates.rate[m, R.rest_probability_per_day]
    chance *= by_stance(rates.rate, m, net.stance[at.day, aim.place], R.stay_welcome)
    for_rest, for_papers = two_chances_of(at, DECISION.rest)
    # The way of a day where nobody walks is that of whole legs, days of rest included.
    if for_rest < chance and not nobody_walks(at, aim.place, aim.goal, net, rates):
        return True
    waits = for_papers < rates.rate[m, R.wait_for_papers_probability_per_day]
    return bool(waits and papers_given_out(at, rules, rates, parts))


@inner_kernel
def papers_given_out(at: At, rules: Rules, rates: Rates, parts: Parts) -> bool:
    """Say whether a queue with a daily capacity is open here for people of this part."""
    place = parts.place[at.m, at.n]
    for t in range(rules.kind.size):
        if rules.kind[t] != _CAPACITY or rules.scope[t] == _ALONE or rates.move[at.m, t] <= 0.0:
            continue
        if rules.is_open[t, at.day] and rules.here[t, place]:
            for c in range(NEEDS):
                suits = rules.who[t] < 0 or rules.who[t] == c
                if suits and parts.people[at.m, at.n, rules.origin[t], c] > 0:
                    return True
    return False


@inner_kernel
def _goes_by_train(at: At, aim: Aim, net: Network, bodies: Bodies, rates: Rates, parts: Parts, plans: Plans) -> bool:
    """Say whether the part takes, or waits for, a freight train; boarding is a matter of days."""
    m, n = at.m, at.n
    if not (bodies.rides[at.g] or parts.kind[m, n] == AHEAD):
        return False
    reach = rates.rate[m, R.train_km_per_day]
    target = pick(at, aim, reach, True, net, bodies, rates)
    if target < 0:
        return False
    if chance_of(at, DECISION.train) < 1.0 / (1.0 + rates.rate[m, R.train_wait_days]):
        plans.mode[m, n] = TRAIN
        plans.target[m, n] = target
        plans.reach_km[m, n] = reach
    return True

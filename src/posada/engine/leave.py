"""Ninth step: parts that meet go on together, people leave their group, and forerunners go ahead.

Parts without people are closed.
"""

from __future__ import annotations

from posada.engine.arrive import meet
from posada.engine.board import OTHER_ADULTS
from posada.engine.compiling import inner_kernel, step_kernel
from posada.engine.decide import papers_given_out
from posada.engine.draws import DECISION
from posada.engine.luck import Luck
from posada.engine.people import (
    At,
    about_part,
    chance_of,
    free_part,
    how_many,
    how_many_and_offset,
    part_company,
    total,
)
from posada.engine.rate_index import R
from posada.engine.state import AHEAD, FREE, MAIN, Alone, Clock, Parts, Plans, Rates
from posada.engine.world import NEEDS, PARTS_PER_GROUP, Bodies, Rules

_PERMITTED = 1  # role of a status under which people may travel on alone

_TOPIC = 600


@step_kernel
def leave(
    clock: Clock,
    rules: Rules,
    bodies: Bodies,
    luck: Luck,
    rates: Rates,
    parts: Parts,
    alone: Alone,
    plans: Plans,
) -> None:
    """Unite parts that meet; let people part from their group in a town.

    More leave at halts and where papers are given out, few on the road.
    """
    for m in range(parts.kind.shape[0]):
        meet(clock, m, bodies, luck, rates, parts)
        for n in range(parts.kind.shape[1]):
            if parts.kind[m, n] == FREE:
                continue
            g = n // PARTS_PER_GROUP
            at = about_part(clock, m, n, bodies.key, _TOPIC)
            if parts.heading[m, n] < 0 and clock.day > 0:
                _part_from_group(at, rules, rates, parts, alone, plans)
                if parts.kind[m, n] == MAIN and parts.place[m, n] != luck.destination[m, g]:
                    _run_ahead(at, rates, parts)
            if total(parts.people[m, n]) == 0:
                parts.kind[m, n] = FREE
                parts.heading[m, n] = -1


@inner_kernel
def _part_from_group(at: At, rules: Rules, rates: Rates, parts: Parts, alone: Alone, plans: Plans) -> None:
    m, n = at.m, at.n
    place = parts.place[m, n]
    rested = plans.rested[m, n]
    chance = min(rates.rate[m, R.leave_rate_at_halt_per_day if rested else R.leave_rate_on_road_per_day], 1.0)
    if papers_given_out(at, rules, rates, parts):
        chance = 1.0 - (1.0 - chance) * (1.0 - min(rates.rate[m, R.leave_rate_at_offer_per_day], 1.0))
    with_papers = 1.0 - (1.0 - chance) * (1.0 - min(rates.rate[m, R.permitted_departure_rate_per_day], 1.0))
    for s in range(parts.people.shape[2]):
        here = 0
        for c in range(NEEDS):
            here += parts.people[m, n, s, c]
        if here > 0:
            own = with_papers if rules.role[s] == _PERMITTED else chance
            gone, u = how_many_and_offset(at, here, own, DECISION.leave, rules.status_key[s])
            part_company(parts.people[m, n], m, s, place, gone, u, alone)


@inner_kernel
def _run_ahead(at: At, rates: Rates, parts: Parts) -> None:
    """Let adults without other needs go ahead of the main body; they set out for themselves tomorrow."""
    m, n = at.m, at.n
    if chance_of(at, DECISION.forerun) >= rates.rate[m, R.forerunner_probability_per_day]:
        return
    slot = free_part(parts.kind, m, at.g)
    if slot < 0:
        return
    for s in range(parts.people.shape[2]):
        here = parts.people[m, n, s, OTHER_ADULTS]
        ahead = how_many(at, here, rates.rate[m, R.forerunner_share], DECISION.forerun, s)
        parts.people[m, n, s, OTHER_ADULTS] -= ahead
        parts.people[m, slot, s, OTHER_ADULTS] += ahead
    if total(parts.people[m, slot]) > 0:
        parts.kind[m, slot] = AHEAD
        parts.place[m, slot] = parts.place[m, n]
        parts.heading[m, slot] = -1
        parts.halt[m, slot] = 0

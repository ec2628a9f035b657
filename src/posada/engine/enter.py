"""Second step: groups enter the journey on their day, and people join them on the way."""

from __future__ import annotations

from posada.engine.compiling import kernel
from posada.engine.draws import DECISION, mixed
from posada.engine.luck import Luck
from posada.engine.people import At, how_many, spread_over_classes, total
from posada.engine.rate_index import R
from posada.engine.state import FREE, MAIN, Clock, Ends, Parts, Rates
from posada.engine.world import PARTS_PER_GROUP, Bodies, Rules


@kernel
def enter_and_join(
    clock: Clock, rules: Rules, bodies: Bodies, luck: Luck, rates: Rates, parts: Parts, ends: Ends
) -> None:
    """Let groups in whose day it is, people already in final statuses on day 0, and people who join main bodies."""
    initial = rules.initial[0]
    for m in range(ends.entered.size):
        member = clock.first + m
        if clock.day == 0:
            _count_those_already_final(clock, m, rules, luck, ends)
        for g in range(bodies.key.size):
            n = g * PARTS_PER_GROUP
            at = At(m, n, g, clock.day, clock.seed, member, mixed(bodies.key[g], 1))
            people, decision = 0, DECISION.join
            if bodies.enters[g] == clock.day:
                parts.kind[m, n] = MAIN
                parts.place[m, n] = bodies.origin[g]
                people, decision = luck.size[m, g], DECISION.group_class
            elif parts.kind[m, n] != FREE and parts.heading[m, n] < 0 and clock.day > 0:
                chance = min(rates.rate[m, R.join_share_per_day], 1.0)
                people = how_many(at, total(parts.people[m, n]), chance, DECISION.join, 99)
            if people > 0:
                spread_over_classes(at, people, luck.class_share[m, g], parts.people[m, n], initial, decision)
                ends.entered[m] += people
                ends.entries[m, initial] += people


@kernel
def _count_those_already_final(clock: Clock, m: int, rules: Rules, luck: Luck, ends: Ends) -> None:
    for s in range(rules.role.size):
        people = luck.final_start[m, s]
        if people > 0:
            at = At(m, 0, 0, 0, clock.seed, clock.first + m, mixed(rules.status_key[s], 2))
            spread_over_classes(at, people, luck.class_share[m, 0], ends.people[m], s, DECISION.group_class)
            ends.entered[m] += people
            ends.entries[m, s] += people

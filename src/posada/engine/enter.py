"""Second step: groups enter the journey on their day, and people join them on the way."""

from __future__ import annotations

from posada.engine.compiling import inner_kernel, step_kernel
from posada.engine.draws import DECISION, mixed
from posada.engine.luck import Luck
from posada.engine.people import At, chance_of, how_many_and_offset, share_out, spread_over_classes, taken_by_now, total
from posada.engine.rate_index import R
from posada.engine.state import FREE, MAIN, Clock, Ends, Parts, Rates
from posada.engine.world import NEEDS, PARTS_PER_GROUP, Bodies, Rules

_FINAL = 4  # position in STATUS_ROLES


@step_kernel
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
            people, share, target = 0, luck.class_share[m, g], parts.people[m, n]
            if bodies.enters[g] == clock.day:
                parts.kind[m, n] = MAIN
                parts.place[m, n] = bodies.origin[g]
                people = luck.size[m, g]
                spread_over_classes(at, people, share, target, initial, DECISION.group_class)
            elif parts.kind[m, n] != FREE and parts.heading[m, n] < 0 and clock.day > 0:
                chance = min(rates.rate[m, R.join_share_per_day], 1.0)
                people, u = how_many_and_offset(at, total(target), chance, DECISION.join, 99)
                share_out(people, share, u, target, initial)
            ends.entered[m] += people
            ends.entries[m, initial] += people
        if clock.day == 0:
            _hand_out_papers(clock, m, rules, bodies, luck, parts, ends)


@inner_kernel
def _count_those_already_final(clock: Clock, m: int, rules: Rules, luck: Luck, ends: Ends) -> None:
    for s in range(rules.role.size):
        people = luck.status_start[m, s]
        if people > 0 and rules.role[s] == _FINAL:
            at = At(m, 0, 0, 0, clock.seed, clock.first + m, mixed(rules.status_key[s], 2))
            spread_over_classes(at, people, luck.class_share[m, 0], ends.people[m], s, DECISION.group_class)
            ends.entered[m] += people
            ends.entries[m, s] += people


@inner_kernel
def _hand_out_papers(clock: Clock, m: int, rules: Rules, bodies: Bodies, luck: Luck, parts: Parts, ends: Ends) -> None:
    """Give people of groups the status that reports say they had by day 0, group by group, as far as there are any."""
    initial = rules.initial[0]
    for s in range(rules.role.size):
        left = luck.status_start[m, s]
        if left <= 0 or rules.role[s] == _FINAL:
            continue
        for n in range(0, parts.kind.shape[1], PARTS_PER_GROUP):
            here = 0
            for c in range(NEEDS):
                here += parts.people[m, n, initial, c]
            given = min(left, here)
            if given == 0:
                continue
            at = At(
                m, n, 0, 0, clock.seed, clock.first + m, mixed(rules.status_key[s], bodies.key[n // PARTS_PER_GROUP])
            )
            seen, handed = 0, 0
            u = chance_of(at, DECISION.rounding)
            for c in range(NEEDS):
                seen += parts.people[m, n, initial, c]
                people = taken_by_now(seen, here, given / here, u, given) - handed
                handed += people
                parts.people[m, n, initial, c] -= people
                parts.people[m, n, s, c] += people
            left -= given
            ends.entries[m, s] += given

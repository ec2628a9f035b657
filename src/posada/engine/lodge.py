"""Seventh step: who sleeps under a roof tonight, and how many places are missing."""

from __future__ import annotations

from posada.engine.compiling import step_kernel
from posada.engine.draws import DECISION, block, place_uniforms, rounded
from posada.engine.people import total
from posada.engine.rate_index import R
from posada.engine.state import FREE, Alone, Books, Clock, Parts, Rates, Tally
from posada.engine.world import Network, Rules

_HELD = 3  # role of a status: lodged by the authority


@step_kernel
def lodge(
    clock: Clock,
    net: Network,
    rules: Rules,
    rates: Rates,
    parts: Parts,
    alone: Alone,
    tally: Tally,
    books: Books,
) -> None:
    """Fill the covered places of every town with those who want one; count the others.

    A town may refuse on the night what it offered. In rain more people want a roof. People who are held are
    lodged by the authority and need no place here.
    """
    page = clock.page
    for m in range(parts.kind.shape[0]):
        for p in range(net.key.size):
            books.people[m, page, p] = 0
            books.arrived[m, page, p] = tally.came[m, p]
            books.largest_departure[m, p] = max(books.largest_departure[m, p], tally.set_out[m, p])
        for s in range(alone.at.shape[1]):
            if rules.role[s] != _HELD:
                for p in range(net.key.size):
                    books.people[m, page, p] += alone.at[m, s, p]
        for n in range(parts.kind.shape[1]):
            if parts.kind[m, n] != FREE and parts.heading[m, n] < 0:
                books.people[m, page, parts.place[m, n]] += total(parts.people[m, n])
        rain, wet, dry = (
            rates.rate[m, R.rain_probability_per_day],
            rates.rate[m, R.rain_uptake_share],
            rates.rate[m, R.site_uptake_share],
        )
        bits = block(clock.seed, clock.first + m, DECISION.lodging, clock.day)
        refusal = rates.rate[m, R.lodging_refusal_probability]
        for p in range(net.key.size):
            here = books.people[m, page, p]
            if here == 0:
                continue
            for_rain, for_opening, for_rounding = place_uniforms(bits, net.key[p])
            uptake = wet if for_rain < rain else dry
            opens = for_opening >= refusal
            places = int(rates.covered[m, p]) if opens else 0
            wanting = rounded(here * min(uptake, 1.0), for_rounding)
            books.without_roof[m, page, p] = here - min(wanting, places)
            books.places_short[m, page, p] = max(here - places, 0)

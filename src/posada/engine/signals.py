"""First step of the day: signals change rates, and towns prepare what they offer."""

from __future__ import annotations

from posada.engine.compiling import step_kernel
from posada.engine.luck import Luck
from posada.engine.rate_index import R, by_stance
from posada.engine.state import Clock, Plans, Rates, Seats, Tally
from posada.engine.world import Network, Pressures, Roofs


@step_kernel
def apply_signals(
    clock: Clock,
    net: Network,
    roofs: Roofs,
    pressures: Pressures,
    luck: Luck,
    rates: Rates,
    plans: Plans,
    seats: Seats,
    tally: Tally,
) -> None:
    """Set today's rates: the member's own, times the strength of every signal in force; clear the day's tables.

    Then the covered places of tonight are counted: those of sites that are open, and in towns without a
    reported site the places that such towns open, each times the effect of the town's stance.
    """
    tally.set_out[:] = 0
    seats.riders[:] = 0
    seats.carried[:] = 0
    plans.arrived[:] = False
    plans.rested[:] = False
    for m in range(rates.rate.shape[0]):
        for k in range(luck.rate.shape[1]):
            rates.rate[m, k] = luck.rate[m, k]
        for k in range(luck.move_value.shape[1]):
            rates.move[m, k] = luck.move_value[m, k]
        for k in range(pressures.first.size):
            if pressures.first[k] <= clock.day <= pressures.last[k]:
                if pressures.rate[k] >= 0:
                    rates.rate[m, pressures.rate[k]] *= luck.signal[m, k]
                else:
                    rates.move[m, pressures.move[k]] *= luck.signal[m, k]
        for p in range(net.key.size):
            rates.covered[m, p] = 0.0 if roofs.reported[clock.day, p] else luck.unreported_places[m, p]
        for site in range(roofs.place.size):
            if roofs.first[site] <= clock.day <= roofs.last[site]:
                rates.covered[m, roofs.place[site]] += luck.site_places[m, site]
        for p in range(net.key.size):
            rates.covered[m, p] *= by_stance(rates.rate, m, net.stance[clock.day, p], R.lodging_welcome)

"""How much each way attracts: Flee's formula, once a day for all members, and anew where a place can be full."""

from __future__ import annotations

from posada.engine.compiling import lean_kernel
from posada.engine.dispersal.state import Given, Now, People, Records, Scratch
from posada.engine.dispersal.stream import State, binomial_of, following
from posada.engine.world import Ints

_FEW = 6
_FULL_BELOW = 0.5


@lean_kernel
def weigh_days(first: int, days: int, given: Given, scratch: Scratch) -> None:
    """Fill the tables of a block of days for who chooses without regard to how full places are."""
    for block_day in range(days):
        epoch = given.day[first + block_day].epoch
        begin = given.range[epoch, 0].first
        for c in range(given.choice.shape[1]):
            for p in range(given.place.size):
                low, high = given.range[epoch, p].first, given.range[epoch, p].last
                table = scratch.weight[block_day, c, low - begin : high - begin]
                for k in range(high - low):
                    table[k].raw = _weight(given, first + block_day, c, low + k, given.place[given.option[low + k].end].residents)
                _conclude(table, given.rules.pruning_threshold)


@lean_kernel
def _weight(given: Given, day: int, c: int, o: int, residents: float) -> float:
    """Return the weight of an option, but for how full its end is."""
    rules, option = given.rules, given.option[o]
    score = given.choice[day, c, option.end].score * option.home
    if rules.weight_population_power != 0.0 and not given.place_day[day, option.end].is_camp:
        score *= max(1.0, residents) ** rules.weight_population_power
    if rules.fixed_routes:
        stored = (rules.weight_softening + given.place_day[day, option.end].crawl) * option.nearness
        return (stored if rules.weight_power == 1.0 else stored**rules.weight_power) * score
    weight = (rules.weight_softening + score) * option.nearness
    return weight if rules.weight_power == 1.0 else weight**rules.weight_power


@lean_kernel
def _conclude(table: Records, pruning_threshold: float) -> None:
    """Turn weights into chances; equal ones when all are zero."""
    count = table.size
    least = 0.0
    if pruning_threshold > 0.0:
        for k in range(count):
            least = max(least, table[k].raw)
        least /= pruning_threshold
    total = 0.0
    for k in range(count):
        total += table[k].raw if table[k].raw >= least else 0.0
    left = total
    for k in range(count):
        if total > 0.0:
            own = table[k].raw if table[k].raw >= least else 0.0
            table[k].conditional = min(own / left, 1.0) if left > 0.0 else 1.0
            left -= own
            table[k].cumulative = 1.0 - left / total
        else:
            table[k].conditional = 1.0 / (count - k)
            table[k].cumulative = (k + 1.0) / count
    if count > 0:
        table[count - 1].conditional = 1.0
        table[count - 1].cumulative = 1.0


@lean_kernel
def openness(given: Given, day: int, place: int, people: int) -> float:
    """Return by what the weight of a place is multiplied as it fills: 1 until nearly full, 0 when full."""
    capacity = given.place_day[day, place].capacity
    if capacity < 1.0:
        return 1.0
    nearly = given.rules.capacity_buffer * capacity
    if people <= nearly:
        return 1.0
    if people >= capacity:
        return 0.0
    return 1.0 - (people - nearly) / (capacity * (1.0 - given.rules.capacity_buffer))


@lean_kernel
def is_full_camp(given: Given, day: int, place: int, here: Ints) -> bool:
    """Say whether people on their way to a place turn away from it."""
    return given.place_day[day, place].is_camp and openness(given, day, place, here[place]) < _FULL_BELOW


@lean_kernel
def spread(now: Now, c: int, p: int, count: int, state: State, given: Given, people: People, scratch: Scratch) -> int:
    """Draw how many of ``count`` people in a place choose each option, into ``scratch.own``; return how many
    options there are.
    """
    begin = given.range[now.epoch, 0].first
    low, high = given.range[now.epoch, p].first, given.range[now.epoch, p].last
    options = high - low
    table = scratch.weight[now.block_day, c, low - begin : high - begin]
    own = scratch.own[:options]
    for k in range(options):
        own[k].taking = 0
    by_residents = given.rules.weight_population_power != 0.0 and given.rules.takes_residents
    by_fullness = not given.rules.fixed_routes and given.range[now.epoch, p].limited != 0
    if by_residents or (by_fullness and _some_fill(now, low, options, given, people)):
        for k in range(options):
            end = given.option[low + k].end
            raw = table[k].raw
            if by_residents:
                raw = _weight(given, now.day, c, low + k, people.residents[now.m, end])
            if by_fullness:
                factor = openness(given, now.day, end, people.here[now.m, end])
                raw *= factor if given.rules.weight_power == 1.0 else factor**given.rules.weight_power
            own[k].raw = raw
        _conclude(own, given.rules.pruning_threshold)
        _split(state, count, options, own, own)
    else:
        _split(state, count, options, table, own)
    return options


@lean_kernel
def _split(state: State, count: int, options: int, table: Records, out: Records) -> None:
    """Draw a multinomial number: one by one for a few people, else by the chance of each option in turn."""
    if options == 0:
        return
    if count <= _FEW:
        for _ in range(count):
            u = following(state)
            k = 0
            while u >= table[k].cumulative:
                k += 1
            out[k].taking += 1
        return
    left = count
    for k in range(options - 1):
        taking = binomial_of(state, left, table[k].conditional)
        out[k].taking = taking
        left -= taking
        if left == 0:
            return
    out[options - 1].taking = left


@lean_kernel
def _some_fill(now: Now, first: int, options: int, given: Given, people: People) -> bool:
    for o in range(first, first + options):
        end = given.option[o].end
        if openness(given, now.day, end, people.here[now.m, end]) < 1.0:
            return True
    return False

"""How much each way attracts: Flee's formula, once a day for all members, and anew where a place can be full."""

from __future__ import annotations

from posada.engine.compiling import inner_kernel, kernel
from posada.engine.dispersal.state import Given, Member, Now, Records, Scratch
from posada.engine.dispersal.stream import State, binomial_of, following
from posada.engine.world import Ints

FEW = 6
"""Up to so many people are asked one by one."""

_FULL_BELOW = 0.5
_NO_LIMIT = 2**31


@kernel
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
                    table[k].raw = _weight(
                        given, first + block_day, c, low + k, given.place[given.option[low + k].end].residents
                    )
                _conclude(table, given.rules.pruning_threshold)


@inner_kernel
def _weight(given: Given, day: int, c: int, o: int, residents: float) -> float:
    """Return the weight of an option, but for how full its end is."""
    rules, option = given.rules, given.option[o]
    score = given.choice[day, c, option.end].score * option.home
    if rules.weight_population_power != 0.0 and not given.place_day[day, option.end].is_camp:
        score *= max(1.0, residents) ** rules.weight_population_power
    if rules.fixed_routes:
        known = given.place_day[day, option.end]
        score_of_way = known.crawl_before if option.of_yesterday == 1 else known.crawl
        stored = (rules.weight_softening + score_of_way) * option.nearness
        return float((stored if rules.weight_power == 1.0 else stored**rules.weight_power) * score)
    weight = (rules.weight_softening + score) * option.nearness
    return float(weight if rules.weight_power == 1.0 else weight**rules.weight_power)


@inner_kernel
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
    left, share = total, 1.0 / total if total > 0.0 else 0.0
    for k in range(count):
        if total > 0.0:
            own = table[k].raw if table[k].raw >= least else 0.0
            table[k].conditional = min(own / left, 1.0) if left > 0.0 else 1.0
            left -= own
            table[k].cumulative = 1.0 - left * share
        else:
            table[k].conditional = 1.0 / (count - k)
            table[k].cumulative = (k + 1.0) / count
    if count > 0:
        table[count - 1].conditional = 1.0
        table[count - 1].cumulative = 1.0


@inner_kernel
def openness(given: Given, day: int, place: int, people: float) -> float:
    """Return by what the weight of a place is multiplied as it fills: 1 until nearly full, 0 when full."""
    capacity = given.place_day[day, place].capacity
    if capacity < 1.0:
        return 1.0
    nearly = given.rules.capacity_buffer * capacity
    if people <= nearly:
        return 1.0
    if people >= capacity:
        return 0.0
    return float(1.0 - (people - nearly) / (capacity * (1.0 - given.rules.capacity_buffer)))


@inner_kernel
def renew_openness(now: Now, place: int, given: Given, people: Member, scratch: Scratch) -> None:
    """Note how open a place is, after people have come or gone."""
    if given.place_day[now.day, place].capacity >= 1.0:
        renewed = openness(given, now.day, place, people.here[place] + scratch.coming[place])
        if renewed != scratch.openness[place]:
            scratch.openness[place] = renewed
            scratch.changes[0] += 1


@inner_kernel
def turns_away(now: Now, place: int, given: Given, scratch: Scratch) -> bool:
    """Say whether people on their way to a place give it up: it is a camp, and nearly full."""
    return bool(scratch.openness[place] < _FULL_BELOW and given.place_day[now.day, place].is_camp)


@inner_kernel
def room_until_full(now: Now, place: int, given: Given, people: Member, scratch: Scratch) -> int:
    """Return how many more people find a place open, before they are turned away."""
    capacity = given.place_day[now.day, place].capacity
    if capacity < 1.0:
        return _NO_LIMIT
    full_at = capacity * (1.0 + given.rules.capacity_buffer) / 2.0
    return int(full_at - people.here[place] - scratch.coming[place]) + 1


@inner_kernel
def room_left(now: Now, p: int, waiting: int, table: Records, given: Given, people: Member, scratch: Scratch) -> int:
    """Return how many of the people waiting in a place can choose at once, before a camp among the ends is full.

    As many as take half of the room in the fullest one by the chances of the table, so that they come nearer to it in
    ever smaller parties, and alone at last.
    """
    party = waiting
    if given.range[now.epoch, p].limited == 0:
        return party
    low, high = given.range[now.epoch, p].first, given.range[now.epoch, p].last
    for o in range(low, high):
        end = given.option[o].end
        capacity = given.place_day[now.day, end].capacity
        if capacity < 1.0 or scratch.openness[end] < _FULL_BELOW:
            continue
        full_at = capacity * (1.0 + given.rules.capacity_buffer) / 2.0
        room = full_at - people.here[end] - scratch.coming[end]
        if room < waiting:
            chance, before = 0.0, 0.0
            for k in range(high - low):
                if given.option[low + k].end == end:
                    chance += table[k].cumulative - before
                before = table[k].cumulative
            if room < waiting * chance:
                party = min(party, max(int(room / (2.0 * chance)), FEW))
    return party


@inner_kernel
def weigh_now(now: Now, c: int, p: int, given: Given, people: Member, scratch: Scratch) -> bool:
    """Weigh the options of a place anew where they depend on what has happened in the member; say whether they do.

    The result is in the row of ``scratch.weight`` behind the days of the block, and holds until some place is more or
    less open.
    """
    low, high = given.range[now.epoch, p].first, given.range[now.epoch, p].last
    by_residents = given.rules.weight_population_power != 0.0 and given.rules.takes_residents
    by_openness = not given.rules.fixed_routes and given.range[now.epoch, p].limited != 0
    if by_openness and not by_residents and scratch.weighed[c, p] // 2 == scratch.changes[0]:
        return bool(scratch.weighed[c, p] % 2)
    if by_openness:
        by_openness = False
        for o in range(low, high):
            by_openness = by_openness or scratch.openness[given.option[o].end] < 1.0
    scratch.weighed[c, p] = 2 * scratch.changes[0] + int(by_openness)
    if not (by_residents or by_openness):
        return False
    first = low - given.range[now.epoch, 0].first
    usual = scratch.weight[now.block_day, c, first : first + high - low]
    own = scratch.weight[scratch.weight.shape[0] - 1, c, first : first + high - low]
    for k in range(high - low):
        own[k].raw = usual[k].raw
        if by_residents:
            own[k].raw = _weight(given, now.day, c, low + k, people.residents[given.option[low + k].end])
    if by_openness and given.rules.weight_power == 1.0:
        for k in range(high - low):
            own[k].raw *= scratch.openness[given.option[low + k].end]
    elif by_openness:  # in a loop of its own: else powers are worked out where they are not asked for
        for k in range(high - low):
            own[k].raw *= scratch.openness[given.option[low + k].end] ** given.rules.weight_power
    _conclude(own, given.rules.pruning_threshold)
    return True


@inner_kernel
def table_of(now: Now, c: int, p: int, given: Given, people: Member, scratch: Scratch) -> tuple[int, int]:
    """Return the row of ``scratch.weight``, and the place in it, where the chances of a place's options begin."""
    row = scratch.weight.shape[0] - 1 if weigh_now(now, c, p, given, people, scratch) else now.block_day
    return row, given.range[now.epoch, p].first - given.range[now.epoch, 0].first


@inner_kernel
def choose(state: State, people: int, table: Records, taking: Ints) -> None:
    """Draw how many of ``people`` take each option: one by one for a few people, else option by option.

    Parameters
    ----------
    table : (options,) records
        Their chances.
    taking : (options,) ints
        Where the numbers are put.
    """
    last = taking.size - 1
    taking[:] = 0
    if people <= FEW:
        for _ in range(people):
            u = following(state)
            k = 0
            while u >= table[k].cumulative:
                k += 1
            taking[k] += 1
        return
    for k in range(last):
        taking[k] = binomial_of(state, people, table[k].conditional)
        people -= taking[k]
        if people == 0:
            return
    taking[last] = people

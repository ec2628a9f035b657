"""Towns for themselves: costs worked out by hand, fixed points, and what holds for every pair of regimes."""

from __future__ import annotations

import dataclasses
import itertools
import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from posada.model.comparison import MEASURES, CompareOptions, Measure, Standing, price
from posada.model.demand import DemandScenarios
from posada.plan.accounts import account_of
from posada.plan.alone import go_alone, turn_order
from posada.plan.filling import fill_places
from posada.plan.highs import violation
from posada.plan.objectives import build_model
from posada.plan.regimes import compare_regimes
from posada.plan.town_turn import take_turn
from tests.plan.corridors import EXACT, buses, corridor, problem, site, walk

FEW = settings(max_examples=6, deadline=None)
OPTIONS = CompareOptions()


def standing(demand: DemandScenarios, *, push=(), welcome=(), refuse=(), share=None, remote_km=0.0) -> Standing:
    """Return stances that hold on all days; a town that refuses opens nothing, the others what ``share`` says."""
    ids, days = demand.place_ids, len(demand.dates)

    def among(names):
        return np.array([[place in names for place in ids]] * days)

    opened = [0.0 if place in refuse else (share or {}).get(place, 1.0) for place in ids]
    pushing = among(push)
    return Standing(
        among(welcome), pushing | among(refuse), among(refuse), np.array([opened] * days), remote_km * pushing
    )


def both(demand, sites, fleets, stances, *, km=60.0, towns=3, options=EXACT):
    whole = problem(corridor(towns, km=km), demand, sites, fleets, options)
    return compare_regimes(whole, stances, OPTIONS)


def totals(regimes, measure):
    found = (regimes.alone_account.corridor(measure), regimes.coordinated_account.corridor(measure))
    return tuple(float(values[0]) for values in found)


def test_a_town_that_pushes_on_fills_its_neighbour_and_doubles_who_is_without_a_place():
    # 100 people, 100 places in t0, 20 in t1. Alone t0 carries all 100 to t1 on the first evening, a day before the
    # others would have come: 80 without a place there on two nights. With a plan nobody is moved early: 80 on one.
    demand = walk(corridor(3, km=60.0), [[100, 0, 0, 0]], 4)
    sites = [site("t0", 100), site("t1", 20), site("t2", 100)]
    fleet = [buses("t0", 9, 20, range_km=60.0)]
    stay = dataclasses.replace(EXACT, night_km=0.0)
    regimes = both(demand, sites, fleet, standing(demand, push=["t0"]), options=stay)
    assert totals(regimes, Measure.WITHOUT_PLACE) == pytest.approx((160, 80), abs=1e-2)
    assert regimes.alone_account.towns[MEASURES.index(Measure.LOAD), 0] == pytest.approx([0, 200, 200], abs=1e-2)
    assert regimes.alone.unsettled == ()
    paid = price(
        regimes.alone_account.corridor(Measure.WITHOUT_PLACE),
        regimes.coordinated_account.corridor(Measure.WITHOUT_PLACE),
        demand.weights,
    )
    assert (paid.of_means, paid.low, paid.high) == pytest.approx((2, 2, 2), rel=1e-3)


def test_only_a_corridor_that_coordinates_takes_people_back_to_places_for_the_night():
    # As before, but the 80 whom t1 cannot lodge may sleep in t0, where the 100 places of the last night are free: four
    # trips of the nine buses there. Alone t0 does not do that, for it would have 80 more people.
    demand = walk(corridor(3, km=60.0), [[100, 0, 0, 0]], 3)
    sites = [site("t0", 100), site("t1", 20), site("t2", 100)]
    regimes = both(demand, sites, [buses("t0", 9, 20, range_km=60.0)], standing(demand))
    assert totals(regimes, Measure.WITHOUT_PLACE) == pytest.approx((80, 0), abs=1e-2)
    load = [account.towns[MEASURES.index(Measure.LOAD), 0] for account in _accounts(regimes)]
    assert load[0] == pytest.approx([100, 100, 100], abs=1e-2)
    assert load[1] == pytest.approx([180, 20, 100], abs=1e-2)


def test_a_town_with_room_does_not_use_its_buses_for_the_sake_of_the_next():
    # t1 has no place. A plan carries all 100 from t0 past it; alone t0 gains nothing, and 100 sleep outside in t1.
    demand = walk(corridor(3, km=60.0), [[100, 0, 0, 0]], 3)
    regimes = both(demand, [site("t0", 100), site("t2", 100)], [buses("t0", 9, 20)], standing(demand))
    assert totals(regimes, Measure.WITHOUT_PLACE) == pytest.approx((100, 0), abs=1e-2)
    assert totals(regimes, Measure.SEATS) == pytest.approx((0, 100), abs=1e-2)
    assert math.isinf(
        price(*(account.corridor(Measure.WITHOUT_PLACE) for account in _accounts(regimes)), demand.weights).likely
    )


def _accounts(regimes):
    return regimes.alone_account, regimes.coordinated_account


def test_a_town_without_room_carries_on_only_those_whom_it_cannot_lodge():
    # 100 people, 60 places in t0: 40 are carried, by a town that tolerates; 1 bus × 40 seats × 1 trip of 120 km.
    demand = walk(corridor(3, km=60.0), [[100, 0, 0, 0]], 3)
    sites = [site("t0", 60), site("t1", 100), site("t2", 100)]
    regimes = both(demand, sites, [buses("t0", 5, 40)], standing(demand))
    alone = regimes.alone_account.towns[:, 0]
    assert alone[MEASURES.index(Measure.SEATS)] == pytest.approx([40, 0, 0], abs=1e-2)
    assert alone[MEASURES.index(Measure.LOAD)] == pytest.approx([60, 140, 100], abs=1e-2)
    # 60 places in use cost 60, the site 100, one trip of 2 × 60 km at 1.5 another 180.
    assert alone[MEASURES.index(Measure.COST), 0] == pytest.approx(60 + 100 + 180, abs=1e-1)


def test_a_town_that_welcomes_people_spares_them_the_way():
    # A bus of 8 seats makes five trips of 2 h a day: 40 people ride on the first evening and 40 on the morning after.
    demand = walk(corridor(2, km=60.0), [[100, 0, 0, 0]], 2)
    sites = [site("t0", 100), site("t1", 100)]
    fleet = [buses("t0", 1, 8)]
    welcoming = both(demand, sites, fleet, standing(demand, welcome=["t0"]), towns=2)
    tolerating = both(demand, sites, fleet, standing(demand), towns=2)
    assert totals(tolerating, Measure.ON_FOOT)[0] == pytest.approx(100 * 60)
    assert totals(welcoming, Measure.ON_FOOT) == pytest.approx((20 * 60, 20 * 60), rel=1e-3)


def test_a_refusal_opens_nothing_and_nobody_is_set_down_there():
    # t1 refuses: its 50 places stay shut, and t0, which pushes on, carries people past it to t2.
    demand = walk(corridor(3, km=60.0), [[100, 0, 0, 0]], 3)
    sites = [site("t0", 100), site("t1", 50), site("t2", 100)]
    by_foot = both(demand, sites, [], standing(demand, refuse=["t1"]))
    assert totals(by_foot, Measure.WITHOUT_PLACE) == pytest.approx((100, 50), rel=1e-4)
    near = both(demand, sites, [buses("t0", 9, 20, range_km=60.0)], standing(demand, push=["t0"], refuse=["t1"]))
    assert totals(near, Measure.SEATS)[0] == pytest.approx(0, abs=1e-3)
    far = both(demand, sites, [buses("t0", 9, 20)], standing(demand, push=["t0"], refuse=["t1"]))
    assert far.alone_account.towns[MEASURES.index(Measure.LOAD), 0] == pytest.approx([0, 0, 300], abs=1e-2)


def test_a_town_that_opens_a_part_and_far_out_leaves_people_without_a_place_and_on_foot():
    # 100 people and places. Of 80 % open places 80 are used, each at 4 km a night; the leg is 60 km for 100 people.
    demand = walk(corridor(2, km=60.0), [[100, 0, 0, 0]], 2)
    stances = standing(demand, push=["t0"], share={"t0": 0.8}, remote_km=4.0)
    regimes = both(demand, [site("t0", 100), site("t1", 100)], [], stances, towns=2)
    assert totals(regimes, Measure.WITHOUT_PLACE) == pytest.approx((20, 0), abs=1e-3)
    assert totals(regimes, Measure.ON_FOOT) == pytest.approx((6000 + 320, 6000), rel=1e-4)


def test_where_nothing_can_be_done_both_regimes_are_alike_and_without_people_there_is_no_price():
    demand = walk(corridor(3, km=60.0), [[100, 0, 0, 0]], 3)
    assert totals(both(demand, [], [], standing(demand)), Measure.WITHOUT_PLACE) == (300, 300)
    nobody = walk(corridor(3, km=60.0), [[0, 0, 0, 0]], 3)
    regimes = both(nobody, [site("t0", 10)], [buses("t0", 2, 10)], standing(nobody, push=["t0"]))
    paid = price(*(account.corridor(Measure.WITHOUT_PLACE) for account in _accounts(regimes)), nobody.weights)
    assert math.isnan(paid.of_means)
    assert math.isnan(paid.likely)
    assert paid.none_share == 1


def test_a_price_says_only_alone_and_none_in_either_instead_of_dividing_by_nothing():
    alone, together = np.array([0.0, 30.0, 20.0, 10.0]), np.array([0.0, 10.0, 10.0, 0.0])
    paid = price(alone, together, np.full(4, 0.25))
    assert paid.of_means == 3
    assert (paid.low, paid.likely, paid.high) == (2, 3, math.inf)
    assert paid.none_share == 0.25


def drawn(seed: int, names=("t0", "t1", "t2", "t3")):
    """Return a problem of four towns and two fleets with numbers that are unlikely to be equal, and stances."""
    rng = np.random.default_rng(seed)
    scenario = corridor(4, names=list(names))
    people = (rng.integers(1, 40, (2, 4)) * np.array([1, 2, 0, 0])).tolist()
    demand = walk(scenario, people, 5, weights=[0.3, 0.7], nights=int(rng.integers(1, 3)))
    sites = [site(name, int(places)) for name, places in zip(names, rng.integers(0, 60, 4), strict=True)]
    fleet = [
        buses(names[0], int(rng.integers(1, 3)), int(rng.integers(5, 20)), range_km=70.0, id="first"),
        buses(names[1], int(rng.integers(1, 3)), int(rng.integers(5, 20)), id="second"),
    ]
    kinds = rng.integers(0, 4, 4)
    stances = standing(
        demand,
        push=[name for name, kind in zip(names, kinds, strict=True) if kind == 1],
        refuse=[name for name, kind in zip(names, kinds, strict=True) if kind == 2],
        welcome=[name for name, kind in zip(names, kinds, strict=True) if kind == 3],
        share={names[0]: 0.8},
    )
    return problem(scenario, demand, sites, fleet, dataclasses.replace(EXACT, near_days=2)), stances


@given(seed=st.integers(0, 2**20))
@FEW
def test_a_plan_is_never_worse_than_towns_alone_in_its_first_priority(seed):
    whole, stances = drawn(seed)
    regimes = compare_regimes(whole, stances, OPTIONS)
    alone, together = (whole.demand.weights @ row.corridor(Measure.WITHOUT_PLACE) for row in _accounts(regimes))
    assert together <= alone + 1e-3
    assert violation(regimes.model.matrix, regimes.alone.x) <= 1e-4
    nights = whole.demand.weights @ whole.demand.people.sum(axis=(1, 2, 3))
    for account in _accounts(regimes):  # people are conserved: without nights on the road everybody is in some town
        assert whole.demand.weights @ account.corridor(Measure.LOAD) == pytest.approx(nights, rel=1e-4)


@given(seed=st.integers(0, 2**20))
@FEW
def test_other_names_of_towns_change_no_town_alone(seed):
    first, stances = drawn(seed)
    other, renamed = drawn(seed, names=("zeta", "beta", "omega", "alpha"))
    one, two = (
        account_of(model, go_alone(model, how, OPTIONS).x, how)
        for model, how in ((build_model(first), stances), (build_model(other), renamed))
    )
    for measure in (Measure.WITHOUT_PLACE, Measure.LOAD, Measure.SEATS):
        assert one.corridor(measure) == pytest.approx(two.corridor(measure), rel=1e-3, abs=0.05)


@given(seed=st.integers(0, 2**20))
@FEW
def test_no_town_gains_by_a_change_at_the_fixed_point(seed):
    whole, stances = drawn(seed)
    model = build_model(whole)
    alone = go_alone(model, stances, OPTIONS)
    assume(alone.unsettled == ())
    x, order = fill_places(model, alone.x, stances.places_share), turn_order(whole)
    for number, town in enumerate(order):
        turn = take_turn(model, x, town, stances, before=order[:number], seconds=20.0, gain_share=0.01)
        assert not turn.gains


def test_a_town_that_still_changes_in_the_last_round_is_named():
    """t0 pushes on and changes in the first round; with no second one nobody knows whether it would again."""
    demand = walk(corridor(3, km=60.0), [[100, 0, 0, 0]], 4)
    sites = [site("t0", 100), site("t1", 20), site("t2", 100)]
    whole = problem(corridor(3, km=60.0), demand, sites, [buses("t0", 9, 20, range_km=60.0)])
    stances = standing(demand, push=["t0"])
    once = dataclasses.replace(OPTIONS, most_turns=1)
    assert go_alone(build_model(whole), stances, once).unsettled == ("t0",)
    assert go_alone(build_model(whole), stances, OPTIONS).unsettled == ()


@pytest.mark.parametrize(("people", "seats", "second"), [(3, 1, 1), (4, 2, 1), (4, 1, 3), (5, 2, 2)])
def test_no_other_way_to_send_people_on_gives_a_town_a_smaller_load(people, seats, second):
    # Two towns that push on, one trip a day each (10 h there and back), and people who rest two nights in each town.
    # Written without anything of the planner: all numbers of riders of a town on each evening, the other's held.
    demand = walk(corridor(3, km=300.0), [[people, 0, 0, 0]], 6, nights=2)
    fleet = [buses("t0", 1, seats), buses("t1", 1, second)]
    stances = standing(demand, push=["t0", "t1"])
    whole = problem(corridor(3, km=300.0), demand, [site(f"t{n}", 2) for n in range(3)], fleet)
    model = build_model(whole)
    alone = go_alone(model, stances, OPTIONS)
    assert alone.proven
    held, arcs = model.held.rides, whole.arcs
    rides = np.zeros((2, 6))
    np.add.at(rides, (arcs.origin[held.at[2]], held.at[1]), alone.x[held.column])
    found = [_load(town, people, tuple(rides[0]), tuple(rides[1])) for town in (0, 1)]
    capacity = {0: seats, 1: second}
    for town in (0, 1):
        least = math.inf
        for evenings in itertools.product(range(people + 1), repeat=4):
            riders = (*evenings, 0, 0)
            if max(riders) > capacity[town]:
                continue
            pair = (riders, tuple(rides[1])) if town == 0 else (tuple(rides[0]), riders)
            load = _load(town, people, *pair)
            least = min(least, math.inf if load is None else load)
        assert found[town] == pytest.approx(least, abs=1e-2)


def _load(town, people, first, second):
    """Return the person-nights of a town, or nothing when more ride than are there.

    The group is in t0 on the nights of days 0 and 1, in t1 on 2 and 3, in t2 from 4 on. Riders of t0 wait in t1 for the
    group; riders of t1 wait in t2. Nobody rides in the morning: whoever sets out then is no load any more.
    """
    in_first, waiting, in_second, nights = float(people), 0.0, 0.0, [0.0, 0.0]
    for day in range(6):
        if day == 2:
            in_second, in_first = in_first + waiting, 0.0
            waiting = 0.0
        if day == 4:
            in_second = 0.0
        there = waiting if day < 2 else in_second
        if second[day] > there + 1e-6 or first[day] > in_first + 1e-6:
            return None
        if day < 2:
            waiting -= second[day]
        else:
            in_second -= second[day]
        if day < 2:
            in_first -= first[day]
            waiting += first[day]
        nights[0] += in_first
        nights[1] += waiting + in_second
    return nights[town]

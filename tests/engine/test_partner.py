"""The engine against a simulation of single people, written apart from it in plain Python.

Everybody in the partner is one entry of a list, and walks through six days by coin tosses of their own. The
engine draws counts. Sums over all people must agree in mean and variance; the spread over towns need not: the
engine draws how many people alone take a way and samples systematically from where (see the kernels).
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.engine.worlds import group, line, transition

PEOPLE, DAYS = 200, 6
ENGINE_MEMBERS, PARTNER_MEMBERS = 4000, 1000

RETURN_CHANCE = 0.05
PERMITS_A_DAY = 15
LAPSE_CHANCE = 0.1
LEAVES_AT_HALT, LEAVES_ON_ROAD, LEAVES_AT_OFFER, LEAVES_WITH_PERMIT = 0.10, 0.04, 0.15, 0.2

TRAVELLING, PERMIT, GONE = range(3)
STATUS = ("travelling", "permit", "gone")


def _walk_one_member(toss):
    """Return people per status, people in the group, and people in Birch, for every day, of one member.

    Alder on day 0, Birch from day 1 on. Evenings: 15 people who travel get permits in Birch; of the others who
    travel some are returned; permits lapse; nobody passes two of these. Then people may leave the group.
    """
    status = [TRAVELLING] * PEOPLE
    in_group = [True] * PEOPLE
    books = []
    for number in range(DAYS):
        was = list(status)
        # The queue is served first, by people in a random order; then the hazards meet who is left.
        waiting = [i for i in range(PEOPLE) if was[i] == TRAVELLING] if number >= 1 else []
        chosen = set(toss.permutation(waiting)[:PERMITS_A_DAY].tolist()) if waiting else set()
        for i in range(PEOPLE):
            if i in chosen:
                status[i] = PERMIT
            elif was[i] == TRAVELLING:
                status[i] = GONE if toss.random() < RETURN_CHANCE else TRAVELLING
            elif was[i] == PERMIT:
                status[i] = GONE if toss.random() < LAPSE_CHANCE else PERMIT
        offered = number >= 1 and any(in_group[i] and status[i] == TRAVELLING for i in range(PEOPLE))
        for i in range(PEOPLE):
            in_group[i] = in_group[i] and status[i] != GONE
            if number >= 1 and in_group[i]:
                stays = 1 - (LEAVES_ON_ROAD if number == 1 else LEAVES_AT_HALT)
                stays *= 1 - LEAVES_AT_OFFER if offered else 1
                stays *= 1 - LEAVES_WITH_PERMIT if status[i] == PERMIT else 1
                in_group[i] = toss.random() < stays
        counts = [status.count(s) for s in (TRAVELLING, PERMIT, GONE)]
        books.append([*counts, sum(in_group), (PEOPLE - counts[GONE]) * (number >= 1)])
    return books


@pytest.fixture(scope="module")
def partner():
    toss = np.random.default_rng(20300301)
    return np.array([_walk_one_member(toss) for _ in range(PARTNER_MEMBERS)], float)


@pytest.fixture(scope="module")
def engine(play):
    rates = {
        "leave_rate_at_halt_per_day": LEAVES_AT_HALT,
        "leave_rate_on_road_per_day": LEAVES_ON_ROAD,
        "leave_rate_at_offer_per_day": LEAVES_AT_OFFER,
        "permitted_departure_rate_per_day": LEAVES_WITH_PERMIT,
    }
    procedure = (
        transition("travelling", "permit", "capacity_per_day", float(PERMITS_A_DAY), where="birch"),
        transition("travelling", "gone", "hazard_per_day", RETURN_CHANCE),
        transition("permit", "gone", "hazard_per_day", LAPSE_CHANCE),
    )
    world = line(25, days=DAYS, rates=rates, procedure=procedure, groups=(group(PEOPLE, "birch"),))
    run = play(world, members=ENGINE_MEMBERS, seed=12)
    status = [run.current[:, :, run.status_ids.index(name)] for name in STATUS]
    return np.stack([*status, run.together, run.people[:, :, run.place_index("birch")]], axis=2).astype(float)


def test_the_means_are_those_of_single_people(engine, partner):
    """4.5 standard errors of the difference; 30 numbers, so a right engine fails about once in 5,000 seeds."""
    error = np.sqrt(engine.var(axis=0) / ENGINE_MEMBERS + partner.var(axis=0) / PARTNER_MEMBERS)
    difference = np.abs(engine.mean(axis=0) - partner.mean(axis=0))
    assert (difference <= 4.5 * error + 1e-9).all(), difference / np.maximum(error, 1e-9)


def test_the_variances_are_those_of_single_people(engine, partner):
    """The standard error of a variance over 1,000 members is about sqrt(2/1000 + 2/4000) = 5 %; 22 % are 4.5 of them.

    Who of those in the queue are in the group is sampled systematically, which takes a little spread out of
    the people in the group: 25 % there.
    """
    one, other = engine.var(axis=0), partner.var(axis=0)
    moving = other > 0
    assert (one[~moving] == 0).all()
    ratio = np.divide(one, other, out=np.ones_like(one), where=moving)
    assert (np.abs(ratio[:, [0, 1, 2, 4]] - 1) < 0.22).all(), ratio
    assert (np.abs(ratio[:, 3] - 1) < 0.25).all(), ratio[:, 3]


def test_the_partner_counts_everybody(partner):
    np.testing.assert_array_equal(partner[:, :, :3].sum(axis=2), PEOPLE)
    assert partner[:, 0, 3].mean() < PEOPLE


def test_the_first_evening_is_binomial_in_both(engine, partner):
    """Returns on day 0 are Binomial(200, 0.05): mean 10, variance 9.5."""
    for books, members in ((engine, ENGINE_MEMBERS), (partner, PARTNER_MEMBERS)):
        assert books[:, 0, GONE].mean() == pytest.approx(10, abs=4 * np.sqrt(9.5 / members))
        assert books[:, 0, GONE].var() == pytest.approx(9.5, rel=4 * np.sqrt(2 / members) + 0.02)

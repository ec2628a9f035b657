"""What is sampled of people: distributions against SciPy, sampling and rounding without loss.

All seeds are fixed, so a test either always passes or always fails. Each p-value must exceed 1e-4: a right
sampler, tried with a fresh seed, would fail one such test in ten thousand.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy import stats

from posada.engine.binomials import binomial, binomial_and_offsets, binomial_at, exact_quantile
from posada.engine.dispersal.rejection import log_mass_about, relative_mass
from posada.engine.draws import (
    DECISION,
    entity_key,
    mixed,
    rounded,
)
from posada.engine.people import (
    At,
    add_taken,
    line_up,
    move_class,
    move_row,
    new_line,
    share_out,
    spread_over_classes,
    step_out,
    take_from,
    taken_by_now,
)
from posada.engine.together import TOGETHER, ask, draw_together, new_draws
from posada.model.journeys import NEED_CLASSES

LEAST_P = 1e-4
DRAWS = 20_000


CASES = [
    (1, 0.3),
    (9, 0.5),
    (30, 0.1),
    (30, 0.9),
    (20, 0.5),  # mean 10: the first case of a normal number
    (19, 0.5),  # mean 9.5: the last of inversion
    (100, 0.05),
    (100, 0.5),
    (1000, 0.002),
    (1000, 0.011),
    (1000, 0.4),
    (1000, 0.97),
    (1_200_000, 3e-6),
    (1_200_000, 0.25),
    (1_200_000, 0.9999),
]


@pytest.mark.parametrize(("people", "chance"), CASES)
def test_the_binomial_sampler_draws_from_the_binomial_distribution(people, chance):
    """Chi-square over up to 40 cells of about equal chance, from SciPy's distribution."""
    key = mixed(people, round(chance * 1e6))
    drawn = np.array([binomial(people, chance, 11, m, DECISION.hazard, 3, key) for m in range(DRAWS)])
    assert drawn.min() >= 0
    assert drawn.max() <= people
    law = stats.binom(people, chance)
    edges = np.unique(law.ppf(np.linspace(0, 1, 41)[1:-1]))
    expected = np.diff(law.cdf(edges), prepend=0, append=1)
    # Cell i holds what lies above edge i - 1 and up to edge i.
    observed = np.bincount(np.searchsorted(edges, drawn), minlength=expected.size)
    enough = expected * DRAWS >= 5
    observed = np.append(observed[enough], observed[~enough].sum())
    expected = np.append(expected[enough], expected[~enough].sum())
    keep = expected > 0
    assert observed[~keep].sum() == 0
    assert stats.chisquare(observed[keep], expected[keep] * DRAWS).pvalue > LEAST_P


@pytest.mark.parametrize(
    ("people", "chance"),
    [(400, 0.5), (3000, 0.03), (20_000, 0.3), (1_200_000, 1e-4), (1_200_000, 0.5), (40_000_000, 0.002)],
)
def test_the_mass_that_is_not_worked_out_is_inside_its_bounds(people, chance):
    """From 21 away from the likeliest number to where the bounds end, against SciPy's distribution."""
    law, variance, mode = stats.binom(people, chance), people * chance * (1 - chance), int((people + 1) * chance)
    end = int(np.ceil(variance / 2 - 1))
    assert end > 30
    for away in np.unique(np.geomspace(21, end - 1, 60).astype(int)):
        about, error = log_mass_about(float(away), variance)
        for tried in (mode - away, mode + away):
            if 0 <= tried <= people:
                exact = law.logpmf(tried) - law.logpmf(mode)
                assert abs(exact - about) <= error + 1e-6, away
                assert relative_mass(people, chance, tried) == pytest.approx(np.exp(exact), rel=1e-5, abs=1e-300)


@pytest.mark.parametrize(
    ("people", "chance", "drawn"),
    [(0, 0.5, 0), (100, 0.0, 0), (100, 1.0, 100), (9, 1.7, 9), (9, -0.1, 0), (9, float("nan"), 0), (-3, 0.5, 0)],
)
def test_the_binomial_sampler_at_its_bounds(people, chance, drawn):
    assert binomial(people, chance, 1, 1, 1, 1, 1) == drawn


@given(st.integers(0, 2_000_000), st.floats(0, 1), st.integers(0, 1000))
def test_no_more_people_are_drawn_than_there_are(people, chance, member):
    assert 0 <= binomial(people, chance, 1, member, 30, 4, 99) <= people


def test_the_classes_of_a_group_are_multinomial():
    """Pearson's statistic of a multinomial, summed over 4,000 members, is chi-square with 5 x 4,000 degrees."""
    share = np.array([0.4, 0.25, 0.2, 0.1, 0.04, 0.01])
    people, members = 1200, 4000
    drawn = np.zeros((members, 1, share.size), np.int32)
    for m in range(members):
        at = At(0, 0, 0, 0, 3, m, mixed(entity_key("main"), 1))
        spread_over_classes(at, people, share, drawn[m], 0, DECISION.group_class)
    drawn = drawn[:, 0]
    np.testing.assert_array_equal(drawn.sum(axis=1), people)
    expected = people * share
    statistic = ((drawn - expected) ** 2 / expected).sum()
    assert 2 * min(stats.chi2.cdf(statistic, 5 * members), stats.chi2.sf(statistic, 5 * members)) > LEAST_P
    covariance = np.cov(drawn.T, bias=True) / people
    exact = np.diag(share) - np.outer(share, share)
    # Each entry is a mean of 4,000 products; the widest has a standard error of about 0.0055.
    np.testing.assert_allclose(covariance, exact, atol=0.025)


@pytest.mark.parametrize("missing", range(len(NEED_CLASSES)))
def test_a_class_without_a_share_gets_nobody(missing):
    share = np.full(len(NEED_CLASSES), 0.2)
    share[missing] = 0.0
    for m in range(50):
        target = np.zeros((1, share.size), np.int32)
        spread_over_classes(At(0, 0, 0, 0, 3, m, 5), 1000, share, target, 0, DECISION.group_class)
        assert target[0, missing] == 0
        assert target.sum() == 1000


@given(st.integers(0, 2_000_000), st.lists(st.floats(0, 1), min_size=6, max_size=6), st.floats(0, 1 - 2**-53))
@example(3, [0.0, 0.0, 1.0, 0.0, 0.0, 0.0], 1 - 2**-53)
def test_people_who_join_are_shared_out_over_classes_each_to_a_neighbour(people, weights, u):
    if sum(weights) < 0.1:
        return
    share = np.array(weights) / sum(weights)
    target = np.zeros((1, share.size), np.int32)
    share_out(people, share, u, target, 0)
    assert target.sum() == people
    assert target.min() >= 0
    assert (target[0][share == 0] == 0).all()
    assert (np.abs(target[0] - share * people) < 1 + 1e-6).all()


CELLS = st.lists(st.integers(0, 400_000), min_size=1, max_size=12)
NEAR_ONE = 1 - 2**-53


@given(CELLS, st.floats(0, 1), st.floats(0, NEAR_ONE))
@example([1_000_000, 5], 1.0, NEAR_ONE)
@example([1_000_000, 5], 0.999999, NEAR_ONE)
@example([0, 3, 0], 0.5, 0.5)
def test_a_systematic_sample_is_exact_in_sum_and_takes_no_more_than_there_is(cells, share, u):
    people = sum(cells)
    wanted = min(int(share * people), people)
    if people == 0:
        return
    seen, taken = 0, 0
    for cell in cells:
        seen += cell
        now = taken_by_now(seen, people, wanted / people, u, wanted) - taken
        assert 0 <= now <= cell
        assert abs(now - cell * wanted / people) < 1 + 1e-6, "each cell gives its share, rounded to a neighbour"
        taken += now
    assert taken == wanted


@given(st.lists(st.integers(0, 50), min_size=2, max_size=6), st.floats(0, 1))
def test_a_systematic_sample_is_unbiased(cells, share):
    """Over all values of ``u`` each cell gives its exact share; 500 equally spaced ones are off by 1/500 at most."""
    people = sum(cells)
    wanted = int(share * people)
    if people == 0:
        return
    grid = (np.arange(500) + 0.5) / 500
    taken = np.zeros(len(cells))
    for u in grid:
        before = 0
        for index, seen in enumerate(np.cumsum(cells)):
            now = taken_by_now(int(seen), people, wanted / people, u, wanted)
            taken[index] += now - before
            before = now
    np.testing.assert_allclose(taken / 500, np.array(cells) * wanted / people, atol=2 / 500 + 1e-9)


TABLES = st.lists(st.lists(st.integers(0, 3000), min_size=6, max_size=6), min_size=2, max_size=5)


@given(TABLES, st.integers(0, 20_000), st.floats(0, NEAR_ONE), st.integers(0, 5), st.booleans())
def test_moving_people_between_tables_loses_nobody(rows, count, u, index, by_row):
    source = np.array(rows, np.int32)
    target = np.ones_like(source)
    before, there = source.copy(), target.copy()
    if by_row:
        index %= len(rows)
        move_row(source, target, index, count, u)
        touched = np.zeros_like(source, bool)
        touched[index] = True
    else:
        move_class(source, target, index, count, u)
        touched = np.zeros_like(source, bool)
        touched[:, index] = True
    np.testing.assert_array_equal(source + target, before + there)
    assert source.min() >= 0
    np.testing.assert_array_equal(source[~touched], before[~touched])
    assert (before - source).sum() == min(count, before[touched].sum())


@given(st.floats(0, 1e6), st.floats(0, NEAR_ONE))
def test_random_rounding_gives_a_neighbour(value, u):
    assert rounded(value, u) in (np.floor(value), np.floor(value) + 1)
    assert rounded(np.floor(value), u) == np.floor(value)


def test_random_rounding_keeps_the_mean():
    grid = (np.arange(1000) + 0.5) / 1000
    assert np.mean([rounded(3.141, u) for u in grid]) == pytest.approx(3.141, abs=1e-9)


@pytest.mark.parametrize(
    ("people", "chance"), [(30, 0.1), (30, 0.9), (1000, 0.3), (100_000, 0.02), (100_000, 0.98), (50, 1.0), (0, 0.5)]
)
def test_members_who_are_drawn_for_together_get_their_own_draws(people, chance):
    """Few, many, all and nobody, and members that ask for something else between them; 19 times sixteen members."""
    names, key = (DECISION.hazard, 40), entity_key("transition")
    draws = new_draws()
    for first in range(0, 304, TOGETHER):
        asked = [(people, chance) if b % 5 else (3 * b, 0.2) for b in range(TOGETHER)]
        for b, (many, share) in enumerate(asked):
            ask(b, many, share, draws)
        draw_together(7, first, TOGETHER, *names, key, draws)
        for b, (many, share) in enumerate(asked):
            drawn = binomial_and_offsets(many, share, 7, first + b, *names, key)
            assert draws.taking[b] == drawn[0]
            assert drawn[0] in (0, many) or (draws.one[b], draws.other[b]) == drawn[1:]


NEAR_AND_FAR = np.concatenate([np.linspace(-5.5, 5.5, 221), [-8.0, 8.0]])


@pytest.mark.parametrize(
    ("people", "chance"),
    [(20, 0.5), (25, 0.4), (100, 0.1), (400, 0.03), (6_155_145, 1.7e-6), (1000, 0.3), (1_200_000, 1e-4)],
)
def test_what_a_normal_number_stands_for_is_the_quantile_of_the_binomial_law(people, chance):
    """Against SciPy's distribution, each tail from its own side; also from a number that is not it."""
    law = stats.binom(people, chance)
    for z in NEAR_AND_FAR:
        k = binomial_at(float(people), chance, z)
        one_tail = stats.norm.sf(abs(z))
        if z < 0:
            assert law.cdf(k - 1) < one_tail * (1 + 1e-9)
            assert law.cdf(k) >= one_tail * (1 - 1e-9)
        else:
            assert law.sf(k) <= one_tail * (1 + 1e-9)
            assert law.sf(k - 1) > one_tail * (1 - 1e-9) or k == 0
        for begin in (max(k - 2, 0), min(k + 2, people)):
            assert exact_quantile(float(people), chance, z, float(begin)) == k


@given(
    st.lists(st.tuples(st.integers(0, 50), st.booleans()), min_size=1, max_size=12),
    st.floats(0, 1),
    st.floats(0, 0.999),
)
@example([(5, True), (0, True), (7, True)], 1.0, 0.5)
@example([(5, True), (9, False), (7, True)], 0.5, 0.5)
def test_a_line_gives_what_a_sample_place_by_place_gives(towns, share, u):
    """In all places or some: who is taken is moved, town by town as :func:`taken_by_now` says; nobody else is."""
    people = np.array([here for here, _ in towns], np.int32)
    places = np.array([p for p, (_, is_open) in enumerate(towns) if is_open], np.int64)
    line, target = new_line(people.size), np.zeros(people.size, np.int32)
    everybody = line_up(people, places, line)
    assert everybody == people[places].sum()
    wanted = round(share * everybody)
    if wanted == 0:
        return
    upto = [taken_by_now(int(seen), everybody, wanted / everybody, u, wanted) for seen in np.cumsum(people[places])]
    expected = np.zeros(people.size, int)
    expected[places] = np.diff(upto, prepend=0)
    before = people.copy()
    take_from(places.size, everybody, wanted / everybody, u, wanted, line)
    add_taken(target, places, line)
    step_out(people, places, line)
    np.testing.assert_array_equal(target, expected)
    np.testing.assert_array_equal(people, before - expected)

"""The generator of random numbers: published vectors, a partner in whole numbers, uniform and independent draws.

All seeds are fixed, so a test either always passes or always fails. Each p-value must exceed 1e-4: a right
generator, tried with a fresh seed, would fail one such test in ten thousand.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from posada.engine.binomials import binomial, binomial_and_offsets
from posada.engine.draws import (
    DECISION,
    Decisions,
    block,
    entity_key,
    mixed,
    place_uniforms,
    three_uniforms,
    two_uniforms,
    uniform,
)

LEAST_P = 1e-4
DRAWS = 20_000


def _philox(counter, key):
    """Philox 4x32-10 in whole numbers, written from the paper: the partner of the compiled one."""
    c, k = list(counter), list(key)
    for _ in range(10):
        high0, low0 = divmod(0xD2511F53 * c[0], 2**32)
        high1, low1 = divmod(0xCD9E8D57 * c[2], 2**32)
        c = [high1 ^ c[1] ^ k[0], low1, high0 ^ c[3] ^ k[1], low0]
        k = [(k[0] + 0x9E3779B9) % 2**32, (k[1] + 0xBB67AE85) % 2**32]
    return c


PUBLISHED = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]
"""Known answers of the authors of Philox: counter, key, result."""


@pytest.mark.parametrize(("counter", "key", "words"), PUBLISHED)
def test_the_generator_gives_the_published_answers(counter, key, words):
    assert tuple(_philox(counter, key)) == words
    member, day_and_index, entity, decision = counter
    seed = key[0] + (key[1] << 32)
    seed -= 2**64 if seed >= 2**63 else 0
    names = (seed, member, decision, day_and_index >> 16, entity)
    fraction = (words[0] << 20 ^ words[1] >> 12) + 0.5
    assert uniform(*names, day_and_index & 0xFFFF) == fraction / 2**52
    if day_and_index & 0xFFFF == 0:
        np.testing.assert_allclose(three_uniforms(*names), [(word + 0.5) / 2**32 for word in words[:3]])


@given(
    st.integers(0, 2**63 - 1),
    st.integers(0, 2**32 - 1),
    st.integers(1, 40),
    st.integers(0, 5000),
    st.integers(0, 2**32 - 1),
    st.integers(0, 2**16 - 1),
)
def test_the_compiled_generator_equals_its_partner(seed, member, decision, day, entity, index):
    words = _philox((member, (day << 16) + index, entity, decision), (seed % 2**32, seed >> 32))
    value = uniform(seed, member, decision, day, entity, index)
    assert value == ((words[0] << 20 ^ words[1] >> 12) + 0.5) / 2**52
    assert 0 < value < 1


def _series(names):
    return np.array([uniform(*name) for name in names])


SERIES = {
    "members": [(0, m, 3, 5, 77, 0) for m in range(DRAWS)],
    "days": [(0, 9, 3, d, 77, 0) for d in range(DRAWS)],
    "entities": [(0, 9, 3, 5, e, 0) for e in range(DRAWS)],
    "index": [(0, 9, 3, 5, 77, i) for i in range(DRAWS)],
    "seeds": [(s, 9, 3, 5, 77, 0) for s in range(DRAWS)],
    "towns": [(0, 9, 3, 5, entity_key(f"town-{e}"), 0) for e in range(DRAWS)],
    "pairs": [(0, 9, 3, 5, mixed(entity_key("main"), e), 0) for e in range(DRAWS)],
}


@pytest.mark.parametrize("along", SERIES)
def test_draws_are_uniform_and_neighbours_are_independent(along):
    drawn = _series(SERIES[along])
    assert stats.kstest(drawn, "uniform").pvalue > LEAST_P
    assert stats.pearsonr(drawn[:-1], drawn[1:]).pvalue > LEAST_P
    table = np.histogram2d(drawn[:-1], drawn[1:], bins=16, range=[[0, 1], [0, 1]])[0]
    assert stats.chi2_contingency(table).pvalue > LEAST_P


TOGETHER = {
    "two": lambda m: two_uniforms(0, m, 27, 4, 77),
    "three": lambda m: three_uniforms(0, m, 27, 4, 77),
    "a town, by members": lambda m: place_uniforms(block(0, m, 27, 4), entity_key("birch")),
    "a member, by towns": lambda e: place_uniforms(block(0, 9, 27, 4), entity_key(f"town-{e}")),
    "a queue, by members": lambda m: place_uniforms(block(0, m, 28, 4, 77), entity_key("birch")),
    "neighbours in number": lambda e: place_uniforms(block(0, 9, 27, 4), e),
    "offsets of few": lambda m: binomial_and_offsets(100, 0.02, 0, m, 27, 4, 77)[1:],
    "offsets of many": lambda m: binomial_and_offsets(100_000, 0.02, 0, m, 27, 4, 77)[1:],
}


@pytest.mark.parametrize("kind", TOGETHER)
def test_numbers_drawn_together_are_uniform_and_independent(kind):
    drawn = np.array([TOGETHER[kind](number) for number in range(DRAWS)])
    columns = [*drawn.T, drawn[:-1, 0], drawn[1:, 0]]  # the last two: of one draw, and of the one after it
    for column in columns:
        assert stats.kstest(column, "uniform").pvalue > LEAST_P
    pairs = [(one, other) for one in range(drawn.shape[1]) for other in range(one)]
    for one, other in (*pairs, (len(columns) - 2, len(columns) - 1)):
        assert stats.pearsonr(columns[one], columns[other]).pvalue > LEAST_P
        table = np.histogram2d(columns[one], columns[other], bins=16, range=[[0, 1], [0, 1]])[0]
        assert stats.chi2_contingency(table).pvalue > LEAST_P


@pytest.mark.parametrize("people", [40, 100_000])
def test_offsets_do_not_depend_on_how_many_are_drawn(people):
    """Both samplers: a mean of 4 by inversion, of 10,000 by rejection."""
    drawn = np.array([binomial_and_offsets(people, 0.1, 0, m, 27, 4, 77) for m in range(DRAWS)])
    for column in (1, 2):
        assert stats.pearsonr(drawn[:, 0], drawn[:, column]).pvalue > LEAST_P
        many = drawn[:, 0] > np.median(drawn[:, 0])
        assert stats.ks_2samp(drawn[many, column], drawn[~many, column]).pvalue > LEAST_P
    assert all(binomial(people, 0.1, 0, m, 27, 4, 77) == drawn[m, 0] for m in range(50))


def test_decisions_have_numbers_of_their_own():
    assert len(set(DECISION)) == len(Decisions._fields)

"""Sequences of draws for one place on one day, and the exact samplers that take from them.

A sequence is named by (seed, member, decision, day, entity), as every draw of :mod:`posada.engine.draws`: its
start is 64 bits of the counter-based generator, and it continues by SplitMix64 (G. L. Steele, D. Lea et al.,
"Fast splittable pseudorandom number generators", OOPSLA 2014, doi:10.1145/2660193.2660195) at a tenth of the
price. What happens in one place on one day takes from its own sequence only, so that a change elsewhere, or on a
later day, leaves it as it was.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from posada.engine.binomials import INVERSION_LIMIT, binomial_by_inversion
from posada.engine.compiling import inner_kernel, step_kernel
from posada.engine.dispersal.rejection import NORMAL_VARIANCE, try_binomial, try_near_normal
from posada.engine.draws import two_words
from posada.engine.ziggurat import END, HEIGHT, LAYERS, TAIL

State = NDArray[np.uint64]
"""The state of a sequence, of length 1."""

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_UNIT = 1.0 / 4503599627370496.0
_FEW = 12
_POISSON_LIMIT = 10.0


@inner_kernel
def begin(state: State, seed: int, member: int, decision: int, day: int, entity: int) -> None:
    """Set the state to the start of the sequence of that name."""
    state[0] = two_words(seed, member, decision, day, entity)


@inner_kernel
def _following_bits(state: State) -> int:
    state[0] += _GOLDEN
    z = state[0]
    z = (z ^ (z >> np.uint64(30))) * _MIX_1
    z = (z ^ (z >> np.uint64(27))) * _MIX_2
    return z ^ (z >> np.uint64(31))  # type: ignore[no-any-return]  # 64 bits where it is compiled


@inner_kernel
def following(state: State) -> float:
    """Return the next number of a sequence, in the open interval (0, 1)."""
    return (float(_following_bits(state) >> np.uint64(12)) + 0.5) * _UNIT


@inner_kernel
def normal_of(state: State) -> float:
    """Draw a standard normal number, exactly: see :mod:`posada.engine.ziggurat`."""
    while True:
        bits = _following_bits(state)
        layer = int(bits & np.uint64(LAYERS - 1))
        u = (float(bits >> np.uint64(12)) + 0.5) * (2.0 * _UNIT) - 1.0
        z = u * END[layer]
        if abs(z) < END[layer + 1]:
            return float(z)
        if layer == 0:
            return _normal_tail(state, u)
        low, high = HEIGHT[layer], HEIGHT[layer + 1]
        if low + following(state) * (high - low) < math.exp(-0.5 * z * z):
            return float(z)


@step_kernel
def _normal_tail(state: State, sign: float) -> float:
    beyond, other = 1.0, 0.0
    while 2.0 * other <= beyond * beyond:
        beyond, other = -math.log(following(state)) / TAIL, -math.log(following(state))
    return math.copysign(TAIL + beyond, sign)


@inner_kernel
def binomial_of(state: State, people: int, chance: float) -> int:
    """Draw how many of ``people`` take a way that each takes with ``chance``, exactly.

    One coin each for a few people; then as :func:`posada.engine.draws.binomial`; of very many by rejection from a
    normal number, at half the price and less.
    """
    if people <= 0 or not chance > 0.0:
        return 0
    if chance >= 1.0:
        return people
    if people <= _FEW:
        taking = 0
        for _ in range(people):
            taking += following(state) < chance
        return taking
    return _binomial_of_more(state, people, chance)


@step_kernel
def _binomial_of_more(state: State, people: int, chance: float) -> int:
    p = min(chance, 1.0 - chance)
    if people * p < INVERSION_LIMIT:
        drawn = binomial_by_inversion(people, p, following(state))
    elif people * p * (1.0 - p) < NORMAL_VARIANCE:
        drawn = _binomial_of_many(state, float(people), p)
    else:
        drawn = _binomial_near_normal(state, float(people), p)
    return drawn if chance <= 0.5 else people - drawn


@step_kernel
def _binomial_of_many(state: State, n: float, p: float) -> int:
    drawn = -1
    while drawn < 0:
        v = following(state)
        drawn = try_binomial(n, p, following(state), v)
    return drawn


@step_kernel
def _binomial_near_normal(state: State, n: float, p: float) -> int:
    drawn = -1
    while drawn < 0:
        z = normal_of(state)
        drawn = try_near_normal(n, p, z, following(state))
    return drawn


@inner_kernel
def poisson_of(state: State, mean: float) -> int:
    """Draw a Poisson number, exactly: inversion, or the transformed rejection PTRS for larger means.

    W. Hörmann, "The transformed rejection method for generating Poisson random variables", Insurance: Mathematics
    and Economics 12 (1993), doi:10.1016/0167-6687(93)90997-4.
    """
    if not mean > 0.0:
        return 0
    if mean < _POISSON_LIMIT:
        u = following(state)
        mass = math.exp(-mean)
        k = 0
        while u > mass and mass > 0.0:
            u -= mass
            k += 1
            mass *= mean / k
        return k
    b = 0.931 + 2.53 * math.sqrt(mean)
    a = -0.059 + 0.02483 * b
    inverse_alpha = 1.1239 + 1.1328 / (b - 3.4)
    squeeze = 0.9277 - 3.6224 / (b - 2.0)
    log_mean = math.log(mean)
    while True:
        u = following(state) - 0.5
        v = following(state)
        us = 0.5 - abs(u)
        k = math.floor((2.0 * a / us + b) * u + mean + 0.43)
        if us >= 0.07 and v <= squeeze:
            return int(k)
        if k < 0.0 or (us < 0.013 and v > us):
            continue
        if math.log(v * inverse_alpha / (a / (us * us) + b)) <= k * log_mean - mean - math.lgamma(k + 1.0):
            return int(k)

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

from posada.engine.compiling import inner_kernel, step_kernel
from posada.engine.draws import INVERSION_LIMIT, binomial_by_inversion, relative_mass, try_binomial, two_words

State = NDArray[np.uint64]
"""The state of a sequence, of length 1."""

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_UNIT = 1.0 / 4503599627370496.0
_FEW = 12
_POISSON_LIMIT = 10.0
_NORMAL_VARIANCE = 200.0
_LAYERS, _TAIL, _AREA = 256, 3.6541528853610088, 0.00492867323399


def _layers() -> NDArray[np.float64]:
    """Return where the layers of the ziggurat end, and how high they are, ``(2, layers + 1)``."""
    end = np.zeros(_LAYERS + 1)
    end[0], end[1] = _AREA / math.exp(-0.5 * _TAIL**2), _TAIL
    for i in range(2, _LAYERS):
        end[i] = math.sqrt(-2.0 * math.log(_AREA / end[i - 1] + math.exp(-0.5 * end[i - 1] ** 2)))
    return np.array([end, np.exp(-0.5 * end**2)])


_END, _HEIGHT = _layers()


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
    """Draw a standard normal number, exactly: the ziggurat.

    G. Marsaglia and W. W. Tsang, "The ziggurat method for generating random variables", J. Stat. Softw. 5 (2000),
    doi:10.18637/jss.v005.i08, with the layer and the number in it from other bits, as J. A. Doornik (2005) has it.
    """
    while True:
        bits = _following_bits(state)
        layer = int(bits & np.uint64(_LAYERS - 1))
        u = (float(bits >> np.uint64(12)) + 0.5) * (2.0 * _UNIT) - 1.0
        z = u * _END[layer]
        if abs(z) < _END[layer + 1]:
            return float(z)
        if layer == 0:
            return _normal_tail(state, u)
        low, high = _HEIGHT[layer], _HEIGHT[layer + 1]
        if low + following(state) * (high - low) < math.exp(-0.5 * z * z):
            return float(z)


@step_kernel
def _normal_tail(state: State, sign: float) -> float:
    beyond, other = 1.0, 0.0
    while 2.0 * other <= beyond * beyond:
        beyond, other = -math.log(following(state)) / _TAIL, -math.log(following(state))
    return math.copysign(_TAIL + beyond, sign)


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
    elif people * p * (1.0 - p) < _NORMAL_VARIANCE:
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
    """Draw a binomial number of a variance from :data:`_NORMAL_VARIANCE` on, by rejection from a normal number.

    With V = (n + 1) p q, and w from the middle (n + 1) p - 1/2 to k, the ratios of neighbouring chances add up to log
    f(k) = constant - w^2 / 2V + (q - p) w (w^2 - 1/4) / 6V^2, but for less than (|w| + 1)^4 / 6V^3 where |w| < V / 2.
    Against a normal density of a standard deviation that is larger by 3 that is at most 0.021 / sd, up to 14 sd (seen
    for variances up to 1e5 and all chances); beyond is nobody but with a chance below 1e-40. The chance itself is
    worked out only where these bounds do not decide, once in two hundred times at V = 200.
    """
    variance = (n + 1.0) * p * (1.0 - p)
    sd, inverse = math.sqrt(variance), 1.0 / variance
    middle = (n + 1.0) * p - 0.5
    skew = (1.0 - 2.0 * p) * inverse * inverse * (1.0 / 6.0)
    least = 0.024 * sd * inverse
    while True:
        z = normal_of(state)
        v = following(state)
        k = math.floor(middle + z * (sd + 3.0) + 0.5)
        w = k - middle
        log = 0.5 * (z * z - w * w * inverse) + skew * w * (w * w - 0.25) - least
        error = (abs(w) + 1.0) ** 4 * (inverse * inverse * inverse * (1.0 / 6.0))
        if abs(w) < 0.5 * variance:
            high = log + error
            if v <= 1.0 + log - error:
                return int(k)
            if high < 0.0 and v > 1.0 + high * (1.0 + 0.5 * high):
                continue
        if k < 0.0 or k > n or abs(w) > 14.0 * sd:
            continue
        away = math.floor((n + 1.0) * p) - middle
        log = 0.5 * (z * z - away * away * inverse) + skew * away * (away * away - 0.25) - least
        if v <= relative_mass(n, p, k) * math.exp(log):
            return int(k)


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

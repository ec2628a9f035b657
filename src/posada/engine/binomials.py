"""How many of some people take a way that each takes with a chance: exact binomial draws.

The cost does not grow with the number of people. A draw takes the numbers that it needs out of the block of its name
(see :mod:`posada.engine.draws`), and seldom out of the next blocks of that name.
"""

from __future__ import annotations

import math

import numpy as np

from posada.engine.compiling import kernel, small_kernel
from posada.engine.draws import Block, fraction, normal, normal_share_below, philox
from posada.engine.ziggurat import END, HEIGHT, LAYERS, TAIL

INVERSION_LIMIT = 10.0
_INVERSION_END = 128  # with a mean below the limit nobody is drawn beyond: less than 1e-90
_ONE_BY = 1.0 / np.maximum(np.arange(_INVERSION_END + 1), 1)
_STIRLING_RESTS = np.array(
    [math.lgamma(k + 1.0) - ((k + 0.5) * math.log(k + 1.0) - (k + 1.0) + 0.9189385332046727) for k in range(10)]
)
_ONE_LESS_LOG_ROOT_TWO_PI = 1.0 - 0.9189385332046727
_FAR = 5.0  # standard deviations up to which the error of the expansion is known
_UNIT_43, _UNIT_32 = 1.0 / (1 << 43), 1.0 / (1 << 32)


@kernel
def binomial(people: int, chance: float, seed: int, member: int, decision: int, day: int, entity: int) -> int:
    """Draw how many of ``people`` take a way that each takes with ``chance``, exactly."""
    return binomial_and_offsets(people, chance, seed, member, decision, day, entity)[0]


@kernel
def binomial_and_offsets(
    people: int, chance: float, seed: int, member: int, decision: int, day: int, entity: int
) -> tuple[int, float, float]:
    """Draw as :func:`binomial`, with two uniform numbers of 22 bits or more: offsets for samples of those drawn."""
    if people <= 0 or not chance > 0.0:
        return 0, 0.5, 0.5
    if chance >= 1.0:
        return people, 0.5, 0.5
    return binomial_of_block(
        people, chance, philox(seed, member, decision, day, entity, 0), seed, member, decision, day, entity
    )


@kernel
def binomial_of_block(
    people: int, chance: float, block: Block, seed: int, member: int, decision: int, day: int, entity: int
) -> tuple[int, float, float]:
    """Draw as :func:`binomial_and_offsets`, with the first block of the draw at hand.

    Sequential inversion while the mean is below 10; else what a normal number stands for, see :func:`binomial_at`.
    """
    if people <= 0 or not chance > 0.0:
        return 0, 0.5, 0.5
    if chance >= 1.0:
        return people, 0.5, 0.5
    p = min(chance, 1.0 - chance)
    if people * p < INVERSION_LIMIT:
        drawn = binomial_by_inversion(people, p, fraction(block[0], block[1]))
    else:
        drawn = binomial_at(float(people), p, _normal_of_block(block, seed, member, decision, day, entity))
    one, other = offsets(block[2], block[3])
    return drawn if chance <= 0.5 else people - drawn, one, other


@small_kernel
def offsets(c2: int, c3: int) -> tuple[float, float]:
    """Return the two offsets that are made of the second half of the first block of a draw."""
    return (float(c2) + 0.5) * _UNIT_32, (float(c3) + 0.5) * _UNIT_32


@small_kernel
def at_first_sight(people: float, p: float, c0: int, c1: int) -> int:
    """Return what :func:`binomial_of_block` draws where that is seen at once, which is nearly always; else -1.

    Without a branch, so that the draws of several members are made together, at a tenth of the price. Of few people it
    is seen when nobody is drawn.
    """
    mean = people * p
    few = 0 if fraction(c0, c1) <= _chance_of_nobody(mean, p) else -1
    z, _layer, is_inside = _in_layer(c0, c1)
    k, is_sure = _about_quantile(people, p, z)
    many = int(k) if is_inside & is_sure else -1
    found = few if mean < INVERSION_LIMIT else many
    return 0 if mean <= 0.0 else (found if p <= 0.5 else -1)


@small_kernel
def _chance_of_nobody(mean: float, p: float) -> float:
    """Return the first four terms of the series of (1 - p) ** people, which is no less (C. E. Bonferroni, 1936)."""
    return 1.0 - mean * (1.0 - 0.5 * (mean - p) * (1.0 - (mean - 2.0 * p) * (1.0 / 3.0)))


@kernel
def binomial_by_inversion(people: int, p: float, u: float) -> int:
    """Return the binomial quantile at ``u``, for ``p`` up to a half and a mean up to :data:`INVERSION_LIMIT`."""
    if u <= _chance_of_nobody(people * p, p):  # often so, and it needs no logarithm
        return 0
    odds = p / (1.0 - p)
    mass = math.exp(people * math.log1p(-p))
    k = 0
    most = min(people, _INVERSION_END)
    while u > mass and k < most:
        u -= mass
        k += 1
        mass *= odds * (people - k + 1) * _ONE_BY[k]
    return k


@kernel
def _normal_of_block(block: Block, seed: int, member: int, decision: int, day: int, entity: int) -> float:
    """Draw a standard normal number, exactly: see :mod:`posada.engine.ziggurat`."""
    index = 0
    while True:
        z, layer, is_inside = _in_layer(block[0], block[1])
        if not is_inside:
            z = _outside_layer(layer, z, philox(seed, member, decision, day, entity, index + 1))
        if not math.isnan(z):
            return z
        index += 2
        block = philox(seed, member, decision, day, entity, index)


@small_kernel
def _in_layer(c0: int, c1: int) -> tuple[float, int, bool]:
    """Return a number in a layer of the ziggurat, the layer, and whether that makes it normal at once.

    Of the 64 bits, 44 are for the number and 8 others for the layer.
    """
    layer = (np.uint64(c1) >> np.uint64(12)) & np.uint64(LAYERS - 1)
    u = (float((np.uint64(c0) << np.uint64(12)) | (np.uint64(c1) >> np.uint64(20))) + 0.5) * _UNIT_43 - 1.0
    z = u * END[layer]
    return z, int(layer), abs(z) < END[layer + np.uint64(1)]


@kernel
def _outside_layer(layer: int, z: float, block: Block) -> float:
    """Return a normal number where the layer does not decide: in the tail, under the curve, or ``nan`` above it."""
    c0, c1, _c2, _c3 = block
    u = fraction(c0, c1)
    if layer == 0:
        return math.copysign(normal(u * normal_share_below(-TAIL)), z)
    height = HEIGHT[layer] + u * (HEIGHT[layer + 1] - HEIGHT[layer])
    return z if height < math.exp(-0.5 * z * z) else math.nan


@kernel
def binomial_at(n: float, p: float, z: float) -> int:
    """Return the binomial quantile at the share of a normal population below ``z``, for a mean from 10 on.

    ``p`` is up to a half.
    """
    k, is_sure = _about_quantile(n, p, z)
    return int(k) if is_sure else int(exact_quantile(n, p, z, k))


@small_kernel
def _about_quantile(n: float, p: float, z: float) -> tuple[float, bool]:
    """Return about the binomial quantile, and whether it surely is that.

    By the expansion of E. A. Cornish and R. A. Fisher, "Moments and cumulants in the specification of distributions",
    Rev. Int. Stat. Inst. 5 (1938), doi:10.2307/1400905, to the third term, corrected for whole numbers. With V = n p q
    it is wrong by less than 0.021 (1 + z^4) / V for a mean from 10 on and up to 5 sd, seen for means up to 1e5 and
    all chances; so it decides but once in 6 V times.
    """
    variance = n * p * (1.0 - p)
    sd = math.sqrt(variance)
    inverse = 1.0 / sd
    skew, square = 1.0 - 2.0 * p, z * z
    third = (1.0 - 6.0 * p * (1.0 - p)) * (square - 3.0) * (1.0 / 24.0) - skew * skew * (2.0 * square - 5.0) * (
        1.0 / 36.0
    )
    x = n * p + sd * z + skew * (square - 1.0) * (1.0 / 6.0) + (third - 1.0 / 24.0) * z * inverse
    error = 0.025 * (1.0 + square * square) * (inverse * inverse)
    k = float(math.floor(x + 0.5))
    beyond = x + 0.5 - k
    is_sure = (beyond > error) & (beyond < 1.0 - error) & (abs(z) < _FAR)
    return min(max(k, 0.0), n), is_sure


@kernel
def exact_quantile(n: float, p: float, z: float, k: float) -> float:
    """Return the binomial quantile at the share of a normal population below ``z``, from a number ``k`` near it on.

    The masses of one tail are added up, the smaller one.
    """
    share, odds = normal_share_below(-abs(z)), p / (1.0 - p)
    if z < 0.0:
        mass = _mass(n, p, k)
        upto, j, term = 0.0, k, mass
        while term > upto * 1e-17:
            upto += term
            term *= j / ((n - j + 1.0) * odds)
            j -= 1.0
        while upto < share:
            mass *= (n - k) * odds / (k + 1.0)
            k += 1.0
            upto += mass
        while upto - mass >= share:
            upto -= mass
            mass *= k / ((n - k + 1.0) * odds)
            k -= 1.0
        return k
    mass = _mass(n, p, k)
    above, j, term = 0.0, k + 1.0, mass * (n - k) * odds / (k + 1.0)
    while term > above * 1e-17:
        above += term
        term *= (n - j) * odds / (j + 1.0)
        j += 1.0
    while above > share:
        mass *= (n - k) * odds / (k + 1.0)
        k += 1.0
        above -= mass
    while above + mass <= share:
        above += mass
        mass *= k / ((n - k + 1.0) * odds)
        k -= 1.0
    return k


@kernel
def _mass(n: float, p: float, k: float) -> float:
    """Return how likely ``k`` of ``n`` is."""
    log = k * math.log(p * (n + 1.0) / (k + 1.0)) + (n - k) * math.log((1.0 - p) * (n + 1.0) / (n - k + 1.0))
    log += 0.5 * math.log((n + 1.0) / ((k + 1.0) * (n - k + 1.0))) + _ONE_LESS_LOG_ROOT_TWO_PI
    return math.exp(log + stirling_rest(n) - stirling_rest(k) - stirling_rest(n - k))


@kernel
def stirling_rest(k: float) -> float:
    """Return the remainder of Stirling's formula for log(k!), to 1e-10 from k = 10 on (series), exact below."""
    if k < 10.0:
        return float(_STIRLING_RESTS[int(k)])
    square = (k + 1.0) * (k + 1.0)
    return (1.0 / 12.0 - (1.0 / 360.0 - 1.0 / 1260.0 / square) / square) / (k + 1.0)

"""How many of some people take a way that each takes with a chance: exact binomial draws.

The cost does not grow with the number of people: of few, inversion; of more, rejection from a law that is near. A
draw takes the numbers that it needs out of the block of its name (see :mod:`posada.engine.draws`), and the next
blocks of that name when a trial is rejected.
"""

from __future__ import annotations

import math

import numpy as np

from posada.engine.compiling import kernel, small_kernel
from posada.engine.draws import Block, fraction, normal, normal_share_below, philox
from posada.engine.ziggurat import END, HEIGHT, LAYERS, TAIL

INVERSION_LIMIT = 10.0
NORMAL_VARIANCE = 200.0
"""From this variance on, a binomial number is a normal one that is rejected where it has to be."""

_INVERSION_END = 128  # with a mean below the limit nobody is drawn beyond: less than 1e-90
_ONE_BY = 1.0 / np.maximum(np.arange(_INVERSION_END + 1), 1)
_STIRLING_RESTS = np.array(
    [math.lgamma(k + 1.0) - ((k + 0.5) * math.log(k + 1.0) - (k + 1.0) + 0.9189385332046727) for k in range(10)]
)
_HALF, _LOW_HALF = np.uint64(22), np.uint64((1 << 22) - 1)
_UNIT_43, _UNIT_32, _UNIT_22 = 1.0 / (1 << 43), 1.0 / (1 << 32), 1.0 / (1 << 22)


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

    Sequential inversion while the mean is below 10; then the transformed rejection BTRS of W. Hörmann, "The
    generation of binomial random variates", J. Stat. Comput. Simul. 46 (1993), doi:10.1080/00949659308811496; of very
    many rejection from a normal number, at a third of the price.
    """
    if people <= 0 or not chance > 0.0:
        return 0, 0.5, 0.5
    if chance >= 1.0:
        return people, 0.5, 0.5
    p = min(chance, 1.0 - chance)
    if people * p < INVERSION_LIMIT:
        c0, c1, c2, c3 = block
        drawn = binomial_by_inversion(people, p, fraction(c0, c1))
        one, other = (float(c2) + 0.5) * _UNIT_32, (float(c3) + 0.5) * _UNIT_32
    elif people * p * (1.0 - p) < NORMAL_VARIANCE:
        drawn, one, other = _binomial_of_many(people, p, block, seed, member, decision, day, entity)
    else:
        drawn, one, other = _binomial_near_normal(people, p, block, seed, member, decision, day, entity)
    return drawn if chance <= 0.5 else people - drawn, one, other


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
def _binomial_of_many(
    people: int, p: float, block: Block, seed: int, member: int, decision: int, day: int, entity: int
) -> tuple[int, float, float]:
    index = 0
    while True:
        c0, c1, c2, c3 = block
        k = try_binomial(float(people), p, fraction(c0, c1), (float(c2) + 0.5) * _UNIT_32)
        index += 1
        if k >= 0:
            one, other = spare_offsets(c1, c3)
            return k, one, other
        block = philox(seed, member, decision, day, entity, index)


@kernel
def _binomial_near_normal(
    people: int, p: float, block: Block, seed: int, member: int, decision: int, day: int, entity: int
) -> tuple[int, float, float]:
    """Draw a number of a variance from :data:`NORMAL_VARIANCE` on, see :func:`try_near_normal`."""
    index = 0
    while True:
        c0, c1, c2, c3 = block
        z, layer, is_inside = _in_layer(c0, c1)
        if not is_inside:
            index += 1
            z = _outside_layer(layer, z, philox(seed, member, decision, day, entity, index))
        if not math.isnan(z):
            k = try_near_normal(float(people), p, z, (float(c2) + 0.5) * _UNIT_32)
            if k >= 0:
                one, other = spare_offsets(c1, c3)
                return k, one, other
        index += 1
        block = philox(seed, member, decision, day, entity, index)


@small_kernel
def spare_offsets(c1: int, c3: int) -> tuple[float, float]:
    """Return the two offsets that are made of what large draws leave of a block, 44 bits of two words."""
    spare = (np.uint64(c3) << np.uint64(12)) | (np.uint64(c1) & np.uint64(0xFFF))
    return (float(spare >> _HALF) + 0.5) * _UNIT_22, (float(spare & _LOW_HALF) + 0.5) * _UNIT_22


@small_kernel
def _in_layer(c0: int, c1: int) -> tuple[float, int, bool]:
    """Return a number in a layer of the ziggurat, the layer, and whether that makes it normal at once.

    Of the 64 bits, 44 are for the number and 8 for the layer; 12 are spared.
    """
    layer = (np.uint64(c1) >> np.uint64(12)) & np.uint64(LAYERS - 1)
    u = (float((np.uint64(c0) << np.uint64(12)) | (np.uint64(c1) >> np.uint64(20))) + 0.5) * _UNIT_43 - 1.0
    z = u * END[layer]
    return z, int(layer), abs(z) < END[layer + np.uint64(1)]


@small_kernel
def at_first_sight(people: float, p: float, c0: int, c1: int, c2: int) -> int:
    """Return what :func:`binomial_of_block` draws where that is seen at once: nobody, or one of very many; else -1.

    Without a branch, so that the draws of several members are made together, at a tenth of the price.
    """
    mean, variance = people * p, people * p * (1.0 - p)
    is_small = p <= 0.5
    nobody = (mean < INVERSION_LIMIT) & is_small & (fraction(c0, c1) <= _chance_of_nobody(mean, p))
    z, _layer, is_inside = _in_layer(c0, c1)
    k, sure, _possible = _compared_with_normal(people, p, z)
    many = (variance >= NORMAL_VARIANCE) & is_small & is_inside & ((float(c2) + 0.5) * _UNIT_32 <= sure)
    return 0 if nobody | (mean <= 0.0) else (int(k) if many else -1)


@small_kernel
def _chance_of_nobody(mean: float, p: float) -> float:
    """Return the first four terms of the series of (1 - p) ** people, which is no less (C. E. Bonferroni, 1936)."""
    return 1.0 - mean * (1.0 - 0.5 * (mean - p) * (1.0 - (mean - 2.0 * p) * (1.0 / 3.0)))


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
def try_near_normal(n: float, p: float, z: float, v: float) -> int:
    """Return what a trial from a normal number ``z`` gives, with ``v`` to accept it; -1 when it is rejected.

    For ``p`` up to a half and a variance from :data:`NORMAL_VARIANCE` on. The chance itself is worked out only where
    the bounds do not decide, once in two hundred times at a variance of 200.
    """
    k, sure, possible = _compared_with_normal(n, p, z)
    if v <= sure:
        return int(k)
    if v > possible:
        return -1
    variance, middle = (n + 1.0) * p * (1.0 - p), (n + 1.0) * p - 0.5
    sd, inverse = math.sqrt(variance), 1.0 / variance
    if k < 0.0 or k > n or abs(k - middle) > 14.0 * sd:
        return -1
    skew = (1.0 - 2.0 * p) * inverse * inverse * (1.0 / 6.0)
    away = math.floor((n + 1.0) * p) - middle
    log = 0.5 * (z * z - away * away * inverse) + skew * away * (away * away - 0.25) - 0.024 * sd * inverse
    return int(k) if v <= relative_mass(n, p, k) * math.exp(log) else -1


@small_kernel
def _compared_with_normal(n: float, p: float, z: float) -> tuple[float, float, float]:
    """Return the number that a normal one stands for, up to where it is surely accepted, and beyond where surely not.

    With V = (n + 1) p q, and w from the middle (n + 1) p - 1/2 to k, the ratios of neighbouring chances add up to log
    f(k) = constant - w^2 / 2V + (q - p) w (w^2 - 1/4) / 6V^2, but for less than (|w| + 1)^4 / 6V^3 where |w| < V / 2.
    Against a normal density of a standard deviation that is larger by 3 that is at most 0.021 / sd, up to 14 sd (seen
    for variances up to 1e5 and all chances); beyond is nobody but with a chance below 1e-40.
    """
    variance = (n + 1.0) * p * (1.0 - p)
    sd, inverse = math.sqrt(variance), 1.0 / variance
    middle = (n + 1.0) * p - 0.5
    skew = (1.0 - 2.0 * p) * inverse * inverse * (1.0 / 6.0)
    k = float(math.floor(middle + z * (sd + 3.0) + 0.5))
    w = k - middle
    log = 0.5 * (z * z - w * w * inverse) + skew * w * (w * w - 0.25) - 0.024 * sd * inverse
    error = (abs(w) + 1.0) ** 4 * (inverse * inverse * inverse * (1.0 / 6.0))
    high = log + error
    decides = abs(w) < 0.5 * variance
    possible = 1.0 + high * (1.0 + 0.5 * high) if high < 0.0 else np.inf
    return k, (1.0 + log - error if decides else -np.inf), (possible if decides else np.inf)


@kernel
def try_binomial(n: float, p: float, u: float, v: float) -> int:
    """Return what one trial of BTRS gives for two uniform numbers, for ``p`` up to a half; -1 when it is rejected.

    One trial in five needs the mass of the number tried. Of many people it is not worked out as long as its bounds
    decide, which is nearly always.
    """
    variance = n * p * (1.0 - p)
    sd = math.sqrt(variance)
    b = 1.15 + 2.53 * sd
    a = -0.0873 + 0.0248 * b + 0.01 * p
    u -= 0.5
    us = 0.5 - abs(u)
    k = math.floor((2.0 * a / us + b) * u + n * p + 0.5)
    if us >= 0.07 and v <= 0.92 - 4.2 / b:
        return int(k)
    if k < 0.0 or k > n:
        return -1
    least_mass = v * ((2.83 + 5.1 / b) * sd) / (a / (us * us) + b)
    away = abs(k - math.floor((n + 1.0) * p))
    if 20.0 < away < 0.5 * variance - 1.0:
        about, error = log_mass_about(away, variance)
        log = math.log(least_mass)
        if log < about - error:
            return int(k)
        if log > about + error:
            return -1
    return int(k) if least_mass <= relative_mass(n, p, k) else -1


@kernel
def log_mass_about(away: float, variance: float) -> tuple[float, float]:
    """Return about the logarithm of :func:`relative_mass`, and how wrong it is at most.

    For a number ``away`` from the likeliest, more than 20 and less than half the variance less one: the squeeze of V.
    Kachitvichyanukul and B. Schmeiser, "Binomial random variate generation", Commun. ACM 31 (1988),
    doi:10.1145/42372.42381.
    """
    share = away / variance
    error = share * ((away * (away * (1.0 / 3.0) + 0.625) + 1.0 / 6.0) / variance + 0.5)
    return -0.5 * away * share, error


@kernel
def relative_mass(n: float, p: float, k: float) -> float:
    """Return how likely ``k`` of ``n`` is, compared with the likeliest number."""
    odds = p / (1.0 - p)
    mode = math.floor((n + 1.0) * p)
    log = (mode + 0.5) * math.log((mode + 1.0) / (odds * (n - mode + 1.0)))
    log += (n + 1.0) * math.log((n - mode + 1.0) / (n - k + 1.0))
    log += (k + 0.5) * math.log(odds * (n - k + 1.0) / (k + 1.0))
    log += stirling_rest(mode) + stirling_rest(n - mode) - stirling_rest(k) - stirling_rest(n - k)
    return math.exp(log)


@kernel
def stirling_rest(k: float) -> float:
    """Return the remainder of Stirling's formula for log(k!), to 1e-10 from k = 10 on (series), exact below."""
    if k < 10.0:
        return float(_STIRLING_RESTS[int(k)])
    square = (k + 1.0) * (k + 1.0)
    return (1.0 / 12.0 - (1.0 / 360.0 - 1.0 / 1260.0 / square) / square) / (k + 1.0)

"""Trials for exact binomial draws by rejection, from two uniform numbers or from a normal one."""

from __future__ import annotations

import math

from posada.engine.binomials import stirling_rest
from posada.engine.compiling import kernel

NORMAL_VARIANCE = 200.0
"""From this variance on, a binomial number is a normal one that is rejected where it has to be."""


@kernel
def try_binomial(n: float, p: float, u: float, v: float) -> int:
    """Return what one trial gives for two uniform numbers, for ``p`` up to a half; -1 when it is rejected.

    The transformed rejection BTRS of W. Hörmann, "The generation of binomial random variates", J. Stat. Comput.
    Simul. 46 (1993), doi:10.1080/00949659308811496, for a mean of 10 and more.

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
def try_near_normal(n: float, p: float, z: float, v: float) -> int:
    """Return what a trial from a normal number ``z`` gives, with ``v`` to accept it; -1 when it is rejected.

    For ``p`` up to a half and a variance from :data:`NORMAL_VARIANCE` on. With V = (n + 1) p q, and w from the middle
    (n + 1) p - 1/2 to k, the ratios of neighbouring chances add up to log f(k) = constant - w^2 / 2V + (q - p) w
    (w^2 - 1/4) / 6V^2, but for less than (|w| + 1)^4 / 6V^3 where |w| < V / 2. Against a normal density of a standard
    deviation that is larger by 3 that is at most 0.021 / sd, up to 14 sd (seen for variances up to 1e5 and all
    chances); beyond is nobody but with a chance below 1e-40. The chance itself is worked out only where these bounds
    do not decide, once in two hundred times at V = 200.
    """
    variance = (n + 1.0) * p * (1.0 - p)
    sd, inverse = math.sqrt(variance), 1.0 / variance
    middle = (n + 1.0) * p - 0.5
    skew = (1.0 - 2.0 * p) * inverse * inverse * (1.0 / 6.0)
    least = 0.024 * sd * inverse
    k = math.floor(middle + z * (sd + 3.0) + 0.5)
    w = k - middle
    log = 0.5 * (z * z - w * w * inverse) + skew * w * (w * w - 0.25) - least
    error = (abs(w) + 1.0) ** 4 * (inverse * inverse * inverse * (1.0 / 6.0))
    if abs(w) < 0.5 * variance:
        high = log + error
        if v <= 1.0 + log - error:
            return int(k)
        if high < 0.0 and v > 1.0 + high * (1.0 + 0.5 * high):
            return -1
    if k < 0.0 or k > n or abs(w) > 14.0 * sd:
        return -1
    away = math.floor((n + 1.0) * p) - middle
    log = 0.5 * (z * z - away * away * inverse) + skew * away * (away * away - 0.25) - least
    return int(k) if v <= relative_mass(n, p, k) * math.exp(log) else -1

"""Named, counter-based random draws: no stream, no state, no order.

Every draw is a pure function of *(seed, member, decision, day, entity, index)*, by the Philox 4x32
generator with ten rounds of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3"
(SC 2011, doi:10.1145/2063384.2063405). So the same scenario gives the same result on any number of threads,
and two policies are compared under the same luck: removing a town leaves the draws of all others unchanged.

``entity`` is made from the identifier of a place, group or rate (:func:`entity_key`), never its position in a table.
``index`` separates the draws of one decision for one entity, and the retries of one draw.
"""

from __future__ import annotations

import math
import zlib
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from posada.engine.compiling import kernel, small_kernel


class Decisions(NamedTuple):
    """What is decided by a draw. The numbers are part of the result: new decisions go at the end."""

    rate: int = 1
    group_size: int = 2
    group_class: int = 3
    signal_strength: int = 4
    transition_value: int = 5
    destination: int = 6
    site_places: int = 7
    unreported_places: int = 8
    honoured_chance: int = 9
    start_count: int = 10
    join: int = 11
    rest: int = 12
    stage: int = 13
    lift: int = 14
    offer: int = 15
    train: int = 16
    next_stop: int = 17
    honoured: int = 18
    split: int = 19
    split_people: int = 20
    stop_short: int = 21
    set_out_alone: int = 22
    alone_destination: int = 23
    long_halt: int = 24
    merge: int = 25
    lodging: int = 26
    hazard: int = 27
    capacity: int = 28
    leave: int = 29
    forerun: int = 30
    rounding: int = 31
    lift_people: int = 32
    spawn: int = 33
    dispersed_leave: int = 34
    dispersed_travel: int = 35
    resample: int = 36
    rejuvenate: int = 37
    unseen: int = 38
    relocate: int = 39
    regime: int = 40
    wander: int = 41
    made_up: int = 42
    seen_ahead: int = 43
    resample_units: int = 50
    hand_over: int = 51
    conflict_numbers: int = 60
    camp_pull: int = 61
    conflict_total: int = 62


DECISION = Decisions()

Words = NDArray[np.uint64]
Block = tuple[int, int, int, int]

_M0 = np.uint64(0xD2511F53)
_M1 = np.uint64(0xCD9E8D57)
_W0 = np.uint64(0x9E3779B9)
_W1 = np.uint64(0xBB67AE85)
_LOW = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)
_LOW_21, _UNIT_21 = np.uint64((1 << 21) - 1), 1.0 / (1 << 21)
_UNIT_32 = 1.0 / (1 << 32)


def entity_key(identifier: str) -> int:
    """Return the number, 0..2**32-1, that stands for an identifier in every draw about it."""
    return zlib.crc32(identifier.encode())


@kernel
def mixed(key: int, other: int) -> int:
    """Combine two entity numbers into one, for draws about a pair such as a place and a status."""
    product = np.uint64(key) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(other) * np.uint64(0xC2B2AE3D27D4EB4F)
    product ^= product >> np.uint64(29)
    # Of one type, whole numbers with a sign, so that what takes it is compiled once.
    return int(np.int64((product * np.uint64(0xBF58476D1CE4E5B9)) >> _SHIFT))


@kernel
def uniform(seed: int, member: int, decision: int, day: int, entity: int, index: int = 0) -> float:
    """Return a number in the open interval (0, 1), fixed by its six names."""
    c0, c1, _c2, _c3 = philox(seed, member, decision, day, entity, index)
    return fraction(c0, c1)


@kernel
def two_uniforms(seed: int, member: int, decision: int, day: int, entity: int, index: int = 0) -> tuple[float, float]:
    """Return two numbers as :func:`uniform` does, for the price of one."""
    c0, c1, c2, c3 = philox(seed, member, decision, day, entity, index)
    return fraction(c0, c1), fraction(c2, c3)


@kernel
def fraction(high: int, low: int) -> float:
    """Return the number in (0, 1) that two words of 32 bits make."""
    # 52 bits, so that adding a half is exact and neither 0 nor 1 can come out.
    bits = (np.uint64(high) << np.uint64(20)) ^ (np.uint64(low) >> np.uint64(12))
    return (float(bits) + 0.5) * (1.0 / 4503599627370496.0)


@kernel
def three_uniforms(seed: int, member: int, decision: int, day: int, entity: int) -> tuple[float, float, float]:
    """Return three numbers of 32 bits each in (0, 1) for the price of one: for coins, not for tails."""
    c0, c1, c2, _c3 = philox(seed, member, decision, day, entity, 0)
    return (float(c0) + 0.5) * _UNIT_32, (float(c1) + 0.5) * _UNIT_32, (float(c2) + 0.5) * _UNIT_32


@kernel
def block(seed: int, member: int, decision: int, day: int, entity: int = 0) -> int:
    """Return 63 bits for a decision that meets every place on a day; :func:`place_uniforms` makes draws of them."""
    c0, c1, _c2, _c3 = philox(seed, member, decision, day, entity, 0)
    return int((np.uint64(c0) << _SHIFT | np.uint64(c1)) >> np.uint64(1))


@small_kernel
def place_uniforms(bits: int, entity: int) -> tuple[float, float, float]:
    """Return three numbers of 21 bits each in (0, 1) about a place: for coins, at a quarter of the price of a block.

    The block, moved on by the place's number of steps and finished as in SplitMix64 (G. L. Steele and others, "Fast
    splittable pseudorandom number generators", OOPSLA 2014, doi:10.1145/2660193.2660195).
    """
    z = np.uint64(bits) + np.uint64(entity) * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z ^= z >> np.uint64(31)
    one, two, three = z >> np.uint64(43), (z >> np.uint64(22)) & _LOW_21, (z >> np.uint64(1)) & _LOW_21
    return (float(one) + 0.5) * _UNIT_21, (float(two) + 0.5) * _UNIT_21, (float(three) + 0.5) * _UNIT_21


@kernel
def two_words(seed: int, member: int, decision: int, day: int, entity: int) -> int:
    """Return 64 bits fixed by their five names: where a sequence of draws begins."""
    c0, c1, _c2, _c3 = philox(seed, member, decision, day, entity, 0)
    return (c0 << _SHIFT) | c1  # type: ignore[return-value]  # a number of 64 bits where it is compiled


@small_kernel
def fill_blocks(seed: int, first: int, count: int, decision: int, day: int, entity: int, words: Words) -> None:
    """Write the first blocks of a draw of ``count`` members from ``first`` on into ``words``, ``(4, count or more)``.

    At a fifth of the price of as many calls.
    """
    for b in range(count):
        words[0, b], words[1, b], words[2, b], words[3, b] = _rounds(seed, first + b, decision, day, entity, 0)


@kernel
def philox(seed: int, member: int, decision: int, day: int, entity: int, index: int) -> Block:
    """Return the block of a name: four words of 32 bits."""
    return _rounds(seed, member, decision, day, entity, index)


@small_kernel
def _rounds(seed: int, member: int, decision: int, day: int, entity: int, index: int) -> Block:
    """Return the four words of 32 bits that the generator gives for a counter and a key."""
    c0 = np.uint64(member) & _LOW
    c1 = (np.uint64(day) << np.uint64(16) | (np.uint64(index) & np.uint64(0xFFFF))) & _LOW
    c2 = np.uint64(entity) & _LOW
    c3 = np.uint64(decision) & _LOW
    k0 = np.uint64(seed) & _LOW
    k1 = np.uint64(seed) >> _SHIFT
    for _ in range(10):
        p0 = _M0 * c0
        p1 = _M1 * c2
        c0, c1, c2, c3 = (
            ((p1 >> _SHIFT) ^ c1 ^ k0) & _LOW,
            p1 & _LOW,
            ((p0 >> _SHIFT) ^ c3 ^ k1) & _LOW,
            p0 & _LOW,
        )
        k0 = (k0 + _W0) & _LOW
        k1 = (k1 + _W1) & _LOW
    return c0, c1, c2, c3  # type: ignore[return-value]  # numbers of 64 bits where it is compiled


@kernel
def normal(u: float) -> float:
    """Return the standard normal quantile at ``u``, to 1e-9 relative (Acklam's approximation, one Halley step)."""
    if u < 0.02425:
        q = math.sqrt(-2.0 * math.log(u))
        z = _acklam_tail(q)
    elif u > 0.97575:
        q = math.sqrt(-2.0 * math.log(1.0 - u))
        z = -_acklam_tail(q)
    else:
        q = u - 0.5
        r = q * q
        top = (
            (
                (((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r + 138.357751867269) * r
                - 30.66479806614716
            )
            * r
            + 2.506628277459239
        ) * q
        bottom = (
            (((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r + 66.80131188771972) * r
            - 13.28068155288572
        ) * r + 1.0
        z = top / bottom
    error = 0.5 * math.erfc(-z / math.sqrt(2.0)) - u
    step = error * math.sqrt(2.0 * math.pi) * math.exp(z * z / 2.0)
    return z - step / (1.0 + z * step / 2.0)


@kernel
def _acklam_tail(q: float) -> float:
    top = (
        (((-0.007784894002430293 * q - 0.3223964580411365) * q - 2.400758277161838) * q - 2.549732539343734) * q
        + 4.374664141464968
    ) * q + 2.938163982698783
    bottom = (
        ((0.007784695709041462 * q + 0.3224671290700398) * q + 2.445134137142996) * q + 3.754408661907416
    ) * q + 1.0
    return top / bottom


@kernel
def normal_share_below(z: float) -> float:
    """Return the share of a standard normal population below ``z``."""
    return 0.5 * math.erfc(-z / math.sqrt(2.0))


@kernel
def rounded(value: float, u: float) -> int:
    """Round a non-negative number to one of its two neighbours so that the mean over ``u`` is the number."""
    whole = math.floor(value)
    return int(whole) + (1 if u < value - whole else 0)

"""Numbers as people read them: rounded to what is known, with their range, and small counts kept back.

Modelled numbers are shown with at most two significant figures, to the nearest; what has to be fetched is
rounded up from the unrounded number. Thousands are set apart by a comma in English and in Mexican Spanish.
"""

from __future__ import annotations

import math

from posada.model.errors import InvalidValueError

SIGNIFICANT_FIGURES = 2
SMALL_COUNT = 10
"""Counts of people from one to below this are shown as '<10', so that nobody can be picked out."""

INDICATIVE_HALF_WIDTH = 0.5
"""A range wider than this share of its middle to either side, on average, is only indicative."""


def _grid(x: float) -> float:
    """Return the step between numbers of two significant figures near ``x``; never finer than one."""
    exponent = math.floor(math.log10(abs(x))) - SIGNIFICANT_FIGURES + 1
    return 10.0 ** max(exponent, 0)


def round_modelled(x: float) -> float:
    """Round a forecast to two significant figures and to whole units, halves away from zero.

    Examples: 1,249 gives 1,200; 1,250 gives 1,300; 47.4 gives 47; 0.4 gives 0. ``nan`` stays ``nan``.

    Raises
    ------
    InvalidValueError
        When ``x`` is infinite: no count is.
    """
    if math.isinf(x):
        raise InvalidValueError(f"a forecast of {x} cannot be rounded; expected a finite number")
    if math.isnan(x) or x == 0:
        return x
    step = _grid(x)
    return math.copysign(math.floor(abs(x) / step + 0.5) * step, x)


def round_needed(x: float) -> float:
    """Round what must be fetched up to two significant figures: 24,210 gives 25,000, 23.2 gives 24.

    Raises
    ------
    InvalidValueError
        When ``x`` is negative or infinite.
    """
    if x < 0 or math.isinf(x):
        raise InvalidValueError(f"a need of {x} cannot be rounded; expected a finite number, not negative")
    if math.isnan(x) or x == 0:
        return x
    step = _grid(x)
    # Twelve digits before the ceiling: 60.000000000000007 toilets are 60.
    return float(math.ceil(round(x / step, 12)) * step)


def is_indicative(low: float, middle: float, high: float) -> bool:
    """Tell whether a range is wider than ±50 % of its middle, and so must not be used to rank.

    By hand: 600 to 1,000 around 800 is ±25 %: no; 300 to 1,300 around 800 is ±62 %: yes.
    """
    if math.isnan(low) or math.isnan(middle) or math.isnan(high):
        return True
    return (high - low) / 2 > INDICATIVE_HALF_WIDTH * middle


def plain(x: float) -> str:
    """Return a whole number with commas between thousands: ``1,200``."""
    return f"{x:,.0f}"


def people(x: float) -> str:
    """Return a modelled count of people, rounded, and ``<10`` for one to nine."""
    rounded = round_modelled(x)
    return f"<{SMALL_COUNT}" if 0 < rounded < SMALL_COUNT else plain(max(rounded, 0))


def signed_people(change: float) -> str:
    """Return a change of a modelled count of people with its sign: ``+300``, ``−1,200``; ``<10`` either way."""
    shown = people(abs(change))
    if shown.startswith("<") or shown == "0":
        return shown
    return f"{'+' if change > 0 else '−'}{shown}"


def people_range(low: float, high: float) -> str:
    """Return a range of modelled counts of people: ``900–1,300``, ``<10–35``, or one number when both agree.

    Zero to a small count is ``<10``: the range says no more than that.
    """
    ends = people(low), people(high)
    if ends[0] == ends[1] or (ends[0] == "0" and ends[1].startswith("<")):
        return ends[1]
    return "–".join(ends)


def number_range(low: float, high: float) -> str:
    """Return a range of modelled numbers that do not count people, such as nights."""
    ends = plain(round_modelled(low)), plain(round_modelled(high))
    return ends[0] if ends[0] == ends[1] else "–".join(ends)


def percent(share: float, space: str = "") -> str:
    """Return a chance in percent: ``93%``, ``<1%``, ``>99%``; nothing is certain from a finite ensemble."""
    if math.isnan(share) or not 0 <= share <= 1:
        raise InvalidValueError(f"a chance of {share} is outside 0 to 1")
    if share < 0.01:
        return f"<1{space}%"
    if share > 0.99:
        return f">99{space}%"
    return f"{math.floor(share * 100 + 0.5)}{space}%"

"""The position of each rate in the arrays of the engine, by its name."""

from __future__ import annotations

from collections import namedtuple
from typing import Any

from posada.engine.compiling import inner_kernel
from posada.engine.world import Floats
from posada.model.offers import STANCES
from posada.model.rates import RATES

_RateIndex = namedtuple("_RateIndex", list(RATES))  # type: ignore[misc]  # made from the catalogue

R: Any = _RateIndex(*range(len(RATES)))

WELCOME, TOLERATE, PUSH_ON, REFUSE = range(len(STANCES))


@inner_kernel
def by_stance(rate: Floats, m: int, stance: int, welcome: int) -> float:
    """Return the multiplier of a stance for member ``m``; ``welcome`` is the index of the first of its three rates."""
    if stance == WELCOME:
        return float(rate[m, welcome])
    if stance == PUSH_ON:
        return float(rate[m, welcome + 1])
    if stance == REFUSE:
        return float(rate[m, welcome + 2])
    return 1.0

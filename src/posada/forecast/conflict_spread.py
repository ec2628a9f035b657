"""What a simulation of a conflict does not know: members are spread, so that their bands hold what is registered.

Members that differ in their numbers and in luck alone are far too much alike (with luck alone a 95 % band holds one to
four camp-days in a hundred). So who comes to a camp is multiplied by a number of the camp and member, drawn once, and
who was there by one that grows with time, for recounts. Both are spread as widely as on the other conflicts; see
:func:`posada.forecast.conflict_weights.best_spread`. People are then brought to the total of the member.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from posada.engine.draws import DECISION, entity_key
from posada.engine.luck import named_uniforms

Floats = NDArray[np.float64]

ARRIVALS_SIGMA, COUNTS_SIGMA = "arrivals_sigma", "counts_sigma"
COUNTS_DAYS = 180.0
"""Days after which counts of people who were there are spread by ``counts_sigma``; it grows as the root of time."""

_ARRIVALS, _COUNTS = 0, 1


def spread_shares(
    people: Floats, at_start: Floats, camps: Sequence[str], spread: Mapping[str, float], *, members: int, seed: int
) -> Floats:
    """Return the share of each camp in all camps, by member and day, ``(members, days, camps)``.

    Parameters
    ----------
    people : (runs, days, camps)
        People simulated in camps; member ``m`` is made of run ``m % runs``.
    at_start : (camps,)
        People in them in the night before the first day.
    camps : sequence of str
        Identifiers, which name the draws.
    spread : mapping
        ``arrivals_sigma`` and ``counts_sigma``, standard deviations of logarithms.

    Where nobody is in any camp the shares are those of ``at_start``, or even when nobody was there either.
    """
    keys = np.array([entity_key(camp) for camp in camps], np.int64)
    came, stayed = (
        ndtri(named_uniforms(seed, 0, members, DECISION.camp_pull, keys, day=what))[:, None, :]
        for what in (_ARRIVALS, _COUNTS)
    )
    run = people[np.arange(members) % len(people)]
    there = np.minimum(run, at_start)
    growth = np.sqrt(np.arange(1, people.shape[1] + 1) / COUNTS_DAYS)[None, :, None]
    whole = there * np.exp(spread[COUNTS_SIGMA] * stayed * growth)
    whole += (run - there) * np.exp(spread[ARRIVALS_SIGMA] * came)
    total = whole.sum(axis=2, keepdims=True)
    known = at_start.sum()
    empty = at_start / known if known > 0 else np.full(len(camps), 1 / max(len(camps), 1))
    return np.asarray(np.where(total > 0, whole / np.where(total > 0, total, 1.0), empty), np.float64)

"""Which sites can be open on which night.

``open(s,d,i) = 0`` outside the nights of the offer, where it is not honoured, and where nobody is; whole, and the same
in all scenarios, in the near days; any share of the site from 0 to 1 later.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from posada.plan.problem import Problem


def usable_nights(problem: Problem, occupied: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return where people can sleep at sites, ``(scenarios, days, sites, groups)``."""
    here = occupied[:, :, problem.site_place]
    usable = problem.site_open.T[None] & problem.site_kept[:, None] & (problem.site_low > 0)
    return np.asarray(here & usable[..., None], bool)

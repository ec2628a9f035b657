"""Where people lack places and where places are free when everybody stays where they are, as by the rule.

For each scenario, night and town::

    lacking = uptake × people > places by the low figure of the standard
    spare   = uptake × people < places by the low figure of the standard
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posada.model.demand import DemandScenarios
from posada.model.plan import PlanOptions

Flags = NDArray[np.bool_]

_NIL = 0.5
"""Half a person is nobody."""


@dataclass(frozen=True, eq=False)
class Shortfall:
    """Towns by scenario and day, each ``(scenarios, days, places)``; see the head of the module."""

    lacking: Flags
    spare: Flags


def find_shortfall(demand: DemandScenarios, options: PlanOptions, places: NDArray[np.float64]) -> Shortfall:
    """Return where people lack places and where places are free.

    Parameters
    ----------
    places : (scenarios, days, places)
        Places of all sites of a town whose offers stand and are honoured.
    """
    people = options.lodging_uptake_share * demand.people.sum(axis=3)
    return Shortfall(lacking=people > places + _NIL, spare=people < places - _NIL)

"""What stances make of a town's options, by the numbers that the simulation uses for them."""

from __future__ import annotations

import numpy as np

from posada.model.comparison import CompareOptions, Standing
from posada.model.demand import DemandScenarios
from posada.model.offers import STANCES
from posada.model.scenario import Scenario
from posada.model.stances import stances_by_day
from posada.ops.assumed import middle

WELCOME, TOLERATE, PUSH_ON, REFUSE = range(len(STANCES))


def standing_of(scenario: Scenario, demand: DemandScenarios, options: CompareOptions) -> Standing:
    """Return how the towns of a demand stand on its days.

    A town that tolerates people opens all of its places; another the share by which the simulation opens more or
    fewer (``lodging_welcome``, ``lodging_push_on``, ``lodging_refuse``, each in the middle), and never more than all.
    """
    places = {place: index for index, place in enumerate(demand.place_ids)}
    stance = stances_by_day(scenario, places, demand.dates[0], len(demand.dates))
    opened = [1.0 if name == "tolerate" else min(1.0, middle(scenario, f"lodging_{name}")) for name in STANCES]
    return Standing(
        welcomes=stance == WELCOME,
        pushes=(stance == PUSH_ON) | (stance == REFUSE),
        refuses=stance == REFUSE,
        places_share=np.array(opened)[stance],
        remote_km=np.where(stance == PUSH_ON, options.remote_km_per_night, 0.0),
    )

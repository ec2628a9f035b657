"""How towns stand on every day of a journey."""

from __future__ import annotations

import datetime as dt

import numpy as np
from numpy.typing import NDArray

from posada.model.offers import STANCES
from posada.model.scenario import Scenario


def stances_by_day(scenario: Scenario, places: dict[str, int], first: dt.date, days: int) -> NDArray[np.int64]:
    """Return positions in :data:`~posada.model.offers.STANCES`, ``(days, places)``: the latest row that holds.

    Parameters
    ----------
    places : mapping
        Position of each place on the axis, by identifier; stances of other places are left out.
    """
    stance = np.full((days, len(places)), STANCES.index(scenario.settings.default_stance), np.int64)
    for row in sorted(scenario.stances, key=lambda row: row.since):
        if row.place in places:
            stance[max(0, (row.since - first).days) :, places[row.place]] = STANCES.index(row.stance)
    return stance

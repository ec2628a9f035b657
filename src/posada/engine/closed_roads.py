"""Roads that closures close to groups: in a mixed run they walk the network on which people move dispersed."""

from __future__ import annotations

import datetime as dt

import numpy as np

from posada.engine.dispersal.links import build_openings
from posada.model.scenario import Scenario


def closed_roads(scenario: Scenario, first: dt.date, days: int) -> tuple[frozenset[int], ...]:
    """Return the positions among the routes of those that are closed on each day; nothing where no table closes any.

    Roads only, as for dispersed people. A road is among them also on days on which it does not exist by its own dates.
    """
    if not (scenario.is_mixed and scenario.closures):
        return ()
    since = scenario.settings.start
    before = (first - since).days
    dates = tuple(since + dt.timedelta(days=day) for day in range(before + days))
    openings = build_openings(scenario, dates, np.zeros((len(dates), len(scenario.places)), np.bool_))
    row_of_link: list[int] = []
    for index, row in enumerate(scenario.routes):
        if row.mode == "road":
            row_of_link.extend([index] * (1 if row.one_way else 2))
    closed = []
    for links in openings.open_links:
        still_open = {link for own in links for link in own}
        closed.append(frozenset(row for link, row in enumerate(row_of_link) if link not in still_open))
    return tuple(closed[epoch] for epoch in openings.epoch[before:])

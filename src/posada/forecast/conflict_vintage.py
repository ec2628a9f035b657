"""A conflict as it was known on a date: registrations and conflict up to that day, and nothing later.

Closures and changes of places are kept, with their dates: they are taken for decisions that were announced. So are
camps and their capacities; in published folders capacities were often taken from later registrations, which no rule
here can undo.
"""

from __future__ import annotations

import datetime as dt

from posada.model.scenario import Scenario
from posada.model.statements import REGISTERED


def conflict_as_known(scenario: Scenario, as_of: dt.date) -> Scenario:
    """Return the scenario without what was published, counted or fought after a date.

    The conflict of the day goes on: a place in conflict stays so. A correction is kept when the count that it leads
    up to is known.
    """
    counted = {
        (row.place, row.event_date)
        for row in scenario.reports
        if row.kind == REGISTERED and row.published <= as_of and row.event_date <= as_of
    }
    return scenario.replace(
        reports=tuple(row for row in scenario.reports if row.published <= as_of and row.event_date <= as_of),
        corrections=tuple(row for row in scenario.corrections if (row.place, row.date) in counted),
        conflicts=tuple(row for row in scenario.conflicts if row.date <= as_of),
        conditions=tuple(row for row in scenario.conditions if row.date <= as_of),
    )

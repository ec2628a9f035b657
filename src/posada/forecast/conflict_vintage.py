"""A conflict as it was known on a date: registrations and conflict up to that day, and nothing later.

Closures and changes of places are kept, with their dates: they are taken for decisions that were announced. So are
camps and their capacities; in published folders capacities were often taken from later registrations, which no rule
here can undo.
"""

from __future__ import annotations

import dataclasses
import datetime as dt

from posada.model.displacement import Movement
from posada.model.errors import InvalidValueError
from posada.model.scenario import Scenario
from posada.model.statements import REGISTERED


def conflict_as_known(scenario: Scenario, as_of: dt.date) -> Scenario:
    """Return the scenario without what was published, counted or fought after a date.

    The conflict of the day goes on: a place in conflict stays so. A correction is kept when the count that it leads
    up to is known.

    Raises
    ------
    InvalidValueError
        When people set out by high water, no place was in conflict by then, so that nobody could set out, or nobody
        was counted.
    """
    if scenario.movement is not None and scenario.movement.spawn_by_high_water:
        raise InvalidValueError(
            f"in '{scenario.settings.id}' people set out by high water; only of conflicts is it forecast from a day on "
            "who sets out. Run it, or validate it without a day."
        )
    begun = any(row.date <= as_of and row.intensity > 0 for row in scenario.conflicts)
    if not begun and not any(place.kind == "conflict_zone" for place in scenario.places):
        raise InvalidValueError(
            f"up to {as_of} no place of '{scenario.settings.id}' is in conflict, so nobody sets out. Name a later day."
        )
    reports = tuple(row for row in scenario.reports if row.published <= as_of and row.event_date <= as_of)
    counted = {(row.place, row.event_date) for row in reports if row.kind == REGISTERED}
    rules = scenario.movement or Movement()
    if not any(row.kind == REGISTERED and row.place is not None for row in reports):
        if not any(row.kind == REGISTERED and row.series is None for row in reports):
            raise InvalidValueError(
                f"up to {as_of} nobody has been counted in '{scenario.settings.id}', neither in a camp nor in all of "
                "them, so there is nothing to go on from. Name a later day."
            )
        rules = dataclasses.replace(rules, sum_from_camps=False)  # no camp was counted; only the total is known
    return scenario.replace(
        reports=reports,
        corrections=tuple(row for row in scenario.corrections if (row.place, row.date) in counted),
        conflicts=tuple(row for row in scenario.conflicts if row.date <= as_of),
        conditions=tuple(row for row in scenario.conditions if row.date <= as_of),
        movement=rules,
    )

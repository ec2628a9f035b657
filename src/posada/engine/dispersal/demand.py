"""How many people set out on each day because registrations rose, and who is in the camps at the start."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from posada.engine.world import Ints
from posada.model.registrations import newly_displaced, registered_series, running_sum
from posada.model.scenario import Scenario


@dataclass(frozen=True)
class Demand:
    """What registrations say, by day."""

    camp_ids: tuple[str, ...]
    registered: Ints  # (D, camps), or (D, 0)
    newly_registered: Ints  # (D,)
    raw_total: Ints  # (D,) running sum of newly registered
    new_people: Ints  # (D,) who set out
    debt: Ints  # (D,) arrivals to come that are cancelled, because registrations fell
    day0: Ints  # (P,)


def setting_out(newly_registered: Ints, first_day_waits: bool) -> tuple[Ints, Ints]:
    """Return how many people set out on each day, and the debt: people are never taken away when data fall.

    Parameters
    ----------
    newly_registered : (D,) ints
        Rise of registrations.
    first_day_waits : bool
        Whether nobody sets out on the first day, because the registered are put into the camps.
    """
    new_people = np.zeros_like(newly_registered)
    debts = np.zeros_like(newly_registered)
    debt = 0
    for day, rise in enumerate(newly_registered):
        new = 0 if day == 0 and first_day_waits else int(rise) - debt
        debt = max(-new, 0)
        new_people[day] = max(new, 0)
        debts[day] = debt
    return new_people, debts


def demand_of(scenario: Scenario, dates: tuple[dt.date, ...]) -> Demand:
    """Return what the registrations of a scenario say for its first days."""
    movement = scenario.movement
    assert movement is not None
    days = len(dates)
    series = registered_series(scenario)
    newly = newly_displaced(series, movement)[:days]
    from_registrations = movement.spawn_mode == "from_registrations" and not movement.spawn_by_high_water
    new_people, debt = setting_out(newly, movement.insert_day0)
    if not from_registrations:
        new_people, debt = np.zeros_like(newly), np.zeros_like(newly)
    day0 = dict(zip(series.places, series.camps[0], strict=True))
    return Demand(
        camp_ids=series.places,
        registered=series.camps[:days],
        newly_registered=newly,
        raw_total=running_sum(newly),
        new_people=new_people,
        debt=debt,
        day0=np.array([day0.get(row.id, 0) for row in scenario.places], np.int64),
    )

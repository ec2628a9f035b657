"""Checks of who sets out: the section ``[movement]`` has what it needs, and somebody has somewhere to set out from."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from posada.model.check_case import Case
from posada.model.displacement import Movement
from posada.model.findings import Finding
from posada.model.statements import REGISTERED

LEVELS_OF_WATER = 2
"""How many figures a list by level has at least: for level 0 and level 1."""


def movement_has_what_it_needs(case: Case) -> Iterator[Finding]:
    """Each way of setting out comes with its figures."""
    rules = case.scenario.movement
    if rules is None or not case.knows("movement"):
        return
    yield from _figures_of_spawning(case, rules)
    if rules.high_water_rules:
        for name in ("high_water_move_chances", "high_water_weights"):
            if not getattr(rules, name):
                message = f"'{name}' is empty, but 'high_water_rules' is yes."
                yield Finding("missing-value", case.movement_key(name), message, "Give a figure for each level.")
    if rules.high_water_forecast:
        for name in ("high_water_forecast_weights", "high_water_awareness_weights"):
            if not getattr(rules, name):
                message = f"'{name}' is empty, but 'high_water_forecast' is yes."
                yield Finding("missing-value", case.movement_key(name), message, "Give the weights.")
    for month in rules.harvest_months:
        if month not in range(1, 13):
            message = f"'harvest_months' holds {month:g}, which is no month."
            yield Finding("out-of-bounds", case.movement_key("harvest_months"), message, "Months are 1 to 12.")
    if any(multiplier < 0 for multiplier in rules.conflict_decay):
        message = "'conflict_decay' holds a number below 0."
        yield Finding("out-of-bounds", case.movement_key("conflict_decay"), message, "Multipliers are 0 or more.")


def people_count_one_each(case: Case) -> Iterator[Finding]:
    """Where people leave groups and move on dispersed, a simulated person is one person in both."""
    rules = case.scenario.movement
    if rules is None or not case.knows("movement") or not case.scenario.groups or rules.people_per_simulated == 1:
        return
    message = (
        f"'people_per_simulated' is {rules.people_per_simulated}, but there are groups, whose people count one each."
    )
    cure = "Leave it at 1, which costs next to nothing here; or take out the groups."
    yield Finding("out-of-bounds", case.movement_key("people_per_simulated"), message, cure)


def _figures_of_spawning(case: Case, rules: Movement) -> Iterator[Finding]:
    if rules.spawn_by_high_water:
        needed = "displaced_per_high_water_day"
        if len(rules.displaced_per_high_water_day) < LEVELS_OF_WATER:
            message = f"'{needed}' is empty or has one figure, but people set out by high water."
            yield Finding("missing-value", case.movement_key(needed), message, "Give a figure for each level, from 0.")
        if not any(row.kind == "high_water" for _, row in case.rows("conditions")) and case.knows("conditions"):
            message = "people set out by high water, but no row tells a level of it."
            cure = "Add rows of kind 'high_water' to the table of conditions."
            yield Finding("no-origin", case.file_of("conditions"), message, cure)
    elif rules.spawn_mode == "from_registrations":
        yield from _registrations_to_set_out_from(case, rules)
    elif rules.displaced_per_conflict_day is None:
        message = f"'displaced_per_conflict_day' is empty, but 'spawn_mode' is '{rules.spawn_mode}'."
        where = case.movement_key("displaced_per_conflict_day")
        yield Finding("missing-value", where, message, "Say how many people set out.")
    elif rules.spawn_mode == "population_share" and rules.displaced_per_conflict_day > 1:
        message = f"'displaced_per_conflict_day' is {rules.displaced_per_conflict_day:g}, but it is a share here."
        where = case.movement_key("displaced_per_conflict_day")
        yield Finding("out-of-bounds", where, message, "It must be between 0 and 1.")


def _registrations_to_set_out_from(case: Case, rules: Movement) -> Iterator[Finding]:
    if not case.knows("reports"):
        return
    if case.scenario.is_mixed and not case.scenario.displaces and rules.sum_from_camps:
        return  # people come from groups
    rows = [row for _, row in case.rows("reports") if row.kind == REGISTERED]
    if rules.sum_from_camps:
        found = any(row.place is not None or row.series is not None for row in rows)
        whose = "of a camp"
    else:
        found = any(row.place is None and row.series is None for row in rows)
        whose = "of all camps together"
    if not found:
        message = f"people set out as registrations rise, but no report of kind 'registered' is {whose}."
        cure = "Add them to the table of reports, or choose another 'spawn_mode' or 'sum_from_camps'."
        yield Finding("no-origin", case.file_of("reports"), message, cure)


def somebody_can_set_out(case: Case) -> Iterator[Finding]:
    """On each day some place with residents is in conflict, where that is what people set out from."""
    rules = case.scenario.movement
    settings = case.scenario.settings
    if rules is None or not case.knows("movement", "scenario", "conflicts", "places", "place_changes"):
        return
    if rules.spawn_by_high_water or not rules.spawn_only_in_conflict or rules.spawn_where_food_is_short:
        return
    if case.scenario.is_mixed and not case.scenario.displaces:
        return  # people come from groups
    if settings.start > settings.end or any(row.kind == "conflict_zone" for _, row in case.rows("place_changes")):
        return
    days = (settings.end - settings.start).days + 1
    without = [day for day, share in enumerate(_shares_in_conflict(case, days)) if share <= 0]
    if len(without) == days:
        message = "no place with residents is ever in conflict, so nobody can set out."
        cure = "Add rows to the table of conflicts, or the 'population' of the places that they name."
        yield Finding("no-origin", case.file_of("conflicts"), message, cure)
    elif without:
        first = settings.start + dt.timedelta(days=without[0])
        message = f"on {len(without)} days, first on {first.isoformat()}, no place with residents is in conflict."
        cure = "Nobody can set out on such a day; check the dates of the conflicts."
        yield Finding("days-without-origin", case.file_of("conflicts"), message, cure)


def _shares_in_conflict(case: Case, days: int) -> list[float]:
    """Return for each day the residents of places in conflict, each times its intensity."""
    start = case.scenario.settings.start
    changes: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for _, row in case.rows("conflicts"):
        changes[row.place].append(((row.date - start).days, row.intensity))
    residents = [0.0] * days
    for _, place in case.rows("places"):
        steps = sorted(changes.get(place.id, []))
        if place.kind == "conflict_zone" and not any(day <= 0 and intensity > 0 for day, intensity in steps):
            steps = [(0, 1.0), *(step for step in steps if step[0] > 0)]
        people = 1.0 if case.scenario.movement and _counts_alone(case.scenario.movement) else place.population or 0
        for number, (first, intensity) in enumerate(steps):
            last = steps[number + 1][0] if number + 1 < len(steps) else days
            for day in range(max(first, 0), min(last, days)):
                residents[day] += people * intensity
    return residents


def _counts_alone(rules: Movement) -> bool:
    """Tell whether as many people set out from a place in conflict as the settings say, however many live there."""
    return rules.spawn_mode in ("constant", "poisson")

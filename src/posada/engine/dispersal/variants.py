"""Variants of a prepared ensemble: other numbers on the same graph, a later first day, others who set out.

What takes long to prepare is the graph of stops, rides and landings. It depends on routes, closures and speeds, and not
on how much places attract. So an ensemble whose members differ in such numbers prepares it once, and the classes of
memory with it.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from posada.engine.dispersal.calendar import Calendar, build_calendar
from posada.engine.dispersal.simulate import Prepared
from posada.engine.dispersal.world import DispersalWorld, check_size, nearness_of, rules_of
from posada.engine.world import Floats, Ints
from posada.model.displacement import Movement
from posada.model.errors import InvalidValueError

VARIED = (
    "move_chance_conflict",
    "move_chance_camp",
    "move_chance_idp_camp",
    "move_chance_default",
    "weight_foreign",
    "weight_camp",
    "weight_conflict",
    "weight_softening",
    "softening_km",
    "distance_power",
    "capacity_buffer",
    "capacity_scaling",
)
"""Settings of ``[movement]`` that a variant may change: the graph does not depend on them."""


def with_movement(prepared: Prepared, movement: Movement, attraction: Floats | None = None) -> Prepared:
    """Return the ensemble with other numbers of movement, from its first day on.

    Parameters
    ----------
    movement : Movement
        May differ in :data:`VARIED` only.
    attraction : (places,) or None
        By what the attraction of each place is multiplied, in the order of the scenario; 1 when ``None``.

    Raises
    ------
    InvalidValueError
        When another setting differs, or an attraction is below zero or missing.
    """
    scenario, world = prepared.scenario, prepared.world
    before = scenario.movement
    assert before is not None
    other = [
        spec.name
        for spec in dataclasses.fields(Movement)
        if spec.name not in VARIED and getattr(before, spec.name) != getattr(movement, spec.name)
    ]
    if other:
        raise InvalidValueError(
            f"'{other[0]}' changes the graph of the ways; a variant may change {', '.join(VARIED)}."
        )
    varied = scenario.with_movement(movement)
    calendar = build_calendar(varied, prepared.dates, world.classes, prepared.demand.day0)
    if attraction is not None:
        if attraction.shape != (len(scenario.places),) or not (attraction >= 0).all():
            raise InvalidValueError(f"attraction needs {len(scenario.places)} numbers from 0 on, one for each place.")
        by_class = attraction[None, :] ** world.classes.power[:, None]
        calendar = calendar._replace(
            score=calendar.score * by_class,
            crawl=calendar.crawl * attraction,
            crawl_before=calendar.crawl_before * attraction,
        )
    ways = world.ways._replace(nearness=nearness_of(movement, world.ways.km))
    rules = rules_of(movement)
    return dataclasses.replace(
        prepared,
        scenario=varied,
        world=dataclasses.replace(world, calendar=calendar, ways=ways, rules=rules),
    )


def from_day(
    prepared: Prepared, day: int, in_place: Ints, new_people: Ints | None = None, *, days: int | None = None
) -> Prepared:
    """Return the ensemble from a later day on, with the people who are in places in the night before it.

    Nobody is under way then: whom registrations up to that day count has arrived. Conflict goes on to be as old as it
    is, which a scenario that begins on that day could not say.

    Parameters
    ----------
    day : int
        Position of the day among the dates, which becomes the first one.
    in_place : (places,)
        People in each place before anybody sets out on that day, in simulated people.
    new_people : (days from there,) or None
        How many set out on each day because registrations rise; as in the ensemble when ``None``.
    days : int or None
        How many days from there on are run; all when ``None``.

    Raises
    ------
    InvalidValueError
        When there is no such day, a shape does not fit, nobody can set out where people are to, or there are more
        than are simulated.
    """
    left = len(prepared.dates) - day
    if not 0 <= day < len(prepared.dates):
        raise InvalidValueError(f"there is no day {day} among {len(prepared.dates)}.")
    world, demand = prepared.world, prepared.demand
    people = demand.new_people[day:] if new_people is None else new_people
    if in_place.shape != world.start.in_camp.shape or people.shape != (left,):
        raise InvalidValueError(f"people are needed for {world.start.in_camp.size} places and {left} days.")
    later_days = world.days._replace(
        epoch=world.days.epoch[day:],
        new_people=people,
        turn_from=world.days.turn_from[day:],
        displaced=world.days.displaced[day:],
    )
    start = world.start._replace(people=np.zeros_like(world.start.people), in_camp=in_place)
    check_size(later_days, start, world.rules)
    later = dataclasses.replace(
        demand,
        registered=demand.registered[day:],
        newly_registered=demand.newly_registered[day:],
        raw_total=demand.raw_total[day:],
        new_people=people,
        debt=demand.debt[day:],
    )
    return dataclasses.replace(
        prepared,
        dates=prepared.dates[day:][:days],
        demand=later,
        world=dataclasses.replace(world, calendar=_calendar_from(world, day, people), days=later_days, start=start),
    )


def _calendar_from(world: DispersalWorld, day: int, new_people: Ints) -> Calendar:
    """Return the days from one on; where people are to set out and no place is in conflict, from where they did last.

    Raises
    ------
    InvalidValueError
        When people are to set out, and no place with residents was in conflict on any day before.
    """
    calendar = world.calendar
    can = (calendar.spawn_weight * world.start.residents).sum(axis=1) > 0.0
    last = np.maximum.accumulate(np.where(can, np.arange(can.size), -1))[day:]
    if (last[new_people > 0] < 0).any():
        raise InvalidValueError(
            "people are to set out, but no place with residents is or was in conflict; add rows to conflicts.csv, or a "
            "population"
        )
    by_day = {name: table[day:] for name, table in calendar._asdict().items() if name != "camp_at_start"}
    return calendar._replace(**by_day | {"spawn_weight": calendar.spawn_weight[np.maximum(last, 0)]})

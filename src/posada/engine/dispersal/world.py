"""Dispersed movement of one scenario as arrays: what the kernels read, the same for every member.

Axes: D days, P places, C need classes, U stops, J rides, T landings, O options of all epochs, B classes of the
memory of recent travel.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple, get_type_hints

import numpy as np

from posada.engine.dispersal.calendar import Calendar, build_calendar
from posada.engine.dispersal.classes import Classes, attribute_values, build_classes
from posada.engine.dispersal.conditions import level_between
from posada.engine.dispersal.links import Openings, build_openings
from posada.engine.dispersal.memory import Habits, Memory, classes_of_memory, without_memory
from posada.engine.dispersal.nodes import NodeMaker, Nodes
from posada.engine.dispersal.options import options_of_epoch
from posada.engine.draws import entity_key
from posada.engine.world import Floats, Ints
from posada.model.displacement import Movement
from posada.model.errors import InvalidValueError
from posada.model.scenario import Scenario

MEMORY_CELLS = 64
"""Most classes of the memory of recent travel at one stop, ride or landing."""

MOST_PEOPLE = 2_000_000_000
"""Most people of a member, with room for luck below what 32 bits hold."""

SPAWN_CODES = {"from_registrations": 0, "constant": 1, "poisson": 2, "population_share": 3}


class Rules(NamedTuple):
    """Numbers of ``[movement]`` that kernels use."""

    weight_softening: float
    weight_power: float
    pruning_threshold: float
    fixed_routes: bool
    capacity_buffer: float
    starts_on_foot: bool
    chance_population_base: float
    chance_population_power: float
    weight_population_power: float  # 0: residents do not count
    takes_residents: bool
    spawn: int  # a value of SPAWN_CODES
    displaced_rate: float  # people, or share of residents, at full intensity


class Ways(NamedTuple):
    """The options of all epochs."""

    option_from: Ints  # (E, P + 1) options of a place in an epoch
    step: Ints  # (O,) position of the first step among the steps of the place, -1 where there is no such link
    end: Ints  # (O,)
    km: Floats  # (O,) length
    nearness: Floats  # (O,) (softening + km) ** -distance_power
    of_yesterday: Ints  # (O,) 1 where fixed routes weigh the end by what it was yesterday
    home: Floats  # (O,) factor of the distance from the place, for who stays close to home
    limited: Ints  # (E, P) 1 where an option leads to a place that can be full


class Days(NamedTuple):
    """What differs from day to day."""

    epoch: Ints  # (D,)
    new_people: Ints  # (D,) who set out because registrations rose
    turn_from: Ints  # (D + 1,) rides whose link closes on a day
    turn_ride: Ints
    displaced: Floats  # (D, P) people, or share of residents, who set out by conflict or high water


class Start(NamedTuple):
    """The first day."""

    people: Ints  # (P, C) of stated classes
    in_camp: Ints  # (P,) whose classes are drawn
    residents: Floats  # (P,) who have not set out


class Place(NamedTuple):
    """Places."""

    key: Ints  # (P,)
    order: Ints  # (P,) the order in which people decide: camps first
    share: Floats  # (P, C) of the classes


@dataclass(frozen=True)
class DispersalWorld:
    """Everything that is the same for every member."""

    calendar: Calendar
    nodes: Nodes
    ways: Ways
    days: Days
    start: Start
    place: Place
    rules: Rules
    classes: Classes
    memory: Memory


def build_dispersal_world(
    scenario: Scenario, dates: tuple[dt.date, ...], new_people: Ints, day0: Ints, memory_cells: int = MEMORY_CELLS
) -> DispersalWorld:
    """Make the arrays of a scenario.

    Parameters
    ----------
    new_people : (D,) ints
        Who set out on each day because registrations rose.
    day0 : (P,) ints
        People registered in each place on the first day.

    Raises
    ------
    InvalidValueError
        When people are to set out on a day on which no place is in conflict, settings contradict each other, or there
        are more people than :data:`MOST_PEOPLE`.
    """
    movement = scenario.movement
    assert movement is not None
    classes = build_classes(scenario)
    calendar = build_calendar(scenario, dates, classes, day0)
    openings = build_openings(scenario, dates, calendar.is_marker)
    options = [options_of_epoch(scenario, openings, epoch) for epoch in range(len(openings.open_links))]
    maker = NodeMaker(movement, openings, options, tuple(row.id for row in scenario.places))
    nodes = maker.make()
    ways = _ways(scenario, maker, calendar)
    residents = np.array(
        [
            0.0
            if row.kind in ("camp", "idp_camp") or row.population is None
            else float(row.population // movement.people_per_simulated)
            for row in scenario.places
        ]
    )
    _check_sources(scenario, dates, calendar, residents, new_people)
    share = _share_of_steps(movement, calendar, nodes, ways)
    days = _days(movement, calendar, openings, nodes, new_people)
    start = _start(scenario, calendar, classes, residents, day0)
    check_size(days, start, rules_of(movement))
    camps_first = np.argsort(~calendar.is_camp[0], kind="stable").astype(np.int64)
    return DispersalWorld(
        calendar=calendar,
        nodes=nodes,
        ways=ways,
        days=days,
        start=start,
        place=Place(
            key=np.array([entity_key(row.id) for row in scenario.places], np.int64),
            order=camps_first,
            share=classes.share,
        ),
        rules=rules_of(movement),
        classes=classes,
        memory=_memory(movement, nodes, _habits(movement, calendar, share), memory_cells),
    )


def rules_of(movement: Movement) -> Rules:
    """Return the numbers of ``[movement]`` that kernels use."""
    keeps_all = movement.fixed_routes and movement.semantics == "flee"  # Flee prunes nothing there
    rules = Rules(
        weight_softening=movement.weight_softening,
        weight_power=movement.weight_power,
        pruning_threshold=0.0 if keeps_all or movement.pruning_threshold < 1.001 else movement.pruning_threshold,
        fixed_routes=movement.fixed_routes,
        capacity_buffer=movement.capacity_buffer,
        starts_on_foot=movement.start_on_foot,
        chance_population_base=movement.move_chance_population_base,
        chance_population_power=movement.move_chance_population_power,
        weight_population_power=movement.population_power_for_weight if movement.use_population_for_weight else 0.0,
        takes_residents=movement.take_from_population,
        spawn=SPAWN_CODES[movement.spawn_mode],
        displaced_rate=_displaced_rate(movement),
    )
    # A whole number where another has a fraction is another type, for which the whole engine is compiled again.
    kinds = get_type_hints(Rules).values()
    return Rules._make(float(value) if kind is float else value for kind, value in zip(kinds, rules, strict=True))


def _memory(movement: Movement, nodes: Nodes, habits: Habits, cells: int) -> Memory:
    if movement.avoid_short_stints:
        return classes_of_memory(nodes, habits, cells)
    return without_memory(nodes, nodes.stop_place.size + (habits.chance.size if movement.start_on_foot else 0))


def _habits(movement: Movement, calendar: Calendar, share: Floats) -> Habits:
    """Return what people are taken to do: that of the first day, so that what happens later changes no draw before."""
    chance, is_town = calendar.chance[0].mean(axis=0), ~calendar.is_camp[0]
    return Habits(
        chance=chance,
        chance_as_town=np.where(calendar.is_town[0], chance, movement.move_chance_default),
        share=share,
        sets_out=is_town / max(int(is_town.sum()), 1),
        is_town=is_town,
        max_move_km=movement.max_move_km_per_day,
        max_walk_km=movement.max_walk_km_per_day,
        starts_on_foot=movement.start_on_foot,
    )


def _share_of_steps(movement: Movement, calendar: Calendar, nodes: Nodes, ways: Ways) -> Floats:
    """Return who takes a step of a stop among those who leave, by distance and score of the first day, ``(X,)``.

    An option counts once, in however many epochs it is there.
    """
    place = np.concatenate([np.repeat(np.arange(own.size - 1), np.diff(own)) for own in ways.option_from])
    x = nodes.step_from[place] + ways.step
    options = np.unique(np.stack([x, ways.end, ways.nearness], axis=1)[ways.step >= 0], axis=0)
    x, end = options[:, 0].astype(np.int64), options[:, 1].astype(np.int64)
    weight = (movement.weight_softening + calendar.score[0].mean(axis=0)[end]) * options[:, 2]
    share = np.bincount(x, weight, nodes.step.size).astype(np.float64)  # of no options it makes whole numbers
    share[nodes.step_from[calendar.is_town.shape[1]] :] = 1.0  # of a route: that of the epoch, whichever it is
    stop = np.repeat(np.arange(nodes.stop_place.size), np.diff(nodes.step_from))
    total = np.bincount(stop, share, nodes.stop_place.size)[stop]
    return np.divide(share, total, out=np.zeros_like(share), where=total > 0.0)


def _ways(scenario: Scenario, maker: NodeMaker, calendar: Calendar) -> Ways:
    movement = scenario.movement
    assert movement is not None
    option_from = np.zeros((len(maker.options), len(scenario.places) + 1), np.int64)
    limited = np.zeros((len(maker.options), len(scenario.places)), np.int64)
    can_fill = (np.max(calendar.capacity, axis=0) >= 1.0).tolist()
    position = [{step: number for number, step in enumerate(own)} for own in maker.steps_of]
    step: list[int] = []
    end: list[int] = []
    km: list[float] = []
    home: list[float] = []
    of_yesterday: list[int] = []
    for epoch, row in enumerate(maker.options):
        for place, found in enumerate(row):
            option_from[epoch, place] = len(step)
            for option in found:
                first = maker.first_link[epoch].get((place, option.places[0]))
                step.append(-1 if first is None else position[place][maker.steps[first, option.places[1:]]])
                end.append(option.end)
                km.append(option.km)
                home.append(_home_factor(scenario, place, option.end))
                of_yesterday.append(int(movement.semantics == "flee" and option.end > place))
            limited[epoch, place] = any(can_fill[option.end] for option in found)
        option_from[epoch, -1] = len(step)
    return Ways(
        option_from=option_from,
        step=np.array(step, np.int64),
        end=np.array(end, np.int64),
        km=np.array(km, np.float64),
        nearness=nearness_of(movement, np.array(km, np.float64)),
        of_yesterday=np.array(of_yesterday, np.int64),
        home=np.array(home, np.float64),
        limited=limited,
    )


def nearness_of(movement: Movement, km: Floats) -> Floats:
    """Return by what the length of a way multiplies the attraction of its end."""
    return np.asarray((movement.softening_km + km) ** -movement.distance_power, np.float64)


def _home_factor(scenario: Scenario, start: int, end: int) -> float:
    movement = scenario.movement
    assert movement is not None
    if not movement.stay_close_to_home:
        return 1.0
    places = [scenario.places[index] for index in (start, end)]
    degrees = [(row.lat, row.lon) for row in places]
    if movement.semantics == "flee":
        degrees = [(lon, lat) for lat, lon in degrees]  # Flee takes the one for the other
    (lat1, lon1), (lat2, lon2) = np.radians(degrees)
    half = np.sin((lat2 - lat1) / 2) ** 2 + np.cos(lat1) * np.cos(lat2) * np.sin((lon2 - lon1) / 2) ** 2
    km = 6371.0 * 2.0 * np.arctan2(np.sqrt(half), np.sqrt(1.0 - half))
    return float(max(1.0, km) ** -movement.home_distance_power)


def _days(movement: Movement, calendar: Calendar, openings: Openings, nodes: Nodes, new_people: Ints) -> Days:
    link_of_ride = nodes.step_link[nodes.ride_step]
    turning: list[Ints] = []
    for day in range(openings.epoch.size):
        closed = np.isin(link_of_ride, openings.closing.get(day, ()))
        turning.append(np.flatnonzero(closed & (nodes.turned >= 0)))
    return Days(
        epoch=openings.epoch,
        new_people=new_people,
        turn_from=np.cumsum([0, *(rides.size for rides in turning)]).astype(np.int64),
        turn_ride=np.concatenate(turning).astype(np.int64),
        displaced=_displaced(movement, calendar),
    )


def _displaced(movement: Movement, calendar: Calendar) -> Floats:
    """Return by what the number, or the share of residents, who set out on a day is multiplied, ``(D, P)``."""
    if movement.spawn_by_high_water:
        by_level = np.frompyfunc(lambda level: level_between(movement.displaced_per_high_water_day, level), 1, 1)
        people = np.where(calendar.level > 0, by_level(calendar.level), 0.0).astype(np.float64)
        return people if movement.spawn_mode == "population_share" else np.floor(people)
    if movement.spawn_mode == "from_registrations":
        return np.zeros_like(calendar.spawn_intensity)
    return calendar.spawn_intensity


def _displaced_rate(movement: Movement) -> float:
    if movement.spawn_by_high_water or movement.displaced_per_conflict_day is None:
        return 1.0
    return float(movement.displaced_per_conflict_day)  # a whole number would be another type, and compiled anew


def _start(scenario: Scenario, calendar: Calendar, classes: Classes, residents: Floats, day0: Ints) -> Start:
    movement = scenario.movement
    assert movement is not None
    place = {row.id: index for index, row in enumerate(scenario.places)}
    in_camp = np.zeros(len(place), np.int64)
    if movement.insert_day0 and not movement.empty_camps_on_day0:
        reported = np.ones(len(place), np.bool_) if movement.spawn_by_high_water else calendar.camp_at_start
        in_camp += np.where(reported, day0, 0)
    people = np.zeros((len(place), classes.count), np.int64)
    residents = residents.copy()
    for row in scenario.present:
        if row.attributes is None:
            in_camp[place[row.place]] += 0 if movement.empty_camps_on_day0 else row.people
            continue
        people[place[row.place], classes.index_of(attribute_values(row.attributes))] += row.people
        if movement.take_from_population:
            residents[place[row.place]] -= row.people
    return Start(people=people, in_camp=in_camp, residents=np.maximum(residents, 0.0))


def _check_sources(
    scenario: Scenario, dates: tuple[dt.date, ...], calendar: Calendar, residents: Floats, new_people: Ints
) -> None:
    """Raise when people are to set out and no place is there that they could come from."""
    lacking = (new_people > 0) & ((calendar.spawn_weight * residents).sum(axis=1) <= 0.0)
    if lacking.any():
        day = int(np.flatnonzero(lacking)[0])
        raise InvalidValueError(
            f"registrations rise by {new_people[day]} people on {dates[day]}, but no place with residents is in "
            f"conflict on that day ({int(lacking.sum())} such days in all); add rows to conflicts.csv, or a population"
        )


def check_size(days: Days, start: Start, rules: Rules) -> None:
    """Raise when more people than :data:`MOST_PEOPLE` are to be expected in a member."""
    by_conflict = rules.displaced_rate * days.displaced.sum(axis=0)
    if rules.spawn == SPAWN_CODES["population_share"]:
        by_conflict = (np.minimum(by_conflict, 1.0) if rules.takes_residents else by_conflict) * start.residents
    people = float(start.people.sum() + start.in_camp.sum()) + float(days.new_people.sum()) + float(by_conflict.sum())
    if not people <= MOST_PEOPLE:
        raise InvalidValueError(
            f"there would be {people:,.0f} people, and the most that are simulated are {MOST_PEOPLE:,}; "
            "let one stand for several with people_per_simulated (hasten in a folder of Flee)"
        )

"""Records of dispersed movement: conflict, closures, conditions, who the people are, and how they move.

The rules are those of the Flee simulator (D. Suleimenova, D. Bell and D. Groen, "A generalized simulation
development approach for predicting refugee destinations", Scientific Reports 7, 2017, 13377; M. Ghorbani et al.,
Journal of Computational Science 81, 2024, 102371), so that its scenarios can be read as they are.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from posada.model.fields import Kind, column

SEMANTICS = ("posada", "flee")
CLOSURE_KINDS = ("country", "place", "route", "camp", "idp_camp")
CONDITION_KINDS = ("food_insecurity", "high_water")
SPAWN_MODES = ("from_registrations", "constant", "poisson", "population_share")


@dataclass(frozen=True, slots=True)
class Conflict:
    """The intensity of conflict in a place from a day on, until the next row of the place."""

    place: str = column(Kind.REFERENCE, "Where.", refers_to="places")
    date: dt.date = column(Kind.DATE, "From this day on.")
    intensity: float = column(Kind.NUMBER, "0: no conflict; 1: full.", unit="share", minimum=0, maximum=1)
    source: tuple[str, ...] = column(Kind.REFERENCES, "The sources of the row.", refers_to="sources")


@dataclass(frozen=True, slots=True)
class Closure:
    """A border, place, route or camp that closes on a day, and may reopen."""

    kind: str = column(
        Kind.CHOICE,
        "What closes: all routes between two countries, all routes of a place, one route; or a camp, which becomes "
        "a town.",
        options=CLOSURE_KINDS,
    )
    first: str = column(Kind.TEXT, "A country for 'country', otherwise the identifier of a place.")
    source: tuple[str, ...] = column(Kind.REFERENCES, "The sources of the row.", refers_to="sources")
    second: str | None = column(Kind.TEXT, "The other country, or the other end of the route.", default=None)
    closes: dt.date | None = column(Kind.DATE, "Day on which it closes; empty: it never does.", default=None)
    reopens: dt.date | None = column(Kind.DATE, "Day on which it reopens; empty: it never does.", default=None)


@dataclass(frozen=True, slots=True)
class PlaceChange:
    """A place that becomes one of another kind on a day."""

    place: str = column(Kind.REFERENCE, "Which place.", refers_to="places")
    date: dt.date = column(Kind.DATE, "From this day on.")
    kind: str = column(Kind.TEXT, "The kind that it becomes, one of those of places.csv.")
    source: tuple[str, ...] = column(Kind.REFERENCES, "The sources of the row.", refers_to="sources")


@dataclass(frozen=True, slots=True)
class Condition:
    """Food insecurity of a region, or the level of high water in a place, on a day."""

    kind: str = column(Kind.CHOICE, "What is measured.", options=CONDITION_KINDS)
    where: str = column(Kind.TEXT, "For food insecurity an admin1 of places.csv, for high water a place.")
    date: dt.date = column(Kind.DATE, "The day of the figure.")
    value: float = column(
        Kind.NUMBER,
        "Food insecurity: percent of people (0 to 100), interpolated between days. High water: level, 0 to 4, that "
        "holds until the next row of the place.",
        unit="see kind",
        minimum=0,
        maximum=100,
    )
    source: tuple[str, ...] = column(Kind.REFERENCES, "The sources of the row.", refers_to="sources")


@dataclass(frozen=True, slots=True)
class PlaceAttribute:
    """A number about a place that some rule of movement uses, such as people of one ethnicity."""

    place: str = column(Kind.REFERENCE, "Which place.", refers_to="places")
    name: str = column(Kind.TEXT, "What it is.")
    value: float = column(Kind.NUMBER, "The number.", unit="see name")
    source: tuple[str, ...] = column(Kind.REFERENCES, "The sources of the row.", refers_to="sources")


@dataclass(frozen=True, slots=True)
class Demographic:
    """How many of the people who set out have a value of an attribute: a weight among the values of it."""

    attribute: str = column(Kind.ID, "Such as age or gender.")
    value: str = column(Kind.TEXT, "One of its values.")
    weight: float = column(Kind.NUMBER, "Weight among the values of the attribute.", unit="ratio", minimum=0)
    source: tuple[str, ...] = column(Kind.REFERENCES, "The sources of the row.", refers_to="sources")
    place: str | None = column(
        Kind.REFERENCE,
        "Where the people set out; empty: wherever no row names the place.",
        refers_to="places",
        default=None,
    )


@dataclass(frozen=True, slots=True)
class KnownRoute:
    """One step of a well-known way of several routes, which people weigh as if it were a quarter as long."""

    way: str = column(Kind.ID, "Identifier of the way.")
    step: int = column(Kind.INTEGER, "Number of the step, from 0.", unit="steps", minimum=0)
    place: str = column(Kind.REFERENCE, "The place at this step.", refers_to="places")
    source: tuple[str, ...] = column(Kind.REFERENCES, "The sources of the row.", refers_to="sources")


@dataclass(frozen=True, slots=True)
class Present:
    """People who are in a place on the first day, and are not in the registrations."""

    place: str = column(Kind.REFERENCE, "Where.", refers_to="places")
    people: int = column(Kind.INTEGER, "How many.", unit="people", minimum=0)
    source: tuple[str, ...] = column(Kind.REFERENCES, "The sources of the row.", refers_to="sources")
    attributes: str | None = column(
        Kind.TEXT, "What they have in common, as 'age=30;gender=female'; empty: drawn.", default=None
    )


@dataclass(frozen=True, slots=True)
class Correction:
    """A day on which registrations of a camp were counted anew: what stands before it is scaled to join it."""

    place: str = column(Kind.REFERENCE, "The camp.", refers_to="places")
    date: dt.date = column(Kind.DATE, "The day of the new count.")
    source: tuple[str, ...] = column(Kind.REFERENCES, "The sources of the row.", refers_to="sources")


def _chance(meaning: str, default: float) -> Any:
    return column(Kind.NUMBER, meaning, unit="share per day", minimum=0, maximum=1, default=default)


def _way_of_a_day(meaning: str, default: float) -> Any:
    return column(Kind.NUMBER, meaning, unit="km/day", minimum=0.1, maximum=5000, default=default)


@dataclass(frozen=True, slots=True)
class Movement:
    """How dispersed people move: the section ``[movement]`` of ``scenario.toml``."""

    semantics: str = column(
        Kind.CHOICE,
        "'flee' repeats the faults of Flee that change results; 'posada' corrects them.",
        options=SEMANTICS,
        default="posada",
    )
    # Who sets out.
    spawn_mode: str = column(
        Kind.CHOICE,
        "Who sets out: as many as registrations rise; a number, or a Poisson number, for each place in conflict and "
        "day; a share of its population.",
        options=SPAWN_MODES,
        default="from_registrations",
    )
    displaced_per_conflict_day: float | None = column(
        Kind.NUMBER,
        "People, or share of the population, per place in conflict and day, at full intensity.",
        unit="see spawn_mode",
        minimum=0,
        default=None,
    )
    spawn_by_high_water: bool = column(
        Kind.YES_NO, "Whether people set out where there is high water, instead of conflict.", default=False
    )
    displaced_per_high_water_day: tuple[float, ...] = column(
        Kind.NUMBERS,
        "As displaced_per_conflict_day, for the levels 0, 1, 2 ... of high water.",
        unit="see spawn_mode",
        default=(),
    )
    spawn_where_food_is_short: bool = column(
        Kind.YES_NO, "Whether people also set out by food insecurity.", default=False
    )
    spawn_only_in_conflict: bool = column(
        Kind.YES_NO, "Whether people set out only from places in conflict.", default=True
    )
    take_from_population: bool = column(
        Kind.YES_NO, "Whether who sets out is taken from the population of the place.", default=False
    )
    insert_day0: bool = column(
        Kind.YES_NO, "Whether people registered on the first day are in the camps at the start.", default=True
    )
    empty_camps_on_day0: bool = column(
        Kind.YES_NO,
        "Whether camps start empty, and registrations of the first day are taken off all later ones.",
        default=False,
    )
    sum_from_camps: bool = column(
        Kind.YES_NO, "Whether the total is the sum over camps, not the series of totals.", default=True
    )
    conflict_decay: tuple[float, ...] = column(
        Kind.NUMBERS,
        "Multipliers of setting out by time since a conflict began; empty: none.",
        unit="ratio",
        default=(),
    )
    conflict_decay_interval_days: int = column(
        Kind.INTEGER, "Days after which the next multiplier holds.", unit="days", minimum=1, default=30
    )
    people_per_simulated: int = column(
        Kind.INTEGER, "Real people whom one simulated person stands for.", unit="people", minimum=1, default=1
    )
    # Whether people go on.
    move_chance_conflict: float = _chance("Chance to leave a place in conflict.", 1.0)
    move_chance_camp: float = _chance("Chance to leave a camp.", 0.001)
    move_chance_idp_camp: float = _chance("Chance to leave a camp in the home country.", 0.1)
    move_chance_default: float = _chance("Chance to leave any other place.", 0.3)
    move_chance_population_base: float = column(
        Kind.NUMBER, "Population at which move chances hold as they are.", unit="people", minimum=1, default=10_000.0
    )
    move_chance_population_power: float = column(
        Kind.NUMBER,
        "Power of population over that base, by which move chances are multiplied.",
        unit="power",
        default=0.0,
    )
    leave_when_food_is_short: bool = column(Kind.YES_NO, "Whether food insecurity makes people leave.", default=False)
    harvest_months: tuple[float, ...] = column(
        Kind.NUMBERS,
        "Months (1 to 12) in which nobody moves and everybody is counted at home.",
        unit="months",
        default=(),
    )
    # Where to.
    awareness_steps: int = column(
        Kind.INTEGER, "How many routes ahead people know the places.", unit="steps", minimum=-1, maximum=6, default=1
    )
    weight_foreign: float = column(Kind.NUMBER, "Attraction of places abroad.", unit="ratio", minimum=0, default=1.0)
    weight_camp: float = column(Kind.NUMBER, "Attraction of camps.", unit="ratio", minimum=0, default=1.0)
    weight_conflict: float = column(
        Kind.NUMBER, "Attraction of places in conflict.", unit="ratio", minimum=0, default=10**-0.5
    )
    softening_km: float = column(Kind.NUMBER, "Added to every distance.", unit="km", minimum=0, default=10.0)
    weight_softening: float = column(Kind.NUMBER, "Added to every attraction.", unit="ratio", minimum=0, default=0.0)
    weight_power: float = column(Kind.NUMBER, "Power of the whole weight.", unit="power", default=1.0)
    distance_power: float = column(Kind.NUMBER, "Power of distance.", unit="power", default=1.0)
    pruning_threshold: float = column(
        Kind.NUMBER,
        "From 1.001: ways that weigh less than the best one over this are not taken.",
        unit="ratio",
        default=1.0,
    )
    fixed_routes: bool = column(
        Kind.YES_NO, "Whether of several ways to a place only the best one counts.", default=False
    )
    stay_close_to_home: bool = column(Kind.YES_NO, "Whether places far away attract less.", default=False)
    home_distance_power: float = column(Kind.NUMBER, "Power of that distance.", unit="power", default=0.5)
    use_population_for_weight: bool = column(
        Kind.YES_NO, "Whether places with more residents attract more.", default=False
    )
    population_power_for_weight: float = column(Kind.NUMBER, "Power of residents.", unit="power", default=0.1)
    use_economic_pull: bool = column(
        Kind.YES_NO, "Whether trade_volume and hdi of a place abroad attract.", default=False
    )
    avoid_places_short_of_food: bool = column(
        Kind.YES_NO, "Whether food insecurity at home makes a place less attractive.", default=False
    )
    capacity_buffer: float = column(
        Kind.NUMBER,
        "Share of the capacity from which a camp attracts less.",
        unit="share",
        minimum=0,
        maximum=1,
        default=0.9,
    )
    capacity_scaling: float = column(Kind.NUMBER, "Multiplier of every capacity.", unit="ratio", minimum=0, default=1.0)
    # How fast.
    max_move_km_per_day: float = _way_of_a_day("Way of a day by vehicle.", 360.0)
    max_walk_km_per_day: float = _way_of_a_day("Way of a day on foot.", 35.0)
    start_on_foot: bool = column(Kind.YES_NO, "Whether the first route is walked.", default=False)
    avoid_short_stints: bool = column(
        Kind.YES_NO, "Whether people go on through towns until they have travelled a full day of two.", default=False
    )
    # Who chooses otherwise.
    children_avoid_hazards: bool = column(Kind.YES_NO, "Children (under 19) weigh safety more.", default=False)
    women_avoid_hazards: bool = column(Kind.YES_NO, "Women weigh safety more.", default=False)
    elderly_avoid_hazards: bool = column(Kind.YES_NO, "People over 59 weigh safety more.", default=False)
    boys_take_risk: bool = column(Kind.YES_NO, "Boys do not weigh safety.", default=False)
    match_camp_religion: bool = column(Kind.YES_NO, "Camps with more people of one's religion attract.", default=False)
    match_camp_ethnicity: bool = column(
        Kind.YES_NO, "Camps with more people of one's ethnicity attract.", default=False
    )
    match_town_ethnicity: bool = column(
        Kind.YES_NO, "Towns with more people of one's ethnicity attract.", default=False
    )
    match_conflict_ethnicity: bool = column(
        Kind.YES_NO, "Places in conflict with more people of one's ethnicity attract.", default=False
    )
    average_religion_share: float = column(
        Kind.NUMBER,
        "Share of one's religion at which a camp attracts as if it were not looked at.",
        unit="share",
        minimum=0.0001,
        maximum=1,
        default=0.25,
    )
    # High water.
    high_water_rules: bool = column(Kind.YES_NO, "Whether high water changes movement.", default=False)
    high_water_move_chances: tuple[float, ...] = column(
        Kind.NUMBERS, "Move chances at the levels 0, 1, 2 ... of high water.", unit="share per day", default=()
    )
    high_water_weights: tuple[float, ...] = column(
        Kind.NUMBERS, "Attraction at the levels 0, 1, 2 ... of high water.", unit="ratio", default=()
    )
    high_water_forecast: bool = column(Kind.YES_NO, "Whether people act on a forecast of high water.", default=False)
    high_water_forecast_days: int = column(
        Kind.INTEGER, "How many days ahead they know it.", unit="days", minimum=0, default=0
    )
    high_water_forecast_end_day: int = column(
        Kind.INTEGER, "Last day of the forecast, from 0.", unit="days", minimum=0, default=0
    )
    high_water_forecast_weights: tuple[float, ...] = column(
        Kind.NUMBERS, "Weight of each day of the forecast.", unit="ratio", default=()
    )
    high_water_awareness_weights: tuple[float, ...] = column(
        Kind.NUMBERS,
        "Weight of the forecast by the attribute floodawareness of the person.",
        unit="ratio",
        default=(),
    )
    default_conflict_intensity: float = column(
        Kind.NUMBER,
        "Intensity where a place change makes a place one in conflict.",
        unit="share",
        minimum=0,
        maximum=1,
        default=1.0,
    )

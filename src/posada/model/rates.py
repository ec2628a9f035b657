"""The catalogue of the model's uncertain numbers, and the record that gives one a distribution.

Every rate has a unit, bounds, a meaning and a default distribution. The defaults are project assumptions,
shown as such by ``check``; a scenario replaces them in ``parameters.csv``, with a source.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from posada.model.fields import Kind, column, parse_decimal

DISTRIBUTIONS = {
    "constant": ("value",),
    "uniform": ("low", "high"),
    "triangular": ("low", "likely", "high"),
    "normal": ("mean", "sd"),
    "lognormal": ("median", "sigma_log"),
    "beta": ("alpha", "beta"),
}
"""Distributions by name, with the names of their values, in order."""


@dataclass(frozen=True, slots=True)
class Rate:
    """An entry of the catalogue: a number that is drawn once for each member of the ensemble."""

    name: str
    unit: str
    minimum: float
    maximum: float
    distribution: str
    values: tuple[float, ...]
    meaning: str


def _rate(name: str, unit: str, bounds: tuple[float, float], law: str, values: tuple[float, ...], meaning: str) -> Rate:
    return Rate(name, unit, bounds[0], bounds[1], law, values, meaning)


_SHARE = (0.0, 1.0)
_POSITIVE = (1e-9, math.inf)
_ANY = (0.0, math.inf)
_TRI = "triangular"

_MOVING = (
    _rate(
        "walk_km_per_day",
        "km/day",
        (1, 80),
        "lognormal",
        (32, 0.3),
        "Stage that the group walks on a day of walking.",
    ),
    _rate("walk_km_day_sigma", "log sd", (0, 2), _TRI, (0.15, 0.25, 0.4), "Spread of the stage from day to day."),
    _rate(
        "walk_km_person_sigma",
        "log sd",
        (0, 2),
        _TRI,
        (0.1, 0.2, 0.35),
        "Spread of a day's reach between people.",
    ),
    _rate(
        "walk_factor_slower",
        "share",
        (0.05, 1),
        _TRI,
        (0.7, 0.85, 1.0),
        "Reach on foot of children and older people, against the group's.",
    ),
    _rate(
        "walk_factor_limited",
        "share",
        (0.05, 1),
        _TRI,
        (0.2, 0.4, 0.6),
        "Reach on foot of people with limited mobility or in need of an ambulance.",
    ),
    _rate(
        "lift_probability_per_day",
        "share",
        _SHARE,
        "beta",
        (3, 3),
        "Chance that drivers give lifts on a day on the road.",
    ),
    _rate(
        "lift_share",
        "share",
        _SHARE,
        "beta",
        (4, 3),
        "Share of the people who get a lift on a day with lifts.",
    ),
    _rate("lift_km_per_day", "km/day", (1, 600), "lognormal", (120, 0.4), "Reach of those who get lifts."),
    _rate(
        "rest_probability_per_day",
        "share",
        _SHARE,
        "beta",
        (6, 15),
        "Chance that the group rests rather than goes on, in a town that tolerates it.",
    ),
    _rate(
        "city_halt_probability",
        "share",
        _SHARE,
        "beta",
        (5, 2),
        "Chance of a long halt on arrival in a large city (kind 'city').",
    ),
    _rate(
        "city_halt_nights",
        "nights",
        (1, 30),
        _TRI,
        (2, 4, 7),
        "Nights of a long halt, or of an announced stop without a stated length.",
    ),
    _rate(
        "wait_for_papers_probability_per_day",
        "share",
        _SHARE,
        "beta",
        (6, 4),
        "Chance that the group stays while papers are being given out where it is.",
    ),
    _rate(
        "train_wait_days",
        "days",
        _ANY,
        _TRI,
        (0.5, 1, 2),
        "Mean days of waiting for each boarding of a freight train.",
    ),
    _rate(
        "train_km_per_day",
        "km/day",
        (1, 1500),
        _TRI,
        (180, 320, 500),
        "Way made on a day on a freight train.",
    ),
    _rate("departure_hour", "hour of day", (0, 12), _TRI, (3, 4.5, 7), "When the group sets out."),
    _rate("walk_km_per_hour", "km/h", (1, 8), _TRI, (3.5, 4.5, 5.5), "Speed on foot."),
    _rate("vehicle_km_per_hour", "km/h", (5, 120), _TRI, (45, 60, 75), "Speed of vehicles, stops included."),
    _rate("vehicle_hours_per_day", "h/day", (0, 24), _TRI, (6, 10, 14), "Hours a day in which vehicles run."),
)
_OFFERING = (
    _rate(
        "offer_probability_per_day",
        "share",
        _SHARE,
        "beta",
        (2, 5),
        "Chance that a town offers onward transport that no vehicle row lists.",
    ),
    _rate(
        "offer_seats_share",
        "share",
        (0, 3),
        _TRI,
        (0.1, 0.5, 1.0),
        "Seats of such an offer, as a share of the group.",
    ),
    _rate("offer_range_km", "km", (1, 2000), "lognormal", (80, 0.8), "How far such an offer carries people."),
    _rate(
        "offer_honoured_share",
        "share",
        _SHARE,
        "beta",
        (6, 3),
        "Chance that an offer of transport is honoured.",
    ),
    _rate(
        "ride_share_needed",
        "share",
        _SHARE,
        _TRI,
        (0.4, 0.6, 0.9),
        "Share of the people who must have a seat for the group to plan by the vehicles' reach.",
    ),
)
_CHOOSING = (
    _rate(
        "progress_weight",
        "logit",
        (0, 50),
        _TRI,
        (2, 4, 8),
        "Pull of progress towards the destination (1 = the whole reach of the day).",
    ),
    _rate(
        "room_weight",
        "logit",
        (0, 50),
        _TRI,
        (0, 1, 2),
        "Pull of covered places for everybody in the next stop.",
    ),
    _rate("stance_weight", "logit", (0, 50), _TRI, (0, 1, 2), "Pull of a welcome, push of a refusal."),
    _rate("itinerary_weight", "logit", (0, 50), _TRI, (2, 4, 6), "Pull of a stop that was announced."),
)
_PARTING = (
    _rate(
        "forerunner_probability_per_day",
        "share",
        _SHARE,
        "beta",
        (2, 30),
        "Chance that some go ahead of the group.",
    ),
    _rate(
        "forerunner_share",
        "share",
        _SHARE,
        "beta",
        (3, 17),
        "Share of adults without other needs who go ahead then.",
    ),
    _rate(
        "broken_offer_split_probability",
        "share",
        _SHARE,
        "beta",
        (5, 3),
        "Chance that a broken promise of transport splits the group.",
    ),
    _rate("broken_offer_split_share", "share", _SHARE, "beta", (4, 8), "Share who part from the group then."),
    _rate(
        "merge_probability_per_day",
        "share",
        _SHARE,
        "beta",
        (6, 2),
        "Chance that two groups in one town go on together.",
    ),
    _rate(
        "join_share_per_day",
        "share",
        (0, 2),
        "triangular",
        (0, 0.005, 0.02),
        "People who join, as a share of the group.",
    ),
    _rate(
        "leave_rate_at_halt_per_day",
        "1/day",
        _SHARE,
        "beta",
        (2, 60),
        "Chance to leave the group on a day of rest.",
    ),
    _rate(
        "leave_rate_on_road_per_day",
        "1/day",
        _SHARE,
        "beta",
        (2, 250),
        "Chance to leave the group on a day of travel.",
    ),
    _rate(
        "leave_rate_at_offer_per_day",
        "1/day",
        _SHARE,
        "beta",
        (2, 30),
        "Additional chance to leave where papers are being given out.",
    ),
    _rate(
        "permitted_departure_rate_per_day",
        "1/day",
        _SHARE,
        "beta",
        (3, 9),
        "Chance that people with papers leave the group and travel on alone.",
    ),
    _rate(
        "alone_onward_rate_per_day",
        "1/day",
        _SHARE,
        "beta",
        (3, 12),
        "Chance that people alone set out again for the border.",
    ),
    _rate(
        "alone_km_per_day",
        "km/day",
        (1, 2000),
        "lognormal",
        (250, 0.5),
        "Way that people alone make in a day.",
    ),
)
_LODGING = (
    _rate(
        "site_uptake_share",
        "share",
        _SHARE,
        "beta",
        (9, 3),
        "Share who take a covered place when there is one; others prefer the square.",
    ),
    _rate("rain_probability_per_day", "share", _SHARE, "beta", (3, 17), "Chance of rain in a town at night."),
    _rate("rain_uptake_share", "share", _SHARE, "beta", (18, 2), "Share who take a covered place in rain."),
    _rate(
        "lodging_refusal_probability",
        "share",
        _SHARE,
        "beta",
        (1, 19),
        "Chance that a covered site is not opened on a night though it was offered.",
    ),
    _rate(
        "covered_m2_per_person",
        "m2/person",
        (0.5, 20),
        "constant",
        (3.5,),
        "Floor that a covered place takes (Sphere 2018).",
    ),
    _rate(
        "unreported_places_per_resident",
        "share",
        _SHARE,
        "lognormal",
        (0.01, 1.0),
        "Covered places that a town with no reported site opens, per resident.",
    ),
    _rate(
        "capacity_church",
        "people",
        _ANY,
        "lognormal",
        (300, 0.6),
        "Covered places in a church or parish whose capacity nobody reported.",
    ),
    _rate(
        "capacity_sports_ground",
        "people",
        _ANY,
        "lognormal",
        (1700, 0.7),
        "The same of a sports ground or dome.",
    ),
    _rate("capacity_stadium", "people", _ANY, "lognormal", (5400, 0.2), "The same of a stadium."),
    _rate(
        "capacity_auditorium",
        "people",
        _ANY,
        "lognormal",
        (4500, 0.3),
        "The same of an auditorium or concert hall.",
    ),
    _rate(
        "capacity_warehouse",
        "people",
        _ANY,
        "lognormal",
        (900, 0.7),
        "The same of an empty warehouse or factory.",
    ),
    _rate("capacity_school", "people", _ANY, "lognormal", (300, 0.6), "The same of a school."),
    _rate(
        "capacity_shelter",
        "people",
        _ANY,
        "lognormal",
        (300, 0.8),
        "The same of a shelter that was there before.",
    ),
    _rate("capacity_other", "people", _ANY, "lognormal", (300, 0.9), "The same of any other roof."),
)
_STANDING = tuple(
    _rate(
        f"{what}_{stance}",
        "ratio",
        (0, 20),
        _TRI,
        values,
        f"{says} where the stance is '{stance}', against 'tolerate'.",
    )
    for what, says, by_stance in (
        (
            "lodging",
            "Covered places opened",
            {"welcome": (1.0, 1.2, 1.5), "push_on": (0.5, 0.8, 1.0), "refuse": (0.0, 0.1, 0.3)},
        ),
        (
            "transport",
            "Onward transport offered",
            {"welcome": (0.8, 1.0, 1.3), "push_on": (1.2, 1.8, 2.5), "refuse": (0.1, 0.4, 0.8)},
        ),
        (
            "stay",
            "Chance to rest",
            {"welcome": (1.0, 1.2, 1.5), "push_on": (0.4, 0.6, 0.9), "refuse": (0.1, 0.3, 0.6)},
        ),
    )
    for stance, values in by_stance.items()
)
_COMPOSING = (
    _rate("share_women", "share", _SHARE, "beta", (26, 74), "Women among the people of a group."),
    _rate("share_children", "share", _SHARE, "beta", (22, 78), "Children among the people of a group."),
    _rate("share_older", "share", _SHARE, "beta", (2, 98), "Older people among the people of a group."),
    _rate("share_limited_mobility", "share", _SHARE, "beta", (2, 98), "People who need an accessible seat."),
    _rate("share_medical", "share", _SHARE, "beta", (1, 99), "People who need an ambulance on a day of travel."),
)

RATES: dict[str, Rate] = {
    rate.name: rate for rate in (*_MOVING, *_OFFERING, *_CHOOSING, *_PARTING, *_LODGING, *_STANDING, *_COMPOSING)
}
"""The catalogue by name, in the order in which it is documented."""

UNITS = tuple(sorted({rate.unit for rate in RATES.values()}))


@dataclass(frozen=True, slots=True)
class Parameter:
    """The distribution of one rate in one scenario, with its source."""

    name: str = column(Kind.ID, "A rate of the catalogue.")
    distribution: str = column(Kind.CHOICE, "Its distribution.", options=tuple(DISTRIBUTIONS))
    values: str = column(Kind.TEXT, "The values of the distribution, separated by ';', in its order.")
    unit: str = column(Kind.CHOICE, "The unit of the rate, repeated for the reader.", options=UNITS)
    source: tuple[str, ...] = column(Kind.REFERENCES, "The sources of the row.", refers_to="sources")
    meaning: str | None = column(Kind.TEXT, "How the numbers were obtained.", default=None)

    def numbers(self) -> tuple[float, ...]:
        """Return the values as numbers.

        Raises
        ------
        ValueError
            When a value is not a finite number.
        """
        return tuple(parse_decimal(part) for part in self.values.split(";"))

"""The rows of the catalogue of rates: every uncertain number of the model, with the default that is assumed.

The defaults are project assumptions; :mod:`posada.model.rates` says how a scenario replaces them.
"""

from __future__ import annotations

import math

from posada.model.distributions import Rate

_SHARE = (0.0, 1.0)
_ANY = (0.0, math.inf)
_TRI = "triangular"

_MOVING = (
    Rate("walk_km_per_day", "km/day", (1, 80), "lognormal", (32, 0.3), "Stage the group walks on a day of walking."),
    Rate("walk_km_day_sigma", "log sd", (0, 2), _TRI, (0.15, 0.25, 0.4), "Spread of the stage from day to day."),
    Rate(
        "walk_km_person_sigma",
        "log sd",
        (0, 2),
        _TRI,
        (0.1, 0.2, 0.35),
        "Spread of a day's reach between people.",
    ),
    Rate(
        "walk_factor_slower",
        "share",
        (0.05, 1),
        _TRI,
        (0.7, 0.85, 1.0),
        "Reach on foot of children and older people, against the group's.",
    ),
    Rate(
        "walk_factor_limited",
        "share",
        (0.05, 1),
        _TRI,
        (0.2, 0.4, 0.6),
        "Reach on foot of people with limited mobility or in need of an ambulance.",
    ),
    Rate(
        "lift_probability_per_day",
        "share",
        _SHARE,
        "beta",
        (3, 3),
        "Chance that drivers give lifts on a day on the road.",
    ),
    Rate(
        "lift_share",
        "share",
        _SHARE,
        "beta",
        (4, 3),
        "Share of the people who get a lift on a day with lifts.",
    ),
    Rate("lift_km_per_day", "km/day", (1, 600), "lognormal", (120, 0.4), "Reach of those who get lifts."),
    Rate("long_road_km_per_day", "km/day", (1, 1500), "lognormal", (150, 0.6), "Way on roads that nobody walks."),
    Rate(
        "rest_probability_per_day",
        "share",
        _SHARE,
        "beta",
        (6, 15),
        "Chance that the group rests rather than goes on, in a town that tolerates it.",
    ),
    Rate(
        "city_halt_probability",
        "share",
        _SHARE,
        "beta",
        (5, 2),
        "Chance of a long halt on arrival in a large city (kind 'city') to which people walk.",
    ),
    Rate(
        "city_halt_nights",
        "nights",
        (1, 30),
        _TRI,
        (2, 4, 7),
        "Nights of a long halt, or of an announced stop without a stated length.",
    ),
    Rate(
        "wait_for_papers_probability_per_day",
        "share",
        _SHARE,
        "beta",
        (6, 4),
        "Chance that the group stays while papers are being given out where it is.",
    ),
    Rate(
        "train_wait_days",
        "days",
        _ANY,
        _TRI,
        (0.5, 1, 2),
        "Mean days of waiting for each boarding of a freight train.",
    ),
    Rate(
        "train_km_per_day",
        "km/day",
        (1, 1500),
        _TRI,
        (180, 320, 500),
        "Way made on a day on a freight train.",
    ),
    Rate("departure_hour", "hour of day", (0, 12), _TRI, (3, 4.5, 7), "When the group sets out."),
    Rate("walk_km_per_hour", "km/h", (1, 8), _TRI, (3.5, 4.5, 5.5), "Speed on foot."),
    Rate("vehicle_km_per_hour", "km/h", (5, 120), _TRI, (45, 60, 75), "Speed of vehicles, stops included."),
    Rate("vehicle_hours_per_day", "h/day", (0, 24), _TRI, (6, 10, 14), "Hours a day in which vehicles run."),
)
_OFFERING = (
    Rate(
        "offer_probability_per_day",
        "share",
        _SHARE,
        "beta",
        (2, 5),
        "Chance that a town offers onward transport that no vehicle row lists.",
    ),
    Rate(
        "offer_seats_share",
        "share",
        (0, 3),
        _TRI,
        (0.1, 0.5, 1.0),
        "Seats of such an offer, as a share of the group.",
    ),
    Rate("offer_range_km", "km", (1, 2000), "lognormal", (80, 0.8), "How far such an offer carries people."),
    Rate(
        "offer_honoured_share",
        "share",
        _SHARE,
        "beta",
        (6, 3),
        "Chance that an offer of transport is honoured.",
    ),
    Rate(
        "ride_share_needed",
        "share",
        _SHARE,
        _TRI,
        (0.4, 0.6, 0.9),
        "Share of the people who must have a seat for the group to plan by the vehicles' reach.",
    ),
)
_CHOOSING = (
    Rate(
        "progress_weight",
        "logit",
        (0, 50),
        _TRI,
        (2, 4, 8),
        "Pull of progress towards the destination (1 = the whole reach of the day).",
    ),
    Rate(
        "room_weight",
        "logit",
        (0, 50),
        _TRI,
        (0, 1, 2),
        "Pull of covered places for everybody in the next stop.",
    ),
    Rate("stance_weight", "logit", (0, 50), _TRI, (0, 1, 2), "Pull of a welcome, push of a refusal."),
    Rate("itinerary_weight", "logit", (0, 50), _TRI, (2, 4, 6), "Pull of a stop that was announced."),
)
_PARTING = (
    Rate(
        "forerunner_probability_per_day",
        "share",
        _SHARE,
        "beta",
        (2, 30),
        "Chance that some go ahead of the group.",
    ),
    Rate(
        "forerunner_share",
        "share",
        _SHARE,
        "beta",
        (3, 17),
        "Share of adults without other needs who go ahead then.",
    ),
    Rate(
        "broken_offer_split_probability",
        "share",
        _SHARE,
        "beta",
        (5, 3),
        "Chance that a broken promise of transport splits the group.",
    ),
    Rate("broken_offer_split_share", "share", _SHARE, "beta", (4, 8), "Share who part from the group then."),
    Rate(
        "merge_probability_per_day",
        "share",
        _SHARE,
        "beta",
        (6, 2),
        "Chance that two groups in one town go on together.",
    ),
    Rate(
        "join_share_per_day",
        "share",
        (0, 2),
        "triangular",
        (0, 0.005, 0.02),
        "People who join, as a share of the group.",
    ),
    Rate(
        "leave_rate_at_halt_per_day",
        "1/day",
        _SHARE,
        "beta",
        (2, 60),
        "Chance to leave the group on a day of rest.",
    ),
    Rate(
        "leave_rate_on_road_per_day",
        "1/day",
        _SHARE,
        "beta",
        (2, 250),
        "Chance to leave the group on a day of travel.",
    ),
    Rate(
        "leave_rate_at_offer_per_day",
        "1/day",
        _SHARE,
        "beta",
        (2, 30),
        "Additional chance to leave where papers are being given out.",
    ),
    Rate(
        "permitted_departure_rate_per_day",
        "1/day",
        _SHARE,
        "beta",
        (3, 9),
        "Chance that people with papers leave the group and travel on alone.",
    ),
    Rate(
        "alone_onward_rate_per_day",
        "1/day",
        _SHARE,
        "beta",
        (3, 12),
        "Chance that people alone set out again, mostly for where their group goes.",
    ),
    Rate(
        "alone_km_per_day",
        "km/day",
        (1, 2000),
        "lognormal",
        (250, 0.5),
        "Way that people alone make in a day.",
    ),
)
_LODGING = (
    Rate(
        "site_uptake_share",
        "share",
        _SHARE,
        "beta",
        (9, 3),
        "Share who take a covered place when there is one; others prefer the square.",
    ),
    Rate("rain_probability_per_day", "share", _SHARE, "beta", (3, 17), "Chance of rain in a town at night."),
    Rate("rain_uptake_share", "share", _SHARE, "beta", (18, 2), "Share who take a covered place in rain."),
    Rate(
        "lodging_refusal_probability",
        "share",
        _SHARE,
        "beta",
        (1, 19),
        "Chance that a covered site is not opened on a night though it was offered.",
    ),
    Rate(
        "covered_m2_per_person",
        "m2/person",
        (0.5, 20),
        "constant",
        (3.5,),
        "Floor that a covered place takes (Sphere 2018).",
    ),
    Rate(
        "unreported_places",
        "people",
        _ANY,
        "lognormal",
        (2700, 0.6),
        "Covered places that a town with no reported site opens; drawn for each town.",
    ),
    Rate(
        "unreported_places_per_resident",
        "share",
        _SHARE,
        _TRI,
        (0.1, 0.2, 0.35),
        "The most that a town can open, per resident.",
    ),
    Rate(
        "capacity_church",
        "people",
        _ANY,
        "lognormal",
        (300, 0.6),
        "Covered places in a church or parish whose capacity nobody reported.",
    ),
    Rate(
        "capacity_sports_ground",
        "people",
        _ANY,
        "lognormal",
        (1700, 0.7),
        "The same of a sports ground or dome.",
    ),
    Rate("capacity_stadium", "people", _ANY, "lognormal", (5400, 0.2), "The same of a stadium."),
    Rate(
        "capacity_auditorium",
        "people",
        _ANY,
        "lognormal",
        (4500, 0.3),
        "The same of an auditorium or concert hall.",
    ),
    Rate(
        "capacity_warehouse",
        "people",
        _ANY,
        "lognormal",
        (900, 0.7),
        "The same of an empty warehouse or factory.",
    ),
    Rate("capacity_school", "people", _ANY, "lognormal", (300, 0.6), "The same of a school."),
    Rate(
        "capacity_shelter",
        "people",
        _ANY,
        "lognormal",
        (300, 0.8),
        "The same of a shelter that was there before.",
    ),
    Rate("capacity_other", "people", _ANY, "lognormal", (300, 0.9), "The same of any other roof."),
)
_STANDING = tuple(
    Rate(
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
    Rate("share_women", "share", _SHARE, "beta", (26, 74), "Women among the people of a group."),
    Rate("share_children", "share", _SHARE, "beta", (22, 78), "Children among the people of a group."),
    Rate("share_older", "share", _SHARE, "beta", (2, 98), "Older people among the people of a group."),
    Rate("share_limited_mobility", "share", _SHARE, "beta", (2, 98), "People who need an accessible seat."),
    Rate("share_medical", "share", _SHARE, "beta", (1, 99), "People who need an ambulance on a day of travel."),
)

_COUNTING = tuple(
    Rate(f"count_ratio_{who}", "ratio", (0.1, 10), "lognormal", values, f"What {says} count, against the people there.")
    for who, says, values in (
        ("organiser", "organisers", (1.7, 0.22)),
        ("authority", "authorities and registers", (1.0, 0.08)),
        ("reporter", "reporters, churches and aid workers", (1.1, 0.2)),
        ("unnamed", "people who are not named or far away", (1.0, 0.35)),
    )
)
"""Organisers and registers by ``data/caravans/README.md``, paragraph *Speakers*; the others are assumptions."""
ALL_RATES = (*_MOVING, *_OFFERING, *_CHOOSING, *_PARTING, *_LODGING, *_STANDING, *_COMPOSING, *_COUNTING)
"""The catalogue in the order in which it is documented."""

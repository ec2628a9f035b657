"""Hypothesis strategies for dispersed people: ways to move, scenarios, and counts of people in camps."""

from __future__ import annotations

import dataclasses
import datetime as dt
from itertools import pairwise
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from posada.model.displacement import (
    Closure,
    Condition,
    Conflict,
    Correction,
    Demographic,
    KnownRoute,
    Movement,
    PlaceAttribute,
    PlaceChange,
    Present,
)
from posada.model.fields import Field, Kind, fields_of
from posada.model.geography import Place, Route
from posada.model.scenario import Scenario
from posada.model.statements import (
    REGISTERED,
    Report,
    Source,
)
from posada.model.tables import Settings
from tests.strategies import FIRST_DAY, TEXTS, scenarios


def _value_of(spec: Field) -> st.SearchStrategy[Any]:
    """Any value that a key of the section of movement may have."""
    low = spec.minimum if spec.minimum is not None else -3
    high = spec.maximum if spec.maximum is not None else 50_000
    return {
        Kind.CHOICE: st.sampled_from(spec.options or ("",)),
        Kind.YES_NO: st.booleans(),
        Kind.INTEGER: st.integers(int(low), int(high)),
        Kind.NUMBER: st.floats(low, high, allow_subnormal=False),
        Kind.NUMBERS: st.lists(st.floats(0, 1, allow_subnormal=False), min_size=2, max_size=5).map(tuple),
    }[spec.kind]


@st.composite
def movements(draw: st.DrawFn) -> Movement:
    """Any way in which dispersed people can be said to move, with people who set out as registrations rise."""
    fixed = {
        "spawn_mode": "from_registrations",
        "spawn_by_high_water": False,
        "sum_from_camps": True,
        "harvest_months": draw(st.sampled_from(((), (6.0, 7.0)))),
        "high_water_rules": False,
        "high_water_forecast": False,
    }
    specs = [spec for spec in fields_of(Movement) if spec.name not in fixed]
    chosen = draw(st.lists(st.sampled_from(specs), unique_by=lambda spec: spec.name, max_size=8))
    return Movement(**fixed, **{spec.name: draw(_value_of(spec)) for spec in chosen})


def _registrations(draw: st.DrawFn, camps: list[str], first: dt.date, last: dt.date) -> tuple[Report, ...]:
    """Counts of each camp, of all together, and of a place that is not in the table; some days have two."""
    made = []
    for place, series in (*((camp, None) for camp in camps), (None, None), (None, "elsewhere")):
        days = draw(st.lists(st.dates(first - dt.timedelta(days=9), last + dt.timedelta(days=9)), max_size=5))
        for day in [first, *days]:
            made.append(
                Report(
                    id=f"registered-{len(made)}",
                    published=day,
                    event_date=day,
                    kind=REGISTERED,
                    unit="people",
                    speaker_role="un",
                    on_record=True,
                    source=("survey",),
                    place=place,
                    series=series,
                    value=float(draw(st.integers(0, 900))),
                )
            )
    return tuple(made)


def _closures(draw: st.DrawFn, camps: list[str], first: dt.date, last: dt.date) -> tuple[Closure, ...]:
    """Some of each kind, of which each is there at most once."""
    days = st.none() | st.dates(first, last)
    named = (
        ("country", "Here", "There"),
        ("place", "alder", None),
        ("route", "birch", "alder"),
        ("camp", camps[0], None),
    )
    chosen = draw(st.lists(st.sampled_from(named), unique=True))
    return tuple(Closure(kind, one, ("survey",), other, draw(days), draw(days)) for kind, one, other in chosen)


@st.composite
def displacements(draw: st.DrawFn) -> Scenario:
    """Small scenarios of dispersed movement: towns, camps beyond a border, conflict, and registrations."""
    first = FIRST_DAY
    last = first + dt.timedelta(days=draw(st.integers(2, 20)))
    day = st.dates(first, last)
    towns = ["alder", "birch", "cedar"]
    camps = ["camp-one", "camp-two"][: draw(st.integers(1, 2))]
    kinds = st.sampled_from(("town", "conflict_zone", "forwarding_hub", "marker"))
    source = ("survey",)
    places = tuple(
        Place(
            name, draw(TEXTS), "There" if name in camps else "Here", 10.0 + number, 20.0,
            ("camp" if name in camps else "town" if name == "alder" else draw(kinds)), source,
            admin1="North", population=None if name in camps else draw(st.integers(1, 9000)),
            capacity=draw(st.none() | st.integers(0, 900)) if name in camps else None,
        )
        for number, name in enumerate((*towns, *camps))
    )  # fmt: skip
    names = [place.id for place in places]
    routes = [Route(start, end, draw(st.floats(1, 400)), "road", source) for start, end in pairwise(names)]
    routes.append(
        Route("birch", "alder", 60, "road", source, parallel=2, max_km_per_day=draw(st.none() | st.just(40.0)))
    )
    levels = st.floats(0, 1, allow_subnormal=False)
    tables: dict[str, Any] = {
        "conflicts": (
            Conflict("alder", first, 1.0, source),
            *(Conflict("birch", when, draw(levels), source) for when in draw(st.lists(day, unique=True, max_size=3))),
        ),
        "closures": _closures(draw, camps, first, last),
        "place_changes": tuple(PlaceChange("cedar", when, "town", source) for when in draw(st.lists(day, max_size=1))),
        "conditions": (
            Condition("food_insecurity", "North", first, 100 * draw(levels), source),
            Condition("high_water", "cedar", draw(day), 4 * draw(levels), source),
        ),
        "place_attributes": (PlaceAttribute(camps[0], draw(TEXTS), draw(levels), source),),
        "demographics": (
            Demographic("age", str(draw(st.integers(0, 90))), draw(levels) + 1, source),
            Demographic("gender", draw(TEXTS), draw(levels) + 1, source),
            Demographic("age", "30", draw(levels) + 1, source, draw(st.sampled_from(names))),
        ),
        "known_routes": tuple(KnownRoute("way", step, place, source) for step, place in enumerate(names)),
        "present": (Present(draw(st.sampled_from(names)), draw(st.integers(0, 50)), source, draw(st.none() | TEXTS)),),
        "corrections": (),
        "reports": _registrations(draw, camps, first, last),
    }
    counted = [row for row in tables["reports"] if row.place == camps[0]]
    earlier = [row for row in counted if row.event_date < max(r.event_date for r in counted)]
    if earlier and all(row.value >= 1 for row in counted):
        tables["corrections"] = (Correction(camps[0], max(row.event_date for row in counted), source),)
    return Scenario(
        settings=Settings("made-up", draw(TEXTS), first, last),
        places=places,
        routes=tuple(routes),
        sources=(Source("survey", "Town offices", draw(TEXTS), 0.5),),
        movement=draw(movements()),
        **{name: rows for name, rows in tables.items() if rows},
    )


@st.composite
def camp_counts(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Return people simulated in camps, ``(members, days, camps)``, and people registered in them, some days none."""
    members, days, camps = (draw(st.integers(1, most)) for most in (5, 6, 4))
    people = st.integers(0, 3000)
    simulated = draw(hnp.arrays(np.int64, (members, days, camps), elements=people))
    registered = draw(hnp.arrays(np.int64, (days, camps), elements=people))
    registered[draw(hnp.arrays(np.bool_, days))] = 0
    return simulated, registered


@st.composite
def mixed_scenarios(draw: st.DrawFn) -> Scenario:
    """Journeys of groups whose people move on as dispersed people, with or without others who set out themselves."""
    scenario = draw(scenarios())
    first, last = scenario.settings.start, scenario.settings.end
    day, source, names = st.dates(first, last), ("survey",), [place.id for place in scenario.places]
    levels = st.floats(0, 1, allow_subnormal=False)
    rules: dict[str, Any] = {
        "semantics": draw(st.sampled_from(("posada", "flee"))),
        "awareness_steps": draw(st.integers(0, 3)),
        "move_chance_default": draw(levels),
        "move_chance_camp": draw(levels),
        "max_move_km_per_day": draw(st.floats(10, 400, allow_subnormal=False)),
        "pruning_threshold": draw(st.sampled_from((1.0, 2.0))),
        **{name: draw(st.booleans()) for name in ("avoid_short_stints", "start_on_foot", "fixed_routes")},
    }
    tables: dict[str, Any] = {
        "closures": tuple(
            Closure("place", place, source, None, draw(st.none() | day), draw(st.none() | day))
            for place in draw(st.lists(st.sampled_from(names), unique=True, max_size=2))
        ),
        "places": tuple(
            dataclasses.replace(place, capacity=draw(st.none() | st.integers(0, 300)))
            if place.kind == "camp"
            else place
            for place in scenario.places
        ),
    }
    tables["closures"] = tuple(
        row
        for row in tables["closures"]
        if (row.closes or row.reopens) and not (row.closes and row.reopens and row.reopens <= row.closes)
    )
    if draw(st.booleans()):
        weights = draw(st.tuples(levels, levels))
        rules["elderly_avoid_hazards"] = True
        tables["demographics"] = tuple(
            Demographic("age", age, 0.1 + weight, source) for age, weight in zip(("30", "70"), weights, strict=True)
        )
    if draw(st.booleans()):
        rules |= {"spawn_mode": draw(st.sampled_from(("constant", "poisson"))), "displaced_per_conflict_day": 40.0}
        rules["take_from_population"] = draw(st.booleans())
        place = draw(st.sampled_from(names))
        tables["conflicts"] = tuple(
            Conflict(place, when, intensity, source)
            for when, intensity in zip(sorted({first, draw(day)}), (1.0, draw(levels)), strict=False)
        )
        tables["present"] = (Present(draw(st.sampled_from(names)), draw(st.integers(0, 90)), source),)
    return scenario.replace(movement=Movement(**rules), **tables)

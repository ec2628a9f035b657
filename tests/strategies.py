"""Hypothesis strategies for records and scenarios.

:func:`scenarios` makes small journeys that pass every check and use all that a scenario can say: forks, rail,
closures, a border crossing, sites that open late, offers that are withdrawn, statuses with hazards, shares and
queues, signals and parameters. Engine tests run what it makes, so nothing in it is huge.
"""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from posada.model.fields import CellError, fields_of, parse_cell
from posada.model.geography import Place, Route
from posada.model.journeys import (
    NEED_CLASSES,
    TRANSITION_SCOPES,
    Destination,
    Group,
    Status,
    Stop,
    Transition,
)
from posada.model.offers import OFFER_STATES, SITE_TYPES, STANCES, VEHICLE_TYPES, Site, Stance, Supply, Vehicle
from posada.model.rates import RATES, Parameter, Rate
from posada.model.scenario import Scenario
from posada.model.statements import (
    REGISTERED,
    REPORT_KINDS,
    REPORT_UNITS,
    SPEAKER_ROLES,
    Report,
    Signal,
    Source,
)
from posada.model.tables import Settings

FIRST_DAY = dt.date(2030, 3, 1)
PLACE_NAMES = ("alder", "birch", "cedar", "dogwood", "elm", "fir", "gum")
STATUSES = (
    Status("travelling", "Goes with the group.", "travelling", ("survey",), initial=True),
    Status("returned", "Was taken back.", "final", ("survey",)),
    Status("permit", "Has a permit for a while.", "permitted", ("survey",)),
    Status("queue", "Waits at the crossing.", "waiting", ("survey",)),
    Status("held", "Is held by the authority.", "held", ("survey",)),
    Status("crossed", "Was let across.", "final", ("survey",)),
)
_NAME = next(spec for spec in fields_of(Place) if spec.name == "name")


def _is_storable(text: str) -> bool:
    try:
        return parse_cell(_NAME, text) == text
    except CellError:
        return False


_ODD_LETTERS = st.sampled_from("\"',;=+-@#\n\t _x0041") | st.characters(
    exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"
)
TEXTS = st.sampled_from(("Casa Alta", "Santa María", "a, b and c", '"so called"', "=1+1", "#N/A", "_x0041_")) | st.text(
    _ODD_LETTERS, min_size=1, max_size=8
).map(str.strip).filter(_is_storable)
"""Texts as people write them, with commas, quotes, line breaks, equals signs and letters of any script."""


def _shares(most: float = 1.0) -> st.SearchStrategy[float]:
    return st.floats(0, most, allow_subnormal=False)


def _sorted_numbers(low: float, high: float, count: int) -> st.SearchStrategy[tuple[float, ...]]:
    values = st.lists(st.floats(low, high, allow_subnormal=False), min_size=count, max_size=count)
    return values.map(lambda drawn: tuple(sorted(drawn)))


def _sorted_counts(high: int) -> st.SearchStrategy[tuple[int, ...]]:
    return st.lists(st.integers(0, high), min_size=3, max_size=3).map(lambda drawn: tuple(sorted(drawn)))


@st.composite
def _windows(draw: st.DrawFn, first: dt.date, last: dt.date) -> tuple[dt.date | None, dt.date | None]:
    """First and last day of something, each often unknown; they touch the journey."""
    days = sorted(draw(st.tuples(st.dates(first, last), st.dates(first, last))))
    return draw(st.sampled_from([(None, None), (days[0], None), (None, days[1]), (days[0], days[1])]))


@st.composite
def _places(draw: st.DrawFn) -> tuple[Place, ...]:
    """A corridor of three to seven places with a border between two of them, or none."""
    names = PLACE_NAMES[: draw(st.integers(3, len(PLACE_NAMES)))]
    border = draw(st.sampled_from([None, *range(1, len(names))]))
    made = []
    for index, name in enumerate(names):
        kind = "border_crossing" if index == border else draw(st.sampled_from(("town", "city", "town", "camp")))
        made.append(
            Place(
                id=name,
                name=draw(TEXTS),
                country="AAA" if border is None or index <= border else "BBB",
                lat=10.0 + index * 0.3,
                lon=-90.0 - draw(st.floats(0, 1, allow_subnormal=False)),
                kind=kind,
                source=("survey",),
                population=draw(st.none() | st.integers(0, 200_000)),
                sensitive=draw(st.booleans()),
            )
        )
    return tuple(made)


@st.composite
def _routes(draw: st.DrawFn, names: list[str], first: dt.date, last: dt.date) -> tuple[Route, ...]:
    """A road along the corridor, with rails beside it and roads that leave a place out."""
    made = []
    for index, (start, end) in enumerate(pairwise(names)):
        kilometres = draw(st.floats(4, 90, allow_subnormal=False))
        window = draw(st.just((None, None)) | _windows(first, last))
        one_way = draw(st.sampled_from((False, False, True)))
        made.append(Route(start, end, kilometres, "road", ("survey",), *window, one_way=one_way))
        if draw(st.booleans()):
            made.append(Route(start, end, kilometres * 1.1, "rail", ("survey",), *draw(_windows(first, last))))
        if index + 2 < len(names) and draw(st.booleans()):
            beyond = draw(st.floats(20, 160, allow_subnormal=False))
            made.append(Route(start, names[index + 2], beyond, "road", ("survey",), *draw(_windows(first, last))))
    return tuple(made)


@st.composite
def _groups(draw: st.DrawFn, names: list[str], first: dt.date, last: dt.date) -> tuple[Group, ...]:
    made = []
    for number in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(names) - 2))
        end = draw(st.integers(start + 1, len(names) - 1))
        low, likely, high = draw(_sorted_counts(3000))
        shares = draw(st.lists(st.none() | _shares(0.2), min_size=5, max_size=5))
        made.append(
            Group(
                f"group-{number}",
                draw(TEXTS),
                names[start],
                draw(st.dates(first, last)),
                low,
                likely,
                high,
                names[end],
                ("survey",),
                *shares,
                rides_trains=draw(st.booleans()),
            )
        )
    return tuple(made)


@st.composite
def _aims(
    draw: st.DrawFn, names: list[str], groups: tuple[Group, ...], first: dt.date, last: dt.date
) -> tuple[tuple[Destination, ...], tuple[Stop, ...]]:
    """Other destinations and announced stops, all ahead of the origin."""
    destinations, stops = [], []
    for group in groups:
        ahead = names[names.index(group.origin) + 1 :]
        others = draw(st.lists(st.sampled_from(ahead), unique=True, max_size=2))
        destinations += [Destination(group.id, place, draw(_shares(0.5)), ("survey",)) for place in others]
        announced = draw(st.lists(st.sampled_from(ahead), unique=True, max_size=3))
        dates = [draw(st.none() | st.dates(first, last)) for _ in announced]
        nights = [draw(st.none() | st.integers(1, 4)) for _ in announced]
        stops += [
            Stop(group.id, place, ("survey",), date, stays)
            for place, date, stays in zip(announced, dates, nights, strict=True)
        ]
    return tuple(destinations), tuple(stops)


@st.composite
def _sites(draw: st.DrawFn, names: list[str], first: dt.date, last: dt.date) -> tuple[Site, ...]:
    made = []
    for number in range(draw(st.integers(0, 5))):
        opens, closes = draw(_windows(first, last))
        made.append(
            Site(
                id=f"site-{number}",
                place=draw(st.sampled_from(names)),
                name=draw(TEXTS),
                type=draw(st.sampled_from(SITE_TYPES)),
                covered=draw(st.booleans()),
                source=("survey",),
                area_m2=draw(st.none() | st.floats(0, 5000, allow_subnormal=False)),
                capacity=draw(st.none() | st.integers(0, 2000)),
                toilets=draw(st.none() | st.integers(0, 60)),
                open_from=opens,
                open_to=closes,
                state=draw(st.sampled_from(OFFER_STATES)),
                sensitive=draw(st.booleans()),
                conditions=draw(st.none() | TEXTS),
            )
        )
    return tuple(made)


@st.composite
def _vehicles(draw: st.DrawFn, names: list[str], first: dt.date, last: dt.date) -> tuple[Vehicle, ...]:
    made = []
    for number in range(draw(st.integers(0, 4))):
        opens, closes = draw(_windows(first, last))
        withdrawn = draw(st.none() | st.dates(first + dt.timedelta(days=1), last))
        low, likely, high = draw(st.just((None, None, None)) | _sorted_numbers(0, 1, 3))
        made.append(
            Vehicle(
                id=f"vehicle-{number}",
                place=draw(st.sampled_from(names)),
                type=draw(st.sampled_from(VEHICLE_TYPES)),
                count=draw(st.integers(0, 30)),
                seats=draw(st.integers(0, 90)),
                source=("survey",),
                range_km=draw(st.none() | st.floats(0, 300, allow_subnormal=False)),
                limit_place=draw(st.none() | st.sampled_from(names)),
                accessible=draw(st.booleans()),
                open_from=opens,
                open_to=closes,
                withdrawn_on=withdrawn,
                honoured_low=low,
                honoured_likely=likely,
                honoured_high=high,
                state=draw(st.sampled_from(OFFER_STATES)),
            )
        )
    return tuple(made)


@st.composite
def _supplies(draw: st.DrawFn, names: list[str]) -> tuple[Supply, ...]:
    stored = draw(
        st.lists(st.tuples(st.sampled_from(("water", "meals")), st.sampled_from(names)), unique=True, max_size=3)
    )
    quantities = st.floats(0, 1e5, allow_subnormal=False)
    return tuple(Supply(item, place, draw(quantities), 7.5, "units", ("survey",)) for item, place in stored)


@st.composite
def _stances(draw: st.DrawFn, names: list[str], first: dt.date, last: dt.date) -> tuple[Stance, ...]:
    days = st.tuples(st.sampled_from(names), st.dates(first, last))
    return tuple(
        Stance(place, since, draw(st.sampled_from(STANCES)), ("survey",))
        for place, since in draw(st.lists(days, unique=True, max_size=5))
    )


@st.composite
def _procedures(
    draw: st.DrawFn, places: tuple[Place, ...], first: dt.date, last: dt.date
) -> tuple[tuple[Status, ...], tuple[Transition, ...]]:
    """Statuses, and transitions of every kind between them; queues where people wait."""
    statuses = STATUSES[: draw(st.integers(2, len(STATUSES)))]
    leaving = [status.id for status in statuses if status.role != "final"]
    wheres = ["anywhere", *(place.id for place in places), "country:AAA", "kind:town", "kind:border_crossing"]
    made = []
    for number in range(draw(st.integers(0, 5))):
        kind = draw(st.sampled_from(("hazard_per_day", "share_on_arrival", "capacity_per_day")))
        # Shares on arrival that exclude each other may add up to one at most: five times a fifth.
        most = {"hazard_per_day": 1.0, "share_on_arrival": 0.2, "capacity_per_day": 150.0}[kind]
        start = draw(st.sampled_from(leaving))
        made.append(
            Transition(
                f"transition-{number}",
                start,
                draw(st.sampled_from([status.id for status in statuses if status.id != start])),
                kind,
                *draw(_sorted_numbers(0, most, 3)),
                where=draw(st.sampled_from(wheres)),
                source=("survey",),
                who=draw(st.sampled_from(("all", "all", *NEED_CLASSES))),
                scope=draw(st.sampled_from(TRANSITION_SCOPES)),
                **dict(zip(("open_from", "open_to"), draw(_windows(first, last)), strict=True)),
            )
        )
    return statuses, tuple(made)


@st.composite
def _signals(draw: st.DrawFn, transitions: tuple[Transition, ...], first: dt.date, last: dt.date) -> tuple[Signal, ...]:
    affected = [*RATES, *(transition.id for transition in transitions)]
    made = []
    for number in range(draw(st.integers(0, 3))):
        days = sorted(draw(st.tuples(st.dates(first, last), st.dates(first, last))))
        multipliers = draw(_sorted_numbers(0, 4, 3))
        until = draw(st.sampled_from((None, days[1])))
        affects = draw(st.sampled_from(affected))
        made.append(Signal(days[0], f"Signal {number}", affects, *multipliers, ("radio",), until))
    return tuple(made)


@st.composite
def _reports(
    draw: st.DrawFn, names: list[str], groups: tuple[Group, ...], first: dt.date, last: dt.date
) -> tuple[Report, ...]:
    made = []
    for number in range(draw(st.integers(0, 4))):
        day = draw(st.dates(first, last))
        low, value, high = draw(_sorted_numbers(0, 3000, 3))
        known = draw(st.tuples(st.booleans(), st.booleans(), st.booleans()))
        made.append(
            Report(
                id=f"report-{number}",
                published=day + dt.timedelta(days=draw(st.integers(0, 3))),
                event_date=day,
                kind=draw(st.sampled_from([kind for kind in REPORT_KINDS if kind != REGISTERED])),
                unit=draw(st.sampled_from(REPORT_UNITS)),
                speaker_role=draw(st.sampled_from(SPEAKER_ROLES)),
                on_record=draw(st.booleans()),
                source=draw(st.sampled_from((("radio",), ("radio", "survey")))),
                place=draw(st.none() | st.sampled_from(names)),
                group=draw(st.none() | st.sampled_from([group.id for group in groups])),
                value_low=low if known[0] else None,
                value=value if known[1] else None,
                value_high=high if known[2] else None,
                summary=draw(st.none() | TEXTS),
            )
        )
    return tuple(made)


@st.composite
def _distributions(draw: st.DrawFn, rate: Rate) -> tuple[str, tuple[float, ...]]:
    """A distribution that the rate can be drawn from, by any law that fits its bounds."""
    low, high = rate.minimum, min(rate.maximum, 1000.0)
    laws = ["constant", "uniform", "triangular", "normal", "lognormal"]
    laws += ["beta"] if low <= 0 and high >= 1 else []
    law = draw(st.sampled_from(laws))
    if law in ("constant", "uniform", "triangular"):
        return law, draw(_sorted_numbers(low, high, {"constant": 1, "uniform": 2, "triangular": 3}[law]))
    if law == "beta":
        return law, draw(st.tuples(st.floats(0.5, 50), st.floats(0.5, 50)))
    centre = draw(st.floats(max(low, 0.01), high))
    return law, (centre, draw(st.floats(0.01, 1.0)) * (1.0 if law == "lognormal" else high - low))


@st.composite
def _parameters(draw: st.DrawFn) -> tuple[Parameter, ...]:
    made = []
    for name in draw(st.lists(st.sampled_from(list(RATES)), unique=True, max_size=5)):
        law, values = draw(_distributions(RATES[name]))
        text = ";".join(repr(value) for value in values)
        made.append(Parameter(name, law, text, RATES[name].unit, ("survey",), draw(st.none() | TEXTS)))
    return tuple(made)


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Small valid scenarios: three to seven places, one to three groups, four to fifteen days."""
    first = FIRST_DAY
    last = first + dt.timedelta(days=draw(st.integers(3, 14)))
    places = draw(_places())
    names = [place.id for place in places]
    groups = draw(_groups(names, first, last))
    destinations, itinerary = draw(_aims(names, groups, first, last))
    statuses, procedure = draw(_procedures(places, first, last))
    tables: dict[str, Any] = {
        "places": places,
        "routes": draw(_routes(names, first, last)),
        "groups": groups,
        "destinations": destinations,
        "itinerary": itinerary,
        "sites": draw(_sites(names, first, last)),
        "vehicles": draw(_vehicles(names, first, last)),
        "supplies": draw(_supplies(names)),
        "stances": draw(_stances(names, first, last)),
        "statuses": statuses,
        "procedure": procedure,
        "signals": draw(_signals(procedure, first, last)),
        "reports": draw(_reports(names, groups, first, last)),
        "sources": (
            Source("survey", "Town offices", draw(TEXTS), draw(_shares()), dt.date(2030, 2, 20)),
            Source("radio", "A radio station", draw(TEXTS), draw(_shares()), draw(st.none() | st.just(first))),
        ),
        "parameters": draw(_parameters()),
    }
    settings = Settings(
        id="made-up",
        title=draw(TEXTS),
        start=first,
        end=last,
        summary=draw(st.none() | TEXTS),
        as_of=draw(st.none() | st.dates(first, last)),
        default_stance=draw(st.sampled_from(STANCES)),
        climate=draw(st.sampled_from(("temperate", "cold", "hot"))),
    )
    return Scenario(settings=settings, **tables)

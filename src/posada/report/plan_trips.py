"""Trips of a plan as tables: day by day for a town, and trip by trip for whoever drives."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType

from posada.model.plan_tables import TripRow
from posada.report.brief import PlanTable
from posada.report.numbers import plain
from posada.report.phrases import Phrases
from posada.report.plan_words import (
    LEAST_SHARE,
    at_most_text,
    chance_text,
    km_text,
    nights_text,
    seats_text,
    town_text,
    vehicle_text,
)

_HOUR = "__:__"
_WORDS = frozenset(("day", "vehicle", "from", "to"))
_CELLS: Mapping[str, Callable[[Sequence[TripRow], Phrases], str]] = MappingProxyType(
    {
        "day": lambda group, phrases: nights_text([group[0].day], phrases.language),
        "vehicle": lambda group, phrases: vehicle_text(group[0], phrases),
        "from": lambda group, phrases: town_text(group[0].from_town, phrases),
        "to": lambda group, phrases: _with_return(group[0], group[0].to_town, phrases),
        "trips": lambda group, _: str(len(group)),
        "people": lambda group, _: _people(group),
        "seats": lambda group, _: seats_text(sum(row.seats for row in group)),
        "km": lambda group, phrases: km_text(group[0], phrases),
        "chance": lambda group, phrases: chance_text(group[0].probability, phrases),
    }
)


def trip_tables(rows: Sequence[TripRow], phrases: Phrases, without: str = "") -> tuple[PlanTable, ...]:
    """Return the decided trips by day, vehicle and way, and those of later days.

    ``without`` is the end that is not named in each row, ``from`` or ``to``: that of the town which reads it.
    """
    keys = [key for key in _CELLS if key != without]
    made = dict(_CELLS)
    if without == "to":
        made["from"] = lambda group, phrases: _with_return(group[0], group[0].from_town, phrases)
    cells = tuple(tuple(made[key](group, phrases) for key in keys) for group in _decided_ways(rows))
    words = frozenset(column for column, key in enumerate(keys) if key in _WORDS)
    decided = PlanTable(phrases.say("trip.caption"), _headers(keys, phrases), cells, words)
    return tuple(table for table in (decided, later_trips(rows, phrases)) if table.rows)


def trips_of_vehicle(rows: Sequence[TripRow], phrases: Phrases) -> tuple[PlanTable, ...]:
    """Return the trips of an offer one by one, with who rides and a place to write the hour."""
    keys = ("day", "trip", "hour", "from", "to", "adults", "families", "limited", "medical", "of_seats", "km")
    cells = []
    for row in sorted(rows, key=lambda row: (row.day, row.trip or 0)):
        if row.decision != "now":
            continue
        # Classes are expected over all futures; whoever drives asks what it will be if they drive.
        share = row.people_if_honoured / row.people_expected if row.people_expected > 0 else 0.0
        classes = (row.adults, row.families, row.limited_mobility, row.medical)
        cells.append(
            (
                nights_text([row.day], phrases.language),
                str(row.trip),
                _hours(row, phrases),
                _with_start(row, phrases),
                _with_return(row, row.to_town, phrases),
                *(seats_text(number * share) for number in classes),
                phrases.say("trip.of", n=seats_text(row.people_if_honoured), seats=seats_text(row.seats)),
                _whole_way(row, phrases),
            )
        )
    decided = PlanTable(phrases.say("trip.caption_single"), _headers(keys, phrases), tuple(cells), frozenset((0, 3, 4)))
    return tuple(table for table in (decided, later_trips(rows, phrases)) if table.rows)


def later_trips(rows: Iterable[TripRow], phrases: Phrases) -> PlanTable:
    """Return the trips of later days by way: on which days, and how many people at most."""
    ways: dict[tuple[str, str, str, bool], list[TripRow]] = defaultdict(list)
    for row in rows:
        if row.decision == "later" and row.trips_expected >= LEAST_SHARE:
            ways[row.vehicle, row.from_place, row.to_place, row.for_night].append(row)
    cells = [
        (
            nights_text([row.day for row in way], phrases.language),
            vehicle_text(way[0], phrases),
            town_text(way[0].from_town, phrases),
            _with_return(way[0], way[0].to_town, phrases),
            at_most_text(max(row.people_high for row in way), phrases),
            chance_text(way[0].probability, phrases),
        )
        for way in ways.values()
    ]
    headers = _headers(("days", "vehicle", "from", "to", "people_a_day", "chance"), phrases)
    return PlanTable(phrases.say("trip.caption_later"), headers, tuple(cells), frozenset((0, 1, 2, 3)))


def _hours(row: TripRow, phrases: Phrases) -> str:
    """Return when people get in and out, and when they are taken back; a blank where no hour is planned."""
    if not row.departs:
        return _HOUR
    if not row.for_night:
        return phrases.say("trip.hours", departs=row.departs, arrives=row.arrives)
    return phrases.say("trip.hours_night", departs=row.departs, arrives=row.arrives, returns=row.returns or _HOUR)


def _with_return(row: TripRow, town: str, phrases: Phrases) -> str:
    """Return a town, and that people are brought back in the morning where they are."""
    name = town_text(town, phrases)
    return phrases.say("trip.for_night", town=name) if row.for_night else name


def _with_start(row: TripRow, phrases: Phrases) -> str:
    """Return where people get in, and where the vehicle comes from when that is another town."""
    name = town_text(row.from_town, phrases)
    if row.stands_in == row.from_place:
        return name
    return phrases.say("trip.fetched", town=name, home=town_text(row.stands_in_town, phrases))


def _whole_way(row: TripRow, phrases: Phrases) -> str:
    """Return the way with people and the one without them; a dash where an end is not named."""
    if row.km is None or row.empty_km is None:
        return "–"
    return phrases.say("trip.km_empty", n=plain(row.km), empty=plain(row.empty_km))


def _headers(keys: Iterable[str], phrases: Phrases) -> tuple[str, ...]:
    return tuple(phrases.say(f"trip.{key}") for key in keys)


def _decided_ways(rows: Iterable[TripRow]) -> list[list[TripRow]]:
    groups: dict[tuple[dt.date, str, str, str, bool], list[TripRow]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.day, row.vehicle, row.from_place, row.to_place)):
        if row.decision == "now":
            groups[row.day, row.vehicle, row.from_place, row.to_place, row.for_night].append(row)
    return list(groups.values())


def _people(group: Sequence[TripRow]) -> str:
    """Return people if the offer is honoured, and their range; trips of one way are filled alike."""
    middle, low, high = (
        seats_text(sum(getattr(row, name) for row in group))
        for name in ("people_if_honoured", "people_low", "people_high")
    )
    return middle if low == high == middle else f"{middle} ({low}–{high})"

"""Checks of dispersed movement: names are known, what sets out can set out, and what closes can close."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from posada.model.check_case import Case
from posada.model.errors import nearest_hint
from posada.model.fields import parse_decimal
from posada.model.findings import Finding
from posada.model.geography import CAMP_KINDS, PLACE_KINDS
from posada.model.statements import REGISTERED
from posada.model.tables import DISPLACEMENT_TABLES

HIGHEST_WATER = 4.0

NUMBERED_ATTRIBUTES = ("age", "floodawareness")
"""Attributes of people that rules compare."""


def movement_is_described(case: Case) -> Iterator[Finding]:
    """Tables that only dispersed movement uses come with the section that says how people move."""
    if case.moves:
        return
    for table in DISPLACEMENT_TABLES:
        if getattr(case.scenario, table):
            message = "the table has rows, but there is no section [movement] that says how people move."
            cure = "Add [movement] to scenario.toml, or remove the table."
            yield Finding("missing-movement", case.file_of(table), message, cure)


def closures_name_what_closes(case: Case) -> Iterator[Finding]:
    """The names of a closure are countries, a place, or the ends of a route, as its kind says."""
    if not case.knows("places"):
        return
    places = case.ids("places")
    countries = sorted({place.country for place in places.values()})
    for where, row in case.rows("closures"):
        if row.kind == "country":
            yield from _known_countries(where, row, countries)
        else:
            names = (row.first, row.second) if row.kind == "route" else (row.first,)
            yield from _known_places(where, dict(zip(("first", "second"), names, strict=False)), places)
        # A town that reopens as a camp becomes one; only closing it says nothing.
        if row.kind in CAMP_KINDS and row.reopens is None and row.first in places:
            if places[row.first].kind in CAMP_KINDS:
                continue
            message = f"'{row.first}' in 'first' is no camp, but a place of kind '{places[row.first].kind}'."
            yield Finding("closure-without-effect", where, message, "Name a camp, or close it as a place.")


def _known_countries(where: str, row: Any, countries: list[str]) -> Iterator[Finding]:
    for header, name in (("first", row.first), ("second", row.second)):
        if name is None:
            message = f"'{header}' is empty, but a closure of kind 'country' is of the routes between two."
            yield Finding("missing-value", where, message, "Name the other country.")
        elif name not in countries:
            message = f"no place in the table of places is in country '{name}', which '{header}' names."
            yield Finding("unknown-place", where, message, nearest_hint(name, countries))


def _known_places(where: str, named: dict[str, str | None], places: dict[str, Any]) -> Iterator[Finding]:
    for header, name in named.items():
        if name is None:
            message = f"'{header}' is empty, but a closure of a route names both of its ends."
            yield Finding("missing-value", where, message, "Name the place at its other end.")
        elif name not in places:
            message = f"place '{name}' in '{header}' is not in the table of places."
            yield Finding("unknown-place", where, message, nearest_hint(name, places))


def closed_routes_exist(case: Case) -> Iterator[Finding]:
    """A closure of a route, and a well-known way, lead over routes that exist."""
    if not case.knows("places", "routes"):
        return
    joined = {frozenset((row.from_place, row.to_place)) for _, row in case.rows("routes")}
    places = case.ids("places")
    for where, row in case.rows("closures"):
        ends = frozenset((row.first, row.second))
        if row.kind == "route" and row.second in places and row.first in places and ends not in joined:
            message = f"no route joins '{row.first}' and '{row.second}'."
            yield Finding("unknown-route", where, message, "Name the ends of one row of the table of routes.")
    ways: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    for where, row in case.rows("known_routes"):
        ways[row.way].append((row.step, row.place, where))
    for way, steps in ways.items():
        for (_, start, _), (_, end, where) in pairwise(sorted(steps)):
            if {start, end} <= set(places) and frozenset((start, end)) not in joined:
                message = f"way '{way}' leads from '{start}' to '{end}', which no route joins."
                yield Finding("unknown-route", where, message, "Add the route, or the places between the two.")


def closures_act(case: Case) -> Iterator[Finding]:
    """A closure closes on some day, and does not reopen on the same one."""
    for where, row in case.rows("closures"):
        if row.closes is None and row.reopens is None:
            message = "neither 'closes' nor 'reopens' is given, so it never closes."
            yield Finding("closure-without-effect", where, message, "Give the day on which it closes, or remove it.")
        elif row.closes is not None and row.closes == row.reopens:
            message = f"it closes and reopens on the same day ({row.closes.isoformat()})."
            yield Finding("closure-without-effect", where, message, "Mend one of the two days, or remove the row.")
        elif row.closes is not None and row.reopens is not None and row.reopens < row.closes:
            message = f"it reopens ({row.reopens.isoformat()}) before it closes ({row.closes.isoformat()})."
            cure = "It then stays closed to the end; empty 'reopens' if that is meant."
            yield Finding("closure-without-effect", where, message, cure)


def kinds_of_changes_are_known(case: Case) -> Iterator[Finding]:
    """A place becomes one of the kinds that places have."""
    for where, row in case.rows("place_changes"):
        if row.kind not in PLACE_KINDS:
            message = f"'{row.kind}' in 'kind' is not a kind of place."
            yield Finding("unknown-option", where, message, nearest_hint(row.kind, PLACE_KINDS))


def conditions_are_somewhere(case: Case) -> Iterator[Finding]:
    """Food insecurity is of a region, high water of a place, and neither is off its scale."""
    places = case.ids("places")
    regions = {place.admin1 for place in places.values() if place.admin1}
    for where, row in case.rows("conditions"):
        known = places if row.kind == "high_water" else regions
        if case.knows("places") and row.where not in known:
            kind = "place" if row.kind == "high_water" else "admin1"
            message = f"{kind} '{row.where}' in 'where' is not in the table of places."
            yield Finding("unknown-place", where, message, nearest_hint(row.where, known))
        if row.kind == "high_water" and row.value > HIGHEST_WATER:
            message = f"'value' is {row.value:g}."
            yield Finding("out-of-bounds", where, message, f"A level of high water is between 0 and {HIGHEST_WATER:g}.")


def ages_are_numbers(case: Case) -> Iterator[Finding]:
    """Of attributes that rules compare, the values are numbers."""
    for where, row in case.rows("demographics"):
        if row.attribute not in NUMBERED_ATTRIBUTES:
            continue
        try:
            parse_decimal(row.value)
        except ValueError:
            message = f"'{row.value}' in 'value' is not a number, as every {row.attribute} is."
            yield Finding("bad-number", where, message, "Write it in digits.")


def demographics_can_be_drawn(case: Case) -> Iterator[Finding]:
    """Among the values of an attribute, everywhere and in each place, some weigh more than nothing."""
    totals: dict[tuple[str, str | None], float] = defaultdict(float)
    first: dict[tuple[str, str | None], str] = {}
    for where, row in case.rows("demographics"):
        totals[row.attribute, row.place] += row.weight
        first.setdefault((row.attribute, row.place), where)
    for (attribute, place), total in totals.items():
        if total <= 0 and case.knows("demographics"):
            named = f"of '{attribute}'" + (f" in '{place}'" if place else "")
            message = f"the weights {named} add up to 0, so no value can be drawn."
            yield Finding("bad-distribution", first[attribute, place], message, "Give one of them a weight above 0.")


def registrations_are_counts(case: Case) -> Iterator[Finding]:
    """A registration is a number of people, of one place or of all camps together."""
    for where, row in case.rows("reports"):
        if row.kind != REGISTERED:
            continue
        if row.value is None:
            message = "'value' is empty, but the row is about people registered."
            yield Finding("missing-value", where, message, "Give the number of people registered on the day.")
        if row.unit != "people":
            message = f"people registered are given in '{row.unit}'."
            yield Finding("unknown-unit", where, message, "Write 'people' in 'unit'.")
        if row.place is not None and row.series is not None:
            message = f"'place' and 'series' are both given ('{row.place}', '{row.series}')."
            yield Finding(
                "duplicate-id", where, message, "Leave 'series' empty, or 'place' if it is not in places.csv."
            )


def corrections_have_counts(case: Case) -> Iterator[Finding]:
    """A correction stands on a day with a count, and after a count that it can be joined to."""
    if not case.knows("reports", "scenario"):
        return
    series = counts_by_place(case)
    start = case.scenario.settings.start
    for where, row in case.rows("corrections"):
        if row.date < start:
            continue  # said elsewhere: it changes nothing
        days = [day for day, _ in series.get(row.place, ())]
        at = bisect_right(days, row.date) - 1
        first = days.index(row.date) if row.date in days else -1
        if at < 0 or days[at] != row.date:
            near = days[min(range(len(days)), key=lambda i: abs((days[i] - row.date).days))] if days else None
            message = f"there is no count of '{row.place}' on {row.date.isoformat()}."
            cure = f"The nearest one is of {near.isoformat()}." if near else "Add the count to the table of reports."
            yield Finding("correction-without-count", where, message, cure)
        elif first == 0 or series[row.place][first - 1][1] < 1:
            message = f"no count of people in '{row.place}' stands before {row.date.isoformat()}, to be scaled by it."
            yield Finding("correction-without-count", where, message, "Remove the correction.")


def counts_by_place(case: Case) -> dict[str, list[tuple[dt.date, float]]]:
    """Return days and values of the registrations of each place, in order of days."""
    series: dict[str, list[tuple[dt.date, str, float]]] = defaultdict(list)
    for _, row in case.rows("reports"):
        if row.kind == REGISTERED and row.place is not None and row.value is not None:
            series[row.place].append((row.event_date, row.id, row.value))
    return {place: [(day, value) for day, _, value in sorted(rows)] for place, rows in series.items()}
